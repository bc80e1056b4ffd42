"""What formats there are, what an export can be asked, and what it leaves out."""

from typing import Any

from rest_framework import serializers

from annotations.api.fields import OneOf, Words
from annotations.formats import contract, jsonl, packing
from annotations.formats.offsets import Unit
from annotations.models.exports import exports

UNITS = [one.value for one in Unit]
NARROWING = {
    "state": "Claims in these states, as far as you are told of it; with commas between them.",
    "rating": "Claims of which the ruling, or a verdict that you see, gives one of these ratings.",
    "claimant": "Claims of whoever has this name.",
    "language": "Articles in these languages, such as en,uk.",
    "from": "Articles of this day or later, as 2025-03-17.",
    "to": "Articles of this day or earlier.",
    "after": "The id of the article whose record came last: goes on behind it, as things are now.",
}


class FormatShape(serializers.Serializer[Any]):
    """A format; `units` is empty where it has no offsets, `drops` where it holds everything."""

    slug = serializers.CharField(source="SLUG")
    name = serializers.CharField(source="NAME")
    media_type = serializers.CharField(source="MEDIA_TYPE")
    ending = serializers.CharField(source="ENDING")
    lossless = serializers.BooleanField(source="LOSSLESS")
    drops = serializers.ListField(
        source="DROPS",
        child=serializers.CharField(),
        help_text="What of a record it has no place for.",
    )
    units = serializers.ListField(
        source="UNITS",
        child=serializers.ChoiceField(choices=UNITS),
        help_text="What its offsets may count, its own rule first.",
    )
    asks_unit = serializers.SerializerMethodField(
        help_text="Why `unit` has to be said when such a file is brought in; empty if it need not."
    )
    reads = serializers.SerializerMethodField()
    writes = serializers.SerializerMethodField()

    def get_asks_unit(self, one: contract.Format) -> str:
        return contract.asks_unit(one)

    def get_reads(self, one: contract.Format) -> bool:
        return one.SLUG in contract.readers()

    def get_writes(self, one: contract.Format) -> bool:
        return one.SLUG in exports()


class ExportAsked(serializers.Serializer[Any]):
    format = OneOf(
        list(exports()), required=False, default=jsonl.SLUG, help_text="See /api/v1/formats/."
    )
    offset_unit = OneOf(
        UNITS, required=False, help_text="What offsets count, where the format leaves that open."
    )
    packed = OneOf(packing.WAYS, required=False, help_text="Packed as it goes out.")

    def get_fields(self) -> dict[str, Any]:
        asked = {name: Words(required=False, help_text=told) for name, told in NARROWING.items()}
        return super().get_fields() | asked


class DroppedShape(serializers.Serializer[Any]):
    """Something that a format has no place for, and how often it was in a corpus."""

    what = serializers.CharField()
    times = serializers.IntegerField()


class ExportReportShape(serializers.Serializer[Any]):
    """What an export would leave out of the records that you see."""

    format = serializers.CharField()
    lossless = serializers.BooleanField()
    size = serializers.IntegerField(help_text="Of the file, in bytes.")
    dropped = DroppedShape(many=True)
