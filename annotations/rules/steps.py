"""The steps by which who rules leads a claim on, and the verb that each one takes."""

from enum import StrEnum

from annotations.rules.permissions import Verb, may_now


class Step(StrEnum):
    PUBLISH = "publish"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    ASK_AGAIN = "ask_again"
    ASK_FOR_ANOTHER = "ask_for_another"
    ASK_NO_MORE = "ask_no_more"
    SET_ASIDE = "set_aside"
    RESTORE = "restore"

    @property
    def word(self) -> str:
        """As an address writes it."""
        return self.value.replace("_", "-")


VERBS = {
    Step.PUBLISH: Verb.RULE,
    Step.CORRECT: Verb.CORRECT,
    Step.WITHDRAW: Verb.WITHDRAW,
    Step.ASK_AGAIN: Verb.ASK_REVIEWERS,
    Step.ASK_FOR_ANOTHER: Verb.ASK_FOR_ANOTHER,
    Step.ASK_NO_MORE: Verb.ASK_NO_MORE,
    Step.SET_ASIDE: Verb.SET_ASIDE,
    Step.RESTORE: Verb.RESTORE,
}


def open_steps(role: str | None, state: str) -> frozenset[Step]:
    """The steps that lead on from `state` for a member with `role`."""
    return frozenset(step for step, verb in VERBS.items() if may_now(role, verb, state))
