"""Many things in one request: each is answered for itself, or all are done or none."""

import io
import re
import sys
import urllib.request
from typing import Any, cast

import pytest
from django.conf import settings

from annotations.models import Appearance, Article, Claim, Event, User, Verdict
from tests.api.conftest import Caller, Calling, mark

FENCED = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
WORDS = ("12% more in 2024", "We have never spent", "Café prices doubled 🇺🇦🇵🇱")


@pytest.fixture
def reviewer(calling: Calling, finch: User) -> Caller:
    return calling(finch)


def spans(article: Article, *words: str) -> list[dict[str, Any]]:
    text = article.revisions.get(number=1).text
    starts = [text.index(one) for one in words]
    return [
        {"article": article.slug, "start": start, "end": start + len(one), "quote": one}
        for start, one in zip(starts, words, strict=True)
    ]


def statuses(answer: Any) -> list[int]:
    return [one["status"] for one in answer.body["answers"]]


def test_each_is_done_and_answered_as_by_the_single_write(
    reviewer: Caller, article: Article
) -> None:
    many = reviewer.post("claims/bulk/", {"items": spans(article, *WORDS)})
    assert (many.status, many.body["done"], many.body["refused"]) == (200, 3, 0)
    for words, one in zip(WORDS, many.body["answers"], strict=True):
        assert (one["status"], one["problem"]) == (201, None)
        assert one["result"]["appearances"][0]["quote"] == words
        read = reviewer.get(f"claims/{one['result']['id']}/")
        assert read.body == one["result"]
        changed = {"items": [{"id": read.body["id"], "version": one["etag"], "kind": "opinion"}]}
        assert statuses(reviewer.patch("claims/bulk/", changed)) == [200]


def test_what_is_refused_stops_no_other_and_says_why_at_its_field(
    reviewer: Caller, article: Article, stranger: User
) -> None:
    good, other = spans(article, WORDS[0], WORDS[1])
    items = [
        good,
        other | {"quote": "Other words"},
        other | {"start": 1.0},
        other | {"state": "published"},
        other | {"article": "nowhere"},
        "not a claim",
        other,
    ]
    many = reviewer.post("claims/bulk/", {"items": items})
    assert statuses(many) == [201, 422, 400, 400, 404, 400, 201]
    assert (many.body["done"], many.body["refused"]) == (2, 5)
    told = [one["problem"] for one in many.body["answers"]]
    fields = [one["errors"][0]["field"] if one and one["errors"] else "" for one in told]
    assert fields == ["", "quote", "start", "state", "article", "", ""]
    assert "has to be a whole number" in told[2]["detail"]
    assert Claim.objects.count() == Event.objects.filter(verb="mark").count() == 2


def test_together_all_are_done_or_none(reviewer: Caller, article: Article) -> None:
    first, second, third = spans(article, *WORDS)
    items = [first, second | {"quote": "Other words"}, third]
    refused = reviewer.post("claims/bulk/", {"items": items, "together": True})
    assert refused.status == 422
    assert "Nothing was done" in refused.body["detail"]
    assert "not the text" in refused.field("items.1.quote")
    assert [one["status"] for one in refused.body["answers"]] == [424, 422, 424]
    assert {one["result"] for one in refused.body["answers"]} == {None}
    assert not Claim.objects.exists()
    assert not Event.objects.filter(verb="mark").exists()
    items[1] = second
    done = reviewer.post("claims/bulk/", {"items": items, "together": True})
    assert statuses(done) == [201, 201, 201]


def test_what_is_refused_for_several_reasons_together_is_422(
    reviewer: Caller, article: Article
) -> None:
    good, other = spans(article, *WORDS[:2])
    items = [good, other | {"start": "x"}, other | {"article": "nowhere"}]
    refused = reviewer.post("claims/bulk/", {"items": items, "together": True})
    assert refused.status == 422
    assert {one["field"] for one in refused.body["errors"]} == {"items.1.start", "items.2.article"}


