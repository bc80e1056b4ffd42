"""What a language tag is, and what it says about how its text runs."""

import re

TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
LONGEST_TAG = 35
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


def direction(language: str) -> str:
    """`rtl` or `ltr` for a BCP 47 tag."""
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def language_of(said: str) -> str:
    """The tag that a page gives, such as en-GB out of ` en_GB`; empty where it is none."""
    tag = said.strip().replace("_", "-")
    return tag if len(tag) <= LONGEST_TAG and TAG.fullmatch(tag) else ""
