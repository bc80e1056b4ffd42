"""Work that is lent, skipped and handed out, and gold items, over the API."""

from annotations.actions.assignments import take
from annotations.actions.gold import set_gold
from annotations.actions.handing_out import hold_back
from annotations.actions.projects import edit_project
from annotations.models import Article, Claim, Project, User
from tests.api.conftest import Calling, mark


def test_a_reviewer_takes_the_next_claim_keeps_it_and_gives_it_back(
    calling: Calling, finch: User, maple: User, claim: Claim
) -> None:
    caller = calling(finch)
    answer = caller.post("assignments/next/", {"project": "council"})
    assert answer.status == 201
    lease = answer.body
    assert (lease["claim"], lease["reviewer"], lease["assigned_by"], lease["how"]) == (
        str(claim.pk), "Finch", None, "",
    )  # fmt: skip
    assert caller.post(f"assignments/{lease['id']}/prolong/").body["until"] >= lease["until"]
    assert caller.get("assignments/?live=true&reviewer=me").ids == [lease["id"]]
    assert calling(maple).get("assignments/").ids == [], "others' loans are not told"
    assert caller.post(f"assignments/{lease['id']}/give-back/").body["how"] == "given_back"
    assert caller.get("assignments/?live=true").ids == []
    assert caller.get(f"assignments/?live=false&claim={claim.pk}&project=council").ids == [
        lease["id"]
    ]
    assert caller.get(f"assignments/{lease['id']}/").body["ended_at"]


def test_where_nothing_is_left_that_is_said(calling: Calling, finch: User, claim: Claim) -> None:
    caller = calling(finch)
    caller.post("assignments/next/", {"project": "council"})
    answer = caller.post("assignments/next/", {"project": "council"})
    assert answer.status == 409
    assert "Nothing is left for you" in answer.raw.decode()


def test_one_takes_a_claim_or_an_article_by_name(
    calling: Calling, finch: User, claim: Claim, article: Article
) -> None:
    caller = calling(finch)
    assert caller.post("assignments/", {"claim": str(claim.pk)}).status == 201
    lease = caller.post("assignments/", {"article": article.slug}).body
    assert lease["article"] == article.slug
    done = caller.post(f"assignments/{lease['id']}/give-back/", {"done": True})
    assert done.body["how"] == "finished"
    both = {"claim": str(claim.pk), "article": article.slug}
    for wrong, field in (
        ({}, "claim"), (both, "claim"), ({"claim": str(claim.pk), "minutes": 5}, "minutes"),
    ):  # fmt: skip
        answer = caller.post("assignments/", wrong)
        assert (answer.status, bool(answer.field(field))) == (400, True)


def test_a_moderator_lends_lends_to_another_and_takes_back(
    calling: Calling, finch: User, maple: User, robin: User, claim: Claim, article: Article
) -> None:
    caller = calling(robin)
    sent = {"claim": str(claim.pk), "reviewer": "finch", "minutes": 600}
    lease = caller.post("assignments/", sent).body
    assert (lease["reviewer"], lease["assigned_by"]) == ("Finch", "Robin")
    sent = {"article": article.slug, "reviewer": "Maple"}
    assert caller.post("assignments/", sent).status == 201
    moved = caller.post(f"assignments/{lease['id']}/reassign/", {"reviewer": "Maple"}).body
    assert moved["reviewer"] == "Maple"
    assert len(calling(maple).get("assignments/").ids) == 2
    assert caller.post(f"assignments/{moved['id']}/take-back/").body["how"] == "taken_back"
    answer = caller.post("assignments/", {"claim": str(claim.pk), "reviewer": "Osprey"})
    assert answer.field("reviewer") == "Nobody of this name works in the project."
    answer = calling(finch).post("assignments/", {"claim": str(claim.pk), "reviewer": "Maple"})
    assert answer.status == 403


