"""How far reviewers agree, and of what."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotations.api.fields import OneOf, Words
from annotations.formats import units
from annotations.rules.agreement import Pair
from annotations.rules.study import REFERENCE, REFERENCE_SOURCE, Study
from annotations.rules.wanted import LeftOut, Versions

ASKED = {
    "versions": "first (what each reviewer submitted first, not knowing of the others; the usual) "
    "or current (what each says now).",
    "article": "The article's slug.",
    "reviewers": "Pseudonyms, with commas between them; two at least.",
    "from": "The first day on which a verdict was submitted, as 2025-03-17 (UTC).",
    "to": "The last day.",
}


class AgreementAsked(serializers.Serializer[Any]):
    format = OneOf(
        ["json", units.SLUG], required=False, default="json", help_text=f"csv: {units.NAME}."
    )

    def get_fields(self) -> dict[str, Any]:
        asked = {name: Words(required=False, help_text=told) for name, told in ASKED.items()}
        return asked | super().get_fields()


class ScoredShape(serializers.Serializer[Any]):
    """A figure with its interval of 95 %; `why` says why there is none, or no interval."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    why = serializers.CharField(allow_blank=True)


class FiguresShape(serializers.Serializer[Any]):
    """Alpha is Krippendorff's; the ordinal and the interval one leave out ratings off the axis."""

    alpha_nominal = ScoredShape(source="nominal")
    alpha_ordinal = ScoredShape(source="ordinal")
    alpha_interval = ScoredShape(source="interval")
    fleiss_kappa = ScoredShape(source="fleiss")
    fleiss_claims = serializers.IntegerField(
        help_text="Claims with the number of verdicts that most have: Fleiss' kappa is of those."
    )
    fleiss_verdicts = serializers.IntegerField(help_text="That number.")
    share = ScoredShape(help_text="Pairs of verdicts on a claim that agree, of all such pairs.")
    off_the_axis = serializers.IntegerField(help_text="Verdicts with a rating off the axis.")


class OnRatingShape(serializers.Serializer[Any]):
    """Agreement on one rating: whoever gave it, how often the others on the claim did too."""

    rating = serializers.CharField(source="rating.slug")
    verdicts = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    alpha = serializers.FloatField(allow_null=True, help_text="Of this rating or any other.")


class MetShape(serializers.Serializer[Any]):
    """How often these two ratings met."""

    first = serializers.CharField()
    second = serializers.CharField()
    count = serializers.IntegerField()


@extend_schema_field(MetShape(many=True))
class Met(serializers.Field[Any, Any, Any, Any]):
    """A table of places on the scale, told by the slugs of the ratings."""

    def to_representation(self, table: Mapping[Pair, int]) -> list[dict[str, Any]]:
        study: Any = self.root.instance
        slugs = [one["slug"] for one in study.scale]
        return [
            {"first": slugs[one], "second": slugs[other], "count": n}
            for (one, other), n in sorted(table.items())
        ]


class OfPairShape(serializers.Serializer[Any]):
    """Two reviewers: Cohen's kappa, and weighted by steps on the axis."""

    reviewers = serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2)
    claims = serializers.IntegerField()
    share = serializers.FloatField()
    kappa = ScoredShape()
    weighted_kappa = ScoredShape(source="weighted")
    ratings = Met(source="table", help_text="`first` is the first reviewer's rating.")


class OfMonthShape(serializers.Serializer[Any]):
    """A month, by the last verdict that counts on each claim."""

    month = serializers.CharField()
    claims = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    alpha_nominal = ScoredShape(source="alpha")


class OfArticleShape(serializers.Serializer[Any]):
    article = serializers.CharField(source="slug")
    title = serializers.CharField()
    claims = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    alpha_nominal = serializers.FloatField(source="alpha", allow_null=True)
    why = serializers.CharField(allow_blank=True)


class NotCountedShape(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=[one.value for one in LeftOut])
    verdicts = serializers.IntegerField()
    told = serializers.CharField()


class OfMarkersShape(serializers.Serializer[Any]):
    """How far two people marked the same words, in the articles where both have marked: F1."""

    people = serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2)
    articles = serializers.IntegerField()
    marks = serializers.ListField(
        child=serializers.IntegerField(), min_length=2, max_length=2, help_text="Of each of them."
    )
    words = serializers.FloatField(help_text="F1 over code points.")
    exact = serializers.FloatField(help_text="F1 over marks with the same ends.")
    touching = serializers.FloatField(help_text="F1 over marks that share a code point.")


class ReferenceShape(serializers.Serializer[Any]):
    """What the literature found for people who judge claims of the real world."""

    kappa = serializers.FloatField()
    paper = serializers.CharField()


class AgreementShape(serializers.Serializer[Any]):
    """A study of agreement, and what it leaves out. Drafts are their authors' alone: no study
    counts them.
    """

    versions = serializers.ChoiceField(choices=[one.value for one in Versions])
    claims = serializers.IntegerField(source="measured.claims")
    verdicts = serializers.IntegerField(source="measured.verdicts")
    figures = FiguresShape(source="measured")
    reference = serializers.SerializerMethodField()
    ratings = OnRatingShape(many=True)
    confusion = Met(help_text="Of every pair of verdicts on a claim; `first` is the better one.")
    pairs = OfPairShape(many=True)
    pairs_in_all = serializers.IntegerField(help_text="`pairs` has those with the most claims.")
    months = OfMonthShape(many=True)
    articles = OfArticleShape(many=True)
    articles_in_all = serializers.IntegerField(help_text="`articles` has those with the most.")
    markers = OfMarkersShape(many=True)
    markers_in_all = serializers.IntegerField(help_text="`markers` has those with the most marks.")
    left_out = serializers.SerializerMethodField()
    single = serializers.IntegerField(help_text="Claims with one verdict that counts.")

    @extend_schema_field(ReferenceShape)
    def get_reference(self, _: Study) -> dict[str, Any]:
        return {"kappa": REFERENCE, "paper": REFERENCE_SOURCE}

    @extend_schema_field(NotCountedShape(many=True))
    def get_left_out(self, study: Study) -> list[dict[str, Any]]:
        return [
            {"reason": why, "verdicts": n, "told": f"Verdicts {why.sentence}."}
            for why, n in study.left_out.items()
        ]
