"""Mirrors of the corpus, each kept for one person by the change feed alone."""

import json
import random
import uuid
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from annotations.models import Project, User
from annotations.models.changes import Change, changes_since, positions_now, readable
from annotations.models.records import ONE, parameters, records_of

Person = User | AnonymousUser


def committed() -> None:
    """What is done at a commit: the events that are new are linked."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def now(person: Person) -> Person:
    """The person as somebody who signs in this moment."""
    return User.objects.get(pk=person.pk) if person.pk else AnonymousUser()


def record(slug: str, person: Person) -> bytes | None:
    """An article's record as an export has it, without drafts."""
    with connection.cursor() as cursor:
        cursor.execute(ONE, parameters(person, drafts=False) | {"slug": slug})
        found = cursor.fetchone()
    return found[0].encode() if found else None


def corpus(person: Person, projects: list[Project]) -> dict[tuple[uuid.UUID, str], bytes]:
    """The records of these projects, fresh."""
    return {
        (project.pk, json.loads(line)["article"]["slug"]): line
        for project in projects
        for chunk in records_of(project.pk, person)
        for line in chunk.splitlines()
    }


@dataclass
class Mirror:
    """What one person has read, and since when."""

    person: Person
    chance: random.Random
    records: dict[tuple[uuid.UUID, str], bytes] = field(default_factory=dict)
    positions: dict[uuid.UUID, int] = field(default_factory=dict)
    told: list[Change] = field(default_factory=list)

    def begin(self) -> None:
        """Where the feed stands first, then everything."""
        projects = readable(self.person)
        self.positions = positions_now(projects)
        self.records = corpus(self.person, projects)

    def follow(self) -> list[Change]:
        """Read again what the feed names, until there is no more."""
        told: list[Change] = []
        more = True
        while more:
            size = self.chance.randint(1, 6)
            projects = readable(self.person)
            page = changes_since(self.positions, self.person, projects, everything=True, most=size)
            for change in page.changes:
                self._read_again(change)
            self.positions, more = dict(page.positions), page.more
            told += page.changes
        self.told += told
        return told

    def _read_again(self, change: Change) -> None:
        project = change.project
        if change.whole:
            kept = {at: one for at, one in self.records.items() if at[0] != project.pk}
            still = [one for one in readable(self.person) if one.pk == project.pk]
            self.records = kept | corpus(self.person, still)
        for slug in change.articles:
            self.records.pop((project.pk, slug), None)
            found = record(slug, self.person)
            if found is not None:
                self.records[project.pk, slug] = found

    def fresh(self) -> dict[tuple[uuid.UUID, str], bytes]:
        return corpus(self.person, readable(self.person))
