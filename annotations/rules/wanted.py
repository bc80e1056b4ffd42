"""What a study of agreement is asked to be of, and what it leaves out."""

import datetime
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from annotations.rules.refusals import Malformed, Problems
from annotations.rules.words import refuse_unstorable

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOST_REVIEWERS = 20  # that one study names


class Versions(StrEnum):
    FIRST = "first"  # what each reviewer submitted first, not knowing of the others
    CURRENT = "current"  # what each reviewer says now


class LeftOut(StrEnum):
    """Why a submitted verdict does not count in a study."""

    SET_ASIDE = "set_aside"
    GOLD = "gold"
    OTHER_SCALE = "other_scale"
    REVISED = "revised"
    SUPERSEDED = "superseded"
    NOT_INDEPENDENT = "not_independent"

    @property
    def sentence(self) -> str:
        return SENTENCES[self]


SENTENCES = {
    LeftOut.SET_ASIDE: "on claims that are set aside",
    LeftOut.GOLD: "on gold items, whose rating was known",
    LeftOut.OTHER_SCALE: "by a rating of an older scale",
    LeftOut.REVISED: "that revise an earlier one of the same reviewer",
    LeftOut.SUPERSEDED: "that the reviewer has revised since",
    LeftOut.NOT_INDEPENDENT: "given when another verdict or the ruling could be seen",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a study is of: the whole project, if nothing is said. Both days are within."""

    versions: Versions = Versions.FIRST
    article: str = ""  # a slug
    reviewers: tuple[str, ...] = ()  # pseudonyms, or all
    since: datetime.date | None = None
    until: datetime.date | None = None


NAMES = ("versions", "article", "reviewers", "from", "to")


def wanted_of(given: Mapping[str, str]) -> Wanted:
    """What an address asks for, by `NAMES`; refuses each value that is not right at its name."""
    problems = Problems()
    for name in NAMES:
        problems.attempt(partial(refuse_unstorable, given.get(name, ""), name), None)
    reviewers = [one.strip() for one in given.get("reviewers", "").split(",") if one.strip()]
    if len(reviewers) == 1:
        problems["reviewers"] = "Name at least two reviewers, with a comma between them."
    if len(reviewers) > MOST_REVIEWERS:
        problems["reviewers"] = f"Name {MOST_REVIEWERS} reviewers at most, or none for all."
    versions = given.get("versions") or Versions.FIRST
    if versions not in set(Versions):
        problems["versions"] = "This is one of: first, current."
    since = problems.attempt(partial(day_of, given.get("from", ""), "from"), None)
    until = problems.attempt(partial(day_of, given.get("to", ""), "to"), None)
    if since and until and until < since:
        problems["to"] = "The last day comes before the first one. Exchange them."
    problems.refuse()
    return Wanted(Versions(versions), given.get("article", ""), tuple(reviewers), since, until)


def day_of(typed: str, field: str) -> datetime.date | None:
    if not typed:
        return None
    if DAY.fullmatch(typed):
        with suppress(ValueError):
            return datetime.date.fromisoformat(typed)
    raise Malformed("This has to be a day written as 2025-03-17.", field=field)
