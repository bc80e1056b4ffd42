"""What publishers were asked to correct, and what came of it."""

from typing import Any

from rest_framework import serializers

from annotations.api.fields import Day, Id, OneOf, Words
from annotations.api.given import Asked, Given
from annotations.rules.publishers import Outcome, Reached

OUTCOMES = [one.value for one in Outcome]


class PublisherCorrectionShape(serializers.Serializer[Any]):
    """One request to the publisher of an article. As public as the ruling it rests on."""

    id = serializers.UUIDField()
    project = serializers.CharField(source="project.slug")
    claim = serializers.UUIDField(source="claim_id")
    article = serializers.CharField(source="article.slug")
    publisher = serializers.CharField()
    reached = serializers.ChoiceField(choices=[one.value for one in Reached])
    asked_on = serializers.DateField()
    asked = serializers.CharField()
    asked_by = serializers.CharField(source="asked_by.pseudonym")
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    outcome_on = serializers.DateField(allow_null=True)
    outcome_address = serializers.CharField(allow_blank=True)


class PublisherCorrectionsAsked(Asked):
    project = Words(required=False, help_text="The project's slug.")
    claim = Id(required=False)
    article = Words(required=False, help_text="The article's slug.")
    outcome = OneOf(Outcome, required=False)


class PublisherCorrectionChange(Given):
    """What is known of a request; what is left out stays. Every outcome but none_yet has a day."""

    publisher = Words(required=False)
    reached = OneOf(Reached, required=False, help_text="By which way; no address of anybody.")
    asked_on = Day(required=False)
    asked = Words(required=False, help_text="What was to be corrected. Public.")
    outcome = OneOf(Outcome, required=False)
    outcome_on = Day(required=False, allow_null=True)
    outcome_address = Words(required=False, help_text="Where the correction stands.")


class PublisherCorrectionGiven(PublisherCorrectionChange):
    """A request that was made. Where no publisher is given, it went to the article's."""

    claim = Id()
    article = Words(required=False, help_text="The article's slug, where the claim is in several.")
    publisher = Words(required=False, default="")
    reached = OneOf(Reached, help_text="By which way; no address of anybody.")
    asked_on = Day()
    asked = Words(help_text="What was to be corrected. Public.")
