"""Work that is lent: who gets what from the queue, how long it is theirs, how it ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from annotations.actions.assignments import (
    NOT_LENT,
    give_back,
    note_lapsed,
    prolong,
    skip,
    take,
    take_article,
    take_next,
)
from annotations.actions.claims import edit_claim, set_aside
from annotations.actions.handing_out import (
    assign,
    assign_article,
    hold_back,
    put_back,
    reassign,
    take_back,
)
from annotations.actions.people import edit_account
from annotations.actions.projects import edit_project, set_role
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import Article, Assignment, Claim, Event, Project, Skip, User
from annotations.rules.refusals import Conflict, Malformed, NotAllowed, NotFound
from annotations.rules.work import MOST_IN_HAND
from tests.actions.given import judged, judgement, marked
from tests.conftest import person

QUOTES = ("The council", "spent 12% more in 2024", "We have never spent", "Café prices doubled")


@pytest.fixture
def claims(article: Article, robin: User) -> list[Claim]:
    """Four claims, oldest first, on which nobody has worked yet."""
    return [marked(article, robin, quote) for quote in QUOTES]


def ran_out(lease: Assignment) -> None:
    """Let the loan's time pass: what it was lent for lies a day back."""
    day = timedelta(days=1)
    Assignment.objects.filter(pk=lease.pk).update(
        lent_at=F("lent_at") - day, until=F("until") - day
    )


def taken(project: Project, who: User) -> str | None:
    lease = take_next(project.pk, actor=who)
    return lease.claim.statement if lease and lease.claim else None


def how(lease: Assignment) -> str:
    lease.refresh_from_db()
    return lease.how


# ---------- the queue ----------


def test_the_oldest_claim_is_lent_first_and_to_as_many_as_it_needs(
    project: Project, claims: list[Claim], finch: User, maple: User, robin: User
) -> None:
    assert [taken(project, who) for who in (finch, maple, robin)] == [
        "The council", "The council", "spent 12% more in 2024",
    ]  # fmt: skip
    assert taken(project, finch) == "spent 12% more in 2024", "never the same claim twice"


def test_the_most_check_worthy_claim_is_lent_first_where_the_project_says_so(
    project: Project, claims: list[Claim], finch: User, birch: User, robin: User
) -> None:
    edit_project(project.pk, actor=birch, queue_order="most_worthy")
    edit_claim(claims[3].pk, actor=robin, kind="numerical", claimant="The chamber of commerce")
    edit_claim(claims[2].pk, actor=robin, kind="opinion")
    assert [taken(project, finch) for _ in claims] == [
        "Café prices doubled", "spent 12% more in 2024", "The council", "We have never spent",
    ]  # fmt: skip


def test_a_queue_by_lot_lends_every_claim_once(
    project: Project, claims: list[Claim], finch: User, birch: User
) -> None:
    edit_project(project.pk, actor=birch, queue_order="random")
    assert {taken(project, finch) for _ in claims} == set(QUOTES)
    assert taken(project, finch) is None


def test_a_verdict_takes_a_place_as_a_loan_does(
    project: Project, claims: list[Claim], finch: User, maple: User, robin: User
) -> None:
    judged(claims[0], (robin, "true"))
    assert taken(project, finch) == "The council"
    assert taken(project, maple) == "spent 12% more in 2024"


def test_one_is_not_lent_what_one_has_judged(
    project: Project, claims: list[Claim], finch: User
) -> None:
    judged(claims[0], (finch, "true"))
    assert taken(project, finch) == "spent 12% more in 2024"


def test_what_is_set_aside_or_held_back_is_not_lent(
    project: Project, claims: list[Claim], finch: User, robin: User
) -> None:
    set_aside(claims[0].pk, "opinion", actor=robin)
    hold_back(claims[1].pk, actor=robin, reason="Wait for the budget.")
    assert taken(project, finch) == "We have never spent"
    put_back(claims[1].pk, actor=robin)
    assert taken(project, finch) == "spent 12% more in 2024"


def test_nobody_hoards_claims(project: Project, article: Article, finch: User) -> None:
    for start in range(MOST_IN_HAND + 1):
        marked(article, finch, "council spends more"[start:])
    for _ in range(MOST_IN_HAND):
        take_next(project.pk, actor=finch)
    with pytest.raises(Conflict, match="10 claims in hand"):
        take_next(project.pk, actor=finch)


