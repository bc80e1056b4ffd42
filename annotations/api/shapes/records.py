"""What the records' addresses can be asked."""

from typing import Any

from rest_framework import serializers

from annotations.api.fields import OneOf
from annotations.formats import jsonl


class Nothing(serializers.Serializer[Any]):
    """An address without parameters."""


class ExportAsked(serializers.Serializer[Any]):
    format = OneOf([jsonl.SLUG], required=False, default=jsonl.SLUG, help_text=jsonl.NAME)
