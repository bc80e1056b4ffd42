"""Appearances: where claims stand in the texts of articles, and what became of them in new ones."""

import datetime
import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest, Substr
from django.utils import timezone

from annotations.models.articles import Article, Revision
from annotations.models.claims import Claim
from annotations.models.holds import not_held
from annotations.models.ids import uuid7
from annotations.models.people import User
from annotations.models.projects import Membership, Project, choices
from annotations.rules.anchors import CONTEXT
from annotations.rules.reattaching import CameBy, Outcome, Waits
from annotations.rules.sight import SEES_ALL, Looker, Thing, seen
from annotations.rules.states import PUBLIC

AROUND = 2_000  # code points of text that come with a place, on each side


class AppearanceQuerySet(models.QuerySet["Appearance"]):
    def readable_by(self, person: User | AnonymousUser) -> "AppearanceQuerySet":
        """The places of the claims that a person may read."""
        member = Exists(Membership.objects.filter(user=person.pk, project=OuterRef("project")))
        return self.filter(not_held(person, claim="claim")).filter(
            Q(member) | Q(claim__state__in=seen(Thing.CLAIM, Looker.STRANGER))
        )

    def current(self) -> "AppearanceQuerySet":
        """Those in the newest text of their article."""
        newer = Revision.objects.filter(
            article=OuterRef("article"), number__gt=OuterRef("revision__number")
        )
        return self.filter(~Exists(newer))

    def on_revision(
        self, revision: uuid.UUID, person: User | AnonymousUser
    ) -> "AppearanceQuerySet":
        """The marks of a revision in the order of the text: one query, whatever their number.

        Each comes with its claim and claimant and, annotated: `own_rating` and `own_draft` (slug
        of the person's current verdict and of the draft), `own_has_draft`, `ruling_rating` (slug
        of the current ruling), `shown_state` (see `ClaimQuerySet.with_shown_state`), and
        `own_is_stale`: the words under the claim changed since the person judged it.
        """
        return self.filter(revision=revision).as_seen_by(person).order_by("start", "end", "id")

    def waiting_in(self, article: uuid.UUID, person: User | AnonymousUser) -> "AppearanceQuerySet":
        """Where claims stood that have no place in the article's newest text and wait for one.

        Each as in `on_revision`, and with `waits`: why (`rules.reattaching.Waits`). One query.
        """
        here = self.model.objects.current().filter(article=article, claim=OuterRef("claim"))
        waiting = Reattachment.objects.waiting().filter(article=article)
        why = waiting.filter(appearance=OuterRef("pk")).values("why")
        return (
            self.filter(~Exists(here), pk__in=waiting.values("appearance"))
            .as_seen_by(person)
            .annotate(waits=Subquery(why))
            .order_by("start", "end", "id")
        )

    def listed(
        self, article: uuid.UUID, revision: uuid.UUID, person: User | AnonymousUser
    ) -> tuple[list["Appearance"], list["Appearance"]]:
        """`on_revision` of the article's newest text, and `waiting_in`: one query for both."""
        nothing = Value("", output_field=models.CharField())
        marks = self.on_revision(revision, person).annotate(waits=nothing).order_by()
        waiting = self.waiting_in(article, person).order_by()
        found = list(marks.union(waiting, all=True).order_by("start", "end", "id"))
        return [one for one in found if not one.waits], [one for one in found if one.waits]

    def as_seen_by(self, person: User | AnonymousUser) -> "AppearanceQuerySet":
        """Each with what `on_revision` says of it."""
        from annotations.models.rulings import Ruling
        from annotations.models.verdicts import Verdict

        mine = Verdict.objects.filter(
            claim=OuterRef("claim"), reviewer=person.pk, superseded_at__isnull=True
        )
        submitted = mine.filter(submitted_at__isnull=False)
        draft = mine.filter(submitted_at__isnull=True)
        ruling = Ruling.objects.filter(claim=OuterRef("claim"), superseded_at__isnull=True)
        stale = submitted.filter(pk__in=Verdict.objects.stale().values("pk"))
        sees = Q(claim__project__blind=False) | Q(sees_all=True) | Q(own_submitted=True)
        told = Q(claim__state__in=seen(Thing.STATE, Looker.BLIND))
        return (
            self.filter(not_held(person, claim="claim"))
            .select_related("claim__claimant")
            .annotate(
                own_rating=Subquery(submitted.values("rating__look")[:1]),
                own_rating_name=Subquery(submitted.values("rating__name")[:1]),
                own_submitted=Exists(submitted),
                own_is_stale=Exists(stale),
                own_has_draft=Exists(draft),
                own_draft=Subquery(draft.values("rating__look")[:1]),
                own_draft_name=Subquery(draft.values("rating__name")[:1]),
                ruling_rating=Subquery(ruling.values("rating_look")[:1]),
                ruling_name=Subquery(ruling.values("rating_name")[:1]),
                sees_all=Exists(
                    Membership.objects.filter(
                        project=OuterRef("project"), user=person.pk, role__in=SEES_ALL
                    )
                ),
            )
            .annotate(
                shown_state=Case(
                    When(told | sees, then="claim__state"),
                    default=Value(None),
                    output_field=models.CharField(null=True),
                )
            )
        )

    def public_on(self, revision: uuid.UUID, person: User | AnonymousUser) -> "AppearanceQuerySet":
        """The marks of a revision that are public and not held from the person, in the order of the
        text: one query.
        """
        from annotations.models.rulings import Ruling

        ruling = Ruling.objects.filter(claim=OuterRef("claim"), superseded_at__isnull=True)
        return (
            self.filter(
                not_held(person, claim="claim"),
                revision=revision,
                claim__state__in=sorted(PUBLIC),
            )
            .select_related("claim__claimant")
            .annotate(
                ruling_rating=Subquery(ruling.values("rating_look")[:1]),
                ruling_name=Subquery(ruling.values("rating_name")[:1]),
                ruling_summary=Subquery(ruling.values("summary")[:1]),
                ruling_kind=Subquery(ruling.values("kind")[:1]),
                ruling_made_at=Subquery(ruling.values("made_at")[:1]),
            )
            .order_by("start", "end", "id")
        )

    def places_of(self, claim: uuid.UUID, person: User | AnonymousUser) -> "AppearanceQuerySet":
        """Where a claim stands, first come first, with the words `around` it and the blocks.

        In an article whose newest text no longer has it: where it stood last; `is_current` is
        false, and those come after the others. `around` begins at `around_from` code points;
        `article_is_public` says whether the person may open the article as a reader.
        """
        before = Greatest(F("start") - AROUND, 0)
        later = self.model.objects.filter(
            claim=claim, article=OuterRef("article"),
            revision__number__gt=OuterRef("revision__number"),
        )  # fmt: skip
        newer = Revision.objects.filter(
            article=OuterRef("article"), number__gt=OuterRef("revision__number")
        )
        return (
            self.filter(~Exists(later), claim=claim)
            .select_related("article")
            .annotate(is_current=~Exists(newer))
            .annotate(
                around_from=before,
                around=Substr("revision__text", before + 1, F("end") - before + AROUND),
                blocks=F("revision__blocks"),
                article_is_public=Exists(Article.public_claims(OuterRef("article"), person)),
            )
            .order_by(F("is_current").desc(), "id")
        )


