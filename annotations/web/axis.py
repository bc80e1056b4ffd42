"""A rating's place on its scale, as the drawing wants it: the axis from best to worst, and what
stands off it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MOST_LETTERS = 62  # of all names together, or only the ends and the rating itself are named


@dataclass(frozen=True, slots=True)
class Step:
    """One rating: where its dot and its name stand, in the units of the drawing."""

    name: str
    look: str
    x: int
    anchor: str
    text_x: int
    named: bool
    on: bool
    off_axis: bool


@dataclass(frozen=True, slots=True)
class Axis:
    width: int
    start: int
    end: int
    steps: tuple[Step, ...]


def axis_of(scale: Sequence[dict[str, Any]], slug: str, *, narrow: bool = False) -> Axis:
    """The drawing of a scale (`{slug, name, look, value}`, best first) with one rating on it."""
    ranked = [one for one in scale if one["value"] is not None]
    apart = [one for one in scale if one["value"] is None]
    width, start, end = (358, 10, 274) if narrow else (720, 40, 512)
    if not apart:
        end = width - start
    crowded = narrow or sum(len(one["name"]) for one in scale) > MOST_LETTERS
    steps = []
    for n, one in enumerate(ranked):
        x = start + round((end - start) * n / max(len(ranked) - 1, 1))
        named = not crowded or n in (0, len(ranked) - 1) or (not narrow and one["slug"] == slug)
        first = narrow and n == 0
        steps.append(
            Step(
                one["name"], one["look"], x, "start" if first else "middle", 0 if first else x,
                named, one["slug"] == slug, off_axis=False,
            )
        )  # fmt: skip
    for n, one in enumerate(reversed(apart)):
        x = width - (10 if narrow else 40) - 50 * n
        anchor, text_x = ("end", width) if narrow else ("middle", x)
        steps.append(
            Step(one["name"], one["look"], x, anchor, text_x, n == 0, one["slug"] == slug, True)
        )
    return Axis(width, start, end, tuple(steps))


def described(scale: Sequence[dict[str, Any]], slug: str) -> str:
    """The drawing in words, for those who do not see it."""
    ranked = [one for one in scale if one["value"] is not None]
    apart = [one for one in scale if one["value"] is None]
    if not ranked:
        return "; ".join(one["name"] for one in scale)
    ends = f"On the scale from {ranked[0]['name'].lower()} to {ranked[-1]['name'].lower()}"
    off = " and ".join(one["name"] for one in apart)
    for n, one in enumerate(ranked):
        if one["slug"] == slug:
            step = ORDINALS[n] if n < len(ORDINALS) else f"{n + 1}th"
            place = f"{ends}: {one['name'].lower()}, the {step} of {number(len(ranked))} steps."
            return f"{place} {off} stands apart." if off else place
    here = next((one["name"] for one in apart if one["slug"] == slug), "")
    return f"{ends}: {here.lower()} stands apart."


def number(n: int) -> str:
    """A small number in letters."""
    return NUMBERS[n] if n < len(NUMBERS) else str(n)
