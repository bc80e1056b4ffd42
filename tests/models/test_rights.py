"""The web's role has the rights that are written down, and none of them reaches the promises."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from annotations.models import Article, Event
from annotations.models.rights import rights

ALL = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
TABLES = """
SELECT relname, oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
NOTHING = "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"

pytestmark = pytest.mark.django_db


def ask(question: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall())


def test_the_rights_on_every_table_are_those_that_are_written_down() -> None:
    found = {
        name: tuple(
            right for right in ALL if ask("SELECT has_table_privilege(%s, %s)", oid, right)[0][0]
        )
        for name, oid in ask(TABLES)
    }
    assert found == rights()


def test_nobody_else_is_granted_anything() -> None:
    assert (
        ask(
            "SELECT relname, privilege_type FROM pg_class, aclexplode(relacl) "
            "WHERE relnamespace = 'public'::regnamespace AND grantee = 0"
        )
        == []
    )
    for what in ("CREATE", "TEMPORARY"):
        assert ask("SELECT has_database_privilege(current_database(), %s)", what) == [(False,)]
    assert ask("SELECT has_schema_privilege('public', 'CREATE')") == [(False,)]


def test_what_a_trigger_does_cannot_be_called_or_hung_elsewhere() -> None:
    assert (
        ask(
            "SELECT oid::regproc::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "AND (prorettype = 'trigger'::regtype OR prosecdef) "
            "AND has_function_privilege(oid, 'EXECUTE')"
        )
        == []
    )


REWRITING = [
    "UPDATE annotations_event SET verb = 'another'",
    "DELETE FROM annotations_event",
    "TRUNCATE annotations_event",
    "TRUNCATE annotations_claim CASCADE",
    "ALTER TABLE annotations_event DISABLE TRIGGER log_is_append_only",
    "ALTER TABLE annotations_event DISABLE TRIGGER ALL",
    "ALTER TABLE annotations_event OWNER TO CURRENT_USER",
    "DROP TRIGGER log_is_append_only ON annotations_event",
    "DROP TABLE annotations_event CASCADE",
    "DROP FUNCTION refused CASCADE",
    f"CREATE OR REPLACE FUNCTION refused() {NOTHING}",
    f"CREATE FUNCTION mine() {NOTHING}",
    "CREATE TEMPORARY TABLE annotations_event (id bigint)",
    "CREATE RULE quiet AS ON INSERT TO annotations_event DO INSTEAD NOTHING",
    "SET LOCAL session_replication_role = replica",
]


@pytest.mark.parametrize("statement", REWRITING)
def test_the_web_cannot_rewrite_the_log(statement: str, article: Article) -> None:
    before = list(Event.objects.values_list().order_by("id"))
    assert before
    with pytest.raises(ProgrammingError) as refused, transaction.atomic():
        ask(statement)
    assert isinstance(refused.value.__cause__, InsufficientPrivilege)
    assert list(Event.objects.values_list().order_by("id")) == before


def test_the_web_cannot_grant_itself_more() -> None:
    with connection.cursor() as cursor:
        cursor.execute("GRANT ALL ON annotations_event TO CURRENT_USER")
    assert ask("SELECT has_table_privilege('annotations_event', 'UPDATE')") == [(False,)]
