"""No update is lost: a change says which version it was made on (A27)."""

import datetime
from typing import Any

import pytest

from annotations.actions.asking import ask_for_another
from annotations.actions.comments import comment
from annotations.actions.gold import set_gold
from annotations.actions.publishers import ask_publisher
from annotations.actions.verdicts import submit_verdict
from annotations.models import (
    Appearance,
    Article,
    Claim,
    Evidence,
    Project,
    Rating,
    Ruling,
    User,
    Verdict,
)
from annotations.rules.publishers import Asking
from tests.api.conftest import Answer, Caller, Calling, judgement
from tests.api.test_rulings import conclusion


@pytest.fixture
def claim_address(claim: Claim) -> str:
    return f"claims/{claim.pk}/"


@pytest.fixture
def place_address(claim: Claim) -> str:
    return f"appearances/{Appearance.objects.get(claim=claim).pk}/"


@pytest.fixture
def article_address(article: Article) -> str:
    return f"articles/{article.slug}/"


@pytest.fixture
def project_address(project: Project) -> str:
    return f"projects/{project.slug}/"


@pytest.fixture
def rating_address(project: Project) -> str:
    return f"ratings/{Rating.objects.get(project=project, slug='false').pk}/"


@pytest.fixture
def source_address(published: Ruling) -> str:
    source = Evidence.objects.filter(verdict__claim=published.claim).values_list("source")[0][0]
    return f"sources/{source}/"


@pytest.fixture
def verdict_address(draft: Verdict) -> str:
    return f"verdicts/{draft.pk}/"


@pytest.fixture
def request_address(published: Ruling, robin: User) -> str:
    asking = Asking("Example Times", "editors", datetime.date(2026, 3, 2), "To say 11%.")
    return f"publisher-corrections/{ask_publisher(published.claim_id, asking, actor=robin).pk}/"


@pytest.fixture
def comment_address(claim: Claim, finch: User) -> str:
    return f"comments/{comment(claim.pk, 'See the annex.', actor=finch).pk}/"


@pytest.fixture
def gold_address(claim: Claim, robin: User) -> str:
    return f"gold/{set_gold(claim.pk, 'true', 'So says the budget.', actor=robin).pk}/"


# The address of a thing, two people who may change it, and what each of them changes.
Change = dict[str, Any]
CHANGES: dict[str, tuple[str, str, Change, Change]] = {
    "claim_address": ("finch", "robin", {"statement": "One."}, {"statement": "Another."}),
    "place_address": ("finch", "robin", {"start": 44, "end": 75}, {"start": 44, "end": 80}),
    "article_address": ("robin", "birch", {"publisher": "One"}, {"author": "Another"}),
    "project_address": ("birch", "birch", {"name": "One"}, {"description": "Another"}),
    "rating_address": ("birch", "birch", {"name": "One"}, {"definition": "Another."}),
    "source_address": ("robin", "birch", {"reliability": "mixed"}, {"reliability": "unreliable"}),
    "request_address": ("robin", "birch", {"publisher": "One"}, {"asked": "Another"}),
    "verdict_address": ("finch", "finch", {"rationale": "One."}, {"confidence": "low"}),
    "comment_address": ("finch", "finch", {"text": "One."}, {"text": "Another."}),
    "gold_address": ("robin", "birch", {"rating": "false"}, {"explanation": "Another."}),
}
# What is done to a thing for good on the words that were read: by whom, and with which body.
STEPS: dict[str, tuple[str, str, Change | None]] = {
    "claim_address": ("set-aside/", "robin", {"set_aside_reason": "opinion"}),
    "comment_address": ("remove/", "robin", {"reason": "Off the subject."}),
    "rating_address": ("retire/", "birch", {"replaced_by": "misleading"}),
    "gold_address": ("unset/", "robin", None),
    "verdict_address": ("submit/", "finch", None),
}


@pytest.fixture(params=CHANGES)
def changed_twice(
    request: pytest.FixtureRequest, db: None, calling: Calling
) -> tuple[str, Caller, Caller, Change, Change]:
    """A thing's address, two callers with one version of it before them, and their changes."""
    address = request.getfixturevalue(request.param)
    one, other, first, second = CHANGES[request.param]
    people = {name: calling(request.getfixturevalue(name)) for name in {one, other}}
    return address, people[one], people[other], first, second


Twice = tuple[str, Caller, Caller, Change, Change]


def version(answer: Answer) -> str:
    """What a tag says of the thing, whoever reads it and whatever else stands in the answer."""
    return answer.headers["ETag"].strip('"').partition("/")[0]


