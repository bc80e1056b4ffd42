"""Zip archives: read as they come from anybody, and written piece by piece.

Nothing is ever unpacked to a path: an entry's name is only a name. The list of contents is counted
before it is believed, and an entry is read up to a limit, whatever size it says it has.
"""

import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from annotations.formats.given import Refused
from annotations.formats.lines import CHUNK, FREE, LONGEST_LINE, MOST_RATIO, Bytes
from annotations.formats.offsets import shortened
from annotations.rules.refusals import Malformed
from annotations.rules.words import CONTROL, UNSTORABLE

MEGABYTE = 1024 * 1024
LONGEST_ARCHIVE = 1024 * MEGABYTE  # packed
LONGEST_CONTENTS = 32 * MEGABYTE  # the list of contents at the archive's end
LONGEST_ENTRY = LONGEST_LINE  # unpacked
MOST_ENTRIES = 100_000
IN_MEMORY = 4 * MEGABYTE  # of an archive while it is read; the rest is on disk

BEGINS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
IN_CONTENTS = b"PK\x01\x02"
PACKED = (".zip", ".jar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar")
LEFT_BY_SYSTEMS = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)")
OUTSIDE = re.compile(r"(?:^|/)\.\.?(?:/|$)|^/|^[A-Za-z]:|\\|//")
ID = re.compile(r"(?:^|[./])([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$")
BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, struct.error,
    NotImplementedError, UnicodeError, OverflowError, MemoryError,
)  # fmt: skip
UNWHOLE = (
    "This is not a whole zip file: the list of its contents, at its end, cannot be read. Pack it "
    "again."
)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack without measure
EPOCH = (1980, 1, 1, 0, 0, 0)  # zip knows no earlier time; the same records make the same bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive: its number there, from 1, and its name with folders."""

    number: int
    name: str
    archive: "Archive" = field(repr=False, compare=False)

    @property
    def ending(self) -> str:
        """The name's last part after a dot, in small letters; empty where it has no dot."""
        return self.name.rpartition("/")[2].rpartition(".")[2].lower() if "." in self.name else ""

    def content(self) -> bytes:
        """What the entry holds; refuses what is too long, broken, or unpacks to far too much."""
        return b"".join(self.archive.pieces(self, LONGEST_ENTRY))

    def pieces(self) -> Iterator[bytes]:
        """The same in pieces, and of any length."""
        return self.archive.pieces(self)


class Archive:
    """An open archive: its `entries` in order, and what was `refused` of it already."""

    def __init__(self, spooled: IO[bytes]) -> None:
        self.entries: list[Entry] = []
        self.refused: list[Refused] = []
        self.spooled = spooled
        self.size = self.unpacked = 0
        self.zip: zipfile.ZipFile | None = None

    def look(self, alone: str) -> None:
        """Find what there is in the file that was spooled."""
        self.size = self.spooled.seek(0, 2)
        self.spooled.seek(0)
        head = self.spooled.read(4)
        self.spooled.seek(0)
        if alone and head not in BEGINS:
            self.entries.append(Entry(1, alone, self))
        elif found := self._opened():
            self.zip = found
            self._list(found)

    def _opened(self) -> zipfile.ZipFile | None:
        watched = _Watched(self.spooled)
        try:
            opened = zipfile.ZipFile(watched)
        except Malformed as refusal:
            self.refused.append(Refused(0, refusal.sentence))
        except BROKEN:
            self.refused.append(Refused(0, UNWHOLE))
        else:
            watched.is_open = True
            return opened
        return None

    def _list(self, opened: zipfile.ZipFile) -> None:
        seen: set[str] = set()
        for number, info in enumerate(opened.infolist(), 1):
            if info.orig_filename.endswith("/") or LEFT_BY_SYSTEMS.search(info.filename):
                continue
            if why := _why_not(info, seen):
                self.refused.append(Refused(number, why, shortened(info.orig_filename)))
                continue
            seen.add(info.filename)
            self.entries.append(Entry(number, info.filename, self))

    def pieces(self, entry: Entry, longest: int | None = None) -> Iterator[bytes]:
        """What the entry holds, a piece at a time; it is bounded by its archive, and by `longest`.

        Refuses what is too long, broken, or unpacks to far too much.
        """
        try:
            if self.zip is None:
                self.spooled.seek(0)
                yield from self._read(self.spooled, entry, longest)
                return
            with self.zip.open(self.zip.infolist()[entry.number - 1]) as file:
                yield from self._read(file, entry, longest)
        except BROKEN as error:
            raise Malformed(
                f"“{shortened(entry.name)}” cannot be unpacked: it is broken. Pack it again."
            ) from error

    def _read(self, file: IO[bytes], entry: Entry, longest: int | None) -> Iterator[bytes]:
        size = 0
        while piece := file.read(CHUNK):
            size += len(piece)
            self.unpacked += len(piece)
            if longest is not None and size > longest:
                raise Malformed(
                    f"“{shortened(entry.name)}” is longer than {longest // MEGABYTE} MB."
                )
            if self.unpacked > FREE and self.unpacked > MOST_RATIO * self.size:
                raise Malformed(
                    f"The archive unpacks to more than {MOST_RATIO} times its size. Bring it in "
                    "parts, if that is meant."
                )
            yield piece


