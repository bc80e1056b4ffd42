"""What webhooks may be told, where they may be, how often they are tried."""

from datetime import UTC, datetime, timedelta

import pytest

from annotations.rules.refusals import Malformed
from annotations.rules.sight import SIGHT, Looker, Thing
from annotations.rules.webhooks import (
    LABELS,
    TOLD_AS,
    Kind,
    Tried,
    Wish,
    asked_to_wait,
    checked,
    error_of,
    excerpt,
    wait_after,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
WISH = Wish("https://desk.example/hook", "The site", ["ruling.corrected", "ruling.published"])


def answered(status: int, retry_after: str = "") -> Tried:
    return Tried(NOW, timedelta(), status, retry_after=retry_after)


def test_the_schedule_is_that_of_standard_webhooks() -> None:
    waits = [wait_after(tried, 0) for tried in range(1, 12)]
    assert waits == [
        *(timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)),
        *(timedelta(hours=one) for one in (2, 5, 10, 14, 20, 24)),
        None,
        None,
    ]
    spread = wait_after(3, 1)
    assert spread is not None
    assert timedelta(minutes=30) < spread <= timedelta(minutes=33)


@pytest.mark.parametrize(
    ("status", "said", "waits"),
    [
        (503, "120", timedelta(minutes=2)),
        (429, "120", timedelta(minutes=2)),
        (500, "120", timedelta()),
        (503, "", timedelta()),
        (503, "999999999999999999999", timedelta(days=1)),
        (503, "Mon, 02 Mar 2026 13:00:00 GMT", timedelta(hours=1)),
        (503, "Mon, 02 Mar 2026 11:00:00 GMT", timedelta()),
        (503, "Mon, 02 Mar 2027 11:00:00 -0000", timedelta(days=1)),
        (503, "-5", timedelta()),
        (503, "١٢", timedelta()),
        (503, "soon", timedelta()),
    ],
)
def test_a_receiver_that_asks_for_time_gets_it_up_to_a_day(
    status: int, said: str, waits: timedelta
) -> None:
    assert asked_to_wait(answered(status, said)) == waits


def test_only_2xx_is_a_success() -> None:
    for status in (200, 201, 204, 299):
        assert answered(status).succeeded
        assert not error_of(status)
    for status in (199, 300, 302, 400, 404, 410, 429, 500, 503):
        assert not answered(status).succeeded
        assert str(status) in error_of(status)
    assert "change the address" in error_of(307)


def test_a_wish_is_kept_in_its_one_spelling() -> None:
    assert checked(WISH, loopback=False) == Wish(
        "https://desk.example/hook", "The site", ["ruling.published", "ruling.corrected"], True
    )


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish("http://desk.example/hook", "", ["hold.placed"]), "address"),
        (Wish("https://127.0.0.1/hook", "", ["hold.placed"]), "address"),
        (Wish("https://localhost/hook", "", ["hold.placed"]), "address"),
        (Wish("https://desk.example:8443/", "", ["hold.placed"]), "address"),
        (Wish("https://me:secret@desk.example/", "", ["hold.placed"]), "address"),
        (Wish("", "", ["hold.placed"]), "address"),
        (Wish("https://desk.example/", "a\nb", ["hold.placed"]), "description"),
        (Wish("https://desk.example/", "a" * 201, ["hold.placed"]), "description"),
        (Wish("https://desk.example/", "", []), "kinds"),
        (Wish("https://desk.example/", "", ["verdict.submitted"]), "kinds"),
        (Wish("https://desk.example/", "", ["test"]), "kinds"),
    ],
)
def test_what_is_wrong_with_a_wish_is_said_at_its_field(wish: Wish, field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        checked(wish, loopback=False)
    assert set(refusal.value.problems) == {field}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("http://127.0.0.1:9000/hook", "http://127.0.0.1:9000/hook"),
        ("http://localhost:9000", "http://127.0.0.1:9000/"),
        ("http://[::1]:9000/a?b=c", "http://[::1]:9000/a?b=c"),
        ("https://desk.example", "https://desk.example/"),
    ],
)
def test_the_demo_may_tell_this_machine(typed: str, kept: str) -> None:
    assert checked(Wish(typed, "", ["hold.placed"]), loopback=True).address == kept


@pytest.mark.parametrize(
    "typed",
    [
        "http://127.0.0.2:9000/", "http://10.0.0.1/", "http://me@127.0.0.1:9000/",
        "http://localhost:99999/", "ftp://127.0.0.1/", "http://127.0.0.1:9000/\\x",
        "http://[::1/", "http://desk.example:9000/", "http://desk.example/",
    ],
)  # fmt: skip
def test_and_no_other(typed: str) -> None:
    with pytest.raises(Malformed):
        checked(Wish(typed, "", ["hold.placed"]), loopback=True)


def test_nothing_is_told_that_readers_do_not_see() -> None:
    """What leaves is about rulings, holds, requests to publishers and articles."""
    assert set(TOLD_AS.values()) == set(Kind) == set(LABELS)
    for thing in (Thing.VERDICTS, Thing.DRAFTS, Thing.COMMENTS, Thing.LOG, Thing.GOLD):
        assert not SIGHT[thing][Looker.READER]
    words = " ".join(Kind)
    for hidden in ("verdict", "draft", "comment", "claim", "evidence", "gold"):
        assert hidden not in words


def test_of_an_answer_the_beginning_is_kept_as_text() -> None:
    assert excerpt(b"\xff\x00ok") == "\ufffd\ufffdok"
    assert len(excerpt("é".encode() * 5_000)) == 1_000
