"""Files that are brought in: the file, how far it is, what was refused, and what came of it.

A file is read from its beginning each time its import is taken up; what was read before is passed
over by its number, and what had been brought in before is known by its key.
"""

import uuid
from collections.abc import Iterator
from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from annotations.formats import contract
from annotations.models.articles import Article
from annotations.models.claims import Claim
from annotations.models.ids import uuid7
from annotations.models.people import User
from annotations.models.projects import Project, Rating
from annotations.rules.imports import CAN_GO_ON, OPEN, Progress
from annotations.rules.permissions import TABLE, Verb

MAY_IMPORT = sorted(role.value for role, verbs in TABLE.items() if Verb.IMPORT_FILE in verbs)


class ImportQuerySet(models.QuerySet["Import"]):
    def of(self, person: User | AnonymousUser) -> "ImportQuerySet":
        """The imports of the projects in which the person may bring files in, newest first."""
        if not person.is_authenticated:
            return self.none()
        found = self.filter(
            project__memberships__user=person, project__memberships__role__in=MAY_IMPORT
        )
        return found.select_related("project", "started_by").order_by("-id")


class Import(models.Model):
    """A file on its way into a project."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="imports")
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    format = models.CharField(max_length=40)
    unit = models.CharField(max_length=10, blank=True)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    progress = models.CharField(
        max_length=10, choices=[(one.value, one.label) for one in Progress],
        default=Progress.WAITING,
    )  # fmt: skip
    read = models.PositiveBigIntegerField(default=0)  # things of the file that are dealt with
    bytes_read = models.BigIntegerField(default=0)
    articles = models.PositiveIntegerField(default=0)
    claims = models.PositiveIntegerField(default=0)
    verdicts = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)  # verdicts whose rating no map covers
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=dict, blank=True)  # how often, by what it is
    why = models.TextField(blank=True)  # it failed
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = ImportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["project", "-id"], name="imports_of_a_project")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "id"], name="import_is_of_one_project"),
            models.CheckConstraint(
                condition=Q(progress__in=[one.value for one in Progress]),
                name="import_progress_is_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, progress__in=sorted(OPEN))
                | Q(ended_at__isnull=False) & ~Q(progress__in=sorted(OPEN)),
                name="ended_import_says_when",
            ),
            models.CheckConstraint(
                condition=Q(bytes_read__gte=0, bytes_read__lte=F("size")),
                name="import_reads_no_more_than_its_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} into {self.project_id}"

    @property
    def is_open(self) -> bool:
        return self.progress in OPEN

    @property
    def can_go_on(self) -> bool:
        return self.progress in CAN_GO_ON

    @property
    def format_name(self) -> str:
        known = contract.readers().get(self.format)
        return known.NAME if known else self.format

    @property
    def share(self) -> int:
        """How much of the file is read, in per cent."""
        return 100 * self.bytes_read // self.size if self.size else 100

    def refused_lines(self) -> Iterator[tuple[int, str, str]]:
        """What was refused, in the file's order: line, sentence, what it was. However many there
        are, no more than a thousand are held.
        """
        last, rows = 0, self.refusals.order_by("pk").values_list("pk", "line", "sentence", "what")
        while some := list(rows.filter(pk__gt=last)[:1000]):
            yield from ((line, sentence, what) for _, line, sentence, what in some)
            last = some[-1][0]


class ImportPart(models.Model):
    """A piece of the file of an import; gone once the import has ended well."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "number"], name="part_has_its_place_in_the_file")
        ]

    def __str__(self) -> str:
        return f"part {self.number} of {self.of_id}"


class ImportRefusal(models.Model):
    """Something of a file that could not be brought in, and why."""

    id = models.BigAutoField(primary_key=True)
    of = models.ForeignKey(Import, models.CASCADE, related_name="refusals")
    line = models.PositiveBigIntegerField()
    sentence = models.TextField()
    what = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="refusals_of_an_import")]

    def __str__(self) -> str:
        return f"{self.line}: {self.sentence}"


class Origin(models.Model):
    """Where an article or a claim came from: the key by which a format names it.

    A file that is brought in again finds what it gave the first time. The row of an article has no
    `claim_key` and no claim.
    """

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_constraint=False)
    format = models.CharField(max_length=40)
    article_key = models.CharField(max_length=200)
    claim_key = models.CharField(max_length=200, blank=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="+", db_constraint=False)
    claim = models.ForeignKey(
        Claim, models.CASCADE, null=True, related_name="+", db_constraint=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "format", "article_key", "claim_key"],
                name="origin_names_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(claim_key="", claim__isnull=True)
                | ~Q(claim_key="") & Q(claim__isnull=False),
                name="origin_of_a_claim_names_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.article_key} {self.claim_key}".strip()


class Outsider(models.Model):
    """Somebody whom a file names, with the account that stands for them. Nobody signs in with it.

    A name in a file never is one of the people who work here, whatever it is.
    """

    person = models.OneToOneField(User, models.CASCADE, related_name="outside")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "name"], name="outsider_is_known_once")
        ]

    def __str__(self) -> str:
        return self.name


class RatingMapQuerySet(models.QuerySet["RatingMap"]):
    def of(self, person: User | AnonymousUser) -> "RatingMapQuerySet":
        """The maps of the projects a person works in, each with the `role` in its project."""
        if not person.is_authenticated:
            return self.none()
        found = self.filter(project__memberships__user=person)
        return found.select_related("project", "rating", "made_by").annotate(
            role=F("project__memberships__role")
        )


class RatingMap(models.Model):
    """What a foreign rating is on a project's scale; without a rating, verdicts of it are left
    out.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="rating_maps")
    word = models.CharField(max_length=200)
    heard = models.CharField(max_length=200, editable=False)
    rating = models.ForeignKey(
        Rating, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    role: str  # with `of`

    objects: ClassVar = RatingMapQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["word"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "heard"], name="foreign_rating_is_mapped_once"
            ),
            models.CheckConstraint(condition=~Q(heard=""), name="rating_map_is_of_a_word"),
        ]

    def __str__(self) -> str:
        return f"{self.word} → {self.rating or 'left out'}"


class WaitingVerdict(models.Model):
    """A verdict of a file whose rating no map covers yet, as it was given."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_constraint=False)
    of = models.ForeignKey(Import, models.CASCADE, related_name="waiting_verdicts")
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+", db_constraint=False)
    word = models.CharField(max_length=200)
    heard = models.CharField(max_length=200)
    by = models.CharField(max_length=200, blank=True)
    given = models.JSONField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["project", "heard", "id"], name="verdicts_that_wait_for_a_map")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "by"], name="verdict_waits_once"),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.word}"


def unmapped(project: uuid.UUID) -> list[tuple[str, int]]:
    """The foreign ratings that wait for a map, and how many verdicts each; the most first.

    What waited for one that is made comes in by a job, and waits for nobody meanwhile.
    """
    mapped = RatingMap.objects.filter(project=project).values("heard")
    waiting = WaitingVerdict.objects.filter(project=project).exclude(heard__in=mapped)
    counted = (
        waiting.order_by().values("heard").annotate(spelt=models.Min("word"), n=models.Count("pk"))
    )
    return [(one["spelt"], one["n"]) for one in counted.order_by("-n", "heard")]
