"""Corrections asked of a publisher: what is kept of a request, and what came of it.

All of it is public, so a request says by which way the publisher was reached, and no address.
"""

import datetime
import re
from dataclasses import dataclass
from enum import StrEnum

from annotations.rules import words
from annotations.rules.addresses import canonical_address
from annotations.rules.refusals import Malformed, Problems


class Reached(StrEnum):
    """By which way a publisher was asked; never an address of a person."""

    CORRECTIONS_FORM = "corrections_form"
    EDITORS = "editors"
    AUTHOR = "author"
    PRESS_COUNCIL = "press_council"
    OTHER = "other"


class Outcome(StrEnum):
    NONE_YET = "none_yet"
    CORRECTED = "corrected"
    REFUSED = "refused"
    REMOVED = "removed"
    NO_ANSWER = "no_answer"


REACHED = {
    Reached.CORRECTIONS_FORM.value: "Its form for corrections",
    Reached.EDITORS.value: "Its editors",
    Reached.AUTHOR.value: "The article’s author",
    Reached.PRESS_COUNCIL.value: "A press council",
    Reached.OTHER.value: "Another way",
}
OUTCOMES = {
    Outcome.NONE_YET.value: "No answer yet",
    Outcome.CORRECTED.value: "Corrected",
    Outcome.REFUSED.value: "Refused",
    Outcome.REMOVED.value: "Removed",
    Outcome.NO_ANSWER.value: "No answer",
}
LONGEST = 2_000
MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
EAST_OF_US = datetime.timedelta(days=1)  # where it is tomorrow already


@dataclass(frozen=True, slots=True)
class Asking:
    """What is known of a request."""

    publisher: str
    reached: str
    asked_on: datetime.date | None
    asked: str
    outcome: str = Outcome.NONE_YET
    outcome_on: datetime.date | None = None
    outcome_address: str = ""


def checked(asking: Asking, today: datetime.date) -> Asking:
    """The request as it is kept; refuses what is wrong with it, each sentence at its field."""
    problems = Problems()
    publisher = problems.attempt(
        lambda: words.line(asking.publisher, "publisher", longest=200, required=True), ""
    )
    asked = problems.attempt(lambda: words.prose(asking.asked, "asked", longest=LONGEST), "")
    if not asked and "asked" not in problems:
        problems["asked"] = "Write what the publisher was asked to correct."
    for name, text in (("publisher", publisher), ("asked", asked)):
        if MAIL.search(text):
            problems[name] = "Readers see this, and there is a mail address in it. Take it out."
    if asking.reached not in set(Reached):
        problems["reached"] = "Say by which way the publisher was reached."
    if asking.outcome not in set(Outcome):
        problems["outcome"] = "Say what came of it."
    address = problems.attempt(lambda: _address(asking.outcome_address), "")
    for name, sentence in _wrong_days(asking, today):
        problems.setdefault(name, sentence)
    problems.refuse(Malformed)
    return Asking(
        publisher, asking.reached, asking.asked_on, asked,
        asking.outcome, asking.outcome_on, address,
    )  # fmt: skip


def _address(typed: str) -> str:
    return canonical_address(typed, "outcome_address") if typed.strip() else ""


def _wrong_days(asking: Asking, today: datetime.date) -> list[tuple[str, str]]:
    """What is wrong with the two days, and with the outcome that the second one dates."""
    asked_on, outcome_on = asking.asked_on, asking.outcome_on
    is_open = asking.outcome == Outcome.NONE_YET
    wrong = []
    if asked_on is None:
        wrong.append(("asked_on", "Give the day on which the publisher was asked."))
    if is_open and (outcome_on or asking.outcome_address.strip()):
        wrong.append(("outcome", "There is a day or an address of an outcome. Say which outcome."))
    if not is_open and outcome_on is None:
        wrong.append(("outcome_on", "Give the day of the outcome."))
    if asked_on and outcome_on and outcome_on < asked_on:
        wrong.append(("outcome_on", "This is before the request. Check the two days."))
    for name, day in (("asked_on", asked_on), ("outcome_on", outcome_on)):
        if day and day > today + EAST_OF_US:
            wrong.append((name, "This day is still to come. Check it."))
    return wrong
