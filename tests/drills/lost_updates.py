"""R2 in its long form: 10,000 racing pairs of saves by page, API and admin; none is lost.

    python -m tests.drills.lost_updates --pairs 10000

Two people open the same thing and save it at the same moment, each by a door of their own. One is
told that it is saved, and it is; the other is told who was first, and gets their own words back.
A database of its own is made, filled and thrown away. Ends with 1 where anything was lost.
"""

import argparse
import html
import itertools
import json
import os
import random
import re
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import django
from django.db import connection
from django.http import HttpResponse
from django.test import Client

PATIENCE = 60  # seconds until one of a pair gives up on the other, which it never has to
SAVED = (200, 302)
TOLD = (409, 412)


@dataclass
class Thing:
    """What two people change at once: one field of it, by any of its doors."""

    field: str
    doors: tuple["Door", ...]
    now: Callable[[], str]


@dataclass
class Door:
    """How a thing is opened and saved: `open` reads a version, `save` sends words made on it."""

    name: str
    open: Callable[[Client], dict[str, str]]
    save: Callable[[Client, dict[str, str], str], Any]


def page(address: str, field: str, kept: dict[str, str]) -> Door:
    """A form with the version that it was opened on."""

    def opened(client: Client) -> dict[str, str]:
        text = client.get(address).content.decode()
        names = ("version", "base")
        found = {name: re.search(rf'name="{name}" value="([^"]*)"', text) for name in names}
        return {name: html.unescape(one[1]) for name, one in found.items() if one}

    def save(client: Client, seen: dict[str, str], words: str) -> Any:
        return client.post(address, kept | seen | {field: words})

    return Door("admin" if address.startswith("/admin/") else "page", opened, save)


def api(address: str, field: str) -> Door:
    """A PATCH with the ETag that was read."""

    def opened(client: Client) -> dict[str, str]:
        return {"If-Match": client.get(address).headers["ETag"]}

    def save(client: Client, seen: dict[str, str], words: str) -> Any:
        body = json.dumps({field: words})
        return client.patch(address, body, "application/json", headers=seen)

    return Door("API", opened, save)


class Pair:
    """Two people at their machines, each with a connection of their own to the database."""

    def __init__(self, people: tuple[Any, Any]) -> None:
        self.people = people
        self.pool = ThreadPoolExecutor(2)

    def race(self, thing: Thing, doors: tuple[Door, Door], words: tuple[str, str]) -> str:
        """What was lost, as a sentence; empty if nothing was."""
        start = threading.Barrier(2)

        def save(n: int) -> HttpResponse:
            client = Client(raise_request_exception=False)
            client.force_login(self.people[n])
            seen = doors[n].open(client)
            start.wait(PATIENCE)
            answer: HttpResponse = doors[n].save(client, seen, words[n])
            return answer

        answers = list(self.pool.map(save, range(2)))
        statuses = [one.status_code for one in answers]
        won = [n for n in range(2) if statuses[n] in SAVED]
        if len(won) != 1 or statuses[1 - won[0]] not in TOLD:
            return f"answered {statuses}"
        if thing.now() != words[won[0]]:
            return f"{words[won[0]]} was saved, and it is {thing.now()}"
        lost = html.unescape(answers[1 - won[0]].content.decode())
        missing = [one for one in words if one not in lost and doors[1 - won[0]].name != "API"]
        return f"the loser does not see {missing}" if missing else ""

    def end(self) -> None:
        both = threading.Barrier(2)  # so that each of the two threads closes its own

        def leave(_: int) -> None:
            both.wait(PATIENCE)
            connection.close()

        list(self.pool.map(leave, range(2)))
        self.pool.shutdown()


def race(pairs: int, things: list[Thing], people: tuple[Any, Any], seed: int = 1) -> list[str]:
    """What was lost in so many races over these things, a sentence each."""
    draw = random.Random(seed)  # noqa: S311 (no secret)
    pair = Pair(people)
    found = []
    try:
        for n in range(pairs):
            thing = draw.choice(things)
            doors = (draw.choice(thing.doors), draw.choice(thing.doors))
            words = (f"Words {n} of the one", f"Words {n} of the other")
            if lost := pair.race(thing, doors, words):
                found.append(f"{n}, {doors[0].name} and {doors[1].name}: {lost}")
    finally:
        pair.end()
    return found


def things_of(article: Any, claim: Any, project: Any) -> list[Thing]:
    """A claim, an article and a project's settings, by each door through which they are changed."""
    bench = f"/workbench/{article.slug}/claims/{claim.pk}/edit/"
    facts = {"title": article.title, "language": "en"}
    settings = {
        "verdicts_required": "2",
        "blind": "on",
        "lease_minutes": "30",
        "queue_order": "oldest",
        "gold_every": "0",
        "gold_mode": "training",
    }

    def now(row: Any, field: str) -> Callable[[], str]:
        return lambda: str(type(row).objects.values_list(field, flat=True).get(pk=row.pk))

    return [
        Thing(
            "statement",
            (
                page(bench, "statement", {"kind": "factual"}),
                api(f"/api/v1/claims/{claim.pk}/", "statement"),
            ),
            now(claim, "statement"),
        ),
        Thing(
            "publisher",
            (
                page(f"/admin/annotations/article/{article.pk}/change/", "publisher", facts),
                api(f"/api/v1/articles/{article.slug}/", "publisher"),
            ),
            now(article, "publisher"),
        ),
        Thing(
            "name",
            (
                page(f"/admin/annotations/project/{project.pk}/change/", "name", settings),
                api(f"/api/v1/projects/{project.slug}/", "name"),
            ),
            now(project, "name"),
        ),
    ]


def drill(pairs: int, say: Callable[[str], object]) -> bool:
    """Whether nothing was lost."""
    from annotations.actions.articles import import_article
    from annotations.actions.claims import mark_claim
    from annotations.actions.projects import create_project, set_role
    from annotations.models import User

    owners = tuple(
        User.objects.create(username=f"owner{n}", pseudonym=f"Owner {n}", is_staff=True)
        for n in range(2)
    )
    project = create_project(actor=owners[0], slug="drill", name="Drill")
    set_role(project.pk, owners[1].pk, "owner", actor=owners[0])
    article = import_article(project.pk, actor=owners[0], text="A headline\n\nThe council spends.")
    claim = mark_claim(article.pk, 12, 31, actor=owners[0]).claim
    began = time.perf_counter()
    found: list[str] = []
    for first in itertools.count(0, 500):
        if first >= pairs:
            break
        some = min(500, pairs - first)
        found += race(some, things_of(article, claim, project), (owners[0], owners[1]), seed=first)
        took = time.perf_counter() - began
        say(f"{first + some:,} pairs in {took:.0f} s, lost: {len(found)}")
    for one in found[:20]:
        say(one)
    return not found


def main(words: list[str]) -> int:
    reader = argparse.ArgumentParser(prog="python -m tests.drills.lost_updates")
    reader.add_argument("--pairs", type=int, default=10_000)
    asked = reader.parse_args(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    os.environ.setdefault("RATE_LIMIT_PERSON", "1000000")  # a few write here for many
    django.setup()
    from tests.roles import own_database

    with own_database():
        well = drill(asked.pairs, lambda line: sys.stdout.write(f"{line}\n"))
    sys.stdout.write("Nothing was lost.\n" if well else "Something WAS lost.\n")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
