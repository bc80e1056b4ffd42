"""Webhooks: whom a project tells of what readers see, what is due to them, and what came of it.

A delivery is written by the database, in the transaction of the event that it tells of; it is there
if the event is. What it says is put together when it is sent (`models/news.py`).
"""

import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from annotations.models.events import Event
from annotations.models.ids import uuid7
from annotations.models.people import User
from annotations.models.projects import Project, choices
from annotations.rules import signing
from annotations.rules.sealing import close, reopen
from annotations.rules.webhooks import (
    NOT_DELIVERED,
    OFF_BECAUSE,
    OLD_SECRET_SIGNS,
    TEST,
    Kind,
    Off,
    Stands,
    Wish,
)

KINDS = [kind.value for kind in Kind]
SETTLED = [one.value for one in Stands if one != Stands.WAITING]
MOST_TOLD = 40  # characters of a kind


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def with_counts(self) -> "WebhookQuerySet":
        """Each with how many deliveries wait (`waiting`), and how many failed or were `missed`."""
        waits = Q(deliveries__state=Stands.WAITING)
        missed = Q(deliveries__state__in=NOT_DELIVERED)
        return self.annotate(
            waiting=Count("deliveries", filter=waits), missed=Count("deliveries", filter=missed)
        )


class Webhook(models.Model):
    """An address that a project tells of what happens. Its secret is sealed under the site's key.

    While `old_until` lies ahead, the secret before it signs as well.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="webhooks")
    address = models.CharField(max_length=2000)
    description = models.CharField(max_length=200, blank=True)
    kinds = ArrayField(models.CharField(max_length=MOST_TOLD))
    secret = models.BinaryField()
    old_secret = models.BinaryField(null=True)
    old_until = models.DateTimeField(null=True, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    off_at = models.DateTimeField(null=True, editable=False)
    off_because = models.CharField(max_length=10, blank=True, choices=choices(Off))
    failing_since = models.DateTimeField(null=True, editable=False)

    waiting: int
    missed: int

    objects: ClassVar = WebhookQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kinds__contained_by=KINDS) & ~Q(kinds=[]),
                name="webhook_is_told_of_known_kinds",
            ),
            models.CheckConstraint(
                condition=Q(address__regex=r"^https?://"), name="webhook_has_a_web_address"
            ),
            models.CheckConstraint(
                condition=Q(off_at__isnull=True, off_because="")
                | Q(off_at__isnull=False, off_because__in=[one.value for one in Off]),
                name="webhook_that_is_off_says_why",
            ),
            models.CheckConstraint(
                condition=Q(old_secret__isnull=True, old_until__isnull=True)
                | Q(old_secret__isnull=False, old_until__isnull=False),
                name="old_secret_signs_until_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.description or self.address

    @property
    def is_on(self) -> bool:
        return self.off_at is None

    @property
    def why_off(self) -> str:
        return OFF_BECAUSE[Off(self.off_because)] if self.off_because else ""

    @property
    def wish(self) -> Wish:
        """What can be changed of it; its version is made of this."""
        return Wish(self.address, self.description, list(self.kinds), self.is_on)

    def renew_secret(self, now: datetime.datetime) -> str:
        """Take a new secret, and return it as it is shown once. The one before signs for a day."""
        if self.secret:
            self.old_secret, self.old_until = self.secret, now + OLD_SECRET_SIGNS
        secret = signing.new_secret()
        self.secret = close(settings.WEBHOOK_KEY, self.pk, secret)
        return signing.written(secret)

    def keys(self, now: datetime.datetime) -> list[bytes]:
        """The secrets that sign now, the newest first; none where the site's key is another."""
        old = self.old_secret if self.old_until and self.old_until > now else None
        opened = (
            reopen(settings.WEBHOOK_KEY, self.pk, bytes(one)) for one in (self.secret, old) if one
        )
        return [one for one in opened if one is not None]


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime.datetime, *, most: int, most_of_one: int) -> "DeliveryQuerySet":
        """What is due, first come first; no webhook's are more than `most_of_one`, so that a
        receiver that is down does not hold up the others.

        That it is due is asked once more of the row itself, which another worker may have put off
        before it was locked.
        """
        nth = Window(RowNumber(), partition_by=F("webhook"), order_by=[F("due_at"), F("id")])
        first = self.filter(due_at__lte=now).annotate(nth=nth).filter(nth__lte=most_of_one)
        return self.filter(
            pk__in=first.order_by("due_at", "id").values("pk")[:most], due_at__lte=now
        )

    def in_full(self) -> "DeliveryQuerySet":
        """Each with the attempts that were made, the last one first: two queries."""
        return self.prefetch_related(
            models.Prefetch("attempts", Attempt.objects.order_by("-id"), to_attr="tries")
        )

    def not_delivered(self) -> "DeliveryQuerySet":
        return self.filter(state__in=NOT_DELIVERED)


class Delivery(models.Model):
    """One message to one webhook, under one id however often it is sent. A test has no event."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=MOST_TOLD)
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )
    at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=10, choices=choices(Stands), default=Stands.WAITING.value)
    due_at = models.DateTimeField(null=True, editable=False)
    tried = models.PositiveSmallIntegerField(default=0, editable=False)

    tries: list["Attempt"]

    objects: ClassVar = DeliveryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["webhook", "-id"], name="deliveries_of_a_webhook"),
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="deliveries_due"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "webhook"], name="event_is_told_to_a_webhook_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=KINDS, event__isnull=False) | Q(kind=TEST, event__isnull=True),
                name="delivery_tells_of_an_event_or_is_a_test",
            ),
            models.CheckConstraint(
                condition=Q(state=Stands.WAITING.value, due_at__isnull=False)
                | Q(state__in=SETTLED, due_at__isnull=True),
                name="delivery_is_due_while_it_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.webhook_id}"


class Attempt(models.Model):
    """One try to deliver: a status with the beginning of what was answered, or an error."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__isnull=False) | ~Q(error=""),
                name="attempt_has_an_answer_or_an_error",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status or self.error}"
