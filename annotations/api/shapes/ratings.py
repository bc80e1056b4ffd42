"""The ratings of a scale in use: added, changed, retired."""

from typing import Any

from rest_framework import serializers

from annotations.api.fields import Number, OneOf, Words
from annotations.api.given import Given
from annotations.rules.ratings import Look

LOOKS = [one.value for one in Look]


class OnScaleShape(serializers.Serializer[Any]):
    """A rating; `value` is null off the axis. A retired one counts as `replaced_by`."""

    id = serializers.UUIDField()
    project = serializers.CharField(source="project.slug")
    slug = serializers.CharField()
    name = serializers.CharField()
    definition = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    look = serializers.ChoiceField(choices=LOOKS)
    position = serializers.IntegerField(help_text="Its place on the scale, 1 the best.")
    added_at = serializers.DateTimeField()
    retired_at = serializers.DateTimeField(allow_null=True)
    replaced_by = serializers.CharField(source="replaced_by.slug", default=None, allow_null=True)


class RatingChange(Given):
    """What a rating is called, means and looks like; what is left out stays."""

    name = Words(required=False)
    definition = Words(required=False)
    look = OneOf(Look, required=False)


class NewRatingGiven(Given):
    """A rating of the scale; its value says between which others it stands."""

    slug = Words(help_text="Letters, digits, - and _. It stays.")
    name = Words()
    definition = Words()
    look = OneOf(Look)
    value = Number(allow_null=True, help_text="Higher is better; null stands off the axis.")


class RetirementGiven(Given):
    """What stands for a rating that is taken out of use."""

    replaced_by = Words(help_text="The slug of a rating in use.")
