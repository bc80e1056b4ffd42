"""Publishing, correcting and withdrawing: the moderator's part at this door."""

from typing import Any

import pytest

from annotations.actions.verdicts import submit_verdict
from annotations.models import Article, Claim, Ruling, User
from tests.api.conftest import Caller, Calling, evidence_of, judgement, mark


def conclusion(claim: Claim, **more: Any) -> dict[str, Any]:
    return {
        "claim": str(claim.pk),
        "rating": "false",
        "summary": "They did not.",
        "evidence": evidence_of(claim)[:1],
    } | more


@pytest.fixture
def moderator(calling: Calling, robin: User) -> Caller:
    return calling(robin)


def test_a_moderator_publishes(moderator: Caller, agreed: Claim, anyone: Caller) -> None:
    made = moderator.post("rulings/", conclusion(agreed))
    assert made.status == 201, made.raw
    assert (made.body["rating"], made.body["made_by"]) == ("false", "Robin")
    assert len(made.body["evidence"]) == 1
    shown = anyone.get(f"claims/{agreed.pk}/").body
    assert (shown["state"], shown["ruling"]["rating"]) == ("published", "false")


def test_a_reviewer_does_not(calling: Calling, finch: User, agreed: Claim) -> None:
    """A26."""
    assert calling(finch).post("rulings/", conclusion(agreed)).status == 403


def test_no_step_is_skipped(moderator: Caller, claim: Claim, half_judged: Claim) -> None:
    """A26: marked and in review are not followed by published."""
    for unready in (claim, half_judged):
        answer = moderator.post("rulings/", conclusion(unready, evidence=["0" * 8 + AN_ID[8:]]))
        assert answer.status == 409
    assert not Ruling.objects.exists()


AN_ID = "0195a5f0-0000-7000-8000-000000000000"


def test_nobody_rules_on_nothing_but_their_own_verdict(
    moderator: Caller, article: Article, robin: User, calling: Calling, birch: User
) -> None:
    """A26: the two-person rule."""
    calling(birch).patch("projects/council/", {"verdicts_required": 1})
    own = mark(article, "Café prices", robin)
    submit_verdict(own.pk, judgement(), actor=robin)
    answer = moderator.post("rulings/", conclusion(own))
    assert answer.status == 403
    assert "another moderator" in answer.body["detail"]
    assert calling(birch).post("rulings/", conclusion(own)).status == 201


def test_a_dispute_needs_a_reason(
    moderator: Caller, article: Article, finch: User, maple: User
) -> None:
    made = mark(article, "Café prices", finch)
    submit_verdict(made.pk, judgement("true"), actor=finch)
    submit_verdict(made.pk, judgement("false"), actor=maple)
    assert moderator.post("rulings/", conclusion(made)).field("reason")
    assert moderator.post("rulings/", conclusion(made, reason="Later figures.")).status == 201


@pytest.mark.parametrize(
    ("change", "status", "at"),
    [
        ({"rating": ""}, 422, "rating"),
        ({"rating": "pants-on-fire"}, 400, "rating"),
        ({"summary": " "}, 422, "summary"),
        ({"evidence": []}, 422, "evidence"),
        ({"evidence": [AN_ID]}, 400, "evidence"),
        ({"evidence": ["x"]}, 400, "evidence.0"),
        ({"evidence": AN_ID}, 400, "evidence"),
    ],
)
def test_what_a_ruling_lacks_is_told_at_its_field(
    moderator: Caller, agreed: Claim, change: dict[str, Any], status: int, at: str
) -> None:
    answer = moderator.post("rulings/", conclusion(agreed, **change))
    assert answer.status == status, answer.raw
    assert any(one["field"] == at for one in answer.body["errors"]), answer.body


def test_a_ruling_rests_on_no_draft_and_no_other_claim(
    moderator: Caller, agreed: Claim, half_judged: Claim, draft: Any
) -> None:
    of_a_draft = [str(one) for one in draft.evidence.values_list("pk", flat=True)]
    for foreign in (evidence_of(half_judged), of_a_draft):
        answer = moderator.post("rulings/", conclusion(agreed, evidence=foreign))
        assert answer.status == 400
        assert answer.field("evidence")


def test_a_correction_follows_and_the_old_one_stays_reachable(
    moderator: Caller, published: Ruling, anyone: Caller
) -> None:
    sent = conclusion(published.claim, rating="misleading") | {
        "note": "The month was wrong.",
        "correction": "substantial",
    }
    del sent["claim"]
    assert moderator.post(f"rulings/{published.pk}/correct/", sent | {"note": " "}).status == 422
    made = moderator.post(f"rulings/{published.pk}/correct/", sent)
    assert made.status == 201, made.raw
    assert anyone.get(f"claims/{published.claim_id}/").body["ruling"]["rating"] == "misleading"
    old = anyone.get(f"rulings/{published.pk}/").body
    assert old["rating"] == "false"
    assert old["superseded_at"]
    again = moderator.post(f"rulings/{published.pk}/correct/", sent)
    assert again.status == 409
    assert again.body["in_force"]["id"] == made.body["id"]
    assert again.body["in_force"]["rating"] == "misleading"
    late = moderator.post(f"rulings/{published.pk}/withdraw/", {"note": "N"})
    assert (late.status, late.body["in_force"]["number"]) == (409, 2)
    assert anyone.get("rulings/?current=true").ids == [made.body["id"]]
    assert anyone.get("rulings/?current=false").ids == [str(published.pk)]


def test_a_withdrawn_claim_says_so_and_shows_no_rating(
    moderator: Caller, published: Ruling, anyone: Caller
) -> None:
    assert moderator.post(f"rulings/{published.pk}/withdraw/", {"note": ""}).status == 422
    made = moderator.post(f"rulings/{published.pk}/withdraw/", {"note": "Source retracted."})
    assert made.status == 201, made.raw
    shown = anyone.get(f"claims/{published.claim_id}/").body
    assert shown["state"] == "withdrawn"
    assert shown["ruling"]["rating"] is None
    assert shown["ruling"]["rating_name"] == ""
    assert shown["ruling"]["note"] == "Source retracted."
    assert anyone.get("claims/?rating=false").ids == []
    assert anyone.get("articles/council-spends-more/").status == 404


def test_the_reason_is_for_those_who_see_the_verdicts(
    calling: Calling, published: Ruling, finch: User, robin: User, stranger: User
) -> None:
    def reason(person: User | None) -> Any:
        return calling(person).get(f"rulings/{published.pk}/").body["reason"]

    assert reason(robin) == reason(finch) == "A word between ourselves."
    assert reason(None) is reason(stranger) is None


def test_a_reviewer_neither_corrects_nor_withdraws(
    calling: Calling, finch: User, published: Ruling
) -> None:
    sent = conclusion(published.claim) | {"note": "N", "correction": "typo"}
    del sent["claim"]
    assert calling(finch).post(f"rulings/{published.pk}/correct/", sent).status == 403
    assert calling(finch).post(f"rulings/{published.pk}/withdraw/", {"note": "N"}).status == 403
