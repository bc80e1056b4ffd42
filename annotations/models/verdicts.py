"""Sources, and what reviewers conclude from them: verdicts with their evidence.

A verdict that was submitted is never overwritten: a revision of it is a new row with the next
version, and the old one gets `superseded_at`. The database refuses any other change.
"""

import datetime
import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from annotations.models.claims import Claim
from annotations.models.holds import not_held
from annotations.models.ids import uuid7
from annotations.models.people import User
from annotations.models.projects import Membership, Project, Rating, choices
from annotations.rules.claims import Confidence, Reliability, SourceType, Stance
from annotations.rules.sight import SEES_ALL
from annotations.rules.states import State
from annotations.rules.wanted import LeftOut, Versions

CITATION = ("type", "title", "publisher", "author", "date")


class SourceQuerySet(models.QuerySet["Source"]):
    def of(self, person: User | AnonymousUser) -> "SourceQuerySet":
        """The sources of the verdicts a person may see, one's own drafts among them.

        A source that only other verdicts use would tell of them, and of drafts to a moderator; who
        added it first makes no difference, or its absence would tell as well.
        """
        if not person.is_authenticated:
            return self.none()
        member = Membership.objects.filter(user=person, project=OuterRef("project"))
        seen = Evidence.objects.visible_to(person).filter(source=OuterRef("pk"))
        return self.filter(Exists(member), Exists(seen))

    def readable_by(self, person: User | AnonymousUser) -> "SourceQuerySet":
        """What `of` holds, and the sources that a ruling rests on."""
        from annotations.models.rulings import RulingEvidence

        public = Exists(
            RulingEvidence.objects.open_to(person).filter(evidence__source=OuterRef("pk"))
        )
        if not person.is_authenticated:
            return self.filter(public)
        return self.filter(Q(pk__in=self.of(person).values("pk")) | public)

    def with_citation(self, person: User | AnonymousUser) -> "SourceQuerySet":
        """Each with `citation`: as the newest evidence cites it that the person may read.

        The row itself is described as its first user gave it, who may be one the person must not
        know of yet. Where `citation` is null, that was the person.
        """
        cited = Evidence.objects.readable_by(person).filter(source=OuterRef("pk")).order_by("-id")
        as_cited = JSONObject(
            type="type", title="title", publisher="publisher", author="author", date="date",
            date_is_inferred="date_is_inferred",
        )  # fmt: skip
        return self.annotate(citation=Subquery(cited.values(json=as_cited)[:1]))

    def at(self, project: uuid.UUID, addresses: list[str]) -> "SourceQuerySet":
        """A project's at these addresses, however many they are: one parameter."""
        here = self.filter(project=project)
        return here.extra(where=["address = ANY(%s)"], params=[addresses])  # type: ignore[return-value]

    def submitted(self) -> "SourceQuerySet":
        """Those that a submitted verdict uses, what a moderator may know of; each with `cited_…`:
        as the newest of those verdicts cites it. The row itself may say what a draft said first.
        """
        used = Evidence.objects.filter(source=OuterRef("pk"), verdict__submitted_at__isnull=False)
        newest = {
            f"cited_{name}": Subquery(used.order_by("-id").values(name)[:1]) for name in CITATION
        }
        return self.filter(Exists(used)).annotate(**newest)

    def whose_view_is_known_to(self, person: User | AnonymousUser) -> "SourceQuerySet":
        """Those of which the person may know the desk's view.

        In a blind project a reviewer knows of a view that was given on a verdict the reviewer may
        see, or that readers see: any other would tell that a hidden verdict uses the source.
        """
        from annotations.models.rulings import RulingEvidence

        member = Membership.objects.filter(user=person.pk, project=OuterRef("project"))
        given_on = Evidence.objects.visible_to(person).filter(
            source=OuterRef("pk"), verdict__submitted_at__lte=OuterRef("reliability_at")
        )
        return self.exclude(reliability="").filter(
            Exists(RulingEvidence.objects.filter(evidence__source=OuterRef("pk")))
            | Exists(member.filter(Q(role__in=SEES_ALL) | Q(project__blind=False)))
            | Exists(given_on)
        )

    def with_view(self, person: User | AnonymousUser) -> "SourceQuerySet":
        """Each with `view`: the desk's, as far as the person may know it."""
        return self.annotate(view=view_of("pk", person))


def view_of(source: str, person: User | AnonymousUser) -> Subquery:
    """`{reliability, reliability_note}` of a row's `source`; null where the person knows none."""
    known = Source.objects.whose_view_is_known_to(person).filter(pk=OuterRef(source))
    view = JSONObject(reliability="reliability", reliability_note="reliability_note")
    return Subquery(known.values(json=view))


