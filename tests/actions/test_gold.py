"""Gold items: who is lent one, what it takes to make one, and that its verdicts make no ruling."""

import pytest

from annotations.actions.assignments import take, take_next
from annotations.actions.gold import set_gold, unset_gold
from annotations.actions.handing_out import put_back
from annotations.actions.projects import edit_project
from annotations.actions.verdicts import submit_verdict
from annotations.models import Article, Claim, Event, Project, User
from annotations.rules.refusals import Conflict, Malformed, NotAllowed, NotFound
from tests.actions.given import judged, judgement, marked, published


@pytest.fixture
def gold(article: Article, robin: User) -> Claim:
    claim = marked(article, robin, "Café prices doubled")
    set_gold(claim.pk, "false", "They rose by a tenth.", actor=robin)
    return claim


@pytest.fixture
def plain(article: Article, robin: User) -> Claim:
    return marked(article, robin)


def test_a_gold_item_is_mixed_in_as_often_as_the_project_says(
    project: Project, gold: Claim, plain: Claim, finch: User, maple: User, birch: User
) -> None:
    lease = take_next(project.pk, actor=finch)
    assert lease
    assert lease.claim == plain, "none is, at first"
    edit_project(project.pk, actor=birch, gold_every=1)
    lease = take_next(project.pk, actor=maple)
    assert lease
    assert lease.claim == gold
    lease = take_next(project.pk, actor=maple)
    assert lease
    assert lease.claim == plain, "each gold item once"


def test_everyone_is_lent_a_gold_item_but_who_made_it(
    project: Project, gold: Claim, finch: User, maple: User, robin: User, birch: User
) -> None:
    edit_project(project.pk, actor=birch, gold_every=1, verdicts_required=1)
    for who in (finch, maple, birch):
        lease = take_next(project.pk, actor=who)
        assert lease
        assert lease.claim == gold
        submit_verdict(gold.pk, judgement("false"), actor=who)
    assert take_next(project.pk, actor=robin) is None


def test_its_verdicts_make_no_ruling(
    gold: Claim, finch: User, maple: User, robin: User, birch: User
) -> None:
    judged(gold, (finch, "false"), (maple, "false"))
    with pytest.raises(Conflict, match="gold item, whose verdicts make no ruling"):
        published(gold, birch)
    assert gold not in Claim.objects.to_rule(robin)
    unset_gold(gold.pk, actor=robin)
    assert gold in Claim.objects.to_rule(robin)
    assert published(gold, birch)


def test_a_gold_item_says_what_is_right_and_why(plain: Claim, robin: User) -> None:
    with pytest.raises(Malformed) as refused:
        set_gold(plain.pk, "whim", "", actor=robin)
    assert sorted(refused.value.problems) == ["explanation", "rating"]
    set_gold(plain.pk, "true", "So says the budget.", actor=robin)
    set_gold(plain.pk, "mostly-true", "So says the budget.", actor=robin)
    last = Event.objects.filter(verb="set_gold").order_by("-id")[0]
    assert last.before == {"rating": "true", "explanation": "So says the budget."}
    assert last.after == {"rating": "mostly-true", "explanation": "So says the budget."}
    unset_gold(plain.pk, actor=robin)
    with pytest.raises(NotFound):
        unset_gold(plain.pk, actor=robin)


def test_only_a_claim_without_a_ruling_in_a_blind_project_measures_anybody(
    project: Project, plain: Claim, finch: User, maple: User, robin: User, birch: User
) -> None:
    edit_project(project.pk, actor=birch, blind=False)
    with pytest.raises(Conflict, match="measures nobody"):
        set_gold(plain.pk, "true", "So says the budget.", actor=robin)
    edit_project(project.pk, actor=birch, blind=True)
    published(judged(plain, (finch, "true"), (maple, "true")), robin)
    with pytest.raises(Conflict, match="without a ruling"):
        set_gold(plain.pk, "true", "So says the budget.", actor=robin)


def test_a_reviewer_finds_no_difference_by_asking_for_it(
    gold: Claim, finch: User, robin: User
) -> None:
    with pytest.raises(Conflict, match="not lent out now"):
        take(gold.pk, actor=finch)
    with pytest.raises(NotAllowed, match="for moderators"):
        set_gold(gold.pk, "true", "x", actor=finch)
    with pytest.raises(Conflict, match="gold item"):
        put_back(gold.pk, actor=robin)
