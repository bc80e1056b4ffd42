"""What a format is: one module of this package, found by its being here.

It declares

- `SLUG`, `NAME`, `MEDIA_TYPE`, `ENDING`: how it is asked for, called, sent and saved;
- `LOSSLESS`, and `DROPS`: a sentence for each thing of a record that it has no place for;
- `UNITS`: the units its offsets may be in, its own rule first; empty for a format without offsets;
- `ASKS_UNIT`, where nothing in its files tells which of them it is: the sentence that asks for it;

and has one or both of

- `write(records, asked) -> Iterator[bytes]`: the file, piece by piece, whatever its size;
- `read(file, asked) -> Iterator[Found | Refused]`: what it holds, in the file's order, a bad piece
  refused by itself. It reads on from a bad piece wherever the format lets it. The native format
  gives `Recorded` for `Found`.

A `Record` is what the native format has in a line (`record.schema.json`).
"""

import pkgutil
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, Protocol, TypeVar

from annotations.formats.given import Piece
from annotations.formats.lines import Bytes
from annotations.formats.offsets import NAMES, Unit
from annotations.rules.ratings import STANDARD_SCALE
from annotations.rules.refusals import Malformed, NotFound

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WriteAsked:
    """What a writer may be asked. It counts in `dropped` what it leaves out, by the sentence that
    says why, so that the report can tell.

    `site` is the address of the site without a slash at its end, `desk` who publishes there.
    """

    unit: Unit | None = None
    site: str = ""
    desk: str = ""
    dropped: Counter[str] = field(default_factory=Counter)

    def unit_of(self, units: tuple[Unit, ...]) -> Unit:
        return self.unit or units[0]


@dataclass(frozen=True, slots=True)
class ReadAsked:
    """What a reader may be told: the file's name, and the unit of its offsets where it is known.

    It counts in `left_out` what is not wrong and has no place here, by the sentence that says so.
    `ratings` are the words that the project takes for ratings, for formats that have theirs among
    other tags.
    """

    name: str = ""
    unit: Unit | None = None
    left_out: Counter[str] = field(default_factory=Counter)
    ratings: Collection[str] = tuple(
        word for one in STANDARD_SCALE for word in (one.slug, one.name)
    )

    def is_rating(self, word: str) -> bool:
        return word.strip().casefold() in {one.casefold() for one in self.ratings}

    def units_of(self, units: tuple[Unit, ...]) -> tuple[Unit, ...]:
        return (self.unit,) if self.unit else units


class Format(Protocol):
    SLUG: str
    NAME: str
    MEDIA_TYPE: str
    ENDING: str
    LOSSLESS: bool
    DROPS: tuple[str, ...]
    UNITS: tuple[Unit, ...]


class Writer(Format, Protocol):
    def write(self, records: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]: ...


class Reader(Format, Protocol):
    def read(self, file: Bytes, asked: ReadAsked) -> Iterator[Piece]: ...


AFormat = TypeVar("AFormat", bound=Format)


@cache
def _modules() -> dict[str, Any]:
    here = __name__.rpartition(".")[0]
    names = (one.name for one in pkgutil.iter_modules(import_module(here).__path__))
    found = (import_module(f"{here}.{name}") for name in names)
    formats = [one for one in found if hasattr(one, "UNITS") and hasattr(one, "SLUG")]
    return {one.SLUG: one for one in sorted(formats, key=lambda one: str(one.SLUG))}


def formats() -> dict[str, Format]:
    """Every format there is, by its slug."""
    return dict(_modules())


def writers() -> dict[str, Writer]:
    """Every format that can be written, by its slug."""
    return {slug: one for slug, one in _modules().items() if hasattr(one, "write")}


def readers() -> dict[str, Reader]:
    """Every format that can be read, by its slug."""
    return {slug: one for slug, one in _modules().items() if hasattr(one, "read")}


def writer(slug: str) -> Writer:
    return named(writers(), slug, "written")


def reader(slug: str) -> Reader:
    return named(readers(), slug, "read")


def named(formats: Mapping[str, AFormat], slug: str, done: str) -> AFormat:
    if slug not in formats:
        raise NotFound(
            f"There is no format “{slug}” that can be {done}. There are: {', '.join(formats)}.",
            field="format",
        )
    return formats[slug]


def asks_unit(one: Format) -> str:
    """The sentence that asks for the unit of offsets, if this format's files cannot show it."""
    sentence: str = getattr(one, "ASKS_UNIT", "")
    return sentence


def unit_told(one: Reader, name: str) -> Unit | None:
    """The unit that a file's offsets are in, as far as it is told; some formats have to be told."""
    if not name and (sentence := asks_unit(one)):
        raise Malformed(sentence, field="unit")
    return unit_of(one, name)


def unit_of(one: Format, name: str) -> Unit | None:
    """The unit that offsets of a format are asked for in; none was named by the empty name."""
    if name and name not in one.UNITS:
        units = " or ".join(f"{unit} ({NAMES[unit]})" for unit in one.UNITS)
        raise Malformed(
            f"Offsets of this format are in {units}." if units else "This format has no offsets.",
            field="unit",
        )
    return Unit(name) if name else None
