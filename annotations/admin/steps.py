"""What a moderator may do next to a claim, read off the tables of states and of roles."""

from enum import StrEnum

from annotations.rules.permissions import Verb, may
from annotations.rules.states import JUDGED, PUBLIC, TRANSITIONS, VERDICTS_ARE_IN, State


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
    Step.CORRECT: Verb.RULE,
    Step.WITHDRAW: Verb.RULE,
    Step.ASK_AGAIN: Verb.ASK_REVIEWERS,
    Step.ASK_FOR_ANOTHER: Verb.ASK_REVIEWERS,
    Step.SET_ASIDE: Verb.SET_ASIDE,
    Step.RESTORE: Verb.RESTORE,
}

LEADS_TO = {
    Step.PUBLISH: State.PUBLISHED,
    Step.WITHDRAW: State.WITHDRAWN,
    Step.SET_ASIDE: State.SET_ASIDE,
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
    onward = {step for step, to in LEADS_TO.items() if to in TRANSITIONS[state]}
    if state in PUBLIC:
        onward.add(Step.CORRECT)
    if state in JUDGED:
        onward.add(Step.ASK_AGAIN)
    if state in VERDICTS_ARE_IN:
        onward.add(Step.ASK_FOR_ANOTHER)
    if State.MARKED in TRANSITIONS[state]:
        onward.add(Step.RESTORE)
    return frozenset(step for step in onward if may(role, VERBS[step]))
