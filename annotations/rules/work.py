"""Work that is lent: in which order, for how long, how it ends; what wants checking most."""

from datetime import timedelta
from enum import StrEnum

from annotations.rules.claims import ClaimKind
from annotations.rules.refusals import Malformed

LEAST_MINUTES, MOST_MINUTES = 5, 24 * 60
LONGEST_LOAN = timedelta(days=30)  # a moderator may lend for longer than the queue does
MOST_IN_HAND = 10  # claims that one reviewer takes out of a queue before the first is done
RAREST_GOLD = 100


class QueueOrder(StrEnum):
    OLDEST = "oldest"
    MOST_WORTHY = "most_worthy"
    RANDOM = "random"


class GoldMode(StrEnum):
    """Whether a reviewer is told at once how a verdict on a gold item compares, or never."""

    TRAINING = "training"
    MEASURING = "measuring"


class Ended(StrEnum):
    """How a loan ended."""

    FINISHED = "finished"
    GIVEN_BACK = "given_back"
    LAPSED = "lapsed"
    REASSIGNED = "reassigned"
    TAKEN_BACK = "taken_back"


class SkipReason(StrEnum):
    NOT_MY_FIELD = "not_my_field"
    TOO_CLOSE = "too_close"
    UNCLEAR = "unclear"
    NOTHING_TO_FIND = "nothing_to_find"
    OTHER = "other"


SKIP_REASONS = {
    SkipReason.NOT_MY_FIELD: "Not my field or language",
    SkipReason.TOO_CLOSE: "I am too close to it",
    SkipReason.UNCLEAR: "It is unclear what is claimed",
    SkipReason.NOTHING_TO_FIND: "I find nothing to judge it by",
    SkipReason.OTHER: "Another reason",
}

# What readers act on, and what has an answer, comes first; a view has none.
WORTH_OF_KIND = {
    ClaimKind.NUMERICAL: 3,
    ClaimKind.FACTUAL: 2,
    ClaimKind.CAUSAL: 2,
    ClaimKind.QUOTATION: 1,
    ClaimKind.PREDICTION: 0,
    ClaimKind.OPINION: -3,
}
WORTH_OF_A_NUMBER = 2
WORTH_OF_A_NAME = 2


def worth(statement: str, kind: str, *, named: bool) -> int:
    """How much a claim wants checking, from -3 to 7: by its kind, a number in it, and whether it is
    known who said it.
    """
    number = WORTH_OF_A_NUMBER if any(sign.isdecimal() for sign in statement) else 0
    return WORTH_OF_KIND[ClaimKind(kind)] + number + (WORTH_OF_A_NAME if named else 0)


def lease_minutes(value: int) -> int:
    """For how long a queue lends; refuses what nobody can work with."""
    if not LEAST_MINUTES <= value <= MOST_MINUTES:
        raise Malformed(
            f"Work is lent for {LEAST_MINUTES} to {MOST_MINUTES:,} minutes.", field="lease_minutes"
        )
    return value


def queue_order(value: str) -> str:
    if value not in set(QueueOrder):
        raise Malformed(f"The order is one of: {', '.join(QueueOrder)}.", field="queue_order")
    return value


def gold_every(value: int) -> int:
    if not 0 <= value <= RAREST_GOLD:
        raise Malformed(
            f"One in every 1 to {RAREST_GOLD} claims is a gold item; 0 mixes in none.",
            field="gold_every",
        )
    return value


def gold_mode(value: str) -> str:
    if value not in set(GoldMode):
        raise Malformed(f"The mode is one of: {', '.join(GoldMode)}.", field="gold_mode")
    return value
