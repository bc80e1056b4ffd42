"""The OpenAPI document, laid out for reading."""

from typing import Any


def guide(document: dict[str, Any]) -> list[dict[str, Any]]:
    return []
