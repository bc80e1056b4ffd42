"""Places of a quote in two texts: what the difference says, and which ones could be meant instead.

A *pair* is a quote's place in the old text and a place of the same words in the new one. How far
the texts go on being the same on either side of a pair is its *reach*; a pair beats another if it
goes at least as far on both sides. Only a pair that beats every other for its places is sure.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from annotations.rules.anchors import CONTEXT
from annotations.rules.diffs import SENTENCES, Run, between

CHANCE = 8  # code points: a context this short may be the same by chance
EDGE = 16  # code points of a quote's start or end that are looked for with their context
FAR = 1 << 40  # the reach of a side that is the same up to the end of both texts
LANDMARK = 32  # code points from the start of a sentence or clause
WIDE_LANDMARK = 160  # the same for texts whose sentences are much alike
MOST_PLACES = 50  # of one quote that are looked at
LONGEST_SOUGHT = 30_000  # code points of a quote with its context
MOST_WORK = 300_000_000  # code points read, over all the marks of a text: about half a second
BOUNDARY = re.compile(r"[.!?…”’\")\n。！？,;:]\s*")


class TooMuch(Exception):
    """The texts are so uniform that telling the places apart would take too long."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How many code points are the same before and after the quote."""

    left: int
    right: int

    @property
    def grades(self) -> tuple[int, int]:
        return graded(self.left), graded(self.right)

    @property
    def context(self) -> int:
        """What of it lies in the neighbourhood of the quote."""
        return min(self.left, CONTEXT) + min(self.right, CONTEXT)

    def beats(self, other: "Reach") -> bool:
        """Whether the context speaks for this pair, on neither side for the other."""
        (left, right), (other_left, other_right) = self.grades, other.grades
        if (left, right) != (other_left, other_right):
            return left >= other_left and right >= other_right
        return (
            CONTEXT in (left, right)
            and self != other
            and self.left >= other.left
            and self.right >= other.right
        )

    def surpasses(self, other: "Reach") -> bool:
        """Whether it goes at least as far on both sides, however far that is."""
        return (
            (self.left >= other.left or other.left < CHANCE)
            and (self.right >= other.right or other.right < CHANCE)
            and (self.left > other.left or self.right > other.right)
        )


def graded(reach: int) -> int:
    return 0 if reach < CHANCE else min(reach, CONTEXT)


class Mapping:
    """Where the offsets of one text went in the other, by the runs that stay."""

    def __init__(self, same: Sequence[Run]) -> None:
        self.same = same
        self.starts = [run.old for run in same]

    def run(self, start: int, end: int) -> Run | None:
        """The run that holds the whole range."""
        n = bisect_right(self.starts, start) - 1
        return self.same[n] if n >= 0 and end <= self.same[n].old_end else None

    def neighbours(self, run: Run, size: int, other: int) -> tuple[Run, Run]:
        """The runs around one; the texts, `size` and `other` long, end with an empty one."""
        n = bisect_left(self.starts, run.old)
        before = self.same[n - 1] if n else Run(0, 0, 0)
        return before, self.same[n + 1] if n + 1 < len(self.same) else Run(size, other, 0)

    def image(self, start: int, end: int) -> int | None:
        """The new start of a range that stays whole."""
        run = self.run(start, end)
        return None if run is None else start - run.old + run.new

    def kept(self, start: int, end: int) -> int:
        """How many code points of the range stay, in one piece or in several."""
        first = max(0, bisect_right(self.starts, start) - 1)
        return sum(
            max(0, min(end, run.old_end) - max(start, run.old))
            for run in self.same[first : bisect_left(self.starts, end)]
        )

    def around(self, start: int, end: int, size: int, other: int) -> tuple[int, int, int, int]:
        """The range, widened to what stays on either side: its ends in the old and the new text.

        `size` and `other` are the texts' lengths.
        """
        n = bisect_right(self.starts, start) - 1
        before = self.same[n] if n >= 0 else Run(0, 0, 0)
        m = bisect_left(self.starts, end)
        after = self.same[m] if m < len(self.same) else Run(size, other, 0)
        last = self.same[m - 1] if m > 0 else Run(0, 0, 0)
        inside = min(start, before.old_end)
        old_start, new_start = inside, before.new + inside - before.old
        if last.old < end <= last.old_end:
            return old_start, end, new_start, last.new + end - last.old
        return old_start, after.old, new_start, after.new

    def inverse(self) -> "Mapping":
        return Mapping([Run(run.new, run.old, run.size) for run in self.same])


