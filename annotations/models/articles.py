"""Articles under check and their revisions: frozen texts with their blocks."""

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from annotations.formats import pages
from annotations.models.holds import article_not_held, not_held
from annotations.models.ids import uuid7
from annotations.models.people import User
from annotations.models.projects import Membership, Project, Rating
from annotations.rules.addresses import canonical_address
from annotations.rules.anchors import Anchor
from annotations.rules.canonical import Block, Kind
from annotations.rules.refusals import Refusal
from annotations.rules.states import BEFORE_A_RULING, PUBLIC


class ArticleQuerySet(models.QuerySet["Article"]):
    def at_address(self, address: str) -> "ArticleQuerySet":
        """Those at a web address, however it is spelt. An article without one is at its own page,
        as exports write it.
        """
        try:
            known = canonical_address(address)
        except Refusal:
            return self.none()
        here = Q(address="", slug=slug) if (slug := pages.article_in(known)) else Q()
        return self.filter(Q(address=known) | here)

    def of(self, person: User | AnonymousUser) -> "ArticleQuerySet":
        """The articles of the projects a person works in, each with the person's `role`."""
        if not person.is_authenticated:
            return self.none()
        mine = self.filter(
            article_not_held(person, article="pk"), project__memberships__user=person
        )
        return mine.annotate(role=F("project__memberships__role"))

    def public(self, person: User | AnonymousUser) -> "ArticleQuerySet":
        """The articles with a published ruling that the person may read."""
        return self.filter(models.Exists(self.model.public_claims(OuterRef("pk"), person)))

    def readable_by(self, person: User | AnonymousUser) -> "ArticleQuerySet":
        """What `of` and `public` hold together; `is_members` says which it is."""
        public = Exists(self.model.public_claims(OuterRef("pk"), person))
        member = Exists(Membership.objects.filter(user=person.pk, project=OuterRef("project")))
        rows = self.filter(article_not_held(person, article="pk"))
        return rows.annotate(is_members=member).filter(member | Q(public))

    def with_progress(self, person: User) -> "ArticleQuerySet":
        """Each with the number of its claims, and of those a person has still to judge.

        The second counts claims that are open and lack the person's own verdict; it says nothing
        of anybody else's.
        """
        from annotations.models.appearances import Appearance
        from annotations.models.verdicts import Verdict

        places = Appearance.objects.current().filter(article=OuterRef("pk"))
        here = places.order_by().values("article")
        number = Count("claim", distinct=True)
        given = Verdict.objects.filter(
            claim=OuterRef("claim"), reviewer=person, submitted_at__isnull=False
        )
        waiting = here.filter(claim__state__in=sorted(BEFORE_A_RULING)).filter(~Exists(given))
        return self.annotate(
            claim_count=Coalesce(Subquery(here.annotate(n=number).values("n")), 0),
            to_judge=Coalesce(Subquery(waiting.annotate(n=number).values("n")), 0),
        )

    def with_revision(self) -> "ArticleQuerySet":
        """Each with its project and the id and number of its newest revision."""
        newest = Revision.objects.filter(article=OuterRef("pk")).order_by("-number")
        return self.select_related("project").annotate(
            revision_id=Subquery(newest.values("id")[:1]),
            revision_number=Subquery(newest.values("number")[:1]),
        )

    def with_text(self) -> "ArticleQuerySet":
        """Each with its project, its newest revision's text and blocks, and the scale in use."""
        newest = Revision.objects.filter(article=OuterRef("pk")).order_by("-number")
        scale = (
            Rating.objects.in_use(OuterRef("project"))
            .values(
                json=JSONObject(
                    id="id", slug="slug", name="name", definition="definition", look="look",
                    value="value",
                )
            )
        )  # fmt: skip
        return self.select_related("project").annotate(
            revision_id=Subquery(newest.values("id")[:1]),
            revision_number=Subquery(newest.values("number")[:1]),
            text=Subquery(newest.values("text")[:1]),
            blocks=Subquery(newest.values("blocks")[:1]),
            scale=ArraySubquery(scale),
        )


