"""Marking claims, changing them, removing them, setting them aside: each role at this door."""

import pytest

from annotations.models import Appearance, Article, Claim, Event, Ruling, User
from tests.api.conftest import Caller, Calling

WORDS = "12% more in 2024"


@pytest.fixture
def body(article: Article) -> dict[str, object]:
    start = article.revisions.get(number=1).text.index(WORDS)
    return {"article": article.slug, "start": start, "end": start + len(WORDS)}


def test_a_reviewer_marks_a_claim(calling: Calling, finch: User, body: dict[str, object]) -> None:
    more = {
        "quote": WORDS,
        "statement": "The council spent 12 % more.",
        "kind": "numerical",
        "claimant": {"name": "The mayor", "role": "mayor"},
        "said_on": "2025-03-04",
        "topics": ["budget"],
    }
    made = calling(finch).post("claims/", body | more)
    assert made.status == 201, made.raw
    assert made.body["statement"] == "The council spent 12 % more."
    assert made.body["claimant"]["name"] == "The mayor"
    assert made.body["said_on"] == "2025-03-04"
    assert made.body["marked_by"] == "Finch"
    assert made.body["appearances"][0]["quote"] == WORDS
    assert made.body == calling(finch).get(f"claims/{made.body['id']}/").body
    assert Event.objects.filter(verb="mark", object_id=made.body["id"]).count() == 1


def test_a_moderator_is_told_the_same_by_the_mark_as_by_the_next_read(
    calling: Calling, robin: User, body: dict[str, object]
) -> None:
    made = calling(robin).post("claims/", body)
    assert made.body["state"] == "marked"
    assert made.body == calling(robin).get(f"claims/{made.body['id']}/").body


def test_the_statement_is_the_quote_unless_one_is_given(
    calling: Calling, finch: User, body: dict[str, object]
) -> None:
    assert calling(finch).post("claims/", body).body["statement"] == WORDS


def test_a_claimant_of_the_same_name_and_role_is_the_same(
    calling: Calling, finch: User, body: dict[str, object]
) -> None:
    def mark(**who: str) -> str:
        made = calling(finch).post("claims/", body | {"claimant": who})
        return str(made.body["claimant"]["id"])

    mayor = mark(name="The mayor", role="mayor")
    assert mark(name="The mayor", role="mayor") == mayor
    assert mark(name="The mayor") == mayor
    assert mark(name="The mayor", role="candidate") != mayor


@pytest.mark.parametrize(
    ("start", "end", "at"),
    [(5, 5, "start"), (9, 5, "start"), (0, 100_000, "end"), (2**31 - 1, 2**31 - 1, "end")],
)
def test_offsets_outside_the_text_are_refused_at_their_field(
    calling: Calling, finch: User, article: Article, start: int, end: int, at: str
) -> None:
    answer = calling(finch).post("claims/", {"article": article.slug, "start": start, "end": end})
    assert answer.status == 400
    assert answer.field(at)


def test_a_quote_that_is_not_the_text_is_refused_with_the_difference(
    calling: Calling, finch: User, body: dict[str, object]
) -> None:
    answer = calling(finch).post("claims/", body | {"quote": "13% more in 2024"})
    assert answer.status == 422
    assert "“3% more" in answer.field("quote")
    assert "“2% more" in answer.field("quote")
    assert not Claim.objects.exists()


def test_ends_inside_a_character_are_moved_out_and_the_answer_says_so(
    calling: Calling, finch: User, article: Article
) -> None:
    flag = article.revisions.get(number=1).text.index("🇺🇦")
    sent = {"article": article.slug, "start": flag + 1, "end": flag + 3}
    made = calling(finch).post("claims/", sent)
    place = made.body["appearances"][0]
    assert (place["start"], place["end"], place["quote"]) == (flag, flag + 4, "🇺🇦🇵🇱")


