"""The life of a claim: its states, and the one table of how it moves between them.

The states before a ruling follow from the verdicts (`state_of`); nobody sets them. The database
holds the same table in the trigger `claim_moves_along_the_table`; a test compares the two.
"""

from collections.abc import Collection, Hashable
from enum import StrEnum


class State(StrEnum):
    MARKED = "marked"
    IN_REVIEW = "in_review"
    AGREED = "agreed"
    DISPUTED = "disputed"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    SET_ASIDE = "set_aside"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


BEFORE_A_RULING = frozenset({State.MARKED, State.IN_REVIEW, State.AGREED, State.DISPUTED})
PUBLIC = frozenset({State.PUBLISHED, State.CORRECTED})
RULED = PUBLIC | {State.WITHDRAWN}
VERDICTS_ARE_IN = frozenset({State.AGREED, State.DISPUTED})
JUDGED = BEFORE_A_RULING - {State.MARKED}
TAKES_NO_VERDICTS = frozenset({State.SET_ASIDE, State.WITHDRAWN})

TRANSITIONS: dict[State, frozenset[State]] = {
    State.MARKED: frozenset({State.IN_REVIEW, State.AGREED, State.DISPUTED, State.SET_ASIDE}),
    State.IN_REVIEW: frozenset({State.AGREED, State.DISPUTED, State.SET_ASIDE}),
    State.AGREED: frozenset(
        {State.IN_REVIEW, State.DISPUTED, State.PUBLISHED, State.SET_ASIDE},
    ),
    State.DISPUTED: frozenset(
        {State.IN_REVIEW, State.AGREED, State.PUBLISHED, State.SET_ASIDE},
    ),
    State.PUBLISHED: frozenset({State.CORRECTED, State.WITHDRAWN}),
    State.CORRECTED: frozenset({State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
    State.SET_ASIDE: BEFORE_A_RULING,
}

SET_ASIDE_REASONS = {
    "not_checkable": "Not checkable",
    "duplicate": "Duplicate",
    "opinion": "Opinion",
}


MOST_VERDICTS = 9


def state_of(ratings: Collection[Hashable], required: int) -> State:
    """The state that follows from the submitted verdicts.

    `ratings` holds one rating for each reviewer's current verdict; `required` is the number of
    verdicts that the claim waits for, 1 or more: its project's, or one that a moderator asked for.
    """
    if not ratings:
        return State.MARKED
    if len(ratings) < required:
        return State.IN_REVIEW
    return State.AGREED if len(set(ratings)) == 1 else State.DISPUTED


def may_move(old: State, new: State) -> bool:
    """Whether the table lets a claim go from `old` to `new`; staying is always allowed."""
    return old == new or new in TRANSITIONS[old]
