"""Each verb on a claim × each of its states × each role, through the actions themselves.

What the tables of permissions say is done or refused with their sentence. An action that is let
through may still refuse for a reason of its own, which is none of theirs.
"""

import datetime
import itertools
from collections.abc import Callable

import pytest
from django.db import transaction

from annotations.actions.asking import ask_again, ask_for_another, ask_no_more
from annotations.actions.assignments import skip, take
from annotations.actions.claims import (
    add_appearance,
    edit_claim,
    move_appearance,
    remove_appearance,
    restore,
    set_aside,
    unmark_claim,
)
from annotations.actions.comments import comment
from annotations.actions.gold import set_gold
from annotations.actions.handing_out import assign, hold_back
from annotations.actions.projects import set_role
from annotations.actions.publishers import ask_publisher
from annotations.actions.rulings import correct_ruling, publish_ruling, withdraw_ruling
from annotations.actions.verdicts import confirm_verdict, save_draft, submit_verdict
from annotations.models import Appearance, Article, Claim, User
from annotations.rules.permissions import CLOSED, SENTENCES, Role, Verb, closed, may, taken
from annotations.rules.publishers import Asking
from annotations.rules.refusals import Refusal
from annotations.rules.states import State
from tests.actions.given import claim_in, evidence_on, judgement
from tests.conftest import person

Act = Callable[[Claim, User], object]
ASKING = Asking("The Post", "editors", datetime.date(2026, 2, 11), "Please correct the figure.")

# What the tables let through here and the action refuses to everybody, for a reason of its own:
# the only place of a claim, no further verdict that was asked for.
UNDONE = {state: {Verb.REMOVE_PLACE, Verb.ASK_NO_MORE} for state in State}


def place(claim: Claim) -> Appearance:
    return claim.appearances.earliest("id")


def further(claim: Claim, who: User) -> object:
    return add_appearance(claim.pk, place(claim).article_id, 0, 11, actor=who)


def published(claim: Claim, who: User) -> object:
    grounds = [one.pk for one in evidence_on(claim)]
    said = {"rating": "true", "summary": "The budget says so.", "reason": "So it does."}
    return publish_ruling(claim.pk, actor=who, evidence=grounds, **said)


def corrected(claim: Claim, who: User) -> object:
    return correct_ruling(
        claim.pk,
        actor=who,
        rating="false",
        summary="The budget says 11%.",
        evidence=[one.pk for one in evidence_on(claim)],
        note="It was 11%.",
        correction="substantial",
    )


ACTS: list[tuple[Verb, Act]] = [
    (Verb.MARK, further),
    (Verb.EDIT_CLAIM, lambda claim, who: edit_claim(claim.pk, actor=who, statement="Another")),
    (Verb.UNMARK, lambda claim, who: unmark_claim(claim.pk, actor=who)),
    (Verb.MOVE_PLACE, lambda claim, who: move_appearance(place(claim).pk, 0, 11, actor=who)),
    (Verb.REMOVE_PLACE, lambda claim, who: remove_appearance(place(claim).pk, actor=who)),
    (Verb.JUDGE, lambda claim, who: save_draft(claim.pk, judgement(), actor=who)),
    (Verb.JUDGE, lambda claim, who: submit_verdict(claim.pk, judgement(), actor=who)),
    (Verb.JUDGE, lambda claim, who: confirm_verdict(claim.pk, actor=who)),
    (Verb.COMMENT, lambda claim, who: comment(claim.pk, "It adds up.", actor=who)),
    (Verb.TAKE_WORK, lambda claim, who: take(claim.pk, actor=who)),
    (Verb.TAKE_WORK, lambda claim, who: skip(claim.pk, "unclear", actor=who)),
    (Verb.ASSIGN, lambda claim, who: assign(claim.pk, who.pk, actor=who)),
    (Verb.ASSIGN, lambda claim, who: hold_back(claim.pk, actor=who)),
    (Verb.SET_GOLD, lambda claim, who: set_gold(claim.pk, "true", "It is.", actor=who)),
    (Verb.SET_ASIDE, lambda claim, who: set_aside(claim.pk, "opinion", actor=who)),
    (Verb.RESTORE, lambda claim, who: restore(claim.pk, actor=who)),
    (Verb.ASK_REVIEWERS, lambda claim, who: ask_again(claim.pk, "Which year?", actor=who)),
    (Verb.ASK_FOR_ANOTHER, lambda claim, who: ask_for_another(claim.pk, actor=who)),
    (Verb.ASK_NO_MORE, lambda claim, who: ask_no_more(claim.pk, actor=who)),
    (Verb.RULE, published),
    (Verb.CORRECT, corrected),
    (Verb.WITHDRAW, lambda claim, who: withdraw_ruling(claim.pk, actor=who, note="It was wrong.")),
    (Verb.ASK_PUBLISHER, lambda claim, who: ask_publisher(claim.pk, ASKING, actor=who)),
]  # fmt: skip


def told(do: Callable[[], object]) -> str | None:
    """The sentence with which an action was refused; None where it was done. Nothing stays."""
    try:
        with transaction.atomic():
            do()
            transaction.set_rollback(True)
    except Refusal as refusal:
        return refusal.sentence
    return None


def by_the_tables(role: Role, verb: Verb, state: State, *, own: bool) -> str | None:
    """The sentence of the tables; None where they let it through."""
    needed = taken(verb, state)
    return closed(verb, state) if may(role, needed, own=own) else SENTENCES[needed]


@pytest.mark.parametrize("state", State)
def test_an_action_asks_the_tables(
    state: State, article: Article, finch: User, maple: User, robin: User, birch: User
) -> None:
    second = person("second", "Second")
    set_role(article.project_id, second.pk, "reviewer", actor=birch)
    claim = claim_in(state, article, first=maple, second=second, moderator=robin)
    done: set[Verb] = set()
    roles = {finch: Role.REVIEWER, maple: Role.REVIEWER, robin: Role.MODERATOR, birch: Role.OWNER}
    for (verb, act), (who, role) in itertools.product(ACTS, roles.items()):
        expected = by_the_tables(role, verb, state, own=who == maple)
        found = told(lambda act=act, who=who: act(claim, who))  # type: ignore[misc]
        if expected is not None:
            assert found == expected, (verb, who)
        done |= {verb} if found is None else set()
    assert done == {verb for verb, _ in ACTS if closed(verb, state) is None} - UNDONE[state]


def test_every_verb_that_a_state_closes_is_tried() -> None:
    assert set(CLOSED) <= {verb for verb, _ in ACTS}
