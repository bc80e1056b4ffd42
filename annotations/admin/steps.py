"""What a moderator may do next to a claim, read off the table of permissions."""

from enum import StrEnum

from annotations.rules.permissions import Verb, may_now
from annotations.rules.states import State


class Step(StrEnum):
    PUBLISH = "publish"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    ASK_AGAIN = "ask-again"
    ASK_FOR_ANOTHER = "ask-for-another"
    SET_ASIDE = "set-aside"
    RESTORE = "restore"


VERBS = {
    Step.PUBLISH: Verb.RULE,
    Step.CORRECT: Verb.CORRECT,
    Step.WITHDRAW: Verb.WITHDRAW,
    Step.ASK_AGAIN: Verb.ASK_REVIEWERS,
    Step.ASK_FOR_ANOTHER: Verb.ASK_FOR_ANOTHER,
    Step.SET_ASIDE: Verb.SET_ASIDE,
    Step.RESTORE: Verb.RESTORE,
}

WHAT_NEXT = {
    State.MARKED: "Nobody has given a verdict yet. A ruling follows from the verdicts.",
    State.IN_REVIEW: "More verdicts are to come. A ruling follows when they are in.",
    State.AGREED: "The verdicts agree. A ruling can be published.",
    State.DISPUTED: "The verdicts differ. A ruling needs the reason for your choice.",
    State.PUBLISHED: "Readers see the ruling. It can be corrected or withdrawn, never changed.",
    State.CORRECTED: "Readers see the corrected ruling. It can be corrected again or withdrawn.",
    State.WITHDRAWN: "The ruling was withdrawn, and its page says so. Nothing follows.",
    State.SET_ASIDE: "The claim is out of review. It can be taken back.",
}


def open_steps(state: State, role: str | None) -> frozenset[Step]:
    """The steps that lead on from `state` for a member with `role`."""
    return frozenset(step for step in Step if may_now(role, VERBS[step], state))
