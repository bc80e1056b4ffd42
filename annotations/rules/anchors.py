"""Anchors: where a quote stands in a canonical text, checked before the database checks it again.

Offsets are code points, `[start, end)`. A mark never cuts a character (`rules.graphemes`): without
a quote its ends are moved out, with one that cuts it is refused. The server never trims and never
guesses.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from annotations.rules.canonical import Block, Kind
from annotations.rules.folding import find_folded
from annotations.rules.graphemes import widened
from annotations.rules.refusals import Malformed, Unprocessable

CONTEXT = 32
LONGEST_QUOTE = 20_000
LONGEST_COMPARED = 2_000  # normalising is quadratic in a run of combining marks


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in a text: `text[start:end] == quote`, with up to 32 code points on each side."""

    start: int
    end: int
    quote: str
    prefix: str
    suffix: str


def anchor_at(text: str, start: int, end: int, quote: str | None = None) -> Anchor:
    """The anchor of `[start, end)`, widened to whole characters unless a quote says what is meant.

    Refuses what lies outside, a quote that is not the text, and a quote that cuts a character.
    """
    if start < 0:
        raise Malformed(f"The start is {start}; the text begins at 0.", field="start")
    if end > len(text):
        raise Malformed(f"The end is {end:,}; the text ends at {len(text):,}.", field="end")
    if start >= end:
        raise Malformed(
            f"The mark starts at {start:,} and ends at {end:,}: the start has to come first.",
            field="start",
        )
    if quote is not None and quote != text[start:end]:
        raise Unprocessable(difference(quote, text[start:end]), field="quote")
    whole = widened(text, start, end)
    if quote is not None and whole != (start, end):
        raise Unprocessable(
            f"The mark cuts a character of several code points in two. Whole characters are "
            f"{whole[0]:,} to {whole[1]:,}: send those offsets with their words, or no quote.",
            field="start" if whole[0] < start else "end",
            offers={"widened": {"start": whole[0], "end": whole[1]}},
        )
    start, end = whole
    if end - start > LONGEST_QUOTE:
        raise Malformed(
            f"The mark covers {end - start:,} characters; {LONGEST_QUOTE:,} is the most.",
            field="end",
        )
    covered = text[start:end]
    if not covered.strip():
        raise Malformed("The mark covers only blanks. Select the words themselves.", field="start")
    return Anchor(
        start, end, covered, text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    )


def off(text: str, anchor: Anchor) -> str:
    """What is wrong with an anchor that a text should hold; nothing if it holds."""
    around = text[max(0, anchor.start - CONTEXT) : anchor.end + CONTEXT]
    if not 0 <= anchor.start < anchor.end <= len(text):
        return f"it lies outside the text, which has {len(text):,} characters"
    if text[anchor.start : anchor.end] != anchor.quote:
        return f"the text there is {shown(text[anchor.start : anchor.end][:40])}"
    if around != anchor.prefix + anchor.quote + anchor.suffix:
        return "the words around it are others"
    return ""


def difference(quote: str, covered: str) -> str:
    """The sentence that says how a quote differs from the text it claims to be."""
    where = next(
        (n for n, pair in enumerate(zip(quote, covered, strict=False)) if pair[0] != pair[1]),
        min(len(quote), len(covered)),
    )
    why = (
        " The letters look alike and are composed differently (Unicode normal forms)."
        if max(len(quote), len(covered)) <= LONGEST_COMPARED
        and unicodedata.normalize("NFC", quote) == unicodedata.normalize("NFC", covered)
        else ""
    )
    return (
        f"The quote is not the text at these offsets: from character {where + 1} on, the quote has "
        f"{shown(quote[where : where + 20])} and the text has {shown(covered[where : where + 20])}."
        f"{why} Offsets count code points, not UTF-16 units."
    )


def shown(fragment: str) -> str:
    """A fragment between quotation marks, invisible characters spelt out."""
    visible = "".join(
        c if c.isprintable() and not unicodedata.combining(c) else f"\\u{{{ord(c):x}}}"
        for c in fragment
    )
    return f"“{visible}”" if fragment else "nothing more"


def refuse_furniture(blocks: Iterable[Block], anchor: Anchor) -> None:
    """Refuse a mark on the page's own words: share buttons, comment forms, notices."""
    for block in blocks:
        if block.kind == Kind.FURNITURE and block.start < anchor.end and anchor.start < block.end:
            raise Unprocessable(
                "These words belong to the page, not to the article, so they cannot be marked. "
                "Select words of the article itself.",
                field="start",
            )


def find_once(text: str, quote: str, prefix: str = "") -> int:
    """The start of the one place where `quote` stands, after `prefix` where that is needed."""
    if not quote:
        raise Malformed("The quote is missing. Give the words themselves.", field="quote")
    first = text.find(prefix + quote)
    if first < 0:
        where = " after this prefix" if prefix else ""
        alike = [] if prefix else find_folded(text, quote)
        raise Unprocessable(
            f"The text has it in other letters, {shown(text[slice(*alike[0])][:80])}, from "
            f"{alike[0][0]:,} to {alike[0][1]:,}. Copy it from the text, to the letter."
            if alike
            else f"The quote does not stand in the text{where}. Copy it again from the text.",
            field="quote",
        )
    if text.find(prefix + quote, first + 1) >= 0:
        raise Unprocessable(
            "The quote stands more than once in the text. "
            "Give the words before it as prefix, or give its offsets.",
            field="quote",
        )
    return first + len(prefix)
