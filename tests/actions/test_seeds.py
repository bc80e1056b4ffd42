"""The seeds: every state is there, every quote is the text, and loading again changes nothing."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from annotations.models import (
    Addressee,
    Appearance,
    Article,
    Assignment,
    Claim,
    Comment,
    Event,
    Evidence,
    GoldItem,
    Membership,
    Project,
    PublisherCorrection,
    Ruling,
    Skip,
    Source,
    User,
    Verdict,
)
from annotations.models.gold import figures_of
from annotations.rules.permissions import Role
from annotations.rules.states import State

FOLDER = settings.SEEDS / "peace-deal-must-exclude-ukraine-from-nato"
WORKED: dict[str, Any] = json.loads((FOLDER / "factcheck.json").read_text("utf-8"))


def rows() -> dict[str, list[tuple[str, str]]]:
    """Every row of our tables with the transaction that last wrote it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE tablename LIKE 'annotations\\_%' ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
        kept = {}
        for table in tables:
            cursor.execute(f"SELECT t::text, t.xmin::text FROM {table} t ORDER BY 1")  # noqa: S608
            kept[table] = cursor.fetchall()
    return kept


@pytest.fixture
def demo(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMO = True
    monkeypatch.setenv("DEMO_PASSWORD", "a-password-of-the-demo")


@pytest.mark.usefixtures("demo", "db")
def test_loading_twice_writes_nothing_the_second_time() -> None:
    call_command("load_seeds", verbosity=0)
    before = rows()
    call_command("load_seeds", verbosity=0)
    assert rows() == before
    assert len(before["annotations_claim"]) == 16


@pytest.mark.usefixtures("demo", "db")
def test_a_second_load_keeps_what_people_have_done_since(article: Article, finch: User) -> None:
    from tests.actions.given import marked

    call_command("load_seeds", verbosity=0)
    marked(article, finch)
    before = rows()
    call_command("load_seeds", verbosity=0)
    assert rows() == before


@pytest.mark.django_db
def test_the_seeds_load_in_the_demo_alone(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="exist nowhere else"):
        call_command("load_seeds")
    assert not User.objects.exists()


@pytest.mark.usefixtures("demo", "db")
def test_the_demos_people_have_their_password_pseudonym_and_role() -> None:
    call_command("load_seeds", verbosity=0)
    people = {
        member.user.username: (member.user.pseudonym, member.role, member.user.is_staff)
        for member in Membership.objects.select_related("user")
    }
    assert people == {
        "reviewer": ("Heron", Role.REVIEWER, False),
        "reviewer2": ("Larch", Role.REVIEWER, False),
        "moderator": ("Wren", Role.MODERATOR, True),
        "owner": ("Alder", Role.OWNER, True),
    }
    for user in User.objects.all():
        assert user.check_password("a-password-of-the-demo")
        assert not user.is_superuser


@pytest.mark.usefixtures("demo", "db")
def test_another_password_replaces_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("load_seeds", verbosity=0)
    monkeypatch.setenv("DEMO_PASSWORD", "another-password")
    call_command("load_seeds", verbosity=0)
    assert User.objects.get(username="owner").check_password("another-password")
    monkeypatch.delenv("DEMO_PASSWORD")
    call_command("load_seeds", verbosity=0)
    assert User.objects.get(username="owner").check_password("another-password")


@pytest.mark.usefixtures("db")
def test_accounts_without_a_password_cannot_be_signed_in_to() -> None:
    from annotations.actions.seeds import make_people

    assert not any(person.has_usable_password() for person in make_people("").values())


def test_there_is_a_claim_in_every_state_and_two_are_published(seeded: Project) -> None:
    states = Counter(Claim.objects.filter(project=seeded).values_list("state", flat=True))
    assert set(states) == set(State)
    assert states["published"] == 2
    assert sum(states.values()) == len(WORKED["claims"]) == 16


def test_every_worked_claim_stands_on_its_words(seeded: Project) -> None:
    text = Article.objects.get(project=seeded).revisions.get().text
    quotes = Counter(Appearance.objects.filter(project=seeded).values_list("quote", flat=True))
    assert quotes == Counter(claim["quote"] for claim in WORKED["claims"])
    for place in Appearance.objects.filter(project=seeded):
        assert text[place.start : place.end] == place.quote


def test_every_worked_verdict_is_there_word_for_word(seeded: Project) -> None:
    for claim in WORKED["claims"]:
        verdicts = Verdict.objects.filter(claim__appearances__quote=claim["quote"]).order_by("id")
        if not claim["rating"]:
            assert not verdicts.exists()
            continue
        worked = verdicts[0]
        assert worked.rating is not None
        assert (worked.rating.slug, worked.rationale) == (claim["rating"], claim["rationale"])
        cited = worked.evidence.order_by("position").values_list("quote", "publisher", "stance")
        given = [(one["quote"], one["publisher"], one["stance"]) for one in claim["evidence"]]
        assert list(cited) == given


def test_what_was_made_up_says_so(seeded: Project) -> None:
    worked = {claim["rationale"] for claim in WORKED["claims"]}
    others = Verdict.objects.exclude(rationale__in=worked)
    assert others.count() >= 5
    for text in [
        *others.values_list("rationale", flat=True),
        *Ruling.objects.exclude(reason="").values_list("reason", flat=True),
        *Ruling.objects.exclude(note="").values_list("note", flat=True),
        *Comment.objects.values_list("text", flat=True),
        *PublisherCorrection.objects.values_list("asked", flat=True),
        *Skip.objects.values_list("note", flat=True),
    ]:
        assert text.startswith("For demonstration")


def test_the_work_around_the_claims_can_be_seen(seeded: Project) -> None:
    lent = Assignment.objects.live().filter(project=seeded)
    assert {one.reviewer.pseudonym for one in lent} == {"Heron", "Larch"}
    assert {one.assigned_by.pseudonym for one in lent if one.assigned_by} == {"Wren"}
    assert Skip.objects.get(asks_all=True).reviewer.pseudonym == "Larch"
    waiting = Addressee.objects.waiting().get()
    assert waiting.person.pseudonym == "Heron"
    assert Comment.objects.exclude(parent=None).count() == 2
    assert PublisherCorrection.objects.get().claim.state == State.CORRECTED


def test_the_gold_item_says_what_the_worked_check_found(seeded: Project) -> None:
    item = GoldItem.objects.get()
    worked = next(one for one in WORKED["claims"] if one["statement"] == item.claim.statement)
    assert (item.rating.slug, item.explanation) == (worked["rating"], worked["rationale"])
    assert [(one.reviewer, one.judged, one.share) for one in figures_of(seeded)] == [
        ("Larch", 1, 100)
    ]


def test_the_reviewers_partly_differ(seeded: Project) -> None:
    both = {
        claim.pk: set(claim.verdicts.current().values_list("rating__slug", flat=True))
        for claim in Claim.objects.filter(project=seeded)
        if claim.verdicts.current().count() == 2
    }
    assert {len(ratings) for ratings in both.values()} == {1, 2}


def test_the_furniture_stays_in_the_text_and_is_known(seeded: Project) -> None:
    revision = Article.objects.get(project=seeded).revisions.get()
    assert revision.text == (FOLDER / "article.txt").read_text("utf-8")
    furniture = [revision.text[b.start : b.end] for b in revision.cut() if b.kind == "furniture"]
    assert furniture == WORKED["article"]["furniture"]
    headlines = [revision.text[b.start : b.end] for b in revision.cut() if b.kind == "headline"]
    assert headlines == [WORKED["article"]["title"]]


def test_a_date_that_was_inferred_is_marked_as_one(seeded: Project) -> None:
    article = Article.objects.get(project=seeded)
    assert str(article.date) == "2025-03-17"
    assert article.date_is_inferred
    inferred = sum(
        e.get("date_is_inferred", False) for c in WORKED["claims"] for e in c["evidence"]
    )
    assert Evidence.objects.filter(date_is_inferred=True).count() >= inferred


def test_every_page_that_was_cited_is_one_source(seeded: Project) -> None:
    cited = {one["url"] for claim in WORKED["claims"] for one in claim["evidence"]}
    assert Source.objects.filter(project=seeded).count() <= len(cited)


def test_the_load_is_in_the_log_in_the_names_of_its_people(seeded: Project) -> None:
    marks = Event.objects.filter(project=seeded, verb="mark")
    assert marks.count() == 16
    rulers = set(
        Event.objects.filter(verb__in=["publish", "correct", "withdraw", "set_aside"])
        .values_list("actor__pseudonym", flat=True)
    )  # fmt: skip
    assert rulers == {"Wren"}


def test_nothing_of_a_seed_is_outside_its_folder() -> None:
    kept = {path.name for path in Path(FOLDER).iterdir()}
    assert kept == {
        "README.md", "article.txt", "article.json", "factcheck.json", "demonstration.json",
    }  # fmt: skip
