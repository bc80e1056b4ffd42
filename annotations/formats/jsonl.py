"""The native format: one record a line, as JSON. Lossless; the schema is `record.schema.json`.

The lines are PostgreSQL's own bytes (`annotations.models.records`); nothing is done to them here.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

SLUG = "jsonl"
NAME = "JSON Lines, one record a line"
MEDIA_TYPE = "application/jsonl"
ENDING = "jsonl"
LOSSLESS = True
DROPS = ()
OFFSET_UNIT = "codepoint"
SCHEMA = Path(__file__).with_name("record.schema.json")


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of a record."""
    read: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    return read
