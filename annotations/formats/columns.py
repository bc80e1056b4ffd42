"""What tools for marking texts have in common: marks without words of their own, and columns of any
name beside the text, which they give back as they were.

Those that have the names of an article's fields are the article's, `article` is its id; the rest is
kept as it is.
"""

import datetime
import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from annotations.formats.given import PlaceGiven
from annotations.formats.moments import day
from annotations.formats.record import Part
from annotations.rules.words import STATEMENT, shortened

HEAD = ("title", "publisher", "author", "address", "language")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Columns:
    """`head` are the article's fields that are texts; `article` is empty where there is no id."""

    head: dict[str, str]
    date: datetime.date | None
    article: str
    rest: dict[str, Any]

    def key(self, text: str, seen: Counter[str]) -> str:
        """The article's key: its id, else made of its text; the second time another one."""
        key = self.article or hashlib.sha256(text.encode()).hexdigest()[:32]
        seen[key] += 1
        return f"{key}-{seen[key]}" if seen[key] > 1 else key


def read(told: Mapping[str, Any], without: Collection[str]) -> Columns:
    """The columns of a line; those named in `without` are the format's own."""
    head = {name: one for name in HEAD if isinstance(one := told.get(name), str)}
    date, article = day(told.get("date")), id_of(told.get("article"))
    ours = {*without, *head, *(["date"] if date else []), *(["article"] if article else [])}
    rest = {name: one for name, one in told.items() if name not in ours}
    return Columns(head, date, article, rest)


def written(article: Part) -> dict[str, str]:
    """The columns of an article."""
    head = {name: article[name] for name in (*HEAD, "date") if article[name]}
    return {**head, "article": article["id"]}


def id_of(found: object) -> str:
    """The id that it is; empty where it is none."""
    return found if isinstance(found, str) and ID.fullmatch(found) else ""


def statement(text: str, place: PlaceGiven) -> str:
    """What a mark says that has no words of its own: those that are marked, cut where they are too
    many. No more of a long mark is looked at than that takes.
    """
    return shortened(text[place.start : min(place.end, place.start + 4 * STATEMENT + 1)], STATEMENT)
