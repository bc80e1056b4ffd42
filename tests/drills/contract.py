"""The contract in its long form: 50,000 requests made up out of the OpenAPI document.

    python -m tests.drills.contract --cases 50000

Each is sent as somebody of the scene of `tests/matrix`, most with names of things that are there,
so that it gets behind “there is no such thing”. Whatever comes back has to be what the document
says: the status, the kind of content, the headers, every value of the body; and none is a fault
of ours. What a request has changed is taken back. A database of its own is made, filled and
thrown away. Ends with 1 where the document was not kept to.
"""

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import django
import hypothesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck
from hypothesis import strategies as st

if TYPE_CHECKING:
    import schemathesis
    from schemathesis.schemas import APIOperation

    from tests.matrix.scene import Scene

    Operation = APIOperation[Any, Any, Any, Any]
    Case = schemathesis.Case[Any]

# Reviewers of whom one has made what is asked about, and the demo's moderator and owner.
PEOPLE = ("", "finch", "maple", "robin", "birch")
# What a path or a body calls a thing, and the things of the scene that it may be.
STATES = ("marked", "in_review", "disputed", "published", "withdrawn", "set_aside", "agreed",
          "awaited", "drafted", "golden", "held", "held_back", "homeless")  # fmt: skip
OF_PATHS = {
    "appearances": ("place", "further", "public_place"),
    "assignments": ("loan",),
    "claims": STATES,
    "comments": ("comment",),
    "deliveries": ("delivery",),
    "evidence": ("piece", "public_piece", "grounds"),
    "gold": ("gold",),
    "holds": ("hold",),
    "imports": ("import", "stopped_import"),
    "projects": ("project",),
    "articles": ("article", "hidden"),
    "publisher-corrections": ("request",),
    "rating-maps": ("rating_map",),
    "ratings": ("rating",),
    "reattachments": ("reattachment",),
    "revisions": ("revision", "hidden_revision"),
    "rulings": ("ruling",),
    "sources": ("source", "public_source"),
    "tokens": ("token",),
    "verdicts": ("verdict", "draft"),
    "webhooks": ("webhook",),
}
OF_NAMES = {
    "project": ("project",),
    "article": ("article", "hidden"),
    "claim": STATES,
    "revision": ("revision", "hidden_revision"),
    "based_on": ("revision", "hidden_revision"),
    "source": ("source", "public_source"),
    "evidence": ("piece", "public_piece", "grounds"),
    "ruling": ("ruling",),
    "parent": ("comment",),
}
WORDS = {
    "rating": ("true", "false", "misleading"),
    "replaced_by": ("false",),
    "address": ("https://example.org/", "https://example.org/figures"),
    "reviewer": ("Finch", "Maple"),
    "start": (0, 11),
    "end": (11, 30),
}


@dataclass
class Tally:
    """What became of the requests, and where the document was not kept to."""

    statuses: Counter[int] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)
    done: set[str] = field(default_factory=set)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        return self.statuses.total()


