"""Finding words whatever their case, their normal form and the signs nobody sees between them.

What is found is told in code points of the text as it is: folding makes letters longer (`İ`, `ß`)
and signs vanish, and no offset moves by it.
"""

import unicodedata
from functools import lru_cache

from annotations.rules.graphemes import widened

STRAIGHT = str.maketrans("‘’‚‛“”„‟\u00a0\u202f", "''''\"\"\"\"  ")


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    if unicodedata.category(character) == "Cf":
        return ""
    return unicodedata.normalize("NFD", character.casefold()).translate(STRAIGHT)


def find_folded(text: str, words: str) -> list[tuple[int, int]]:
    """The places `[start, end)` of whole characters where the words stand, in the text's order."""
    sought = "".join(map(_fold, words)).strip()
    if not sought:
        return []
    letters = [_fold(character) for character in text]
    whole = "".join(letters)
    at = whole.find(sought)
    if at < 0:
        return []
    origin = [n for n, letter in enumerate(letters) for _ in letter]
    found: list[tuple[int, int]] = []
    while at >= 0:
        place = widened(text, origin[at], origin[at + len(sought) - 1] + 1)
        if not found or found[-1] != place:
            found.append(place)
        at = whole.find(sought, at + len(sought))
    return found
