"""Whole characters: flags, families, accents, conjuncts, and hostile rows of them."""

import time

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from annotations.rules.graphemes import widened

FAMILY = "👩‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "cut", "whole"),
    [
        pytest.param("🇺🇦🇵🇱 aid", (0, 1), (0, 2), id="a flag"),
        pytest.param("🇺🇦🇵🇱 aid", (1, 3), (0, 4), id="two flags"),
        pytest.param("🇺🇦🇵🇱 aid", (2, 4), (2, 4), id="the second flag"),
        pytest.param("🇺🇦🇵 aid", (2, 3), (2, 3), id="half a flag alone"),
        pytest.param("a👋🏽b", (1, 2), (1, 3), id="a skin tone"),
        pytest.param(f"{FAMILY} cut", (3, 5), (0, 7), id="a family"),
        pytest.param("Cafe\u0301 prices", (3, 4), (3, 5), id="a letter without its accent"),
        pytest.param("Cafe\u0301 prices", (4, 5), (3, 5), id="an accent without its letter"),
        pytest.param("\u1100\u1161\u11a8 값", (1, 2), (0, 3), id="a Hangul syllable of three"),
        pytest.param("अनुच्छेद", (3, 4), (3, 7), id="an Indic conjunct"),
        pytest.param("ก็ได้", (0, 1), (0, 2), id="a Thai vowel sign"),
        pytest.param("2️⃣ of", (0, 1), (0, 3), id="a keycap"),
        pytest.param("🏴󠁧󠁢󠁥󠁮󠁧󠁿!", (2, 3), (0, 7), id="a flag of tags"),
        pytest.param("AT&T", (1, 3), (1, 3), id="plain letters"),
        pytest.param("a\n\u0301b", (0, 1), (0, 1), id="an accent on a line break"),
        pytest.param("値上げ", (1, 2), (1, 2), id="ideographs"),
        pytest.param("12\u00a0%", (2, 3), (2, 3), id="a no-break space"),
    ],
)
def test_ends_inside_a_character_move_out_to_it(
    text: str, cut: tuple[int, int], whole: tuple[int, int]
) -> None:
    assert widened(text, *cut) == whole


# What joins, what stands beside it, and what has no business with either.
signs = st.sampled_from(
    "a \n\u00a9🇺🇦👩👋🏽❤\u200d\ufe0f\u0301\u0316\u093c\u094dकषत\u0903\u0600"
    "각가\u1100\u1161\u11a8ก็値\u00ad\u200b"
)
texts = st.one_of(st.text(signs, min_size=1, max_size=60), st.text(min_size=1, max_size=40))


@given(texts, st.data())
@example("🇺🇦" * 20 + "🇵", None)
def test_the_ends_are_those_of_a_reading_from_the_very_beginning(
    text: str, data: st.DataObject | None
) -> None:
    text = text.replace("\r", "")
    ends = [0, *(one.end() for one in regex.finditer(r"\X", text))]
    first = data.draw(st.integers(0, len(text))) if data else len(text) // 2 + 1
    last = data.draw(st.integers(first, len(text))) if data else first + 2
    assert widened(text, first, last) == (
        max(end for end in ends if end <= first),
        min(end for end in ends if end >= last),
    )


MILLION = 1_000_000
HOSTILE = {
    "combining marks on one letter": "e" + "\u0301" * MILLION,
    "combining marks of two classes": "e" + "\u0316\u0300" * (MILLION // 2),
    "flags": "🇺" * (MILLION + 1),
    "joiners": "\u200d" * MILLION,
    "joined emojis": "👩\u200d" * (MILLION // 2),
    "emojis": "👩" * MILLION,
    "emojis with a mark each": "👩\u0301" * (MILLION // 2),
    "one conjunct": "क\u094d" * (MILLION // 2),
    "consonants": "क" * MILLION,
    "syllables": "각" * MILLION,
    "leading jamos": "\u1100" * MILLION,
    "prefixes": "\u0600" * MILLION,
    "prefixed letters": "\u0600a" * (MILLION // 2),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_million_signs_in_a_row_take_less_than_a_second(name: str) -> None:
    text = HOSTILE[name]
    began = time.process_time()
    start, end = widened(text, len(text) - 2, len(text) - 1)
    assert start <= len(text) - 2
    assert end >= len(text) - 1
    assert time.process_time() - began < 1
