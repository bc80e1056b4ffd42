"""The log: one row for everything that happened, written in the transaction of what it tells of.

The database refuses to change or to remove a row, and as it commits it links each event to the one
before it in its project: `Link`. What an event tells of people is sealed apart, under their keys.
"""

import json
import uuid
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from annotations.models.people import User
from annotations.models.projects import Membership, Project
from annotations.models.sealed import Opened, SubjectKey
from annotations.rules.canonical_json import canonical
from annotations.rules.sight import SEES_ALL


class CanonicalJSON(models.Field[Any, Any]):
    """A value kept as its canonical JSON (RFC 8785), so that what is hashed is what stands here."""

    def get_internal_type(self) -> str:
        return "TextField"

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else canonical(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else json.loads(value)


WORD = r"^[a-z_]+$"  # nothing in it has to be escaped in JSON


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, person: User | AnonymousUser) -> "EventQuerySet":
        """The log of the projects in which a person is moderator or owner."""
        if not person.is_authenticated:
            return self.none()
        member = Membership.objects.filter(
            user=person, project=OuterRef("project"), role__in=SEES_ALL
        )
        return self.filter(Exists(member))

    def about(self, kind: str, identifier: uuid.UUID) -> "EventQuerySet":
        """The history of one object, newest first."""
        return self.filter(object_kind=kind, object_id=identifier).order_by("-id")

    def of_claim(self, claim: uuid.UUID) -> "EventQuerySet":
        """The history of a claim with its verdicts and rulings, newest first."""
        return self.filter(claim_id=claim).order_by("-id")


class Event(models.Model):
    """Who did what to which object, what it was before and after, when and why."""

    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="events")
    actor = models.ForeignKey(User, models.PROTECT, to_field="subject", null=True, related_name="+")
    verb = models.CharField(max_length=40)
    object_kind = models.CharField(max_length=20)
    object_id = models.UUIDField()
    claim_id = models.UUIDField(null=True)
    before = CanonicalJSON(null=True)
    after = CanonicalJSON(null=True)
    private = models.TextField(null=True, editable=False)  # noqa: DJ001
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = EventQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["project", "-id"], name="events_of_a_project"),
            models.Index(fields=["object_id", "-id"], name="events_of_an_object"),
            models.Index(
                fields=["claim_id", "-id"],
                condition=models.Q(claim_id__isnull=False),
                name="events_of_a_claim",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(verb__regex=WORD, object_kind__regex=WORD),
                name="event_is_named_in_plain_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor}: {self.verb} {self.object_kind}"

    @cached_property
    def opened(self) -> Opened:
        """What was sealed; `open_all` reads the keys of a whole page at once."""
        return SubjectKey.objects.opened([self.private])[0]

    @property
    def reason(self) -> str:
        return str(self.opened.told.get("reason", ""))

    def whole(self, side: str) -> dict[str, Any]:
        """`before` or `after` with what was sealed of it."""
        return {**(getattr(self, side) or {}), **self.opened.told.get(side, {})}


def open_all(events: Iterable[Event]) -> None:
    """Read the keys of these events in one query, instead of one for each."""
    events = list(events)
    opened = SubjectKey.objects.opened([one.private for one in events])
    for event, what in zip(events, opened, strict=True):
        event.opened = what
