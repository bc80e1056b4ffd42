"""What is typed to search for: words that all have to be there, "phrases", and -what may not be.

What a word is, the database says (`folded_words`), of what is sought as of what is searched, so
that the two agree.
"""

import re
from dataclasses import dataclass

from annotations.rules.refusals import Malformed

LONGEST = 200  # characters
MOST = 20  # words and phrases
PIECE = re.compile(r'(?P<minus>-?)(?:["“”„](?P<phrase>[^"“”„]*)["“”„]?|(?P<word>[^\s"“”„]+))')
NOTHING = (
    "There is no word in this to look for. Write at least one word, or one character of a script "
    "without spaces."
)


@dataclass(frozen=True, slots=True)
class Sought:
    """Words and phrases that have to be there, and those that may not."""

    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]


def sought_of(typed: str, field: str = "search") -> Sought:
    """What is typed, taken apart; refuses what is too long or names nothing to look for."""
    if len(typed) > LONGEST:
        raise Malformed(
            f"This has {len(typed):,} characters; {LONGEST} is the most. Look for fewer words.",
            field=field,
        )
    pieces = [(one["minus"], one["phrase"] or one["word"] or "") for one in PIECE.finditer(typed)]
    if len(pieces) > MOST:
        raise Malformed(
            f"These are {len(pieces)} words and phrases; {MOST} is the most. Look for fewer.",
            field=field,
        )
    wanted = tuple(words for minus, words in pieces if words and not minus)
    if not wanted:
        raise Malformed(NOTHING, field=field)
    return Sought(wanted, tuple(words for minus, words in pieces if words and minus))
