"""The suite has the rights of the web's role; only what makes and clears its database is the owner.

Its connections are the owner's, and each steps down to the web's role as soon as it is open, so
that the few tests of what even the owner cannot do get back to it: `with as_owner():`.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test.utils import setup_test_environment, teardown_test_environment

ONE_FOR_ALL = "factcheck_web"  # where DATABASE_URL is the owner's as well
STEP_DOWN = 'SET ROLE "{}"'
STEP_UP = "RESET ROLE"
EMPTY_QUEUE = "DELETE FROM procrastinate_jobs; DELETE FROM procrastinate_workers"
MOST = 60.0  # seconds for an answer on a busy machine

MAKE = """
DO $$ BEGIN
    CREATE ROLE {0} LOGIN;
    GRANT {0} TO CURRENT_USER;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""


def come_as_owner() -> None:
    for name in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS"):
        connection.settings_dict[name] = settings.OWNER[name]


def make_web_role() -> None:
    """With one address for both, the tests make a role of their own for the web."""
    if settings.OWNER["USER"] != settings.WEB_ROLE:
        return
    settings.WEB_ROLE = ONE_FOR_ALL
    with connection._nodb_cursor() as cursor:
        cursor.execute(MAKE.format(ONE_FOR_ALL))


def step_down() -> None:
    """From here on every connection acts as the web's role."""
    connection.close()
    connection.settings_dict["OPTIONS"]["assume_role"] = settings.WEB_ROLE


def step_up() -> None:
    connection.close()
    del connection.settings_dict["OPTIONS"]["assume_role"]


@contextmanager
def own_database(*, made_by_owner: bool = False, as_web: bool = False) -> Iterator[None]:
    """A database for a drill or a benchmark, thrown away at the end.

    Its owner makes it where `made_by_owner`. What is done in it has the web's rights `as_web`, for
    which the owner has to make it, and else those of whoever made it.
    """
    setup_test_environment(debug=False)
    own = connection.settings_dict["NAME"]
    if made_by_owner or as_web:
        come_as_owner()
    if as_web:
        make_web_role()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    if as_web:
        step_down()
    try:
        yield
    finally:
        if as_web:
            step_up()
        connection.creation.destroy_test_db(own, verbosity=0)
        teardown_test_environment()


def flush_as_owner(patch: pytest.MonkeyPatch) -> None:
    """The tables are emptied after a test that commits, which the web's role cannot do, and the
    queue with them, which are no tables of Django's.

    Not before the last answer is given: a tab that closes leaves the server at work on what it
    had asked for, and to empty the tables under it is a deadlock.
    """
    flush = DatabaseOperations.execute_sql_flush

    def stepping_up(operations: DatabaseOperations, statements: Iterable[str]) -> None:
        wait_for_answers()
        flush(operations, [STEP_UP, *statements, EMPTY_QUEUE, STEP_DOWN.format(settings.WEB_ROLE)])

    patch.setattr(DatabaseOperations, "execute_sql_flush", stepping_up)


def wait_for_answers() -> None:
    """Until the live server has no connection left: each has a thread, which ends with it."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=MOST)
            assert not thread.is_alive(), "A connection to the live server stayed open."


@contextmanager
def as_owner() -> Iterator[None]:
    """The owner acts; where that is refused, the step up is rolled back with it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STEP_UP)
        yield
        cursor.execute(STEP_DOWN.format(settings.WEB_ROLE))
