"""Files that are brought in, and what foreign ratings are on a project's scale."""

from typing import Any

from rest_framework import serializers

from annotations.api.fields import OneOf, Words
from annotations.api.given import Asked, Given
from annotations.api.shapes.exports import UNITS
from annotations.formats.contract import readers
from annotations.rules.imports import Progress

PROGRESS = [one.value for one in Progress]


class ImportShape(serializers.Serializer[Any]):
    """A file on its way in. `unchanged` was there already; `waiting` are verdicts whose rating no
    map covers.
    """

    id = serializers.UUIDField()
    project = serializers.CharField(source="project.slug")
    format = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes, as it was sent.")
    sha256 = serializers.CharField()
    started_by = serializers.CharField(source="started_by.pseudonym")
    started_at = serializers.DateTimeField()
    progress = serializers.ChoiceField(choices=PROGRESS)
    share = serializers.IntegerField(help_text="How much of it is read, in per cent.")
    articles = serializers.IntegerField()
    claims = serializers.IntegerField()
    verdicts = serializers.IntegerField()
    waiting = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    left_out = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="What is not wrong and has no place here, with how often it was in the file.",
    )
    why = serializers.CharField(allow_blank=True, help_text="Why it failed.")
    ended_at = serializers.DateTimeField(allow_null=True)


class ImportAsked(serializers.Serializer[Any]):
    format = OneOf(list(readers()), help_text="See /api/v1/formats/.")
    name = Words(required=False, default="", help_text="What the file is called.")
    unit = OneOf(
        UNITS,
        required=False,
        help_text="What offsets count. Formats that `asks_unit` of /api/v1/formats/ names need it.",
    )


class ImportRefusalShape(serializers.Serializer[Any]):
    """Something of a file that was refused; line 0 stands for the file as a whole."""

    line = serializers.IntegerField()
    sentence = serializers.CharField()
    what = serializers.CharField(allow_blank=True, help_text="How it begins.")


class RefusalsAsked(Asked):
    format = OneOf(
        ["json", "csv"], required=False, default="json", help_text="csv: all of them, as a table."
    )


class RatingMapShape(serializers.Serializer[Any]):
    """What a foreign rating is here; verdicts of one whose `rating` is null are left out."""

    id = serializers.UUIDField()
    project = serializers.CharField(source="project.slug")
    word = serializers.CharField()
    rating = serializers.CharField(source="rating.slug", default=None, allow_null=True)
    made_by = serializers.CharField(source="made_by.pseudonym")
    made_at = serializers.DateTimeField()


class UnmappedShape(serializers.Serializer[Any]):
    """A foreign rating that no map covers, and how many verdicts wait for one."""

    word = serializers.CharField()
    verdicts = serializers.IntegerField()


class RatingMapPageShape(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="The next page; null on the last one.")
    results = RatingMapShape(many=True)
    unmapped = UnmappedShape(many=True, help_text="The most frequent first, 200 at most.")
    unmapped_in_all = serializers.IntegerField()


class RatingMapGiven(Given):
    """What a foreign rating is on the project's scale."""

    word = Words(help_text="The rating as the file has it; case and blanks make no difference.")
    rating = Words(
        allow_null=True, help_text="The slug of a rating in use; null leaves such verdicts out."
    )
