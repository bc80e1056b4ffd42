"""Intervals by the bootstrap: repeatable, and as wide as theory has them."""

import math
import random
from collections import Counter
from collections.abc import Mapping

import pytest

from annotations.rules.resampling import FEWEST, binomial, intervals, multinomial


def dice_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (a seed is wanted, not a secret)


def share(drawn: Mapping[str, int]) -> list[float | None]:
    return [drawn.get("agree", 0) / sum(drawn.values())]


@pytest.mark.parametrize(("n", "p"), [(5, 0.3), (40, 0.5), (400, 0.02), (400, 0.9), (20_000, 0.3)])
def test_tosses_have_their_mean_and_spread(n: int, p: float) -> None:
    dice = dice_of(1)
    drawn = [binomial(dice, n, p) for _ in range(20_000)]
    mean = sum(drawn) / len(drawn)
    spread = math.sqrt(sum((one - mean) ** 2 for one in drawn) / len(drawn))
    assert 0 <= min(drawn) <= max(drawn) <= n
    assert mean == pytest.approx(n * p, abs=4 * math.sqrt(n * p * (1 - p) / len(drawn)))
    assert spread == pytest.approx(math.sqrt(n * p * (1 - p)), rel=0.03)


@pytest.mark.parametrize(("n", "p"), [(12, 0.35), (60, 0.4)])
def test_tosses_fall_as_their_distribution_says(n: int, p: float) -> None:
    """Chi square over the values that come up often enough; 0.999 of true dice pass."""
    dice = dice_of(2)
    drawn = Counter(binomial(dice, n, p) for _ in range(20_000))
    cells = {k: 20_000 * math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)}
    often = {k: wanted for k, wanted in cells.items() if wanted >= 10}
    apart = sum((drawn[k] - wanted) ** 2 / wanted for k, wanted in often.items())
    assert apart < len(often) + 3.1 * math.sqrt(2 * len(often))


def test_a_certain_thing_is_certain() -> None:
    dice = dice_of(3)
    assert binomial(dice, 7, 0.0) == 0
    assert binomial(dice, 7, 1.0) == 7
    assert multinomial(dice, 7, [1.0]) == [7]


def test_a_resample_has_as_many_units_as_the_corpus() -> None:
    dice = dice_of(4)
    shares = [0.1] * 10
    for _ in range(500):
        drawn = multinomial(dice, 33, shares)
        assert sum(drawn) == 33
        assert min(drawn) >= 0


def test_the_same_corpus_has_the_same_interval_in_whatever_order_it_comes() -> None:
    one = intervals({"agree": 70, "differ": 30}, share)
    other = intervals({"differ": 30, "agree": 70}, share)
    assert one == other


def test_the_interval_of_a_share_is_that_of_the_binomial() -> None:
    (found,) = intervals({"agree": 700, "differ": 300}, share)
    assert found
    assert found[0] == pytest.approx(0.7 - 1.96 * math.sqrt(0.21 / 1000), abs=0.004)
    assert found[1] == pytest.approx(0.7 + 1.96 * math.sqrt(0.21 / 1000), abs=0.004)


def test_few_units_have_no_interval() -> None:
    assert intervals({"agree": FEWEST - 1}, share) == [None]
    assert intervals({"agree": FEWEST}, share) == [(1.0, 1.0)]


def test_a_figure_that_most_resamples_lack_has_no_interval() -> None:
    def rarely(drawn: Mapping[str, int]) -> list[float | None]:
        return [1.0 if drawn.get("differ", 0) > 3 else None]

    assert intervals({"agree": 99, "differ": 1}, rarely) == [None]