class Source(models.Model):
    """A document outside the corpus; one row a project for each canonical address.

    Its id holds no time: it would tell a blind reviewer that another has used the source before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="sources", db_index=False)
    address = models.CharField(max_length=2000)
    type = models.CharField(max_length=20, blank=True, choices=choices(SourceType))
    title = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=200, blank=True)
    date = models.DateField(null=True, blank=True)
    date_is_inferred = models.BooleanField(default=False)
    reliability = models.CharField(max_length=10, blank=True, choices=choices(Reliability))
    reliability_note = models.CharField(max_length=300, blank=True)
    reliability_at = models.DateTimeField(null=True, blank=True, editable=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    citation: dict[str, Any] | None
    view: dict[str, str] | None

    objects: ClassVar = SourceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["project", "-id"], name="sources_of_a_project")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "address"], name="source_is_listed_once"),
            models.UniqueConstraint(fields=["project", "id"], name="source_is_of_one_project"),
            models.CheckConstraint(
                condition=Q(address__regex=r"^https?://"), name="source_address_is_a_web_address"
            ),
            models.CheckConstraint(
                condition=Q(type="") | Q(type__in=[one.value for one in SourceType]),
                name="source_type_is_known",
            ),
            models.CheckConstraint(
                condition=Q(reliability="", reliability_note="", reliability_at__isnull=True)
                | Q(
                    reliability__in=[one.value for one in Reliability],
                    reliability_at__isnull=False,
                ),
                name="desks_view_is_known_and_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.address

    def as_cited(self) -> "Source":
        """Itself, described as the newest submitted verdict does; expects `submitted`."""
        for name in CITATION:
            setattr(self, name, getattr(self, f"cited_{name}"))
        return self

    @property
    def host(self) -> str:
        """The site's name, as people say it."""
        return self.address.split("/")[2].removeprefix("www.")

    @property
    def site(self) -> str:
        """What stands beside a source's own name: the host, unless the name is the address."""
        return self.host if self.title else ""


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def current(self) -> "VerdictQuerySet":
        """Submitted and not superseded: what counts."""
        return self.filter(submitted_at__isnull=False, superseded_at__isnull=True)

    def of_others_than(self, person: User) -> "VerdictQuerySet":
        """Those that others gave; one that a person brought in from a file counts as theirs."""
        return self.annotate(gave=Coalesce("brought_in_by", "reviewer")).exclude(gave=person.pk)

    def stale(self) -> "VerdictQuerySet":
        """Current ones given on words that have changed since (`Reattachment.asking_again`)."""
        from annotations.models.appearances import Reattachment

        changed = Reattachment.objects.asking_again().filter(
            claim=OuterRef("claim"), found_at__gt=OuterRef("submitted_at")
        )
        return self.current().filter(Exists(changed))

    def with_staleness(self) -> "VerdictQuerySet":
        """Each with `is_stale`: whether it is among `stale`."""
        return self.annotate(is_stale=Exists(self.model.objects.stale().filter(pk=OuterRef("pk"))))

    def on_claim(self, claim: uuid.UUID, person: User) -> "VerdictQuerySet":
        """What a person may see on a claim, oldest first, with evidence, sources and the desk's
        `view` of each, and whether it `is_stale`: 2 queries.
        """
        pieces = Evidence.objects.select_related("source").annotate(view=view_of("source", person))
        evidence = models.Prefetch("evidence", pieces.order_by("position"))
        return (
            self.visible_to(person)
            .with_staleness()
            .filter(claim=claim)
            .select_related("rating__replaced_by", "reviewer")
            .prefetch_related(evidence)
            .order_by("id")
        )

    def standing_at(self, claim: uuid.UUID, moment: datetime.datetime) -> "VerdictQuerySet":
        """What a ruling of that moment was made from, first come first; no later one is in it.

        Each has `meant`: as which rating its own counted then.
        """
        return (
            self.filter(claim=claim, submitted_at__lte=moment)
            .filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=moment))
            .annotate(
                meant=Case(
                    When(rating__retired_at__lte=moment, then="rating__replaced_by_id"),
                    default="rating_id",
                )
            )
            .select_related("reviewer")
            .order_by("submitted_at", "id")
        )

    def in_full(self) -> "VerdictQuerySet":
        """Each with its rating, reviewer, `pieces` of evidence with sources, and whether it
        `is_stale`: two queries.
        """
        pieces = Evidence.objects.select_related("source").order_by("position")
        full = self.with_staleness().select_related("project", "rating__replaced_by", "reviewer")
        return full.prefetch_related(models.Prefetch("evidence", pieces, to_attr="pieces"))

    def with_standing(self, versions: Versions) -> "VerdictQuerySet":
        """Each with `left_out`: why it does not count in a study of agreement (`LeftOut`), or "".

        A first version counts if its reviewer could know of no other verdict: there was none, or
        the project is blind to the reviewer's role. The ruling had not been published either.
        """
        from annotations.models.rulings import Ruling

        before = Q(submitted_at__lt=OuterRef("submitted_at"))
        others = self.model.objects.filter(before, ~Q(reviewer=OuterRef("reviewer")))
        ruled = Ruling.objects.filter(claim=OuterRef("claim"), made_at__lt=OuterRef("submitted_at"))
        sees_all = Membership.objects.filter(
            user=OuterRef("reviewer"), project=OuterRef("project"), role__in=SEES_ALL
        )
        sees = Q(project__blind=False) | Exists(sees_all)
        known = Exists(ruled) | sees & Exists(others.filter(claim=OuterRef("claim")))
        reasons: dict[LeftOut, Q | Exists] = {
            LeftOut.SET_ASIDE: Q(claim__state=State.SET_ASIDE),
            LeftOut.GOLD: Q(claim__gold__made_at__lte=F("submitted_at")),
            LeftOut.OTHER_SCALE: Q(rating__scale__in_use=False),
        }
        if versions is Versions.CURRENT:
            reasons[LeftOut.SUPERSEDED] = Q(superseded_at__isnull=False)
        else:
            reasons |= {LeftOut.REVISED: Q(version__gt=1), LeftOut.NOT_INDEPENDENT: known}
        whens = [When(where, then=Value(why.value)) for why, where in reasons.items()]
        nothing, kind = Value(""), models.CharField()
        return self.filter(submitted_at__isnull=False).annotate(
            left_out=Case(*whens, default=nothing, output_field=kind)
        )

    def in_condition(self, condition: str) -> "VerdictQuerySet":
        """Drafts, current ones, or superseded ones."""
        if condition == "draft":
            return self.filter(submitted_at__isnull=True)
        if condition == "current":
            return self.current()
        return self.filter(superseded_at__isnull=False)

    def drafts_of(self, person: User) -> "VerdictQuerySet":
        return self.filter(reviewer=person, submitted_at__isnull=True)

    def with_words(self) -> "VerdictQuerySet":
        """Those that say anything: a rating, a rationale, evidence or how sure one is."""
        evidence = Exists(Evidence.objects.filter(verdict=OuterRef("pk")))
        says = Q(rating__isnull=False) | ~Q(rationale="") | ~Q(confidence="")
        return self.filter(says | evidence)

    def visible_to(self, person: User | AnonymousUser) -> "VerdictQuerySet":
        """What a person may see: all of one's own, drafts included; the submitted ones of others
        as a moderator, in an open project, or in a blind one after submitting one's own.
        """
        if not person.is_authenticated:
            return self.none()
        member = Membership.objects.filter(user=person, project=OuterRef("project"))
        own = self.model.objects.filter(
            claim=OuterRef("claim"), reviewer=person, submitted_at__isnull=False
        )
        return self.filter(not_held(person, claim="claim"), Exists(member)).filter(
            Q(reviewer=person)
            | Q(submitted_at__isnull=False)
            & (Q(project__blind=False) | Exists(member.filter(role__in=SEES_ALL)) | Exists(own))
        )


