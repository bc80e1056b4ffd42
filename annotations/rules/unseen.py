"""Characters that cannot be seen and change what is: they are shown by a name beside the text.

An override turns the letters after it round, a zero-width character hides between two others, and
tag characters carry a text nobody sees. Joiners stay as they are: scripts and emoji need them, as
Khmer, Lao, Burmese and Thai need the zero-width space.
"""

import re
from collections.abc import Iterator

NAMES = {
    "\u200b": "ZWSP",
    "\u2060": "WJ",
    "\ufeff": "BOM",
    "\u180e": "MVS",
    "\u115f": "FILLER",
    "\u1160": "FILLER",
    "\u3164": "FILLER",
    "\uffa0": "FILLER",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}
TAGS = "\U000e0000-\U000e007f"
FLAG = f"\U0001f3f4[{TAGS}]+\U000e007f"  # England, Scotland, Wales: tags that are seen
SPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
UNSEEN = re.compile(
    f"{FLAG}|(?P<unseen>(?<![{SPACED}])\u200b+|[{TAGS}]+|"
    + "|".join(f"{character}+" for character in NAMES if character != "\u200b")
    + ")"
)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text in pieces that join to it again, each with the name to show, or with none."""
    at = 0
    for found in UNSEEN.finditer(text):
        if found["unseen"] is None:
            continue
        if at < found.start():
            yield text[at : found.start()], ""
        name = NAMES.get(found[0][0], "TAG")
        times = len(found[0])
        yield found[0], name if times == 1 else f"{name} ×{times}"
        at = found.end()
    if at < len(text):
        yield text[at:], ""
