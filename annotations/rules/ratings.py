"""Ratings: the looks a rating may take, and the scale a new project starts with.

A look is a colour, a glyph and a line style at once, so that nothing rests on colour alone. A
project's own scale takes looks from this set.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from annotations.rules.refusals import Malformed

FEWEST, MOST = 2, 9  # ratings on a scale: two to differ, and a key from 1 to 9 for each
FURTHEST = 1000


class Look(StrEnum):
    TRUE = "true"
    MOSTLY_TRUE = "mostly-true"
    NEEDS_CONTEXT = "needs-context"
    MISLEADING = "misleading"
    FALSE = "false"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class RatingOnScale:
    """One rating: `value` runs from 1 (worst) to 5 (best); None stands off the axis."""

    slug: str
    name: str
    definition: str
    value: float | None
    look: Look


STANDARD_SCALE = (
    RatingOnScale("true", "True", "Accurate, and nothing that matters is left out.", 5, Look.TRUE),
    RatingOnScale(
        "mostly-true", "Mostly true", "Accurate in substance; a detail is off or missing.", 4,
        Look.MOSTLY_TRUE,
    ),
    RatingOnScale(
        "needs-context", "Needs context",
        "Right as worded, but a reader needs more to understand it.", 3, Look.NEEDS_CONTEXT,
    ),
    RatingOnScale(
        "misleading", "Misleading", "Holds a true part, yet leads to a wrong conclusion.", 2,
        Look.MISLEADING,
    ),
    RatingOnScale("false", "False", "Contradicted by the evidence.", 1, Look.FALSE),
    RatingOnScale(
        "unproven", "Unproven", "The evidence found neither supports nor refutes it.", None,
        Look.UNPROVEN,
    ),
)  # fmt: skip


def value_on_axis(value: float | None) -> float | None:
    """A value that a rating may have; None stands off the axis."""
    if value is None or (math.isfinite(value) and abs(value) <= FURTHEST):
        return value
    raise Malformed(f"The value is a number from {-FURTHEST} to {FURTHEST}.", field="value")