def test_a_quote_that_cuts_a_character_is_refused_with_the_offsets_to_send(
    calling: Calling, finch: User, article: Article
) -> None:
    flag = article.revisions.get(number=1).text.index("🇺🇦")
    sent = {"article": article.slug, "start": flag, "end": flag + 1, "quote": "🇺"}
    answer = calling(finch).post("claims/", sent)
    assert answer.status == 422
    assert f"{flag} to {flag + 2}" in answer.field("end")
    assert answer.body["widened"] == {"start": flag, "end": flag + 2}
    assert not Claim.objects.exists()
    again = calling(finch).post("claims/", sent | answer.body["widened"] | {"quote": "🇺🇦"})
    assert again.status == 201


def test_a_quote_keeps_its_blanks(calling: Calling, finch: User, article: Article) -> None:
    text = article.revisions.get(number=1).text
    start = text.index(" council spent ")
    sent = {"article": article.slug, "start": start, "end": start + 15, "quote": " council spent "}
    made = calling(finch).post("claims/", sent)
    assert made.status == 201, made.raw
    assert made.body["appearances"][0]["quote"] == " council spent "


def test_the_pages_own_words_are_not_marked(
    calling: Calling, finch: User, article: Article
) -> None:
    start = article.revisions.get(number=1).text.index("Share")
    sent = {"article": article.slug, "start": start, "end": start + 5}
    assert calling(finch).post("claims/", sent).status == 422


def test_a_revision_of_another_article_is_not_marked(
    calling: Calling, finch: User, body: dict[str, object]
) -> None:
    sent = body | {"revision": "0195a5f0-0000-7000-8000-000000000000"}
    answer = calling(finch).post("claims/", sent)
    assert answer.status == 400
    assert answer.field("revision")


def test_what_is_wrong_inside_the_claimant_is_told_there(
    calling: Calling, finch: User, body: dict[str, object]
) -> None:
    caller = calling(finch)
    role = caller.post("claims/", body | {"claimant": {"name": "A", "role": "b" * 201}})
    assert role.field("claimant.role")
    name = caller.post("claims/", body | {"claimant": {"name": "A\nB"}})
    assert name.field("claimant.name")


def test_who_marked_a_claim_changes_it(calling: Calling, finch: User, claim: Claim) -> None:
    change = {"statement": "Other", "claimant": {"name": "The mayor"}, "said_on": "2025-01-02"}
    made = calling(finch).patch(f"claims/{claim.pk}/", change)
    assert made.status == 200, made.raw
    assert (made.body["statement"], made.body["said_on"]) == ("Other", "2025-01-02")
    emptied = calling(finch).patch(f"claims/{claim.pk}/", {"claimant": None, "said_on": None})
    assert (emptied.body["claimant"], emptied.body["said_on"]) == (None, None)
    assert emptied.body["statement"] == "Other"


def test_another_reviewer_does_not_change_or_remove_it(
    calling: Calling, maple: User, claim: Claim
) -> None:
    assert calling(maple).patch(f"claims/{claim.pk}/", {"statement": "X"}).status == 403
    assert calling(maple).delete(f"claims/{claim.pk}/").status == 403


def test_a_moderator_and_the_owner_change_it(
    calling: Calling, robin: User, birch: User, claim: Claim
) -> None:
    for person in (robin, birch):
        assert calling(person).patch(f"claims/{claim.pk}/", {"kind": "causal"}).status == 200


def test_a_mark_is_undone(calling: Calling, finch: User, claim: Claim) -> None:
    assert calling(finch).delete(f"claims/{claim.pk}/").status == 204
    assert calling(finch).get(f"claims/{claim.pk}/").status == 404


def test_a_published_claim_keeps_its_words(
    calling: Calling, robin: User, published: Ruling
) -> None:
    answer = calling(robin).patch(f"claims/{published.claim_id}/", {"statement": "X"})
    assert answer.status == 409