class Landmarks:
    """Openings of sentences that stand once in both texts: whoever holds one has no twin."""

    def __init__(self, old: str, new: str, size: int) -> None:
        self.size = size
        of_old, of_new = openings(old, size), openings(new, size)
        once_in_old = once(opening for _, _, opening in of_old)
        both = once_in_old & once(opening for _, _, opening in of_new)
        there = {opening: at for _, at, opening in of_new if opening in both}
        here = [place for place in of_old if place[2] in both]
        self.before = [before for before, _, _ in here]
        self.starts = [at for _, at, _ in here]
        self.shifts = [there[opening] - at for _, at, opening in here]

    def within(self, start: int, end: int) -> bool:
        """Whether one lies in the stretch, together with the end of the sentence before it."""
        n = bisect_left(self.before, start)
        return n < len(self.starts) and self.starts[n] + self.size <= end

    def elsewhere(self, kept: "Mapping") -> Iterator[tuple[int, int]]:
        """Those that stand outside of what stays in order: their old and new places."""
        for at, shift in zip(self.starts, self.shifts, strict=True):
            if kept.image(at, at + self.size) is None:
                yield at, at + shift


def openings(text: str, size: int) -> list[tuple[int, int, str]]:
    """Each start of a sentence or clause with where the one before ended, and its first words."""
    return [
        (match.start(), match.end(), text[match.end() : match.end() + size])
        for match in BOUNDARY.finditer(text)
        if match.end() + size <= len(text)
    ]


def once(words: Iterable[str]) -> set[str]:
    return {one for one, count in Counter(words).items() if count == 1}


class Texts:
    """The two texts, read within a bound on the work."""

    def __init__(self, old: str, new: str, same: Sequence[Run]) -> None:
        self.old, self.new = old, new
        self.forth = Mapping(same)
        self.back = self.forth.inverse()
        self.work = MOST_WORK

    def spend(self, work: int) -> None:
        self.work -= work
        if self.work < 0:
            raise TooMuch

    def reach(self, old: int, new: int, size: int) -> Reach:
        """How far the texts are the same around `size` equal code points at `old` and at `new`."""
        self.spend(0)
        left = common_suffix(self.old, old, self.new, new)
        right = common_prefix(self.old, old + size, self.new, new + size)
        self.spend(left + right)
        return Reach(
            FAR if left == old == new else left,
            FAR if right == len(self.old) - old - size == len(self.new) - new - size else right,
        )

    def occurrences(self, text: str, words: str) -> list[int]:
        """Every place of the words in the text, overlapping ones too."""
        self.spend(len(text))
        if len(words) > LONGEST_SOUGHT:
            raise TooMuch
        found: list[int] = []
        at = text.find(words)
        while at >= 0:
            found.append(at)
            if len(found) > MOST_PLACES:
                raise TooMuch
            self.spend(len(words))
            at = text.find(words, at + 1)
        return found

    def cut_and_pasted(self) -> list[Run]:
        """What went from one place whole and came to another whole, with nothing in its stead."""
        went: dict[str, list[int]] = {}
        came: dict[str, list[int]] = {}
        for before, after in between(self.forth.same, len(self.old), len(self.new)):
            if before.new_end == after.new:
                note(went, self.old, before.old_end, after.old)
            if before.old_end == after.old:
                note(came, self.new, before.new_end, after.new)
        return [
            Run(places[0], came[words][0], len(words))
            for words, places in went.items()
            if len(words) >= CHANCE and len(places) == 1 == len(came.get(words, ()))
        ]

    def carried_off(self, landmarks: Landmarks) -> list[Run]:
        """What stands elsewhere now, as far as it goes around each landmark."""
        found: list[Run] = []
        for old, new in landmarks.elsewhere(self.forth):
            if found and old < found[-1].old_end and new - old == found[-1].new - found[-1].old:
                continue
            left = common_suffix(self.old, old, self.new, new)
            right = common_prefix(self.old, old, self.new, new)
            self.spend(left + right)
            found.append(Run(old - left, new - left, left + right))
        return found

    def taken(self, old: int, new: int, size: int) -> bool:
        """Whether the place in the new text is surely another's than that of the old place."""
        other = self.back.image(new, new + size)
        return (
            other is not None
            and other != old
            and self.reach(other, new, size).surpasses(self.reach(old, new, size))
        )

    def kept_elsewhere(self, old: int, new: int, size: int) -> bool:
        """Whether the old place surely went to another than this new place."""
        other = self.forth.image(old, old + size)
        return (
            other is not None
            and other != new
            and self.reach(old, other, size).surpasses(self.reach(old, new, size))
        )

    def rivals(
        self, old: int, new: int, size: int, own: Reach, *, left: bool, right: bool
    ) -> tuple[set[int], set[int]]:
        """The new places that could be meant instead, and the old ones that could have come here.

        A rival of the whole quote is one that its own reach does not beat. A rival of its first or
        last words is one that goes further beyond them: there the quote may be put together of
        one passage and another. `left` and `right` say on which sides there may be any.
        """
        there: set[int] = set()
        here: set[int] = set()
        if left and right:
            there = {
                place
                for place in self.sharing(self.old, old, size, own, self.new)
                if place != new
                and not self.taken(old, place, size)
                and not own.beats(self.reach(old, place, size))
            }
            here = {
                place
                for place in self.sharing(self.new, new, size, own, self.old)
                if place != old
                and not self.kept_elsewhere(place, new, size)
                and not own.beats(self.reach(place, new, size))
            }
        first, last = edges(self.old[old : old + size])
        sides = [(0, first, self.further_left)] * left
        sides += [(size - last, last, self.further_right)] * right
        for within, edge, further in sides:
            head, place = old + within, new + within
            there |= {
                one - within
                for one in further(self.old, head, edge, own, self.new)
                if one != place and not self.taken(head, one, edge)
            }
            here |= {
                one - within
                for one in further(self.new, place, edge, own, self.old)
                if one != head and not self.kept_elsewhere(one, place, edge)
            }
        return there, here

    def sharing(self, text: str, start: int, size: int, own: Reach, other: str) -> Iterator[int]:
        """Where the quote stands in the other text with as much context as counts."""
        left, right = min(own.grades[0], start), own.grades[1]
        for at in self.occurrences(other, text[start - left : start + size + right]):
            yield at + left

    def further_left(self, text: str, at: int, size: int, own: Reach, other: str) -> Iterator[int]:
        """Where first words stand in the other text after more of the context than they have."""
        if own.left != FAR:
            more = min(max(CHANCE, own.left + 1), at)
            for found in self.occurrences(other, text[at - more : at + size]):
                if more < at or found == 0:
                    yield found + more

    def further_right(self, text: str, at: int, size: int, own: Reach, other: str) -> Iterator[int]:
        """Where last words stand in the other text before more of the context than they have."""
        if own.right != FAR:
            words = text[at : at + size + max(CHANCE, own.right + 1)]
            for found in self.occurrences(other, words):
                if at + len(words) < len(text) or found + len(words) == len(other):
                    yield found


