"""Giving verdicts: drafts, submitted ones, revisions of them."""

from typing import Any

import pytest

from annotations.models import Claim, Evidence, Project, Rating, Source, User, Verdict
from tests.api.conftest import Caller, Calling


def whole(claim: Claim, **more: Any) -> dict[str, Any]:
    return {
        "claim": str(claim.pk),
        "rating": "false",
        "rationale": "The figures say 8 %.",
        "confidence": "high",
        "evidence": [
            {
                "stance": "refutes",
                "address": "https://Example.org:443/figures#page=2",
                "title": "Figures",
                "publisher": "Statistics office",
                "author": "A. Clerk",
                "date": "2025-01-31",
                "quote": "Spending rose by 8 %.",
                "locator": "page 2",
                "note": "Table 3",
            }
        ],
        "submit": True,
    } | more


@pytest.fixture
def reviewer(calling: Calling, finch: User) -> Caller:
    return calling(finch)


def test_a_verdict_is_given_in_one_request(reviewer: Caller, claim: Claim) -> None:
    made = reviewer.post("verdicts/", whole(claim))
    assert made.status == 201, made.raw
    assert (made.body["rating"], made.body["rating_name"]) == ("false", "False")
    assert made.body["submitted_at"]
    piece = made.body["evidence"][0]
    assert piece["source"]["address"] == "https://example.org/figures"
    assert (piece["quote"], piece["date"]) == ("Spending rose by 8 %.", "2025-01-31")
    claim.refresh_from_db()
    assert claim.state == "in_review"


def test_a_draft_is_kept_changed_and_submitted(reviewer: Caller, claim: Claim) -> None:
    made = reviewer.post("verdicts/", {"claim": str(claim.pk), "rationale": "So far"})
    assert made.status == 201, made.raw
    assert made.body["submitted_at"] is None
    address = f"verdicts/{made.body['id']}/"
    assert reviewer.patch(address, {"rating": "false"}).body["rationale"] == "So far"
    incomplete = reviewer.post(f"{address}submit/")
    assert incomplete.status == 422
    assert incomplete.field("evidence")
    piece = {"address": "https://example.org/a"}
    unsaid = reviewer.patch(address, {"evidence": [piece]})
    assert unsaid.body["evidence"][0]["stance"] == ""
    assert "supports" in reviewer.post(f"{address}submit/").field("evidence.0.stance")
    piece["stance"] = "refutes"
    assert len(reviewer.patch(address, {"evidence": [piece]}).body["evidence"]) == 1
    replaced = reviewer.put(address, {"rating": "true", "rationale": "Anew", "evidence": [piece]})
    assert (replaced.body["id"], replaced.body["rating"]) == (made.body["id"], "true")
    done = reviewer.post(f"{address}submit/")
    assert done.status == 200
    assert done.body["submitted_at"]
    assert [one["source"]["address"] for one in done.body["evidence"]] == ["https://example.org/a"]


def test_a_submitted_verdict_stays_and_is_followed_by_a_new_version(
    reviewer: Caller, claim: Claim
) -> None:
    first = reviewer.post("verdicts/", whole(claim)).body
    address = f"verdicts/{first['id']}/"
    for answer in (
        reviewer.patch(address, {"rating": "true"}),
        reviewer.put(address, {"rating": "true"}),
        reviewer.delete(address),
        reviewer.post(f"{address}submit/"),
    ):
        assert answer.status == 409
    newer = whole(claim, rating="true", based_on=first["saved_at"])
    second = reviewer.post("verdicts/", newer).body
    assert second["version"] == 2
    assert reviewer.get(address).body["superseded_at"]
    assert reviewer.get("verdicts/?condition=current").ids == [second["id"]]
    assert reviewer.get("verdicts/?condition=superseded").ids == [first["id"]]


def test_a_draft_is_thrown_away(reviewer: Caller, draft: Verdict) -> None:
    assert reviewer.get("verdicts/?condition=draft&reviewer=me").ids == [str(draft.pk)]
    assert reviewer.delete(f"verdicts/{draft.pk}/").status == 204
    assert reviewer.get(f"verdicts/{draft.pk}/").status == 404


def test_anothers_verdict_is_not_changed(
    calling: Calling, robin: User, half_judged: Claim, draft: Verdict
) -> None:
    """A moderator sees what is submitted, and no draft; neither is theirs to write."""
    theirs = Verdict.objects.get(claim=half_judged)
    caller = calling(robin)
    assert caller.get(f"verdicts/{theirs.pk}/").status == 200
    assert caller.get(f"verdicts/{draft.pk}/").status == 404
    for method, tail in (("PATCH", ""), ("PUT", ""), ("DELETE", ""), ("POST", "submit/")):
        assert caller.send(method, f"verdicts/{theirs.pk}/{tail}").status == 403
        assert caller.send(method, f"verdicts/{draft.pk}/{tail}").status == 404


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:x",
        "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//example.org/a", "example",
        "https://", "https://good\\@evil.example/", "https://a b.example/", "http:example.org", "",
        "https://user:pass@example.org/", "ftp://example.org/", "https://example.org:99999/",
    ],
)  # fmt: skip
def test_only_a_web_address_becomes_a_source(reviewer: Caller, claim: Claim, address: str) -> None:
    """A17: posted past the form."""
    answer = reviewer.post(
        "verdicts/", whole(claim, evidence=[{"stance": "refutes", "address": address}])
    )
    assert answer.status == 400
    assert answer.field("evidence.0.address")
    assert not Source.objects.exists()


