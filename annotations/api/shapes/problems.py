"""The shape of every refusal: problem details as in RFC 9457."""

from typing import Any

from rest_framework import serializers


class FieldProblem(serializers.Serializer[Any]):
    """What is wrong with one field, such as `evidence.0.address`."""

    field = serializers.CharField()
    detail = serializers.CharField()


class WidenedShape(serializers.Serializer[Any]):
    """A mark moved out to whole characters, `[start, end)` in code points."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()


class RevisionNamed(serializers.Serializer[Any]):
    """Which text of an article it is."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()


class Problem(serializers.Serializer[Any]):
    """A refusal: what is wrong, and what would be right."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    errors = FieldProblem(many=True)  # type: ignore[assignment]
    widened = WidenedShape(
        required=False, help_text="Only where a quote cuts a character: the offsets that do not."
    )
    newest = RevisionNamed(
        required=False,
        help_text="Only where the article has got a new text since you looked: which it is.",
    )
