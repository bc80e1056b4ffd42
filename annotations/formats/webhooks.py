"""What a webhook receives: `{"type", "timestamp", "data"}`, as Standard Webhooks has it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

CONTENT_TYPE = "application/json"


def message(kind: str, at: datetime, data: Mapping[str, Any]) -> bytes:
    """The body of a message: `at` is when what it tells of happened."""
    return orjson.dumps({"type": kind, "timestamp": at.isoformat(), "data": data})
