"""Access paths: each page's query can be answered from indexes, however large the tables grow.

The planner is told to avoid reading whole tables and sorting. Where it still does, there is no
index for it to use, and the page would slow down with the corpus.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from annotations.models import (
    Appearance,
    Article,
    Claim,
    Event,
    Evidence,
    Project,
    Revision,
    Ruling,
    Source,
    Token,
    User,
    Verdict,
)
from tests.models.past_the_orm import run

LARGE = "claim|appearance|verdict|evidence|source|ruling|rulingevidence|event|revision|article"
# No key leads to these by their project.
ALONE = {"appearance", "rulingevidence", "event"}
ANYBODY = AnonymousUser()


def plan(rows: Any, *, sorting: bool = True) -> str:
    """The plan of a query with whole-table reads, and sorts unless allowed, made prohibitive."""
    run("SET LOCAL enable_seqscan = off")
    run("SET LOCAL enable_bitmapscan = off")
    if not sorting:
        run("SET LOCAL enable_sort = off")
        run("SET LOCAL enable_incremental_sort = off")
    text: str = rows.explain()
    return text


def whole_tables(text: str) -> list[str]:
    return re.findall(rf"Seq Scan on annotations_({LARGE})\b", text)


class Look:
    def __init__(self, project: Project, small: Project, reviewer: User, moderator: User) -> None:
        self.small = small  # one among many: its rows are few in the whole table
        self.project, self.reviewer, self.moderator = project, reviewer, moderator
        self.revision = Revision.objects.get(article__project=project)
        self.claim = Claim.objects.filter(project=project).order_by("id")[3]


READS: dict[str, Callable[[Look], Any]] = {
    "an article's marks": lambda at: Appearance.objects.on_revision(at.revision.pk, at.reviewer),
    "an article's marks that wait": lambda at: Appearance.objects.waiting_in(
        at.revision.article_id, at.reviewer),
    "an article's marks for readers": lambda at: Appearance.objects.public_on(
        at.revision.pk, ANYBODY),
    "an article": lambda at: Article.objects.of(at.reviewer).with_text().filter(
        pk=at.revision.article_id),
    "an article by its slug": lambda at: Article.objects.readable_by(ANYBODY).filter(slug="x"),
    "the articles of readers": lambda at: Article.objects.public(ANYBODY).order_by("-id")[:51],
    "a claim's verdicts": lambda at: Verdict.objects.visible_to(at.reviewer).filter(
        claim=at.claim),
    "a verdict's evidence": lambda at: Evidence.objects.filter(verdict__claim=at.claim),
    "a claim's rulings": lambda at: Ruling.objects.filter(claim=at.claim).order_by("-number"),
    "a claim's history": lambda at: Event.objects.of_claim(at.claim.pk),
    "an object's history": lambda at: Event.objects.about("claim", at.claim.pk),
    "claims in a state": lambda at: Claim.objects.filter(
        project=at.project, state="disputed").order_by("-id")[:51],
    "a source by its address": lambda at: Source.objects.filter(
        project=at.project, address="https://example.org/"),
    "a token": lambda at: Token.objects.usable(timezone.now()).filter(digest="0" * 64),
}  # fmt: skip

PAGES: dict[str, tuple[str, Callable[[Look], Any]]] = {
    "the claims of a project": (
        "claims_of_a_project|claim_is_of_one_project",
        lambda at: Claim.objects.filter(project=at.small, id__lt=at.claim.pk).order_by("-id"),
    ),
    "the claims of a claimant": (
        "claims_of_a_claimant",
        lambda at: Claim.objects.filter(
            claimant=at.claim.claimant_id, id__lt=at.claim.pk).order_by("-id"),
    ),
    "the rulings by date": (
        "rulings_by_date",
        lambda at: Ruling.objects.order_by("-made_at", "-id"),
    ),
    "the verdicts of a reviewer": (
        "verdicts_of_a_reviewer",
        lambda at: Verdict.objects.filter(reviewer=at.moderator).order_by("-id"),
    ),
    "the log of a project": (
        "events_of_a_project",
        lambda at: Event.objects.filter(project=at.small).order_by("-id"),
    ),
    "the articles of a project": (
        "articles_of_a_project|article_is_of_one_project",
        lambda at: Article.objects.filter(project=at.small).order_by("-id"),
    ),
    "the sources of a project": (
        "sources_of_a_project|source_is_of_one_project",
        lambda at: Source.objects.filter(project=at.small).order_by("-id"),
    ),
}  # fmt: skip


@pytest.fixture
def look(seeded: Project, other_project: Project) -> Look:
    """The demo's project with many articles, as its reviewer and its moderator look at it."""
    people = {user.username: user for user in User.objects.all()}
    Article.objects.bulk_create(
        Article(project=seeded, slug=f"a-{n}", title=f"A {n}", imported_by=people["moderator"])
        for n in range(1_000)
    )
    run("ANALYZE")
    return Look(seeded, other_project, people["reviewer"], people["moderator"])


@pytest.mark.parametrize("name", READS)
def test_a_read_goes_by_an_index(name: str, look: Look) -> None:
    text = plan(READS[name](look))
    assert whole_tables(text) == [], text


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_a_list_is_read_in_order_from_its_index(name: str, look: Look) -> None:
    index, rows = PAGES[name]
    text = plan(rows(look)[:51], sorting=False)
    assert re.search(rf"using ({index})\b", text), text
    assert "Sort" not in text, text


def test_the_few_claims_in_a_state_are_found_among_many(look: Look) -> None:
    Claim.objects.bulk_create(
        Claim(project=look.project, statement="x", marked_by=look.reviewer) for _ in range(1_000)
    )
    run("ANALYZE annotations_claim")
    disputed = Claim.objects.filter(project=look.project, state="disputed").order_by("-id")[:51]
    text = plan(disputed, sorting=False)
    assert "using claims_by_state" in text, text
    assert "Sort" not in text, text


def test_the_marks_of_an_article_are_one_query(
    look: Look, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for person in (look.reviewer, look.moderator, ANYBODY):
        with django_assert_num_queries(1):
            marks = list(Appearance.objects.on_revision(look.revision.pk, person))
            assert len(marks) == 16
            for mark in marks:
                assert mark.claim.statement
                assert mark.claim.claimant is None or mark.claim.claimant.name
                assert mark.shown_rating is None or isinstance(mark.shown_rating, str)


@pytest.mark.django_db
def test_no_key_of_a_project_can_be_looked_up_by_the_project_alone() -> None:
    """On a table that was never analysed the planner would: each check then reads a project."""
    found = run(
        "SELECT tablename, indexdef FROM pg_indexes WHERE tablename ~ '^annotations_' "
        "AND indexdef ~ '\\(project_id\\)$' AND tablename = ANY(%s)",
        [f"annotations_{one}" for one in LARGE.split("|") if one not in ALONE],
    )
    assert found == []
