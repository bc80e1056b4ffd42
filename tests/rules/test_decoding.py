"""Files as text: decoded once, and what is no text is refused with its place."""

import pytest

from annotations.rules.decoding import decoded
from annotations.rules.refusals import Malformed


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_says_which_encoding_it_is(encoding: str) -> None:
    assert decoded("Café 🇺🇦\r\nzwei".encode(encoding), field="file") == "Café 🇺🇦\r\nzwei"


def test_what_is_no_character_is_refused_with_its_place() -> None:
    with pytest.raises(Malformed, match="0xe9 at line 2, column 4") as refusal:
        decoded(b"One\nCaf\xe9 doubled", field="file")
    assert list(refusal.value.problems) == ["file"]
    with pytest.raises(Malformed, match="UTF-16-LE"):
        decoded(b"\xff\xfea", field="file")
