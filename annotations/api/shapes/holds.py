"""Legal holds: what keeps a claim or an article from readers, and its public notice."""

from typing import Any

from rest_framework import serializers

from annotations.api.fields import Day, Id, OneOf, TruthInAddress, Words
from annotations.api.given import Asked, Given
from annotations.rules.holds import HoldKind

HOLD_KINDS = [one.value for one in HoldKind]


class HoldShape(serializers.Serializer[Any]):
    """A hold on a claim or on an article: the one that it is not on is null."""

    id = serializers.UUIDField()
    project = serializers.CharField(source="project.slug")
    claim = serializers.UUIDField(source="claim_id", allow_null=True)
    article = serializers.CharField(source="article.slug", default=None, allow_null=True)
    kind = serializers.ChoiceField(choices=HOLD_KINDS)
    authority = serializers.CharField()
    ground = serializers.CharField()
    ordered_on = serializers.DateField()
    notice = serializers.CharField(allow_blank=True)
    placed_by = serializers.CharField(source="placed_by.pseudonym")
    placed_at = serializers.DateTimeField()
    lifted_by = serializers.CharField(source="lifted_by.pseudonym", default=None, allow_null=True)
    lifted_at = serializers.DateTimeField(allow_null=True)
    lifted_because = serializers.CharField(allow_blank=True)


class HoldsAsked(Asked):
    project = Words(required=False, help_text="The project's slug.")
    claim = Id(required=False)
    article = Words(required=False, help_text="The article's slug.")
    standing = TruthInAddress(required=False, help_text="true: only those that are not lifted.")


class HoldGiven(Given):
    """A hold on a claim, or on an article with every claim that stands in it."""

    claim = Id(required=False)
    article = Words(required=False, help_text="The article's slug.")
    kind = OneOf(HoldKind)
    authority = Words(help_text="Who demanded it. Public.")
    ground = Words(help_text="By which law or order. Public.")
    ordered_on = Day(allow_null=True, help_text="When it was demanded. Public.")
    notice = Words(required=False, default="", help_text="What else readers are told.")


class LiftGiven(Given):
    """Why a hold ends."""

    because = Words()
