"""What an import is in the course of, and what it may hold."""

import unicodedata
from enum import StrEnum

MOST_BYTES = 1024 * 1024 * 1024  # of a file, as it is sent
TOO_LARGE = (
    f"The file is larger than {MOST_BYTES // 1024 // 1024:,} MB. Pack it, or bring it in parts."
)
PART = 1024 * 1024  # bytes of it in a row
SHOWN_OF_A_REFUSAL = 400  # characters of what was refused
MOST_REFUSALS = 100_000  # that are kept of a file
KEPT_AFTER = 30  # days that the report of an ended import stays


class Progress(StrEnum):
    """Where an import is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return self.value.capitalize()


OPEN = frozenset({Progress.WAITING, Progress.RUNNING})
CAN_GO_ON = frozenset({Progress.CANCELLED, Progress.FAILED})


def heard(word: str) -> str:
    """A foreign rating as a map looks it up: case, blanks and compatibility forms make no
    difference, every other character does.
    """
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())
