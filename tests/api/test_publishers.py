"""Corrections asked of publishers over the API: moderators note them, everybody reads them."""

from typing import Any

import pytest

from annotations.actions.holds import place_hold
from annotations.models import Article, Event, Ruling, User
from tests.api.conftest import Caller, Calling

SENT: dict[str, Any] = {
    "publisher": "Example Times",
    "reached": "corrections_form",
    "asked_on": "2026-03-02",
    "asked": "To say that prices did not double.",
}
ANSWERED = {
    "outcome": "corrected",
    "outcome_on": "2026-03-09",
    "outcome_address": "https://example.org/corrections",
}


@pytest.fixture
def moderator(calling: Calling, robin: User) -> Caller:
    return calling(robin)


@pytest.fixture
def sent(published: Ruling) -> dict[str, Any]:
    return SENT | {"claim": str(published.claim_id)}


def test_a_request_is_noted_answered_and_read_by_everybody(
    moderator: Caller, anyone: Caller, sent: dict[str, Any]
) -> None:
    made = moderator.post("publisher-corrections/", sent)
    assert made.status == 201, made.raw
    address = f"publisher-corrections/{made.body['id']}/"
    assert made.body.items() >= sent.items()
    assert made.body["article"] == "council-spends-more"
    assert (made.body["asked_by"], made.body["outcome"]) == ("Robin", "none_yet")
    changed = moderator.patch(address, ANSWERED, If_Match=made.headers["ETag"])
    assert (changed.status, changed.body) == (200, made.body | ANSWERED)
    assert anyone.get(address).body == changed.body
    assert anyone.get(address).headers["ETag"] == changed.headers["ETag"]
    assert Event.objects.filter(verb="edit_publisher_correction").count() == 1


def test_the_list_is_narrowed(moderator: Caller, anyone: Caller, sent: dict[str, Any]) -> None:
    first, second = (
        moderator.post("publisher-corrections/", sent | more).body["id"]
        for more in ({}, ANSWERED | {"article": "council-spends-more"})
    )
    for query, ids in {
        "": [second, first],
        "project=council": [second, first],
        f"claim={sent['claim']}": [second, first],
        "article=council-spends-more": [second, first],
        "outcome=none_yet": [first],
        "article=another": [],
        "page_size=1": [second],
    }.items():
        assert anyone.get(f"publisher-corrections/?{query}").ids == ids, query
    assert anyone.get("publisher-corrections/?outcome=ignored").field("outcome")


def test_others_write_none(
    calling: Calling, moderator: Caller, anyone: Caller, sent: dict[str, Any], finch: User
) -> None:
    reviewer, made = calling(finch), moderator.post("publisher-corrections/", sent).body["id"]
    refused = reviewer.post("publisher-corrections/", sent)
    assert (refused.status, "for moderators" in refused.body["detail"]) == (403, True)
    assert reviewer.patch(f"publisher-corrections/{made}/", ANSWERED).status == 403
    assert anyone.post("publisher-corrections/", sent).status == 401
    assert anyone.patch(f"publisher-corrections/{made}/", ANSWERED).status == 401


def test_what_is_wrong_is_told_at_its_field(
    moderator: Caller, sent: dict[str, Any], other_article: Article
) -> None:
    for field, value in {
        "publisher": "a@times.example", "reached": "at_home", "asked_on": "2.3.2026", "asked": "",
        "outcome": "ignored", "outcome_on": "2026-03-01", "outcome_address": "javascript:0",
        "claim": "x", "asked_by": "Finch",
    }.items():  # fmt: skip
        more = ANSWERED if field.startswith("outcome") else {}
        answer = moderator.post("publisher-corrections/", sent | more | {field: value})
        assert answer.status == 400, (field, answer.raw)
        assert answer.field(field).endswith(".")
    foreign = moderator.post("publisher-corrections/", sent | {"article": other_article.slug})
    assert foreign.status == 404


def test_a_claim_without_a_ruling_in_force_is_refused(moderator: Caller, agreed: Any) -> None:
    answer = moderator.post("publisher-corrections/", SENT | {"claim": str(agreed.pk)})
    assert (answer.status, "ruling in force" in answer.body["detail"]) == (409, True)


def test_a_legal_hold_keeps_it_back(
    moderator: Caller, anyone: Caller, sent: dict[str, Any], birch: User, published: Ruling
) -> None:
    made = moderator.post("publisher-corrections/", sent).body["id"]
    place_hold(
        actor=birch, claim=published.claim_id, kind="restrict", authority="A court",
        ground="A law", ordered_on=published.made_at.date(),
    )  # fmt: skip
    assert anyone.get(f"publisher-corrections/{made}/").status == 451
    assert anyone.get("publisher-corrections/").ids == []
    assert moderator.get("publisher-corrections/").ids == [made]
