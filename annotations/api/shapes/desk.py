"""What a desk is run with: its members, the claimants it knows, its log."""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from annotations.api.fields import Id, OneOf, Words
from annotations.api.given import Asked, Given
from annotations.models import Event
from annotations.models.events import open_all
from annotations.rules.permissions import Role


class MemberShape(serializers.Serializer[Any]):
    """Somebody who works in a project."""

    pseudonym = serializers.CharField(source="user.pseudonym")
    role = serializers.ChoiceField(choices=[one.value for one in Role])
    joined_at = serializers.DateTimeField()


class MemberGiven(Given):
    """The role that somebody has from now on."""

    pseudonym = Words(help_text="As the person told you; nobody is found by any other name.")
    role = OneOf(Role, allow_null=True, help_text="null ends the membership.")


class ClaimantsAsked(Asked):
    like = Words(required=False, help_text="Letters of the name.")


class EventList(serializers.ListSerializer[Any]):
    """Events of a page, whose sealed parts are opened with one query."""

    def to_representation(self, data: Any) -> Any:
        events: Iterable[Event] = list(data)
        open_all(events)
        return super().to_representation(events)


class EventShape(serializers.Serializer[Any]):
    """Who did what to which thing, and what it was before and after."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    project = serializers.CharField(source="project.slug")
    actor = serializers.CharField(
        source="actor.pseudonym",
        default=None,
        allow_null=True,
        help_text="The pseudonym; null where nobody did it, but the desk's own housekeeping.",
    )
    verb = serializers.CharField()
    kind = serializers.CharField(source="object_kind", help_text="What kind of thing.")
    thing = serializers.UUIDField(source="object_id", help_text="Its id.")
    claim = serializers.UUIDField(source="claim_id", allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()

    class Meta:
        list_serializer_class = EventList

    def get_before(self, event: Event) -> dict[str, Any] | None:
        return event.whole("before") or None

    def get_after(self, event: Event) -> dict[str, Any] | None:
        return event.whole("after") or None


class EventsAsked(Asked):
    project = Words(required=False, help_text="The project's slug.")
    claim = Id(required=False, help_text="A claim, with its verdicts and rulings.")
    thing = Id(required=False, help_text="Any thing, by its id.")
    verb = Words(required=False, help_text="What was done, such as `publish_ruling`.")
