"""Rulings: publishing one, correcting it, withdrawing it."""

from rest_framework import serializers

from annotations.api.fields import Id, ListOf, OneOf, TruthInAddress, Words
from annotations.api.given import Asked, Given, InDays
from annotations.api.shapes.claims import RulingNow
from annotations.api.shapes.verdicts import PieceShape
from annotations.rules.claims import CorrectionKind, RulingKind

MOST_GROUNDS = 200


class RulingShape(RulingNow):
    """A published step. It is never changed: a correction or a withdrawal follows it."""

    project = serializers.CharField(source="project.slug")
    claim = serializers.UUIDField(source="claim_id")
    superseded_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(
        source="shown_reason",
        allow_null=True,
        help_text="Why this rating, for those who may see the verdicts; null for others.",
    )
    evidence = PieceShape(source="pieces", many=True)


class RulingsAsked(InDays, Asked):
    """The days are those of publishing."""

    project = Words(required=False, help_text="The project's slug.")
    claim = Id(required=False)
    rating = Words(required=False, help_text="The rating's slug.")
    kind = OneOf(RulingKind, required=False)
    current = TruthInAddress(required=False, help_text="true: only those in force.")


class ConclusionGiven(Given):
    """What every published ruling needs."""

    rating = Words(help_text="A slug of the project's scale.")
    summary = Words()
    evidence = ListOf(
        Id(), most=MOST_GROUNDS, help_text="Ids of evidence of submitted verdicts on the claim."
    )


class RulingGiven(ConclusionGiven):
    """The project's conclusion on a claim whose verdicts are in."""

    claim = Id()
    reason = Words(required=False, default="", help_text="Needed where the reviewers disagreed.")


class CorrectionGiven(ConclusionGiven):
    """What is right now, and a note for readers that says what changed."""

    note = Words()
    correction = OneOf(CorrectionKind)


class WithdrawalGiven(Given):
    """Why the ruling is taken back, for readers."""

    note = Words()
