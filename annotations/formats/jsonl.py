"""The native format: one record a line, as JSON. Lossless; the schema is `record.schema.json`.

What is written is PostgreSQL's own bytes (`annotations.models.exports`), so there is no writer
here. A line that is read is held to the schema.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from annotations.formats.contract import ReadAsked
from annotations.formats.given import Recorded, Refused
from annotations.formats.lines import Bytes, objects
from annotations.formats.offsets import Unit, shortened

SLUG = "jsonl"
NAME = "JSON Lines, one record a line"
MEDIA_TYPE = "application/jsonl"
ENDING = "jsonl"
LOSSLESS = True
DROPS: tuple[str, ...] = ()
UNITS: tuple[Unit, ...] = (Unit.CODEPOINT,)
SCHEMA = Path(__file__).with_name("record.schema.json")


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of a record."""
    read: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    return read


@cache
def validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema(), validate_formats=True)


def read(file: Bytes, asked: ReadAsked) -> Iterator[Recorded | Refused]:
    """Each line's record, or what keeps it from being one."""
    for one in objects(file):
        if isinstance(one, Refused):
            yield one
            continue
        line, record = one
        wrong = next(validator().iter_errors(record), None)
        if wrong is None:
            yield Recorded(line, record)
        else:
            place = ".".join(str(step) for step in wrong.instance_path) or "the record"
            yield Refused(line, f"This is no record: {place}: {shortened(wrong.message, 300)}.")
