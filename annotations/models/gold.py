"""Gold items: claims whose rating is known, and how reviewers judged them."""

import uuid
from collections import defaultdict
from typing import ClassVar

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from annotations.models.claims import Claim
from annotations.models.holds import not_held
from annotations.models.ids import uuid7
from annotations.models.people import User
from annotations.models.projects import Membership, Project, Rating
from annotations.models.verdicts import Verdict
from annotations.rules.gold import Figure, figure
from annotations.rules.permissions import Role
from annotations.rules.sight import SEES_ALL
from annotations.rules.work import GoldMode


class GoldItemQuerySet(models.QuerySet["GoldItem"]):
    def visible_to(self, person: User) -> "GoldItemQuerySet":
        """As a moderator all; as a reviewer, in training, those that one has judged."""
        member = Membership.objects.filter(user=person, project=OuterRef("project"))
        own = Verdict.objects.current().filter(claim=OuterRef("claim"), reviewer=person)
        told = Exists(member) & Exists(own) & Q(project__gold_mode=GoldMode.TRAINING)
        held = not_held(person, claim="claim")
        seen = self.filter(held).filter(Exists(member.filter(role__in=SEES_ALL)) | told)
        return seen.select_related("project", "claim", "rating", "made_by")


class GoldItem(models.Model):
    """A claim whose rating is known, mixed into the queue to train or to measure reviewers.

    No reviewer may tell it from another claim before having judged it. Its verdicts make no ruling.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_constraint=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="gold", db_constraint=False)
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="+", db_constraint=False)
    explanation = models.TextField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    version: str

    objects: ClassVar = GoldItemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["project", "-id"], name="gold_of_a_project")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim"], name="claim_is_a_gold_item_once"),
            models.CheckConstraint(
                condition=~Q(explanation=""), name="gold_item_has_an_explanation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.rating}"


def figures_of(project: Project) -> list[Figure]:
    """How each reviewer judged the gold items, by pseudonym: the first version of each verdict, of
    those given since the claim became a gold item. Two queries.
    """
    given = Coalesce("rating__replaced_by", "rating")
    judged = (
        Verdict.objects.filter(
            project=project,
            version=1,
            claim__gold__isnull=False,
            submitted_at__gte=F("claim__gold__made_at"),
            reviewer__memberships__project=project,
            reviewer__memberships__role=Role.REVIEWER,
        )
        .order_by("reviewer__pseudonym")
        .values_list("reviewer__pseudonym", given, "claim__gold__rating")
        .annotate(n=Count("pk"))
    )
    values = dict(Rating.objects.in_use(project).values_list("pk", "value"))
    by_person: dict[str, list[tuple[uuid.UUID, uuid.UUID]]] = defaultdict(list)
    for name, rating, known, n in judged:
        by_person[name] += [(rating, known)] * n
    return [figure(name, pairs, values) for name, pairs in by_person.items()]