def test_a_claim_is_skipped_and_put_back(
    calling: Calling, finch: User, robin: User, claim: Claim
) -> None:
    caller = calling(finch)
    path = f"claims/{claim.pk}/"
    assert caller.post(path + "skip/", {"reason": "whim"}).status == 400
    skipped = caller.post(path + "skip/", {"reason": "unclear", "for_all": True}).body
    assert skipped["asks_all"] is True
    assert caller.post("assignments/next/", {"project": "council"}).status == 409
    assert caller.post(path + "put-back/").status == 403
    assert calling(robin).post(path + "put-back/").status == 204


def test_a_gold_item_is_the_moderators_until_it_was_judged(
    calling: Calling, project: Project, article: Article, finch: User, maple: User, robin: User,
    birch: User,
) -> None:  # fmt: skip
    """Before the verdict no address tells it from a claim that is held back."""
    gold = mark(article, "We have never spent this much on schools", robin)
    plain = mark(article, "Café prices doubled", robin)
    hold_back(plain.pk, actor=robin)
    sent = {"claim": str(gold.pk), "rating": "false", "explanation": "So says the canary."}
    assert calling(finch).post("gold/", sent).status == 403
    item = calling(robin).post("gold/", sent).body
    caller = calling(finch)

    def told(claim: Claim) -> list[object]:
        key, seen = str(claim.pk), []
        for path in (
            "claims/", f"claims/{key}/", f"verdicts/?claim={key}", "gold/", "sources/",
            f"gold/{item['id']}/", f"assignments/?claim={key}", f"articles/{article.slug}/record/",
        ):  # fmt: skip
            answer = caller.get(path)
            assert b"canary" not in answer.raw
            seen.append((answer.status, sorted(answer.body)))
        refused = caller.post("assignments/", {"claim": key})
        return [*seen, refused.status, refused.body["errors"]]

    assert told(gold) == told(plain)
    edit_project(project.pk, actor=birch, gold_every=1)
    lease = caller.post("assignments/next/", {"project": "council"}).body
    held = take(mark(article, "12%", robin).pk, actor=finch)
    assert lease["claim"] == str(gold.pk)
    assert sorted(lease) == sorted(caller.get(f"assignments/{held.pk}/").body)

    verdict = {
        "claim": str(gold.pk), "rating": "true", "rationale": "So it is.", "submit": True,
        "evidence": [{"stance": "supports", "address": "https://example.org/"}],
    }  # fmt: skip
    assert caller.post("verdicts/", verdict).status == 201
    assert caller.get("gold/?project=council").ids == [item["id"]]
    edit_project(project.pk, actor=birch, gold_mode="measuring")
    assert caller.get("gold/").ids == []
    assert calling(robin).get("gold/").ids == [item["id"]]
    assert caller.post(f"gold/{item['id']}/unset/").status == 404
    assert calling(robin).post(f"gold/{item['id']}/unset/").status == 204


def test_a_gold_item_is_refused_at_its_fields(
    calling: Calling, article: Article, claim: Claim, robin: User
) -> None:
    sent = {"claim": str(claim.pk), "rating": "whim", "explanation": " "}
    answer = calling(robin).post("gold/", sent)
    assert answer.field("rating")
    assert answer.field("explanation")
    set_gold(claim.pk, "true", "The budget says so.", actor=robin)
    again = calling(robin).post("gold/", sent | {"rating": "false", "explanation": "Otherwise."})
    assert (again.status, again.body["current"]["rating"]) == (409, "true")
    item = calling(robin).get("gold/").ids[0]
    changed = calling(robin).patch(f"gold/{item}/", {"rating": "false"})
    assert (changed.body["rating"], changed.body["explanation"]) == ("false", "The budget says so.")
    refused = calling(robin).patch(f"gold/{item}/", {"rating": "whim"})
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, "rating")
    assert calling(robin).get(f"gold/{changed.body['id']}/").body == changed.body