def test_a_change_says_which_version_it_was_made_on(
    reviewer: Caller, article: Article, claim: Claim, agreed: Claim
) -> None:
    tag = reviewer.get(f"claims/{claim.pk}/").headers["ETag"]
    reviewer.patch(f"claims/{claim.pk}/", {"statement": "Somebody was first."})
    one = {"id": str(claim.pk), "statement": "Too late."}
    items = [
        one,
        one | {"version": tag},
        one | {"version": "5f0c"},
        {"id": str(agreed.pk), "version": "*", "topics": ["prices"]},
    ]
    many = reviewer.patch("claims/bulk/", {"items": items})
    assert statuses(many) == [428, 412, 400, 200]
    outdated = many.body["answers"][1]["problem"]
    assert outdated["current"]["statement"] == "Somebody was first."
    again = one | {"version": f'"{outdated["version"]}"'}
    assert statuses(reviewer.patch("claims/bulk/", {"items": [again]})) == [200]
    claim.refresh_from_db()
    assert claim.statement == "Too late."


def test_verdicts_places_and_sources_come_in_bulk_too(
    calling: Calling, finch: User, robin: User, article: Article
) -> None:
    claims = [mark(article, words, robin) for words in WORDS[:2]]
    judged = {
        "rating": "false",
        "rationale": "It was less.",
        "confidence": "high",
        "evidence": [{"stance": "refutes", "address": "https://example.org/figures"}],
        "submit": True,
    }
    items = [judged | {"claim": str(one.pk)} for one in claims] + [{"claim": str(claims[0].pk)}]
    many = calling(finch).post("verdicts/bulk/", {"items": items})
    assert statuses(many) == [201, 201, 409]  # the third knew nothing of the first
    assert Verdict.objects.exclude(submitted_at=None).count() == 2

    place = spans(article, WORDS[2])[0] | {"claim": str(claims[1].pk)}
    assert statuses(calling(finch).post("appearances/bulk/", {"items": [place]})) == [201]
    assert Appearance.objects.filter(claim=claims[1]).count() == 2

    [source] = calling(robin).get("sources/").body["results"]
    view = {"id": source["id"], "version": "*", "reliability": "mixed"}
    assert statuses(calling(robin).patch("sources/bulk/", {"items": [view]})) == [200]
    assert statuses(calling(finch).patch("sources/bulk/", {"items": [view]})) == [403]


def test_sent_twice_under_one_key_it_is_done_once(reviewer: Caller, article: Article) -> None:
    body = {"items": [*spans(article, *WORDS[:2]), "not a claim"]}
    first = reviewer.post("claims/bulk/", body, Idempotency_Key="one")
    again = reviewer.post("claims/bulk/", body, Idempotency_Key="one")
    assert first.raw == again.raw
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Claim.objects.count() == 2


def test_how_many_come_at_once_is_bounded(reviewer: Caller) -> None:
    refused = reviewer.post("claims/bulk/", {"items": [{}] * 201})
    assert refused.status == 400
    assert "200 is the most" in refused.field("items")
    assert reviewer.post("claims/bulk/", {}).field("items") == "This is missing."
    assert reviewer.post("claims/bulk/", {"items": []}).body["answers"] == []


def test_what_one_may_not_know_of_is_not_found(
    calling: Calling, stranger: User, anyone: Caller, article: Article, claim: Claim
) -> None:
    elsewhere = calling(stranger)
    assert statuses(elsewhere.post("claims/bulk/", {"items": spans(article, WORDS[0])})) == [404]
    change = {"items": [{"id": str(claim.pk), "version": "*", "statement": "Mine"}]}
    assert statuses(elsewhere.patch("claims/bulk/", change)) == [404]
    assert anyone.post("claims/bulk/", {"items": []}).status == 401
    claim.refresh_from_db()
    assert claim.statement != "Mine"


def test_the_script_in_the_docs_marks_what_it_is_given(
    calling: Calling,
    finch: User,
    article: Article,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    docs = (settings.BASE_DIR / "docs" / "api.md").read_text("utf-8")
    [script] = [one for one in FENCED.findall(docs) if "claims/bulk/" in one]
    caller = calling(finch)

    def opened(request: urllib.request.Request) -> io.BytesIO:
        path = request.full_url.removeprefix("https://desk.example")
        sent = caller.send(request.get_method(), path, raw=cast(bytes, request.data or b""))
        assert sent.status == 200
        return io.BytesIO(sent.raw)

    monkeypatch.setattr(urllib.request, "urlopen", opened)
    arguments = ["https://desk.example", caller.secret, article.slug, *WORDS]
    monkeypatch.setattr(sys, "argv", ["script", *arguments])
    exec(script, {})  # noqa: S102 (our own documentation)
    assert "3 marked, 0 refused" in capsys.readouterr().out
    assert Claim.objects.count() == 3
