"""Locks between processes. They are flocks: the system lets go of them when a process dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from factcheck.refusal import Refusal


def open_lock(path: Path) -> int:
    """A descriptor to lock on. Reading is enough, so a file another user made will do as well."""
    return os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)


def take(lock: int, how: int) -> bool:
    """Take the lock (LOCK_EX or LOCK_SH) if that needs no waiting."""
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def locked(path: Path, seconds: float = 60) -> Iterator[None]:
    """Hold the lock alone; waits for whoever holds it, but not for ever."""
    lock, deadline = open_lock(path), time.monotonic() + seconds
    try:
        while not take(lock, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise Refusal(
                    f"Another command has held {path} for {seconds:.0f} seconds. "
                    "See whether it hangs, end it, and try again."
                )
            time.sleep(0.02)
        yield
    finally:
        os.close(lock)
