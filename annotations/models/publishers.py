"""Corrections asked of publishers: when, of whom, what, and what came of it. All public."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotations.models.articles import Article
from annotations.models.claims import Claim
from annotations.models.holds import not_held
from annotations.models.ids import uuid7
from annotations.models.people import User
from annotations.models.projects import Project
from annotations.rules.publishers import OUTCOMES, REACHED, Asking, Outcome


class PublisherCorrectionQuerySet(models.QuerySet["PublisherCorrection"]):
    def readable_by(self, person: User | AnonymousUser) -> "PublisherCorrectionQuerySet":
        """All but the held ones: what was asked about a ruling is as public as the ruling."""
        return self.filter(not_held(person, claim="claim"))

    def in_full(self) -> "PublisherCorrectionQuerySet":
        return self.select_related("project", "article", "asked_by")

    def on_claim(
        self, claim: uuid.UUID, person: User | AnonymousUser
    ) -> "PublisherCorrectionQuerySet":
        """What a person may read of what was asked about a claim, the newest first: one query."""
        return self.readable_by(person).in_full().filter(claim=claim).order_by("-asked_on", "-id")


class PublisherCorrection(models.Model):
    """One request to the publisher of an article. What it said before is in the log."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_constraint=False)
    claim = models.ForeignKey(
        Claim, models.PROTECT, related_name="publisher_corrections", db_constraint=False
    )
    article = models.ForeignKey(Article, models.PROTECT, related_name="+", db_constraint=False)
    publisher = models.CharField(max_length=200)
    reached = models.CharField(max_length=20, choices=list(REACHED.items()))
    asked_on = models.DateField()
    asked = models.TextField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    outcome = models.CharField(
        max_length=10, choices=list(OUTCOMES.items()), default=Outcome.NONE_YET.value
    )
    outcome_on = models.DateField(null=True, blank=True)
    outcome_address = models.CharField(max_length=2000, blank=True)

    objects: ClassVar = PublisherCorrectionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["project", "-id"], name="asked_of_publishers"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(publisher="") & ~Q(asked=""), name="publisher_is_asked_for_something"
            ),
            models.CheckConstraint(
                condition=Q(reached__in=sorted(REACHED)), name="publisher_is_reached_in_a_known_way"
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome=Outcome.NONE_YET.value, outcome_on__isnull=True, outcome_address=""
                )
                | Q(
                    outcome__in=sorted(OUTCOMES.keys() - {Outcome.NONE_YET.value}),
                    outcome_on__isnull=False,
                ),
                name="publishers_outcome_is_known_and_dated",
            ),
            models.CheckConstraint(
                condition=Q(outcome_on__isnull=True) | Q(outcome_on__gte=models.F("asked_on")),
                name="publishers_outcome_follows_the_request",
            ),
            models.CheckConstraint(
                condition=Q(outcome_address="") | Q(outcome_address__regex=r"^https?://"),
                name="publishers_outcome_has_a_web_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.get_outcome_display()}"

    @property
    def asking(self) -> Asking:
        """What can be changed of it; its version is made of this."""
        return Asking(
            self.publisher, self.reached, self.asked_on, self.asked,
            self.outcome, self.outcome_on, self.outcome_address,
        )  # fmt: skip
