"""Quotes of formats that name an article and have not its text: where they stand in our text.

The words have to be the same to the letter; only runs of blanks and line ends may differ, as HTML
lets them. Of several such places the words around decide, then the offsets; what stays open is
refused, never guessed.
"""

import re
from dataclasses import replace

from annotations.formats.given import ClaimGiven, PlaceGiven, QuoteGiven
from annotations.formats.offsets import Offsets, shortened
from annotations.rules import words
from annotations.rules.refusals import Unprocessable

BLANKS = re.compile(r"\s+")
LONGEST_CONTEXT = 64  # code points nearest to the quote
MOST_PLACES = 1_000  # words that stand more often than that are told apart by offsets alone


class Quotes:
    """One text in which quotes are looked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offsets = Offsets(text)
        self.folded, self.origin = _folded(text)

    def claim(self, given: ClaimGiven) -> ClaimGiven:
        """The claim with its places in this text; refuses one of which a quote is not found."""
        places = tuple(self.place(one) for one in given.quotes)
        statement = given.statement or words.shortened(
            " ".join(self.text[one.start : one.end] for one in places), words.STATEMENT
        )
        return replace(given, places=places, quotes=(), statement=statement)

    def place(self, given: QuoteGiven) -> PlaceGiven:
        """Where the quote stands; refuses what stands nowhere, or as well in several places."""
        told = self._told(given)
        if not given.quote.strip():
            if told is None:
                raise Unprocessable(
                    "There are neither words nor offsets to find. Give the words as exact.",
                    field="quote",
                )
            return told
        found = self._standing(given.quote)
        fitting = self._fitting(found, given)
        if told in fitting or (told and not fitting):
            return told
        if len(fitting) == 1:
            return fitting[0]
        raise Unprocessable(_why(given, found), field="quote")

    def _told(self, given: QuoteGiven) -> PlaceGiven | None:
        """The place that the offsets name, if the quote stands there; without one, as they are."""
        if given.start is None or given.end is None:
            return None
        try:
            return self.offsets.place(
                given.start, given.end, quote=given.quote or None, units=given.units
            )
        except Unprocessable:
            if given.quote:
                return None
            raise

    def _standing(self, quote: str) -> list[PlaceGiven]:
        folded = BLANKS.sub(" ", quote)
        found: list[PlaceGiven] = []
        at = self.folded.find(folded)
        while at >= 0 and len(found) <= MOST_PLACES:
            start, end = self.origin[at], self.origin[at + len(folded)]
            exact = self.text.find(quote, start, end)  # of a run of blanks it may have only some
            if exact >= 0:
                start, end = exact, exact + len(quote)
            found.append(PlaceGiven(start, end))
            at = self.folded.find(folded, at + 1)
        return found

    def _fitting(self, found: list[PlaceGiven], given: QuoteGiven) -> list[PlaceGiven]:
        """Those of the places with the words around them as given: on both sides if there are
        such, else on one; all of them where no words around are given.
        """
        before = _context(given.prefix[-LONGEST_CONTEXT:])
        after = _context(given.suffix[:LONGEST_CONTEXT])
        if len(found) > MOST_PLACES:
            return []
        if not before and not after:
            return found
        sides = [self._sides(one, before, after) for one in found]
        most = max(sides, default=0)
        return [one for one, n in zip(found, sides, strict=True) if n == most > 0]

    def _sides(self, place: PlaceGiven, before: str, after: str) -> int:
        """On how many sides of a place the words are as given."""
        left = self.text[max(0, place.start - 4 * LONGEST_CONTEXT) : place.start]
        right = self.text[place.end : place.end + 4 * LONGEST_CONTEXT]
        fits_left = bool(before) and _context(left).endswith(before)
        return fits_left + (bool(after) and _context(right).startswith(after))


def _folded(text: str) -> tuple[str, list[int]]:
    """The text with a blank for every run of blanks, and where each of its characters comes from;
    one more at the end, so that the end of every stretch is known.
    """
    letters: list[str] = []
    origin: list[int] = []
    was_blank = False
    for n, letter in enumerate(text):
        is_blank = letter.isspace()
        if not (is_blank and was_blank):
            letters.append(" " if is_blank else letter)
            origin.append(n)
        was_blank = is_blank
    return "".join(letters), [*origin, len(text)]


def _context(around: str) -> str:
    return BLANKS.sub(" ", around).strip()


def _why(given: QuoteGiven, found: list[PlaceGiven]) -> str:
    quote = shortened(given.quote)
    if not found:
        return (
            f"“{quote}” does not stand in the article's text. Check that the article is this one, "
            "and that its text has not changed."
        )
    if len(found) == 1:
        return (
            f"“{quote}” stands in the article's text, and between other words than those given. "
            "Correct the prefix or the suffix, or leave both out."
        )
    often = f"{len(found):,}" if len(found) <= MOST_PLACES else f"more than {MOST_PLACES:,}"
    return (
        f"“{quote}” stands {often} times in the article's text, and neither the words "
        "around it nor the offsets tell which is meant. Give the words before and after it."
    )
