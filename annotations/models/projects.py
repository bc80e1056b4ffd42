"""Projects, who works in them, and the scale they judge by."""

import uuid
from enum import StrEnum
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q
from django.db.models.functions import JSONObject
from django.utils import timezone

from annotations.models.ids import uuid7
from annotations.models.people import User
from annotations.rules.permissions import Role, Verb, may
from annotations.rules.ratings import Look
from annotations.rules.states import RULED
from annotations.rules.work import LEAST_MINUTES, MOST_MINUTES, RAREST_GOLD, GoldMode, QueueOrder


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Django's choices of an enum, with a readable label."""
    return [(one.value, one.value.replace("_", " ").replace("-", " ").capitalize()) for one in kind]


class ProjectQuerySet(models.QuerySet["Project"]):
    def of(self, person: User | AnonymousUser) -> "ProjectQuerySet":
        """The projects a person works in, each with `role`."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(memberships__user=person).annotate(role=models.F("memberships__role"))

    def readable_by(self, person: User | AnonymousUser) -> "ProjectQuerySet":
        """The person's projects and those with a ruling; `role` is null where one has none."""
        from annotations.models.claims import Claim

        mine = Membership.objects.filter(project=models.OuterRef("pk"), user=person.pk)
        ruled = Claim.objects.filter(project=models.OuterRef("pk"), state__in=sorted(RULED))
        return self.annotate(role=models.Subquery(mine.values("role")[:1])).filter(
            Q(role__isnull=False) | models.Exists(ruled)
        )

    def with_scale(self) -> "ProjectQuerySet":
        """Each with its `scale`: what it judges by now, best first."""
        scale = Rating.objects.in_use(models.OuterRef("pk")).values(
            json=JSONObject(
                slug="slug", name="name", definition="definition", look="look", value="value"
            )
        )
        return self.annotate(scale=ArraySubquery(scale))

    def moderated_by(self, person: User) -> "ProjectQuerySet":
        """The projects a person moderates or owns: there, every verdict may be seen.

        A superuser's are all but those in which the person is a reviewer and has to stay blind.
        """
        mine = Membership.objects.filter(user=person)
        if person.is_superuser:
            return self.exclude(pk__in=mine.filter(role=Role.REVIEWER).values("project"))
        return self.filter(pk__in=mine.exclude(role=Role.REVIEWER).values("project"))


class Project(models.Model):
    """A body of work: members with roles, one rating scale, and how much review a claim needs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    verdicts_required = models.PositiveSmallIntegerField(default=2)
    blind = models.BooleanField(default=True)
    one_person_suffices = models.BooleanField(default=False)
    lease_minutes = models.PositiveSmallIntegerField(default=30)
    queue_order = models.CharField(
        max_length=12, choices=choices(QueueOrder), default=QueueOrder.OLDEST
    )
    gold_every = models.PositiveSmallIntegerField(default=0)
    gold_mode = models.CharField(
        max_length=10, choices=choices(GoldMode), default=GoldMode.TRAINING
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    role: str | None
    scale: list[dict[str, Any]]

    objects: ClassVar = ProjectQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verdicts_required__gte=1, verdicts_required__lte=9),
                name="project_asks_for_one_to_nine_verdicts",
            ),
            models.CheckConstraint(
                condition=Q(lease_minutes__gte=LEAST_MINUTES, lease_minutes__lte=MOST_MINUTES),
                name="project_lends_for_minutes_up_to_a_day",
            ),
            models.CheckConstraint(
                condition=Q(queue_order__in=[order.value for order in QueueOrder]),
                name="project_has_a_known_queue_order",
            ),
            models.CheckConstraint(
                condition=Q(
                    gold_every__lte=RAREST_GOLD, gold_mode__in=[mode.value for mode in GoldMode]
                ),
                name="project_mixes_gold_in_a_known_way",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sees_all_verdicts(self) -> bool:
        """Whether the person's `role` does; expects `of` or `readable_by`."""
        return may(self.role, Verb.SEE_ALL_VERDICTS)


class Membership(models.Model):
    """One person's role in one project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=choices(Role))
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "project"], name="member_has_one_role_in_a_project"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"


class RatingScale(models.Model):
    """An ordered list of ratings; a project judges by the one that is in use."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="scales")
    name = models.CharField(max_length=100)
    in_use = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(in_use=True), name="project_has_one_scale_in_use"
            ),
            models.UniqueConstraint(fields=["project", "id"], name="scale_is_of_one_project"),
        ]

    def __str__(self) -> str:
        return self.name


class RatingQuerySet(models.QuerySet["Rating"]):
    def readable_by(self, person: User | AnonymousUser) -> "RatingQuerySet":
        """The ratings of the scales of the projects that a person may read."""
        of_it = self.filter(scale__in_use=True, project__in=Project.objects.readable_by(person))
        return of_it.select_related("project", "replaced_by")

    def of_scale(self, project: uuid.UUID) -> "RatingQuerySet":
        """The ratings of the scale in use, the retired ones in their places, each with what
        replaced it.
        """
        of_it = self.filter(project=project, scale__in_use=True)
        return of_it.select_related("replaced_by").order_by("position")

    def in_use(self, project: Project | models.OuterRef) -> "RatingQuerySet":
        """The ratings a project judges by now, best first, those off the axis last."""
        return self.filter(project=project, scale__in_use=True, retired_at__isnull=True).order_by(
            "position"
        )

    def at(self, moment: models.OuterRef) -> "RatingQuerySet":
        """Those that were on their scale at a moment, best first."""
        gone = Q(retired_at__lte=moment)
        return self.filter(~gone, added_at__lte=moment).order_by("position")


class Rating(models.Model):
    """One step of a scale. `value` runs from worst to best; null stands off the axis.

    A retired one is chosen no more. What carries it keeps it, and counts as `replaced_by`, which
    is always in use.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_constraint=False)
    scale = models.ForeignKey(
        RatingScale, models.CASCADE, related_name="ratings", db_constraint=False
    )
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    definition = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()
    value = models.FloatField(null=True, blank=True)
    look = models.CharField(max_length=20, choices=choices(Look))
    translations = models.JSONField(default=dict, blank=True)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="replaces"
    )

    objects: ClassVar = RatingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scale", "slug"], name="rating_slug_is_its_own"),
            models.UniqueConstraint(
                fields=["scale", "position"],
                name="rating_has_its_own_place",
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            models.UniqueConstraint(fields=["project", "id"], name="rating_is_of_one_project"),
            models.CheckConstraint(
                condition=Q(look__in=[look.value for look in Look]), name="rating_has_a_known_look"
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, replaced_by__isnull=True)
                | Q(retired_at__isnull=False, replaced_by__isnull=False),
                name="retired_rating_names_what_replaces_it",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def counts_as(self) -> "Rating":
        """Itself, or what replaced it."""
        return self.replaced_by or self


def in_project(slug: str) -> Q:
    """Rows of the project of that name. It is looked up first, so the index that begins with a
    project gives them in its order; found by a join, they would be sorted, however many they are.
    """
    named = Project.objects.filter(slug=slug).order_by()
    return Q(project=models.Subquery(named.values("pk")))
