"""API tokens, one's own. The secret is in the answer that makes one, and nowhere else."""

from typing import Any

from rest_framework import serializers

from annotations.api.fields import ListOf, OneOf, Whole, Words
from annotations.api.given import Given
from annotations.rules.scopes import ALL, DAYS, MOST_DAYS, Scope

SCOPES = [one.value for one in ALL]


class TokenShape(serializers.Serializer[Any]):
    """A token: what it is for, until when, and when it was last used."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    hint = serializers.CharField(help_text="What its secret begins with.")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=SCOPES),
        help_text="What it is for. Its person's role bounds it as well.",
    )
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="To the minute.")
    revoked_at = serializers.DateTimeField(allow_null=True)


class TokenWithSecretShape(TokenShape):
    """A token with its secret, which is not shown again."""

    secret = serializers.CharField()


class TokenGiven(Given):
    """A token that is to be made."""

    name = Words(help_text="What it is for, so that you know it again.")
    scopes = ListOf(
        OneOf(Scope),
        most=len(ALL),
        required=False,
        help_text="`read` is implied. All that the token has which this is sent with, unless said.",
    )
    days = Whole(
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=f"How long it lives; {DAYS} unless said.",
    )
