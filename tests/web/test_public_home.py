"""The first page: what is published, newest first, and how much of it is what."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from annotations.actions.articles import import_article
from annotations.actions.rulings import withdraw_ruling
from annotations.models import Article, Claim, Project, User

pytestmark = pytest.mark.django_db

Publish = Callable[..., Claim]
SPENT = "spent 12% more in 2024"
NEVER = "never spent this much on schools"


def test_nothing_published_says_what_to_do(client: Client, article: Article) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert b"Nothing is published yet" in answer.content
    assert b'href="/login/"' in answer.content


def test_an_article_stands_with_its_tally(
    client: Client, article: Article, publish: Publish, read: Callable[..., Any]
) -> None:
    publish(article, SPENT)
    publish(article, NEVER, rating="false")
    page = read(client.get("/").content)
    entry = page.one("article")
    assert "The council spends more than ever" in entry.text
    assert "Date not known" in entry.text
    assert "Publisher not known" in entry.text
    assert "2 passages checked" in entry.text
    counts = [" ".join(one.text.split()) for one in page.all("span", class_="count")]
    assert counts == ["True 1", "False 1"]


def test_the_latest_rulings_stand_beside_with_statement_and_claimant(
    client: Client, article: Article, publish: Publish, read: Callable[..., Any]
) -> None:
    publish(article, SPENT, statement="The city spent 12% more.", claimant="Ada Quill")
    page = read(client.get("/").content)
    brief = page.one("li", class_="brief")
    assert "The city spent 12% more." in brief.text
    assert "Ada Quill" in brief.text
    assert "True" in brief.text


def test_a_withdrawn_ruling_is_neither_counted_nor_among_the_latest(
    client: Client, article: Article, publish: Publish, robin: User
) -> None:
    kept = publish(article, SPENT, statement="The one that stays.")
    gone = publish(article, NEVER, statement="The one that goes.")
    withdraw_ruling(gone.pk, actor=robin, note="It was judged on the wrong year.")
    content = client.get("/").content.decode()
    assert str(kept.pk) in content
    assert str(gone.pk) not in content
    assert "The one that goes." not in content
    assert "1 passage checked" in content


def test_older_articles_follow_by_cursor_and_each_stands_once(
    client: Client, project: Project, robin: User, publish: Publish, read: Callable[..., Any]
) -> None:
    for n in range(32):
        text = f"Report {n:02d} of the council\n\nThe council spent {n} million."
        publish(import_article(project.pk, actor=robin, text=text), f"spent {n} million")
    seen: list[str] = []
    address = "/"
    while address:
        page = read(client.get(address).content)
        seen += [one.text.strip()[-30:] for one in page.all("h2") if "Report" in one.text]
        older = page.all("a", rel="next")
        address = f"/{older[0].attributes['href']}" if older else ""
    assert len(seen) == 32
    assert len(set(seen)) == 32
    assert "Report 31" in seen[0]
    assert "Report 00" in seen[-1]


@pytest.mark.parametrize("after", ["x", "1", "%00", "'", "00000000-0000-0000-0000-000000000000"])
def test_a_cursor_that_is_none_is_no_failure(client: Client, after: str, article: Article) -> None:
    assert client.get(f"/?after={after}").status_code == 200


def test_the_first_page_takes_four_queries_at_most(
    client: Client, article: Article, publish: Publish, django_assert_max_num_queries: Any
) -> None:
    for words in (SPENT, NEVER, "Café prices doubled"):
        publish(article, words)
    with django_assert_max_num_queries(4):
        client.get("/")
