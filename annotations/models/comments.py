"""What members write to each other about a claim: remarks, and questions to its reviewers.

Readers never see any of it. A thread has one level: an answer is to a comment that is none.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone

from annotations.models.claims import Claim
from annotations.models.holds import not_held
from annotations.models.ids import uuid7
from annotations.models.people import User
from annotations.models.projects import Membership, Project, choices
from annotations.models.verdicts import Verdict
from annotations.rules.comments import CommentKind
from annotations.rules.sight import SEES_ALL
from annotations.rules.states import JUDGED


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, person: User | AnonymousUser) -> "CommentQuerySet":
        """What a person may read: one's own, what asks oneself, and the others' as their verdicts:
        as a moderator, in an open project, or in a blind one after submitting one's own.
        """
        if not person.is_authenticated:
            return self.none()
        member = Membership.objects.filter(user=person, project=OuterRef("project"))
        judged = Verdict.objects.filter(
            claim=OuterRef("claim"), reviewer=person, submitted_at__isnull=False
        )
        asked = Addressee.objects.filter(comment=OuterRef("pk"), person=person)
        return self.filter(not_held(person, claim="claim"), Exists(member)).filter(
            Q(author=person)
            | Q(project__blind=False)
            | Exists(asked)
            | Exists(member.filter(role__in=SEES_ALL))
            | Exists(judged)
        )

    def with_role(self, person: User) -> "CommentQuerySet":
        """Each with the person's `role` in its project."""
        mine = Membership.objects.filter(user=person, project=OuterRef("project"))
        return self.annotate(role=Subquery(mine.values("role")[:1]))

    def in_full(self) -> "CommentQuerySet":
        """Each with its author and project, and in `asked` whom it asks and who has answered.

        Two queries for all.
        """
        asked = Addressee.objects.with_answers().select_related("person").order_by("id")
        return self.select_related("author", "project", "removed_by").prefetch_related(
            Prefetch("addressees", asked, to_attr="asked")
        )

    def asking(self, person: User) -> "CommentQuerySet":
        """The questions that wait for the person's answer."""
        return self.filter(
            pk__in=Addressee.objects.waiting().filter(person=person).values("comment")
        )

    def on_claim(self, claim: uuid.UUID, person: User) -> "CommentQuerySet":
        """What a person may read about a claim, oldest first: two queries."""
        return self.visible_to(person).in_full().filter(claim=claim).order_by("id")


class Comment(models.Model):
    """One remark, question or answer. Removed, it keeps its place and says nothing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_constraint=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="comments", db_constraint=False)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="answers", db_constraint=False
    )
    kind = models.CharField(
        max_length=10, choices=choices(CommentKind), default=CommentKind.REMARK.value
    )
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    removed_because = models.CharField(max_length=300, blank=True)

    asked: "list[Addressee]"
    role: str | None
    version: str

    objects: ClassVar = CommentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["claim", "id"], name="comments_on_a_claim"),
            models.Index(fields=["project", "-id"], name="comments_of_a_project"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "id"], name="comment_is_of_one_project"),
            models.UniqueConstraint(fields=["claim", "id"], name="comment_is_on_one_claim"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in CommentKind]),
                name="comment_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind=CommentKind.REMARK.value) | Q(parent__isnull=True),
                name="answer_is_a_remark",
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(text="")
                    & Q(removed_at__isnull=True, removed_by__isnull=True, removed_because="")
                )
                | Q(text="", removed_at__isnull=False, removed_by__isnull=False),
                name="comment_says_something_until_it_is_removed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.text or 'removed'}"

    @property
    def waits_for(self) -> "list[User]":
        """Whom it asks and who has not answered; expects `in_full`."""
        return [] if self.removed_at else [one.person for one in self.asked if not one.answered]


class AddresseeQuerySet(models.QuerySet["Addressee"]):
    def with_answers(self) -> "AddresseeQuerySet":
        """Each with `answered`: by a reply, or by a verdict submitted after the question."""
        reply = Comment.objects.filter(
            parent=OuterRef("comment"), author=OuterRef("person"), removed_at__isnull=True
        )
        verdict = Verdict.objects.filter(
            claim=OuterRef("comment__claim"),
            reviewer=OuterRef("person"),
            submitted_at__gt=OuterRef("comment__at"),
        )
        return self.annotate(answered=Exists(reply) | Exists(verdict))

    def waiting(self) -> "AddresseeQuerySet":
        """Those that a question still waits for; a ruling and setting aside end the waiting."""
        return self.with_answers().filter(
            Q(("answered", False)),
            comment__removed_at__isnull=True,
            comment__claim__state__in=sorted(JUDGED),
        )


class Addressee(models.Model):
    """One reviewer whom a question asks."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_constraint=False)
    comment = models.ForeignKey(
        Comment, models.PROTECT, related_name="addressees", db_constraint=False
    )
    person = models.ForeignKey(User, models.PROTECT, related_name="+")

    answered: bool

    objects: ClassVar = AddresseeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["comment", "person"], name="question_asks_a_reviewer_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment} to {self.person}"


@dataclass(slots=True)
class Thread:
    """A comment and what was answered to it, oldest first."""

    comment: Comment
    answers: list[Comment] = field(default_factory=list)


def threads_of(comments: Iterable[Comment]) -> list[Thread]:
    """The comments on a claim as threads, oldest first; an answer to what is hidden is hidden."""
    threads: dict[uuid.UUID, Thread] = {}
    for one in comments:
        if one.parent_id is None:
            threads[one.pk] = Thread(one)
        elif one.parent_id in threads:
            threads[one.parent_id].answers.append(one)
    return list(threads.values())
