"""The rows of a workbook of Excel (Office Open XML, ECMA-376), read a piece at a time.

Known readers of these files hold a sheet, or all its texts, in memory, and one makes room for every
cell up to the last: a file of 5 kB with a cell at XFD1048576 ends it. Here a row is held, and the
texts that a workbook shares between its cells are on disk. A part that declares a document type is
refused, so there are no entities; nothing is ever fetched.
"""

import datetime
import posixpath
import re
import tempfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat  # noqa: S407 - `_Part` refuses declarations, depth and length

from annotations.formats.archives import UNWHOLE, Archive, Entry, opened
from annotations.formats.given import Refused
from annotations.formats.lines import FREE, Bytes
from annotations.formats.offsets import shortened
from annotations.formats.table_read import DAYS, Row, names
from annotations.rules.refusals import Malformed

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
NO_WORKBOOK = (
    "This is not a whole workbook of Excel. Save it as .xlsx without a password, or as CSV UTF-8."
)
OTHER_HEADER = (
    "The sheet “{}” has another header than the first one, and was not read. Bring it in as a file "
    "of its own."
)
MOST_COLUMNS = 1_000
MOST_TAGS = 10_000  # of the parts that name the sheets
MOST_SHARED = 2_000  # times the size of the file, of texts in cells
MOST_STRINGS = 5_000_000
LONGEST_ROW = 4 * 1024 * 1024  # code points; of texts that are shared, bytes
TOO_LONG = f"This row is longer than {LONGEST_ROW:,} characters."
LONGEST_TAG = 1024 * 1024  # bytes
DEEPEST = 32
IN_MEMORY = 4 * 1024 * 1024
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
REFERENCE = re.compile("([A-Z]{1,3})[0-9]{1,7}")
WHOLE = re.compile(r"[0-9]{1,7}")
EPOCHS = {False: datetime.date(1899, 12, 30), True: datetime.date(1904, 1, 1)}

Attributes = dict[str, str]


def rows(file: Bytes) -> Iterator[Row | Refused]:
    """The rows of all sheets that have the header of the first; their numbers go on from sheet to
    sheet.
    """
    with opened(file) as archive:
        try:
            yield from _Workbook(archive).rows()
        except Malformed as refusal:
            yield Refused(0, refusal.sentence)


class _Workbook:
    """The parts of a workbook: which sheets it has, and where they are."""

    def __init__(self, archive: Archive) -> None:
        self.parts = {entry.name: entry for entry in archive.entries}
        self.size = archive.size
        if WORKBOOK not in self.parts or RELATIONS not in self.parts:
            found = (one.sentence for one in archive.refused if not one.line)
            why = next(found, UNWHOLE)
            raise Malformed(NO_WORKBOOK if why == UNWHOLE else why)
        self.header: list[str] = []
        self.epoch = EPOCHS[False]
        self.strings_at = "xl/sharedStrings.xml"
        targets = self._targets()
        self.sheets: list[tuple[str, Entry]] = []
        for tag, told in _Tags(self.parts[WORKBOOK]).found():
            target = targets.get(told.get("id", ""), "")
            if tag == "workbookPr":
                self.epoch = EPOCHS[told.get("date1904") in ("1", "true")]
            elif tag == "sheet" and target in self.parts:
                self.sheets.append((told.get("name", ""), self.parts[target]))

    def _targets(self) -> dict[str, str]:
        """The parts that the workbook refers to, by the ids with which it does."""
        targets = {}
        for tag, told in _Tags(self.parts[RELATIONS]).found():
            if tag == "Relationship":
                target = posixpath.normpath(posixpath.join("/xl", told.get("Target", "")))[1:]
                targets[told.get("Id", "")] = target
                if told.get("Type", "").endswith("/sharedStrings"):
                    self.strings_at = target
        return targets

    def rows(self) -> Iterator[Row | Refused]:
        with _Strings(max(FREE, MOST_SHARED * self.size)) as strings:
            if self.strings_at in self.parts:
                strings.read(self.parts[self.strings_at])
            before = last = 0
            for name, entry in self.sheets:
                before, last = before + last, 0
                for row in self._sheet(name, _Sheet(entry, strings)):
                    if isinstance(row, Refused):
                        last = row.line or last
                        yield Refused(row.line and before + row.line, row.sentence, row.what)
                    else:
                        last = row[0]
                        yield before + row[0], row[1]

    def _sheet(self, name: str, sheet: "_Sheet") -> Iterator[Row | Refused]:
        is_first, is_headed = not self.header, False
        for one in sheet.rows():
            if isinstance(one, Refused):
                yield one
                continue
            number, cells, numbers = one
            if not is_headed:
                is_headed = True
                if is_first:
                    self.header = names(cells)
                elif names(cells) == self.header:
                    continue
                else:
                    yield Refused(0, OTHER_HEADER.format(shortened(name)))
                    return
            self._days(cells, numbers)
            yield number, cells

    def _days(self, cells: list[str], numbers: set[int]) -> None:
        """Make days of the numbers as which a workbook holds them."""
        for n in numbers:
            if n < len(self.header) and self.header[n] in DAYS and WHOLE.fullmatch(cells[n]):
                days = datetime.timedelta(days=int(cells[n]))
                cells[n] = (self.epoch + days).isoformat()


