"""What the records' addresses can be asked."""

from typing import Any

from rest_framework import serializers


class Nothing(serializers.Serializer[Any]):
    """An address without parameters."""
