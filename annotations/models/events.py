"""The log: one row for everything that happened, written in the transaction of what it tells of.

The database refuses to change or to remove a row.
"""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from annotations.models.claims import SEES_ALL
from annotations.models.people import User
from annotations.models.projects import Membership, Project


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
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    object_kind = models.CharField(max_length=20)
    object_id = models.UUIDField()
    claim_id = models.UUIDField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)
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

    def __str__(self) -> str:
        return f"{self.actor}: {self.verb} {self.object_kind}"
