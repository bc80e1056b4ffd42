"""What webhooks tell, how often a delivery is tried, and what an answer means.

The schedule is that of Standard Webhooks (standardwebhooks.com).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit

from annotations.rules import words
from annotations.rules.networks import is_loopback, sendable_address
from annotations.rules.refusals import Malformed, Problems


class Kind(StrEnum):
    """What can be told: of each, readers may see the thing it is about."""

    RULING_PUBLISHED = "ruling.published"
    RULING_CORRECTED = "ruling.corrected"
    RULING_WITHDRAWN = "ruling.withdrawn"
    HOLD_PLACED = "hold.placed"
    HOLD_LIFTED = "hold.lifted"
    PUBLISHER_ASKED = "publisher.asked"
    PUBLISHER_CHANGED = "publisher.changed"
    ARTICLE_REVISED = "article.revised"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Kind.RULING_PUBLISHED: "A ruling is published",
    Kind.RULING_CORRECTED: "A ruling is corrected",
    Kind.RULING_WITHDRAWN: "A ruling is withdrawn",
    Kind.HOLD_PLACED: "A legal hold is placed on what readers see",
    Kind.HOLD_LIFTED: "A legal hold is lifted",
    Kind.PUBLISHER_ASKED: "A publisher is asked for a correction",
    Kind.PUBLISHER_CHANGED: "What is known of such a request changes",
    Kind.ARTICLE_REVISED: "A checked article has a new text",
}
TEST = "test"  # what an owner sends to try a webhook

# Which verbs of the log are told as what; the trigger on the log has the same list.
TOLD_AS = {
    "publish": Kind.RULING_PUBLISHED,
    "correct": Kind.RULING_CORRECTED,
    "withdraw": Kind.RULING_WITHDRAWN,
    "place_hold": Kind.HOLD_PLACED,
    "lift_hold": Kind.HOLD_LIFTED,
    "ask_publisher": Kind.PUBLISHER_ASKED,
    "edit_publisher_correction": Kind.PUBLISHER_CHANGED,
    "revise_article": Kind.ARTICLE_REVISED,
}


class Stands(StrEnum):
    """How a delivery stands. `missed` was due while the webhook was off; of `withheld` nothing
    was public when it was due.
    """

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    MISSED = "missed"
    WITHHELD = "withheld"


NOT_DELIVERED = (Stands.FAILED.value, Stands.MISSED.value)


class Off(StrEnum):
    """Why a webhook is off."""

    OWNER = "owner"
    GONE = "gone"
    FAILING = "failing"


OFF_BECAUSE = {
    Off.OWNER: "An owner of the project switched it off.",
    Off.GONE: "The receiver answered 410 Gone: it wants no more.",
    Off.FAILING: "Nothing was delivered for five days.",
}

WAITS = tuple(
    timedelta(seconds=one) for one in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
JITTER = 0.1
LONGEST_WAIT = timedelta(days=1)
GIVEN_UP_AFTER = timedelta(days=5)
KEPT = timedelta(days=30)
OLD_SECRET_SIGNS = timedelta(days=1)
MOST_WEBHOOKS = 20
MOST_OF_AN_ANSWER = 1_000

GONE = 410
ASKING_TO_WAIT = (429, 503)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one attempt: a status with what was answered, or else an error."""

    at: datetime
    took: timedelta
    status: int | None = None
    answer: str = ""
    error: str = ""
    retry_after: str = ""

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == GONE


def wait_after(tried: int, chance: float) -> timedelta | None:
    """How long after the attempt of this number (from 1) the next is due; None after the last.

    `chance`, from 0 to 1, spreads those that failed at once.
    """
    if tried > len(WAITS):
        return None
    return WAITS[tried - 1] * (1 + JITTER * chance)


def asked_to_wait(tried: Tried) -> timedelta:
    """How long a receiver asked us to wait: seconds or a date in Retry-After, a day at most."""
    asked = tried.retry_after.strip()
    if tried.status not in ASKING_TO_WAIT or not asked:
        return timedelta()
    if asked.isascii() and asked.isdecimal():
        return timedelta(seconds=min(int(asked[:9]), LONGEST_WAIT.total_seconds()))
    try:
        until = parsedate_to_datetime(asked)
    except ValueError:
        return timedelta()
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - tried.at, timedelta()), LONGEST_WAIT)


def error_of(status: int) -> str:
    """What is wrong with an answer; empty for a success."""
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"It answered {status}, a redirect. None is followed: change the address."
    if status == GONE:
        return "It answered 410: it wants no more."
    return f"It answered {status}, and 2xx was due."


def excerpt(body: bytes) -> str:
    """The beginning of an answer as text that can be kept."""
    text = body[: 4 * MOST_OF_AN_ANSWER].decode("utf-8", "replace").replace("\x00", "\ufffd")
    return text[:MOST_OF_AN_ANSWER]


@dataclass(frozen=True, slots=True)
class Wish:
    """What an owner says of a webhook."""

    address: str
    description: str = ""
    kinds: Collection[str] = ()
    is_on: bool = True


def checked(wish: Wish, *, loopback: bool) -> Wish:
    """The wish in its one spelling; refuses what is wrong in it, each at its field."""
    problems = Problems()
    address = problems.attempt(lambda: _address(wish.address, loopback=loopback), "")
    description = problems.attempt(
        lambda: words.line(wish.description, "description", longest=200), ""
    )
    if not wish.kinds:
        problems["kinds"] = "Choose at least one thing to be told of."
    elif strange := [one for one in wish.kinds if one not in set(Kind)]:
        problems["kinds"] = f"There is no “{strange[0][:60]}”. What there is: {', '.join(Kind)}."
    problems.refuse()
    kinds = [one.value for one in Kind if one in wish.kinds]
    return Wish(address, description, kinds, wish.is_on)


def _address(value: str, *, loopback: bool) -> str:
    kept = sendable_address(value, loopback=loopback)
    if not (kept.startswith("https:") or is_loopback(urlsplit(kept).hostname or "")):
        raise Malformed(
            "A webhook's address starts with https://, so that nobody on the way reads it.",
            field="address",
        )
    return kept
