"""Drawings of figures from 0 to 1: one on a line, and one a month. In the units of the drawing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from annotations.rules.study import REFERENCE, OfMonth, Scored

WIDTH, LEFT, RIGHT = 520, 12, 508
TOP, BOTTOM, MONTHS_LEFT, MONTHS_RIGHT = 12, 132, 32, 476


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    name: str


@dataclass(frozen=True, slots=True)
class OnALine:
    """A figure on a line, with its interval and the reference."""

    ticks: Sequence[Tick]
    value: float
    low: float | None
    width: float
    reference: float


@dataclass(frozen=True, slots=True)
class OverTime:
    """A line through the months that have a figure, in a band of their intervals."""

    ticks: Sequence[Tick]
    dots: Sequence[tuple[float, float]]
    line: str
    bands: Sequence[str]
    reference: float
    first: str
    last: str
    newest: Tick


def on_a_line(figure: Scored) -> OnALine | None:
    """The drawing of a figure; it begins below 0 if the figure or its interval does."""
    if figure.value is None:
        return None
    low = figure.value if figure.low is None else figure.low
    start = _start([low])

    def x(value: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * (value - start) / (1 - start), 1)

    ticks = [Tick(x(one), _named(one)) for one in _steps(start)]
    width = 0.0 if figure.high is None else round(x(figure.high) - x(low), 1)
    at = None if figure.low is None else x(figure.low)
    return OnALine(ticks, x(figure.value), at, width, x(REFERENCE))


def over_time(months: Sequence[OfMonth]) -> OverTime | None:
    """The drawing of two months or more that have a figure."""
    known = [(n, one) for n, one in enumerate(months) if one.alpha.value is not None]
    if len(known) < 2:
        return None
    lows = [one.alpha.value if one.alpha.low is None else one.alpha.low for _, one in known]
    start = _start([low for low in lows if low is not None])

    def x(n: int) -> float:
        return round(MONTHS_LEFT + (MONTHS_RIGHT - MONTHS_LEFT) * n / (len(months) - 1), 1)

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (value - start) / (1 - start), 1)

    dots = [(x(n), y(one.alpha.value or 0.0)) for n, one in known]
    newest = known[-1][1].alpha.value or 0.0
    return OverTime(
        ticks=[Tick(y(one), _named(one)) for one in _steps(start)],
        dots=dots,
        line=" ".join(f"{at},{height}" for at, height in dots),
        bands=[
            f"{x(n)},{y(one.alpha.low)} {x(n)},{y(one.alpha.high)}"
            for n, one in known
            if one.alpha.low is not None and one.alpha.high is not None
        ],
        reference=y(REFERENCE),
        first=months[0].month,
        last=months[-1].month,
        newest=Tick(y(newest), f"{newest:.2f}"),
    )


def _start(lows: Sequence[float]) -> float:
    return min(0.0, math.floor(min(lows) * 2) / 2)


def _steps(start: float) -> list[float]:
    """From the start to 1 by halves, by quarters where it starts at 0."""
    step = 0.5 if start else 0.25
    return [start + step * n for n in range(round((1 - start) / step) + 1)]


def _named(value: float) -> str:
    return f"{value:g}".replace("-", "−")