class Article(models.Model):
    """A document under check. Its words are in its revisions."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="articles", db_index=False)
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=2000, blank=True)
    language = models.CharField(max_length=35, default="en")
    date = models.DateField(null=True, blank=True)
    date_is_inferred = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(default=timezone.now, editable=False)
    kept = models.JSONField(default=dict, blank=True, editable=False)  # by format: see `formats`

    role: str | None
    revision_id: Any
    revision_number: int
    text: str
    blocks: list[list[Any]]
    claim_count: int
    is_members: bool
    to_judge: int
    scale: list[dict[str, Any]]

    objects: ClassVar = ArticleQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["project", "-id"], name="articles_of_a_project")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "id"], name="article_is_of_one_project"),
            models.CheckConstraint(condition=~Q(title=""), name="article_has_a_title"),
            models.CheckConstraint(
                condition=Q(address="") | Q(address__regex=r"^https?://"),
                name="article_address_is_a_web_address",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @staticmethod
    def public_claims(article: Any, person: User | AnonymousUser) -> models.QuerySet[Any]:
        """The published claims in an article (an id or an OuterRef) that a person may read."""
        from annotations.models.appearances import Appearance

        open_to = not_held(person, claim="claim")
        return Appearance.objects.filter(open_to, article=article, claim__state__in=sorted(PUBLIC))


class RevisionQuerySet(models.QuerySet["Revision"]):
    def readable_by(self, person: User | AnonymousUser) -> "RevisionQuerySet":
        """The revisions of the person's projects, and those in which a published claim stands."""
        from annotations.models.appearances import Appearance

        public = Exists(
            Appearance.objects.filter(
                not_held(person, claim="claim"),
                revision=OuterRef("pk"),
                claim__state__in=sorted(PUBLIC),
            )
        )
        member = Exists(Membership.objects.filter(user=person.pk, project=OuterRef("project")))
        return self.filter(article_not_held(person, article="article")).filter(
            Q(member) | Q(public)
        )

    def newest_of(self, article: uuid.UUID | str, person: User) -> "RevisionQuerySet":
        """The newest revision of an article (its id or its slug) of the person's projects, if any.

        With the article, its project and the person's `role`.
        """
        named = "article" if isinstance(article, uuid.UUID) else "article__slug"
        return (
            self.filter(
                article_not_held(person, article="article"),
                **{named: article},
                project__memberships__user=person,
            )
            .annotate(role=F("project__memberships__role"))
            .select_related("article__project")
            .defer("raw")
            .order_by("-number")[:1]
        )

    def of_article(self, slug: str, person: User) -> "RevisionQuerySet":
        """The revisions of an article of the person's projects, the newest first, with `role`."""
        mine = self.filter(
            article_not_held(person, article="article"),
            article__slug=slug,
            project__memberships__user=person,
        )
        return mine.annotate(role=F("project__memberships__role")).order_by("-number")

    def in_short(self) -> "RevisionQuerySet":
        """For a list: by whom, when, and how many marks stand in it (`mark_count`)."""
        from annotations.models.appearances import Appearance

        marks = Appearance.objects.filter(revision=OuterRef("pk")).order_by().values("revision")
        return (
            self.defer("text", "raw", "blocks")
            .select_related("imported_by")
            .annotate(mark_count=Coalesce(Subquery(marks.annotate(n=Count("pk")).values("n")), 0))
        )

    def with_anchors(self) -> Iterator["Revision"]:
        """Every text with its article, one after the other: memory for one text at a time."""
        rows = self.select_related("article").defer("raw", "blocks").order_by("article", "number")
        return rows.iterator(chunk_size=1)

    def without_text(self) -> "RevisionQuerySet":
        """For lists: what a revision is, and neither its text nor its raw input."""
        return self.defer("text", "raw", "blocks").select_related("article", "project")


class Revision(models.Model):
    """One frozen text of an article; the database refuses to change or to remove it.

    `blocks` is a list of `[kind, start, end]` in code points, in order, without overlap.
    `raw` is the input as it came.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    article = models.ForeignKey(
        Article, models.PROTECT, related_name="revisions", db_constraint=False
    )
    number = models.PositiveIntegerField()
    text = models.TextField()
    blocks = models.JSONField()
    sha256 = models.CharField(max_length=64)
    raw = models.TextField()
    raw_media_type = models.CharField(max_length=100, default="text/plain")
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(default=timezone.now, editable=False)

    role: str | None
    becomes: Any
    mark_count: int

    objects: ClassVar = RevisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["article", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["article", "number"], name="revision_has_its_own_number"
            ),
            models.UniqueConstraint(fields=["project", "id"], name="revision_is_of_one_project"),
            models.UniqueConstraint(fields=["article", "id"], name="revision_is_of_one_article"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revisions_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.article}, revision {self.number}"

    def anchors(self) -> Iterator[tuple[uuid.UUID, Anchor]]:
        """The id and the anchor of each appearance in this text, in its order: one query."""
        columns = ("start", "end", "quote", "prefix", "suffix")
        for pk, *values in self.appearances.values_list("pk", *columns).iterator():
            yield pk, Anchor(*values)

    def cut(self) -> tuple[Block, ...]:
        """The blocks as values."""
        return tuple(Block(Kind(kind), start, end) for kind, start, end in self.blocks)
