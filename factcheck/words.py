"""The words of `./run`, and what is said to one that is none of them.

Read before anything is installed, so it needs nothing but Python.
"""

import difflib
from collections.abc import Iterable
from textwrap import fill

USAGE = """\
./run demo [--port 8000]  start the workbench with its demo accounts, on this machine only
./run test [pytest args]  run the whole test suite
./run check               run every check of the code: format, lint, types, walls, templates …
./run bench [NAME …]      measure speed, each figure beside its limit; --list says what there is
./run export PROJECT --format F   write a project's corpus; ./run export --help says more
./run import PROJECT FILE --format F   bring a file into a project
./run stop                stop what a killed start left behind
./run serve [options]     start the web server in production: set SECRET_KEY, ALLOWED_HOSTS and
                          DATABASE_URL first; options go to granian
./run lock                make the lock files anew after a change of pyproject.toml
./run WORD …              any other word is a command of manage.py, such as: ./run token NAME
"""
MODULES = {
    "demo": "demo",
    "test": "suite",
    "check": "checks",
    "bench": "bench",
    "stop": "stop",
    "serve": "serve",
    "lock": "lock",
}


def no_such(word: str, commands: Iterable[str]) -> str:
    """The sentence for a word that is neither ours nor a command's, and all that would do."""
    known = [*MODULES, *sorted(set(commands) - set(MODULES))]
    near = difflib.get_close_matches(word, known, 1)
    meant = f" Did you mean ./run {near[0]}?" if near else ""
    return f"There is no command “{word}”.{meant}\n\n" + fill(
        f"There are: {', '.join(known)}.", 100
    )
