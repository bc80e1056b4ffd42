"""Names that look like another's: refused, since a pseudonym is all that others see of a person.

Two names look alike when they have one skeleton, after Unicode Technical Standard 39, section 4.
"""

import unicodedata
from functools import cache

from confusable_homoglyphs.confusables import confusables_data

from annotations.rules.refusals import Malformed
from annotations.rules.unseen import pieces

# Beyond the standard's table: what differs in most founts by a hair.
HAIR = {"1": "l", "|": "l", "i": "l", "0": "o"}
WRITTEN_TOGETHER = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"})


def skeleton(name: str) -> str:
    """What a name looks like, in the plainest letters that look so."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    kept = (one for one in plain if not unicodedata.combining(one) and not one.isspace())
    return "".join(_plainest(one) for one in kept).replace("rn", "m").replace("vv", "w")


@cache
def _plainest(character: str) -> str:
    if not character.isascii():
        alike = (str(one["c"]).casefold() for one in confusables_data.get(character, ()))
        character = min((one for one in alike if one.isascii()), default=character)
    return HAIR.get(character, character)


def scripts(name: str) -> set[str]:
    """The scripts of a name's letters, those that are written together as none."""
    first = {unicodedata.name(one, "").split(" ")[0] for one in name if one.isalpha()}
    return first - WRITTEN_TOGETHER


def refuse_disguised(name: str, field: str) -> None:
    """Refuse a name with characters that nobody sees, or with letters of several scripts."""
    hidden = [sign for _, sign in pieces(name) if sign]
    if hidden:
        raise Malformed(
            f"There is a character in this that nobody sees ({hidden[0]}). Type the name anew.",
            field=field,
        )
    mixed = scripts(unicodedata.normalize("NFKC", name))
    if len(mixed) > 1:
        named = " and ".join(sorted(one.capitalize() for one in mixed))
        raise Malformed(
            f"This mixes {named} letters, which can look alike. Use letters of one script.",
            field=field,
        )
