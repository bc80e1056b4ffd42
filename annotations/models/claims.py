"""Claims, and who said them."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Right
from django.utils import timezone

from annotations.models.holds import not_held
from annotations.models.ids import uuid7
from annotations.models.people import User
from annotations.models.projects import Membership, Project, choices
from annotations.rules.claims import ClaimKind
from annotations.rules.sight import SEES_ALL, Looker, Thing, looker_of, seen, sees
from annotations.rules.states import (
    BEFORE_A_RULING,
    MOST_VERDICTS,
    RULED,
    SET_ASIDE_REASONS,
    TAKES_NO_VERDICTS,
    VERDICTS_ARE_IN,
    State,
)

# What the queue of a project lends: claims that lack verdicts, unless a moderator holds them back.
IN_THE_QUEUE = Q(state__in=[State.IN_REVIEW, State.MARKED], queued=True)
# The random end of an id: reading in its order from a random place draws claims by lot.
LOT = Right(Cast("id", models.TextField()), 12)


class ClaimantQuerySet(models.QuerySet["Claimant"]):
    def like(self, project: uuid.UUID, typed: str, most: int = 20) -> "ClaimantQuerySet":
        """Claimants of a project whose name holds what is typed, one of that very name first."""
        typed = typed.replace("\x00", "").strip()[:200]
        exact = ExpressionWrapper(Q(name=typed), models.BooleanField())
        found = self.named_like(project, typed)
        return found.order_by(exact.desc(), "name", "role")[:most]

    def named_like(self, project: uuid.UUID, letters: str) -> "ClaimantQuerySet":
        """Claimants of a project whose name holds these letters."""
        return self.filter(project=project, name__icontains=letters)


class Claimant(models.Model):
    """The person or body that said it, with the role held at the time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="claimants", db_index=False)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=200, blank=True)
    wikidata_id = models.CharField(max_length=20, blank=True)

    objects: ClassVar = ClaimantQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "name", "role"], name="claimant_is_listed_once"
            ),
            models.UniqueConstraint(fields=["project", "id"], name="claimant_is_of_one_project"),
            models.CheckConstraint(condition=~Q(name=""), name="claimant_has_a_name"),
            models.CheckConstraint(
                condition=Q(wikidata_id="") | Q(wikidata_id__regex=r"^Q[1-9][0-9]*$"),
                name="claimant_wikidata_id_looks_like_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.role}" if self.role else self.name


class ClaimQuerySet(models.QuerySet["Claim"]):
    def of(self, person: User | AnonymousUser) -> "ClaimQuerySet":
        """The claims of the projects a person works in, each with the person's `role`."""
        if not person.is_authenticated:
            return self.none()
        mine = self.filter(not_held(person, claim="pk"), project__memberships__user=person)
        return mine.annotate(role=F("project__memberships__role"))

    def in_hand(self, person: User) -> "ClaimQuerySet":
        """Open claims on which the person has a draft, newest first; with `article_slug`."""
        from annotations.models.verdicts import Verdict

        drafts = Verdict.objects.drafts_of(person).values("claim")
        mine = self.of(person).filter(state__in=sorted(BEFORE_A_RULING), pk__in=drafts)
        return (
            mine.with_article()
            .annotate(has_draft=Value(True), words_changed=Value(False))
            .order_by("-id")
        )

    def with_words_changed(self, person: User) -> "ClaimQuerySet":
        """Claims whose words changed since the person judged them, oldest first.

        With `article_slug`; those on which the person has a draft are in hand already.
        """
        from annotations.models.verdicts import Verdict

        stale = Verdict.objects.stale().filter(reviewer=person).values("claim")
        drafts = Verdict.objects.drafts_of(person).values("claim")
        mine = self.of(person).filter(pk__in=stale).exclude(pk__in=drafts)
        mine = mine.exclude(state__in=sorted(TAKES_NO_VERDICTS)).with_article()
        return mine.annotate(has_draft=Value(False), words_changed=Value(True)).order_by("id")

    def asked_again(self, person: User) -> "ClaimQuerySet":
        """Claims that a moderator sent back to the person with a question, oldest first; with
        `article_slug`.
        """
        from annotations.models.comments import Addressee

        asked = Addressee.objects.waiting().filter(person=person).values("comment__claim")
        return self.of(person).filter(pk__in=asked).with_article().order_by("id")

    def waiting_for(self, person: User) -> "ClaimQuerySet":
        """Open claims on which the person has nothing yet, oldest first; with `article_slug`.

        What others have given plays no part, so that the list tells a blind reviewer nothing.
        """
        from annotations.models.verdicts import Verdict

        own = Verdict.objects.filter(claim=OuterRef("pk"), reviewer=person)
        mine = self.of(person).filter(~Exists(own), state__in=sorted(BEFORE_A_RULING))
        return (
            mine.with_article()
            .annotate(has_draft=Value(False), words_changed=Value(False))
            .order_by("id")
        )

    def to_rule(self, person: User) -> "ClaimQuerySet":
        """Claims whose verdicts are in, where the person may rule: disputed first, oldest first."""
        mine = Membership.objects.filter(
            user=person, project=OuterRef("project"), role__in=SEES_ALL
        )
        waiting = self.filter(
            Exists(mine), state__in=[State.AGREED, State.DISPUTED], gold__isnull=True
        )
        return waiting.with_article().order_by("-state", "id")

    def beside(self, claim: "Claim") -> dict[str, Any]:
        """Where a claim stands among those of its project that wait for a ruling in its `state`,
        or, where it does not wait itself, among the disputed: `{state, previous, next, place,
        total}`; ids or None, and no place where it is not among them. Four queries.
        """
        waits = claim.state in VERDICTS_ARE_IN
        state = State(claim.state) if waits else State.DISPUTED
        alike = self.filter(project=claim.project_id, state=state)
        before, after = alike.filter(pk__lt=claim.pk), alike.filter(pk__gt=claim.pk)
        return {
            "state": state,
            "previous": before.order_by("-pk").values_list("pk", flat=True).first(),
            "next": after.order_by("pk").values_list("pk", flat=True).first(),
            "place": before.count() + 1 if waits else None,
            "total": alike.count(),
        }

    def with_article(self) -> "ClaimQuerySet":
        """Annotates `article_slug`, the newest article it stands in; a claim without one is out."""
        from annotations.models.appearances import Appearance

        places = Appearance.objects.filter(claim=OuterRef("pk")).order_by("-id")
        slug = Subquery(places.values("article__slug")[:1])
        return self.filter(Exists(places)).annotate(article_slug=slug)

    def public(self, person: User | AnonymousUser) -> "ClaimQuerySet":
        """Claims with a ruling that the person may see; a withdrawn one's page says so."""
        shown = seen(Thing.CLAIM, Looker.READER)
        return self.filter(not_held(person, claim="pk"), state__in=shown)

    def with_role(self, person: User | AnonymousUser) -> "ClaimQuerySet":
        """Each with the person's `role` in its project, null where there is none."""
        mine = Membership.objects.filter(user=person.pk, project=OuterRef("project"))
        return self.annotate(role=Subquery(mine.values("role")[:1]))

    def readable_by(self, person: User | AnonymousUser) -> "ClaimQuerySet":
        """Claims of the person's projects and all that are published."""
        if not person.is_authenticated:
            return self.public(person)
        member = Exists(Membership.objects.filter(user=person, project=OuterRef("project")))
        return self.filter(not_held(person, claim="pk")).filter(
            Q(member) | Q(state__in=seen(Thing.CLAIM, Looker.STRANGER))
        )

    def with_shown_state(self, person: User | AnonymousUser) -> "ClaimQuerySet":
        """Annotates `shown_state`: the state as far as the person may know it, else null.

        In a blind project the states that follow from verdicts are hidden from a reviewer who has
        not given one: they would tell of the others' verdicts. Filter and order by this, never by
        `state`.
        """
        told, open_to_all = self._state_is_told_to(person)
        return self.annotate(
            shown_state=Case(
                When(state__in=open_to_all, then=F("state")),
                When(told, then=F("state")),
                default=Value(None),
                output_field=models.CharField(null=True),
            )
        )

    def in_shown_state(self, state: str, person: User | AnonymousUser) -> "ClaimQuerySet":
        """Those that the person is shown in a state.

        Asked of the columns, not of `shown_state`: the database knows what to expect of them, and
        reads a page in the order of an index. Of a CASE it expects next to nothing, and sorts all.
        """
        told, open_to_all = self._state_is_told_to(person)
        found = self.filter(state=state)
        return found if state in open_to_all else found.filter(told)

    def _state_is_told_to(self, person: User | AnonymousUser) -> tuple[Q, list[str]]:
        """Which claims tell the person their state, and the states that all of them tell."""
        if not person.is_authenticated:
            return Q(pk__in=()), seen(Thing.STATE, Looker.READER)
        from annotations.models.verdicts import Verdict

        submitted = Exists(
            Verdict.objects.filter(
                claim=OuterRef("pk"), reviewer=person, submitted_at__isnull=False
            )
        )
        sees_all = Exists(
            Membership.objects.filter(project=OuterRef("project"), user=person, role__in=SEES_ALL)
        )
        told = Q(project__blind=False) | sees_all | submitted
        return told, seen(Thing.STATE, Looker.BLIND)

    def with_shown_wanted(self, person: User | AnonymousUser) -> "ClaimQuerySet":
        """Annotates `shown_wanted`: how many verdicts it waits for, for those who may rule, else
        null. That a further one was asked for tells that the others were in.
        """
        rules = Exists(
            Membership.objects.filter(
                project=OuterRef("project"), user=person.pk, role__in=SEES_ALL
            )
        )
        wanted = Coalesce("verdicts_wanted", "project__verdicts_required")
        return self.annotate(shown_wanted=Case(When(rules, then=wanted), default=Value(None)))

    def standing_in(
        self, *, slug: str | None = None, language: str | None = None
    ) -> "ClaimQuerySet":
        """Those that stand in an article of this slug, or in this language."""
        from annotations.models.appearances import Appearance

        there = Appearance.objects.filter(claim=OuterRef("pk"))
        if slug is not None:
            there = there.filter(article__slug=slug)
        if language is not None:
            there = there.filter(article__language=language)
        return self.filter(Exists(there))

    def rated(self, rating: str) -> "ClaimQuerySet":
        """Those whose current ruling has that rating (a slug)."""
        from annotations.models.rulings import Ruling

        ruling = Ruling.objects.current().filter(claim=OuterRef("pk"), rating__slug=rating)
        return self.filter(Exists(ruling))

    def in_full(self) -> "ClaimQuerySet":
        """Each with its project, claimant, `places` in the newest texts and `rulings_now`.

        Three queries for all.
        """
        from annotations.models.appearances import Appearance
        from annotations.models.rulings import Ruling

        places = Appearance.objects.current().select_related("article", "marked_by").order_by("id")
        rulings = Ruling.objects.current().select_related("rating", "made_by")
        return self.select_related("project", "claimant", "marked_by").prefetch_related(
            models.Prefetch("appearances", places, to_attr="places"),
            models.Prefetch("rulings", rulings, to_attr="rulings_now"),
        )


class Claim(models.Model):
    """A statement under check. It outlives the articles it appears in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="claims", db_index=False)
    statement = models.TextField()
    kind = models.CharField(max_length=20, choices=choices(ClaimKind), default=ClaimKind.FACTUAL)
    claimant = models.ForeignKey(
        Claimant,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        db_constraint=False,
    )
    said_on = models.DateField(null=True, blank=True)
    first_address = models.CharField(max_length=2000, blank=True)
    topics = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.label) for s in State], default=State.MARKED
    )
    set_aside_reason = models.CharField(
        max_length=20, blank=True, choices=list(SET_ASIDE_REASONS.items())
    )
    verdicts_wanted = models.PositiveSmallIntegerField(null=True, blank=True)
    worth = models.SmallIntegerField(default=0, editable=False)
    queued = models.BooleanField(default=True, editable=False)
    kept = models.JSONField(default=dict, blank=True, editable=False)  # by format: see `formats`
    marked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now, editable=False)

    role: str | None
    shown_state: str | None
    shown_wanted: int | None
    places: list[Any]
    rulings_now: list[Any]
    has_draft: bool
    words_changed: bool
    article_slug: str

    objects: ClassVar = ClaimQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["project", "-id"], name="claims_of_a_project"),
            models.Index(fields=["project", "state", "-id"], name="claims_by_state"),
            models.Index(fields=["claimant", "-id"], name="claims_of_a_claimant"),
            models.Index(
                fields=["-id"], condition=Q(state__in=sorted(RULED)), name="published_claims"
            ),
            GinIndex(fields=["topics"], name="claims_by_topic"),
            models.Index(fields=["project", "id"], condition=IN_THE_QUEUE, name="queue_by_age"),
            models.Index(
                fields=["project", "-worth", "id"], condition=IN_THE_QUEUE, name="queue_by_worth"
            ),
            models.Index(F("project"), LOT, condition=IN_THE_QUEUE, name="queue_by_lot"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "id"], name="claim_is_of_one_project"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]),
                name="claim_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in ClaimKind]),
                name="claim_kind_is_known",
            ),
            models.CheckConstraint(condition=~Q(statement=""), name="claim_has_a_statement"),
            models.CheckConstraint(
                condition=Q(state=State.SET_ASIDE, set_aside_reason__in=sorted(SET_ASIDE_REASONS))
                | (~Q(state=State.SET_ASIDE) & Q(set_aside_reason="")),
                name="claim_set_aside_says_why",
            ),
            models.CheckConstraint(
                condition=Q(verdicts_wanted__isnull=True)
                | Q(verdicts_wanted__gte=1, verdicts_wanted__lte=MOST_VERDICTS),
                name="claim_waits_for_one_to_nine_verdicts",
            ),
        ]

    def __str__(self) -> str:
        return self.statement

    @property
    def required(self) -> int:
        """How many verdicts it waits for: its project's number, or one that a moderator set."""
        return self.verdicts_wanted or self.project.verdicts_required

    def state_shown_to(self, role: str | None) -> str | None:
        """What `with_shown_state` gives a member who has submitted no verdict on the claim."""
        looker = looker_of(role, blind=self.project.blind, judged=False)
        return self.state if sees(looker, Thing.STATE, self.state) else None

    def wanted_shown_to(self, role: str | None) -> int | None:
        """What `with_shown_wanted` gives somebody with this role."""
        return self.required if role in SEES_ALL else None

    @property
    def ruling_now(self) -> Any:
        """The ruling in force or None; expects `in_full`."""
        return self.rulings_now[0] if self.rulings_now else None