@contextmanager
def opened(file: Bytes, *, alone: str = "") -> Iterator[Archive]:
    """The archive that `file` is, for as long as its entries are read. Refuses nothing by raising.

    A file that is no zip at all counts as an archive of one entry, called `alone`, where a format
    may come without one.
    """
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spooled:
        found = Archive(spooled)
        if _spooled(file, spooled):
            found.look(alone)
        else:
            most = LONGEST_ARCHIVE // MEGABYTE
            found.refused.append(
                Refused(0, f"The archive is larger than {most} MB. Bring it in parts.")
            )
        yield found


def entries(file: Bytes, *, alone: str = "") -> Iterator[Entry | Refused]:
    """Each entry of the archive, what is refused of it first; read one before taking the next."""
    with opened(file, alone=alone) as archive:
        yield from archive.refused
        yield from archive.entries


def packed(
    parts: Iterable[tuple[str, Iterable[bytes]]], *, stored: bool = False, large: bool = False
) -> Iterator[bytes]:
    """A zip of `parts`, each a name and its bytes in pieces, written as they come.

    The same parts make the same bytes. `stored` packs nothing, for what is packed already; `large`
    is for parts that may have more than 2 GB.
    """
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", method) as archive:  # type: ignore[call-overload]
        for name, pieces in parts:
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = method
            info.create_system = 3
            info.external_attr = 0o644 << 16
            with archive.open(info, "w", force_zip64=large) as entry:
                for piece in pieces:
                    entry.write(piece)
                    yield from sink.taken()
            yield from sink.taken()
    yield from sink.taken()


def name_of(slug: str, key: str) -> str:
    """What a document's files are called, without an ending: read as `key_of` tells."""
    return f"{slug}.{key}"


def key_of(path: str) -> str:
    """A document's key: the id at the end of its name, else its path without the ending."""
    folder, slash, name = path.rpartition("/")
    bare = folder + slash + (name.rpartition(".")[0] or name)
    found = ID.search(bare)
    return found[1] if found else bare


def untaken(key: str, otherwise: str, taken: set[str]) -> str:
    """The key, or another where it is `taken`: made of `otherwise`, the same at each reading."""
    found = key
    while found in taken:
        found = otherwise if found == key else f"{found}#"
    taken.add(found)
    return found


def _spooled(file: Bytes, into: IO[bytes]) -> bool:
    """Whether all of the file was copied: it is not too large."""
    size = 0
    while piece := file.read(CHUNK):
        size += len(piece)
        if size > LONGEST_ARCHIVE:
            return False
        into.write(piece)
    return True


def _why_not(info: zipfile.ZipInfo, seen: set[str]) -> str:
    """The sentence for what is wrong with an entry before it is read; empty if nothing is."""
    name = info.orig_filename
    if not name.strip() or UNSTORABLE.search(name) or CONTROL.search(name):
        return "This entry's name is empty, or holds characters that no name may have."
    if OUTSIDE.search(name):
        return "This entry's name leads out of the archive. Pack it again with plain names."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "This entry is a link to another file. Pack the file itself."
    if info.flag_bits & 0x1:
        return "This entry is encrypted. Pack it without a password."
    if info.compress_type not in METHODS:
        return "This entry is packed in a way that is not read here. Pack it with plain deflate."
    if info.filename in seen:
        return "Another entry before this one has the same name. Only the first was read."
    if info.filename.lower().endswith(PACKED):
        return "This entry is an archive itself. Unpack it, and bring what is in it."
    return ""


class _Watched:
    """What zipfile reads from. While it is not open yet, it reads the list of contents as a whole
    and makes something of each piece of it: that list is measured here, and counted.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.is_open = file, False

    def read(self, size: int = -1) -> bytes:
        if self.is_open:
            return self.file.read(size)
        if size > LONGEST_CONTENTS:
            raise Malformed("The archive's list of contents is too long. Bring it in parts.")
        found = self.file.read(size)
        if found.count(IN_CONTENTS) > MOST_ENTRIES:
            raise Malformed(
                f"The archive has more than {MOST_ENTRIES:,} entries. Bring it in parts."
            )
        return found

    def seek(self, *where: int) -> int:
        return self.file.seek(*where)

    def tell(self) -> int:
        return self.file.tell()

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        """The file is closed by whoever opened it."""


class _Sink:
    """Where zipfile writes to; what was written is taken from it, and cannot be gone back to."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, piece: Any) -> int:
        self.waiting.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        pass

    def taken(self) -> Iterator[bytes]:
        waiting, self.waiting = self.waiting, []
        if waiting:
            yield b"".join(waiting)
