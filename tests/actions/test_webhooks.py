"""Webhooks are the owner's: made, changed, rotated, tried, told again and removed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries

from annotations.actions.projects import set_role
from annotations.actions.versions import version_now
from annotations.actions.webhooks import (
    edit_webhook,
    make_webhook,
    remove_webhook,
    replay,
    replay_missed,
    rotate_secret,
    send_test,
    told,
)
from annotations.models import Article, Attempt, Delivery, Event, Project, User, Webhook
from annotations.rules.permissions import SENTENCES, Verb
from annotations.rules.refusals import Conflict, Malformed, NotAllowed, NotFound
from annotations.rules.signing import read
from annotations.rules.versions import Outdated
from annotations.rules.webhooks import MOST_WEBHOOKS, TOLD_AS, Wish
from tests.actions.given import claim_in, marked
from tests.hooks import hooked, states

ADDRESS = "https://desk.example/hook?key=between-us"
WISH = Wish(ADDRESS, "The site", ("ruling.published",))

Act = Callable[[Project, Webhook, User], object]


@pytest.fixture
def webhook(project: Project, birch: User) -> Webhook:
    return hooked(project, birch, ADDRESS, "ruling.published", description="The site")[0]


ACTS: dict[str, Act] = {
    "make": lambda p, w, who: make_webhook(p.pk, WISH, actor=who),
    "change": lambda p, w, who: edit_webhook(p.pk, w.pk, {"is_on": False}, actor=who),
    "rotate": lambda p, w, who: rotate_secret(p.pk, w.pk, actor=who),
    "remove": lambda p, w, who: remove_webhook(p.pk, w.pk, actor=who),
    "test": lambda p, w, who: send_test(p.pk, w.pk, actor=who),
    "replay": lambda p, w, who: replay_missed(p.pk, w.pk, actor=who),
    "replay one": lambda p, w, who: replay(
        p.pk, w.pk, Delivery.objects.create(webhook=w, kind="test", state="failed").pk, actor=who
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["finch", "robin"])
def test_a50_a_member_who_is_no_owner_is_refused(
    act: str, who: str, project: Project, webhook: Webhook, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed, match=SENTENCES[Verb.MANAGE_WEBHOOKS]):
        ACTS[act](project, webhook, request.getfixturevalue(who))


@pytest.mark.parametrize("act", ACTS)
def test_a50_a_stranger_finds_nothing(
    act: str, project: Project, webhook: Webhook, stranger: User
) -> None:
    with pytest.raises(NotFound):
        ACTS[act](project, webhook, stranger)


@pytest.mark.parametrize("act", [one for one in ACTS if one != "make"])
def test_another_projects_webhook_is_not_found(
    act: str, other_project: Project, stranger: User, webhook: Webhook
) -> None:
    with pytest.raises(NotFound, match="no such"):
        ACTS[act](other_project, webhook, stranger)


def test_an_owner_who_left_manages_nothing_and_the_webhook_stays_the_projects(
    project: Project, webhook: Webhook, birch: User, maple: User
) -> None:
    set_role(project.pk, maple.pk, "owner", actor=birch)
    set_role(project.pk, birch.pk, None, actor=maple)
    with pytest.raises(NotFound):
        rotate_secret(project.pk, webhook.pk, actor=birch)
    rotate_secret(project.pk, webhook.pk, actor=maple)


def test_the_secret_is_shown_once_and_kept_sealed(project: Project, birch: User) -> None:
    webhook, secret = make_webhook(project.pk, WISH, actor=birch)
    assert secret.startswith("whsec_")
    assert webhook.keys(timezone.now()) == [read(secret)]
    kept = bytes(Webhook.objects.values_list("secret", flat=True).get())
    assert read(secret) not in kept
    assert secret.encode() not in kept
    log = " ".join(str(row) for row in Event.objects.values_list("before", "after", "private"))
    assert secret not in log


def test_under_another_key_or_for_another_webhook_a_secret_does_not_open(
    project: Project, birch: User, webhook: Webhook
) -> None:
    other = hooked(project, birch, ADDRESS)[0]
    other.secret = webhook.secret
    assert other.keys(timezone.now()) == []
    with override_settings(WEBHOOK_KEY=settings.LOG_KEY):
        assert webhook.keys(timezone.now()) == []


def test_for_a_day_the_old_secret_signs_beside_the_new_one(project: Project, birch: User) -> None:
    webhook, first = make_webhook(project.pk, WISH, actor=birch)
    second = rotate_secret(project.pk, webhook.pk, actor=birch)
    webhook.refresh_from_db()
    now = timezone.now()
    assert webhook.keys(now + timedelta(hours=23)) == [read(second), read(first)]
    assert webhook.keys(now + timedelta(hours=25)) == [read(second)]


def test_a_change_is_kept_and_the_log_tells_of_the_host_alone(
    project: Project, webhook: Webhook, birch: User
) -> None:
    edit_webhook(
        project.pk, webhook.pk,
        {"address": "https://other.example/secret-path", "kinds": ["hold.placed"]}, actor=birch,
    )  # fmt: skip
    webhook.refresh_from_db()
    assert (webhook.address, webhook.description) == (
        "https://other.example/secret-path",
        "The site",
    )
    event = Event.objects.get(verb="edit_webhook")
    assert event.before == {"host": "desk.example", "kinds": ["ruling.published"], "is_on": True}
    assert event.after == {"host": "other.example", "kinds": ["hold.placed"], "is_on": True}
    assert "secret-path" not in str(event.after)


def test_nothing_changed_is_nothing_logged(project: Project, webhook: Webhook, birch: User) -> None:
    edit_webhook(project.pk, webhook.pk, {"address": ADDRESS}, actor=birch)
    assert not Event.objects.filter(verb="edit_webhook").exists()


def test_of_two_changes_on_one_version_the_second_is_refused(
    project: Project, webhook: Webhook, birch: User
) -> None:
    version = version_now(told(webhook))
    edit_webhook(project.pk, webhook.pk, {"description": "A"}, actor=birch, version=version)
    with pytest.raises(Outdated, match="Birch changed this"):
        edit_webhook(project.pk, webhook.pk, {"description": "B"}, actor=birch, version=version)
    with pytest.raises(Outdated):
        remove_webhook(project.pk, webhook.pk, actor=birch, version=version)


def test_what_is_wrong_is_refused_at_its_field(project: Project, birch: User) -> None:
    wish = Wish("https://user@desk.example/", "a\nb", ("verdict.submitted",))
    with pytest.raises(Malformed) as refusal:
        make_webhook(project.pk, wish, actor=birch)
    assert set(refusal.value.problems) == {"address", "description", "kinds"}


def test_this_machine_is_told_in_the_demo_alone(project: Project, birch: User) -> None:
    with override_settings(WEBHOOKS_TO_LOOPBACK=False):
        for address in ("http://127.0.0.1:9000/", "http://desk.example/"):
            with pytest.raises(Malformed):
                hooked(project, birch, address)
    with override_settings(WEBHOOKS_TO_LOOPBACK=True):
        hooked(project, birch, "http://127.0.0.1:9000/")


def test_a_project_has_so_many_and_no_more(project: Project, birch: User) -> None:
    for _ in range(MOST_WEBHOOKS):
        hooked(project, birch, ADDRESS)
    with pytest.raises(Conflict, match="20 webhooks at most"):
        hooked(project, birch, ADDRESS)


# What is written with an event


def test_what_is_told_is_due_in_the_transaction_of_the_event(
    project: Project, webhook: Webhook, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim_in("published", article, first=finch, second=maple, moderator=robin)
    delivery = Delivery.objects.get()
    event = Event.objects.get(verb="publish")
    assert (delivery.event, delivery.webhook, delivery.kind) == (event, webhook, "ruling.published")
    assert (delivery.at, delivery.due_at, delivery.state) == (event.at, event.at, "waiting")
    assert delivery.pk.version == 7
    assert abs((delivery.pk.int >> 80) / 1000 - timezone.now().timestamp()) < 600
    assert ProcrastinateJob.objects.filter(task_name="deliver_webhooks").count() == 1


def test_only_the_kinds_that_were_asked_for_are_told(
    project: Project, webhook: Webhook, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim_in("withdrawn", article, first=finch, second=maple, moderator=robin)
    assert [one.kind for one in Delivery.objects.all()] == ["ruling.published"]


def test_nothing_is_told_to_another_project(
    webhook: Webhook, other_article: Article, stranger: User, finch: User, maple: User,
    other_project: Project, project: Project,
) -> None:  # fmt: skip
    for one in (finch, maple):
        set_role(other_project.pk, one.pk, "reviewer", actor=stranger)
    claim = marked(other_article, finch, "The harbour costs 3 million.")
    assert claim.project_id == other_project.pk
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("verb", TOLD_AS)
def test_the_database_tells_each_verb_as_the_rule_says(
    verb: str, project: Project, birch: User
) -> None:
    hooked(project, birch, ADDRESS)
    Event.objects.create(
        project=project, actor=birch, verb=verb, object_kind="x", object_id=project.pk
    )
    assert Delivery.objects.get().kind == TOLD_AS[verb]


def test_what_is_not_told_is_not_written(
    webhook: Webhook, article: Article, finch: User, maple: User, robin: User
) -> None:
    for state in ("marked", "in_review", "agreed", "disputed", "set_aside"):
        claim_in(state, article, first=finch, second=maple, moderator=robin)
    assert not Delivery.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name="deliver_webhooks").exists()


def test_what_is_told_costs_a_write_no_query(
    project: Project, birch: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hooked(project, birch, ADDRESS)
    event = Event(project=project, actor=birch, verb="publish", object_kind="ruling",
                  object_id=project.pk)  # fmt: skip
    with django_assert_num_queries(1):
        event.save(force_insert=True)
    assert Delivery.objects.count() == 1


def test_for_marks_and_verdicts_nothing_is_even_asked(project: Project) -> None:
    """The condition stands at the trigger: its function is not called."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger "
            "WHERE tgname = 'event_is_told_to_webhooks'"
        )
        assert " WHEN (" in cursor.fetchone()[0]


