"""The units of a study of agreement as a table: a row a claim, a column a reviewer.

A cell holds the slug of the rating, and nothing where the reviewer gave no verdict that counts.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence

from annotations.formats.csv import BOM, row
from annotations.rules.study import Unit

SLUG = "csv"
NAME = "Comma-separated values, one claim a row"
MEDIA_TYPE = "text/csv"
ENDING = "csv"
LOSSLESS = False
DROPS = ("rationales", "evidence", "verdicts that do not count")
OFFSET_UNIT = None


def lines(
    units: Iterable[Unit], slugs: Sequence[str], statements: Mapping[uuid.UUID, str]
) -> Iterator[bytes]:
    """The table in UTF-8 with a byte order mark, which spreadsheets want, line by line."""
    found = list(units)
    reviewers = sorted({who for unit in found for who in unit.given})
    yield BOM + row(["claim", "statement", "articles", "month", *reviewers])
    for unit in found:
        given = (slugs[unit.given[who]] if who in unit.given else "" for who in reviewers)
        told = [statements.get(unit.claim, ""), " ".join(unit.articles), unit.month]
        yield row([str(unit.claim), *told, *given])
