"""What changed between two texts: first by paragraphs, then by sentences, then by words.

What stands once in both texts is matched first, so that a reader sees what an editor did (patience
diff); the rest is aligned by its longest common subsequence. The work is bounded: a stretch too
large and too uniform for that counts as replaced. Offsets are code points, `[start, end)`.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import LCSseq

CJK = "\u2e80-\u2fff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
PUNCTUATION = r"!-/:-@\[-`{-~¡«»¿\u2010-\u205e\u3000-\u303f\uff01-\uff0f\uff1a-\uff20"
LETTER = rf"[^\s{PUNCTUATION}{CJK}]"
PARAGRAPHS = re.compile(r"(\n+)")
SENTENCES = re.compile(r"([.!?…”’\")\n。！？]+(?:\s+|(?<=[\n。！？])))")
WORDS = re.compile(rf"(\d+(?:[.,]\d+)*%?(?!{LETTER})|{LETTER}+(?:['’]{LETTER}+)*|[{CJK}]|\s+)")
LEVELS = (PARAGRAPHS, SENTENCES, WORDS)
CELLS = 25_000_000  # the largest table for one longest common subsequence: about 15 ms
WORDY = 400_000  # code points of the stretches that are compared word by word, all together
ROUNDS = 8  # of matching what is unique between what is matched
ISLAND = 16  # code points: what stays between two larger changes is noise if it is shorter
LINE_BREAKS = 3  # the same among paragraphs, of which only the breaks between them are noise


class Change(StrEnum):
    EQUAL = "equal"
    DELETED = "deleted"
    INSERTED = "inserted"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Stretch:
    """`old[old_start:old_end]` became `new[new_start:new_end]`."""

    change: Change
    old_start: int
    old_end: int
    new_start: int
    new_end: int


@dataclass(frozen=True, slots=True)
class Run:
    """Code points that stay: `old[old:old + size] == new[new:new + size]`."""

    old: int
    new: int
    size: int

    @property
    def old_end(self) -> int:
        return self.old + self.size

    @property
    def new_end(self) -> int:
        return self.new + self.size


def changes(old: str, new: str) -> list[Stretch]:
    """The two texts from their start to their end as stretches, by whole words where it can be."""
    found = []
    for before, after in between(runs(old, new), len(old), len(new)):
        gap = (before.old_end, after.old, before.new_end, after.new)
        if gap[0] < gap[1] or gap[2] < gap[3]:
            kind = (
                Change.INSERTED if gap[0] == gap[1]
                else Change.DELETED if gap[2] == gap[3]
                else Change.REPLACED
            )  # fmt: skip
            found.append(Stretch(kind, *gap))
        if after.size:
            found.append(Stretch(Change.EQUAL, after.old, after.old_end, after.new, after.new_end))
    return found


def between(same: Sequence[Run], old: int, new: int) -> Iterator[tuple[Run, Run]]:
    """Each run with the one before it; the texts begin and end with an empty one."""
    before = Run(0, 0, 0)
    for run in (*same, Run(old, new, 0)):
        yield before, run
        before = run


def runs(old: str, new: str) -> list[Run]:
    """What stays, in the order of both texts."""
    same: list[Run] = []
    wordy = WORDY
    for level in LEVELS:
        finer: list[Run] = []
        for before, after in between(same, len(old), len(new)):
            a, b = old[before.old_end : after.old], new[before.new_end : after.new]
            if level is WORDS and a and b:
                if len(a) + len(b) > wordy:
                    a = b = ""
                wordy -= len(a) + len(b)
            if a and b:
                finer += moved(compared(level, a, b), before.old_end, before.new_end)
            finer.append(after)
        same = joined(finer)
    return [run for run in same if run.size]


def moved(same: Iterable[Run], old: int, new: int) -> Iterator[Run]:
    return (Run(run.old + old, run.new + new, run.size) for run in same)


def compared(level: re.Pattern[str], old: str, new: str) -> list[Run]:
    """The pieces of one level that stay, in code points."""
    a, b = pieces(level, old), pieces(level, new)
    starts_of_old, starts_of_new = starts(a), starts(b)
    number: dict[str, int] = {}
    same = joined(
        Run(starts_of_old[i], starts_of_new[j], starts_of_old[i + n] - starts_of_old[i])
        for i, j, n in aligned(
            [number.setdefault(piece, len(number)) for piece in a],
            [number.setdefault(piece, len(number)) for piece in b],
        )
    )
    island = LINE_BREAKS if level is PARAGRAPHS else ISLAND
    return list(without_islands(same, len(old), len(new), island))


def pieces(level: re.Pattern[str], text: str) -> list[str]:
    return [piece for piece in level.split(text) if piece]


def starts(parts: Sequence[str]) -> list[int]:
    """Where each part starts in the whole, and the end of the last."""
    at, found = 0, [0]
    for part in parts:
        at += len(part)
        found.append(at)
    return found


def joined(same: Iterable[Run]) -> list[Run]:
    """Runs that touch in both texts, as one."""
    found: list[Run] = []
    for run in same:
        if found and (found[-1].old_end, found[-1].new_end) == (run.old, run.new):
            run = Run(found[-1].old, found[-1].new, found.pop().size + run.size)
        found.append(run)
    return found


def without_islands(same: Sequence[Run], old: int, new: int, island: int) -> Iterator[Run]:
    """Leaves out what stays by chance: a few letters between two larger changes."""
    around = list(between(same, old, new))
    for (before, run), (_, after) in zip(around, [*around[1:], (None, None)], strict=True):
        if after is None:
            return
        sizes = (
            max(run.old - before.old_end, run.new - before.new_end),
            max(after.old - run.old_end, after.new - run.new_end),
        )
        if run.size >= island or run.size >= min(sizes):
            yield run


def aligned(a: Sequence[int], b: Sequence[int]) -> list[tuple[int, int, int]]:
    """Pairs of equal slices `(i, j, n)` of two lists of numbers, in order."""
    found: list[tuple[int, int, int]] = []
    waiting = [(0, len(a), 0, len(b), ROUNDS)]
    while waiting:
        i, i_end, j, j_end, rounds = waiting.pop()
        n = 0
        while i + n < i_end and j + n < j_end and a[i + n] == b[j + n]:
            n += 1
        found.append((i, j, n))
        i, j = i + n, j + n
        n = 0
        while i < i_end - n and j < j_end - n and a[i_end - n - 1] == b[j_end - n - 1]:
            n += 1
        i_end, j_end = i_end - n, j_end - n
        found.append((i_end, j_end, n))
        if i == i_end or j == j_end:
            continue
        if rounds and (anchors := unique_in_both(a[i:i_end], b[j:j_end])):
            x, y = i, j
            for next_x, next_y in [*((i + m, j + n) for m, n in anchors), (i_end, j_end)]:
                waiting.append((x, next_x, y, next_y, rounds - 1))
                x, y = next_x, next_y
            continue
        if (i_end - i) * (j_end - j) <= CELLS:
            found.extend(
                (i + op.src_start, j + op.dest_start, op.src_end - op.src_start)
                for op in LCSseq.opcodes(a[i:i_end], b[j:j_end])
                if op.tag == "equal"
            )
    return sorted(piece for piece in found if piece[2])


def unique_in_both(a: Sequence[int], b: Sequence[int]) -> list[tuple[int, int]]:
    """The longest chain, rising in both lists, of what stands once in each."""
    often_a, often_b = Counter(a), Counter(b)
    place = {one: n for n, one in enumerate(b) if often_b[one] == 1}
    pairs = [(n, place[one]) for n, one in enumerate(a) if often_a[one] == 1 and one in place]
    tails: list[int] = []  # the smallest last place of a chain of each length
    chains: list[int] = []  # which pair ends it
    previous: list[int] = []
    for n, (_, at) in enumerate(pairs):
        length = bisect_left(tails, at)
        previous.append(chains[length - 1] if length else -1)
        tails[length : length + 1] = [at]
        chains[length : length + 1] = [n]
    found = []
    n = chains[-1] if chains else -1
    while n >= 0:
        found.append(pairs[n])
        n = previous[n]
    return found[::-1]