def test_a_moderator_sets_aside_and_takes_back(
    calling: Calling, finch: User, robin: User, claim: Claim
) -> None:
    aside = {"set_aside_reason": "opinion"}
    assert calling(finch).post(f"claims/{claim.pk}/set-aside/", aside).status == 403
    caller = calling(robin)
    made = caller.post(f"claims/{claim.pk}/set-aside/", aside)
    assert (made.body["state"], made.body["set_aside_reason"]) == ("set_aside", "opinion")
    assert caller.post(f"claims/{claim.pk}/set-aside/", aside).status == 409
    assert calling(finch).post(f"claims/{claim.pk}/restore/").status == 403
    assert caller.post(f"claims/{claim.pk}/restore/", {"state": "published"}).status == 400
    assert caller.post(f"claims/{claim.pk}/restore/").body["state"] == "marked"
    no_reason = caller.post(f"claims/{claim.pk}/set-aside/", {"set_aside_reason": "bored"})
    assert "not_checkable" in no_reason.field("set_aside_reason")


def test_a_further_place_is_added_and_taken_away(
    calling: Calling, finch: User, article: Article, claim: Claim
) -> None:
    caller = calling(finch)
    start = article.revisions.get(number=1).text.index("Café")
    sent = {"claim": str(claim.pk), "article": article.slug, "start": start, "end": start + 4}
    made = caller.post("appearances/", sent)
    assert made.status == 201, made.raw
    assert made.body["quote"] == "Café"
    assert caller.post("appearances/", sent).status == 409
    assert len(caller.get(f"claims/{claim.pk}/").body["appearances"]) == 2
    assert caller.get(f"appearances/{made.body['id']}/").body == made.body
    assert caller.delete(f"appearances/{made.body['id']}/").status == 204
    last = Appearance.objects.get(claim=claim)
    assert caller.delete(f"appearances/{last.pk}/").status == 409


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("project=council", 2),
        ("project=harbour", 0),
        ("article=council-spends-more", 2),
        ("article=elsewhere", 0),
        ("state=marked", 1),
        ("state=published", 1),
        ("rating=false", 1),
        ("rating=true", 0),
        ("kind=factual", 2),
        ("kind=causal", 0),
        ("marked_by=me", 0),
        ("claimant=0195a5f0-0000-7000-8000-000000000000", 0),
        ("state=published&rating=false&project=council", 1),
    ],
)
def test_claims_are_asked_for_by_what_they_are(
    calling: Calling, robin: User, claim: Claim, published: Ruling, query: str, found: int
) -> None:
    assert len(calling(robin).get(f"claims/?{query}").ids) == found


def test_the_claims_that_one_marked_oneself(
    calling: Calling, finch: User, claim: Claim, half_judged: Claim
) -> None:
    assert calling(finch).get("claims/?marked_by=me").ids == [str(claim.pk)]


@pytest.mark.parametrize(
    "query",
    [
        "reviewer__password__regex=^p", "marked_by__password__startswith=p", "verdicts__rating=1",
        "verdicts__isnull=true", "ordering=verdicts", "q=x", "_connector=OR", "id__gt=1",
        "state__in=marked", "project__memberships__user=1", "page=2", "offset=1", "limit=1e9",
        "state=nonsense", "state=", "kind=nonsense", "claimant=1", "marked_by=robin",
        "cursor=!!", "cursor=aaaa", "cursor=%00", "page_size=0", "page_size=-1", "page_size=1.0",
        "page_size=%D9%A1%D9%A2", "page_size=x", "project=%00", "rating=%ED%A0%80%00",
        "state=marked&state=published", "format=json", "a%00b=1",
    ],
)  # fmt: skip
def test_what_is_no_filter_is_refused(anyone: Caller, query: str, db: None) -> None:
    """A1, A2."""
    answer = anyone.get(f"claims/?{query}")
    assert answer.status == 400, answer.raw
    assert answer.body["errors"]
