"""One shape for every refusal, whoever makes it."""

from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404

from annotations.api import projects
from annotations.api.problems import answer, told
from annotations.models import Article, Claim, User
from tests.api.conftest import Answer, Caller, Calling

KEYS = {"type", "title", "status", "detail", "instance", "errors"}


def is_a_problem(found: Answer, status: int) -> None:
    assert found.status == status, found.raw
    assert found.headers["Content-Type"] == "application/problem+json"
    assert set(found.body) == KEYS
    assert found.body["status"] == status


def test_every_refusal_has_the_one_shape(calling: Calling, finch: User, claim: Claim) -> None:
    caller = calling(finch)
    for status, found in (
        (400, caller.get("claims/?nonsense=1")),
        (404, caller.get("claims/0195a5f0-0000-7000-8000-000000000000/")),
        (404, caller.get("claims/12/")),
        (404, caller.get("nowhere/")),
        (404, caller.post("nowhere/", {})),
        (404, caller.get("projects/…/")),
        (405, caller.put("claims/", {})),
        (405, caller.delete("projects/")),
        (406, caller.get("claims/", Accept="text/csv")),
        (415, caller.post("claims/", {}, kind="application/xml")),
        (401, calling(None).post("claims/", {})),
    ):
        is_a_problem(found, status)


def test_a_refusal_names_the_address_it_was_made_at(anyone: Caller) -> None:
    found = anyone.get("nowhere/")
    assert found.body["instance"] == "/api/v1/nowhere/"
    assert found.body["type"].startswith("/api/v1/docs/#")


def test_a_method_that_an_address_does_not_have_is_told_which_it_has(
    calling: Calling, finch: User
) -> None:
    found = calling(finch).put("claims/", {})
    assert "GET" in found.headers["Allow"]
    options = calling(finch).send("OPTIONS", "claims/")
    assert (options.status, options.raw) == (204, b"")
    assert "POST" in options.headers["Allow"]


def test_an_address_without_its_slash_is_sent_on(
    calling: Calling, finch: User, claim: Claim
) -> None:
    found = calling(finch).get("claims?state=marked")
    assert found.status == 301
    assert found.headers["Location"] == "/api/v1/claims/?state=marked"
    assert "slash" in calling(finch).post("claims", {}).body["detail"]
    assert calling(finch).get("nowhere").status == 404


@pytest.mark.parametrize("host", ["evil.example", "two words", "[::"])
def test_another_host_is_refused_in_the_one_shape(anyone: Caller, host: str) -> None:
    for found in (anyone.get("claims/", Host=host), anyone.post("claims/", {}, Host=host)):
        is_a_problem(found, 400)
        assert found.body["detail"].startswith("This site does not go by the name")
        assert host.encode() not in found.raw


def test_what_a_browser_accepts_is_answered(anyone: Caller) -> None:
    accepted = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert anyone.get("claims/", Accept=accepted).status == 200


class Diagnosis:
    def __init__(self, name: str):
        self.constraint_name = name


class Cause(Exception):
    def __init__(self, name: str):
        self.diag = Diagnosis(name)


def broken_promise(name: str) -> IntegrityError:
    error = IntegrityError("violates")
    error.__cause__ = Cause(name)
    return error


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        (broken_promise("claim_stands_once_in_a_place"), 409),
        (broken_promise("quote_is_the_text_it_covers"), 422),
        (broken_promise("ruling_needs_a_second_person"), 403),
        (broken_promise("some_new_promise"), 409),
        (IntegrityError("nameless"), 409),
        (DataError("out of range"), 400),
        (OperationalError("statement timeout"), 503),
        (Http404(), 404),
    ],
)
def test_what_the_database_says_no_to_is_told_in_a_sentence(raised: Any, status: int) -> None:
    found, detail, _ = told(raised)
    assert found == status
    assert detail.endswith(".")
    assert "violates" not in detail


def test_a_promise_without_a_sentence_of_its_own_is_told_by_its_name() -> None:
    assert "blocks stand in order" in told(broken_promise("blocks_stand_in_order"))[1]


def test_a_busy_database_says_when_to_come_back() -> None:
    made = answer(OperationalError("timeout"), {"request": None})
    assert made.headers["Retry-After"] == "2"


def test_a_fault_of_ours_tells_nothing_of_our_insides(
    calling: Calling, finch: User, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **more: Any) -> None:
        raise RuntimeError("secret plans")

    monkeypatch.setattr(projects, "page", fail)
    found = calling(finch).get("projects/")
    is_a_problem(found, 500)
    assert b"secret" not in found.raw
