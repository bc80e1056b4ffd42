"""The table of a study's units opens in a spreadsheet and runs nothing there."""

import csv
import io
import uuid

import pytest

from annotations.formats.units import lines
from annotations.rules.study import Unit

CLAIM = uuid.UUID(int=7)


def rows(statement: str) -> list[list[str]]:
    units = [Unit(CLAIM, "2026-01", {"Maple": 1, "=Finch": 0}, ("one", "two"))]
    table = b"".join(lines(units, ["true", "false"], {CLAIM: statement}))
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))


def test_a_row_is_a_claim_and_a_column_a_reviewer() -> None:
    head, row = rows('He said “no”, "twice"\nover.')
    assert head == ["claim", "statement", "articles", "month", "'=Finch", "Maple"]
    assert row == [
        str(CLAIM),
        'He said “no”, "twice"\nover.',
        "one two",
        "2026-01",
        "true",
        "false",
    ]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "＝", " ="])
def test_a_formula_is_inert(begins: str) -> None:
    """A20."""
    assert rows(f"{begins}1+1")[1][1] == f"'{begins}1+1"
