"""Two texts of an article on one page: what changed side by side, what did not folded away, the
numbers of the claims beside their blocks, and the marks under the words."""

import uuid
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from annotations.rules.canonical import Block
from annotations.rules.comparing import Comparison, Pair, Piece, Side

NEWER = 10_000_000  # added to the newer text's offsets: the page's script paints both at once
FOLDED = 20  # blocks at either end of what did not change that the page holds
NUMBERS = 8  # of claims beside a block

Mark = dict[str, Any]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """A block on one side; `start` and `end` as the page's script counts them."""

    name: str
    n: int
    kind: str
    start: int
    end: int
    pieces: tuple[Piece, ...]
    claims: list[int]
    more: int


@dataclass(frozen=True, slots=True)
class Line:
    """A block of the older text beside what it is in the newer one."""

    old: Cell | None
    new: Cell | None
    same: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that are shown, or folded away: then `left_out` blocks are not on the page at all."""

    folded: bool
    count: int
    lines: list[Line]
    left_out: int
    tail: list[Line]


class Marks:
    """The marks of one text by the blocks they stand in: `{id, n, start, end, line}`."""

    def __init__(self, marks: Sequence[Mark], blocks: Sequence[Block], shift: int) -> None:
        self.shift = shift
        self.shown: dict[str, Mark] = {}
        self.by_block: dict[int, list[Mark]] = defaultdict(list)
        for mark in marks:
            for n in blocks_at(blocks, (mark["start"], mark["end"])):
                self.by_block[n].append(mark)

    def cell(self, side: Side | None) -> Cell | None:
        """The block for the page; from now on its marks are on the page too."""
        if side is None:
            return None
        block, marks = side.block, self.by_block.get(side.n, [])
        for mark in marks:
            at = {"start": mark["start"] + self.shift, "end": mark["end"] + self.shift}
            self.shown[mark["id"]] = mark | at
        claims = sorted({mark["n"] for mark in marks})
        return Cell(
            name_of(side.n, newer=bool(self.shift)),
            side.n,
            block.kind,
            block.start + self.shift,
            block.end + self.shift,
            side.pieces,
            claims[:NUMBERS],
            len(claims[NUMBERS:]),
        )


def name_of(block: int, *, newer: bool) -> str:
    """The id of a block on the page."""
    return f"{'new' if newer else 'old'}-{block}"


def blocks_at(blocks: Sequence[Block], span: Span) -> range:
    """The blocks that a place touches, counted from 1."""
    start, end = span
    first = bisect_right(blocks, start, key=lambda block: block.end)
    return range(first + 1, bisect_right(blocks, end - 1, key=lambda block: block.start) + 1)


def numbers_of(claims: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Each claim's number on the page: in the order in which they first come."""
    return {claim: n for n, claim in enumerate(dict.fromkeys(claims), 1)}


def laid_out(
    comparison: Comparison,
    old_marks: Sequence[Mark],
    new_marks: Sequence[Mark],
    *,
    old_shown: Iterable[Span] = (),
    new_shown: Iterable[Span] = (),
) -> tuple[list[Section], list[Mark]]:
    """The texts as sections, and the marks in what is shown of them.

    Blocks that hold a place of `old_shown` or `new_shown` are shown though they did not change.
    """
    old = Marks(old_marks, comparison.old_blocks, 0)
    new = Marks(new_marks, comparison.new_blocks, NEWER)
    open_old = {n for span in old_shown for n in blocks_at(comparison.old_blocks, span)}
    open_new = {n for span in new_shown for n in blocks_at(comparison.new_blocks, span)}

    def folds(pair: Pair) -> bool:
        held = (pair.old and pair.old.n in open_old) or (pair.new and pair.new.n in open_new)
        return pair.is_same and not held

    def lines(pairs: Sequence[Pair]) -> list[Line]:
        return [Line(old.cell(pair.old), new.cell(pair.new), pair.is_same) for pair in pairs]

    sections = []
    for folded, group in groupby(comparison.pairs, folds):
        pairs = list(group)
        left_out = max(0, len(pairs) - 2 * FOLDED) if folded else 0
        head = pairs[:FOLDED] if left_out else pairs
        tail = pairs[-FOLDED:] if left_out else []
        sections.append(Section(folded, len(pairs), lines(head), left_out, lines(tail)))
    return sections, [*old.shown.values(), *new.shown.values()]
