"""What cannot be seen is named, and what scripts and emoji need is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.rules.unseen import pieces


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("plain words", []),
        ("pay \u202e001\u202c now", ["RLO", "PDF"]),
        ("zero\u200bwidth", ["ZWSP"]),
        ("zero\u200b\u200b\u200bwidth", ["ZWSP ×3"]),
        ("\ufefffirst", ["BOM"]),
        ("a\U000e0061\U000e0062z", ["TAG ×2"]),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", []),
        ("می\u200cخواهم", []),
        ("👩\u200d🔬", []),
        ("កម្ពុជា\u200bប្រទេស", []),
        ("soft\u00adhyphen", []),
    ],
)
def test_what_is_named(text: str, names: list[str]) -> None:
    assert [name for _, name in pieces(text) if name] == names


@given(st.text(st.sampled_from("ab\u200b\u202e\U000e0061\U0001f3f4\U000e007f\ufeffក"), max_size=40))
def test_the_pieces_join_to_the_text(text: str) -> None:
    assert "".join(piece for piece, _ in pieces(text)) == text


def test_a44_a_megabyte_of_them_takes_no_time() -> None:
    assert sum(1 for _ in pieces("\U0001f3f4\U000e0061" * 250_000)) > 0
    assert sum(1 for _ in pieces("\U0001f3f4" + "\U000e0061" * 1_000_000)) > 0
