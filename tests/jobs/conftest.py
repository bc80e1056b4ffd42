"""The queue of jobs."""

import pytest


@pytest.fixture
def queue(transactional_db: None) -> None:
    """An empty queue, on which what is written is committed: it is emptied with the tables."""
