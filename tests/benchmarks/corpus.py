"""A made-up corpus of any size, the same for the same seed, brought in by COPY.

Articles of about 3,000 characters with emoji, accents and CJK, 20 claims each, two reviewers'
verdicts a claim with one piece of evidence each; of ten claims two are published, one is set aside.
"""

import datetime
import hashlib
import json
import random
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from annotations.actions.projects import create_project, set_role
from annotations.models import Project, Rating, User
from annotations.models.ids import uuid7
from annotations.rules.anchors import anchor_at
from annotations.rules.canonical import canonical_text

WORDS = """
council budget minister ceasefire percent hospital élection naïve Zürich façade naïveté million
border report vaccine harvest température río Łódź überall school treaty energy price inflation
emission 🇺🇦 👩‍👩‍👧‍👦 🚒 吉野家は 値上げ 停戦協議 한국은행 अनुच्छेद الأسعار water river mayor
""".split()  # noqa: SIM905 (a text is easier to read than a list of strings)
CLAIMS = 20
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def sentence(dice: random.Random) -> str:
    words = " ".join(dice.choices(WORDS, k=dice.randint(8, 16)))
    return f"{words[0].upper()}{words[1:]} {dice.randint(1, 99)}%."


def article_text(dice: random.Random, number: int) -> str:
    """A headline and about twelve paragraphs of three sentences."""
    paragraphs = (" ".join(sentence(dice) for _ in range(3)) for _ in range(11))
    return f"Report {number} on the budget\n\n" + "\n\n".join(paragraphs)


class Corpus:
    """Rows for each table, made article by article, so that memory stays flat."""

    def __init__(self, project: Project, people: list[User], seed: int) -> None:
        self.project, self.people = project, people
        self.dice = random.Random(seed)  # noqa: S311 (a seed is wanted, not a secret)
        self.ratings = list(Rating.objects.in_use(project).values_list("pk", flat=True))
        self.published: list[tuple[uuid.UUID, uuid.UUID, uuid.UUID]] = []

    def article(self, number: int) -> dict[str, list[tuple[Any, ...]]]:
        """The rows of one article, by table."""
        dice, owner = self.dice, self.people[0].pk
        canonical = canonical_text(article_text(dice, number))
        article, revision = uuid7(), uuid7()
        blocks = [[block.kind, block.start, block.end] for block in canonical.blocks]
        rows: dict[str, list[tuple[Any, ...]]] = {
            "article": [
                (article, self.project.pk, f"bench-{self.project.slug}-{number}",
                 f"Report {number} on the budget", "The Bench", "", "", "en", NOW.date(), False,
                 "", owner, NOW)
            ],
            "revision": [
                (revision, self.project.pk, article, 1, canonical.text, json.dumps(blocks),
                 canonical.sha256, canonical.text, "text/plain", owner, NOW)
            ],
            "claim": [], "appearance": [], "source": [], "verdict": [], "evidence": [],
        }  # fmt: skip
        for n in range(CLAIMS):
            self.claim(rows, canonical.text, article, revision, n, number)
        return rows

    def claim(
        self,
        rows: dict[str, list[tuple[Any, ...]]],
        text: str,
        article: uuid.UUID,
        revision: uuid.UUID,
        n: int,
        number: int,
    ) -> None:
        dice, project, owner = self.dice, self.project.pk, self.people[0].pk
        start = dice.randrange(40, len(text) - 120)
        end = start + dice.randint(20, 100)
        while text[start].isspace():
            start += 1
        at = anchor_at(text, start, end)
        quote = at.quote
        claim, appearance, source = uuid7(), uuid7(), uuid7()
        rows["claim"].append(
            (claim, project, " ".join(quote.split()), "factual", None, None, "", "{}", "marked",
             "", owner, NOW, 1, True)
        )  # fmt: skip
        rows["appearance"].append(
            (appearance, project, claim, article, revision, at.start, at.end, quote, at.prefix,
             at.suffix, owner, NOW, "")
        )  # fmt: skip
        rows["source"].append(
            (source, project, f"https://example.org/{self.project.slug}/{number}/{n}",
             "statistics", "A source", "The Source", "", NOW.date(), False, "", "", None, owner,
             NOW)
        )  # fmt: skip
        agreed = dice.choice(self.ratings)
        for person in self.people[1:3]:
            verdict, evidence = uuid7(), uuid7()
            rating = agreed if dice.random() < 0.8 else dice.choice(self.ratings)
            rows["verdict"].append(
                (verdict, project, claim, person.pk, 1, rating, sentence(dice), "high", NOW,
                 None, None)
            )  # fmt: skip
            rows["evidence"].append(
                (evidence, project, verdict, source, 0, "supports", sentence(dice), "", "", "", "",
                 "statistics", "A source", "The Source", "", NOW.date(), False)
            )  # fmt: skip
        if n % 10 < 2:
            self.published.append((claim, agreed, rows["evidence"][-1][0]))


