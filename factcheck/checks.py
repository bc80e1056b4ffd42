"""`./run check`: every check of the code by one command, the same here and in CI.

Each check is a program and its arguments; all of them run, and what the failing ones said is shown.
`./run check NAME …` runs only those; `./run check --fix` lets the formatters write first.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from factcheck import node
from factcheck.local import ROOT, prepare, run
from factcheck.refusal import Refusal

BIN = Path(sys.executable).parent
TEMPLATES = "annotations/templates"
PYTHON_FILES = [".", "run"]
TYPED = ["annotations", "factcheck", "tests", "manage.py", "run"]
# Made up, and only for `check --deploy`: it looks at the settings and opens no database.
PRODUCTION = {
    "SECRET_KEY": "made up for the check, and long enough: 0123456789 abcdefghij klmnopqrst",
    "ALLOWED_HOSTS": "check.example.org",
    "DATABASE_URL": "postgres://check@db.example.org/check",
    "FACTCHECK_DEMO": "0",
}
# Whoever installs asks the index that their machine is set to, so no file may name one. The names
# are put together here, since this file is searched as well.
INDEXES = [".".join(name) for name in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))]


@dataclass(frozen=True)
class Outcome:
    """How one check ended: `ok` is None for one that could not run on this machine."""

    ok: bool | None
    said: str


def program(*command: str, **environment: str) -> Callable[[], Outcome]:
    """A check by a program, which fails where the code is not as it should be."""

    def check() -> Outcome:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        return Outcome(done.returncode == 0, done.stdout)

    return check


def javascript(*command: str) -> Callable[[], Outcome]:
    """A check by a program of node's; where node is missing, only CI takes that for a failure."""

    def check() -> Outcome:
        if reason := node.missing():
            return Outcome(False if os.environ.get("CI") == "true" else None, reason)
        return program(str(node.BIN / command[0]), *command[1:])()

    return check


def addresses() -> Outcome:
    """No file names a package index."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    found = []
    for path in (ROOT / os.fsdecode(name) for name in names if name):
        content = path.read_bytes() if path.is_file() else b""
        found += [
            f"{path.relative_to(ROOT)}: {name}" for name in INDEXES if name.encode() in content
        ]
    return Outcome(not found, "\n".join(found))


def all_checks() -> dict[str, Callable[[], Outcome]]:
    """The slowest first, so that the others run beside it."""
    manage = (sys.executable, "manage.py")
    ruff, djlint = str(BIN / "ruff"), str(BIN / "djlint")
    return {
        "types": program(str(BIN / "mypy"), *TYPED),
        "javascript": javascript("biome", "ci", "--colors=off", "--error-on-warnings"),
        "javascript-types": javascript("tsc", "--noEmit"),
        "format": program(ruff, "format", "--check", *PYTHON_FILES),
        "lint": program(ruff, "check", *PYTHON_FILES),
        "walls": program(str(BIN / "lint-imports")),
        "templates": program(djlint, "--lint", TEMPLATES),
        "template-format": program(djlint, "--check", TEMPLATES),
        "template-style": program(str(BIN / "djade"), "--check", *templates()),
        "migrations": program(*manage, "makemigrations", "--check", "--dry-run", **as_owner()),
        "deploy": program(*manage, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION),
        "addresses": addresses,
    }


def as_owner() -> dict[str, str]:
    """The database as its owner sees it: nobody else may read it before it was migrated."""
    owners = os.environ.get("MIGRATION_DATABASE_URL", "").strip()
    return {"DATABASE_URL": owners} if owners else {}


def fix() -> None:
    """Let every formatter write what it would ask for."""
    ruff, djlint = str(BIN / "ruff"), str(BIN / "djlint")
    program(ruff, "check", "--fix", *PYTHON_FILES)()
    program(ruff, "format", *PYTHON_FILES)()
    program(str(BIN / "djade"), *templates())()
    program(djlint, "--reformat", "--quiet", TEMPLATES)()
    javascript("biome", "check", "--write")()


def templates() -> list[str]:
    return sorted(str(one.relative_to(ROOT)) for one in (ROOT / TEMPLATES).rglob("*.html"))


def main(words: list[str]) -> int:
    """Run the checks; 1 if any failed."""
    prepare()
    checks = all_checks()
    if "--fix" in words:
        fix()
    chosen = [word for word in words if word != "--fix"] or list(checks)
    if unknown := set(chosen) - set(checks):
        raise Refusal(f"There is no check {', '.join(unknown)}. There are: {', '.join(checks)}.")
    failed = []
    with ThreadPoolExecutor(max_workers=max(2, min(4, os.cpu_count() or 1))) as pool:
        for name, (outcome, seconds) in pool.map(lambda name: (name, timed(checks[name])), chosen):
            sys.stdout.write(line_of(name, outcome, seconds))
            sys.stdout.flush()
            if outcome.ok is False:
                failed.append(name)
    sys.stdout.write(f"\nFailed: {', '.join(failed)}.\n" if failed else "\nEvery check is ok.\n")
    return 1 if failed else 0


def timed(check: Callable[[], Outcome]) -> tuple[Outcome, float]:
    began = time.monotonic()
    return check(), time.monotonic() - began


def line_of(name: str, outcome: Outcome, seconds: float) -> str:
    if outcome.ok is None:
        return f"not run {name}: {outcome.said}\n"
    if outcome.ok:
        return f"ok      {name} ({seconds:.1f} s)\n"
    said = "\n".join(f"        {line}" for line in outcome.said.strip().splitlines())
    return f"failed  {name} ({seconds:.1f} s)\n{said}\n"


if __name__ == "__main__":
    run(main)
