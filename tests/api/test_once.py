"""A28: a request that is sent twice under one Idempotency-Key is done once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from annotations.actions.answers import forget_answers
from annotations.models import Answer, Article, Claim, Event, User
from tests.api.conftest import Answer as Told
from tests.api.conftest import Caller, Calling

KEY = "0b7c1f0e-7d0e-4f7c-9a3c-6a1f2f3a4b5c"


@pytest.fixture
def span(article: Article) -> dict[str, object]:
    return {"article": article.slug, "start": 42, "end": 63}


@pytest.fixture
def reviewer(calling: Calling, finch: User) -> Caller:
    return calling(finch)


def test_what_was_done_is_answered_again_and_not_done_again(
    reviewer: Caller, span: dict[str, object]
) -> None:
    first = reviewer.post("claims/", span, Idempotency_Key=KEY)
    again = reviewer.post("claims/", span, Idempotency_Key=KEY)
    assert (first.status, again.status) == (201, 201)
    assert first.raw == again.raw
    assert first.headers["ETag"] == again.headers["ETag"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Claim.objects.count() == Event.objects.filter(verb="mark").count() == 1


def test_without_a_key_it_is_done_twice(reviewer: Caller, span: dict[str, object]) -> None:
    assert [reviewer.post("claims/", span).status for _ in range(2)] == [201, 201]
    assert Claim.objects.count() == 2


def test_a_key_is_for_one_request(reviewer: Caller, span: dict[str, object]) -> None:
    reviewer.post("claims/", span, Idempotency_Key=KEY)
    other = reviewer.post("claims/", span | {"kind": "opinion"}, Idempotency_Key=KEY)
    assert other.status == 422
    assert "another request" in other.field("Idempotency-Key")
    assert Claim.objects.count() == 1


def test_a_number_of_any_size_is_refused_at_its_field(
    reviewer: Caller, span: dict[str, object]
) -> None:
    refused = reviewer.post("claims/", span | {"start": 2**70}, Idempotency_Key=KEY)
    assert refused.status == 400
    assert "too large" in refused.field("start")


def test_a_key_is_of_one_person(
    calling: Calling, reviewer: Caller, maple: User, span: dict[str, object]
) -> None:
    mine = reviewer.post("claims/", span, Idempotency_Key=KEY)
    theirs = calling(maple).post("claims/", span, Idempotency_Key=KEY)
    assert mine.body["id"] != theirs.body["id"]


def test_what_was_refused_can_be_mended_under_the_same_key(
    reviewer: Caller, span: dict[str, object]
) -> None:
    refused = reviewer.post("claims/", span | {"quote": "Another."}, Idempotency_Key=KEY)
    assert refused.status == 422
    assert not Answer.objects.exists()
    assert reviewer.post("claims/", span, Idempotency_Key=KEY).status == 201


@pytest.mark.parametrize("key", ["a b", "é", "x" * 256, "\x7f"])
def test_what_is_no_key_is_refused(reviewer: Caller, span: dict[str, object], key: str) -> None:
    answer = reviewer.post("claims/", span, Idempotency_Key=key)
    assert answer.status == 400
    assert "visible ASCII" in answer.field("Idempotency-Key")
    assert not Claim.objects.exists()


def test_an_answer_is_kept_for_a_day(reviewer: Caller, span: dict[str, object]) -> None:
    reviewer.post("claims/", span, Idempotency_Key=KEY)
    assert forget_answers() == 0
    Answer.objects.update(made_at=timezone.now() - timedelta(hours=25))
    assert forget_answers() == 1


@pytest.mark.django_db(transaction=True)
def test_of_fifty_that_come_at_once_one_is_done_and_all_get_its_answer(
    reviewer: Caller, span: dict[str, object]
) -> None:
    def send(_: int) -> Told:
        try:
            return Caller(reviewer.secret).post("claims/", span, Idempotency_Key=KEY)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(50)))
    assert {one.status for one in answers} == {201}
    assert len({one.raw for one in answers}) == 1
    assert sum("Idempotency-Replayed" not in one.headers for one in answers) == 1
    assert Claim.objects.count() == Event.objects.filter(verb="mark").count() == 1