class _Part:
    """A part of a workbook, in XML. Names are told without namespaces: there are two families."""

    def __init__(self, entry: Entry) -> None:
        self.entry, self.depth = entry, 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.words
        self.parser.StartDoctypeDeclHandler = self._declared

    def start(self, tag: str, told: Attributes) -> None:
        """What is to be done where an element begins."""

    def end(self, tag: str) -> None:
        """What is to be done where it ends."""

    def words(self, words: str) -> None:
        """What is to be done with text."""

    def read(self) -> Iterator[None]:
        """Read on by a piece each time; refuses what is no XML, or more than it may be."""
        fed = 0
        try:
            for piece in self.entry.pieces():
                fed += len(piece)
                self.parser.Parse(piece, False)
                if fed - self.parser.CurrentByteIndex > LONGEST_TAG:
                    raise Malformed(f"A tag in {self._named()} is longer than any may be.")
                yield
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            why = expat.ErrorString(error.code)
            raise Malformed(
                f"The workbook is broken: {why} in line {error.lineno} of {self._named()}. Save it "
                "again."
            ) from None
        except (ValueError, LookupError):  # an encoding that nobody knows
            raise Malformed(f"{self._named()} is not in UTF-8. Save the workbook again.") from None
        yield

    def _named(self) -> str:
        return f"“{shortened(self.entry.name)}”"

    def _start(self, tag: str, told: Attributes) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Malformed(f"{self._named()} is nested too deep for a workbook.")
        plain = {name.rpartition(" ")[2]: value for name, value in told.items()}
        self.start(tag.rpartition(" ")[2], plain)

    def _end(self, tag: str) -> None:
        self.depth -= 1
        self.end(tag.rpartition(" ")[2])

    def _declared(self, *_: Any) -> None:
        raise Malformed(
            f"{self._named()} declares a document type, which no workbook does. Save it again."
        )


class _Tags(_Part):
    """A part with few elements and no text."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry)
        self.tags: list[tuple[str, Attributes]] = []

    def start(self, tag: str, told: Attributes) -> None:
        if len(self.tags) < MOST_TAGS:
            self.tags.append((tag, told))

    def found(self) -> list[tuple[str, Attributes]]:
        for _ in self.read():
            pass
        return self.tags


class _Words(_Part):
    """A part with texts in it, each perhaps in several runs; how they are spoken is passed over."""

    def __init__(self, entry: Entry, within: frozenset[str]) -> None:
        super().__init__(entry)
        self.within = within  # elements that hold text
        self.kept: list[str] = []
        self.size = 0  # of the texts since `begin`, kept or not
        self.is_inside = self.is_spoken = False

    def start(self, tag: str, told: Attributes) -> None:
        if tag == "rPh":
            self.is_spoken = True
        elif tag in self.within:
            self.is_inside = not self.is_spoken

    def end(self, tag: str) -> None:
        if tag == "rPh":
            self.is_spoken = False
        elif tag in self.within:
            self.is_inside = False

    def words(self, words: str) -> None:
        if self.is_inside:
            self.size += len(words)
            if self.size <= LONGEST_ROW:
                self.kept.append(words)

    def taken(self) -> str:
        """The text since it was last taken."""
        found, self.kept = "".join(self.kept), []
        return found


class _Strings:
    """The texts that cells share, on disk. `left` is how many bytes of them cells may have."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __enter__(self) -> "_Strings":
        self.file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed below
        self.starts = array("Q", [0])
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def read(self, entry: Entry) -> None:
        part = _SharedStrings(entry, self)
        for _ in part.read():
            pass

    def add(self, words: str) -> None:
        if len(self.starts) > MOST_STRINGS:
            raise Malformed(
                f"The workbook has more than {MOST_STRINGS:,} texts. Bring it in parts."
            )
        self.file.write(words.encode("utf-8", "surrogatepass"))
        self.starts.append(self.file.tell())

    def size(self, number: int) -> int:
        """How many bytes a text has; none where there is no such text."""
        is_there = number + 1 < len(self.starts)
        return self.starts[number + 1] - self.starts[number] if is_there else 0

    def at(self, number: int) -> str:
        self.left -= self.size(number)
        if self.left < 0:
            raise Malformed(
                "The workbook has few texts in so many cells that it cannot be read. Bring it in "
                "parts, or as CSV UTF-8."
            )
        self.file.seek(self.starts[number])
        return self.file.read(self.size(number)).decode("utf-8", "surrogatepass")


