"""Appearances: where claims stand in the texts of articles."""

import datetime
import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Greatest, Substr
from django.utils import timezone

from annotations.models.articles import Article, Revision
from annotations.models.claims import SEES_ALL, Claim
from annotations.models.ids import uuid7
from annotations.models.people import User
from annotations.models.projects import Membership, Project
from annotations.rules.anchors import CONTEXT
from annotations.rules.states import BEFORE_A_RULING, PUBLIC, RULED

AROUND = 2_000  # code points of text that come with a place, on each side


class AppearanceQuerySet(models.QuerySet["Appearance"]):
    def readable_by(self, person: User | AnonymousUser) -> "AppearanceQuerySet":
        """The places of the claims that a person may read."""
        member = Exists(Membership.objects.filter(user=person.pk, project=OuterRef("project")))
        return self.filter(Q(member) | Q(claim__state__in=sorted(RULED)))

    def on_revision(
        self, revision: uuid.UUID, person: User | AnonymousUser
    ) -> "AppearanceQuerySet":
        """The marks of a revision in the order of the text: one query, whatever their number.

        Each comes with its claim and claimant and, annotated: `own_rating` and `own_draft` (slug
        of the person's current verdict and of the draft), `own_has_draft`, `ruling_rating` (slug
        of the current ruling), and `shown_state` (see `ClaimQuerySet.with_shown_state`).
        """
        from annotations.models.rulings import Ruling
        from annotations.models.verdicts import Verdict

        mine = Verdict.objects.filter(
            claim=OuterRef("claim"), reviewer=person.pk, superseded_at__isnull=True
        )
        submitted = mine.filter(submitted_at__isnull=False)
        draft = mine.filter(submitted_at__isnull=True)
        ruling = Ruling.objects.filter(claim=OuterRef("claim"), superseded_at__isnull=True)
        sees = Q(claim__project__blind=False) | Q(sees_all=True) | Q(own_submitted=True)
        return (
            self.filter(revision=revision)
            .select_related("claim__claimant")
            .annotate(
                own_rating=Subquery(submitted.values("rating__look")[:1]),
                own_rating_name=Subquery(submitted.values("rating__name")[:1]),
                own_submitted=Exists(submitted),
                own_has_draft=Exists(draft),
                own_draft=Subquery(draft.values("rating__look")[:1]),
                own_draft_name=Subquery(draft.values("rating__name")[:1]),
                ruling_rating=Subquery(ruling.values("rating__look")[:1]),
                ruling_name=Subquery(ruling.values("rating__name")[:1]),
                sees_all=Exists(
                    Membership.objects.filter(
                        project=OuterRef("project"), user=person.pk, role__in=SEES_ALL
                    )
                ),
            )
            .annotate(
                shown_state=Case(
                    When(~Q(claim__state__in=sorted(BEFORE_A_RULING)) | sees, then="claim__state"),
                    default=Value(None),
                    output_field=models.CharField(null=True),
                )
            )
            .order_by("start", "end", "id")
        )

    def public_on(self, revision: uuid.UUID) -> "AppearanceQuerySet":
        """The marks of a revision that readers may see, in the order of the text: one query."""
        from annotations.models.rulings import Ruling

        ruling = Ruling.objects.filter(claim=OuterRef("claim"), superseded_at__isnull=True)
        return (
            self.filter(revision=revision, claim__state__in=sorted(PUBLIC))
            .select_related("claim__claimant")
            .annotate(
                ruling_rating=Subquery(ruling.values("rating__look")[:1]),
                ruling_name=Subquery(ruling.values("rating__name")[:1]),
                ruling_summary=Subquery(ruling.values("summary")[:1]),
                ruling_kind=Subquery(ruling.values("kind")[:1]),
                ruling_made_at=Subquery(ruling.values("made_at")[:1]),
            )
            .order_by("start", "end", "id")
        )

    def places_of(self, claim: uuid.UUID) -> "AppearanceQuerySet":
        """Where a claim stands, first come first, with the words `around` it and the blocks.

        `around` begins at `around_from` code points; `article_is_public` says whether readers may
        open the article.
        """
        before = Greatest(F("start") - AROUND, 0)
        return (
            self.filter(claim=claim)
            .select_related("article")
            .annotate(
                around_from=before,
                around=Substr("revision__text", before + 1, F("end") - before + AROUND),
                blocks=F("revision__blocks"),
                article_is_public=Exists(Article.public_claims(OuterRef("article"))),
            )
            .order_by("id")
        )


class Appearance(models.Model):
    """Where a claim stands: `[start, end)` in code points of a revision's canonical text.

    The database refuses a quote, prefix or suffix that is not the text there.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_constraint=False)
    claim = models.ForeignKey(
        Claim, models.CASCADE, related_name="appearances", db_constraint=False
    )
    article = models.ForeignKey(
        Article, models.PROTECT, related_name="appearances", db_constraint=False
    )
    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="appearances", db_constraint=False
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    prefix = models.CharField(max_length=CONTEXT, blank=True)
    suffix = models.CharField(max_length=CONTEXT, blank=True)
    marked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now, editable=False)

    own_rating: str | None
    own_rating_name: str | None
    own_submitted: bool
    own_has_draft: bool
    own_draft: str | None
    own_draft_name: str | None
    ruling_rating: str | None
    ruling_name: str | None
    ruling_summary: str | None
    ruling_kind: str | None
    ruling_made_at: datetime.datetime | None
    around: str
    around_from: int
    blocks: list[list[Any]]
    article_is_public: bool
    shown_state: str | None
    sees_all: bool

    objects: ClassVar = AppearanceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["start", "end", "id"]
        indexes: ClassVar = [
            models.Index(fields=["revision", "start", "end"], name="marks_in_order_of_the_text"),
            models.Index(fields=["article", "claim"], name="claims_of_an_article"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim", "revision", "start", "end"], name="claim_stands_once_in_a_place"
            ),
            models.CheckConstraint(
                condition=Q(start__gte=0, start__lt=F("end")),
                name="appearance_starts_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.quote

    @property
    def shown_rating(self) -> str | None:
        """The look of the line under the words: the ruling's, else one's own, else the draft's."""
        return self.ruling_rating or self.own_rating or self.own_draft
