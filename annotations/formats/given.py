"""What a file gives, in one shape for every format: articles, their claims, what was said of them.

A format's `read` makes these out of a file's bytes; the action that brings them in knows no format.
They hold what the file says, not what this site makes of it: a rating is the file's own word, until
a map of the project says which of its ratings that is.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from annotations.rules.verdicts import EvidenceGiven


class Unit(StrEnum):
    """What an offset of a file counts."""

    CODEPOINT = "codepoint"
    UTF16 = "utf16"


@dataclass(frozen=True, slots=True)
class PlaceGiven:
    """Words of the article's text as the file has it: `[start, end)` in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class QuoteGiven:
    """Words of an article whose text is not in the file, yet to be found in it (`quotes.place`).

    `prefix` and `suffix` are what stood around them. `start` and `end` count in one of `units`;
    they stand alone where the file has no quote, and are None where it has no offsets.
    """

    quote: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class VerdictGiven:
    """What somebody said of a claim. `by` is their name in the file; empty: nobody is named.

    `rating` is empty where the file has a remark on the claim and no rating.
    """

    rating: str
    rationale: str = ""
    evidence: tuple[EvidenceGiven, ...] = ()
    by: str = ""
    at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class ClaimGiven:
    """A claim with its places. `key` names it within its article, the same whenever it is read.

    It has `quotes` instead of `places` where the article's text is not in the file. Its statement
    is empty where the file has nothing but offsets: the words there are the statement.

    `kept` holds what the format says and the workbench has no word for, so that the format can
    write it again; a JSON object.
    """

    key: str
    statement: str
    places: tuple[PlaceGiven, ...]
    kind: str = ""
    claimant: str = ""
    claimant_role: str = ""
    said_on: datetime.date | None = None
    first_address: str = ""
    topics: tuple[str, ...] = ()
    verdicts: tuple[VerdictGiven, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)
    quotes: tuple[QuoteGiven, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleGiven:
    """An article with its claims. `key` names it within the file's corpus, as `ClaimGiven.key`.

    A format that has claims without articles gives each its own: the claim's words are the text.
    One that names an article by its `address` and has not its text gives an empty `text`: the
    project has to have that article. Such a file may name it again further on, with other claims,
    or with other verdicts on the same.
    """

    key: str
    text: str = ""
    media_type: str = "text/plain"
    title: str = ""
    publisher: str = ""
    author: str = ""
    address: str = ""
    language: str = ""
    date: datetime.date | None = None
    claims: tuple[ClaimGiven, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """Something of the file that can be brought in. `line` is where it begins: a line, or the
    number of the item in a file that is one list; both count from 1.
    """

    line: int
    article: ArticleGiven


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record of the native format, to be brought back as it is. `line` as in `Found`; `size` is
    its length in the file, in characters.
    """

    line: int
    record: Mapping[str, Any]
    size: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """Something of the file that cannot, in a sentence that says what is wrong and what would be
    right. `line` as in `Found`, 0 for the file as a whole; `what` is its beginning, for the report.
    """

    line: int
    sentence: str
    what: str = ""


Piece = Found | Recorded | Refused


def verdict_from(written: Mapping[str, Any]) -> VerdictGiven:
    """The verdict that was written down as JSON, its fields by their names."""
    pieces = tuple(
        EvidenceGiven(**{**piece, "date": day(piece["date"])}) for piece in written["evidence"]
    )
    at = datetime.datetime.fromisoformat(written["at"]) if written["at"] else None
    return VerdictGiven(**{**written, "evidence": pieces, "at": at})


def day(written: str | None) -> datetime.date | None:
    """The day that our own JSON names, if it names one."""
    return datetime.date.fromisoformat(written) if written else None
