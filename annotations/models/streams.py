"""Statements that take as long as somebody reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

LONGEST = "1h"


@contextmanager
def at_the_readers_pace() -> Iterator[Any]:
    """A cursor whose statements the database stops after an hour only: it waits for whoever reads
    what they give, and a page's limit would cut a long answer off in its middle.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST}'")
        yield cursor
