"""Cells of a table that a spreadsheet may open: what it takes for a formula is made a text.

An apostrophe before the cell does that, as people type it. So that reading can take it away again
and nothing else, a cell that begins with one of its own before a formula gets another.
"""

import re

# As the OWASP page on CSV injection has them, with the wide forms that East Asian input gives.
FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠\t\r\n]")


def inert(cell: str) -> str:
    return f"'{cell}" if FORMULA.match(cell) else cell


def as_meant(cell: str) -> str:
    """The cell that `inert` was given."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
