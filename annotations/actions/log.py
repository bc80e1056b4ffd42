"""The one way into the log. Call it inside the transaction of what it tells of."""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models

from annotations.models import Event, User


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
    return Event.objects.create(
        project_id=project,
        actor=actor,
        verb=verb,
        object_kind=thing._meta.model_name or "",
        object_id=thing.pk if isinstance(thing.pk, uuid.UUID) else uuid.UUID(int=int(thing.pk)),
        claim_id=claim,
        before=plain(before) if before is not None else None,
        after=plain(after) if after is not None else None,
        reason=reason,
    )
