"""Writing past the ORM, every rule in Python and the rights of the web: as the tables' owner."""
# ruff: noqa: S608

import hashlib
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connection, transaction

from tests.roles import as_owner


def run(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def check() -> None:
    """Check all that waits for the end of the transaction, as its end would."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


def copied(table: str, where: str = "true", **changes: Any) -> None:
    """Insert a row again under a new id, with changes; all constraints are checked at once."""
    key = run(
        "SELECT data_type FROM information_schema.columns WHERE table_name = %s "
        "AND column_name = 'id'",
        f"annotations_{table}",
    )
    fresh: Any = str(uuid.uuid4()) if key[0][0] == "uuid" else uuid.uuid4().int >> 66
    new = json.dumps({"id": fresh} | changes, default=str)
    run(
        f"INSERT INTO annotations_{table} SELECT (jsonb_populate_record(t, %s::jsonb)).* "
        f"FROM annotations_{table} t WHERE {where} ORDER BY t.id LIMIT 1",
        new,
    )
    check()


def changed(table: str, assignment: str, where: str = "true", *values: Any) -> None:
    """Update rows; all constraints are checked at once."""
    run(f"UPDATE annotations_{table} SET {assignment} WHERE {where}", *values)
    check()


def deleted(table: str, where: str = "true") -> None:
    run(f"DELETE FROM annotations_{table} WHERE {where}")
    check()


def emptied(table: str) -> None:
    """Empty a table and what refers to it, with the triggers on that our tests have to do without.

    What refuses it rolls that back as well.
    """
    run("SET CONSTRAINTS ALL IMMEDIATE")
    off = run("SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgenabled = 'D'")
    for held, trigger in off:
        run(f"ALTER TABLE {held} ENABLE TRIGGER {trigger}")
    run(f"TRUNCATE annotations_{table} CASCADE")


def text_of_its_own(text: str) -> dict[str, Any]:
    """The columns of a revision that a text fills."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"text": text, "sha256": digest, "blocks": [], "number": 2}


@contextmanager
def without_triggers(*tables: str) -> Iterator[None]:
    """As the tables' owner could: our triggers off. Checks and keys stay."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        run(f"ALTER TABLE annotations_{table} DISABLE TRIGGER USER")
    yield
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        run(f"ALTER TABLE annotations_{table} ENABLE TRIGGER USER")
    run("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def refused_by(*promises: str) -> Iterator[None]:
    """The database refuses what is done inside, by a promise of these names."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        said = getattr(error.__cause__, "diag").constraint_name  # noqa: B009
        assert said in promises, error  # noqa: PT017
        run("SET CONSTRAINTS ALL DEFERRED")
        return
    raise AssertionError(f"nothing was refused, and {promises[0]} was due")
