"""The table as `docs/permissions.md`. `python -m tests.matrix.written` writes it anew."""

import os
from collections.abc import Iterator
from pathlib import Path

import django

DOCUMENT = Path(__file__).resolve().parent.parent.parent / "docs" / "permissions.md"
HEAD = """\
# Who may do what

Made by `.venv/bin/python -m tests.matrix.written` out of the tables in the code; a test compares.

The author is a reviewer who made what is asked about. The owner elsewhere owns another project and
may enter the admin, as may the superuser, who works in no project. The former moderator left the
project a moment ago.

## Verbs
`annotations/rules/permissions.py`. *own*: what one made oneself.

"""
STATES = """\

## States of a claim
In which of them a verb is possible, for those who may do it at all; what is said in the others
stands in the same file. A verb that is not listed is possible in each of them. Where a claim has a
ruling, a further place of it takes who rules.

"""
SEEN = """\

## What is seen of a claim
In which of its states somebody sees it, where there is one: `annotations/rules/sight.py`. In an
open project every reviewer sees what elsewhere comes after the own verdict. One's own verdict,
draft and comments one sees always. A project that measures tells reviewers no answer of a gold
item, and a legal hold keeps back what its kind says ([moderation](moderation.md)).
`test_what_a_person_sees_is_what_the_table_says` reads every address as each of them.

"""
DOORS = """\

## Addresses
Each method of each address, on what it is tried, as
`test_what_a_person_may_is_done_and_nothing_else` tries it. A method that is not listed is not there
(405); HEAD is as GET, or not there.

| | |
|---|---|
| ● | done |
| ○ | refused (403) |
| – | not there (404) |
| ◌ | sign in first |
| § | held back by law (451, 410) |
| △ | refused at a field (422), or not now (409) |

"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    django.setup()
    DOCUMENT.write_text(written(), "utf-8")


def written() -> str:
    tables = (STATES, states()), (SEEN, sights()), (DOORS, doors())
    lines = [*verbs(), *(head + "\n".join(rows) for head, rows in tables), ""]
    return HEAD + "\n".join(lines)


def verbs() -> Iterator[str]:
    """A row a verb, a column a role."""
    from annotations.rules.permissions import Role, Verb, may

    yield f"| verb | {' | '.join(Role)} |"
    yield "|---" * (len(Role) + 1) + "|"
    for verb in Verb:
        cells = [
            "●" if may(role, verb, own=False) else "own" if may(role, verb) else "" for role in Role
        ]
        yield f"| {verb.replace('_', ' ')} | {' | '.join(cells)} |"


def states() -> Iterator[str]:
    """A row a verb that a state closes, a column a state."""
    from annotations.rules.permissions import CLOSED
    from annotations.rules.states import State

    yield f"| verb | {' | '.join(one.label.lower() for one in State)} |"
    yield "|---" * (len(State) + 1) + "|"
    for verb, closed in CLOSED.items():
        cells = ["" if state in closed else "●" for state in State]
        yield f"| {verb.replace('_', ' ')} | {' | '.join(cells)} |"


def sights() -> Iterator[str]:
    """A row a thing, a column somebody who looks."""
    from annotations.rules.sight import EVERY, SIGHT, Looker
    from annotations.rules.states import State

    yield f"| | {' | '.join(Looker)} |"
    yield "|---" * (len(Looker) + 1) + "|"
    for thing, seen in SIGHT.items():
        cells = [
            "always"
            if seen[one] == EVERY
            else ", ".join(state.label.lower() for state in State if state in seen[one])
            for one in Looker
        ]
        yield f"| {thing} | {' | '.join(cells)} |"


def doors() -> Iterator[str]:
    """A row for each case of the table, the addresses in the order of the table."""
    from tests.matrix.routes import readable, routes
    from tests.matrix.table import CASES
    from tests.matrix.who import Outcome, Person

    signs = {
        Outcome.DONE: "●",
        Outcome.REFUSED: "○",
        Outcome.MISSING: "–",
        Outcome.SIGN_IN: "◌",
        Outcome.UNREAD: "△",
        Outcome.NOT_NOW: "△",
        Outcome.HELD: "§",
    }
    patterns = routes()
    yield f"| | address | of | {' | '.join(Person)} |"
    yield "|---" * (len(Person) + 3) + "|"
    for case in CASES:
        things = ", ".join(one.replace("_", " ") for one in case.things)
        told = " | ".join(signs[case.answers[who]] for who in Person)
        yield f"| {case.method} | `{readable(patterns[case.route])}` | {things} | {told} |"


if __name__ == "__main__":
    main()