def test_of_two_changes_on_one_version_the_second_is_told_what_the_first_made(
    changed_twice: Twice,
) -> None:
    address, one, other, first, second = changed_twice
    seen, also_seen = one.get(address), other.get(address)
    assert version(seen) == version(also_seen)
    made = one.patch(address, first, If_Match=seen.headers["ETag"])
    assert made.status == 200, made.body
    late = other.patch(address, second, If_Match=also_seen.headers["ETag"])
    assert late.status == 412
    assert late.body["title"] == "Changed meanwhile"
    for name, value in first.items():
        assert late.body["current"][name] == value
    now = other.get(address)
    assert version(now) == version(made) == late.body["version"]
    assert one.get(address).headers["ETag"] == made.headers["ETag"]
    for name, value in first.items():
        assert now.body[name] == value


def test_a_change_on_the_newest_version_is_made_and_is_a_new_version(changed_twice: Twice) -> None:
    address, one, other, first, second = changed_twice
    made = one.patch(address, first, If_Match=one.get(address).headers["ETag"])
    again = other.patch(address, second, If_Match=made.headers["ETag"])
    assert again.status == 200, again.body
    assert again.headers["ETag"] != made.headers["ETag"]


def test_a_change_that_names_no_version_is_told_how(changed_twice: Twice) -> None:
    address, one, _, first, _ = changed_twice
    before = one.get(address).headers["ETag"]
    answer = one.patch(address, first, If_Match="")
    assert answer.status == 428
    assert "If-Match" in answer.body["detail"]
    assert one.get(address).headers["ETag"] == before


def test_whoever_does_not_care_says_so(changed_twice: Twice) -> None:
    address, one, other, first, second = changed_twice
    assert one.patch(address, first, If_Match="*").status == 200
    assert other.patch(address, second, If_Match="*").status == 200


def test_a_tag_that_a_proxy_has_weakened_still_names_its_version(
    changed_twice: Twice,
) -> None:
    address, one, _, first, _ = changed_twice
    tag = one.get(address).headers["ETag"]
    assert one.patch(address, first, If_Match=f"W/{tag}").status == 200


def test_a_version_is_enough_and_what_a_proxy_adds_to_a_tag_is_passed_over(
    calling: Calling, claim: Claim, finch: User
) -> None:
    address, caller = f"claims/{claim.pk}/", calling(finch)
    tag = caller.get(address).headers["ETag"].strip('"')
    for sent in (tag.partition("/")[0], f"{tag}-gzip"):
        assert caller.patch(address, {"statement": "S"}, If_Match=f'"{sent}"').status == 200
        assert caller.patch(address, {"statement": claim.statement}, If_Match="*").status == 200


@pytest.mark.parametrize(
    "tag", ["abc", '"/abc"', '"a", "b"', '"', 'W/"', '"a\x01"', '"' + "a" * 200 + '"']
)
def test_what_is_no_tag_is_refused(calling: Calling, claim: Claim, finch: User, tag: str) -> None:
    answer = calling(finch).patch(f"claims/{claim.pk}/", {"statement": "One."}, If_Match=tag)
    assert answer.status == 400
    assert "If-Match" in answer.field("If-Match")


@pytest.mark.parametrize("address", ["claim_address", "verdict_address"])
def test_nothing_is_removed_that_was_changed_meanwhile(
    request: pytest.FixtureRequest, db: None, calling: Calling, finch: User, address: str
) -> None:
    at = request.getfixturevalue(address)
    caller = calling(finch)
    seen = caller.get(at).headers["ETag"]
    change = CHANGES[address][2]
    assert caller.patch(at, change, If_Match=seen).status == 200
    assert caller.delete(at, If_Match=seen).status == 412
    now = caller.get(at)
    assert now.status == 200
    assert caller.delete(at, If_Match=now.headers["ETag"]).status == 204


def test_who_changed_it_and_when_is_said(
    calling: Calling, claim: Claim, finch: User, robin: User
) -> None:
    address = f"claims/{claim.pk}/"
    seen = calling(finch).get(address).headers["ETag"]
    calling(robin).patch(address, {"statement": "The mayor’s figure."}, If_Match=seen)
    late = calling(finch).patch(address, {"statement": "Mine."}, If_Match=seen)
    assert late.body["detail"].startswith("Robin changed this on ")


def test_a_version_tells_nothing_of_others_verdicts(
    calling: Calling, claim: Claim, finch: User, maple: User
) -> None:
    address = f"claims/{claim.pk}/"
    before = calling(finch).get(address)
    submit_verdict(claim.pk, judgement(), actor=maple)
    after = calling(finch).get(address)
    assert before.headers["ETag"] == after.headers["ETag"]
    assert before.raw == after.raw


