"""Agreement on which words were marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from annotations.rules.unitizing import Mark, compared, covered

spans = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 10)).map(lambda one: (one[0], sum(one))),
    min_size=1,
    max_size=6,
)


def marks(person: str, *places: tuple[int, int], article: str = "one") -> list[Mark]:
    return [Mark(article, person, *place) for place in places]


@given(spans, spans)
def test_the_words_agree_as_scikit_learn_has_it(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    (found,) = compared([*marks("Finch", *one), *marks("Maple", *other)])
    letters = [[at in covered(spans) for at in range(50)] for spans in (one, other)]
    assert found.words == pytest.approx(float(f1_score(*letters)))
    assert 0 <= found.exact <= found.touching <= 1


def test_marks_agree_by_their_ends_or_by_a_letter_they_share() -> None:
    (found,) = compared([*marks("Finch", (0, 10), (20, 30)), *marks("Maple", (0, 10), (29, 40))])
    assert (found.exact, found.touching) == (0.5, 1.0)
    assert found.words == pytest.approx(2 * 11 / 41)
    assert found.marks == (2, 2)


def test_only_articles_count_in_which_both_have_marked() -> None:
    found = compared(
        [*marks("Finch", (0, 10)), *marks("Maple", (0, 10)), *marks("Finch", (0, 9), article="two")]
    )
    assert [(one.people, one.articles, one.words) for one in found] == [(("Finch", "Maple"), 1, 1)]


def test_marks_that_share_nothing_agree_on_nothing() -> None:
    (found,) = compared([*marks("Finch", (0, 10)), *marks("Maple", (10, 20))])
    assert found.words == found.exact == found.touching == 0
    assert compared(marks("Finch", (0, 10))) == []
