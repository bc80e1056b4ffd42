"""The queue of jobs, emptied around a test: its tables are not among those that a flush empties."""

from collections.abc import Iterator

import pytest
from django.db import connection


@pytest.fixture
def queue(transactional_db: None) -> Iterator[None]:
    """An empty queue, on which what is written is committed."""
    _empty()
    yield
    _empty()


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs; DELETE FROM procrastinate_workers")