def edges(quote: str) -> tuple[int, int]:
    """How long the first and the last words of a quote are: at most up to a sentence's end."""
    ends = [match.end() for match in SENTENCES.finditer(quote) if match.end() < len(quote)]
    first, last = (ends[0], len(quote) - ends[-1]) if ends else (len(quote), len(quote))
    return min(first, EDGE), min(last, EDGE)


def note(places: dict[str, list[int]], text: str, start: int, end: int) -> None:
    """Adds where the words of a stretch stand, blanks around them left out."""
    words = text[start:end]
    if words.strip():
        start += len(words) - len(words.lstrip())
        places.setdefault(words.strip(), []).append(start)


def common_prefix(a: str, i: int, b: str, j: int) -> int:
    """How many code points are the same from `i` in one and from `j` in the other."""
    most = min(len(a) - i, len(b) - j)
    step, n = 32, 0
    while n < most and a[i + n : i + min(n + step, most)] == b[j + n : j + min(n + step, most)]:
        n = min(n + step, most)
        step *= 2
    while step > 1:  # the first difference lies within a step: halve it
        step //= 2
        if n + step <= most and a[i + n : i + n + step] == b[j + n : j + n + step]:
            n += step
    return n


def common_suffix(a: str, i: int, b: str, j: int) -> int:
    """How many code points are the same before `i` in one and before `j` in the other."""
    most = min(i, j)
    step, n = 32, 0
    while n < most:
        size = min(step, most - n)
        if a[i - n - size : i - n] != b[j - n - size : j - n]:
            break
        n += size
        step *= 2
    while step > 1:
        step //= 2
        if n + step <= most and a[i - n - step : i - n] == b[j - n - step : j - n]:
            n += step
    return n
