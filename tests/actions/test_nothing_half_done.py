"""An action that fails at any statement leaves nothing: no row, no event (R3 in its quick form).

Each action is run once to count its statements, and then once for each of them, killed there.
And connections are really cut, at random moments; the long form of that is
tests/drills/half_done.py.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from annotations.actions.articles import edit_article, import_article
from annotations.actions.claims import edit_claim, mark_claim, restore, set_aside, unmark_claim
from annotations.actions.projects import create_project, edit_project, set_role
from annotations.actions.rulings import withdraw_ruling
from annotations.actions.tokens import make_token
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.actions.webhooks import edit_webhook, remove_webhook, rotate_secret, send_test
from annotations.models import Article, Claim, Claimant, Event, Project, User
from tests.actions.given import claim_in, corrected, judgement, published
from tests.drills.half_done import Act, acts_of, drill
from tests.hooks import hooked

TABLES = [
    "project", "membership", "ratingscale", "rating", "article", "revision", "claimant", "claim",
    "appearance", "source", "verdict", "evidence", "ruling", "rulingevidence", "event", "token",
    "webhook", "delivery",
]  # fmt: skip


class Killed(Exception):
    """The connection, as if it had gone."""


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    rows = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT t::text FROM annotations_{table} t ORDER BY 1")  # noqa: S608
            rows[table] = cursor.fetchall()
    return rows


def run(do: Callable[[], object], *, kill_at: int | None = None) -> int:
    """Run and undo; returns the number of writing statements, killed before one of them."""
    count = 0

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        if sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE", "WITH")):
            if count == kill_at:
                raise Killed
            count += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        do()
    return count


@pytest.fixture
def acts(
    project: Project, article: Article, finch: User, maple: User, robin: User, birch: User
) -> dict[str, Callable[[], object]]:
    """Every action, ready to be done once."""

    hook = hooked(project, birch, "https://desk.example/")[0].pk

    def at(state: str) -> Any:
        return claim_in(state, article, first=finch, second=maple, moderator=robin).pk

    marked_, review, agreed, disputed, public = (
        at(state) for state in ("marked", "in_review", "agreed", "disputed", "published")
    )
    aside = at("set_aside")
    new = judgement("false", "https://example.org/new", "https://example.org/newer")
    return {
        "mark": lambda: mark_claim(article.pk, 0, 11, actor=finch, claimant="A new one"),
        "edit": lambda: edit_claim(marked_, actor=finch, claimant="Another new one"),
        "unmark": lambda: unmark_claim(marked_, actor=finch),
        "draft": lambda: save_draft(review, new, actor=maple),
        "submit": lambda: submit_verdict(review, new, actor=maple),
        "revise": lambda: submit_verdict(agreed, new, actor=maple),
        "set aside": lambda: set_aside(review, "opinion", actor=robin),
        "restore": lambda: restore(aside, actor=robin),
        "publish": lambda: published(Claim.objects.get(pk=disputed), robin),
        "correct": lambda: corrected(Claim.objects.get(pk=public), robin),
        "withdraw": lambda: withdraw_ruling(public, actor=robin, note="No."),
        "import": lambda: import_article(project.pk, actor=robin, text="A headline\n\nText."),
        "describe": lambda: edit_article(article.pk, actor=robin, publisher="The Post"),
        "create": lambda: create_project(actor=robin, slug="new", name="New"),
        "settle": lambda: edit_project(project.pk, actor=birch, verdicts_required=3),
        "promote": lambda: set_role(project.pk, finch.pk, "owner", actor=birch),
        "token": lambda: make_token(finch, "script", actor=finch),
        "hook": lambda: hooked(project, birch, "https://desk.example/another"),
        "rotate": lambda: rotate_secret(project.pk, hook, actor=birch),
        "switch off": lambda: edit_webhook(project.pk, hook, {"is_on": False}, actor=birch),
        "test": lambda: send_test(project.pk, hook, actor=birch),
        "unhook": lambda: remove_webhook(project.pk, hook, actor=birch),
    }


NAMES = [
    "mark", "edit", "unmark", "draft", "submit", "revise", "set aside", "restore", "publish",
    "correct", "withdraw", "import", "describe", "create", "settle", "promote", "token",
    "hook", "rotate", "switch off", "test", "unhook",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_an_action_killed_at_any_of_its_writes_leaves_everything_as_it_was(
    name: str, acts: dict[str, Callable[[], object]]
) -> None:
    assert sorted(acts) == sorted(NAMES)
    before = everything()
    undo = transaction.savepoint()
    writes = run(acts[name])
    after = everything()
    transaction.savepoint_rollback(undo)
    assert after != before
    assert (len(after["event"]) > len(before["event"])) == (name != "draft")
    for n in range(writes):
        with pytest.raises(Killed), transaction.atomic():
            run(acts[name], kill_at=n)
        assert everything() == before


def test_every_event_says_who_and_belongs_to_its_project(
    acts: dict[str, Callable[[], object]], project: Project
) -> None:
    for name in ("mark", "edit", "submit", "set aside", "restore", "publish", "describe"):
        last = Event.objects.order_by("-id").values_list("pk", flat=True)[0]
        acts[name]()
        made = Event.objects.filter(pk__gt=last)
        assert [event.project for event in made] == [project]
        assert all(event.actor_id for event in made)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_cut_at_any_moment_leaves_all_or_nothing(
    article: Article, finch: User, maple: User, robin: User, birch: User
) -> None:
    hooked(article.project, birch, "https://desk.example/")
    said: list[str] = []
    assert drill(18, acts_of(article, finch, maple, robin), said.append) == []
    assert "mark: +1 appearance, +1 claim marked, +1 claimant, +1 event, +1 link" in said
    told = [one for one in said if one.startswith(("publish:", "correct:"))]
    assert all("+1 delivery" in one and "+1 job" in one for one in told)


MEASURED = 2  # the number of the run by which the drill times its cuts


@pytest.mark.django_db(transaction=True)
def test_the_drill_sees_what_is_half_done(project: Project) -> None:
    def without_a_transaction(n: int) -> Act:
        def act() -> None:
            Claimant.objects.create(project=project, name=f"Speaker {n}")
            if n == MEASURED:  # so that the cuts come long after the first row, on any machine
                time.sleep(2)
            if n > MEASURED:
                connection.connection.close()
            Claimant.objects.create(project=project, name=f"Listener {n}")

        return act

    found = drill(2, {"two at once": without_a_transaction}, lambda _: None)
    assert any("it left {'claimant': 1} of {'claimant': 2}" in one for one in found)
