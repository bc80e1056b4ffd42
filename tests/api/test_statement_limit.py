"""What takes the database too long is stopped and said to have been (attack A45)."""

import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client

from annotations.models import Claim, Project, User, records
from annotations.models.streams import at_the_readers_pace
from tests.api.conftest import Calling

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60


@pytest.fixture
def limit() -> Iterator[None]:
    """As the web server's connections begin, only sooner."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '200ms'")
        yield
        cursor.execute("RESET statement_timeout")


@contextmanager
def held_by_another(claim: Claim) -> Iterator[None]:
    """Another connection has the claim's row, and goes on having it."""
    there, over = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Claim.objects.select_for_update().get(pk=claim.pk)
                there.set()
                over.wait(PATIENCE)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert there.wait(PATIENCE)
        yield
    finally:
        over.set()
        holder.join()


def test_a_change_that_waits_for_another_is_503_and_can_be_sent_again(
    calling: Calling, finch: User, claim: Claim, limit: None
) -> None:
    caller, change = calling(finch), {"kind": "numerical"}
    with held_by_another(claim):
        stopped = caller.patch(f"claims/{claim.pk}/", change)
    assert (stopped.status, stopped.headers["Retry-After"]) == (503, "2")
    assert stopped.body["detail"].startswith("This took the database too long, and was stopped.")
    assert Claim.objects.get(pk=claim.pk).kind != "numerical"
    assert caller.patch(f"claims/{claim.pk}/", change).status == 200


def test_a_page_says_so_too(
    finch: User, claim: Claim, limit: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object, **__: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr("annotations.web.desk.render", slow)
    client = Client(raise_request_exception=False)
    client.force_login(finch)
    page = client.get("/desk/")
    assert (page.status_code, page["Retry-After"]) == (503, "2")
    assert "This took the database too long, and was stopped." in page.content.decode()


def test_an_export_is_not_stopped_while_it_is_read(
    project: Project, finch: User, limit: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = "COPY (SELECT 'slow' FROM pg_sleep(0.5)) TO STDOUT"
    monkeypatch.setattr(records, "STREAM", slow)
    monkeypatch.setattr(records, "parameters", lambda *_, **__: {})
    assert b"".join(records.records_of(project.pk, finch)) == b"slow\n"
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("200ms",)


def test_an_export_that_nobody_reads_to_its_end_leaves_the_limit_as_it_was(limit: None) -> None:
    stream = reading()
    assert next(stream) == ("1h",)
    stream.close()
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("200ms",)


def reading() -> Generator[tuple[str]]:
    with at_the_readers_pace() as cursor:
        cursor.execute("SHOW statement_timeout")
        yield cursor.fetchone()
