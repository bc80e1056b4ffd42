"""Who may do what: role by verb, own and another's, stated a second time."""

import itertools

import pytest

from annotations.rules.permissions import OWN_ONLY, SENTENCES, TABLE, Role, Verb, may

REVIEWER = "mark edit_claim unmark judge comment remove_comment"
MODERATOR = (
    f"{REVIEWER} import_article edit_article revise_article reattach edit_source set_aside restore "
    "ask_reviewers rule ask_publisher see_all_verdicts"
)
OWNER = f"{MODERATOR} edit_project manage_members manage_scale hold"
MAY = {"reviewer": REVIEWER, "moderator": MODERATOR, "owner": OWNER}


@pytest.mark.parametrize(("role", "verb"), list(itertools.product(Role, Verb)))
def test_a_role_may_do_to_its_own_what_the_table_says(role: Role, verb: Verb) -> None:
    assert may(role, verb) == (verb.value in MAY[role.value].split())


@pytest.mark.parametrize(("role", "verb"), list(itertools.product(Role, Verb)))
def test_only_a_reviewer_is_kept_to_own_marks_and_comments(role: Role, verb: Verb) -> None:
    kept = role == Role.REVIEWER and verb in (
        Verb.EDIT_CLAIM,
        Verb.UNMARK,
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
