"""Canonical text: what is changed (line ends, a byte order mark), what never is, and the blocks."""

import hashlib
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotations.rules.canonical import LONGEST_TEXT, MOST_BLOCKS, Kind, canonical_text
from annotations.rules.refusals import Malformed

# Every code point but what is refused: NUL and the surrogates.
storable = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
lines = st.sampled_from(["\n", "\n\n", "\r\n", "\r", " \n\t\n", "\u2028", "\x0b", "- ", "“", "”"])
texts = st.lists(st.one_of(st.text(storable, max_size=20), lines), max_size=20).map("".join)


def kinds(raw: str, furniture: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    made = canonical_text(raw, furniture=furniture)
    return [(block.kind.value, made.text[block.start : block.end]) for block in made.blocks]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("\ufeffHello", "Hello"),
        ("\ufeff\ufeffHello", "\ufeffHello"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\r\r\nb", "a\n\nb"),
        ("  a  ", "  a  "),
        ("Cafe\u0301 Caf\u00e9", "Cafe\u0301 Caf\u00e9"),
        ("12\u00a0% de\u200bficit \u202e21%\u202c", "12\u00a0% de\u200bficit \u202e21%\u202c"),
        ("a\u2028b\u2029c\x0bd\x0ce\x85f", "a\u2028b\u2029c\x0bd\x0ce\x85f"),
        ("a\ufeffb", "a\ufeffb"),
        ("ﬁ Å ℌ", "ﬁ Å ℌ"),
    ],
)
def test_only_line_ends_and_one_leading_mark_change(raw: str, text: str) -> None:
    assert canonical_text(raw).text == text


@pytest.mark.parametrize(
    ("raw", "names", "place"),
    [
        ("\x00", "NUL", "line 1, column 1"),
        ("ab\ncd\x00", "NUL", "line 2, column 3"),
        ("ab\r\n\r\ncd\x00", "NUL", "line 3, column 3"),
        ("ab\rc\ud800", "U+D800", "line 2, column 2"),
        ("💩💩\udfff", "U+DFFF", "line 1, column 3"),
    ],
)
def test_what_no_text_can_hold_is_refused_with_its_place(raw: str, names: str, place: str) -> None:
    with pytest.raises(Malformed) as refused:
        canonical_text(raw)
    assert names in refused.value.problems["text"]
    assert place in refused.value.problems["text"]


@pytest.mark.parametrize("raw", ["", " ", "\n\n\t\u00a0\u2028", "\ufeff"])
def test_a_text_of_nothing_is_refused(raw: str) -> None:
    with pytest.raises(Malformed, match="no text"):
        canonical_text(raw)


def test_two_million_characters_are_taken_and_one_more_is_not() -> None:
    assert len(canonical_text("x" * LONGEST_TEXT).text) == LONGEST_TEXT
    with pytest.raises(Malformed, match="2,000,001 characters; 2,000,000 is the most"):
        canonical_text("x" * (LONGEST_TEXT + 1))


def test_fifty_thousand_paragraphs_are_taken_and_one_more_is_not() -> None:
    assert len(canonical_text("x\n\n" * MOST_BLOCKS).blocks) == MOST_BLOCKS
    with pytest.raises(Malformed, match="more than 50,000 paragraphs"):
        canonical_text("x\n\n" * (MOST_BLOCKS + 1))


def test_a_text_is_named_by_the_digest_of_its_utf_8() -> None:
    made = canonical_text("Café 🇺🇦\r\n")
    assert made.sha256 == hashlib.sha256("Café 🇺🇦\n".encode()).hexdigest()
    assert made.sha256 == canonical_text("\ufeffCafé 🇺🇦\n").sha256


@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n\n", "\n \t\n", "\r\n\r\n", "\r\r", "\n\u00a0\n"])
def test_a_blank_line_of_any_look_parts_two_blocks(gap: str) -> None:
    assert kinds(f"The headline{gap}A sentence.") == [
        ("headline", "The headline"),
        ("paragraph", "A sentence."),
    ]


def test_a_single_line_break_stays_inside_its_block() -> None:
    assert kinds("The headline\n\nOne.\nTwo.") == [
        ("headline", "The headline"),
        ("paragraph", "One.\nTwo."),
    ]


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        ("A sentence that ends.", Kind.PARAGRAPH),
        ("Trump and Putin to Discuss Ceasefire", Kind.HEADING),
        ("x" * 121, Kind.PARAGRAPH),
        ("“We have never spent this much,”", Kind.QUOTE),
        ("«Nous n'avons jamais dépensé autant.»", Kind.QUOTE),
        ("„Noch nie so viel.“", Kind.QUOTE),
        ("「値上げする」", Kind.QUOTE),
        ("“One,” she said, “and two.”", Kind.PARAGRAPH),
        ('"', Kind.PARAGRAPH),
        ("- a point", Kind.LIST_ITEM),
        ("• ein Punkt", Kind.LIST_ITEM),
        ("3. third", Kind.LIST_ITEM),
        ("2024 was long.", Kind.PARAGRAPH),
        ("Share", Kind.FURNITURE),
        ("SHARE THIS ARTICLE", Kind.FURNITURE),
        ("Leave a Reply", Kind.FURNITURE),
        ("Your email address will not be published. Required fields are marked *", Kind.FURNITURE),
        ("吉野家は値上げした。", Kind.PARAGRAPH),
        ("牛丼が値上げ", Kind.HEADING),
        ("ارتفعت الأسعار هذا العام؟", Kind.PARAGRAPH),
        ("ارتفاع الأسعار", Kind.HEADING),
        ("अनुच्छेद 370 हटाया गया।", Kind.PARAGRAPH),
        ("अनुच्छेद 370", Kind.HEADING),
    ],
)
def test_a_block_is_known_by_its_looks(block: str, kind: Kind) -> None:
    assert kinds(f"The headline\n\n{block}")[1] == (kind.value, block)


def test_furniture_that_is_named_is_the_pages_whatever_its_case() -> None:
    assert kinds("Title\n\nMore from our desk\n\nA sentence.", (" more FROM our desk ",))[1] == (
        "furniture",
        "More from our desk",
    )


def test_words_of_furniture_inside_a_sentence_are_the_authors() -> None:
    assert kinds("Title\n\nShare prices rose.")[1][0] == "paragraph"


def test_a_first_block_of_furniture_is_no_headline() -> None:
    assert kinds("Share\n\nA sentence.")[0] == ("furniture", "Share")


@given(texts)
@example("\n\na\n\n")
@example("\u2028\n\u2028\nx")
def test_blocks_stand_in_order_and_cover_every_word(raw: str) -> None:
    plain = re.sub("\r\n?", "\n", raw.removeprefix("\ufeff"))
    if not plain.strip():
        return
    made = canonical_text(raw)
    assert made.text == plain
    at = 0
    for block in made.blocks:
        assert made.text[at : block.start].strip() == ""
        assert at <= block.start < block.end <= len(made.text)
        inside = made.text[block.start : block.end]
        assert inside == inside.strip()
        at = block.end
    assert made.text[at:].strip() == ""


@given(texts)
def test_a_canonical_text_is_its_own_canonical_text(raw: str) -> None:
    if not raw.removeprefix("\ufeff").strip():
        return
    once = canonical_text(raw)
    if once.text.startswith("\ufeff"):
        return
    assert canonical_text(once.text) == once