class Appearance(models.Model):
    """Where a claim stands: `[start, end)` in code points of a revision's canonical text.

    The database refuses a quote, prefix or suffix that is not the text there, a place in any text
    but the article's newest, and a place `carried` by itself onto other words than its own.
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
    carried_from = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="carried_to", db_constraint=False
    )
    carried = models.CharField(max_length=8, blank=True, choices=choices(CameBy))

    own_rating: str | None
    own_rating_name: str | None
    own_submitted: bool
    own_is_stale: bool
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
    is_current: bool
    shown_state: str | None
    sees_all: bool
    waits: str

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
            models.UniqueConstraint(fields=["claim", "id"], name="appearance_is_of_one_claim"),
            models.CheckConstraint(
                condition=Q(carried="", carried_from__isnull=True)
                | Q(carried__in=[one.value for one in CameBy], carried_from__isnull=False),
                name="what_was_carried_says_how_and_whence",
            ),
        ]

    def __str__(self) -> str:
        return self.quote

    @property
    def shown_rating(self) -> str | None:
        """The look of the line under the words: the ruling's, else one's own, else the draft's."""
        return self.ruling_rating or self.own_rating or self.own_draft


class ReattachmentQuerySet(models.QuerySet["Reattachment"]):
    def of(self, person: User | AnonymousUser) -> "ReattachmentQuerySet":
        """Those of the projects a person works in, each with the person's `role`."""
        if not person.is_authenticated:
            return self.none()
        mine = self.filter(not_held(person, claim="claim"), project__memberships__user=person)
        return mine.annotate(role=F("project__memberships__role"))

    def waiting(self) -> "ReattachmentQuerySet":
        """Those that nobody has settled."""
        return self.filter(settled_at__isnull=True)

    def asking_again(self) -> "ReattachmentQuerySet":
        """Those that make the verdicts given before them stale.

        The words under the claim changed, and nobody has decided yet or it was decided that the
        reviewers look again.
        """
        return self.filter(Q(settled_at__isnull=True, why=Waits.REVIEW) | Q(asks_again=True))

    def told_on(self, claim: uuid.UUID) -> "ReattachmentQuerySet":
        """What a claim's panel tells: the places that wait, and the words that changed; one query.

        In the order in which they were found, each with the revisions' numbers and `became`: the
        words that were chosen, else those that are proposed, else none.
        """
        chosen = Appearance.objects.filter(
            carried_from=OuterRef("appearance"), carried=CameBy.SETTLED
        ).order_by("start", "id")
        start, end = (Cast(F(f"places__0__{n}"), models.IntegerField()) for n in (0, 1))
        proposed = Substr("revision__text", start + 1, end - start)
        told = self.filter(Q(settled_at__isnull=True) | Q(asks_again=True), claim=claim)
        return told.in_full().annotate(
            became=Case(
                When(settled_at__isnull=False, then=Subquery(chosen.values("quote")[:1])),
                When(why=Waits.REVIEW, then=proposed),
                default=Value(None),
                output_field=models.TextField(null=True),
            )
        ).order_by("found_at", "id")  # fmt: skip

    def with_what_came(self) -> "ReattachmentQuerySet":
        """Each with its project and, as `appearance.carried_to`, the places it led to: two queries.

        Expects `in_full`.
        """
        places = Appearance.objects.select_related("project", "article", "marked_by")
        return self.select_related("project").prefetch_related(
            models.Prefetch("appearance__carried_to", places.order_by("start", "id"))
        )

    def in_order(self) -> "ReattachmentQuerySet":
        """As a list shows them: changed, ambiguous, gone, and each in the order of the text."""
        order = Case(
            *(When(why=why, then=Value(n)) for n, why in enumerate(Waits)),
            output_field=models.IntegerField(),
        )
        return self.order_by(order, "appearance__start", "appearance__end", "id")

    def with_what_rests_on_it(self) -> "ReattachmentQuerySet":
        """Each with the claim's `ruling_name`, and how many verdicts its words made stale."""
        from annotations.models.rulings import Ruling
        from annotations.models.verdicts import Verdict

        ruling = Ruling.objects.filter(claim=OuterRef("claim"), superseded_at__isnull=True)
        stale = (
            Verdict.objects.current()
            .filter(claim=OuterRef("claim"), submitted_at__lt=OuterRef("found_at"))
            .order_by()
            .values("claim")
            .annotate(n=models.Count("pk"))
        )
        return self.annotate(
            ruling_name=Subquery(ruling.values("rating_name")[:1]),
            stale_count=Coalesce(Subquery(stale.values("n")), 0),
        )

    def in_full(self) -> "ReattachmentQuerySet":
        """Each with its claim, its last place and what a list shows of them: one query."""
        return self.select_related(
            "claim", "claim__claimant", "appearance", "appearance__revision", "revision",
            "article", "settled_by",
        ).defer(
            "appearance__revision__text", "appearance__revision__raw",
            "appearance__revision__blocks", "revision__text", "revision__raw", "revision__blocks",
        )  # fmt: skip


