"""Readers' pages may be shared by caches; a page made for somebody never is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from annotations.models import Article, Claim, User

pytestmark = pytest.mark.django_db

Publish = Callable[..., Claim]


@pytest.fixture
def addresses(article: Article, publish: Publish) -> list[str]:
    claim = publish(article, "spent 12% more")
    return ["/", "/articles/council-spends-more/", f"/claims/{claim.pk}/", "/how-we-judge/"]


def test_a_readers_page_may_be_kept_for_a_minute(client: Client, addresses: list[str]) -> None:
    for address in addresses:
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert "Cookie" in answer.headers["Vary"]
        assert answer.headers["ETag"].startswith('"')


def test_a_reader_gets_no_cookie(client: Client, addresses: list[str]) -> None:
    for address in [*addresses, "/nothing/", "/articles/none/"]:
        assert not client.get(address).cookies


def test_an_unchanged_page_is_not_sent_again(client: Client, addresses: list[str]) -> None:
    for address in addresses:
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["Cache-Control"] == "public, max-age=60"
        assert "Cookie" in again.headers["Vary"]


def test_head_answers_as_get_does(client: Client, addresses: list[str]) -> None:
    for address in addresses:
        got, headed = client.get(address), client.head(address)
        assert headed.status_code == 200
        assert headed.content == b""
        assert headed.headers["ETag"] == got.headers["ETag"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "sessionid=made-up"},
        {"Cookie": "csrftoken=made-up"},
        {"Cookie": "anything=1"},
        {"Authorization": "Bearer made-up"},
    ],
)
def test_a30_what_comes_with_a_cookie_or_a_token_is_kept_by_nobody(
    client: Client, addresses: list[str], headers: dict[str, str]
) -> None:
    for address in addresses:
        answer = client.get(address, headers=headers)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Cookie" in answer.headers["Vary"]
        assert "ETag" not in answer.headers


def test_a30_a_page_with_a_name_on_it_is_kept_by_nobody(
    client: Client, addresses: list[str], finch: User
) -> None:
    client.force_login(finch)
    for address in addresses:
        answer = client.get(address)
        assert b"Finch" in answer.content
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_what_is_not_there_is_not_kept(client: Client, article: Article) -> None:
    answer = client.get("/articles/council-spends-more/")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_only_reading_is_answered(client: Client, addresses: list[str]) -> None:
    for address in addresses:
        assert client.post(address).status_code == 405


def test_a_readers_page_needs_no_session_in_the_database(
    client: Client, addresses: list[str], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        client.get("/how-we-judge/")
