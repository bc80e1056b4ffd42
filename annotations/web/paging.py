"""Pages by cursor: the next page starts after the last row's id, however far down it lies."""

import contextlib
import uuid
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)
SIZE = 30


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[Row]):
    rows: list[Row]
    after: str


def cursor_page(rows: models.QuerySet[Row], after: str, size: int = SIZE) -> CursorPage[Row]:
    """Newest first; `after` is the id that the page before ended with, else it starts anew."""
    ordered = rows.order_by("-id")
    with contextlib.suppress(ValueError):
        ordered = ordered.filter(id__lt=uuid.UUID(after)) if after else ordered
    found = list(ordered[: size + 1])
    return CursorPage(found[:size], str(found[size - 1].pk) if len(found) > size else "")


def page_onward(rows: models.QuerySet[Row], after: str, size: int = SIZE) -> CursorPage[Row]:
    """In the order in which they were numbered; `after` is the number that the page before ended
    with.
    """
    ordered = rows.order_by("id")
    if after.isascii() and after.isdecimal() and len(after) < 19:
        ordered = ordered.filter(id__gt=int(after))
    found = list(ordered[: size + 1])
    return CursorPage(found[:size], str(found[size - 1].pk) if len(found) > size else "")
