"""How far two people marked the same words: F1 over code points and over marks.

F1 is the harmonic mean of the two shares that each has of the other's: it does not matter who is
asked first, and what neither marked does not count (Hripcsak and Rothschild, Agreement, the
F-measure, and reliability in information retrieval, 2005). Marks stand open to all, so a second
person rarely marks what is marked already: the figure tells how work was shared, too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

Span = tuple[int, int]  # [start, end) in code points


@dataclass(frozen=True, slots=True)
class Mark:
    article: str
    person: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class OfMarkers:
    """Two people, over the articles in which both have marked."""

    people: tuple[str, str]
    articles: int
    marks: tuple[int, int]
    words: float  # F1 over code points
    exact: float  # F1 over marks with the same ends
    touching: float  # F1 over marks that share a code point


def compared(marks: Iterable[Mark]) -> list[OfMarkers]:
    """Every two people who have marked in one article, those with the most marks first."""
    spans: defaultdict[str, defaultdict[str, set[Span]]] = defaultdict(lambda: defaultdict(set))
    for mark in marks:
        spans[mark.article][mark.person].add((mark.start, mark.end))
    met: defaultdict[tuple[str, str], list[tuple[set[Span], set[Span]]]] = defaultdict(list)
    for people in spans.values():
        for one, other in combinations(sorted(people), 2):
            met[one, other].append((people[one], people[other]))
    found = [_of(people, articles) for people, articles in met.items()]
    return sorted(found, key=lambda one: (-sum(one.marks), one.people))


def _of(people: tuple[str, str], articles: Sequence[tuple[set[Span], set[Span]]]) -> OfMarkers:
    marks = (sum(len(one) for one, _ in articles), sum(len(other) for _, other in articles))
    exact = sum(len(one & other) for one, other in articles)
    touched = [sum(_touching(one, other) for one, other in articles),
               sum(_touching(other, one) for one, other in articles)]  # fmt: skip
    shared = [(covered(one), covered(other)) for one, other in articles]
    words = tuple(sum(len(pair[n]) for pair in shared) for n in (0, 1))
    return OfMarkers(
        people, len(articles), marks,
        words=_f1([sum(len(one & other) for one, other in shared)] * 2, words),
        exact=_f1([exact, exact], marks),
        touching=_f1(touched, marks),
    )  # fmt: skip


def covered(spans: Iterable[Span]) -> set[int]:
    """The code points in the spans."""
    return {at for start, end in spans for at in range(start, end)}


def _touching(spans: Iterable[Span], others: Iterable[Span]) -> int:
    """How many of the spans share a code point with one of the others."""
    points = covered(others)
    return sum(not points.isdisjoint(range(*span)) for span in spans)


def _f1(hits: Sequence[int], of: Sequence[int]) -> float:
    """The harmonic mean of the two shares, `hits[n] / of[n]`."""
    one, other = hits[0] / of[0], hits[1] / of[1]
    return 2 * one * other / (one + other) if one + other else 0.0
