"""Marks on HTML as Label Studio makes them, found in the text that the HTML shows.

Their offsets count in the words of all elements, blanks between tags included, differently from
one version to the next; so the words that are marked are what counts. Where they stand several
times, the words around them decide, as far as the offsets lead to those.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate

from annotations.formats.given import PlaceGiven, QuoteGiven
from annotations.formats.offsets import Offsets, Unit
from annotations.formats.quotes import LONGEST_CONTEXT, Quotes
from annotations.formats.told import squeezed
from annotations.rules import html as pages
from annotations.rules.trees import tree_of

MOST_BLANKS = 100  # times the length of its words that a mark's stretch may be


class Hypertext:
    """A page; `text` is what it shows. Raises `Malformed` where it cannot be read."""

    def __init__(self, html: str) -> None:
        self.text = "\n\n".join(one.words for one in pages.read(html, "text").stretches)
        self.quotes = Quotes(self.text)
        nodes = list(_nodes(html))
        self.contents = Offsets("".join(nodes))
        self.bounds = [0, *accumulate(map(len, nodes))]

    def place(self, start: int, end: int, quote: str, units: tuple[Unit, ...]) -> PlaceGiven:
        """Where the words stand in `text`; refuses what stands nowhere, or as well elsewhere."""
        given = QuoteGiven(quote=quote)
        for unit in units:
            first, last = self.contents.read(start, unit), self.contents.read(end, unit)
            if first is None or last is None or last - first > MOST_BLANKS * (len(quote) + 1):
                continue
            if squeezed(self.contents.text[first:last]) == squeezed(quote):
                given = QuoteGiven(quote, self._before(first), self._after(last))
                break
        return self.quotes.place(given)

    def _before(self, at: int) -> str:
        """The words before, within one element: between two there may be a gap in the text."""
        begins = self.bounds[max(0, bisect_right(self.bounds, at) - 1)]
        return self.contents.text[max(begins, at - LONGEST_CONTEXT) : at]

    def _after(self, at: int) -> str:
        ends = self.bounds[min(len(self.bounds) - 1, bisect_left(self.bounds, at))]
        return self.contents.text[at : min(ends, at + LONGEST_CONTEXT)]


def _nodes(html: str) -> Iterator[str]:
    """The words of each node of the page's body; browsers put them together without a gap."""
    waiting = [tree_of(html, "text")]
    while waiting:
        one = waiting.pop()
        if one.name == "#text":
            yield str(one.data or "")
        elif one.name != "head":
            waiting += reversed(one.children or ())
