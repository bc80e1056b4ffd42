"""A32: how many requests there may be in a minute, by whom they are counted, and what is said."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.test import Client, override_settings
from django.utils import timezone

from annotations.actions.limits import forget_counters
from annotations.actions.tokens import make_token, revoke_token
from annotations.models import Claim, Counter, User
from factcheck.settings import read_limit
from tests.api.conftest import Answer, Caller, Calling


@pytest.fixture(autouse=True)
def few() -> Iterator[None]:
    with override_settings(RATE_LIMIT_PERSON=5, RATE_LIMIT_ADDRESS=3):
        yield


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def from_address(address: str, **headers: str) -> Caller:
    """Anybody, at this address."""
    return Caller(client=Client(REMOTE_ADDR=address, raise_request_exception=False))


def statuses(caller: Caller, times: int, path: str = "claims/", **headers: str) -> list[int]:
    return [caller.get(path, **headers).status for _ in range(times)]


def test_each_answer_says_what_is_left(
    calling: Calling, finch: User, clock: time_machine.Traveller
) -> None:
    caller = calling(finch)
    told = [caller.get("claims/").headers["RateLimit"]]
    clock.shift(20)
    told.append(caller.get("claims/").headers["RateLimit"])
    assert told == ['"person";r=4;t=60', '"person";r=3;t=40']
    answer = Caller().get("claims/")
    assert answer.headers["RateLimit-Policy"] == '"address";q=3;w=60'
    assert answer.headers["RateLimit"] == '"address";r=2;t=60'


def test_one_more_is_refused_with_the_time_to_wait(clock: time_machine.Traveller, db: None) -> None:
    caller = Caller()
    assert statuses(caller, 3) == [200, 200, 200]
    clock.shift(12.5)
    refused = caller.get("claims/")
    assert refused.status == 429
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Retry-After"] == "48"
    assert refused.headers["RateLimit"] == '"address";r=0;t=48'
    assert refused.body["title"] == "Too many requests"
    assert "more than 3 requests in 60 seconds. Wait 48 seconds" in refused.body["detail"]
    clock.shift(47.5)
    assert statuses(caller, 4) == [200, 200, 200, 429]


def test_tokens_and_sessions_of_a_person_are_counted_together(
    calling: Calling, finch: User, maple: User
) -> None:
    browser = Client()
    browser.force_login(finch)
    assert statuses(calling(finch), 2) + statuses(calling(finch), 2) == [200] * 4
    assert browser.get("/api/v1/claims/").status_code == 200
    assert browser.get("/api/v1/claims/").status_code == 429
    assert statuses(calling(finch), 1) == [429]
    assert statuses(calling(maple), 1) == [200]
    assert statuses(Caller(), 1) == [200]


def test_what_is_refused_and_what_is_not_there_counts_too(
    calling: Calling, finch: User, claim: Claim
) -> None:
    caller = calling(finch)
    told = [
        caller.post("claims/", {"article": "none", "start": 0, "end": 3}),
        caller.get("nowhere/"),
        caller.send("OPTIONS", "claims/"),
        caller.get("docs/"),
        caller.get("schema/"),
    ]
    assert [one.headers["RateLimit"][9:12] for one in told] == ["r=4", "r=3", "r=2", "r=1", "r=0"]
    for path in ("nowhere/", "docs/", "schema/", "claims/"):
        assert caller.get(path).status == 429, path
    assert caller.post("claims/", {}).status == 429


@pytest.mark.parametrize("secret", ["fct_wrong", ""])
def test_an_unusable_token_counts_for_the_address_it_comes_from(secret: str, db: None) -> None:
    told = [Caller().get("claims/", Authorization=f"Bearer {secret}{n}") for n in range(4)]
    assert [one.status for one in told] == [401, 401, 401, 429]
    assert statuses(Caller(), 1) == [429]


def test_a_revoked_token_counts_for_no_person(calling: Calling, finch: User) -> None:
    token, secret = make_token(finch, "lost", actor=finch)
    revoke_token(token.pk, actor=finch)
    assert statuses(Caller(secret), 4) == [401, 401, 401, 429]
    assert statuses(calling(finch), 1) == [200]


def test_a_cookie_beside_an_unusable_token_spends_nothing_of_the_person(finch: User) -> None:
    browser = Client(headers={"Authorization": "Bearer fct_wrong"})
    browser.force_login(finch)
    assert browser.get("/api/v1/claims/").headers["RateLimit"] == '"address";r=2;t=60'


FORGED = ("10.0.0.{}", "192.0.2.{}, 10.0.0.1", "not an address {}")


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("trusted", [False, True])
def test_a32_another_forwarded_address_each_time_helps_nobody(
    forged: str, trusted: bool, db: None
) -> None:
    """A trusted proxy adds the address that it saw behind whatever the client has sent."""
    added = ", 203.0.113.7" if trusted else ""
    with override_settings(TRUST_PROXY=trusted):
        told = [
            Caller().get("claims/", X_Forwarded_For=forged.format(n) + added, Forwarded=f"for={n}")
            for n in range(4)
        ]
    assert [one.status for one in told] == [200, 200, 200, 429]


def test_behind_a_trusted_proxy_each_client_is_counted_by_itself(db: None) -> None:
    with override_settings(TRUST_PROXY=True):
        assert statuses(Caller(), 4, X_Forwarded_For="203.0.113.7") == [200, 200, 200, 429]
        assert statuses(Caller(), 1, X_Forwarded_For="203.0.113.8") == [200]
        assert statuses(Caller(), 1) == [200], "what did not come through the proxy"


def test_a_customers_whole_ipv6_network_is_one_address(db: None) -> None:
    told = [from_address(f"2001:db8:0:7:{n}::1").get("claims/").status for n in range(4)]
    assert told == [200, 200, 200, 429]
    assert from_address("2001:db8:0:8::1").get("claims/").status == 200


def test_pages_are_not_counted(client: Client, db: None) -> None:
    assert {client.get("/").status_code for _ in range(5)} == {200}
    assert "RateLimit" not in client.get("/").headers
    assert not Counter.objects.exists()


def test_nobodys_address_is_kept(db: None) -> None:
    from_address("203.0.113.7").get("claims/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT annotations_counter::text FROM annotations_counter")
        assert "203.0.113.7" not in str(cursor.fetchall())


def test_counters_are_forgotten_when_their_minute_is_long_over(db: None) -> None:
    Caller().get("claims/")
    assert forget_counters() == 0
    Counter.objects.update(since=timezone.now() - timedelta(minutes=61))
    assert forget_counters() == 1


def test_a_clock_that_was_set_back_shuts_nobody_out(
    clock: time_machine.Traveller, db: None
) -> None:
    assert statuses(Caller(), 4) == [200, 200, 200, 429]
    clock.shift(-3600)
    assert statuses(Caller(), 1) == [200]


def test_a_busy_database_is_told_as_ever(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    def busy(*_: object) -> None:
        raise OperationalError("the pool is empty")

    monkeypatch.setattr("annotations.api.limits.count", busy)
    answer = Caller().get("claims/")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
    assert "busy" in answer.body["detail"]


def test_counting_is_one_statement_that_waits_for_no_disk(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relpersistence FROM pg_class WHERE oid = 'annotations_counter'::regclass"
        )
        assert cursor.fetchone() == ("u",)


@pytest.mark.django_db(transaction=True)
def test_of_forty_that_come_at_once_just_as_many_are_answered_as_there_may_be(
    calling: Calling, finch: User
) -> None:
    secret = calling(finch).secret

    def send(_: int) -> Answer:
        try:
            return Caller(secret).get("formats/")
        finally:
            connection.close()

    with override_settings(RATE_LIMIT_PERSON=25), ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(40)))
    assert sorted(one.status for one in answers) == [200] * 25 + [429] * 15
    left = sorted(int(one.headers["RateLimit"].split(";")[1][2:]) for one in answers)
    assert left == [0] * 15 + list(range(25))


@pytest.mark.parametrize("said", ["0", "-1", "1.5", "many", "1e9", "٣"])
def test_a_limit_that_is_no_number_is_refused_at_the_start(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMIT_PERSON", said)
    with pytest.raises(ImproperlyConfigured, match="RATE_LIMIT_PERSON is no number of requests"):
        read_limit("RATE_LIMIT_PERSON", 1200)


def test_a_limit_that_is_not_set_is_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_LIMIT_PERSON", "")
    assert read_limit("RATE_LIMIT_PERSON", 1200) == 1200
