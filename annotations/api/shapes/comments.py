"""Comments on claims, and questions to the reviewers."""

from typing import Any

from rest_framework import serializers

from annotations.api.fields import Id, ListOf, OneOf, TruthInAddress, Words
from annotations.api.given import Asked, Given
from annotations.rules.comments import CommentKind

MOST_ASKED = 20


class AskedShape(serializers.Serializer[Any]):
    """A reviewer whom a question asks."""

    reviewer = serializers.CharField(source="person.pseudonym")
    answered = serializers.BooleanField(
        help_text="By a reply, or by a verdict submitted after the question."
    )


class CommentShape(serializers.Serializer[Any]):
    """A remark, an answer to one, or a question. Removed, it keeps its place and says nothing."""

    id = serializers.UUIDField()
    project = serializers.CharField(source="project.slug")
    claim = serializers.UUIDField(source="claim_id")
    author = serializers.CharField(source="author.pseudonym")
    parent = serializers.UUIDField(  # type: ignore[assignment]
        source="parent_id", allow_null=True, help_text="The comment that it answers."
    )
    kind = serializers.ChoiceField(choices=[one.value for one in CommentKind])
    text = serializers.CharField(allow_blank=True)
    asked = AskedShape(many=True)
    at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    removed_at = serializers.DateTimeField(allow_null=True)
    removed_because = serializers.CharField(allow_blank=True)


class CommentsAsked(Asked):
    project = Words(required=False, help_text="The project's slug.")
    claim = Id(required=False)
    kind = OneOf(CommentKind, required=False)
    asks_me = TruthInAddress(
        required=False, help_text="true: only questions that wait for your answer."
    )


class CommentGiven(Given):
    """A remark on a claim; with `parent` an answer to a comment on it."""

    claim = Id()
    text = Words()
    parent = Id(required=False, allow_null=True, default=None)  # type: ignore[assignment]


class CommentChange(Given):
    """Other words for a comment of yours."""

    text = Words()


class RemovalGiven(Given):
    """Why another's comment is removed; its writer reads this."""

    reason = Words(required=False, default="")


class QuestionGiven(Given):
    """A question to all of the claim's reviewers, or to those whose pseudonyms are given."""

    question = Words()
    reviewers = ListOf(Words(), most=MOST_ASKED, required=False, allow_null=True, default=None)
