"""The pages that say no: in the same hand as the others, whatever went wrong."""

from typing import Any

import pytest
from django.test import Client

from annotations.models import Article
from annotations.web import public

pytestmark = pytest.mark.django_db


def is_ours(answer: Any) -> bool:
    return b'class="mast"' in answer.content and b"Checked articles" in answer.content


def test_a_page_that_is_not_there_says_where_to_start(client: Client) -> None:
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert is_ours(answer)
    assert b"<h1" in answer.content


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1:8000.evil.example", "evil.example:80", "a b", "[::1", ""]
)
def test_a31_another_host_is_refused_in_peace(client: Client, host: str) -> None:
    answer = client.get("/how-we-judge/", headers={"Host": host})
    if host:
        assert answer.status_code == 400
        assert is_ours(answer)
        assert b"evil.example" not in answer.content


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL"])
def test_a31_no_header_names_another_host(client: Client, name: str) -> None:
    answer = client.get("/login/?next=/desk/", headers={name: "evil.example"})
    assert answer.status_code == 200
    assert b"evil.example" not in answer.content


def test_a_failure_is_a_page_that_does_not_ask_who_is_signed_in(
    client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(public, "cursor_page", fail)
    client.raise_request_exception = False
    answer = client.get("/", headers={"Cookie": "sessionid=made-up"})
    assert answer.status_code == 500
    assert is_ours(answer)
    assert b"Sign in" not in answer.content


def test_a_form_that_is_not_ours_is_refused_with_a_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/login/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert is_ours(answer)
