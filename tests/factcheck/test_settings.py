"""What a start refuses, and that it says what would help (attack A3)."""

import json
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from factcheck.settings import STATEMENTS, read_database
from tests.factcheck.conftest import ROOT, Command, bare_environment

PRODUCTION = {
    "SECRET_KEY": "a secret of production",
    "ALLOWED_HOSTS": "check.example.org",
    "DATABASE_URL": "postgres://check@db.example.org/check",
}
STARTS = [
    ("manage.py", "check"),
    ("-m", "factcheck.serve"),
]


@pytest.mark.parametrize("start", STARTS, ids=["manage.py", "serve"])
@pytest.mark.parametrize("missing", PRODUCTION)
def test_a_production_start_without_a_variable_refuses_with_its_sentence(
    command: Command, start: tuple[str, ...], missing: str
) -> None:
    done = command(*start, **{name: PRODUCTION[name] for name in PRODUCTION if name != missing})
    assert done.returncode == 1
    assert f"{missing} is not set. " in done.stderr
    assert done.stderr.count("is not set") == 1
    assert "Traceback" not in done.stderr


def test_a_start_without_anything_names_all_three(command: Command) -> None:
    done = command("manage.py", "migrate")
    assert done.returncode == 1
    for name in PRODUCTION:
        assert f"{name} is not set. " in done.stderr


def test_an_empty_secret_is_no_secret(command: Command) -> None:
    done = command("manage.py", "check", **{**PRODUCTION, "SECRET_KEY": "  "})
    assert done.returncode == 1
    assert "SECRET_KEY is not set" in done.stderr


def test_the_web_server_itself_refuses_without_a_secret(command: Command) -> None:
    done = command("-c", "import factcheck.wsgi", **{**PRODUCTION, "SECRET_KEY": ""})
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr


def test_the_demo_is_refused_under_a_public_name(command: Command) -> None:
    done = command("manage.py", "check", FACTCHECK_DEMO="1", **PRODUCTION)
    assert done.returncode == 1
    assert "ALLOWED_HOSTS names a public host" in done.stderr


def test_the_production_server_does_not_serve_the_demo(command: Command) -> None:
    given = {**PRODUCTION, "ALLOWED_HOSTS": "127.0.0.1"}
    done = command("-m", "factcheck.serve", FACTCHECK_DEMO="1", **given)
    assert done.returncode == 1
    assert "FACTCHECK_DEMO is set" in done.stderr


def test_nothing_is_supplied_on_a_production_machine(command: Command) -> None:
    done = command("-m", "factcheck.local", "check", SECRET_KEY=PRODUCTION["SECRET_KEY"])
    assert done.returncode == 1
    assert "DATABASE_URL is not set" in done.stderr
    assert "ALLOWED_HOSTS is not set" in done.stderr


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="postgres://"):
        read_database("mysql://somewhere/else")


def test_a_database_address_is_read_whole() -> None:
    found = read_database("postgres://ann%40x:p%2Fw@db.example.org:6432/facts?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("ann@x", "p/w", "db.example.org")
    assert (found["PORT"], found["NAME"]) == ("6432", "facts")
    assert found["OPTIONS"] == STATEMENTS | {"sslmode": "require"}


def test_a_socket_folder_with_blanks_is_read_whole() -> None:
    found = read_database("postgres://factcheck@/factcheck?host=/a%20folder/%C3%BCber")
    assert (found["HOST"], found["USER"], found["PORT"]) == ("/a folder/über", "factcheck", "")


def options_of(**environ: str) -> list[str]:
    """What the web's connections and the owner's begin with, in a process of its own."""
    program = (
        "import json; from factcheck import settings as here; "
        "print(json.dumps([one['OPTIONS'].get('options', '') "
        "for one in (here.DATABASES['default'], here.OWNER)]))"
    )
    environment = bare_environment(
        **{
            "SECRET_KEY": "a secret",
            "ALLOWED_HOSTS": "check.example.org",
            "DATABASE_URL": "postgres://factcheck@/factcheck?host=/var/run",
        }
        | environ
    )
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, text=True, check=True,
        stdout=subprocess.PIPE,
    ).stdout  # fmt: skip
    found: list[str] = json.loads(told)
    return found


def test_statements_of_the_web_server_are_stopped_and_those_of_its_owner_are_not() -> None:
    assert options_of(FACTCHECK_SERVES="1") == ["-c statement_timeout=15s", ""]
    assert options_of(FACTCHECK_SERVES="1", STATEMENT_TIMEOUT="90")[0].endswith("=90s")
    assert options_of(FACTCHECK_SERVES="1", STATEMENT_TIMEOUT="0") == ["", ""]
    assert options_of() == ["", ""]  # the worker and the commands


def test_options_of_the_address_are_kept_beside_the_limit() -> None:
    own = "postgres://factcheck@/factcheck?host=/var/run&options=-c%20geqo%3Doff"
    told = options_of(FACTCHECK_SERVES="1", DATABASE_URL=own)
    assert told == ["-c statement_timeout=15s -c geqo=off", "-c geqo=off"]