COLUMNS = {
    "article": "id project_id slug title publisher author address language date date_is_inferred "
    "note imported_by_id imported_at",
    "revision": "id project_id article_id number text blocks sha256 raw raw_media_type "
    "imported_by_id imported_at",
    "claim": "id project_id statement kind claimant_id said_on first_address topics state "
    "set_aside_reason marked_by_id marked_at worth queued",
    "appearance": "id project_id claim_id article_id revision_id start end quote prefix suffix "
    "marked_by_id marked_at carried",
    "source": "id project_id address type title publisher author date date_is_inferred reliability "
    "reliability_note reliability_at added_by_id added_at",
    "verdict": "id project_id claim_id reviewer_id version rating_id rationale confidence "
    "saved_at submitted_at superseded_at",
    "evidence": "id project_id verdict_id source_id position stance quote locator note question "
    "answer type title publisher author date date_is_inferred",
    "ruling": "id project_id claim_id number kind rating_id rating_name rating_definition "
    "rating_look summary reason note correction made_by_id made_at superseded_at",
    "rulingevidence": "project_id ruling_id evidence_id position",
}


def copy_in(table: str, rows: list[tuple[Any, ...]]) -> None:
    """COPY rows into a table of the app."""
    names = ", ".join(f'"{name}"' for name in COLUMNS[table].split())
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY annotations_{table} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def batches(total: int, size: int) -> Iterator[range]:
    for first in range(0, total, size):
        yield range(first, min(first + size, total))


def make_corpus(articles: int, *, seed: int = 1, slug: str = "bench") -> Project:
    """A project with that many articles, in the states that verdicts and rulings make."""
    people = [_person(f"{slug}-{name}") for name in ("owner", "one", "two", "moderator")]
    project = create_project(actor=people[0], slug=slug, name="Bench", blind=False)
    for person, role in zip(people[1:], ("reviewer", "reviewer", "moderator"), strict=True):
        set_role(project.pk, person.pk, role, actor=people[0])
    corpus = Corpus(project, people, seed)
    for numbers in batches(articles, 250):
        made = [corpus.article(number) for number in numbers]
        with transaction.atomic():
            for table in ("article", "revision", "claim", "appearance", "source", "verdict",
                          "evidence"):  # fmt: skip
                copy_in(table, [row for rows in made for row in rows[table]])
        _settle(corpus, project, people[3], [row[0] for rows in made for row in rows["claim"]])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return project


def _person(name: str) -> User:
    person, _ = User.objects.get_or_create(username=name, defaults={"pseudonym": name})
    return person


def _settle(corpus: Corpus, project: Project, moderator: User, claims: list[uuid.UUID]) -> None:
    """Submit the verdicts on these claims, move them after those, publish two of ten.

    A few thousand at once: what the database checks at the end of a transaction it keeps in mind
    until then, and for a million claims that took more than twenty minutes.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE annotations_verdict SET submitted_at = %s WHERE claim_id = ANY(%s)",
            [NOW, claims],
        )
        cursor.execute(
            "UPDATE annotations_claim c SET state = CASE WHEN v.kinds = 1 THEN 'agreed' "
            "ELSE 'disputed' END FROM (SELECT claim_id, count(DISTINCT rating_id) AS kinds "
            "FROM annotations_verdict WHERE claim_id = ANY(%s) GROUP BY claim_id) v "
            "WHERE c.id = v.claim_id",
            [claims],
        )
        said = {
            one.pk: (one.name, one.definition, one.look) for one in Rating.objects.in_use(project)
        }
        rulings = [
            (uuid7(), project.pk, claim, 1, "publication", rating, *said[rating],
             "What the sources show.", "The sources decide.", "", "", moderator.pk, NOW, None)
            for claim, rating, _ in corpus.published
        ]  # fmt: skip
        copy_in("ruling", rulings)
        copy_in(
            "rulingevidence",
            [
                (project.pk, ruling[0], evidence, 0)
                for ruling, (_, _, evidence) in zip(rulings, corpus.published, strict=True)
            ],
        )
        cursor.execute(
            "UPDATE annotations_claim SET state = 'published' WHERE id = ANY(%s)",
            [[claim for claim, _, _ in corpus.published]],
        )
    corpus.published.clear()


def late_cursor(project: Project) -> str:
    """The cursor of the page that begins at nine tenths of the claims."""
    from annotations.api.pages import cursor_of

    ids = project.claims.order_by("-pk").values_list("pk", flat=True)
    return cursor_of(ids[ids.count() * 9 // 10])


def digest(project: Project) -> str:
    """A fingerprint of the corpus' texts: the same seed gives the same."""
    made = hashlib.sha256()
    for text in project.articles.order_by("slug").values_list("revisions__text", flat=True):
        made.update(text.encode())
    return made.hexdigest()