class Contract:
    """The document, the people who send, and the things that they name."""

    def __init__(self, scene: "Scene") -> None:
        import schemathesis
        from django.core.wsgi import get_wsgi_application
        from schemathesis.core.result import Err
        from schemathesis.specs.openapi import checks

        from annotations.actions.tokens import make_token
        from annotations.models import User

        self.things = scene.things
        people = {name: User.objects.get(username=name) for name in PEOPLE if name}
        self.secrets = {
            name: make_token(one, "contract", actor=one)[1] for name, one in people.items()
        }
        with one_connection():
            schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())
        self.operations: list[Operation] = []
        for one in schema.get_all_operations():
            if isinstance(one, Err):
                raise one.err()
            self.operations.append(one.ok())
        self.checks = [
            schemathesis.checks.not_a_server_error,
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_headers_conformance,
            checks.response_schema_conformance,
        ]

    def tried(self, each: int, seed: int, tally: Tally) -> Tally:
        """So many requests to each operation, made up out of the document."""
        with one_connection():
            for operation in self.operations:
                self.try_one(operation, each, seed, tally)
        return tally

    def try_one(self, operation: "Operation", cases: int, seed: int, tally: Tally) -> None:
        from schemathesis import GenerationMode

        right = operation.as_strategy(GenerationMode.POSITIVE)
        made_up = st.one_of(right, right, operation.as_strategy(GenerationMode.NEGATIVE))
        if not (operation.body or operation.query):
            made_up = right

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=cases,
            database=None,
            deadline=None,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=made_up, number=st.integers(0, 2**32))
        def send(case: "Case", number: int) -> None:
            draw = random.Random(number)  # noqa: S311 (no secret)
            self.send(case, draw, tally)

        send()

    def send(self, case: "Case", draw: random.Random, tally: Tally) -> None:
        from schemathesis.core.failures import FailureGroup

        who = draw.choice(PEOPLE)
        label = case.operation.label
        self.name_things(case, draw)
        headers = {"Authorization": f"Bearer {self.secrets[who]}"} if who else {}
        with transaction.atomic():
            answer = case.call(headers=headers)
            transaction.set_rollback(True)
        tally.statuses[answer.status_code] += 1
        tally.operations[label] += 1
        if answer.status_code < 300:
            tally.done.add(label)
        try:
            case.validate_response(answer, checks=self.checks_of(case, answer), headers=headers)
        except FailureGroup as found:
            for one in found.exceptions:
                told = f"as {who or 'anybody'}: {one}\n{case.as_curl_command(headers)[:1500]}"
                tally.faults.setdefault(f"{label}: {one.__class__.__name__}", told)

    def checks_of(self, case: "Case", answer: Any) -> list[Any]:
        """All of them; but where an answer was to have other fields, which the document says that
        its schema does not tell, what it holds is left to `tests/api/test_chosen.py`.
        """
        chosen = isinstance(case.query, dict) and {"fields", "expand"} & case.query.keys()
        return self.checks[:-1] if chosen and answer.status_code < 300 else self.checks

    def name_things(self, case: "Case", draw: random.Random) -> None:
        """Put things that are there in the place of most names that were made up."""
        if draw.random() < 0.9:
            parts = case.operation.path.split("/")
            for before, part in zip(parts, parts[1:], strict=False):
                if part.startswith("{"):
                    case.path_parameters[part[1:-1]] = self.one_of(OF_PATHS[before], draw)
        if draw.random() < 0.7:
            if isinstance(case.query, dict):
                self.name_in(case.query, draw)
            self.name_in(case.body, draw)
            if case.headers is not None and "If-Match" in case.headers:
                case.headers["If-Match"] = "*"

    def name_in(self, given: Any, draw: random.Random) -> None:
        if isinstance(given, list):
            for one in given:
                self.name_in(one, draw)
        elif isinstance(given, dict):
            for name, value in given.items():
                if name in OF_NAMES and isinstance(value, str):
                    given[name] = self.one_of(OF_NAMES[name], draw)
                elif name in OF_NAMES and isinstance(value, list) and value:
                    if isinstance(value[0], str):
                        given[name] = [self.one_of(OF_NAMES[name], draw)]
                elif name in WORDS and isinstance(value, str | int):
                    given[name] = draw.choice(WORDS[name])
                self.name_in(given[name], draw)

    def one_of(self, names: tuple[str, ...], draw: random.Random) -> str:
        return str(self.things[draw.choice(names)])


@contextmanager
def one_connection() -> Iterator[None]:
    """No request closes the connection, or what it did could not be taken back."""
    ends = (request_started, request_finished)
    for one in ends:
        one.disconnect(close_old_connections)
    try:
        yield
    finally:
        for one in ends:
            one.connect(close_old_connections)


def drill(cases: int, seed: int, say: Callable[[str], object]) -> bool:
    """Whether the document was kept to."""
    from tests.matrix.scene import made

    began = time.perf_counter()
    with transaction.atomic():
        scene = made()
    contract, tally = Contract(scene), Tally()
    while tally.cases < cases:
        left = -(-(cases - tally.cases) // len(contract.operations))
        contract.tried(min(20, left), seed, tally)
        seed += 1
        took = time.perf_counter() - began
        say(f"{tally.cases:,} requests in {took:,.0f} s, faults: {len(tally.faults)}")
    for at, told in sorted(tally.faults.items()):
        say(f"{at}\n{told}\n")
    say(", ".join(f"{status}: {n:,}" for status, n in sorted(tally.statuses.items())))
    never = ", ".join(sorted(set(tally.operations) - tally.done)) or "none"
    say(f"Of {len(tally.operations)} operations, never done: {never}")
    return not tally.faults


def main(words: list[str]) -> int:
    reader = argparse.ArgumentParser(prog="python -m tests.drills.contract")
    reader.add_argument("--cases", type=int, default=50_000)
    reader.add_argument("--seed", type=int, default=1)
    asked = reader.parse_args(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    django.setup()
    from tests.roles import own_database

    with own_database():
        well = drill(asked.cases, asked.seed, lambda line: sys.stdout.write(f"{line}\n"))
    sys.stdout.write("It was kept to.\n" if well else "It was NOT kept to.\n")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
