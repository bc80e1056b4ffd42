"""Articles, revisions and projects: each role at this door."""

from typing import Any

import pytest

from annotations.models import Article, Project, Ruling, User
from tests.api.conftest import Calling

TEXT = "A headline\n\nA paragraph with a claim in it.\n\nOur letters"


def test_a_moderator_brings_in_an_article(
    calling: Calling, robin: User, finch: User, project: Project
) -> None:
    sent = {"project": "council", "text": TEXT, "publisher": "Times", "date": "2025-01-02",
            "address": "https://example.org/a", "furniture": ["Our letters"]}  # fmt: skip
    assert calling(finch).post("articles/", sent).status == 403
    made = calling(robin).post("articles/", sent)
    assert made.status == 201, made.raw
    assert made.body["revision"]["text"] == TEXT
    assert made.body["revision"]["blocks"][-1] == {"kind": "furniture", "start": 45, "end": 56}
    assert made.body["revision"]["number"] == 1
    slug = made.body["slug"]
    assert calling(finch).get(f"articles/{slug}/").body == made.body


def test_a_moderator_brings_in_a_page_as_html(
    calling: Calling, robin: User, project: Project
) -> None:
    sent = {"project": "council", "text": "<h1>AT&amp;T</h1><p>One.", "media_type": "text/html"}
    made = calling(robin).post("articles/", sent)
    assert made.status == 201, made.raw
    assert (made.body["title"], made.body["revision"]["text"]) == ("AT&T", "AT&T\n\nOne.")
    revision = calling(robin).get(f"revisions/{made.body['revision']['id']}/").body
    assert revision["raw_media_type"] == "text/html"


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"text": ""}, "text"),
        ({"text": "a\u0000b"}, "text"),
        ({"text": "x" * 2_000_001}, "text"),
        ({"text": "<p>a\n<p>b\u0000", "media_type": "text/html"}, "text"),
        ({"text": "<p hidden>x", "media_type": "text/html"}, "text"),
        ({"media_type": "image/png"}, "media_type"),
        ({"title": "a" * 301}, "title"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"date": "yesterday"}, "date"),
        ({"furniture": "Share"}, "furniture"),
        ({"furniture": ["a"] * 501}, "furniture"),
        ({"date_is_inferred": "yes"}, "date_is_inferred"),
        ({"blocks": []}, "blocks"),
    ],
)
def test_what_is_wrong_with_an_article_is_told_at_its_field(
    calling: Calling, robin: User, project: Project, change: dict[str, Any], at: str
) -> None:
    answer = calling(robin).post("articles/", {"project": "council", "text": TEXT} | change)
    assert answer.status == 400, answer.raw
    assert answer.field(at)
    assert not Article.objects.exists()


def test_a_moderator_changes_what_is_known_about_an_article(
    calling: Calling, robin: User, finch: User, article: Article
) -> None:
    address = f"articles/{article.slug}/"
    assert calling(finch).patch(address, {"publisher": "Times"}).status == 403
    made = calling(robin).patch(address, {"publisher": "Times", "date": "2025-01-02"})
    assert (made.body["publisher"], made.body["date"]) == ("Times", "2025-01-02")
    assert calling(robin).patch(address, {"date": None}).body["date"] is None
    assert calling(robin).patch(address, {"slug": "other"}).status == 400


def test_the_desks_note_is_not_for_readers(
    calling: Calling, robin: User, article: Article, published: Ruling
) -> None:
    address = f"articles/{article.slug}/"
    calling(robin).patch(address, {"note": "Ask the mayor."})
    assert calling(robin).get(address).body["note"] == "Ask the mayor."
    for path in (address, "articles/", f"{address}record/"):
        assert b"Ask the mayor" not in calling(None).get(path).raw


def test_a_revision_is_read_with_its_text_and_listed_without(
    calling: Calling, finch: User, article: Article
) -> None:
    caller = calling(finch)
    listed = caller.get(f"revisions/?article={article.slug}&project=council")
    assert "text" not in listed.body["results"][0]
    one = caller.get(f"revisions/{listed.ids[0]}/").body
    assert one["text"] == article.revisions.get(number=1).text
    assert caller.get("revisions/?article=elsewhere").ids == []


def test_what_is_not_published_is_nobodys_to_read(
    calling: Calling, article: Article, stranger: User
) -> None:
    revision = article.revisions.get(number=1)
    for person in (None, stranger):
        caller = calling(person)
        assert caller.get("articles/").ids == []
        assert caller.get("revisions/").ids == []
        assert caller.get(f"articles/{article.slug}/").status == 404
        assert caller.get(f"articles/{article.slug}/record/").status == 404
        assert caller.get(f"revisions/{revision.pk}/").status == 404
        assert caller.get("projects/council/").status == 404


def test_what_is_published_is_everybodys_to_read(
    calling: Calling, article: Article, published: Ruling
) -> None:
    caller = calling(None)
    revision = article.revisions.get(number=1)
    assert caller.get("articles/?project=council&language=en").ids == [str(article.pk)]
    assert caller.get(f"articles/{article.slug}/").body["revision"]["text"] == revision.text
    assert caller.get(f"revisions/{revision.pk}/").status == 200
    project = caller.get("projects/council/").body
    assert project["role"] is None
    assert [one["slug"] for one in project["scale"]][:2] == ["true", "mostly-true"]


def test_the_owner_changes_the_project_and_nobody_else(
    calling: Calling, birch: User, robin: User, finch: User, project: Project
) -> None:
    change = {"name": "Council", "verdicts_required": 3, "blind": False}
    for person in (robin, finch):
        assert calling(person).patch("projects/council/", change).status == 403
    made = calling(birch).patch("projects/council/", change)
    assert (made.body["name"], made.body["verdicts_required"]) == ("Council", 3)
    assert made.body["role"] == "owner"
    for number in (0, 10, 2**31 - 1):
        answer = calling(birch).patch("projects/council/", {"verdicts_required": number})
        assert answer.field("verdicts_required")
    assert calling(birch).patch("projects/council/", {"slug": "other"}).status == 400
    assert calling(birch).patch("projects/council/", {"blind": 1}).status == 400
