"""Claims, the places where they stand, and what is done to them."""

from typing import Any

from rest_framework import serializers

from annotations.api.fields import Day, Id, ListOf, OneOf, Whole, Words
from annotations.api.given import Asked, Given, InDays, OneOfMany, SearchedFor
from annotations.rules.claims import ClaimKind, CorrectionKind, RulingKind
from annotations.rules.reattaching import CameBy
from annotations.rules.states import SET_ASIDE_REASONS, State

MOST_TOPICS = 100
CLAIM_KINDS = [one.value for one in ClaimKind]
RULING_KINDS = [one.value for one in RulingKind]

STATE_HELP = (
    "Null while you may not know it: in a blind project, before your own verdict, the state "
    "would tell of the others'."
)

WANTED_HELP = (
    "How many verdicts it waits for: the project's number, or one more than it had when a further "
    "one was asked for. For moderators and owners; null for others."
)


class ClaimantShape(serializers.Serializer[Any]):
    """Who said it, with the role held at the time."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.CharField(allow_blank=True)
    wikidata_id = serializers.CharField(allow_blank=True)


class PlaceShape(serializers.Serializer[Any]):
    """Where a claim stands: `[start, end)` in code points of a revision's text."""

    id = serializers.UUIDField()
    article = serializers.CharField(source="article.slug")
    revision = serializers.UUIDField(source="revision_id")
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    quote = serializers.CharField()
    prefix = serializers.CharField(allow_blank=True)
    suffix = serializers.CharField(allow_blank=True)
    marked_by = serializers.CharField(source="marked_by.pseudonym")
    marked_at = serializers.DateTimeField()
    carried = serializers.ChoiceField(
        choices=[one.value for one in CameBy],
        allow_blank=True,
        help_text="How it came over from an older text: by itself (`exact`, `moved`) or by a "
        "person. Empty where it was marked in this one.",
    )
    carried_from = serializers.UUIDField(
        source="carried_from_id", allow_null=True, help_text="The appearance in the older text."
    )


class RulingNow(serializers.Serializer[Any]):
    """The ruling in force. A withdrawal has no rating."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=RULING_KINDS)
    rating = serializers.CharField(source="rating.slug", default=None, allow_null=True)
    rating_name = serializers.CharField(
        allow_blank=True, help_text="As it was when the ruling was published."
    )
    rating_definition = serializers.CharField(allow_blank=True)
    summary = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    correction = serializers.ChoiceField(
        choices=[one.value for one in CorrectionKind], allow_blank=True
    )
    made_by = serializers.CharField(source="made_by.pseudonym")
    made_at = serializers.DateTimeField()


class ClaimShape(serializers.Serializer[Any]):
    """A statement under check, with every place where it stands and the ruling in force."""

    id = serializers.UUIDField()
    project = serializers.CharField(source="project.slug")
    statement = serializers.CharField()
    kind = serializers.ChoiceField(choices=CLAIM_KINDS)
    claimant = ClaimantShape(allow_null=True)
    said_on = serializers.DateField(allow_null=True)
    first_address = serializers.CharField(allow_blank=True)
    topics = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(
        source="shown_state",
        choices=[one.value for one in State],
        allow_null=True,
        help_text=STATE_HELP,
    )
    verdicts_wanted = serializers.IntegerField(
        source="shown_wanted", allow_null=True, help_text=WANTED_HELP
    )
    set_aside_reason = serializers.ChoiceField(choices=list(SET_ASIDE_REASONS), allow_blank=True)
    marked_by = serializers.CharField(source="marked_by.pseudonym")
    marked_at = serializers.DateTimeField()
    appearances = PlaceShape(source="places", many=True)
    ruling = RulingNow(source="ruling_now", allow_null=True)


class ClaimsAsked(SearchedFor, InDays, Asked):
    project = Words(required=False, help_text="The project's slug.")
    article = Words(required=False, help_text="The slug of an article in which it stands.")
    state = OneOf(State, required=False, help_text="The state as it is shown to you.")
    rating = Words(required=False, help_text="The slug of the rating that the ruling gives.")
    claimant = Id(required=False, help_text="The claimant's id.")
    kind = OneOf(ClaimKind, required=False)
    marked_by = OneOf(["me"], required=False, help_text="`me`: the claims that you marked.")
    topic = Words(required=False, help_text="One of its topics.")
    language = Words(required=False, help_text="That of an article in which it stands: `en`.")


class ClaimantGiven(Given):
    """Who said it. One of the same name is taken over; a new name makes a new claimant."""

    name = Words()
    role = Words(required=False, default="")


class SpanGiven(Given):
    """Words of an article: `[start, end)` in code points of its newest revision.

    Ends that cut a character of several code points (a flag, a letter with its accent) are moved
    out to it; the answer says where the mark stands.
    """

    article = Words(help_text="The article's slug.")
    start = Whole()
    end = Whole()
    quote = Words(
        required=False,
        allow_null=True,
        help_text=(
            "The words themselves; the mark is refused where they are not the text there, and "
            "where they cut a character."
        ),
    )
    revision = Id(
        required=False,
        allow_null=True,
        help_text=(
            "The revision the offsets were counted in. In an older one the mark is carried over "
            "to the newest, and refused where its words are not as they were."
        ),
    )


class ClaimGiven(SpanGiven):
    """A new claim on words of an article. The statement is the quote unless one is given."""

    statement = Words(required=False, default="")
    kind = OneOf(ClaimKind, required=False, default=ClaimKind.FACTUAL.value)
    claimant = ClaimantGiven(required=False, allow_null=True, default=None)
    said_on = Day(required=False, allow_null=True, default=None)
    topics = ListOf(Words(), most=MOST_TOPICS, required=False, default=list)


class ClaimChange(Given):
    """What changes; what is left out stays. null takes a claimant or a day away."""

    statement = Words(required=False)
    kind = OneOf(ClaimKind, required=False)
    claimant = ClaimantGiven(required=False, allow_null=True)
    said_on = Day(required=False, allow_null=True)
    topics = ListOf(Words(), most=MOST_TOPICS, required=False)


class ClaimChangeOfMany(OneOfMany, ClaimChange):
    """One of many claims that are changed."""


class SetAsideGiven(Given):
    """Why a claim is taken out of review."""

    set_aside_reason = OneOf(SET_ASIDE_REASONS)
    note = Words(required=False, default="")


class AppearanceShape(PlaceShape):
    """A place, with the claim that stands there."""

    claim = serializers.UUIDField(source="claim_id")
    project = serializers.CharField(source="project.slug")


class AppearancesAsked(Asked):
    project = Words(required=False, help_text="The project's slug.")
    article = Words(required=False, help_text="The article's slug.")
    revision = Id(required=False)
    claim = Id(required=False)


class AppearanceGiven(SpanGiven):
    """A further place of a claim, in an article of the same project."""

    claim = Id()


class AppearanceChange(SpanGiven):
    """Other words for a place, in the newest text of its article."""

    article = None  # type: ignore[assignment]  # it stays