@pytest.mark.parametrize("address", STEPS)
def test_no_step_is_taken_on_words_that_were_changed_meanwhile(
    request: pytest.FixtureRequest, db: None, calling: Calling, address: str
) -> None:
    at = request.getfixturevalue(address)
    step, who, sent = STEPS[address]
    changer, _, change, _ = CHANGES[address]
    taker = calling(request.getfixturevalue(who))
    seen = taker.get(at).headers["ETag"]
    assert taker.post(at + step, sent, If_Match="").status == 428
    changed = calling(request.getfixturevalue(changer)).patch(at, change, If_Match=seen)
    assert changed.status == 200, changed.body
    late = taker.post(at + step, sent, If_Match=seen)
    assert late.status == 412
    for name, value in change.items():
        assert late.body["current"][name] == value
    done = taker.post(at + step, sent, If_Match=f'"{late.body["version"]}"')
    assert done.status in (200, 204), done.body


def test_a_claim_is_taken_back_as_it_was_read(
    calling: Calling, claim_address: str, robin: User, birch: User
) -> None:
    caller = calling(robin)
    seen = caller.get(claim_address).headers["ETag"]
    caller.post(f"{claim_address}set-aside/", {"set_aside_reason": "opinion"}, If_Match=seen)
    calling(birch).patch(claim_address, {"kind": "opinion"}, If_Match=seen)
    assert caller.post(f"{claim_address}restore/", If_Match="").status == 428
    assert caller.post(f"{claim_address}restore/", If_Match=seen).status == 412
    now = caller.get(claim_address).headers["ETag"]
    assert caller.post(f"{claim_address}restore/", If_Match=now).body["state"] == "marked"


def test_nobody_rules_on_verdicts_that_were_not_read(
    calling: Calling, agreed: Claim, robin: User, maple: User
) -> None:
    caller, read = calling(robin), f"verdicts/?claim={agreed.pk}"
    seen = caller.get(read).headers["ETag"]
    ruling = conclusion(agreed, reason="The later figures are the complete ones.")
    told = caller.post("rulings/", ruling, If_Match="")
    assert told.status == 428
    newer = submit_verdict(agreed.pk, judgement("true", "three"), actor=maple)
    late = caller.post("rulings/", ruling, If_Match=seen)
    assert late.status == 412
    assert late.body["detail"].startswith("Maple submitted a verdict after you opened this claim.")
    assert not Ruling.objects.exists()
    in_force = {one["reviewer"]: one for one in late.body["current"]["verdicts"]}
    assert set(in_force) == {"Finch", "Maple"}
    maples = in_force["Maple"]
    assert (maples["id"], maples["rating"], maples["version"]) == (str(newer.pk), "true", 2)
    now = caller.get(f"{read}&condition=current&page_size=1").headers["ETag"]
    assert now.startswith(f'"{late.body["version"]}/')
    assert caller.post("rulings/", ruling, If_Match=now).status == 201


@pytest.mark.parametrize("step", ["ask-for-another", "ask-no-more"])
def test_nobody_asks_for_more_or_fewer_verdicts_than_were_read(
    calling: Calling, agreed: Claim, robin: User, maple: User, step: str
) -> None:
    if step == "ask-no-more":
        ask_for_another(agreed.pk, actor=robin)
    caller, read, address = calling(robin), f"verdicts/?claim={agreed.pk}", f"claims/{agreed.pk}/"
    seen = caller.get(read).headers["ETag"]
    assert caller.post(f"{address}{step}/", If_Match="").status == 428
    submit_verdict(agreed.pk, judgement("true", "three"), actor=maple)
    assert caller.post(f"{address}{step}/", If_Match=seen).status == 412
    now = caller.get(read).headers["ETag"]
    assert caller.post(f"{address}{step}/", If_Match=now).status == 200


def test_the_version_of_verdicts_tells_a_blind_reviewer_nothing(
    calling: Calling, claim: Claim, finch: User, maple: User, robin: User
) -> None:
    read = f"verdicts/?claim={claim.pk}"
    before = {who.username: calling(who).get(read).headers["ETag"] for who in (finch, robin)}
    submit_verdict(claim.pk, judgement(), actor=maple)
    assert calling(finch).get(read).headers["ETag"] == before["finch"]
    assert calling(robin).get(read).headers["ETag"] != before["robin"]


def test_a_draft_that_nobody_read_is_not_overwritten(
    calling: Calling, draft: Verdict, finch: User
) -> None:
    sent = {"claim": str(draft.claim_id), "rationale": "Mine."}
    late = calling(finch).post("verdicts/", sent)
    assert late.status == 409
    assert late.body["current"]["rationale"] == "Rationale draft"
    known = sent | {"based_on": late.body["version"]}
    assert calling(finch).post("verdicts/", known).status == 201
