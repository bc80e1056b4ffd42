"""Exports: a project's records as a person may see them, in any format, piece by piece."""

from collections.abc import Iterator
from typing import Any

import orjson
from django.contrib.auth.models import AnonymousUser

from annotations.formats import contract, jsonl
from annotations.formats.contract import Format, Record, WriteAsked
from annotations.models.people import User
from annotations.models.projects import Project
from annotations.models.records import records_of
from annotations.rules.narrowing import EVERYTHING, Narrowed


def exports() -> dict[str, Format]:
    """Every format that a project can be had in, the native one first."""
    native: Format = jsonl
    return {jsonl.SLUG: native, **contract.writers()}


def exported(
    project: Project,
    person: User | AnonymousUser,
    slug: str,
    asked: WriteAsked,
    wanted: Narrowed = EVERYTHING,
) -> Iterator[bytes]:
    """The file of a project in the format `slug`; what it leaves out is counted in `asked`.

    The native format is PostgreSQL's own bytes; every other is written record by record. Refuses
    a format that there is not, and a unit that it has not.
    """
    contract.unit_of(contract.named(exports(), slug, "written"), asked.unit or "")
    chunks = records_of(project.pk, person, wanted)
    if slug == jsonl.SLUG:
        return jsonl.ended(chunks)
    return contract.writer(slug).write(parsed(chunks), asked)


def parsed(chunks: Iterator[bytes]) -> Iterator[Record]:
    """The records one by one; no more than a chunk of them is held."""
    for chunk in chunks:
        for line in chunk.splitlines():
            record: dict[str, Any] = orjson.loads(line)
            yield record
