"""Which part of a project's corpus is wanted."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import partial

from annotations.rules.refusals import Malformed, Problems
from annotations.rules.states import State
from annotations.rules.wanted import day_of
from annotations.rules.words import refuse_unstorable

NAMES = ("state", "rating", "claimant", "language", "from", "to", "after")
MOST_WORDS = 50  # of one kind
NONE: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is wanted of a corpus; everything, as far as nothing is said.

    `languages`, `since` and `until` are of articles (their own day). `states`, `ratings` (slugs)
    and `claimants` (names) are of claims: of an article those claims come, and no article without
    any. `after` is the id of the article that came last.
    """

    states: tuple[str, ...] = ()
    ratings: tuple[str, ...] = ()
    claimants: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None
    after: uuid.UUID | None = None

    @property
    def is_of_claims(self) -> bool:
        return bool(self.states or self.ratings or self.claimants)

    def asked(self) -> dict[str, object]:
        """By their names, null for what is not narrowed."""
        given = {one.name: getattr(self, one.name) or None for one in fields(self)}
        return {name: list(one) if isinstance(one, tuple) else one for name, one in given.items()}


EVERYTHING = Narrowed()


def narrowed_of(given: Mapping[str, str]) -> Narrowed:
    """What an address asks for, by `NAMES`; refuses each value that is not right at its name."""
    problems = Problems()
    for name in NAMES:
        problems.attempt(partial(refuse_unstorable, given.get(name, ""), name), None)
    words = {
        name: problems.attempt(partial(_words, given.get(name, ""), name), NONE)
        for name in ("state", "rating", "language")
    }
    states = words["state"]
    if unknown := [one for one in states if one not in set(State)]:
        problems["state"] = f"There is no state “{unknown[0]}”. There are: {', '.join(State)}."
    since = problems.attempt(partial(day_of, given.get("from", ""), "from"), None)
    until = problems.attempt(partial(day_of, given.get("to", ""), "to"), None)
    if since and until and until < since:
        problems["to"] = "The last day comes before the first one. Exchange them."
    after = problems.attempt(partial(_id, given.get("after", "")), None)
    problems.refuse()
    claimants = (given["claimant"],) if given.get("claimant") else ()
    return Narrowed(states, words["rating"], claimants, words["language"], since, until, after)


def _words(value: str, name: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(one.strip() for one in value.split(",") if one.strip()))
    if len(found) > MOST_WORDS:
        raise Malformed(f"Name {MOST_WORDS} at most, or none for all.", field=name)
    return found


def _id(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if value else None
    except ValueError:
        raise Malformed("This is the id of an article.", field="after") from None
