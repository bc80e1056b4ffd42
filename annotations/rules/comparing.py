"""Two texts side by side: their blocks in pairs, each cut where words stay, went or came.

Offsets are code points, `[start, end)`.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from annotations.rules.canonical import Block
from annotations.rules.diffs import Change, Stretch, changes

AKIN = 4  # of two blocks' code points one in so many has to stay, or they are not the same one


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stay, or that stand in one of the two texts only."""

    words: str
    stays: bool


@dataclass(frozen=True, slots=True)
class Side:
    """A block of one of the texts; `n` counts the blocks from 1."""

    n: int
    block: Block
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A block of the older text and what it is in the newer one; None where there is none."""

    old: Side | None
    new: Side | None

    @property
    def is_same(self) -> bool:
        """Whether neither the words nor the kind of the block changed."""
        return (
            self.old is not None
            and self.new is not None
            and self.old.block.kind == self.new.block.kind
            and all(piece.stays for piece in (*self.old.pieces, *self.new.pieces))
        )


class Kept:
    """The stretches of one text that stand in the other one as well."""

    def __init__(self, text: str, spans: Sequence[tuple[int, int]]) -> None:
        self.text = text
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]

    def pieces(self, start: int, end: int) -> Iterator[Piece]:
        """The words of `[start, end)`, cut where they begin and cease to stay."""
        at = start
        for n in range(bisect_right(self.ends, start), bisect_left(self.starts, end)):
            head, tail = max(self.starts[n], start), min(self.ends[n], end)
            if at < head:
                yield Piece(self.text[at:head], stays=False)
            yield Piece(self.text[head:tail], stays=True)
            at = tail
        if at < end:
            yield Piece(self.text[at:end], stays=False)


class Comparison:
    """An older and a newer text with their blocks."""

    def __init__(
        self, old: str, old_blocks: Sequence[Block], new: str, new_blocks: Sequence[Block]
    ) -> None:
        same = [one for one in changes(old, new) if one.change is Change.EQUAL]
        self.same: list[Stretch] = same
        self.old_blocks, self.new_blocks = old_blocks, new_blocks
        self.old = Kept(old, [(one.old_start, one.old_end) for one in same])
        self.new = Kept(new, [(one.new_start, one.new_end) for one in same])

    def near(self, at: int) -> int:
        """About where a place of the older text is in the newer one: to look there."""
        before = [run for run in self.same if run.old_start <= at]
        if not before:
            return 0
        run = before[-1]
        return min(run.new_end, run.new_start + at - run.old_start)

    @cached_property
    def pairs(self) -> list[Pair]:
        """The blocks of both texts in their order; those of a split or joined one stand together.

        What has no counterpart stands beside what else has none at its place.
        """
        found: list[Pair] = []
        old_at = new_at = 0
        for old_first, old_end, new_first, new_end in [
            *self._groups(),
            (
                len(self.old_blocks),
                len(self.old_blocks),
                len(self.new_blocks),
                len(self.new_blocks),
            ),
        ]:
            found += self._rows(range(old_at, old_first), range(new_at, new_first))
            found += self._rows(range(old_first, old_end), range(new_first, new_end))
            old_at, new_at = old_end, new_end
        return found

    def _rows(self, old: range, new: range) -> Iterator[Pair]:
        for i, j in zip_longest(old, new):
            yield Pair(
                None if i is None else _side(i, self.old_blocks[i], self.old),
                None if j is None else _side(j, self.new_blocks[j], self.new),
            )

    def _groups(self) -> list[tuple[int, int, int, int]]:
        """`old[a:b]` became `new[c:d]`, counted in blocks: the smallest that share enough words."""
        groups: list[tuple[int, int, int, int]] = []
        for i, j in self._akin():
            if groups and (i < groups[-1][1] or j < groups[-1][3]):
                first, _, new_first, new_end = groups.pop()
                groups.append((first, i + 1, new_first, max(new_end, j + 1)))
            else:
                groups.append((i, i + 1, j, j + 1))
        return groups

    def _akin(self) -> list[tuple[int, int]]:
        """Which block of the old text is which of the new one, in the order of both."""
        shared: dict[tuple[int, int], int] = defaultdict(int)
        ends = [block.end for block in self.old_blocks]
        new_ends = [block.end for block in self.new_blocks]
        for run in self.same:
            shift = run.new_start - run.old_start
            i = bisect_right(ends, run.old_start)
            j = bisect_right(new_ends, run.new_start)
            while i < len(ends) and j < len(new_ends):
                old, new = self.old_blocks[i], self.new_blocks[j]
                start = max(run.old_start, old.start, new.start - shift)
                end = min(run.old_end, old.end, new.end - shift)
                if start < end:
                    shared[i, j] += end - start
                if max(old.start, new.start - shift) >= run.old_end:
                    break
                if old.end <= new.end - shift:
                    i += 1
                else:
                    j += 1
        return sorted(
            (i, j)
            for (i, j), size in shared.items()
            if size * AKIN >= min(_size(self.old_blocks[i]), _size(self.new_blocks[j]))
        )


def _side(n: int, block: Block, kept: Kept) -> Side:
    return Side(n + 1, block, tuple(kept.pieces(block.start, block.end)))


def _size(block: Block) -> int:
    return block.end - block.start


def between(was: str, now: str) -> list[tuple[Change, str]]:
    """The words of both as one run: what stays, what went (`DELETED`), what came (`INSERTED`)."""
    found: list[tuple[Change, str]] = []
    for one in changes(was, now):
        if one.change is Change.EQUAL:
            found.append((Change.EQUAL, was[one.old_start : one.old_end]))
            continue
        if one.old_start < one.old_end:
            found.append((Change.DELETED, was[one.old_start : one.old_end]))
        if one.new_start < one.new_end:
            found.append((Change.INSERTED, now[one.new_start : one.new_end]))
    return found
