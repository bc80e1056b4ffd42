"""Whole pages: which of their words are the article, and what they say of themselves.

trafilatura decides; what it says is an offer. It reads the page it is given and fetches nothing.
"""

import datetime
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from annotations.rules.addresses import canonical_address
from annotations.rules.refusals import Refusal
from annotations.rules.words import shortened

SURE_ALONE = 25  # letters of a block that are proof wherever they stand in the article
LEAST_ARTICLE = 100
NOT_LETTERS = re.compile(r"[\W_]+")


class Limits(NamedTuple):
    elements: int
    attributes: int
    characters: int


# Beyond these, reading a page takes seconds; its own tags and the looks of its blocks then decide.
READABLE = Limits(elements=5_000, attributes=64, characters=300_000)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page says of itself; empty where it says nothing."""

    title: str = ""
    author: str = ""
    publisher: str = ""
    address: str = ""
    language: str = ""
    date: datetime.date | None = None
    article: str = ""  # its words, a paragraph a line
    lines: frozenset[str] = field(default=frozenset(), repr=False)
    letters: str = field(default="", repr=False)

    def holds(self, words: str) -> bool:
        """Whether the article has these words as a paragraph, or as a good part of one."""
        sought = squeezed(words)
        return sought in self.lines or (len(sought) >= SURE_ALONE and sought in self.letters)


def squeezed(words: str) -> str:
    """Letters and digits alone, to compare what was set differently."""
    return NOT_LETTERS.sub("", words).casefold()


def read_page(html: str, *, language: str = "") -> PageFacts:
    """The facts of a page, and its article if there is one."""
    from trafilatura import bare_extraction  # loading it takes a second, and few need it
    from trafilatura.settings import Document

    found = bare_extraction(html, favor_recall=True, include_comments=False, with_metadata=True)
    if not isinstance(found, Document):
        return PageFacts(language=language)
    article = found.text or ""
    if len(squeezed(article)) < LEAST_ARTICLE:
        article = ""
    date, address = None, ""
    with suppress(ValueError):
        date = datetime.date.fromisoformat(found.date or "")
    with suppress(Refusal):
        address = canonical_address(found.url or "")
    return PageFacts(
        title=shortened(found.title or "", 300),
        author=shortened(found.author or "", 200),
        publisher=shortened(found.sitename or "", 200),
        address=address,
        language=language,
        date=date,
        article=article,
        lines=frozenset(map(squeezed, article.splitlines())) - {""},
        letters=squeezed(article),
    )
