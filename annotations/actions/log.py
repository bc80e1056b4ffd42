"""The one way into the log. Call it inside the transaction of what it tells of."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from annotations.models import Event, User


@dataclass(frozen=True, slots=True)
class Told:
    """What one event tells of: what was done to which thing, of which claim, what it was and is."""

    verb: str
    thing: models.Model
    claim: uuid.UUID | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str = ""


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
    event = _event(Told(verb, thing, claim, before, after, reason), actor, project)
    event.save(force_insert=True)
    return event


def record_all(told: Sequence[Told], *, actor: User | None, project: uuid.UUID | None) -> None:
    """Append the events of one act on many things, in this order: one query."""
    Event.objects.bulk_create(_event(one, actor, project) for one in told)


def _event(told: Told, actor: User | None, project: uuid.UUID | None) -> Event:
    key = told.thing.pk
    return Event(
        project_id=project,
        actor=actor,
        verb=told.verb,
        object_kind=told.thing._meta.model_name or "",
        object_id=key if isinstance(key, uuid.UUID) else uuid.UUID(int=int(key)),
        claim_id=told.claim,
        before=plain(told.before) if told.before is not None else None,
        after=plain(told.after) if told.after is not None else None,
        reason=told.reason,
    )