def test_a_rating_that_is_on_no_scale_is_refused_with_those_that_are(
    reviewer: Caller, claim: Claim
) -> None:
    answer = reviewer.post("verdicts/", whole(claim, rating="pants-on-fire"))
    assert answer.status == 400
    assert "mostly-true" in answer.field("rating")


def test_a_rating_of_another_scale_is_refused(
    reviewer: Caller, claim: Claim, other_project: Project
) -> None:
    Rating.objects.filter(project=other_project, slug="false").update(slug="untrue")
    foreign = Rating.objects.get(project=other_project, slug="untrue")
    for rating in ("untrue", str(foreign.pk)):
        answer = reviewer.post("verdicts/", whole(claim, rating=rating))
        assert answer.status == 400
        assert answer.field("rating")


def test_a_source_of_another_project_is_no_source_here(
    reviewer: Caller, claim: Claim, other_project: Project, stranger: User
) -> None:
    """A23."""
    foreign = Source.objects.create(
        project=other_project, address="https://example.org/x", added_by=stranger
    )
    answer = reviewer.post(
        "verdicts/", whole(claim, evidence=[{"stance": "context", "source": str(foreign.pk)}])
    )
    assert answer.status == 400
    assert answer.field("evidence.0.source")
    assert not Evidence.objects.exists()


def test_a_source_that_one_knows_is_used_by_its_id(reviewer: Caller, claim: Claim) -> None:
    made = reviewer.post("verdicts/", whole(claim)).body
    source = made["evidence"][0]["source"]
    used = [{"stance": "context", "source": source["id"]}]
    again = reviewer.post("verdicts/", whole(claim, evidence=used, based_on=made["saved_at"]))
    assert again.status == 201, again.raw
    assert again.body["evidence"][0]["source"] == source


def test_every_problem_is_told_at_once_and_at_its_field(reviewer: Caller, claim: Claim) -> None:
    bad = [{"stance": "refutes", "address": "x", "title": "a\nb"}, {"stance": "maybe"}]
    answer = reviewer.post("verdicts/", whole(claim, evidence=bad[:1], confidence="medium"))
    assert {one["field"] for one in answer.body["errors"]} == {
        "evidence.0.address",
        "evidence.0.title",
    }
    assert reviewer.post("verdicts/", whole(claim, evidence=bad)).field("evidence.1.stance")


def test_a_question_is_given_with_its_answer_and_no_source(reviewer: Caller, claim: Claim) -> None:
    asked = {"stance": "context", "question": "Which month?", "answer": "Nobody says."}
    made = reviewer.post("verdicts/", whole(claim, evidence=[asked], submit=False))
    assert made.status == 201, made.raw
    kept = reviewer.patch(f"verdicts/{made.body['id']}/", {"rationale": "I asked them."}).body
    assert kept["evidence"][0] | asked | {"source": None} == kept["evidence"][0]
    assert reviewer.post(f"verdicts/{made.body['id']}/submit/").status == 200
    assert reviewer.get("evidence/").body["results"][0]["source"] is None
    record = reviewer.get("articles/council-spends-more/record/").body
    piece = record["claims"][0]["verdicts"][0]["evidence"][0]
    assert (piece["question"], piece["source"]) == ("Which month?", None)
    unanswered = [asked | {"answer": ""}]
    half = reviewer.post("verdicts/", whole(claim, evidence=unanswered, based_on="*"))
    assert half.field("evidence.0.answer")


def test_an_incomplete_verdict_stays_a_draft(reviewer: Caller, claim: Claim) -> None:
    answer = reviewer.post("verdicts/", {"claim": str(claim.pk), "submit": True})
    assert answer.status == 422
    assert {one["field"] for one in answer.body["errors"]} == {"rating", "rationale", "evidence"}


def test_a_claim_that_was_set_aside_takes_no_verdict(
    calling: Calling, robin: User, reviewer: Caller, claim: Claim
) -> None:
    calling(robin).post(f"claims/{claim.pk}/set-aside/", {"set_aside_reason": "opinion"})
    assert reviewer.post("verdicts/", whole(claim)).status == 409


def test_a_verdict_that_moved_on_meanwhile_is_not_overwritten_unseen(
    reviewer: Caller, claim: Claim
) -> None:
    first = reviewer.post("verdicts/", whole(claim, based_on=""))
    assert first.status == 201, first.raw
    for unknowing in (whole(claim), whole(claim, based_on="")):
        late = reviewer.post("verdicts/", unknowing)
        assert late.status == 409
        assert "submitted version 1" in late.field("based_on")
    knowing = whole(claim, based_on=first.body["saved_at"], submit=False)
    draft = reviewer.post("verdicts/", knowing)
    assert (draft.status, draft.body["version"]) == (201, 2)
    address = f"verdicts/{draft.body['id']}/"
    change = {"rating": "true", "based_on": first.body["saved_at"]}
    assert reviewer.patch(address, change).status == 409
    assert reviewer.patch(address, change | {"based_on": draft.body["saved_at"]}).status == 200
