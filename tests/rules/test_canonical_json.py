"""Our canonical JSON, on the vectors of RFC 8785 and of the specification it takes numbers from."""

import json
import math
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.rules.canonical_json import EXACT, canonical, number

# RFC 8785, appendix B: the bits of a double, and how it is printed.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "printed"), NUMBERS.items())
def test_a_number_is_printed_as_the_rfc_says(bits: str, printed: str) -> None:
    assert number(struct.unpack(">d", bytes.fromhex(bits))[0]) == printed


def test_the_example_of_section_3_2_2_is_written_as_there() -> None:
    value = json.loads(
        r"""{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]}"""
    )
    assert canonical(value) == (
        r'{"literals":[null,true,false],'
        r'"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        r'"string":"€$\u000f\nA'
        "'"
        r'B\"\\\\\"/"}'
    )


def test_names_stand_in_the_order_of_their_utf_16_units() -> None:
    """RFC 8785, section 3.2.3: a character beyond the basic plane comes before U+FB33."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = json.loads(canonical(dict.fromkeys(names, 0)), object_pairs_hook=list)
    assert [name for name, _ in written] == [
        "\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, EXACT + 1, -EXACT - 1, "\ud800", {"\udfff": 1}, {1: 2}, b"x"],
)
def test_what_json_cannot_hold_for_sure_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical([value])


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-EXACT, EXACT)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_what_is_written_reads_back_and_is_written_the_same_again(value: Any) -> None:
    written = canonical(value)
    assert json.loads(written, parse_int=float) == value
    assert canonical(json.loads(written, parse_int=float)) == written


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_has_the_shortest_digits_that_read_back(value: float) -> None:
    digits = [one for one in number(value).partition("e")[0] if one.isdigit()]
    shortest = f"{value!r}".partition("e")[0].replace(".", "").strip("-0")
    assert float(number(value)) == value
    assert "".join(digits).strip("0") == shortest
