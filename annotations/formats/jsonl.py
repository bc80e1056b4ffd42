"""The native format: one record a line, as JSON. Lossless; the schema is `record.schema.json`.

What is written is PostgreSQL's own bytes (`annotations.models.exports`), so there is no writer
here; `ended` adds a last line that says whether the file is whole. A line that is read is held to
the schema.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from annotations.formats.contract import ReadAsked
from annotations.formats.given import Recorded, Refused
from annotations.formats.lines import Bytes, Line, lines, parsed
from annotations.formats.offsets import Unit, shortened
from annotations.rules.refusals import Malformed

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


def ended(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines, and one more that says how many they are and what their bytes hash to, so that
    whoever has the file knows that it is whole.
    """
    digest, records = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        records += chunk.count(b"\n")
        yield chunk
    yield orjson.dumps({"end": {"records": records, "sha256": digest.hexdigest()}}) + b"\n"


def read(file: Bytes, asked: ReadAsked) -> Iterator[Recorded | Refused]:
    """Each line's record, or what keeps it from being one. The last line is held to its word."""
    digest, records = hashlib.sha256(), 0
    for one in lines(file):
        if isinstance(one, Refused):
            records += 1
            yield one
        elif (end := ending(one.text)) is not None:
            if (end["records"], end["sha256"]) != (records, digest.hexdigest()):
                yield Refused(one.number, missing(end["records"], records))
            digest, records = hashlib.sha256(), 0  # another file may follow in this one
        else:
            digest.update(one.text.encode() + b"\n")
            records += 1
            yield record_in(one)


def ending(text: str) -> dict[str, Any] | None:
    """What the last line says, if this is one."""
    if not text.startswith('{"end":'):
        return None
    try:
        told = orjson.loads(text)["end"]
        return {"records": int(told["records"]), "sha256": str(told["sha256"])}
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None


def missing(told: int, found: int) -> str:
    if told != found:
        return (
            f"This line tells of {told:,} records, and {found:,} stand before it: the file is not "
            "whole. What there is was read."
        )
    return "The records before are not the ones that this line was written for: some were changed."


def record_in(line: Line) -> Recorded | Refused:
    try:
        record = parsed(line.text)
    except Malformed as refusal:
        return Refused(line.number, refusal.sentence, shortened(line.text))
    wrong = next(validator().iter_errors(record), None)
    if wrong is None:
        return Recorded(line.number, record, len(line.text))
    place = ".".join(str(step) for step in wrong.instance_path) or "the record"
    return Refused(line.number, f"This is no record: {place}: {shortened(wrong.message, 300)}.")
