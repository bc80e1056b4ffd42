"""`./run serve`: the production web server. Nothing is supplied and nothing is migrated here."""

import os
import sys

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from annotations.rules.demo import PEOPLE
from factcheck import demo_data
from factcheck.local import run
from factcheck.refusal import Refusal

LOG_IS_OPEN = (
    "The role of DATABASE_URL could rewrite the log: only triggers protect it, which that role can "
    "take off. Let another role own the tables, name it in MIGRATION_DATABASE_URL, and run "
    "./run migrate (docs/deployment.md).\n"
)
NOTHING_GRANTED = (
    "The role of DATABASE_URL may not read the tables. Run ./run migrate with "
    "MIGRATION_DATABASE_URL set to their owner (docs/deployment.md): it grants what is needed.\n"
)


def main(words: list[str]) -> None:
    """Become granian, once the settings are whole; the words are further options for it."""
    if os.environ.get("FACTCHECK_DEMO") == "1":
        raise Refusal(
            "FACTCHECK_DEMO is set, and ./run serve is the production start. "
            "Unset FACTCHECK_DEMO, or start the demo with ./run demo."
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    os.environ["FACTCHECK_SERVES"] = "1"
    try:
        settings.INSTALLED_APPS  # noqa: B018 (the settings are read here, so that they refuse here)
    except ImproperlyConfigured as refusal:
        raise Refusal(str(refusal)) from None
    look_at_the_database()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2"]
    threads = str(min(8, 2 * (os.cpu_count() or 1)))
    command += ["--blocking-threads", threads, "--no-ws", "--workers-kill-timeout", "10"]
    os.execv(sys.executable, [*command, *words, "factcheck.wsgi:application"])


def look_at_the_database() -> None:
    """Refuse a database that the demo has filled; warn of a role that could rewrite the log."""
    try:
        with demo_data.connect() as connection:
            found = demo_data.accounts(connection) >= PEOPLE.keys()
            if demo_data.can_rewrite_the_log(connection):
                sys.stderr.write(LOG_IS_OPEN)
    except Refusal as reason:
        sys.stderr.write(f"{reason} The pages answer 503 until it can be.\n")
        return
    except psycopg.errors.InsufficientPrivilege:
        sys.stderr.write(NOTHING_GRANTED)
        return
    if found:
        raise Refusal(
            "The database of DATABASE_URL holds the demo's accounts, whose password anybody may "
            "know. Name another database, and make accounts of your own with "
            "./run createsuperuser."
        )


if __name__ == "__main__":
    run(main)
