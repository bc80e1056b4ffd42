"""How well a reviewer judges: verdicts beside the ratings that are known to be right."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`steps` counts how many verdicts lie how far from what is right on the scale's axis; `off`
    those of which one rating stands on the axis and the other does not.
    """

    reviewer: str
    judged: int
    right: int
    steps: tuple[tuple[int, int], ...]
    off: int

    @property
    def share(self) -> int:
        """Right ones in per cent, to the nearest."""
        return round(100 * self.right / self.judged)


def figure(
    reviewer: str,
    pairs: Iterable[tuple[uuid.UUID, uuid.UUID]],
    values: Mapping[uuid.UUID, float | None],
) -> Figure:
    """The figure of the ratings given and known; `values` says where each stands on the axis."""
    axis = sorted({value for value in values.values() if value is not None})
    place = {rating: axis.index(value) for rating, value in values.items() if value is not None}
    judged = right = off = 0
    steps: Counter[int] = Counter()
    for given, known in pairs:
        judged += 1
        right += given == known
        if given in place and known in place:
            steps[abs(place[given] - place[known])] += 1
        elif given != known:
            off += 1
    return Figure(reviewer, judged, right, tuple(sorted(steps.items())), off)