# Off, on again, and what was missed


def test_what_happens_while_it_is_off_is_missed_and_can_be_delivered_after_all(
    project: Project, webhook: Webhook, birch: User, article: Article, finch: User, maple: User,
    robin: User,
) -> None:  # fmt: skip
    claim_in("published", article, first=finch, second=maple, moderator=robin)
    edit_webhook(project.pk, webhook.pk, {"is_on": False}, actor=birch)
    webhook.refresh_from_db()
    assert webhook.why_off == "An owner of the project switched it off."
    claim_in("published", article, first=finch, second=maple, moderator=robin)
    assert states() == ["missed", "missed"]
    edit_webhook(project.pk, webhook.pk, {"is_on": True}, actor=birch)
    assert states() == ["missed", "missed"]
    assert replay_missed(project.pk, webhook.pk, actor=birch) == 2
    assert states() == ["waiting", "waiting"]
    assert replay_missed(project.pk, webhook.pk, actor=birch) == 0


def test_what_was_missed_since_a_moment_alone(
    project: Project, webhook: Webhook, birch: User
) -> None:
    now = timezone.now()
    for days in (1, 3):
        Delivery.objects.create(
            webhook=webhook, kind="test", state="failed", at=now - timedelta(days=days)
        )
    since = now - timedelta(days=2)
    assert replay_missed(project.pk, webhook.pk, actor=birch, since=since) == 1
    assert set(states()) == {"failed", "waiting"}


def test_a_removed_webhook_leaves_nothing_but_the_log(
    project: Project, webhook: Webhook, birch: User
) -> None:
    test = send_test(project.pk, webhook.pk, actor=birch)
    Attempt.objects.create(delivery=test, at=timezone.now(), took_ms=1, status=500)
    remove_webhook(project.pk, webhook.pk, actor=birch)
    assert not any(model.objects.exists() for model in (Webhook, Delivery, Attempt))
    verbs = Event.objects.filter(object_id=webhook.pk).order_by("id")
    assert [one.verb for one in verbs] == ["make_webhook", "test_webhook", "remove_webhook"]
