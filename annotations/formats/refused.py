"""What was refused of a file as a table: a row a thing, by the line on which it begins."""

from collections.abc import Iterable, Iterator

from annotations.formats.csv import BOM, row

MEDIA_TYPE = "text/csv"
ENDING = "csv"
COLUMNS = ("line", "why", "what")


def lines(refusals: Iterable[tuple[int, str, str]]) -> Iterator[bytes]:
    """The table in UTF-8 with a byte order mark, line by line; 0 stands for the whole file."""
    yield BOM + row(COLUMNS)
    for number, sentence, what in refusals:
        yield row([str(number), sentence, what])
