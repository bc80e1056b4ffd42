"""Projects, their settings and the scale they judge by."""

from typing import Any

from rest_framework import serializers

from annotations.api.fields import OneOf, Truth, Whole, Words
from annotations.api.given import Given
from annotations.rules.permissions import Role
from annotations.rules.ratings import Look
from annotations.rules.work import LEAST_MINUTES, MOST_MINUTES, GoldMode, QueueOrder


class RatingShape(serializers.Serializer[Any]):
    """One rating of a scale; `value` is null off the axis."""

    slug = serializers.CharField()
    name = serializers.CharField()
    definition = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    look = serializers.ChoiceField(choices=[one.value for one in Look])


class ProjectShape(serializers.Serializer[Any]):
    """A project. `role` is yours in it, null where you have none."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    verdicts_required = serializers.IntegerField(min_value=1, max_value=9)
    blind = serializers.BooleanField()
    one_person_suffices = serializers.BooleanField()
    lease_minutes = serializers.IntegerField(
        min_value=LEAST_MINUTES, max_value=MOST_MINUTES, help_text="For how long work is lent."
    )
    queue_order = serializers.ChoiceField(choices=[one.value for one in QueueOrder])
    created_at = serializers.DateTimeField()
    role = serializers.ChoiceField(choices=[one.value for one in Role], allow_null=True)
    scale = RatingShape(many=True)


class NewProjectGiven(Given):
    """A project to begin; what else there is to it is changed afterwards."""

    slug = Words(help_text="For addresses: letters, digits, - and _. It stays.")
    name = Words()
    description = Words(required=False, default="")
    verdicts_required = Whole(required=False, default=2)
    blind = Truth(required=False, default=True)


class ProjectGiven(Given):
    """What its owner can change; what is left out stays."""

    name = Words(required=False)
    description = Words(required=False)
    verdicts_required = Whole(required=False)
    blind = Truth(required=False)
    one_person_suffices = Truth(required=False)
    lease_minutes = Whole(required=False, help_text="For how long work is lent.")
    queue_order = OneOf(QueueOrder, required=False)
    gold_every = Whole(
        required=False, help_text="One in so many claims is a gold item, by lot; 0: none."
    )
    gold_mode = OneOf(GoldMode, required=False)
