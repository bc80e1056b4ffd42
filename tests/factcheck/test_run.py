"""The script `run`: what it says before anything is installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from factcheck import local
from factcheck.refusal import Refusal
from tests.factcheck.conftest import ROOT, Command

AS_OLD = (
    "import sys, runpy; sys.version_info = (3, 9, 18); runpy.run_path('run', run_name='__main__')"
)


def test_without_a_word_it_says_what_there_is(command: Command) -> None:
    done = command("run")
    assert done.returncode == 2
    for word in ("demo", "test", "check", "stop", "serve", "lock"):
        assert f"./run {word}" in done.stdout


@pytest.mark.parametrize(
    ("word", "near"),
    [("dmeo", " Did you mean ./run demo?"), ("tokn", " Did you mean ./run token?"), ("xyzzy", "")],
)
def test_an_unknown_word_is_refused_with_the_nearest_and_all_that_there_are(
    command: Command, word: str, near: str
) -> None:
    given = {"SECRET_KEY": "x", "ALLOWED_HOSTS": "x", "DATABASE_URL": "postgres://x/x"}
    done = command("-m", "factcheck.local", word, **given)
    assert done.returncode == 1
    assert done.stderr.startswith(f"There is no command “{word}”.{near}\n\nThere are: demo, test, ")
    for known in ("token", "load_seeds", "migrate"):
        assert known in done.stderr
    assert "manage.py" not in done.stderr


def test_an_older_python_gets_a_sentence(command: Command) -> None:
    done = command("-c", AS_OLD)
    assert done.returncode == 1
    assert done.stderr.startswith("Factcheck needs Python 3.11 or newer, and this is 3.9.")


def test_the_script_parses_on_the_pythons_that_it_turns_away() -> None:
    code = "import ast; ast.parse(open('run').read(), feature_version=(3, 7))"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_a_secret_is_made_once_and_is_the_owners_alone(var: Path) -> None:
    first = local.kept(var / "secret-key", lambda: "first")
    assert first == local.kept(var / "secret-key", lambda: "second") == "first"
    assert (var / "secret-key").stat().st_mode & 0o777 == 0o600


def test_an_empty_secret_left_by_a_kill_is_made_anew(var: Path) -> None:
    (var / "secret-key").touch()
    assert local.kept(var / "secret-key", lambda: "fresh") == "fresh"


def test_a_refusal_is_a_sentence_and_exit_code_one() -> None:
    def refuse(words: list[str]) -> None:
        raise Refusal("It is so.")

    with pytest.raises(SystemExit) as ending:
        local.run(refuse)
    assert ending.value.code == "It is so."
