"""What the worker clears away by night, and what it leaves."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from annotations.actions.assignments import take_article
from annotations.actions.tokens import forget_ended_tokens, make_token, revoke_token
from annotations.jobs.housekeeping import (
    clear_deliveries,
    clear_ended_sessions,
    clear_ended_tokens,
    clear_finished_jobs,
    note_lapsed_assignments,
)
from annotations.models import Article, Assignment, Event, Token, User
from tests.jobs.running import run_job


def session(life: int) -> str:
    store = SessionStore()
    store["x"] = 1
    store.set_expiry(life)
    store.save()
    return store.session_key or ""


def aged(token: Token, **moments: timedelta) -> Token:
    now = timezone.now()
    Token.objects.filter(pk=token.pk).update(**{name: now - ago for name, ago in moments.items()})
    return token


def test_the_worker_knows_its_jobs_and_when_they_are_due() -> None:
    due = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert due == {
        "clear_answers": "47 3 * * *",
        "clear_counters": "52 * * * *",
        "clear_deliveries": "42 3 * * *",
        "clear_ended_sessions": "17 3 * * *",
        "clear_ended_tokens": "27 3 * * *",
        "note_lapsed_assignments": "32 3 * * *",
        "clear_finished_jobs": "37 3 * * *",
        "deliver_webhooks": "* * * * *",
        "publish_log_heads": "7 * * * *",
        "rescue_stalled_jobs": "* * * * *",
    }


def test_what_was_lent_and_has_run_out_is_noted(article: Article, finch: User) -> None:
    lease = take_article(article.pk, actor=finch)
    assert note_lapsed_assignments(timestamp=0) == 0
    now = timezone.now()
    ended = now - timedelta(minutes=1)
    Assignment.objects.update(lent_at=now - timedelta(hours=1), until=ended)
    assert note_lapsed_assignments(timestamp=0) == 1
    lease.refresh_from_db()
    assert (lease.how, lease.ended_at) == ("lapsed", ended)


@pytest.mark.django_db
def test_expired_sessions_go_and_living_ones_stay() -> None:
    ended, living = session(-60), session(60)
    clear_ended_sessions(timestamp=0)
    assert list(Session.objects.values_list("session_key", flat=True)) == [living]
    assert ended != living


def test_tokens_that_ended_long_ago_go_and_the_log_says_so(finch: User) -> None:
    expired = aged(make_token(finch, "expired", actor=finch)[0], expires_at=timedelta(days=91))
    revoked = aged(make_token(finch, "revoked", actor=finch)[0], revoked_at=timedelta(days=91))
    lately = aged(make_token(finch, "lately", actor=finch)[0], expires_at=timedelta(days=89))
    just = make_token(finch, "just", actor=finch)[0]
    revoke_token(just.pk, actor=finch)
    living = make_token(finch, "living", actor=finch)[0]

    assert clear_ended_tokens(timestamp=0) == 2

    assert set(Token.objects.values_list("pk", flat=True)) == {lately.pk, just.pk, living.pk}
    told = Event.objects.filter(verb="forget_token")
    assert {event.object_id for event in told} == {expired.pk, revoked.pk}
    assert {event.actor for event in told} == {None}
    assert forget_ended_tokens() == 0


@pytest.mark.usefixtures("queue")
def test_jobs_done_a_week_ago_go_and_failed_ones_stay() -> None:
    jobs = {
        (status, days): given_job(status, days)
        for status in ("succeeded", "failed")
        for days in (6, 8)
    }
    run_job(clear_finished_jobs)
    left = set(ProcrastinateJob.objects.values_list("pk", flat=True))
    assert left == {jobs[kept] for kept in (("succeeded", 6), ("failed", 6), ("failed", 8))}


@pytest.mark.django_db
def test_where_no_webhook_was_told_anything_nothing_is_cleared_away() -> None:
    assert clear_deliveries(timestamp=0) == 0


def given_job(status: str, days: int) -> int:
    """A job that came to its end so many days ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) "
            "VALUES ('default', 'clear_ended_sessions', %s) RETURNING id",
            [status],
        )
        number: int = cursor.fetchone()[0]
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [number])
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, %s, %s)",
            [number, status, timezone.now() - timedelta(days=days)],
        )
    return number
