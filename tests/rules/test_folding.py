"""Words are found whatever their case, and told where they stand in the text as it is."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.rules.anchors import find_once
from annotations.rules.folding import find_folded
from annotations.rules.refusals import Unprocessable

FILE = Path(__file__).parent.parent / "cases" / "anchoring.json"
CASES: list[dict[str, Any]] = json.loads(FILE.read_text("utf-8"))["searches"]
storable = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']}: {case['claim']}")
def test_case(case: dict[str, Any]) -> None:
    assert [list(place) for place in find_folded(case["text"], case["words"])] == case["found"]


@given(st.text(storable, max_size=30), st.text(storable, min_size=1, max_size=8))
def test_words_that_stand_there_are_found_in_order_inside_the_text(text: str, words: str) -> None:
    places = find_folded(f"{text}|{words}|", f"|{words}|")
    assert places
    assert all(0 <= start < end <= len(text) + len(words) + 2 for start, end in places)
    assert places == sorted(places)


def test_a_quote_in_other_letters_is_told_where_it_stands() -> None:
    with pytest.raises(Unprocessable, match="in other letters, “De.*ficit”, from 2 to 10"):
        find_once("A De\u200bficit of 4%", "deficit")
