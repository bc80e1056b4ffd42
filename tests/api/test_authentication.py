"""Who is calling: tokens, sessions, and nobody."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from annotations.actions.tokens import make_token, revoke_token
from annotations.models import Claim, Token, User
from tests.api.conftest import Caller, Calling


def test_a_token_says_who_is_calling(calling: Calling, finch: User, claim: Claim) -> None:
    assert calling(finch).get("verdicts/").status == 200


def test_nobody_is_asked_to_sign_in(anyone: Caller, claim: Claim) -> None:
    answer = anyone.get("verdicts/")
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert anyone.post("claims/", {}).status == 401


@pytest.mark.parametrize("secret", ["fct_wrong", "x" * 5000, "Ünï", "a b", ""])
def test_an_unknown_token_is_refused_even_where_nobody_would_be_let_in(
    calling: Calling, secret: str, db: None
) -> None:
    answer = Caller().get("claims/", Authorization=f"Bearer {secret}")
    assert answer.status == 401
    assert "token" in answer.body["detail"]


def test_an_expired_token_is_refused(finch: User) -> None:
    _, secret = make_token(finch, "old", actor=finch, life=timedelta(days=1))
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert Caller(secret).get("claims/").status == 401


def test_a_revoked_token_is_refused_at_once(finch: User) -> None:
    token, secret = make_token(finch, "lost", actor=finch)
    assert Caller(secret).get("verdicts/").status == 200
    revoke_token(token.pk, actor=finch)
    assert Caller(secret).get("verdicts/").status == 401


def test_a_token_ends_with_its_persons_account(finch: User) -> None:
    _, secret = make_token(finch, "gone", actor=finch)
    User.objects.filter(pk=finch.pk).update(is_active=False)
    assert Caller(secret).get("verdicts/").status == 401


def test_the_last_use_of_a_token_is_kept_to_the_minute(finch: User) -> None:
    token, secret = make_token(finch, "used", actor=finch)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        Caller(secret).get("verdicts/")
        first = Token.objects.get(pk=token.pk).last_used_at
        clock.shift(30)
        Caller(secret).get("verdicts/")
        assert Token.objects.get(pk=token.pk).last_used_at == first
        clock.shift(31)
        Caller(secret).get("verdicts/")
        later = Token.objects.get(pk=token.pk).last_used_at
    assert first is not None
    assert later == first + timedelta(seconds=61)


@pytest.fixture
def browser(finch: User) -> Client:
    """finch's browser, which sends its cookie by itself."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(finch)
    return client


def test_a_session_reads(browser: Client) -> None:
    assert browser.get("/api/v1/verdicts/").status_code == 200


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data"])
def test_a_cookie_alone_changes_nothing(browser: Client, claim: Claim, kind: str) -> None:
    """A35."""
    address = f"/api/v1/claims/{claim.pk}/"
    for method in ("PATCH", "DELETE", "POST", "PUT"):
        answer = browser.generic(method, address, b'{"statement": "Mine"}', content_type=kind)
        assert answer.status_code == 403, method
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "X-CSRFToken" in answer.json()["detail"]
    answer = browser.generic("POST", "/api/v1/claims/", b'{"article": "x"}', content_type=kind)
    assert answer.status_code == 403
    claim.refresh_from_db()
    assert claim.statement != "Mine"


def test_a_cookie_with_the_csrf_token_of_the_page_does(browser: Client, claim: Claim) -> None:
    browser.cookies["csrftoken"] = token = "a" * 32
    answer = browser.generic(
        "PATCH",
        f"/api/v1/claims/{claim.pk}/",
        b'{"statement": "Mine"}',
        content_type="application/json",
        headers={"X-CSRFToken": token, "If-Match": "*"},
    )
    assert answer.status_code == 200


def test_json_sent_as_text_is_not_read(calling: Calling, finch: User, claim: Claim) -> None:
    """A35: only a content type for which a browser asks first is taken."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        answer = calling(finch).post("claims/", {"article": "x"}, kind=kind)
        assert answer.status == 415, kind
        assert "application/json" in answer.body["detail"]


def test_nothing_sends_a_program_to_the_login_page(anyone: Caller, claim: Claim) -> None:
    for path in ("claims/", "verdicts/", "nowhere/", f"claims/{claim.pk}/"):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            assert anyone.send(method, path).status not in (301, 302), (method, path)


def test_an_answer_is_never_kept_for_others(calling: Calling, finch: User) -> None:
    """A30."""
    headers = calling(finch).get("claims/").headers
    assert "private" in headers["Cache-Control"]
    assert {"Authorization", "Cookie"} <= {one.strip() for one in headers["Vary"].split(",")}
