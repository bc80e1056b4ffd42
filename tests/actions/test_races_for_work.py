"""Fifty reviewers at one queue, with real connections: as many get a claim as it needs."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F

from annotations.actions.access import lock_claim
from annotations.actions.assignments import give_back, take, take_next
from annotations.actions.claims import mark_claim
from annotations.actions.handing_out import reassign
from annotations.actions.projects import edit_project, set_role
from annotations.actions.verdicts import submit_verdict
from annotations.models import Article, Assignment, Claim, Project, User, Verdict
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Conflict
from tests.actions.given import judgement, marked
from tests.actions.test_races import one_after_the_other, refusals, together
from tests.conftest import person

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 50


@pytest.fixture
def crowd(project: Project, birch: User) -> list[User]:
    people = [person(f"reviewer-{n}", f"Reviewer {n}") for n in range(MANY)]
    for one in people:
        set_role(project.pk, one.pk, "reviewer", actor=birch)
    return people


def test_of_fifty_who_take_the_next_claim_each_claim_has_as_many_winners_as_it_needs(
    project: Project, article: Article, crowd: list[User], finch: User
) -> None:
    """A29: twenty claims of two verdicts: forty winners, and ten who are told there is nothing."""
    claims = [mark_claim(article.pk, n, n + 3, actor=finch).claim for n in range(20)]
    results = together(*(lambda who=one: take_next(project.pk, actor=who) for one in crowd))
    assert refusals(results) == []
    winners = Counter(one.claim_id for one in results if isinstance(one, Assignment))
    assert winners == dict.fromkeys((claim.pk for claim in claims), 2)
    assert results.count(None) == MANY - 40
    assert Assignment.objects.count() == 40


def test_of_fifty_who_take_the_same_claim_one_wins(
    project: Project, article: Article, crowd: list[User], birch: User, finch: User
) -> None:
    """A29."""
    edit_project(project.pk, actor=birch, verdicts_required=1)
    claim = marked(article, finch)
    results = together(*(lambda who=one: take(claim.pk, actor=who) for one in crowd))
    assert refusals(results) == [Conflict] * (MANY - 1)
    assert Assignment.objects.live().count() == 1


def test_a_taker_waits_for_nobody(
    project: Project, article: Article, finch: User, maple: User
) -> None:
    """The first claim is locked by somebody for as long as the taker needs: the second is lent."""
    first, second = marked(article, finch), marked(article, finch, "Café prices doubled")
    locked, taken = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            lock_claim(first.pk, finch, Verb.JUDGE)
            locked.set()
            assert taken.wait(60)

    def pass_by() -> Assignment | None:
        assert locked.wait(60)
        lease = take_next(project.pk, actor=maple)
        taken.set()
        return lease

    lease = together(hold, pass_by)[1]
    assert isinstance(lease, Assignment)
    assert lease.claim_id == second.pk


def test_two_tabs_of_one_reviewer_take_two_claims(
    project: Project, article: Article, finch: User
) -> None:
    marked(article, finch), marked(article, finch, "Café prices doubled")  # noqa: B018
    act = lambda: take_next(project.pk, actor=finch)  # noqa: E731
    leases = together(act, act)
    assert len({one.claim_id for one in leases if isinstance(one, Assignment)}) == 2


@pytest.fixture
def run_out(project: Project, article: Article, finch: User, birch: User) -> Claim:
    """A claim of one verdict, of which Finch's loan has run out."""
    edit_project(project.pk, actor=birch, verdicts_required=1)
    claim = marked(article, finch)
    take(claim.pk, actor=finch)
    day = timedelta(days=1)
    Assignment.objects.update(lent_at=F("lent_at") - day, until=F("until") - day)
    return claim


@pytest.mark.parametrize("turn", [1, -1])
def test_a_verdict_is_never_lost_to_who_takes_the_claim_as_the_loan_runs_out(
    turn: int, run_out: Claim, project: Project, finch: User, maple: User
) -> None:
    acts = (
        lambda: submit_verdict(run_out.pk, judgement(), actor=finch),
        lambda: take(run_out.pk, actor=maple),
    )
    results = one_after_the_other(*acts[::turn])
    assert Verdict.objects.current().get().reviewer == finch
    # Who came second to a claim that is judged is told; who was first has it and may judge as well.
    assert refusals(results) == ([Conflict] if turn == 1 else [])


def test_giving_back_and_being_reassigned_at_once_leaves_one_end(
    article: Article, finch: User, maple: User, robin: User
) -> None:
    lease = take(marked(article, finch).pk, actor=finch)
    results = together(
        lambda: give_back(lease.pk, actor=finch),
        lambda: reassign(lease.pk, maple.pk, actor=robin),
    )
    lease.refresh_from_db()
    assert lease.how in ("given_back", "reassigned")
    assert set(refusals(results)) <= {Conflict}
