"""Who may do what, and when: role by verb, verb by state, stated a second time."""

import itertools

import pytest

from annotations.rules.permissions import (
    CLOSED,
    OWN_ONLY,
    SENTENCES,
    TABLE,
    Role,
    Verb,
    closed,
    may,
    may_now,
    taken,
)
from annotations.rules.states import TAKES_NO_VERDICTS, State

REVIEWER = "mark edit_claim unmark move_place remove_place judge comment remove_comment take_work"
MODERATOR = (
    f"{REVIEWER} import_article edit_article revise_article reattach edit_source set_aside restore "
    "ask_reviewers ask_for_another ask_no_more rule correct withdraw ask_publisher "
    "see_all_verdicts assign set_gold import_file map_ratings"
)
OWNER = f"{MODERATOR} edit_project manage_members manage_scale hold manage_webhooks import_records"
MAY = {"reviewer": REVIEWER, "moderator": MODERATOR, "owner": OWNER}


# The states of a claim by their first letters: marked, in review, agreed, disputed; published,
# corrected, withdrawn; set aside. What is not named here may be done in each of them.
STATES = dict(zip("MIADPCWS", State, strict=True))
WHEN = {
    "edit_claim": "MIAD S",
    "unmark": "M S",
    "move_place": "MIAD S",
    "remove_place": "MIAD S",
    "judge": "MIAD PC",
    "take_work": "MIAD",
    "assign": "MIAD",
    "set_gold": "MIAD",
    "set_aside": "MIAD",
    "restore": "S",
    "ask_reviewers": "IAD",
    "ask_for_another": "AD",
    "ask_no_more": "IAD",
    "rule": "AD",
    "correct": "PC",
    "withdraw": "PC",
    "ask_publisher": "PC",
}


@pytest.mark.parametrize(("role", "verb"), list(itertools.product(Role, Verb)))
def test_a_role_may_do_to_its_own_what_the_table_says(role: Role, verb: Verb) -> None:
    assert may(role, verb) == (verb.value in MAY[role.value].split())


@pytest.mark.parametrize(("role", "verb"), list(itertools.product(Role, Verb)))
def test_only_a_reviewer_is_kept_to_own_marks_and_comments(role: Role, verb: Verb) -> None:
    kept = role == Role.REVIEWER and verb in (
        Verb.EDIT_CLAIM,
        Verb.UNMARK,
        Verb.MOVE_PLACE,
        Verb.REMOVE_PLACE,
        Verb.REMOVE_COMMENT,
    )
    assert may(role, verb, own=False) == (may(role, verb) and not kept)


@pytest.mark.parametrize("verb", Verb)
def test_who_is_no_member_may_nothing(verb: Verb) -> None:
    assert not may(None, verb)
    assert not may(None, verb, own=False)


def test_each_role_may_all_that_the_one_before_it_may() -> None:
    assert TABLE[Role.REVIEWER] < TABLE[Role.MODERATOR] < TABLE[Role.OWNER] == set(Verb)
    assert set(OWN_ONLY) == set(Role)


@pytest.mark.parametrize("verb", Verb)
def test_every_refusal_is_a_sentence(verb: Verb) -> None:
    assert SENTENCES[verb][0].isupper()
    assert SENTENCES[verb].endswith(".")


def test_an_unknown_role_is_an_error_and_no_permission() -> None:
    with pytest.raises(ValueError, match="captain"):
        may("captain", Verb.MARK)


def test_a_role_has_a_label() -> None:
    assert [role.label for role in Role] == ["Reviewer", "Moderator", "Owner"]


@pytest.mark.parametrize(("verb", "letter"), list(itertools.product(Verb, STATES)))
def test_a_verb_is_possible_in_the_states_that_the_table_says(verb: Verb, letter: str) -> None:
    why_not = closed(verb, STATES[letter])
    assert (why_not is None) == (letter in WHEN.get(verb, "MIADPCWS"))
    assert why_not is None or (why_not[0].isupper() and why_not.endswith("."))
    for role in Role:
        ruled = verb == Verb.MARK and letter in "PCW"
        moderates = role != Role.REVIEWER
        right = (may(role, verb) and moderates) if ruled else may(role, verb)
        assert may_now(role, verb, STATES[letter]) == (right and why_not is None)
        assert taken(verb, STATES[letter]) == (Verb.RULE if ruled else verb)


def test_what_takes_no_verdicts_is_what_the_table_says() -> None:
    assert set(CLOSED[Verb.JUDGE]) == TAKES_NO_VERDICTS
