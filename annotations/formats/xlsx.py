"""Workbooks of Excel (Office Open XML, ECMA-376): the table of `annotations.formats.table`.

Every cell is written as text, never as a formula, and formatted as text, so that it stays one when
somebody types in it. A sheet holds `MOST_ROWS` rows; what is more goes on in a further sheet with
the same header. Written through XlsxWriter, which keeps one row in memory, and read by
`annotations.formats.workbooks`.
"""

import datetime
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from annotations.formats import table
from annotations.formats.cells import inert
from annotations.formats.contract import ReadAsked, Record, WriteAsked
from annotations.formats.given import Found, Refused
from annotations.formats.lines import CHUNK, Bytes
from annotations.formats.table_read import articles
from annotations.formats.workbooks import rows

SLUG = "xlsx"
NAME = "Excel workbook, a verdict a row"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDING = "xlsx"
LOSSLESS = False
TOO_LONG = "Cells of more than 32,767 UTF-16 units, which is the most in Excel: they are empty."
DROPS = (*table.DROPS, TOO_LONG)
UNITS = table.UNITS

MOST_ROWS = 1_048_576  # of a sheet, with its header
LONGEST_CELL = 32_767  # UTF-16 units
MADE = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)  # the same records make the same bytes
ASKED = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "use_zip64": True,
}


def write(records: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    import xlsxwriter  # here, since nothing else needs it

    with tempfile.TemporaryFile() as made:
        workbook = xlsxwriter.Workbook(made, ASKED)
        workbook.set_properties({"created": MADE})
        sheets = _Sheets(workbook)
        for record in records:
            for cells in table.rows(record, SLUG, asked):
                sheets.row([_fitting(inert(cell), asked) for cell in cells])
        sheets.begin()
        workbook.close()
        made.seek(0)
        yield from iter(lambda: made.read(CHUNK), b"")


def read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    return articles(rows(file), asked)


def _fitting(cell: str, asked: WriteAsked) -> str:
    if len(cell) > LONGEST_CELL // 2 and len(cell.encode("utf-16-le")) // 2 > LONGEST_CELL:
        asked.dropped[TOO_LONG] += 1
        return ""
    return cell


class _Sheets:
    """The sheets of a workbook as their rows come."""

    def __init__(self, workbook: Any) -> None:
        self.workbook, self.count = workbook, 0
        self.sheet: Any = None
        self.text = workbook.add_format({"num_format": "@"})
        self.head = workbook.add_format({"num_format": "@", "bold": True})

    def row(self, cells: Sequence[str]) -> None:
        if self.count == MOST_ROWS:
            self.sheet = None
        self.begin()
        self._write(cells, self.text)

    def begin(self) -> None:
        """Begin a sheet with its header, unless there is one to go on with."""
        if self.sheet is None:
            self.sheet, self.count = self.workbook.add_worksheet(), 0
            self.sheet.freeze_panes(1, 0)
            self._write(table.COLUMNS, self.head)

    def _write(self, cells: Sequence[str], looks: Any) -> None:
        for n, cell in enumerate(cells):
            if cell:
                self.sheet.write_string(self.count, n, cell, looks)
        self.count += 1
