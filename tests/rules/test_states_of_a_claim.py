"""The life of a claim, stated a second time and independently of the table."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.rules.states import (
    BEFORE_A_RULING,
    PUBLIC,
    RULED,
    TRANSITIONS,
    State,
    may_move,
    state_of,
)

WAYS = {
    "marked": "in_review agreed disputed set_aside",
    "in_review": "agreed disputed set_aside",
    "agreed": "in_review disputed published set_aside",
    "disputed": "in_review agreed published set_aside",
    "published": "corrected withdrawn",
    "corrected": "withdrawn",
    "withdrawn": "",
    "set_aside": "marked in_review agreed disputed",
}


@pytest.mark.parametrize(("old", "new"), list(itertools.product(State, State)))
def test_a_claim_moves_along_the_table_and_no_other_way(old: State, new: State) -> None:
    assert may_move(old, new) == (old == new or new.value in WAYS[old].split())


def test_every_state_is_reached_from_marked() -> None:
    seen, ahead = {State.MARKED}, [State.MARKED]
    while ahead:
        for state in TRANSITIONS[ahead.pop()] - seen:
            seen.add(state)
            ahead.append(state)
    assert seen == set(State)


def test_nothing_is_set_aside_once_it_has_a_ruling() -> None:
    assert {old for old in State if may_move(old, State.SET_ASIDE)} == {
        *BEFORE_A_RULING,
        State.SET_ASIDE,
    }


def test_what_is_published_never_returns_to_review() -> None:
    assert not any(may_move(old, new) for old in RULED for new in BEFORE_A_RULING)
    assert {State.PUBLISHED, State.CORRECTED} == PUBLIC


@pytest.mark.parametrize(
    ("ratings", "required", "state"),
    [
        ([], 1, State.MARKED),
        (["true"], 1, State.AGREED),
        (["true"], 2, State.IN_REVIEW),
        (["true", "true"], 2, State.AGREED),
        (["true", "false"], 2, State.DISPUTED),
        (["true", "false"], 3, State.IN_REVIEW),
        (["true", "true", "false"], 3, State.DISPUTED),
        (["true", "true", "true"], 2, State.AGREED),
        (["true", "true", "false"], 2, State.DISPUTED),
    ],
)
def test_the_state_follows_from_the_verdicts(
    ratings: list[str], required: int, state: State
) -> None:
    assert state_of(ratings, required) == state


@given(st.lists(st.sampled_from("abc"), max_size=9), st.integers(1, 9))
def test_the_order_of_the_verdicts_makes_no_difference(ratings: list[str], required: int) -> None:
    assert state_of(ratings, required) == state_of(ratings[::-1], required)
    assert state_of(ratings, required) in BEFORE_A_RULING


def test_every_state_has_a_label() -> None:
    assert {state.label for state in State} == {
        "Marked", "In review", "Agreed", "Disputed", "Published", "Corrected", "Withdrawn",
        "Set aside",
    }  # fmt: skip
