"""Rulings: the project's published conclusions. A ruling is never changed, only followed."""

import uuid
from collections.abc import Collection
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from annotations.models.articles import Revision
from annotations.models.claims import Claim
from annotations.models.holds import not_held
from annotations.models.ids import uuid7
from annotations.models.people import User
from annotations.models.projects import Membership, Project, Rating, choices
from annotations.models.verdicts import Evidence, Verdict
from annotations.rules.claims import CorrectionKind, RulingKind
from annotations.rules.sight import SEES_ALL
from annotations.rules.states import PUBLIC


class RulingQuerySet(models.QuerySet["Ruling"]):
    def current(self) -> "RulingQuerySet":
        return self.filter(superseded_at__isnull=True)

    def readable_by(self, person: User | AnonymousUser) -> "RulingQuerySet":
        """Every ruling that was published is public, the superseded ones too, unless it is held."""
        return self.filter(not_held(person, claim="claim"))

    def of(self, person: User | AnonymousUser) -> "RulingQuerySet":
        """The rulings of the projects a person works in."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(not_held(person, claim="claim")).filter(
            Exists(Membership.objects.filter(user=person, project=OuterRef("project")))
        )

    def in_full(self, person: User | AnonymousUser) -> "RulingQuerySet":
        """Each with rating, maker, `grounds` (what it rests on) and `shown_reason`: two queries.

        The reason weighs the verdicts, so it is shown to those who may see them.
        """
        member = Membership.objects.filter(user=person.pk, project=OuterRef("project"))
        own = Verdict.objects.filter(
            claim=OuterRef("claim"), reviewer=person.pk, submitted_at__isnull=False
        )
        sees = Exists(member.filter(role__in=SEES_ALL)) | (
            Exists(member) & (Q(project__blind=False) | Exists(own))
        )
        grounds = RulingEvidence.objects.select_related("evidence__source").order_by("position")
        return (
            self.select_related("project", "rating", "made_by")
            .prefetch_related(models.Prefetch("rests_on", grounds, to_attr="grounds"))
            .annotate(shown_reason=Case(When(sees, then=F("reason")), default=Value(None)))
        )

    def in_force(self, person: User | AnonymousUser) -> "RulingQuerySet":
        """The rulings in force that the person may read, newest first, with claim and claimant."""
        return (
            self.current()
            .filter(not_held(person, claim="claim"))
            .exclude(kind=RulingKind.WITHDRAWAL)
            .select_related("claim__claimant", "rating")
            .order_by("-made_at", "-id")
        )

    def changes(self, person: User | AnonymousUser) -> "RulingQuerySet":
        """Corrections and withdrawals that the person may read.

        Each with its claim and `was`: the rating before it.
        """
        before = self.model.objects.filter(claim=OuterRef("claim"), number=OuterRef("number") - 1)
        return (
            self.filter(not_held(person, claim="claim"))
            .exclude(kind=RulingKind.PUBLICATION)
            .select_related("claim__project")
            .annotate(was=Subquery(before.values("rating_name")))
        )

    def on_claim(self, claim: uuid.UUID) -> "RulingQuerySet":
        """The rulings of a claim, newest first, each with its maker and its rating's `scale` as it
        was then.
        """
        scale = (
            Rating.objects.at(OuterRef("made_at"))
            .filter(scale=OuterRef("rating__scale"))
            .values(json=JSONObject(slug="slug", name="name", look="look", value="value"))
        )
        return (
            self.filter(claim=claim)
            .select_related("rating", "made_by")
            .annotate(scale=ArraySubquery(scale))
            .order_by("-number")
        )

    def tally(
        self, articles: Collection[uuid.UUID], person: User | AnonymousUser
    ) -> list[dict[str, Any]]:
        """How many passages of the articles' newest texts have which rating, of those that the
        person may read.

        Rows of `article`, `look`, `name` and `n`, best rating first.
        """
        newer = Revision.objects.filter(article=OuterRef("article"), number__gt=OuterRef("number"))
        newest = Revision.objects.filter(~Exists(newer), article__in=articles)
        rows = (
            self.current()
            .filter(
                not_held(person, claim="claim"),
                rating__isnull=False,
                claim__state__in=sorted(PUBLIC),
                claim__appearances__revision__in=newest.values("pk"),
            )
            .values(
                article=models.F("claim__appearances__article"),
                look=models.F("rating_look"),
                name=models.F("rating_name"),
                place=models.F("rating__position"),
            )
            .annotate(n=Count("claim__appearances"))
            .order_by("article", "place")
        )
        return [{**row} for row in rows]


class Ruling(models.Model):
    """One published step: a publication, a correction of it, or a withdrawal.

    `reason` is for the reviewers and the moderators; `note` is public and dated. `rating_name`,
    `rating_definition` and `rating_look` are the rating's as it was published: what it is called
    later changes no ruling.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="rulings", db_constraint=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=choices(RulingKind))
    rating = models.ForeignKey(
        Rating, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    rating_name = models.CharField(max_length=60, blank=True, editable=False)
    rating_definition = models.CharField(max_length=300, blank=True, editable=False)
    rating_look = models.CharField(max_length=20, blank=True, editable=False)
    summary = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    correction = models.CharField(max_length=20, blank=True, choices=choices(CorrectionKind))
    evidence: models.ManyToManyField[Evidence, "RulingEvidence"] = models.ManyToManyField(
        Evidence, through="RulingEvidence", related_name="rulings"
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    superseded_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Who brought it in with its record, in the maker's name; null: it was made here.
    brought_in_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    scale: list[dict[str, Any]]
    was: str
    shown_reason: str | None
    grounds: "list[RulingEvidence]"

    objects: ClassVar = RulingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["claim", "-number"]
        indexes: ClassVar = [
            models.Index(fields=["project", "-id"], name="rulings_of_a_project"),
            models.Index(fields=["-made_at", "-id"], name="rulings_by_date"),
            models.Index(
                fields=["-id"], condition=~Q(kind=RulingKind.PUBLICATION), name="changes_to_rulings"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "id"], name="ruling_is_of_one_project"),
            models.UniqueConstraint(fields=["claim", "number"], name="ruling_has_its_own_number"),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(superseded_at__isnull=True),
                name="claim_has_one_current_ruling",
            ),
            models.CheckConstraint(
                condition=Q(kind=RulingKind.WITHDRAWAL)
                | (Q(rating__isnull=False) & ~Q(summary="")),
                name="ruling_has_a_rating_and_a_summary",
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True, rating_name="")
                | Q(rating__isnull=False) & ~Q(rating_name=""),
                name="ruling_names_its_rating",
            ),
            models.CheckConstraint(
                condition=Q(kind=RulingKind.PUBLICATION) | ~Q(note=""),
                name="correction_and_withdrawal_have_a_public_note",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=RulingKind.CORRECTION, correction__in=[c.value for c in CorrectionKind]
                )
                | (~Q(kind=RulingKind.CORRECTION) & Q(correction="")),
                name="correction_says_of_which_kind_it_is",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in RulingKind]),
                name="ruling_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}: {self.rating_name or 'withdrawn'}"

    @property
    def scale_as_published(self) -> list[dict[str, Any]]:
        """The scale with its own rating as it was then; expects `on_claim` and a rating."""
        own = {"name": self.rating_name, "look": self.rating_look}
        slug = self.rating.slug if self.rating else ""
        return [one | own if one["slug"] == slug else one for one in self.scale]

    @property
    def pieces(self) -> list[Evidence]:
        """The evidence it rests on, in order; expects `in_full`."""
        return [ground.evidence for ground in self.grounds]


class RulingEvidenceQuerySet(models.QuerySet["RulingEvidence"]):
    def open_to(self, person: User | AnonymousUser) -> "RulingEvidenceQuerySet":
        """What the rulings that a person may read rest on."""
        return self.filter(not_held(person, claim="ruling__claim"))

    def of(self, ruling: uuid.UUID) -> "RulingEvidenceQuerySet":
        """What a ruling rests on, in its order, with the sources: one query."""
        return self.filter(ruling=ruling).select_related("evidence__source").order_by("position")


class RulingEvidence(models.Model):
    """A piece of evidence that a ruling rests on, taken over from a verdict on the same claim."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_constraint=False)
    ruling = models.ForeignKey(Ruling, models.PROTECT, related_name="rests_on", db_constraint=False)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+", db_constraint=False)
    position = models.PositiveSmallIntegerField()

    objects: ClassVar = RulingEvidenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["ruling", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ruling", "evidence"], name="ruling_rests_once_on_a_piece_of_evidence"
            ),
        ]

    def __str__(self) -> str:
        return str(self.evidence)
