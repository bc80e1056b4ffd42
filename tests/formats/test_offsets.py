"""Offsets of other tools: the unit that fits the quote is the one they counted in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.formats.given import PlaceGiven
from annotations.formats.offsets import Offsets, Unit
from annotations.rules.refusals import Unprocessable

BOTH = (Unit.UTF16, Unit.CODEPOINT)
TEXT = "😀 one 😀 two"


@given(st.text(), st.data())
def test_utf16_and_back_is_the_same_place(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    offsets = Offsets(text)
    written = offsets.written(offset, Unit.UTF16)
    assert written == len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2
    assert offsets.read(written, Unit.UTF16) == offset


def test_the_unit_in_which_the_quote_stands_there_is_taken() -> None:
    offsets = Offsets(TEXT)
    assert offsets.place(3, 6, quote="one", units=BOTH) == PlaceGiven(2, 5)
    assert offsets.place(2, 5, quote="one", units=BOTH) == PlaceGiven(2, 5)
    assert offsets.place(2, 5, units=(Unit.CODEPOINT,)) == PlaceGiven(2, 5)


@pytest.mark.parametrize(
    ("start", "end", "quote", "says"),
    [
        (0, 1, None, "not in UTF-16 units a stretch"),
        (0, 99, None, "has 11 code points"),
        (-3, 2, None, "a stretch"),
        (5, 5, None, "hold nothing"),
        (7, 3, "one", "hold nothing"),
        (0, 3, "one", "not in UTF-16 units “one”"),
    ],
)
def test_what_fits_in_no_unit_is_refused(
    start: int, end: int, quote: str | None, says: str
) -> None:
    with pytest.raises(Unprocessable, match=says):
        Offsets(TEXT).place(start, end, quote=quote, units=(Unit.UTF16,))


def test_both_units_are_named_where_neither_fits() -> None:
    with pytest.raises(Unprocessable, match="neither in UTF-16 units nor code points “three”"):
        Offsets(TEXT).place(0, 5, quote="three", units=BOTH)
