"""What is measured, each beside its limit in one run: only the ratio means anything.

A measure returns milliseconds for ours and for the limit, medians over a few rounds taken by
turns, and the goal from performance work: how many times the limit ours may take.
"""

import dataclasses
import json
import random
import statistics
import time
from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.db import connection, transaction
from django.test import Client, override_settings

from annotations.actions.articles import import_article
from annotations.actions.revisions import revise_article
from annotations.actions.tokens import make_token
from annotations.models import Appearance, Article, Claim, Link, Project, Rating, Source, User
from annotations.models.records import ONE, parameters
from annotations.rules.anchors import anchor_at
from annotations.rules.chain import Verifier
from tests.benchmarks.corpus import late_cursor, sentence
from tests.benchmarks.figures import INF, Figure
from tests.drills.tampering import bare, fill


def by_turns(ours: Callable[[], Any], limit: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """Medians in milliseconds of two calls, taken in turn so that the machine treats both alike."""
    ours(), limit()
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for call, times in zip((ours, limit), taken, strict=True):
            start = time.perf_counter()
            call()
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken[0]), statistics.median(taken[1])


class Bench:
    """The corpus under measurement, seen by its owner, with a client for ours and for the floor."""

    def __init__(self, project: Project, rounds: int, characters: int = 1_000_000) -> None:
        self.project, self.rounds, self.characters = project, rounds, characters
        self.owner = User.objects.get(username=f"{project.slug}-owner")
        _, secret = make_token(self.owner, "bench", actor=self.owner)
        self.client = Client(headers={"authorization": f"Bearer {secret}"})
        self.floor = Client()
        self.articles = list(
            Article.objects.filter(project=project).order_by("id").values("pk", "slug")[:200]
        )

    def at(self, address: str) -> Any:
        answer = self.client.get(address)
        assert answer.status_code == 200, answer.content[:300]
        return answer

    def post(self, client: Client, address: str, body: Any) -> Any:
        answer = client.post(address, json.dumps(body), content_type="application/json")
        assert answer.status_code == 201, answer.content[:300]
        return answer.json()

    def on_floor(self, call: Callable[[], Any]) -> Callable[[], Any]:
        """The same request against the smallest site over these tables."""

        def run() -> Any:
            with override_settings(ROOT_URLCONF="tests.benchmarks.floor", MIDDLEWARE=[]):
                return call()

        return run

    def turn(self, rows: list[Any]) -> Iterator[Any]:
        while True:
            yield from rows

    # ---------- the measures ----------

    def open_article(self) -> list[Figure]:
        """One article with its claims, verdicts, evidence and rulings."""
        ours, limit, floor = (self.turn(self.articles) for _ in range(3))

        def sql() -> None:
            with connection.cursor() as cursor:
                asked = parameters(self.owner, drafts=True) | {"slug": next(limit)["slug"]}
                cursor.execute(ONE, asked)
                cursor.fetchone()

        def api() -> Any:
            return self.at(f"/api/v1/articles/{next(ours)['slug']}/record/")

        bare = self.on_floor(lambda: self.floor.get(f"/articles/{next(floor)['pk']}/"))
        mine, alone = by_turns(api, sql, self.rounds)
        again, framework = by_turns(api, bare, self.rounds)
        return [
            Figure("open an article", "the bare framework", again, framework, 3.0),
            Figure("open an article", "its one SQL statement", mine, alone, INF),
        ]

    def mark(self) -> list[Figure]:
        """A new claim on words of an article, with its checks and its event."""
        places = list(
            Appearance.objects.filter(project=self.project).values(
                "article_id", "article__slug", "revision_id", "start", "end", "quote", "prefix",
                "suffix",
            )[:500]
        )  # fmt: skip
        ours, floor = self.turn(places), self.turn(places)

        def api() -> None:
            one = next(ours)
            body = {"article": one["article__slug"], "start": one["start"], "end": one["end"],
                    "quote": one["quote"], "statement": "A statement."}  # fmt: skip
            self.post(self.client, "/api/v1/claims/", body)

        def bare() -> None:
            one = next(floor)
            body = {"project": str(self.project.pk), "article": str(one["article_id"]),
                    "revision": str(one["revision_id"]), "start": one["start"],
                    "end": one["end"], "quote": one["quote"], "prefix": one["prefix"],
                    "suffix": one["suffix"], "marked_by": self.owner.pk,
                    "statement": "A statement."}  # fmt: skip
            self.post(self.floor, "/marks/", body)

        mine, limit = by_turns(api, self.on_floor(bare), self.rounds)
        return [Figure("mark a claim", "bare DRF create with commit", mine, limit, 1.5)]

    def verdict(self) -> list[Figure]:
        """A submitted verdict with one piece of evidence."""
        claims = list(
            Claim.objects.filter(project=self.project, verdicts=None).values_list("pk", flat=True)[
                : self.rounds * 3 + 6
            ]
        )
        rating = Rating.objects.in_use(self.project)[0]
        source = Source.objects.filter(project=self.project)[0]
        mine_next, floor_next = iter(claims[::2]), iter(claims[1::2])
        words = "What the source shows, in a sentence or two that a reader can follow."

        def api() -> None:
            body = {"claim": str(next(mine_next)), "rating": rating.slug, "rationale": words,
                    "submit": True, "evidence": [{"stance": "supports", "address": source.address,
                                                  "quote": "As it stands there."}]}  # fmt: skip
            self.post(self.client, "/api/v1/verdicts/", body)

        def bare() -> None:
            body = {"claim": str(next(floor_next)), "reviewer": self.owner.pk, "version": 1,
                    "rating": str(rating.pk), "rationale": words,
                    "evidence": [{"stance": "supports", "source": str(source.pk),
                                  "quote": "As it stands there."}]}  # fmt: skip
            self.post(self.floor, "/verdicts/", body)

        mine, limit = by_turns(api, self.on_floor(bare), self.rounds)
        return [Figure("give a verdict", "bare DRF create with commit", mine, limit, 2.0)]

    def page(self) -> list[Figure]:
        """The first page of the claims, and the page at nine tenths of them."""
        base = f"/api/v1/claims/?project={self.project.slug}&page_size=50"
        deep = f"{base}&cursor={late_cursor(self.project)}"
        first, late = by_turns(lambda: self.at(base), lambda: self.at(deep), self.rounds)
        note = f"{self.project.claims.count():,} claims"
        return [Figure("page at 90 %", "the first page", late, first, 1.25, note)]

    def agreement(self) -> list[Figure]:
        """The whole study of the project, with its intervals."""
        start = time.perf_counter()
        told = self.at(f"/api/v1/projects/{self.project.slug}/agreement/").json()
        took = (time.perf_counter() - start) * 1000
        note = f"{told['claims']:,} claims, {told['verdicts']:,} verdicts"
        return [Figure("agreement", "the 2 s of its goal", took, 2000.0, 1.0, note)]

    def revise(self) -> list[Figure]:
        """A new text, one word longer, with a mark for every 200 characters: with its commit."""
        dice = random.Random(1)  # noqa: S311 (a seed is wanted, not a secret)
        letters, paragraphs = 0, list[str]()
        while letters < self.characters:
            paragraphs.append(" ".join(sentence(dice) for _ in range(4)))
            letters += len(paragraphs[-1]) + 2
        text = "\n\n".join(("A long report", *paragraphs))
        article = import_article(self.project.pk, actor=self.owner, text=text)
        first = article.revisions.get()
        claims, places = [], []
        for at in range(100, len(first.text) - 100, 200):
            anchor = anchor_at(first.text, at, at + 60)
            claim = Claim(project=self.project, statement="It rose.", marked_by=self.owner)
            claims.append(claim)
            places.append(
                Appearance(project=self.project, claim=claim, article=article, revision=first,
                           marked_by=self.owner, **dataclasses.asdict(anchor))
            )  # fmt: skip
        with transaction.atomic():
            Claim.objects.bulk_create(claims)
            Appearance.objects.bulk_create(places)
        paragraphs[len(paragraphs) // 2] += " So it was."
        start = time.perf_counter()
        made = revise_article(
            article.pk, actor=self.owner, text="\n\n".join(("A long report", *paragraphs)),
            based_on=first.pk,
        )  # fmt: skip
        took = (time.perf_counter() - start) * 1000
        kept = Appearance.objects.filter(revision=made, carried="exact").count()
        note = f"{kept:,} of {len(places):,} marks carried, {len(first.text):,} characters"
        return [Figure("bring in a text", "the 2 s of its goal", took, 2000.0, 1.0, note)]

    def verify_log(self) -> list[Figure]:
        """Every link of a log made again, against a COPY of the same rows with a hash of each."""
        fill(500 * self.rounds)

        def ours() -> None:
            verifier = Verifier()
            assert not list(verifier.findings(Link.objects.stream()))
            self.links = verifier.links

        mine, limit = by_turns(ours, bare, max(3, self.rounds // 10))
        million = mine / self.links * 1000
        note = f"{self.links:,} links; a million would take {million:.0f} s"
        return [Figure("verify the log", "COPY and SHA-256 of its rows", mine, limit, 8.0, note)]

    def all(self, names: Collection[str] = ()) -> Iterator[Figure]:
        """The figures of these measures, by their names in `MEASURES`; of all for none."""
        for name, measure in MEASURES.items():
            if not names or name in names:
                yield from measure(self)


MEASURES: dict[str, Callable[[Bench], list[Figure]]] = {
    "open": Bench.open_article,
    "mark": Bench.mark,
    "verdict": Bench.verdict,
    "page": Bench.page,
    "agreement": Bench.agreement,
    "text": Bench.revise,
    "log": Bench.verify_log,
}
