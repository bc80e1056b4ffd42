"""Sentences and tokens of a text, as stretches of it: `[start, end)` in code points.

What a reader compares (`rules.diffs`) is cut after every closing quotation mark, so that a change
stays small. Here a sentence is what tools for language take for one: it ends at a line break, after
a full stop of East Asia, or after a stop that a blank and no small letter follows.
"""

from collections.abc import Iterable, Iterator

import regex

from annotations.rules.diffs import LETTER

Stretch = tuple[int, int]

STOP, CLOSING = "!?…؟।", r"[”’\"»)\]'」』）]*+"
# A stop after a single letter is that of an initial: J. Smith, the U.S. president. What repeats is
# taken as a whole and never tried again shorter: the work grows as the text does.
END = regex.compile(
    rf"[\n\r\u2028\u2029]\s*+|[。！？]++{CLOSING}\s*+|"
    rf"(?<![{STOP}.])(?:[{STOP}]|(?<!\b\w)\.)++{CLOSING}\s++(?![a-zß-ÿа-я])"
)
TOKEN = regex.compile(rf"\d+(?:[.,]\d+)*%?(?!{LETTER})|{LETTER}+(?:['’-]{LETTER}+)*|\S")


def sentences(text: str) -> Iterator[Stretch]:
    """The sentences in order, without the blanks between them."""
    at = 0
    for gap in [*END.finditer(text), None]:
        end = gap.end() if gap else len(text)
        words = text[at:end]
        if words.strip():
            yield at + len(words) - len(words.lstrip()), at + len(words.rstrip())
        at = end


def tokens(text: str, within: Stretch, edges: Iterable[int] = ()) -> Iterator[Stretch]:
    """The tokens of a sentence in order. None runs over one of `edges`, in order, so that marks
    that begin or end within a word are whole tokens.
    """
    waiting = iter(edges)
    edge = next(waiting, None)
    for one in TOKEN.finditer(text, *within):
        start = one.start()
        while edge is not None and edge < one.end():
            if edge > start:
                yield start, edge
                start = edge
            edge = next(waiting, None)
        yield start, one.end()
