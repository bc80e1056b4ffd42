"""Characters as a reader sees them: extended grapheme clusters (Unicode Standard Annex 29).

A flag, a family of emojis, a letter with its accents or an Indic conjunct is several code points
and one character, and no mark may cut it in two. The browser holds its selections to the same
rule in `offsets.js`.
"""

import regex

# Flags are taken here: at each of a row, `\X` alone would count back to the row's beginning.
CHARACTER = regex.compile(r"\p{RI}{2}[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*+|\X")
# Where a character begins whatever stands further left; `(?r)` finds the last such place.
SURE = regex.compile(
    r"(?r)(?<![\p{GCB=Prepend}\p{GCB=L}\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}])"
    r"[\p{GCB=Other}\p{GCB=Control}\p{GCB=LF}\p{GCB=LV}\p{GCB=LVT}]"
)
FIRST_THAT_JOINS = "\u0300"


def widened(text: str, start: int, end: int) -> tuple[int, int]:
    """The smallest range of whole characters that covers `[start, end)`, in code points."""
    return around(text, start)[0], around(text, end)[1]


def around(text: str, at: int) -> tuple[int, int]:
    """The character that `at` cuts in two; `(at, at)` where it cuts none.

    Reads from the last sure place on, so that a long text costs what its nearest words cost.
    """
    if not 0 < at < len(text) or (text[at - 1] < FIRST_THAT_JOINS > text[at]):
        return at, at
    sure = SURE.search(text, 0, at + 1)
    characters = CHARACTER.finditer(text, sure.start() if sure else 0)
    first, last = next(one.span() for one in characters if one.end() >= at)
    return (first, last) if first < at < last else (at, at)
