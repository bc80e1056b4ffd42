"""What may be typed: characters that no text of ours can hold, and lengths.

PostgreSQL cannot store NUL, and a lone surrogate is no character at all; both are refused with
their place instead of failing further down. Control characters other than tab and line ends are
refused in single-line fields.
"""

import re
import unicodedata

from annotations.rules.refusals import Malformed

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f\x80-\x9f\u2028\u2029]")

LINE = 300
STATEMENT = 1_000
PROSE = 20_000
QUOTE = 5_000


def name_of(character: str) -> str:
    """How a sentence names a character that cannot be shown."""
    code = ord(character)
    if code == 0:
        return "a NUL character"
    if 0xD800 <= code <= 0xDFFF:
        return f"half of a surrogate pair (U+{code:04X})"
    return f"{unicodedata.name(character, 'a control character')} (U+{code:04X})"


def place_of(text: str, at: int) -> str:
    """`line 3, column 5` of the code point at `at`; both count from 1."""
    before = text[:at]
    return f"line {before.count(chr(10)) + 1}, column {at - before.rfind(chr(10))}"


def refuse_unstorable(value: str, field: str) -> None:
    """Refuse what no text can hold, naming the line and the column."""
    if found := UNSTORABLE.search(value):
        raise Malformed(
            f"There is {name_of(found[0])} at {place_of(value, found.start())}. Remove it.",
            field=field,
        )


def refuse_too_long(value: str, field: str, longest: int) -> None:
    if len(value) > longest:
        raise Malformed(
            f"This has {len(value):,} characters; {longest:,} is the most. Shorten it.", field=field
        )


def line(value: str, field: str, *, longest: int = LINE, required: bool = False) -> str:
    """One line of text without the blanks at its ends; refuses control characters."""
    refuse_unstorable(value, field)
    value = value.strip()
    refuse_too_long(value, field, longest)
    if found := CONTROL.search(value):
        raise Malformed(
            f"This has to be one line, and there is {name_of(found[0])} in it. Remove it.",
            field=field,
        )
    if required and not value:
        raise Malformed("This is missing. Write a few words.", field=field)
    return value


def prose(value: str, field: str, *, longest: int = PROSE) -> str:
    """Running text: line ends become LF, blanks at the ends go."""
    refuse_unstorable(value, field)
    value = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    refuse_too_long(value, field, longest)
    return value


def shortened(text: str, longest: int) -> str:
    """A text on one line, cut between two words where it is too long; control characters go."""
    shown = " ".join(CONTROL.sub(" ", text[: 4 * longest]).split())
    if len(shown) <= longest and len(text) <= 4 * longest:
        return shown
    cut = shown[: longest - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[longest // 2 :] else cut) + "…"
