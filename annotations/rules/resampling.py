"""Confidence intervals by the bootstrap: units are drawn again and again, with replacement.

Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13: the percentile interval.
Units that look alike are drawn together, so that a corpus of any size costs what its kinds of
units cost. The dice are seeded by the units themselves: the same corpus has the same interval.
"""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

Kind = TypeVar("Kind")

RESAMPLES = 1_000
ROUGH = 300  # where many intervals stand side by side
FEWEST = 10  # units; the interval of fewer would look surer than anybody can be
INSIDE = 0.95

Interval = tuple[float, float]


def intervals(
    tally: Mapping[Kind, int],
    figures: Callable[[Mapping[Kind, int]], Sequence[float | None]],
    resamples: int = RESAMPLES,
) -> list[Interval | None]:
    """The interval of each of the figures that a tally of units has.

    None for a figure that has no value in most resamples, and for all where there are too few
    units. A resample in which a figure has no value does not count for it.
    """
    kinds = sorted(tally, key=lambda kind: (-tally[kind], repr(kind)))
    total = sum(tally.values())
    if total < FEWEST:
        return [None for _ in figures(tally)]
    dice = random.Random(repr([(kind, tally[kind]) for kind in kinds]))  # noqa: S311 (repeatable)
    shares = [tally[kind] / total for kind in kinds]
    drawn = []
    for _ in range(resamples):
        counts = zip(kinds, multinomial(dice, total, shares), strict=True)
        drawn.append(figures({kind: n for kind, n in counts if n}))
    columns = ([one for one in column if one is not None] for column in zip(*drawn, strict=True))
    return [_inside(column) if len(column) * 2 > resamples else None for column in columns]


def multinomial(dice: random.Random, total: int, shares: Sequence[float]) -> list[int]:
    """How often each kind comes up in `total` draws; `shares` sum to 1."""
    made, left = [], 1.0
    for share in shares:
        n = binomial(dice, total, min(share / left, 1.0)) if total and left > 0 else 0
        made.append(n)
        total -= n
        left -= share
    made[-1] += total  # what rounding has left over
    return made


def binomial(dice: random.Random, n: int, p: float) -> int:
    """How many of `n` tosses succeed.

    Few successes are counted by the gaps between them; else by rejection: W. Hörmann, The
    generation of binomial random variates (1993), algorithm BTRS.
    """
    if p > 0.5:
        return n - binomial(dice, n, 1.0 - p)
    if p <= 0.0:
        return 0
    if n * p < 10.0:
        return _by_gaps(dice, n, p)
    spread = math.sqrt(n * p * (1.0 - p))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    c = n * p + 0.5
    v_r = 0.92 - 4.2 / b
    alpha = (2.83 + 5.1 / b) * spread
    odds = math.log(p / (1.0 - p))
    mode = math.floor((n + 1) * p)
    height = math.lgamma(mode + 1) + math.lgamma(n - mode + 1)
    while True:
        u = dice.random() - 0.5
        us = 0.5 - abs(u)
        k = math.floor((2.0 * a / us + b) * u + c) if us else -1
        if not 0 <= k <= n:
            continue
        v = dice.random()
        if us >= 0.07 and v <= v_r:
            return k
        v *= alpha / (a / (us * us) + b)
        if v <= 0.0 or math.log(v) <= (
            height - math.lgamma(k + 1) - math.lgamma(n - k + 1) + (k - mode) * odds
        ):
            return k


def _by_gaps(dice: random.Random, n: int, p: float) -> int:
    at, found, scale = 0, 0, math.log1p(-p)
    while True:
        at += math.floor(math.log(1.0 - dice.random()) / scale) + 1
        if at > n:
            return found
        found += 1


def _inside(values: list[float]) -> Interval:
    values.sort()
    cut = round(len(values) * (1.0 - INSIDE) / 2)
    return values[cut], values[-1 - cut]
