"""No lost update: a change made on an older version is refused. Expects the thing's lock."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from annotations.actions.log import id_of, plain
from annotations.models import Event
from annotations.rules.versions import Outdated, version_of


def version_now(values: Mapping[str, Any]) -> str:
    """The version of a thing that the log would tell of with these values."""
    return version_of(plain(values))


def refuse_outdated(
    thing: Model, version: str | None, values: Mapping[str, Any], *verbs: str
) -> None:
    """Refuse unless `version` is that of `values`, what the thing is now; None asks nothing.

    Whoever did one of the `verbs` to it last is named: one query, and only for the refusal.
    """
    current = plain(values)
    if version is None or version == version_of(current):
        return
    kind = thing._meta.model_name or ""
    changes = Event.objects.about(kind, id_of(thing)).filter(verb__in=verbs)
    last = changes.select_related("actor").first()
    raise Outdated(
        f"{_who(last)} changed this{_when(last)}, after you opened it. Compare the two, then save "
        "again to keep yours.",
        offers={"version": version_of(current), "current": current},
    )


def _who(last: Event | None) -> str:
    return last.actor.pseudonym if last and last.actor else "Somebody"


def _when(last: Event | None) -> str:
    if last is None:
        return ""
    at = last.at.astimezone(datetime.UTC)
    return f" on {at.day} {at:%B} at {at:%H:%M} UTC"
