"""What came of a piece of a file, and how it is told that the database refused one."""

from dataclasses import dataclass, field

from django.db import DataError, IntegrityError

from annotations.actions.access import promise_of


@dataclass(slots=True)
class Brought:
    """How much is new, what was there, what was refused."""

    articles: int = 0
    claims: int = 0
    verdicts: int = 0
    waiting: int = 0
    unchanged: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)  # the sentence, and of what


def said_of(error: IntegrityError | DataError) -> str:
    """What the database said no to, as a sentence."""
    promise = promise_of(error) if isinstance(error, IntegrityError) else ""
    broken = promise.replace("_", " ") or "it holds a value that cannot be stored"
    return f"The database refuses this: {broken}."
