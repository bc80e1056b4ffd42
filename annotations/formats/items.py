"""Files that are one JSON value with a long list in it, read an item at a time."""

from collections.abc import Iterator
from typing import Any

import ijson

from annotations.formats.given import Refused
from annotations.formats.lines import LONGEST_LINE, Bytes, pieces, refuse_unstorable_within
from annotations.formats.offsets import shortened
from annotations.rules.refusals import Malformed


def items(file: Bytes, path: str = "item") -> Iterator[tuple[int, Any] | Refused]:
    """Each item of the list at `path` (as ijson writes it: `rows.item`) with its number from 1.

    What is wrong within an item is its own; where the JSON itself breaks off, the last thing is a
    refusal of the file as a whole.
    """
    number = 0
    stream = _Stream(file)
    try:
        for item in ijson.items(stream, path, use_float=True):
            number += 1
            stream.since = 0
            try:
                refuse_unstorable_within(item)
            except Malformed as refusal:
                yield Refused(number, refusal.sentence, shortened(str(item)))
                continue
            yield number, item
    except (ijson.JSONError, UnicodeDecodeError) as error:
        why = str(error).strip().partition("\n")[0]
        yield Refused(0, f"The file is not whole JSON after item {number}: {why}.")
    except Malformed as refusal:
        yield Refused(0, f"{refusal.sentence} The {number} items before were read.")


class _Stream:
    """What ijson reads from: no item may be longer than a line may."""

    def __init__(self, file: Bytes) -> None:
        self.pieces = pieces(file)
        self.kept = b""
        self.since = 0

    def read(self, size: int) -> bytes:
        if size == 0:
            return b""
        if not self.kept:
            self.kept = next(self.pieces, b"")
        found, self.kept = self.kept[:size], self.kept[size:]
        self.since += len(found)
        if self.since > LONGEST_LINE:
            raise Malformed(f"An item is longer than {LONGEST_LINE // 1024 // 1024} MB.")
        return found
