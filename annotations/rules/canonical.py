"""Canonical text: what an article's characters are, once and for all, and its blocks.

Every offset in the product counts Unicode code points in this text, as `[start, end)`. BOM is
dropped and CR LF and lone CR become LF; everything else stays as it came: no normalisation, no
trimming, no-break spaces and zero-width characters kept.
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from annotations.rules.furniture import is_furniture
from annotations.rules.refusals import Malformed
from annotations.rules.words import refuse_unstorable

LONGEST_TEXT = 2_000_000
MOST_BLOCKS = 50_000


class Kind(StrEnum):
    HEADLINE = "headline"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    QUOTE = "quote"
    LIST_ITEM = "list_item"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the canonical text, `[start, end)` in code points, and what it is."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CanonicalText:
    text: str
    blocks: tuple[Block, ...]

    @property
    def sha256(self) -> str:
        """Hex digest of the UTF-8 text: it names a revision."""
        return hashlib.sha256(self.text.encode()).hexdigest()


BULLET = re.compile(r"(?:[-*•–]|\d{1,3}[.)])\s+\S")
BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
QUOTES = {"“": "”", "«": "»", "„": "“", '"': '"', "「": "」", "‘": "’"}
FULL_STOPS = (".", "!", "?", "…", ":", ";", ",", "。", "！", "？", "؟", "।", "”", '"', "»", "*")
LONGEST_HEADING = 120


def canonical_text(
    raw: str, *, furniture: Collection[str] = (), headline: str = "", field: str = "text"
) -> CanonicalText:
    """The canonical text of `raw` plain text, cut into blocks at blank lines.

    `furniture` names further blocks (their whole text) that are the page's and not the author's.
    Refuses a text that is empty, too long, or holds what no text can, with line and column.
    """
    text = raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    refuse_unstorable(text, field)
    refuse_empty_or_too_long(text, field)
    named = named_furniture(furniture)
    spans = list(islice(spans_between_blank_lines(text), MOST_BLOCKS + 1))
    refuse_too_many_blocks(len(spans), field)
    blocks = []
    for n, (start, end) in enumerate(spans):
        words = text[start:end]
        if is_furniture(words, named=named, place=(n + 1) / len(spans)):
            kind = Kind.FURNITURE
        else:
            kind = kind_of(words, first=n == 0, headline=headline)
        blocks.append(Block(kind, start, end))
    return CanonicalText(text, tuple(blocks))


def named_furniture(furniture: Collection[str]) -> frozenset[str]:
    """The blocks that somebody named as the page's, to compare with."""
    return frozenset(one.strip().casefold() for one in furniture)


def refuse_empty_or_too_long(text: str, field: str) -> None:
    if not text.strip():
        raise Malformed("There is no text here. Paste the article.", field=field)
    if len(text) > LONGEST_TEXT:
        raise Malformed(
            f"This text has {len(text):,} characters; {LONGEST_TEXT:,} is the most. Split it.",
            field=field,
        )


def refuse_too_many_blocks(number: int, field: str) -> None:
    if number > MOST_BLOCKS:
        raise Malformed(
            f"This text has more than {MOST_BLOCKS:,} paragraphs. Split it.", field=field
        )


def spans_between_blank_lines(text: str) -> Iterator[tuple[int, int]]:
    """`(start, end)` of each stretch that is not blank, without the white space at its ends."""
    at = 0
    for gap in [*BLANK_LINES.finditer(text), None]:
        end = gap.start() if gap else len(text)
        stretch = text[at:end]
        if stretch.strip():
            lead = len(stretch) - len(stretch.lstrip())
            yield at + lead, at + len(stretch.rstrip())
        at = gap.end() if gap else len(text)


def is_headline(block: str) -> bool:
    """Whether a first block is short enough to be the headline."""
    return len(block) <= 300 and "\n" not in block


def kind_of(block: str, *, first: bool, headline: str = "") -> Kind:
    """What a block of plain text that is the author's is, by its own looks."""
    if (first and is_headline(block)) or (headline and block == headline):
        return Kind.HEADLINE
    closing = QUOTES.get(block[0])
    if closing and len(block) > 1 and block.rstrip(".,").endswith(closing):
        inner = block[1:-1]
        if not any(a in inner and b in inner for a, b in QUOTES.items()):
            return Kind.QUOTE
    if BULLET.match(block) and "\n" not in block:
        return Kind.LIST_ITEM
    if len(block) <= LONGEST_HEADING and "\n" not in block and not block.endswith(FULL_STOPS):
        return Kind.HEADING
    return Kind.PARAGRAPH
