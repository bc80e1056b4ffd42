"""No cell is a formula, and reading gives what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.formats.cells import as_meant, inert

BEGINS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]


@pytest.mark.parametrize("blanks", ["", " ", "   ", "\u00a0", "\u3000"])
@pytest.mark.parametrize("begins", BEGINS)
def test_a20_a_formula_is_inert_also_after_blanks(begins: str, blanks: str) -> None:
    cell = f"{blanks}{begins}1+1"
    assert inert(cell) == f"'{cell}"
    assert as_meant(f"'{cell}") == cell


@pytest.mark.parametrize("cell", ["1=1", "", "it's", "'twas", "''", "a\t=b", "'a'"])
def test_what_is_no_formula_stays(cell: str) -> None:
    assert inert(cell) == cell == as_meant(cell)


@given(st.text(alphabet="'=+ \t\ra＝", max_size=8) | st.text())
def test_a_cell_comes_back_with_its_own_apostrophes(cell: str) -> None:
    assert as_meant(inert(cell)) == cell
