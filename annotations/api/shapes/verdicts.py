"""Verdicts with their evidence, and sources."""

from typing import Any

from rest_framework import serializers

from annotations.api.fields import Day, Id, ListOf, OneOf, Truth, TruthInAddress, Words
from annotations.api.given import Asked, Given, InDays, OneOfMany
from annotations.models import Source
from annotations.rules.claims import Confidence, Reliability, SourceType, Stance
from annotations.rules.verdicts import MOST_EVIDENCE, EvidenceGiven, Judgement


class SourceNamed(serializers.Serializer[Any]):
    """Which source it is."""

    id = serializers.UUIDField()
    address = serializers.CharField()


class PieceShape(serializers.Serializer[Any]):
    """A piece of evidence, with the citation as its reviewer gave it.

    A question with its answer may have no source.
    """

    id = serializers.UUIDField()
    stance = serializers.ChoiceField(choices=[one.value for one in Stance], allow_blank=True)
    source = SourceNamed(allow_null=True)  # type: ignore[assignment]
    type = serializers.ChoiceField(choices=[one.value for one in SourceType], allow_blank=True)
    title = serializers.CharField(allow_blank=True)
    publisher = serializers.CharField(allow_blank=True)
    author = serializers.CharField(allow_blank=True)
    date = serializers.DateField(allow_null=True)
    date_is_inferred = serializers.BooleanField()
    quote = serializers.CharField(allow_blank=True)
    locator = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    question = serializers.CharField(allow_blank=True)
    answer = serializers.CharField(allow_blank=True)


class EvidenceShape(PieceShape):
    """A piece of evidence. `verdict` is null where you may not see whose it is."""

    project = serializers.CharField(source="project.slug")
    verdict = serializers.UUIDField(source="shown_verdict", allow_null=True)


class VerdictShape(serializers.Serializer[Any]):
    """One reviewer's judgement of a claim: a draft until `submitted_at` is set."""

    id = serializers.UUIDField()
    project = serializers.CharField(source="project.slug")
    claim = serializers.UUIDField(source="claim_id")
    reviewer = serializers.CharField(source="reviewer.pseudonym")
    version = serializers.IntegerField()
    rating = serializers.CharField(source="rating.slug", default=None, allow_null=True)
    rating_name = serializers.CharField(source="rating.name", default=None, allow_null=True)
    rationale = serializers.CharField(allow_blank=True)
    confidence = serializers.ChoiceField(
        choices=[one.value for one in Confidence], allow_blank=True
    )
    saved_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    superseded_at = serializers.DateTimeField(allow_null=True)
    is_stale = serializers.BooleanField(
        help_text="Whether the words under the claim changed since it was given."
    )
    evidence = PieceShape(source="pieces", many=True)


class VerdictsAsked(InDays, Asked):
    """The days are those of submitting."""

    rating = Words(required=False, help_text="The rating's slug.")
    project = Words(required=False, help_text="The project's slug.")
    claim = Id(
        required=False,
        help_text="With it the ETag is that of the verdicts in force on the claim, whatever else "
        "is asked: for If-Match of what is decided on them.",
    )
    reviewer = OneOf(["me"], required=False, help_text="`me`: your own.")
    condition = OneOf(
        ["draft", "current", "superseded"],
        required=False,
        help_text="Your drafts; submitted and in force; followed by a newer version.",
    )
    stale = TruthInAddress(
        required=False, help_text="true: only those whose words changed since they were given."
    )


class PieceGiven(Given):
    """A piece of evidence: a source by its address, or by the id of one you know.

    A question with its answer may come without one. A draft may leave the stance empty; a
    submitted verdict has one for every piece.
    """

    stance = OneOf(Stance, required=False, default="", allow_blank=True)
    address = Words(required=False, default="")
    source = Id(required=False, allow_null=True, default=None)  # type: ignore[assignment]
    type = OneOf(SourceType, required=False, default="", allow_blank=True)
    title = Words(required=False, default="")
    publisher = Words(required=False, default="")
    author = Words(required=False, default="")
    date = Day(required=False, allow_null=True, default=None)
    date_is_inferred = Truth(required=False, default=False)
    quote = Words(required=False, default="")
    locator = Words(required=False, default="")
    note = Words(required=False, default="")
    question = Words(required=False, default="")
    answer = Words(required=False, default="")


