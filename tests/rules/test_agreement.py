"""The figures of agreement are those of the literature, and of the packages that others use."""

from collections import Counter
from collections.abc import Sequence

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from annotations.rules.agreement import (
    Level,
    agreement_on,
    alpha,
    cohen_kappa,
    confusion,
    fleiss_kappa,
    most_alike,
    share_of_agreement,
    tally_of,
    this_or_another,
    why_none,
)

VALUES = (5.0, 4.0, 3.0, 2.0, 1.0)
MISSING = None

ratings = st.integers(0, len(VALUES) - 1)
# Claims, each with what up to five reviewers gave it; some of them gave it nothing.
tables = st.lists(
    st.lists(st.one_of(st.none(), ratings), min_size=5, max_size=5), min_size=1, max_size=25
)
columns = st.lists(st.tuples(ratings, ratings), min_size=1, max_size=40)


def units(table: Sequence[Sequence[int | None]]) -> list[list[int]]:
    return [[one for one in row if one is not None] for row in table]


def of_the_package(table: Sequence[Sequence[int | None]], level: Level) -> float:
    counts = np.array([[row.count(n) for n in range(len(VALUES))] for row in map(list, table)])
    reverse = np.array(VALUES) if level is Level.INTERVAL else np.arange(len(VALUES))
    if level is Level.INTERVAL:  # the package wants its values in rising order
        counts, reverse = counts[:, ::-1], reverse[::-1]
    return float(
        krippendorff.alpha(
            value_counts=counts, value_domain=reverse, level_of_measurement=level.value
        )
    )


@settings(max_examples=400)
@given(tables, st.sampled_from(Level))
def test_alpha_is_that_of_the_krippendorff_package(
    table: list[list[int | None]], level: Level
) -> None:
    tally = tally_of(units(table))
    assume(not why_none(tally))
    assert alpha(tally, level, VALUES) == pytest.approx(of_the_package(table, level), abs=1e-9)


# Krippendorff (2011), section C: 4 observers, 12 units, 5 values, values missing.
PUBLISHED = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, MISSING, MISSING, MISSING),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, MISSING, 3),
    (MISSING, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, MISSING),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, MISSING),
)


@pytest.mark.parametrize(
    ("level", "published"),
    [(Level.NOMINAL, 0.743), (Level.ORDINAL, 0.815), (Level.INTERVAL, 0.849)],
)
def test_alpha_of_the_published_example(level: Level, published: float) -> None:
    tally = tally_of(units(list(zip(*PUBLISHED, strict=True))))
    assert alpha(tally, level, range(6)) == pytest.approx(published, abs=5e-4)


@settings(max_examples=400)
@given(columns, st.booleans())
def test_kappa_is_that_of_scikit_learn(table: list[tuple[int, int]], linear: bool) -> None:
    one, other = zip(*table, strict=True)
    assume(len({*one, *other}) > 1)
    theirs = cohen_kappa_score(
        one, other, labels=range(len(VALUES)), weights="linear" if linear else None
    )
    assert cohen_kappa(Counter(table), linear=linear) == pytest.approx(float(theirs), abs=1e-9)


def test_kappa_of_cohens_own_example() -> None:
    """Cohen (1960), table 1, as proportions of 200: kappa .492."""
    shares = ((88, 14, 18), (10, 40, 10), (2, 6, 12))
    table = Counter({(i, k): n for i, row in enumerate(shares) for k, n in enumerate(row)})
    assert cohen_kappa(table) == pytest.approx(0.492, abs=5e-4)


FLEISS = (
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
)  # fmt: skip


def test_fleiss_kappa_of_the_well_known_example() -> None:
    """Ten subjects, fourteen raters, five categories: 0.210."""
    rows = [[n for n, times in enumerate(row) for _ in range(times)] for row in FLEISS]
    assert fleiss_kappa(tally_of(rows)) == pytest.approx(0.210, abs=5e-4)


@settings(max_examples=200)
@given(
    st.integers(2, 5).flatmap(
        lambda raters: st.lists(
            st.lists(ratings, min_size=raters, max_size=raters), min_size=2, max_size=25
        )
    )
)
def test_fleiss_kappa_is_alpha_but_for_its_small_corpus(table: list[list[int]]) -> None:
    """With nothing missing, 1 - alpha = (1 - kappa) (1 - 1/n), n verdicts in all."""
    tally = tally_of(table)
    kappa = fleiss_kappa(tally)
    assume(kappa is not None)
    verdicts = sum(map(len, table))
    expected = 1 - (1 - (kappa or 0)) * (verdicts - 1) / verdicts
    assert of_the_package(table, Level.NOMINAL) == pytest.approx(expected, abs=1e-9)


def test_fleiss_kappa_is_taken_on_the_number_of_verdicts_that_most_claims_have() -> None:
    tally = tally_of([[0, 0], [1, 1], [0, 1], [0, 0, 1]])
    assert most_alike(tally) == {(0, 0): 1, (1, 1): 1, (0, 1): 1}
    assert most_alike(tally_of([[0, 0], [0, 0, 1]])) == {(0, 0, 1): 1}


def test_the_share_counts_every_claim_the_same() -> None:
    assert share_of_agreement(tally_of([[0, 0], [0, 1, 1]])) == pytest.approx((1 + 1 / 3) / 2)


def test_agreement_on_a_rating_counts_only_verdicts_beside_one_of_it() -> None:
    tally = tally_of([[0, 0], [0, 1], [2, 2]])
    assert agreement_on(tally, 0) == pytest.approx(2 / 3)
    assert agreement_on(tally, 2) == 1
    assert agreement_on(tally, 3) is None
    assert this_or_another(tally, 0) == {(0, 0): 1, (0, 1): 1, (1, 1): 1}


def test_confusion_counts_every_pair_of_verdicts_once() -> None:
    tally = tally_of([[1, 0, 1], [0, 1], [2, 2]])
    assert confusion(tally) == {(0, 1): 3, (1, 1): 1, (2, 2): 1}


@pytest.mark.parametrize("table", [[], [[1]], [[1], [2], [3]]])
def test_without_two_verdicts_on_a_claim_there_is_no_figure(table: list[list[int]]) -> None:
    tally = tally_of(table)
    assert alpha(tally, Level.NOMINAL) is None
    assert fleiss_kappa(tally) is None
    assert share_of_agreement(tally) is None
    assert why_none(tally).startswith("Agreement needs at least two verdicts on a claim")


def test_one_rating_throughout_tells_nothing_of_chance() -> None:
    tally = tally_of([[1, 1], [1, 1, 1]])
    assert alpha(tally, Level.NOMINAL) is alpha(tally, Level.ORDINAL) is None
    assert fleiss_kappa(most_alike(tally)) is None
    assert cohen_kappa(Counter({(1, 1): 5})) is None
    assert share_of_agreement(tally) == 1
    assert why_none(tally).startswith("Every verdict here gave the same rating")


def test_who_always_disagrees_is_worse_than_chance() -> None:
    assert (alpha(tally_of([[0, 1]] * 10), Level.NOMINAL) or 0) < 0
