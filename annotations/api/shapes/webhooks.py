"""Webhooks, what was due to them, and what came of it."""

from typing import Any

from rest_framework import serializers

from annotations.api.fields import ListOf, Moment, OneOf, Truth, Words
from annotations.api.given import Asked, Given
from annotations.rules.webhooks import TEST, Kind, Stands

KINDS = [one.value for one in Kind]
TOLD = [*KINDS, TEST]
STATES = [one.value for one in Stands]


class WebhookShape(serializers.Serializer[Any]):
    """A webhook. Its secret was shown when it was made."""

    id = serializers.UUIDField()
    project = serializers.CharField(source="project.slug")
    address = serializers.URLField()
    description = serializers.CharField(allow_blank=True)
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=KINDS))
    is_on = serializers.BooleanField()
    off_at = serializers.DateTimeField(allow_null=True)
    why_off = serializers.CharField(allow_blank=True, help_text="A sentence; empty while it is on.")
    failing_since = serializers.DateTimeField(
        allow_null=True, help_text="The first failure since something was delivered."
    )
    made_by = serializers.CharField(source="made_by.pseudonym")
    made_at = serializers.DateTimeField()
    waiting = serializers.IntegerField(help_text="Deliveries that are due, now or later.")
    missed = serializers.IntegerField(
        help_text="Deliveries that failed, or were due while it was off."
    )


class WebhookWithSecretShape(WebhookShape):
    """A webhook with its secret, which is not shown again."""

    secret = serializers.CharField(help_text="`whsec_` and base64; it verifies the signatures.")


class AttemptShape(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    took_ms = serializers.IntegerField()
    status = serializers.IntegerField(allow_null=True)
    answer = serializers.CharField(allow_blank=True, help_text="Its first 1,000 characters.")
    error = serializers.CharField(allow_blank=True, help_text="A sentence; empty for a success.")


class DeliveryShape(serializers.Serializer[Any]):
    """A message; its `id` is the `webhook-id` under which it is sent, however often."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=TOLD)
    at = serializers.DateTimeField(help_text="When what it tells of happened.")
    state = serializers.ChoiceField(choices=STATES)
    due_at = serializers.DateTimeField(allow_null=True)
    tried = serializers.IntegerField(help_text="How often since it was last made due.")


class DeliveryInFullShape(DeliveryShape):
    """A message with every attempt to deliver it, the last one first."""

    attempts = AttemptShape(source="tries", many=True)


class DeliveriesAsked(Asked):
    state = OneOf(Stands, required=False)


class WebhookChange(Given):
    """What can be changed; what is left out stays."""

    address = Words(required=False, help_text="Starts with https://.")
    description = Words(required=False)
    kinds = ListOf(OneOf(Kind), most=len(KINDS), required=False, help_text="What it is told of.")
    is_on = Truth(required=False)


class WebhookGiven(WebhookChange):
    """A webhook that is to be set up."""

    address = Words(help_text="Starts with https://.")
    kinds = ListOf(OneOf(Kind), most=len(KINDS), help_text="What it is told of.")


class ReplayGiven(Given):
    """What is delivered again: all that failed or was missed, or that since a moment."""

    since = Moment(required=False, help_text="With its offset: 2026-03-02T12:00:00Z.")


class ReplayedShape(serializers.Serializer[Any]):
    deliveries = serializers.IntegerField(help_text="How many are due again.")
