"""The one way into the log. Call it inside the transaction of what it tells of.

What an event says of people, and the reason that somebody gave, is sealed under that person's key:
the chain holds its hash, and outlives the key.
"""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from annotations.models import Event, SubjectKey, User
from annotations.models.copying import copy_in
from annotations.models.sealed import sealed
from annotations.rules.canonical_json import canonical
from annotations.rules.chain import SITE

PERSONAL = frozenset({"pseudonym"})  # of what an account's events tell


@dataclass(frozen=True, slots=True)
class Told:
    """What one event tells of: what was done to which thing, of which claim, what it was and is."""

    verb: str
    thing: models.Model
    claim: uuid.UUID | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What one event tells of a thing that no row is at hand of, and nobody's secret."""

    verb: str
    kind: str
    id: str
    claim: str | None
    after: Mapping[str, Any]


def plain(value: Any) -> Any:
    """A value as JSON can hold it: ids, dates and enums as strings."""
    if isinstance(value, uuid.UUID | datetime.date):
        return str(value) if isinstance(value, uuid.UUID) else value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def record(
    verb: str,
    thing: models.Model,
    *,
    actor: User | None,
    project: uuid.UUID | None,
    claim: uuid.UUID | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Event:
    """Append one event: `actor` did `verb` to `thing`, which was `before` and is `after`."""
    event = _events([Told(verb, thing, claim, before, after, reason)], actor, project)[0]
    event.save(force_insert=True)
    return event


def record_all(told: Sequence[Told], *, actor: User | None, project: uuid.UUID | None) -> None:
    """Append the events of one act on many things, in this order: one query."""
    Event.objects.bulk_create(_events(told, actor, project))


def record_rows(told: Iterable[Row], *, actor: User, project: uuid.UUID) -> None:
    """Append the events of one act on very many things, in this order: one COPY."""
    copy_in(
        Event,
        ("verb", "object_kind", "object_id", "claim_id", "after", "actor_id", "project_id"),
        ((one.verb, one.kind, one.id, one.claim, canonical(one.after), actor.subject, project)
         for one in told),
    )  # fmt: skip


def _events(told: Sequence[Told], actor: User | None, project: uuid.UUID | None) -> list[Event]:
    private = [_private(one, actor) for one in told]
    keys = SubjectKey.objects.made_for({subject for one in private for subject in one})
    return [
        Event(
            project_id=project,
            actor=actor,
            verb=one.verb,
            object_kind=one.thing._meta.model_name or "",
            object_id=id_of(one.thing),
            claim_id=one.claim,
            before=_public(one.thing, one.before),
            after=_public(one.thing, one.after),
            private=sealed(apart, keys),
        )
        for one, apart in zip(told, private, strict=True)
    ]


def id_of(thing: models.Model) -> uuid.UUID:
    """What the log calls a thing: a person by the subject, which tells nothing of them."""
    key = thing.subject if isinstance(thing, User) else thing.pk
    return key if isinstance(key, uuid.UUID) else uuid.UUID(int=int(key))


def _public(thing: models.Model, facts: Mapping[str, Any] | None) -> Any:
    """What may stand in the chain for good."""
    if facts is None:
        return None
    apart = PERSONAL if isinstance(thing, User) else ()
    return plain({name: fact for name, fact in facts.items() if name not in apart})


def _private(told: Told, actor: User | None) -> dict[uuid.UUID, dict[str, Any]]:
    """What is sealed of an event, by whom it is about: the reason belongs to who gave it."""
    apart: dict[uuid.UUID, dict[str, Any]] = {}
    if told.reason:
        apart.setdefault(actor.subject if actor else SITE, {})["reason"] = told.reason
    if isinstance(told.thing, User):
        for side, facts in (("before", told.before), ("after", told.after)):
            about = {name: fact for name, fact in (facts or {}).items() if name in PERSONAL}
            if about:
                apart.setdefault(told.thing.subject, {})[side] = about
    return apart