def test_taking_work_takes_as_many_queries_for_many_claims_as_for_one(
    project: Project, article: Article, finch: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    for start in range(8):
        marked(article, finch, "council spends more"[start:])
    for _ in range(2):
        with django_assert_num_queries(8):  # two of them the savepoint around it
            take_next(project.pk, actor=finch)


# ---------- how long, and how it ends ----------


def test_a_loan_lasts_as_long_as_the_project_says_and_working_prolongs_it(
    project: Project, claims: list[Claim], finch: User, birch: User
) -> None:
    lease = take(claims[0].pk, actor=finch)
    assert lease.until - lease.lent_at == pytest.approx(timedelta(minutes=30), abs=timedelta(0, 1))
    edit_project(project.pk, actor=birch, lease_minutes=60)
    save_draft(claims[0].pk, judgement(), actor=finch)
    lease.refresh_from_db()
    assert lease.until - lease.lent_at >= timedelta(minutes=60)
    edit_project(project.pk, actor=birch, lease_minutes=5)
    assert prolong(lease.pk, actor=finch).until == lease.until, "it is never made shorter"


def test_what_a_verdict_or_a_skip_has_ended_is_not_called_run_out(
    claims: list[Claim], finch: User
) -> None:
    judged_first, skipped_first = (take(claim.pk, actor=finch) for claim in claims[:2])
    judged(claims[0], (finch, "true"))
    skip(claims[1].pk, "unclear", actor=finch)
    for lease, ended in ((judged_first, "finished"), (skipped_first, "given_back")):
        assert prolong(lease.pk, actor=finch).until == lease.until
        assert how(lease) == ended


def test_a_loan_that_ran_out_is_anothers_to_take_without_a_job(
    project: Project, claims: list[Claim], finch: User, maple: User, robin: User, birch: User
) -> None:
    edit_project(project.pk, actor=birch, verdicts_required=1)
    lease = take_next(project.pk, actor=finch)
    assert lease
    ran_out(lease)
    assert taken(project, maple) == "The council"
    with pytest.raises(Conflict, match="you may submit it all the same"):
        prolong(lease.pk, actor=finch)
    with pytest.raises(Conflict, match="not lent out now"):
        take(claims[0].pk, actor=finch)
    assert how(lease) == ""
    assert note_lapsed() == 1
    assert how(lease) == "lapsed"
    assert lease.ended_at == lease.until


def test_who_let_a_loan_run_out_may_take_it_again(
    project: Project, claims: list[Claim], finch: User
) -> None:
    first = take(claims[0].pk, actor=finch)
    ran_out(first)
    second = take(claims[0].pk, actor=finch)
    assert second != first
    assert how(first) == "lapsed"
    assert take(claims[0].pk, actor=finch) == second


def test_a_verdict_is_taken_though_the_loan_ran_out_and_others_have_the_claim(
    project: Project, claims: list[Claim], finch: User, maple: User, robin: User
) -> None:
    lease = take(claims[0].pk, actor=finch)
    ran_out(lease)
    take(claims[0].pk, actor=maple)
    take(claims[0].pk, actor=robin)
    submit_verdict(claims[0].pk, judgement(), actor=finch)
    assert how(lease) == "finished"
    submit_verdict(claims[0].pk, judgement(), actor=maple)
    submit_verdict(claims[0].pk, judgement(), actor=robin)
    assert not Assignment.objects.filter(ended_at=None).exists()
    assert claims[0].verdicts.count() == 3


def test_what_is_given_back_is_lent_again(
    project: Project, claims: list[Claim], finch: User, maple: User, robin: User
) -> None:
    leases = [take(claims[0].pk, actor=who) for who in (finch, maple)]
    assert taken(project, robin) == "spent 12% more in 2024"
    give_back(leases[0].pk, actor=finch)
    give_back(leases[0].pk, actor=finch)
    assert how(leases[0]) == "given_back"
    assert taken(project, robin) == "The council"
    with pytest.raises(Conflict, match="done once you submit"):
        give_back(leases[1].pk, actor=maple, done=True)
    with pytest.raises(NotFound):
        give_back(leases[1].pk, actor=finch)


def test_an_article_is_lent_to_several_and_finished_by_hand(
    article: Article, finch: User, maple: User, robin: User
) -> None:
    mine = take_article(article.pk, actor=finch)
    assert take_article(article.pk, actor=finch) == mine
    theirs = assign_article(article.pk, maple.pk, actor=robin, minutes=3 * 24 * 60)
    assert theirs.until - theirs.lent_at > timedelta(days=2, hours=23)
    assert give_back(mine.pk, actor=finch, done=True).how == "finished"


@pytest.mark.parametrize("gone", ["removed", "disabled"])
def test_whoever_vanishes_holds_nothing(
    gone: str, project: Project, claims: list[Claim], finch: User, maple: User, robin: User,
    birch: User,
) -> None:  # fmt: skip
    edit_project(project.pk, actor=birch, verdicts_required=1)
    lease = take(claims[0].pk, actor=finch)
    save_draft(claims[0].pk, judgement(), actor=finch)
    if gone == "removed":
        set_role(project.pk, finch.pk, None, actor=birch)
    else:
        root = person("root", "Root")
        User.objects.filter(pk=root.pk).update(is_superuser=True)
        root.refresh_from_db()
        edit_account(finch.pk, actor=root, is_active=False)
    assert how(lease) == "taken_back"
    assert taken(project, maple) == "The council"
    with pytest.raises(Malformed, match="Nobody of this name"):
        assign(claims[1].pk, finch.pk, actor=robin)


# ---------- skipping ----------


def test_what_one_skips_is_lent_to_others_and_to_oneself_only_when_asked_for(
    project: Project, claims: list[Claim], finch: User, maple: User
) -> None:
    lease = take(claims[0].pk, actor=finch)
    skip(claims[0].pk, "not_my_field", actor=finch)
    assert how(lease) == "given_back"
    assert taken(project, finch) == "spent 12% more in 2024"
    assert taken(project, maple) == "The council"
    assert take(claims[0].pk, actor=finch)
    assert not Skip.objects.exists()


def test_a_reviewer_asks_to_skip_for_all_and_a_moderator_decides(
    project: Project, claims: list[Claim], finch: User, maple: User, robin: User
) -> None:
    skip(claims[0].pk, "unclear", actor=finch, for_all=True)
    assert Skip.objects.get().asks_all
    assert taken(project, maple) == "The council", "it is only asked for"
    put_back(claims[0].pk, actor=robin)
    assert not Skip.objects.get().asks_all
    skip(claims[0].pk, "unclear", actor=robin, note="Which council?", for_all=True)
    event = Event.objects.get(verb="hold_back")
    assert event.reason == "It is unclear what is claimed. Which council?"
    claims[0].refresh_from_db()
    assert not claims[0].queued
    with pytest.raises(Conflict, match="out of the queue already"):
        hold_back(claims[0].pk, actor=robin)
    put_back(claims[0].pk, actor=robin)
    with pytest.raises(Conflict, match="in the queue already"):
        put_back(claims[0].pk, actor=robin)


def test_a_skip_says_why(claims: list[Claim], finch: User) -> None:
    with pytest.raises(Malformed, match="Say why"):
        skip(claims[0].pk, "whim", actor=finch)
    with pytest.raises(Malformed) as refused:
        skip(claims[0].pk, "other", actor=finch)
    assert list(refused.value.problems) == ["note"]


# ---------- moderators ----------


def test_a_moderator_lends_and_takes_back_and_lends_to_another(
    project: Project, claims: list[Claim], finch: User, maple: User, robin: User
) -> None:
    lease = assign(claims[1].pk, finch.pk, actor=robin, minutes=120)
    moved = reassign(lease.pk, maple.pk, actor=robin)
    assert (how(lease), moved.reviewer, moved.until) == ("reassigned", maple, lease.until)
    take_back(moved.pk, actor=robin)
    assert how(moved) == "taken_back"
    told = Event.objects.filter(object_kind="assignment").order_by("id")
    assert [event.verb for event in told] == ["assign", "reassign", "take_back"]
    assert {event.claim_id for event in told} == {claims[1].pk}
    with pytest.raises(Conflict, match="no longer lent"):
        take_back(moved.pk, actor=robin)


def test_a_moderator_is_told_why_a_claim_is_not_lent(
    claims: list[Claim], finch: User, maple: User, robin: User, birch: User
) -> None:
    lease = assign(claims[0].pk, finch.pk, actor=robin)
    judged(claims[0], (maple, "true"))
    for who, why in (
        (finch, "Finch has it already"),
        (maple, "Maple has judged this claim"),
        (birch, "as it needs: 2"),
    ):
        with pytest.raises(Conflict, match=why):
            assign(claims[0].pk, who.pk, actor=robin)
    with pytest.raises(Conflict, match="Maple has judged"):
        reassign(lease.pk, maple.pk, actor=robin)
    assert how(lease) == "", "a refused change changes nothing"
    with pytest.raises(Malformed, match="1 to 43,200 minutes"):
        assign(claims[1].pk, finch.pk, actor=robin, minutes=100_000)
    set_aside(claims[1].pk, "opinion", actor=robin)
    with pytest.raises(Conflict, match="settled or set aside"):
        assign(claims[1].pk, finch.pk, actor=robin)


def test_a_reviewer_takes_nothing_from_another(
    claims: list[Claim], finch: User, maple: User, stranger: User
) -> None:
    lease = take(claims[0].pk, actor=finch)
    acts: list[Callable[[User], object]] = [
        lambda who: take_back(lease.pk, actor=who),
        lambda who: reassign(lease.pk, who.pk, actor=who),
        lambda who: prolong(lease.pk, actor=who),
    ]
    for act in acts:
        for who in (maple, stranger):
            with pytest.raises(NotFound):
                act(who)
    with pytest.raises(NotAllowed, match="for moderators"):
        take_back(lease.pk, actor=finch)


def test_a_taker_is_not_told_why_a_claim_is_not_lent(
    claims: list[Claim], finch: User, maple: User, robin: User, birch: User
) -> None:
    """Blind: held by two, judged by two, and held back look the same."""
    for who in (maple, robin):
        take(claims[0].pk, actor=who)
    judged(claims[1], (maple, "true"), (robin, "false"))
    hold_back(claims[2].pk, actor=robin)
    for claim in claims[:3]:
        with pytest.raises(Conflict) as refused:
            take(claim.pk, actor=finch)
        assert refused.value.sentence == NOT_LENT
    judged(claims[3], (finch, "true"))
    with pytest.raises(Conflict, match="You have judged"):
        take(claims[3].pk, actor=finch)