class Verdict(models.Model):
    """One reviewer's judgement of a claim: a draft until `submitted_at` is set."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="verdicts", db_constraint=False)
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="verdicts")
    version = models.PositiveIntegerField()
    rating = models.ForeignKey(
        Rating, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    rationale = models.TextField(blank=True)
    confidence = models.CharField(max_length=10, blank=True, choices=choices(Confidence))
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    superseded_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Who brought it in from a file, in the reviewer's name; null: the reviewer gave it here.
    brought_in_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    pieces: "list[Evidence]"
    is_stale: bool = False
    meant: uuid.UUID

    objects: ClassVar = VerdictQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["claim", "reviewer", "-version"]
        indexes: ClassVar = [
            models.Index(fields=["project", "-id"], name="verdicts_of_a_project"),
            models.Index(fields=["reviewer", "-id"], name="verdicts_of_a_reviewer"),
            models.Index(fields=["claim", "reviewer", "-version"], name="verdicts_on_a_claim"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "id"], name="verdict_is_of_one_project"),
            models.UniqueConstraint(fields=["claim", "id"], name="verdict_is_on_one_claim"),
            models.UniqueConstraint(
                fields=["claim", "reviewer", "version"], name="verdict_version_is_its_own"
            ),
            models.UniqueConstraint(
                fields=["claim", "reviewer"],
                condition=Q(submitted_at__isnull=True),
                name="reviewer_has_one_draft_on_a_claim",
            ),
            models.UniqueConstraint(
                fields=["claim", "reviewer"],
                condition=Q(submitted_at__isnull=False, superseded_at__isnull=True),
                name="reviewer_has_one_current_verdict_on_a_claim",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True)
                | Q(rating__isnull=False) & (~Q(rationale="") | Q(brought_in_by__isnull=False)),
                name="submitted_verdict_has_a_rating_and_a_rationale",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(submitted_at__isnull=False),
                name="only_a_submitted_verdict_is_superseded",
            ),
            models.CheckConstraint(
                condition=Q(confidence="") | Q(confidence__in=[one.value for one in Confidence]),
                name="verdict_confidence_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.rating or 'no rating yet'}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, person: User | AnonymousUser) -> "EvidenceQuerySet":
        """The evidence of the verdicts a person may see."""
        return self.filter(verdict__in=Verdict.objects.visible_to(person))

    def readable_by(self, person: User | AnonymousUser) -> "EvidenceQuerySet":
        """What `visible_to` holds, and what a ruling rests on."""
        from annotations.models.rulings import RulingEvidence

        public = Exists(RulingEvidence.objects.open_to(person).filter(evidence=OuterRef("pk")))
        if not person.is_authenticated:
            return self.filter(public)
        visible = Exists(Verdict.objects.visible_to(person).filter(pk=OuterRef("verdict")))
        return self.filter(visible | Q(public))

    def with_shown_verdict(self, person: User | AnonymousUser) -> "EvidenceQuerySet":
        """Each with its source and `shown_verdict`: whose it is, as far as the person may know."""
        visible = Verdict.objects.visible_to(person).filter(pk=OuterRef("verdict"))
        return self.select_related("source", "project").annotate(
            shown_verdict=Subquery(visible.values("pk")[:1])
        )


class Evidence(models.Model):
    """How a verdict uses a source: what it says there, and which way that points.

    Or a question with its answer, which may have no source.

    The citation (type, title, publisher, author, date) is kept as this reviewer gave it: taken from
    the shared source, it would tell a blind reviewer that another verdict uses the same one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    verdict = models.ForeignKey(
        Verdict, models.CASCADE, related_name="evidence", db_constraint=False
    )
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="evidence", db_constraint=False
    )
    position = models.PositiveSmallIntegerField()
    stance = models.CharField(max_length=10, blank=True, choices=choices(Stance))
    quote = models.TextField(blank=True)
    locator = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    question = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    type = models.CharField(max_length=20, blank=True, choices=choices(SourceType))
    title = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=200, blank=True)
    date = models.DateField(null=True, blank=True)
    date_is_inferred = models.BooleanField(default=False)

    shown_verdict: uuid.UUID | None
    view: dict[str, str] | None

    objects: ClassVar = EvidenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["verdict", "position"]
        verbose_name_plural = "evidence"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["verdict", "position"], name="evidence_has_its_own_place"
            ),
            models.UniqueConstraint(fields=["project", "id"], name="evidence_is_of_one_project"),
            models.CheckConstraint(
                condition=Q(stance="") | Q(stance__in=[stance.value for stance in Stance]),
                name="evidence_stance_is_known",
            ),
            models.CheckConstraint(
                condition=Q(type="") | Q(type__in=[one.value for one in SourceType]),
                name="evidence_type_is_known",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=False) | ~Q(question=""),
                name="evidence_has_a_source_or_a_question",
            ),
            models.CheckConstraint(
                condition=Q(question="", answer="") | ~(Q(question="") | Q(answer="")),
                name="question_comes_with_its_answer",
            ),
        ]

    def __str__(self) -> str:
        named = self.question or self.title or self.publisher or self.source
        return f"{self.get_stance_display()}: {named}"

    @property
    def cited(self) -> str:
        """What the citation is called: the publisher, else the title, else the site."""
        return self.publisher or self.title or (self.source.host if self.source else "")

    @property
    def cited_title(self) -> str:
        """The title, to stand beside; empty where it is the name itself."""
        return "" if self.title == self.cited else self.title

    @property
    def cited_site(self) -> str:
        """The site, to stand beside; empty where it is the name itself."""
        host = self.source.host if self.source else ""
        return "" if self.cited.lower().removeprefix("www.") == host else host
