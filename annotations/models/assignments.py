"""Work that is lent: a claim or an article to one reviewer until a time. What nobody gives back
lapses by itself: no row has to be touched for it.

A loan says nothing of verdicts, and only its holder and the moderators know of it. How many may be
lent and judge a claim is the trigger `claim_is_lent_to_no_more_than_it_needs`'s to say.
"""

import secrets
import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from annotations.models.articles import Article
from annotations.models.claims import IN_THE_QUEUE, LOT, Claim
from annotations.models.gold import GoldItem
from annotations.models.holds import article_not_held, not_held
from annotations.models.ids import uuid7
from annotations.models.people import User
from annotations.models.projects import Membership, Project, choices
from annotations.models.verdicts import Verdict
from annotations.rules.sight import SEES_ALL
from annotations.rules.states import BEFORE_A_RULING
from annotations.rules.work import SKIP_REASONS, Ended, QueueOrder


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def live(self) -> "AssignmentQuerySet":
        """Lent, not given back, and not run out by the database's clock."""
        return self.filter(ended_at__isnull=True, until__gt=Now())

    def lapsed(self) -> "AssignmentQuerySet":
        """Run out, and not yet noted as such."""
        return self.filter(ended_at__isnull=True, until__lte=Now())

    def not_held(self, person: User | AnonymousUser) -> "AssignmentQuerySet":
        """Those of claims and articles that no hold keeps from the person."""
        return self.filter(
            not_held(person, claim="claim"), article_not_held(person, article="article")
        )

    def visible_to(self, person: User | AnonymousUser) -> "AssignmentQuerySet":
        """One's own, and all of the projects that one moderates."""
        if not person.is_authenticated:
            return self.none()
        member = Membership.objects.filter(user=person, project=OuterRef("project"))
        return (
            self.not_held(person)
            .filter(Exists(member))
            .filter(Q(reviewer=person) | Exists(member.filter(role__in=SEES_ALL)))
        )

    def in_hand(self, person: User) -> "AssignmentQuerySet":
        """What is lent to a person now and still wanted, what ends first before the rest.

        With `article_slug`, where it is worked on, and whether there `has_draft`.
        """
        from annotations.models.appearances import Appearance

        places = Appearance.objects.filter(claim=OuterRef("claim")).order_by("-id")
        slug = Coalesce(F("article__slug"), Subquery(places.values("article__slug")[:1]))
        drafts = Verdict.objects.drafts_of(person).filter(claim=OuterRef("claim"))
        member = Membership.objects.filter(user=person, project=OuterRef("project"))
        return (
            self.live()
            .not_held(person)
            .filter(Exists(member), reviewer=person)
            .filter(Q(claim__isnull=True) | Q(claim__state__in=sorted(BEFORE_A_RULING)))
            .select_related("claim__claimant", "article", "project", "assigned_by")
            .annotate(article_slug=slug, has_draft=Exists(drafts))
            .filter(Exists(places) | Q(article__isnull=False))
            .order_by("until", "id")
        )

    def in_full(self) -> "AssignmentQuerySet":
        return self.select_related("project", "claim", "article", "reviewer", "assigned_by")


class Assignment(models.Model):
    """A claim or an article lent to a reviewer; `assigned_by` is null where it was taken."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_constraint=False)
    claim = models.ForeignKey(
        Claim, models.CASCADE, null=True, related_name="assignments", db_constraint=False
    )
    article = models.ForeignKey(
        Article, models.CASCADE, null=True, related_name="assignments", db_constraint=False
    )
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lent_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, blank=True, choices=choices(Ended))

    article_slug: str
    has_draft: bool

    objects: ClassVar = AssignmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["project", "-id"], name="assignments_of_a_project"),
            models.Index(fields=["reviewer", "-id"], name="assignments_of_a_reviewer"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim", "reviewer"],
                condition=Q(ended_at__isnull=True, claim__isnull=False),
                name="claim_is_lent_once_to_a_reviewer",
            ),
            models.UniqueConstraint(
                fields=["article", "reviewer"],
                condition=Q(ended_at__isnull=True, article__isnull=False),
                name="article_is_lent_once_to_a_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(claim__isnull=False, article__isnull=True)
                | Q(claim__isnull=True, article__isnull=False),
                name="assignment_lends_a_claim_or_an_article",
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("lent_at")), name="assignment_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, how="")
                | Q(ended_at__isnull=False, how__in=[how.value for how in Ended]),
                name="ended_assignment_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.claim or self.article}"


class Skip(models.Model):
    """A claim that a reviewer does not want to be lent. `asks_all` asks the moderators to hold it
    back from everyone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_constraint=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="skips", db_constraint=False)
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=list(SKIP_REASONS.items()))
    note = models.TextField(blank=True)
    asks_all = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["project", "-id"], condition=Q(asks_all=True), name="skips_asked_for_all"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "reviewer"], name="claim_is_skipped_once"),
            models.CheckConstraint(
                condition=Q(reason__in=[reason.value for reason in SKIP_REASONS]),
                name="skip_gives_a_known_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.get_reason_display()}"


def lendable(project: Project, person: User, *, gold: bool = False) -> models.QuerySet[Claim]:
    """The claims that may be lent to a person now: not judged, held or skipped by the person, and
    with room for one more. A gold item has room for everybody.
    """
    mine = {"claim": OuterRef("pk"), "reviewer": person}
    free = Claim.objects.filter(
        ~Exists(Verdict.objects.filter(**mine, submitted_at__isnull=False)),
        ~Exists(Assignment.objects.live().filter(**mine)),
        ~Exists(Skip.objects.filter(**mine)),
        project=project,
    )
    if gold:
        known = GoldItem.objects.filter(claim=OuterRef("pk")).exclude(made_by=person)
        return free.filter(Exists(known), state__in=sorted(BEFORE_A_RULING))
    return with_room(free.filter(IN_THE_QUEUE), project)


def with_room(claims: models.QuerySet[Claim], project: Project) -> models.QuerySet[Claim]:
    """Those on which fewer work or have judged than they need."""
    lent = Assignment.objects.live().filter(claim=OuterRef("pk"))
    judged = Verdict.objects.current().filter(claim=OuterRef("pk"))
    return claims.alias(lent=number(lent), judged=number(judged)).filter(
        lent__lt=Coalesce(F("verdicts_wanted"), project.verdicts_required) - F("judged")
    )


def number(rows: models.QuerySet[Any]) -> Coalesce:
    """How many rows of a claim there are, as a subquery."""
    counted = rows.order_by().values("claim").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def in_order(claims: models.QuerySet[Claim], order: str) -> list[models.QuerySet[Claim]]:
    """The queue in its order, each part read from an index: by lot from a random place to the end,
    and then from the beginning.
    """
    if order == QueueOrder.MOST_WORTHY:
        return [claims.order_by("-worth", "id")]
    if order == QueueOrder.OLDEST:
        return [claims.order_by("id")]
    place = secrets.token_hex(6)
    drawn = claims.alias(lot=LOT)
    return [
        drawn.filter(lot__gte=place).order_by("lot"),
        drawn.filter(lot__lt=place).order_by("lot"),
    ]


def lent_to(person: User, claim: uuid.UUID) -> "Assignment | None":
    """The person's live loan of a claim."""
    return Assignment.objects.live().filter(reviewer=person, claim=claim).first()