class _SharedStrings(_Words):
    def __init__(self, entry: Entry, into: _Strings) -> None:
        super().__init__(entry, frozenset({"t"}))
        self.into = into

    def end(self, tag: str) -> None:
        super().end(tag)
        if tag == "si":
            self.into.add(unescaped(self.taken()))
            self.size = 0


@dataclass(slots=True)
class _Row:
    """A row as it stands in a sheet: of a text that is shared, its cell has the number."""

    number: int
    cells: dict[int, str | int] = field(default_factory=dict)
    numbers: set[int] = field(default_factory=set)
    why: str = ""  # nothing can be made of it

    def read(self, strings: _Strings) -> tuple[int, list[str], set[int]] | Refused:
        shared = [one for one in self.cells.values() if isinstance(one, int)]
        if sum(map(strings.size, shared)) > LONGEST_ROW:
            self.why = TOO_LONG
        if self.why:
            return Refused(self.number, self.why, self._beginning())
        found = (self.cells.get(n, "") for n in range(max(self.cells) + 1))
        cells = [strings.at(one) if isinstance(one, int) else one for one in found]
        return self.number, cells, self.numbers

    def _beginning(self) -> str:
        return shortened(", ".join(one[:60] for one in self.cells.values() if isinstance(one, str)))


class _Sheet(_Words):
    """A sheet. Its rows come with their number, their cells, and which cells are numbers."""

    def __init__(self, entry: Entry, strings: _Strings) -> None:
        super().__init__(entry, frozenset({"v", "t"}))
        self.strings = strings
        self.waiting: list[_Row] = []
        self.row = _Row(0)
        self.column = 0
        self.kind = ""

    def rows(self) -> Iterator[tuple[int, list[str], set[int]] | Refused]:
        for _ in self.read():
            for row in self.waiting:
                yield row.read(self.strings)
            self.waiting = []

    def start(self, tag: str, told: Attributes) -> None:
        super().start(tag, told)
        if tag == "row":
            number = told.get("r", "")
            number_told = int(number) if WHOLE.fullmatch(number) else 0
            self.row = _Row(max(self.row.number + 1, number_told))
            self.column, self.size = -1, 0
        elif tag == "c":
            found = REFERENCE.fullmatch(told.get("r", ""))
            self.column = column_of(found[1]) if found else self.column + 1
            self.kind = told.get("t", "n")
            self.kept = []

    def end(self, tag: str) -> None:
        super().end(tag)
        if tag == "c":
            self._cell(self.taken())
        elif tag == "row":
            if self.size > LONGEST_ROW:
                self.row.why = TOO_LONG
            if self.row.why or self.row.cells:
                self.waiting.append(self.row)

    def _cell(self, words: str) -> None:
        if not words:
            return
        if self.column >= MOST_COLUMNS:
            self.row.why = f"This row has a cell beyond the {MOST_COLUMNS:,} columns that are read."
        elif self.kind == "e":
            self.row.why = f"There is an error, {shortened(words)}, in a cell. Correct it."
        elif self.kind == "s":
            self._shared(words)
        elif self.size <= LONGEST_ROW:
            self.row.cells[self.column] = self._read(words)

    def _shared(self, words: str) -> None:
        if not WHOLE.fullmatch(words) or int(words) >= len(self.strings.starts) - 1:
            self.row.why = "A cell names a text that the workbook has not. Save it again."
        elif self.strings.size(int(words)):
            self.row.cells[self.column] = int(words)

    def _read(self, words: str) -> str:
        if self.kind == "n":
            self.row.numbers.add(self.column)
            return number_of(words)
        if self.kind == "b":
            return {"0": "FALSE", "1": "TRUE"}.get(words, words)
        return unescaped(words)


def unescaped(words: str) -> str:
    """The text with the characters that XML cannot hold, which stand there as `_x0001_`."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), words) if "_x" in words else words


def number_of(words: str) -> str:
    """A number as it is written, a whole one without what a float has behind it."""
    try:
        found = float(words)
    except ValueError:
        return words
    return str(int(found)) if found.is_integer() and abs(found) < 10**15 else words


def column_of(letters: str) -> int:
    """`A` is 0, `AA` is 26."""
    found = 0
    for letter in letters:
        found = 26 * found + ord(letter) - 64
    return found - 1
