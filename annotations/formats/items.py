"""Files that are one JSON value with a long list in it, read an item at a time."""

from collections.abc import Iterator
from typing import Any

import ijson
import orjson

from annotations.formats.given import Refused
from annotations.formats.lines import (
    CHUNK,
    DEEPEST,
    LONGEST_LINE,
    TOO_DEEP,
    Bytes,
    objects,
    pieces,
    refuse_unstorable_within,
)
from annotations.formats.offsets import shortened
from annotations.rules.refusals import Malformed

LOOK = 4 * CHUNK  # bytes at which a file is looked at before it is read
BITE = 1024 * 1024  # bytes at a time: a text that spans many bites is read again with each
NO_OBJECT = "Each item has to be one JSON object, in braces."


def listed(file: Bytes, *keys: str) -> Iterator[tuple[int, dict[str, Any]] | Refused]:
    """Each JSON object of a file that is one list of them, one a line, one alone, or an object
    with such a list at one of `keys` (`items`, `first.items`), with its number: the item's, or
    the line's.
    """
    try:
        whole = _Unpacked(file)
        head, is_lines = whole.beginning()
    except Malformed as refusal:
        yield Refused(0, refusal.sentence)
        return
    if is_lines or not head.startswith((b"[", b"{")):
        yield from objects(whole)
        return
    stream = _Stream(whole)
    ways = [["item"]] if head.startswith(b"[") else [[*key.split("."), "item"] for key in keys]
    for item in _numbered(_lists(stream, ways), stream):
        if isinstance(item, Refused) or isinstance(item[1], dict):
            yield item
        else:
            yield Refused(item[0], NO_OBJECT, beginning(item[1]))


def items(file: Bytes, path: str = "item") -> Iterator[tuple[int, Any] | Refused]:
    """Each item of the list at `path` (as ijson writes it: `rows.item`) with its number from 1.

    What is wrong within an item is its own; where the JSON itself breaks off, the last thing is a
    refusal of the file as a whole.
    """
    stream = _Stream(file)
    yield from _numbered(_values(stream, path.split(".") if path else []), stream)


def beginning(found: object) -> str:
    """How a report shows a value: its first letters as JSON; nothing where it is too deep."""
    try:
        return shortened(orjson.dumps(found).decode())
    except orjson.JSONEncodeError:
        return ""


def _numbered(found: Iterator[Any], stream: "_Stream") -> Iterator[tuple[int, Any] | Refused]:
    number = 0
    try:
        for item in found:
            number += 1
            stream.since = 0
            try:
                refuse_unstorable_within(item)
            except Malformed as refusal:
                yield Refused(number, refusal.sentence, beginning(item))
                continue
            yield number, item
    except (ijson.JSONError, UnicodeDecodeError) as error:
        why = str(error).strip().partition("\n")[0]
        yield Refused(0, f"The file is not whole JSON after item {number}: {why}.")
    except Malformed as refusal:
        yield Refused(0, f"{refusal.sentence} The {number} items before were read.")


def _values(stream: "_Stream", way: list[str]) -> Iterator[Any]:
    """Each value that stands at `way`: names of keys, and `item` for a list.

    ijson's own `items` spells the way of every value out, which for a hundred kilobytes of open
    brackets takes gigabytes; here nothing is deeper than `DEEPEST`.
    """
    here: list[str] = []
    building = None
    for event, value, depth in _events(stream):
        if building is None and (here != way or event in ("map_key", "end_map", "end_array")):
            _walk(here, event, value)
            continue
        building = building or ijson.ObjectBuilder()
        building.event(event, value)
        if depth == len(here):
            yield building.value
            building = None


def _lists(stream: "_Stream", ways: list[list[str]]) -> Iterator[Any]:
    """Each item of the lists at `ways`; of a value that has none of these lists, the value."""
    here: list[str] = []
    building, rest, has_list = None, ijson.ObjectBuilder(), False
    for event, value, depth in _events(stream):
        if building is None and (here not in ways or event in ("map_key", "end_map", "end_array")):
            has_list = has_list or (event == "start_array" and [*here, "item"] in ways)
            rest.event(event, value)
            _walk(here, event, value)
            if depth == 0:
                if not has_list:
                    yield rest.value
                rest, has_list = ijson.ObjectBuilder(), False
            continue
        building = building or ijson.ObjectBuilder()
        building.event(event, value)
        if depth == len(here):
            yield building.value
            building = None


def _events(stream: "_Stream") -> Iterator[tuple[str, Any, int]]:
    """ijson's plain events, each with how deep the file is after it."""
    depth = 0
    for event, value in ijson.basic_parse(
        stream, buf_size=BITE, use_float=True, multiple_values=True
    ):
        depth += event.startswith("start_") - event.startswith("end_")
        if depth > DEEPEST:
            raise Malformed(TOO_DEEP)
        yield event, value, depth


def _walk(here: list[str], event: str, value: Any) -> None:
    """Follow the way through the file, outside the values that are asked for."""
    if event == "map_key":
        here[-1] = value
    elif event.startswith("start_"):
        here.append("item" if event == "start_array" else "")
    elif event.startswith("end_"):
        here.pop()


class _Unpacked:
    """A file's bytes as they are unpacked, which can be looked at before they are read."""

    def __init__(self, file: Bytes) -> None:
        self.pieces = pieces(file)
        self.kept = b""

    def beginning(self) -> tuple[bytes, bool]:
        """The first line, cut where it is long, and whether it is an object that others follow."""
        while len(self.kept) < LOOK and not self._has_two_lines():
            if not (piece := self._next()):
                break
            self.kept += piece
        first, _, _ = self.kept.lstrip().partition(b"\n")
        return first, first.rstrip().endswith(b"}") and self._has_two_lines()

    def _has_two_lines(self) -> bool:
        return bool(self.kept.lstrip().partition(b"\n")[2].strip())

    def read(self, size: int) -> bytes:
        if size and not self.kept:
            self.kept = self._next()
        found, self.kept = self.kept[:size], self.kept[size:]
        return found

    def _next(self) -> bytes:
        return next((piece for piece in self.pieces if piece), b"")


class _Stream(_Unpacked):
    """What ijson reads from: no item may be longer than a line may."""

    since = 0

    def read(self, size: int) -> bytes:
        found = super().read(size)
        self.since += len(found)
        if self.since > LONGEST_LINE:
            raise Malformed(f"An item is longer than {LONGEST_LINE // 1024 // 1024} MB.")
        return found
