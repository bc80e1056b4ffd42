"""What the demo's database holds: its schema and its seeds, and a mark that says they are there.

The mark is a comment on the database itself, so that it goes where the data go. It is a digest of
everything the seeding depends on; while it fits, a start skips Django's migrations and the seeds.
"""

import hashlib
import hmac
import os

import psycopg
from psycopg import sql

from annotations.rules.demo import PEOPLE
from factcheck.local import ROOT
from factcheck.refusal import Refusal

SOURCES = ("annotations/migrations/*.py", "annotations/management/commands/*.py", "seeds/**/*")
MORE_SOURCES = (
    "annotations/rules/demo.py", "annotations/models/rights.py", "requirements.txt",
    "factcheck/settings.py",
)  # fmt: skip
OLDEST = 15


def fill(*, is_given: bool) -> None:
    """Bring schema and seeds up to date. `is_given`: the database came from DATABASE_URL."""
    mark = expected_mark()
    with connect_as_owner() as connection:
        people = accounts(connection)
        strangers = sorted(people - PEOPLE.keys())
        if is_given and strangers:
            named = ", ".join(strangers[:3]) + (" …" if len(strangers) > 3 else "")
            raise Refusal(
                f"The database of DATABASE_URL holds accounts of its own ({named}), and the demo "
                "would open it to everyone. Unset DATABASE_URL, or name an empty database."
            )
        if people >= PEOPLE.keys() and read_mark(connection) == mark:
            return
    _migrate_and_seed()
    with connect_as_owner() as connection:
        write_mark(connection, mark)


def connect_as_owner() -> psycopg.Connection:
    """A connection as the owner of the tables, who may be the web's role as well."""
    return connect("MIGRATION_DATABASE_URL" if is_set("MIGRATION_DATABASE_URL") else "DATABASE_URL")


def is_set(variable: str) -> bool:
    return bool(os.environ.get(variable, "").strip())


def connect(variable: str = "DATABASE_URL") -> psycopg.Connection:
    """A connection to the database of a variable, or a sentence that says why there is none."""
    try:
        connection = psycopg.connect(os.environ[variable], autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise Refusal(f"The database of {variable} cannot be reached: {error}") from None
    except psycopg.ProgrammingError:  # its text may repeat the password
        raise Refusal(
            f"{variable} does not read as postgres://user:password@host:port/name. "
            "Correct it, or unset it to use the embedded PostgreSQL."
        ) from None
    found = connection.info.server_version // 10000
    if found < OLDEST:
        connection.close()
        raise Refusal(
            f"The database of {variable} is PostgreSQL {found}, and Factcheck needs {OLDEST} or "
            "newer. Unset DATABASE_URL to use the embedded one."
        )
    return connection


def accounts(connection: psycopg.Connection) -> set[str]:
    """The names of all accounts; none while there is no table of them."""
    if connection.execute("SELECT to_regclass('annotations_user')").fetchone() == (None,):
        return set()
    return {
        name for (name,) in connection.execute("SELECT username FROM annotations_user LIMIT 100")
    }


def can_rewrite_the_log(connection: psycopg.Connection) -> bool:
    """Whether this role could change the log, were it not for the triggers; or take those off."""
    row = connection.execute(
        "SELECT bool_or(pg_has_role(relowner, 'MEMBER') OR has_table_privilege(oid, "
        "'UPDATE, DELETE, TRUNCATE, TRIGGER')) FROM pg_class "
        "WHERE oid = to_regclass('annotations_event')"
    ).fetchone()
    return bool(row and row[0])


def expected_mark() -> str:
    """A digest over migrations, seeds and the password, keyed so that it tells nobody of it."""
    mac = hmac.new(os.environ["SECRET_KEY"].encode(), digestmod=hashlib.sha256)
    mac.update(os.environ["DEMO_PASSWORD"].encode())
    files = [file for pattern in SOURCES for file in sorted(ROOT.glob(pattern)) if file.is_file()]
    for file in [*files, *(ROOT / name for name in MORE_SOURCES)]:
        mac.update(
            str(file.relative_to(ROOT)).encode() + hashlib.sha256(file.read_bytes()).digest()
        )
    return f"factcheck demo {mac.hexdigest()}"


def read_mark(connection: psycopg.Connection) -> str | None:
    row = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        "WHERE datname = current_database()"
    ).fetchone()
    return row[0] if row else None


def write_mark(connection: psycopg.Connection, mark: str) -> None:
    database = sql.Identifier(connection.info.dbname)
    try:
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(database, sql.Literal(mark))
        )
    except psycopg.errors.InsufficientPrivilege:
        return  # a database that is another role's: each start then looks again, which is slower


def _migrate_and_seed() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    import django  # noqa: PLC0415 (half a second that a warm start saves)
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Refusal(str(error)) from None
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_seeds", verbosity=0)
    connections.close_all()
