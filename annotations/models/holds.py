"""Legal holds: who may not read a claim or an article, and what is said instead.

A hold changes nothing of what it is on, and nothing in the log. Every read that a hold may keep
from somebody asks `not_held`; the statement in `record.sql` asks the same, and a test holds the
two together.
"""

from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from annotations.models.ids import uuid7
from annotations.models.people import User
from annotations.models.projects import Membership, Project, choices
from annotations.rules.holds import STRICTEST_FIRST, Held, HoldKind, Notice
from annotations.rules.permissions import Role
from annotations.rules.sight import Looker, Thing, seen
from annotations.rules.states import PUBLIC


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def standing(self) -> "LegalHoldQuerySet":
        return self.filter(lifted_at__isnull=True)

    def keeping_from(self, person: User | AnonymousUser) -> "LegalHoldQuerySet":
        """The standing holds that keep what they are on from a person: here that is decided.

        Moderators and owners of the project read everything, its reviewers all but what is
        withheld.
        """
        member = Membership.objects.filter(user=person.pk, project=OuterRef("project"))
        reviewer = member.filter(role=Role.REVIEWER)
        return self.standing().filter(
            ~Exists(member) | Q(kind=HoldKind.WITHHOLD) & Exists(reviewer)
        )

    def over_claim(self, claim: Any) -> "LegalHoldQuerySet":
        """Those on a claim (an id or an OuterRef), or on an article in which it stands."""
        from annotations.models.appearances import Appearance

        inside = OuterRef(claim) if isinstance(claim, OuterRef) else claim
        stands = Appearance.objects.filter(claim=inside, article=OuterRef("article"))
        return self.filter(Q(claim=claim) | Exists(stands))

    def told_on_claim(self, claim: Any, person: User | AnonymousUser) -> "LegalHoldQuerySet":
        """What keeps a claim from a person who would read it but for that, the strictest first."""
        from annotations.models.claims import Claim

        member = Exists(Membership.objects.filter(user=person.pk, project=OuterRef("project")))
        public = Q(state__in=seen(Thing.CLAIM, Looker.STRANGER))
        would_read = Claim.objects.filter(pk=claim).filter(member | public)
        return self.keeping_from(person).over_claim(claim).filter(Exists(would_read)).in_order()

    def told_on_article(self, slug: str, person: User | AnonymousUser) -> "LegalHoldQuerySet":
        """What keeps an article from a person who would read it but for that."""
        from annotations.models.appearances import Appearance

        member = Exists(Membership.objects.filter(user=person.pk, project=OuterRef("project")))
        public = Exists(
            Appearance.objects.filter(article=OuterRef("article"), claim__state__in=sorted(PUBLIC))
        )
        return self.keeping_from(person).filter(member | public, article__slug=slug)

    def in_order(self) -> "LegalHoldQuerySet":
        order = Case(*(When(kind=kind, then=Value(n)) for n, kind in enumerate(STRICTEST_FIRST)))
        return self.order_by(order, "-id")

    def over_what_is_public(self) -> "LegalHoldQuerySet":
        """The holds on what readers would see but for them, whose notices they read instead."""
        from annotations.models.appearances import Appearance

        inside = Appearance.objects.filter(
            article=OuterRef("article"), claim__state__in=sorted(PUBLIC)
        )
        on_claim = Q(claim__state__in=seen(Thing.CLAIM, Looker.READER))
        return self.filter(on_claim | Exists(inside)).select_related("article")

    def of_moderators(self, person: User | AnonymousUser) -> "LegalHoldQuerySet":
        """The holds, lifted ones too, of the projects a person moderates or owns."""
        member = Membership.objects.filter(user=person.pk, project=OuterRef("project"))
        mine = self.filter(Exists(member.exclude(role=Role.REVIEWER)))
        return mine.select_related("project", "claim", "article", "placed_by", "lifted_by")


def not_held(person: User | AnonymousUser, *, claim: str) -> Q:
    """Rows whose claim, found along `claim`, no hold keeps from the person."""
    return Q(~Exists(LegalHold.objects.keeping_from(person).over_claim(OuterRef(claim))))


def article_not_held(person: User | AnonymousUser, *, article: str) -> Q:
    """Rows whose article, found along `article`, no hold keeps from the person."""
    return Q(~Exists(LegalHold.objects.keeping_from(person).filter(article=OuterRef(article))))


class LegalHold(models.Model):
    """A hold on a claim or on an article and the claims that stand in it, until it is lifted.

    `authority`, `ground`, `ordered_on` and `notice` are public.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_constraint=False)
    claim = models.ForeignKey(
        "Claim", models.PROTECT, null=True, blank=True, related_name="holds", db_constraint=False
    )
    article = models.ForeignKey(
        "Article", models.PROTECT, null=True, blank=True, related_name="holds", db_constraint=False
    )
    kind = models.CharField(max_length=10, choices=choices(HoldKind))
    authority = models.CharField(max_length=200)
    ground = models.CharField(max_length=300)
    ordered_on = models.DateField()
    notice = models.TextField(blank=True)
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_at = models.DateTimeField(null=True, blank=True, editable=False)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_because = models.TextField(blank=True)

    objects: ClassVar = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["project", "-id"], name="holds_of_a_project")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(claim__isnull=True) ^ Q(article__isnull=True),
                name="hold_is_on_a_claim_or_an_article",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in HoldKind]), name="hold_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(authority="") & ~Q(ground=""),
                name="hold_names_its_authority_and_ground",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_because="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because=""),
                name="lifted_hold_says_when_by_whom_and_why",
            ),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(lifted_at__isnull=True),
                name="claim_has_one_standing_hold",
            ),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(lifted_at__isnull=True),
                name="article_has_one_standing_hold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.authority}"

    @property
    def stands(self) -> bool:
        return self.lifted_at is None

    @property
    def public_notice(self) -> Notice:
        return Notice(
            self.kind, self.authority, self.ground, self.ordered_on, self.notice,
            self.placed_at.date(),
        )  # fmt: skip


def refuse_held(holds: LegalHoldQuerySet) -> None:
    """Raise what the first of these holds says, if there is one."""
    hold = holds.first()
    if hold is not None:
        raise Held(hold.public_notice)
