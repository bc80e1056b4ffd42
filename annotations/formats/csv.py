"""Comma-separated values (RFC 4180), a row a verdict: the table of `annotations.formats.table`.

Written in UTF-8 with a byte order mark, which spreadsheets want, and CR LF. Read with commas,
semicolons or tabs between the cells, whichever the header has. A row is named by the line it begins
on. Where quotation marks do not match, the first line is refused and the next one begins a row of
its own, so that one bad mark does not swallow the file.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from annotations.formats import table
from annotations.formats.cells import inert
from annotations.formats.contract import ReadAsked, Record, WriteAsked
from annotations.formats.given import Found, Refused
from annotations.formats.lines import LONGEST_LINE, Bytes, pieces
from annotations.formats.offsets import shortened
from annotations.formats.table_read import Row, articles
from annotations.rules.refusals import Malformed

SLUG = "csv"
NAME = "Comma-separated values, a verdict a row"
MEDIA_TYPE = "text/csv"
ENDING = "csv"
LOSSLESS = False
DROPS = table.DROPS
UNITS = table.UNITS

BOM = b"\xef\xbb\xbf"
SEPARATOR_TOLD = re.compile(r"sep=([,;\t])\r?\n?", re.IGNORECASE)  # a first line that Excel reads
LONGEST_ROW = 4 * 1024 * 1024  # code points; the longest text has half of that
READ_AGAIN = 4  # times that every line may be read again on the whole, as a row of its own
TOO_LONG = "too long"
csv.field_size_limit(LONGEST_LINE)  # of the whole process; nothing else here reads such files


def write(records: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    yield BOM + row(table.COLUMNS)
    for record in records:
        yield b"".join(row(cells) for cells in table.rows(record, SLUG, asked))


def row(cells: Iterable[str]) -> bytes:
    """One line as in RFC 4180, every formula made inert."""
    made = io.StringIO()
    csv.writer(made).writerow([inert(one) for one in cells])
    return made.getvalue().encode()


def read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    return articles(rows(file), asked)


def rows(file: Bytes) -> Iterator[Row | Refused]:
    """The rows of a file with the number of the line on which each begins."""
    lines = _Lines(file)
    try:
        first = lines.beginning()
        if told := SEPARATOR_TOLD.fullmatch(first):
            next(lines)
        yield from _rows(lines, told[1] if told else separator(first))
    except Malformed as refusal:
        yield Refused(0, f"{refusal.sentence} What stands before line {lines.number} was read.")


def _rows(lines: "_Lines", between: str) -> Iterator[Row | Refused]:
    while True:
        lines.forget()
        number = lines.number
        try:
            cells = next(csv.reader(lines, delimiter=between, strict=True), None)
        except csv.Error as error:
            beginning = shortened(lines.row[0].encode(errors="replace").decode())
            yield Refused(number, _why(str(error), lines, number), beginning)
            lines.again()
            continue
        if cells is None:
            return
        yield number, cells


def _why(error: str, lines: "_Lines", number: int) -> str:
    if "new-line" in error:
        return "This line has a carriage return in its middle. End every row by CR LF or by LF."
    if error == TOO_LONG:
        most = f"longer than {LONGEST_ROW:,} characters"
        why = f"The row that begins on this line is {most}: a quotation mark may not be closed."
    else:
        why = (
            "Quotation marks do not match in the row that begins on this line. Put a cell that "
            "holds one in quotation marks, and write each within it twice."
        )
    many = "" if lines.may_go_back() else f" The lines up to {lines.number - 1} were not read."
    return why + many


def separator(header: str) -> str:
    """What stands between the cells of a header: that with which most of our columns are found."""
    named = {one: _known(header, one) for one in ",;\t"}
    return max(named, key=lambda one: named[one])


def _known(header: str, between: str) -> int:
    found = (cell.strip(' "\r\n').lower().replace(" ", "_") for cell in header.split(between))
    return len({*found} & {*table.COLUMNS})


class _Lines:
    """The lines of a file with their ends, and those of the row that is being read.

    Bytes that are no UTF-8 come as the halves of pairs that stand for them, and cost their row.
    """

    def __init__(self, file: Bytes) -> None:
        self.waiting: list[str] = []  # to be read again, the next one last
        self.row: list[str] = []
        self.size = 0
        self.number = 1  # of the next line
        self.spare = 0  # code points that may be read again
        self.coming = _lines(file)

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.waiting.pop() if self.waiting else self._new()
        self.number += 1
        self.row.append(line)
        self.size += len(line)
        if self.size > LONGEST_ROW:
            raise csv.Error(TOO_LONG)
        return line

    def _new(self) -> str:
        line = next(self.coming)
        self.spare += READ_AGAIN * len(line)
        return line

    def beginning(self) -> str:
        """The first line, which is read again."""
        line = next(self.coming, "")
        self.waiting += [line] if line else []
        return line

    def forget(self) -> None:
        self.row, self.size = [], 0

    def may_go_back(self) -> bool:
        return self.size <= self.spare

    def again(self) -> None:
        """Go back to the second line of the row, as often as the measure allows."""
        if self.may_go_back():
            self.spare -= self.size
            self.waiting += self.row[:0:-1]
            self.number -= len(self.row) - 1


def _lines(file: Bytes) -> Iterator[str]:
    """Each line with its end; refuses what no line can hold by raising, as `lines.pieces` does."""
    kept: list[bytes] = []
    size = 0
    for piece in pieces(file):
        *whole, last = piece.split(b"\n")
        for part in whole:
            yield (b"".join([*kept, part]) + b"\n").decode("utf-8", "surrogateescape")
            kept, size = [], 0
        kept.append(last)
        size += len(last)
        if size > LONGEST_LINE:
            raise Malformed(f"A line is longer than {LONGEST_LINE // 1024 // 1024} MB.")
    if size:
        yield b"".join(kept).decode("utf-8", "surrogateescape")
