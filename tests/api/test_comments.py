"""Comments and questions over the API, and what a moderator does instead of ruling."""

from typing import Any

from annotations.models import Claim, User
from tests.api.conftest import Calling

NOTHING = "0195a5f0-0000-7000-8000-000000000000"


def test_a_remark_is_written_answered_changed_and_removed(
    calling: Calling, finch: User, robin: User, agreed: Claim
) -> None:
    reviewer, moderator = calling(finch), calling(robin)
    said = reviewer.post("comments/", {"claim": str(agreed.pk), "text": "See the annex."})
    assert said.status == 201
    assert (said.body["author"], said.body["kind"], said.body["asked"]) == ("Finch", "remark", [])
    there = f"comments/{said.body['id']}/"
    answer = moderator.post(
        "comments/", {"claim": str(agreed.pk), "text": "Which?", "parent": said.body["id"]}
    )
    assert answer.body["parent"] == said.body["id"]
    changed = reviewer.patch(there, {"text": "See annex B."})
    assert changed.status == 200
    assert changed.body["edited_at"]
    assert moderator.patch(there, {"text": "Mine."}).status == 403
    assert moderator.post(f"{there}remove/", {}).field("reason")
    gone = moderator.post(f"{there}remove/", {"reason": "About a person."})
    assert (gone.body["text"], gone.body["removed_because"]) == ("", "About a person.")
    assert reviewer.post(f"{there}remove/", {}).status == 409


def test_a_question_is_sent_back_and_found_by_who_is_asked(
    calling: Calling, finch: User, maple: User, robin: User, agreed: Claim
) -> None:
    moderator, reviewer = calling(robin), calling(finch)
    asked = moderator.post(
        f"claims/{agreed.pk}/ask-again/", {"question": "Which table?", "reviewers": ["Finch"]}
    )
    assert asked.status == 201
    assert asked.body["asked"] == [{"reviewer": "Finch", "answered": False}]
    assert reviewer.get("comments/?asks_me=true").ids == [asked.body["id"]]
    assert calling(maple).get("comments/?asks_me=true").ids == []
    reviewer.post("comments/", {"claim": str(agreed.pk), "text": "B.", "parent": asked.body["id"]})
    assert reviewer.get("comments/?asks_me=true").ids == []
    assert moderator.get(f"comments/{asked.body['id']}/").body["asked"][0]["answered"]
    everyone = moderator.post(f"claims/{agreed.pk}/ask-again/", {"question": "And why?"})
    assert [one["reviewer"] for one in everyone.body["asked"]] == ["Finch", "Maple"]


def test_a_third_verdict_is_asked_for_and_no_longer(
    calling: Calling, finch: User, robin: User, agreed: Claim
) -> None:
    moderator = calling(robin)
    assert moderator.get(f"claims/{agreed.pk}/").body["verdicts_wanted"] == 2
    made = moderator.post(f"claims/{agreed.pk}/ask-for-another/", None)
    assert (made.body["state"], made.body["verdicts_wanted"]) == ("in_review", 3)
    assert moderator.post(f"claims/{agreed.pk}/ask-for-another/", None).status == 409
    assert moderator.post(f"claims/{agreed.pk}/ask-no-more/", None).body["state"] == "agreed"
    assert moderator.get("claims/").body["results"][0]["verdicts_wanted"] == 2
    for step in ("ask-for-another", "ask-no-more", "ask-again"):
        sent: dict[str, Any] | None = {"question": "Which?"} if step == "ask-again" else None
        assert calling(finch).post(f"claims/{agreed.pk}/{step}/", sent).status == 403


def test_a_comment_on_nothing_or_with_nothing_is_refused(
    calling: Calling, finch: User, agreed: Claim
) -> None:
    caller = calling(finch)
    assert caller.post("comments/", {"claim": NOTHING, "text": "x"}).status == 404
    assert caller.post("comments/", {"claim": str(agreed.pk), "text": " "}).field("text")
    unknown = {"claim": str(agreed.pk), "text": "x", "parent": NOTHING}
    assert caller.post("comments/", unknown).status == 404
    kind = {"claim": str(agreed.pk), "text": "x", "kind": "question"}
    assert caller.post("comments/", kind).status == 400


def test_no_reader_finds_a_comment(
    calling: Calling, anyone: Any, robin: User, published: Any
) -> None:
    said = calling(robin).post("comments/", {"claim": str(published.claim_id), "text": "Ours."})
    assert said.status == 201
    for path in ("comments/", f"comments/{said.body['id']}/"):
        assert anyone.get(path).status == 401
