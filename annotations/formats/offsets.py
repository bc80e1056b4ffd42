"""Offsets as other tools count them: code points, or the units of UTF-16 that JavaScript counts.

Inside, every offset is in code points. A format that has the quote beside the offsets can be asked
which unit it counted in; one that has not must be told.
"""

from bisect import bisect_left

from annotations.formats.given import PlaceGiven
from annotations.formats.given import Unit as Unit
from annotations.rules.refusals import Unprocessable

NAMES = {Unit.CODEPOINT: "code points", Unit.UTF16: "UTF-16 units"}


class Offsets:
    """One text's offsets in both units; only characters that count as two in UTF-16 are kept."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.wide = [] if text.isascii() else [n for n, one in enumerate(text) if one > "\uffff"]
        self.wide_in_utf16 = [at + n for n, at in enumerate(self.wide)]

    def written(self, offset: int, unit: Unit) -> int:
        """The code point offset `offset` in `unit`."""
        return offset if unit == Unit.CODEPOINT else offset + bisect_left(self.wide, offset)

    def read(self, offset: int, unit: Unit) -> int | None:
        """The code point offset of what is `offset` in `unit`; None outside the text, or in the
        middle of a character.
        """
        if unit == Unit.UTF16:
            before = bisect_left(self.wide_in_utf16, offset)
            if before and self.wide_in_utf16[before - 1] == offset - 1:
                return None
            offset -= before
        return offset if 0 <= offset <= len(self.text) else None

    def place(
        self, start: int, end: int, *, quote: str | None = None, units: tuple[Unit, ...]
    ) -> PlaceGiven:
        """Where `[start, end)` is, in the first of `units` in which it covers `quote`.

        Without a quote the first unit is taken at its word. Refuses what fits in none.
        """
        for unit in units:
            first, last = self.read(start, unit), self.read(end, unit)
            if first is None or last is None or first >= last:
                continue
            if quote is None or self.text[first:last] == quote:
                return PlaceGiven(first, last)
        raise Unprocessable(self._why(start, end, quote, units), field="offsets")

    def _why(self, start: int, end: int, quote: str | None, units: tuple[Unit, ...]) -> str:
        counted = " nor ".join(NAMES[unit] for unit in units)
        neither = "neither in " if len(units) > 1 else "not in "
        if start >= end:
            return f"The offsets {start} to {end} hold nothing: the end comes after the start."
        if quote is None:
            return (
                f"The offsets {start} to {end} are {neither}{counted} a stretch of the text, which "
                f"has {len(self.text):,} code points."
            )
        return (
            f"The text at {start} to {end} is {neither}{counted} “{shortened(quote)}”. Check that "
            "offsets and text belong together."
        )


def shortened(words: str, longest: int = 60) -> str:
    return words if len(words) <= longest else words[: longest - 1] + "…"
