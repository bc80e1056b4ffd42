"""Work that is lent, what is skipped, and gold items."""

from typing import Any

from rest_framework import serializers

from annotations.api.fields import Id, OneOf, Truth, TruthInAddress, Whole, Words
from annotations.api.given import Asked, Given
from annotations.rules.work import Ended, SkipReason

SKIP_REASONS = [one.value for one in SkipReason]


class AssignmentShape(serializers.Serializer[Any]):
    """A claim or an article lent to a reviewer until a time; it lapses by itself."""

    id = serializers.UUIDField()
    project = serializers.CharField(source="project.slug")
    claim = serializers.UUIDField(source="claim_id", allow_null=True)
    article = serializers.CharField(source="article.slug", default=None, allow_null=True)
    reviewer = serializers.CharField(source="reviewer.pseudonym")
    assigned_by = serializers.CharField(
        source="assigned_by.pseudonym",
        default=None,
        allow_null=True,
        help_text="The moderator who lent it; null where the reviewer took it.",
    )
    lent_at = serializers.DateTimeField()
    until = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    how = serializers.ChoiceField(
        choices=[one.value for one in Ended],
        allow_blank=True,
        help_text="How it ended. Empty while it goes on, and after it ran out until that is noted.",
    )


class AssignmentsAsked(Asked):
    project = Words(required=False, help_text="The project's slug.")
    claim = Id(required=False)
    reviewer = OneOf(["me"], required=False, help_text="`me`: your own.")
    live = TruthInAddress(required=False, help_text="true: only those that go on.")


class AssignmentGiven(Given):
    """A `claim` or an `article`, for yourself; for a `reviewer`, by a moderator."""

    claim = Id(required=False)
    article = Words(required=False, help_text="The article's slug.")
    reviewer = Words(required=False, help_text="A member's pseudonym (moderators).")
    minutes = Whole(
        required=False, help_text="For how long a moderator lends it, if not as the queue does."
    )


class NextGiven(Given):
    """From which project's queue."""

    project = Words(help_text="The project's slug.")


class GivenBack(Given):
    done = Truth(required=False, default=False, help_text="true: an article is worked through.")


class ReassignmentGiven(Given):
    """Who gets it instead."""

    reviewer = Words(help_text="A member's pseudonym.")


class SkipGiven(Given):
    """Why a claim is not to be lent to you; `other` needs a note."""

    reason = OneOf(SKIP_REASONS)
    note = Words(required=False, default="")
    for_all = Truth(
        required=False,
        default=False,
        help_text="true takes it out of the queue for everyone (moderators), or asks them to.",
    )


class SkipShape(serializers.Serializer[Any]):
    """A claim that the queue does not lend you."""

    project = serializers.CharField(source="project.slug")
    claim = serializers.UUIDField(source="claim_id")
    reason = serializers.ChoiceField(choices=SKIP_REASONS)
    note = serializers.CharField(allow_blank=True)
    asks_all = serializers.BooleanField(
        help_text="Whether the moderators are asked to take it out for everyone."
    )


class GoldItemShape(serializers.Serializer[Any]):
    """A claim whose rating is known."""

    id = serializers.UUIDField()
    project = serializers.CharField(source="project.slug")
    claim = serializers.UUIDField(source="claim_id")
    rating = serializers.CharField(source="rating.slug")
    explanation = serializers.CharField()
    made_by = serializers.CharField(source="made_by.pseudonym")
    made_at = serializers.DateTimeField()


class GoldItemsAsked(Asked):
    project = Words(required=False, help_text="The project's slug.")


class GoldItemChange(Given):
    """What is known of it; what is left out stays."""

    rating = Words(required=False, help_text="A slug of the project's scale.")
    explanation = Words(required=False)


class GoldItemGiven(Given):
    """A claim without a ruling, the rating that is right, and why."""

    claim = Id()
    rating = Words(help_text="A slug of the project's scale.")
    explanation = Words()
