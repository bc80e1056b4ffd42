"""Legal holds over the API: owners place and lift them, moderators read them."""

from typing import Any

from annotations.models import Claim, Ruling, User
from tests.api.conftest import Caller, Calling

ORDER: dict[str, Any] = {
    "kind": "restrict",
    "authority": "District court of Example",
    "ground": "Interim injunction 4 O 12/26",
    "ordered_on": "2026-02-11",
}


def test_an_owner_places_and_lifts(
    calling: Calling, published: Ruling, birch: User, anyone: Caller
) -> None:
    owner = calling(birch)
    made = owner.post("holds/", ORDER | {"claim": str(published.claim_id)})
    assert made.status == 201, made.raw
    assert (made.body["claim"], made.body["article"]) == (str(published.claim_id), None)
    assert (made.body["placed_by"], made.body["lifted_at"]) == ("Birch", None)
    assert anyone.get(f"claims/{published.claim_id}/").status == 451
    assert owner.get("holds/?standing=true").ids == [made.body["id"]]
    lift = f"holds/{made.body['id']}/lift/"
    assert owner.post(lift, {"because": ""}).field("because")
    lifted = owner.post(lift, {"because": "Set aside."})
    assert (lifted.status, lifted.body["lifted_because"]) == (200, "Set aside.")
    assert owner.post(lift, {"because": "Again."}).status == 409
    assert anyone.get(f"claims/{published.claim_id}/").status == 200
    assert owner.get("holds/?standing=true").ids == []


def test_an_article_is_named_by_its_slug(calling: Calling, claim: Claim, birch: User) -> None:
    owner = calling(birch)
    made = owner.post("holds/", ORDER | {"article": "council-spends-more"})
    assert (made.status, made.body["article"]) == (201, "council-spends-more")
    both = ORDER | {"article": "council-spends-more", "claim": str(claim.pk)}
    assert owner.post("holds/", both).field("claim")
    assert owner.post("holds/", ORDER | {"article": "none"}).status == 404
    assert owner.post("holds/", ORDER | {"claim": str(claim.pk), "ordered_on": None}).status == 400


def test_others_place_none_and_reviewers_and_readers_read_none(
    calling: Calling, published: Ruling, birch: User, robin: User, finch: User, anyone: Caller
) -> None:
    sent = ORDER | {"claim": str(published.claim_id)}
    for user in (robin, finch):
        assert calling(user).post("holds/", sent).status == 403
    assert anyone.post("holds/", sent).status == 401
    made = calling(birch).post("holds/", sent).body["id"]
    assert calling(robin).get(f"holds/{made}/").status == 200
    assert calling(robin).post(f"holds/{made}/lift/", {"because": "No."}).status == 403
    assert calling(finch).get(f"holds/{made}/").status == 404
    assert calling(finch).get("holds/").ids == []
    assert anyone.get("holds/").status == 401
