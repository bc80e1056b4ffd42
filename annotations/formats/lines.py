"""Files of lines, as they come: packed or not, with a byte order mark, with any line end.

A bad line is refused with its number, and the next one is read. Neither a line without an end nor
a file that unpacks to a thousand times its size takes more memory than one line may.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import orjson
import zstandard

from annotations.formats.given import Refused
from annotations.formats.offsets import shortened
from annotations.rules.refusals import Malformed
from annotations.rules.words import UNSTORABLE, name_of

LONGEST_LINE = 32 * 1024 * 1024  # bytes
CHUNK = 256 * 1024
FREE = 256 * 1024 * 1024  # bytes that any file may unpack to
MOST_RATIO = 200  # times its packed size that a larger one may unpack to

DEEPEST = 100  # lists and objects of JSON within one another

BITE = 1024
WIDEST = 128 * 1024 * 1024  # bytes of a Zstandard window
CUT_OFF = "The packed file ends in its middle: it was cut off."
BROKEN = "The packed file is broken, or something else follows it."
TOO_DEEP = f"More than {DEEPEST} lists and objects stand within one another."
BOM, UTF16 = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")


class Bytes(Protocol):
    """What can be read: a file, or anything like one."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str


def lines(file: Bytes) -> Iterator[Line | Refused]:
    """The lines of a file in UTF-8 without their ends; empty ones are passed over.

    LF and CR LF both end a line. Where the file cannot be read on (it is cut off, or unpacks to
    too much), the last thing is a refusal of the file as a whole.
    """
    number, kept, size = 0, [], 0
    try:
        for piece in pieces(file):
            parts = piece.split(b"\n")
            for n, part in enumerate(parts):
                size += len(part)
                if size <= LONGEST_LINE:
                    kept.append(part)
                elif kept:
                    kept = kept[:1]  # what the report shows of it
                if n < len(parts) - 1:
                    number += 1
                    yield from _line(number, kept, size)
                    kept, size = [], 0
    except Malformed as refusal:
        number += 1
        yield Refused(0, f"{refusal.sentence} What stands before line {number} was read.")
        return
    yield from _line(number + 1, kept, size)


def objects(file: Bytes) -> Iterator[tuple[int, dict[str, object]] | Refused]:
    """The JSON object of each line with its number."""
    for line in lines(file):
        if isinstance(line, Refused):
            yield line
            continue
        try:
            yield line.number, parsed(line.text)
        except Malformed as refusal:
            yield Refused(line.number, refusal.sentence, shortened(line.text))


def parsed(text: str) -> dict[str, object]:
    """The JSON object that `text` is; refuses all else, and characters that no text can hold."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Malformed(f"This is not JSON: {error.msg} at column {error.colno}.") from None
    if not isinstance(found, dict):
        raise Malformed("Each line has to be one JSON object, in braces.")
    if "\\u0000" in text:
        refuse_unstorable_within(found)
    if text.count("[") + text.count("{") > DEEPEST:
        refuse_too_deep(found)
    return found


def refuse_too_deep(found: object) -> None:
    """Refuse what could not be gone through again by what calls itself."""
    level: list[object] = [found]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)  # type: ignore[attr-defined]
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise Malformed(TOO_DEEP)


def refuse_unstorable_within(found: object) -> None:
    """Refuse a NUL in any text of a JSON value; orjson has refused halves of surrogate pairs."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if bad := UNSTORABLE.search(one):
                raise Malformed(f"There is {name_of(bad[0])} in “{shortened(one)}”. Remove it.")
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one


def _line(number: int, kept: list[bytes], size: int) -> Iterator[Line | Refused]:
    raw = b"".join(kept)
    if size > LONGEST_LINE:
        most = LONGEST_LINE // 1024 // 1024
        beginning = raw[:400].decode("utf-8", "replace")
        yield Refused(number, f"This line is longer than {most} MB.", shortened(beginning))
        return
    raw = raw.removesuffix(b"\r")
    if not raw.strip():
        return
    try:
        yield Line(number, raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        before = len(raw[: error.start].decode("utf-8"))
        yield Refused(
            number,
            f"This is not UTF-8: the byte {raw[error.start]:#04x} at column {before + 1} is no "
            "part of a character. Save the file as UTF-8.",
            shortened(raw.decode("utf-8", "replace")),
        )


def pieces(file: Bytes) -> Iterator[bytes]:
    """The file's bytes, unpacked, without a byte order mark."""
    pieces = unpacked(file)
    first = next(pieces, b"")
    while len(first) < len(BOM) and (more := next(pieces, b"")):
        first += more
    if first.startswith(UTF16):
        raise Malformed("The file is UTF-16. Save it as UTF-8.")
    yield first.removeprefix(BOM)
    yield from pieces


def unpacked(file: Bytes) -> Iterator[bytes]:
    """The bytes of a file, which may be packed by gzip or Zstandard, in pieces.

    Refuses what is cut off, broken, or unpacks to more than `MOST_RATIO` times its size.
    """
    head = file.read(4)
    packed = _Counted(head, file)
    kind = GZIP if head.startswith(GZIP[0]) else ZSTD if head.startswith(ZSTD[0]) else None
    size = 0
    for piece in kind[1](packed) if kind else iter(lambda: packed.read(CHUNK), b""):
        size += len(piece)
        if size > FREE and size > MOST_RATIO * packed.count:
            raise Malformed(
                f"The file unpacks to more than {MOST_RATIO} times its size. Unpack it yourself, "
                "or bring it in parts, if that is meant."
            )
        yield piece


class _Counted:
    """A file whose first bytes were read already, and that counts what is read of it."""

    def __init__(self, head: bytes, file: Bytes) -> None:
        self.head, self.file, self.count = head, file, 0

    def read(self, size: int) -> bytes:
        found, self.head = self.head, b""
        found = found or self.file.read(size)
        self.count += len(found)
        return found


def _gunzipped(packed: _Counted) -> Iterator[bytes]:
    waiting = packed.read(CHUNK)
    while waiting:
        member, piece = zlib.decompressobj(wbits=31), b""
        while not member.eof:
            if not waiting and not piece:
                raise Malformed(CUT_OFF)
            try:
                piece = member.decompress(waiting, CHUNK)
            except zlib.error:
                raise Malformed(BROKEN) from None
            yield piece
            waiting = member.unconsumed_tail or (b"" if member.eof else packed.read(CHUNK))
        waiting = member.unused_data or packed.read(CHUNK)


def _from_zstd(packed: _Counted) -> Iterator[bytes]:
    """In small bites: four bytes may hold 128 kB."""
    waiting = packed.read(BITE)
    while waiting:
        frame = zstandard.ZstdDecompressor(max_window_size=WIDEST).decompressobj()
        while not frame.eof:
            if not waiting:
                raise Malformed(CUT_OFF)
            try:
                yield frame.decompress(waiting)
            except zstandard.ZstdError:
                raise Malformed(BROKEN) from None
            waiting = b"" if frame.eof else packed.read(BITE)
        waiting = frame.unused_data or packed.read(BITE)


GZIP = (b"\x1f\x8b", _gunzipped)
ZSTD = (b"\x28\xb5\x2f\xfd", _from_zstd)
