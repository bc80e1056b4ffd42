"""Versions by content, and three ways to compare what two people changed."""

from hypothesis import given
from hypothesis import strategies as st

from annotations.rules.versions import as_begun, changed_at_once, compared, held, version_of

WORDS = st.dictionaries(st.sampled_from("abcd"), st.text(max_size=5), min_size=4)


@given(WORDS, WORDS)
def test_equal_words_are_equal_versions_and_no_others(
    one: dict[str, str], two: dict[str, str]
) -> None:
    assert (version_of(one) == version_of(two)) == (one == two)


@given(WORDS, WORDS, WORDS)
def test_nothing_that_either_changed_alone_is_lost(
    base: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    rows = {one.name: one for one in compared(base, theirs, mine)}
    for name in base:
        if theirs[name] == base[name] and mine[name] == base[name]:
            assert name not in rows
            continue
        row = rows[name]
        if mine[name] == base[name]:
            assert row.merged == theirs[name]
        else:
            assert row.merged == mine[name]
        both = theirs[name] != base[name] and mine[name] != base[name]
        assert row.is_disputed == (both and theirs[name] != mine[name])


@given(WORDS)
def test_what_a_form_held_comes_back(values: dict[str, str]) -> None:
    assert as_begun(held(values), list(values)) == values


@given(WORDS, WORDS, WORDS)
def test_a_form_that_came_too_late_is_compared_with_what_it_carried_along(
    base: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    assert changed_at_once({"base": held(base)}, theirs, mine) == compared(base, theirs, mine)


def test_what_did_not_come_along_is_taken_as_it_is_now() -> None:
    rows = compared({}, {"a": "now"}, {"a": "typed"})
    assert [(one.base, one.merged, one.is_disputed) for one in rows] == [("now", "typed", False)]