class BasedOn(Words):
    """Makes sure that nothing newer of the caller's own is overwritten unseen."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            help_text="The `saved_at` of your newest verdict or draft on the claim, as read; left "
            "out or empty where you had none, * for whatever you have. If that is no longer so, "
            "the answer is 409.",
        )


class JudgementGiven(Given):
    """What a reviewer says of a claim. A draft may be incomplete."""

    rating = Words(required=False, default="", help_text="A slug of the project's scale.")
    rationale = Words(required=False, default="")
    confidence = OneOf(Confidence, required=False, default="", allow_blank=True)
    evidence = ListOf(PieceGiven(), most=MOST_EVIDENCE, required=False, default=list)
    submit = Truth(
        required=False, default=False, help_text="true submits it, false keeps it as your draft."
    )
    based_on = BasedOn()


class JudgementChange(Given):
    """What changes in a draft; what is left out stays. `evidence` replaces all of it."""

    rating = Words(required=False, help_text="A slug of the project's scale.")
    rationale = Words(required=False)
    confidence = OneOf(Confidence, required=False, allow_blank=True)
    evidence = ListOf(PieceGiven(), most=MOST_EVIDENCE, required=False)
    submit = Truth(required=False, default=False)
    based_on = BasedOn()


class VerdictGiven(JudgementGiven):
    """A verdict on a claim. It takes the place of your draft, and follows your earlier verdict."""

    claim = Id()


class SourceShape(serializers.Serializer[Any]):
    """A document outside the corpus, described as the newest evidence cites it that you may see."""

    id = serializers.UUIDField()
    project = serializers.CharField(source="project.slug")
    address = serializers.CharField()
    type = serializers.ChoiceField(choices=[one.value for one in SourceType], allow_blank=True)
    title = serializers.CharField(allow_blank=True)
    publisher = serializers.CharField(allow_blank=True)
    author = serializers.CharField(allow_blank=True)
    date = serializers.DateField(allow_null=True)
    date_is_inferred = serializers.BooleanField()
    reliability = serializers.ChoiceField(
        source="view.reliability",
        default="",
        choices=[one.value for one in Reliability],
        allow_blank=True,
        help_text="The desk's view; empty where there is none, or you may not know it yet.",
    )
    reliability_note = serializers.CharField(
        source="view.reliability_note", default="", allow_blank=True
    )

    def to_representation(self, instance: Source) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        cited = instance.citation or {}
        return shown | {name: cited[name] for name in cited if name in self.fields}


class SourceChange(Given):
    """The desk's view of a source; what is left out stays. An empty one takes it back."""

    reliability = OneOf(Reliability, required=False, allow_blank=True)
    reliability_note = Words(required=False, help_text="Why, in a line. Readers see it.")


class SourceChangeOfMany(OneOfMany, SourceChange):
    """One of many sources of which the desk's view is given."""


class SourcesAsked(Asked):
    project = Words(required=False, help_text="The project's slug.")
    address = Words(required=False, help_text="The source's address.")


class EvidenceAsked(Asked):
    project = Words(required=False, help_text="The project's slug.")
    claim = Id(required=False)
    source = Id(required=False)  # type: ignore[assignment]
    stance = OneOf(Stance, required=False)


def judgement(given: dict[str, Any]) -> Judgement:
    """The checked body as the rules take it."""
    pieces = tuple(EvidenceGiven(**piece) for piece in given["evidence"])
    return Judgement(
        rating=given["rating"],
        rationale=given["rationale"],
        confidence=given["confidence"],
        evidence=pieces,
    )
