"""`migrate` as the owner of the tables, who then grants the web's role what it needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from annotations.models.rights import rights

LOGIN = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")

# A trigger function needs no right to be fired, and with one the web could hang it on a table of
# its own making. One that acts as its owner is called by triggers alone.
EVERYTHING_ELSE = """
REVOKE ALL ON DATABASE {database} FROM PUBLIC, {web};
REVOKE ALL ON SCHEMA public FROM PUBLIC, {web};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {web};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {web};
GRANT CONNECT ON DATABASE {database} TO {web};
GRANT USAGE ON SCHEMA public TO {web};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {web};
"""
FUNCTIONS = """
SELECT oid::regprocedure::text,
       prorettype <> 'trigger'::regtype AND NOT prosecdef
  FROM pg_proc
 WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole
"""


class Command(migrate.Command):
    help = "Brings the tables up to date as their owner, and grants the web's role its rights."

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with as_owner(connection):
            super().handle(*args, **options)
            if settings.OWNER["USER"] != settings.WEB_ROLE and not options["plan"]:
                grant_rights(connection, settings.WEB_ROLE)


@contextmanager
def as_owner(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Connected as the owner of the tables; afterwards as before."""
    login = {name: connection.settings_dict[name] for name in LOGIN}
    connection.close()
    connection.settings_dict.update({name: settings.OWNER[name] for name in LOGIN})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(login)


def grant_rights(connection: BaseDatabaseWrapper, role: str) -> None:
    """Exactly the rights of `annotations.models.rights`, whatever was granted before."""
    web, database = sql.Identifier(role), sql.Identifier(connection.settings_dict["NAME"])
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(sql.SQL(EVERYTHING_ELSE).format(web=web, database=database))
        tables = set(connection.introspection.table_names(cursor))
        for table, granted in rights().items():
            if table in tables:
                words = sql.SQL(", ".join(granted))
                cursor.execute(
                    sql.SQL("GRANT {} ON {} TO {}").format(words, sql.Identifier(table), web)
                )
        cursor.execute(FUNCTIONS)
        for name, is_called in cursor.fetchall():
            of = {"function": sql.SQL(name), "web": web}
            cursor.execute(
                sql.SQL("REVOKE ALL ON FUNCTION {function} FROM PUBLIC, {web}").format(**of)
            )
            if is_called:
                cursor.execute(
                    sql.SQL("GRANT EXECUTE ON FUNCTION {function} TO {web}").format(**of)
                )