class Reattachment(models.Model):
    """A place that a new text did not carry by itself, and what a moderator made of it.

    `appearance` is where the claim stood last, `revision` the newest text. `places` holds
    `[start, end]` pairs in code points of that text: the one proposed (review), the candidates,
    best first (ambiguous), or nothing (orphan). A later text may bring it back by itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_constraint=False)
    claim = models.ForeignKey(
        Claim, models.CASCADE, related_name="reattachments", db_constraint=False
    )
    article = models.ForeignKey(
        Article, models.PROTECT, related_name="reattachments", db_constraint=False
    )
    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="reattachments", db_constraint=False
    )
    appearance = models.ForeignKey(
        Appearance, models.CASCADE, related_name="reattachments", db_constraint=False
    )
    why = models.CharField(max_length=10, choices=choices(Waits))
    reason = models.CharField(max_length=500)
    places = models.JSONField(default=list)
    found_at = models.DateTimeField(default=timezone.now, editable=False)
    outcome = models.CharField(max_length=10, blank=True, choices=choices(Outcome))
    asks_again = models.BooleanField(default=False)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True, editable=False)

    role: str | None
    became: str | None
    ruling_name: str | None
    stale_count: int

    objects: ClassVar = ReattachmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(
                fields=["article", "id"],
                condition=Q(settled_at__isnull=True),
                name="places_that_wait",
            ),
            models.Index(fields=["claim", "-found_at"], name="reattachments_of_a_claim"),
            models.Index(fields=["project", "-id"], name="reattachments_of_a_project"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["appearance"],
                condition=Q(settled_at__isnull=True),
                name="a_place_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at__isnull=True, settled_by__isnull=True)
                | Q(
                    outcome__in=[one.value for one in Outcome],
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                ),
                name="what_is_settled_says_how_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(asks_again=False) | Q(outcome=Outcome.REATTACHED.value),
                name="only_a_new_place_is_asked_about_again",
            ),
            models.CheckConstraint(
                condition=Q(why__in=[one.value for one in Waits]),
                name="reattachment_waits_for_a_known_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appearance}: {self.get_why_display()}"

    @property
    def waits(self) -> bool:
        return self.settled_at is None

    @property
    def asks(self) -> bool:
        """Whether reviewers are to look again, as `ReattachmentQuerySet.asking_again` has it."""
        return self.asks_again or (self.waits and self.why == Waits.REVIEW)
