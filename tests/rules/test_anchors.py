"""Anchors: the cases that the server has to get right, and properties over all of Unicode."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from annotations.rules import refusals
from annotations.rules.anchors import CONTEXT, LONGEST_QUOTE, anchor_at, find_once, refuse_furniture
from annotations.rules.canonical import canonical_text
from annotations.rules.html import canonical_html
from annotations.rules.refusals import Malformed, Unprocessable

FILE = Path(__file__).parent.parent / "cases" / "anchoring.json"
CASES: list[dict[str, Any]] = json.loads(FILE.read_text("utf-8"))["anchors"]

storable = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']}: {case['claim']}")
def test_case(case: dict[str, Any]) -> None:
    if "refused" in case:
        name, field, word = case["refused"]
        with pytest.raises(getattr(refusals, name)) as refused:
            anchor_at(text_of(case), case["start"], case["end"], case.get("quote"))
        assert word in refused.value.problems[field]
        return
    text = text_of(case)
    anchor = anchor_at(text, case["start"], case["end"])
    assert text == case.get("text", text)
    assert (anchor.start, anchor.end) == tuple(case.get("widened", (case["start"], case["end"])))
    assert anchor.quote == case.get("quote", anchor.quote)
    assert anchor == anchor_at(text, anchor.start, anchor.end, anchor.quote)


def text_of(case: dict[str, Any]) -> str:
    return (canonical_html(case["html"])[0] if "html" in case else canonical_text(case["raw"])).text


@given(st.text(storable, max_size=200), st.data())
def test_an_anchor_is_the_text_and_what_stands_around_it(text: str, data: st.DataObject) -> None:
    assume(text.strip())
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assume(text[start:end].strip())
    anchor = anchor_at(text, start, end)
    assert text[anchor.start : anchor.end] == anchor.quote
    assert text[: anchor.start].endswith(anchor.prefix)
    assert text[anchor.end :].startswith(anchor.suffix)
    assert len(anchor.prefix) == min(CONTEXT, anchor.start)
    assert len(anchor.suffix) == min(CONTEXT, len(text) - anchor.end)
    assert anchor.start <= start < end <= anchor.end
    assert anchor_at(text, anchor.start, anchor.end, anchor.quote) == anchor


@given(st.text(storable, min_size=1, max_size=40), st.text(storable, min_size=1, max_size=40))
def test_another_quote_is_always_refused_with_a_sentence(text: str, quote: str) -> None:
    assume(text.strip() and quote != text)
    with pytest.raises(Unprocessable) as refused:
        anchor_at(text, 0, len(text), quote)
    assert refused.value.problems["quote"].startswith("The quote is not the text")


def test_a_refused_quote_is_told_where_it_first_differs() -> None:
    with pytest.raises(Unprocessable, match="from character 4 on") as refused:
        anchor_at("12\u00a0% more", 0, 9, "12\u00a0$ more")
    assert "“$ more” and the text has “% more”" in refused.value.sentence


def test_invisible_differences_are_spelt_out() -> None:
    with pytest.raises(Unprocessable) as refused:
        anchor_at("de\u200bficit", 0, 8, "de\u00adficit")
    assert "\\u{ad}ficit" in refused.value.sentence
    assert "\\u{200b}ficit" in refused.value.sentence


def test_a_quote_that_ends_early_is_told_so() -> None:
    with pytest.raises(Unprocessable, match="the quote has nothing more and the text has “cit”"):
        anchor_at("deficit", 0, 7, "defi")


def test_a_mark_has_a_longest() -> None:
    assert anchor_at("x" * LONGEST_QUOTE, 0, LONGEST_QUOTE).end == LONGEST_QUOTE
    with pytest.raises(Malformed, match="20,001 characters; 20,000 is the most"):
        anchor_at("x" * 30_000, 0, LONGEST_QUOTE + 1)


def test_a_mark_without_a_quote_is_widened_to_whole_characters() -> None:
    anchor = anchor_at("Cafe\u0301 🇺🇦🇵🇱 aid", 3, 7)
    assert (anchor.start, anchor.end, anchor.quote) == (3, 8, "e\u0301 🇺🇦")
    assert (anchor.prefix, anchor.suffix) == ("Caf", "🇵🇱 aid")


@pytest.mark.parametrize(
    ("start", "end", "field"), [(4, 5, "start"), (3, 4, "end"), (7, 9, "start"), (6, 7, "end")]
)
def test_a_quote_that_cuts_a_character_is_refused_with_the_offsets_that_do_not(
    start: int, end: int, field: str
) -> None:
    text = "Cafe\u0301 🇺🇦🇵🇱 aid"
    with pytest.raises(Unprocessable) as refused:
        anchor_at(text, start, end, text[start:end])
    whole = anchor_at(text, start, end)
    assert f"{whole.start} to {whole.end}" in refused.value.problems[field]
    assert refused.value.offers == {"widened": {"start": whole.start, "end": whole.end}}
    assert anchor_at(text, whole.start, whole.end, whole.quote) == whole


def test_a_mark_on_a_character_longer_than_any_mark_is_refused() -> None:
    with pytest.raises(Malformed, match="1,000,001 characters; 20,000 is the most"):
        anchor_at("e" + "\u0301" * 1_000_000, 5, 6)


PAGE = canonical_text("The headline\n\nShare\n\nA sentence.")


@pytest.mark.parametrize(("start", "end"), [(14, 19), (15, 16), (0, 15), (18, 32), (0, 32)])
def test_a_mark_that_touches_furniture_is_refused(start: int, end: int) -> None:
    with pytest.raises(Unprocessable, match="belong to the page"):
        refuse_furniture(PAGE.blocks, anchor_at(PAGE.text, start, end))


@pytest.mark.parametrize(("start", "end"), [(0, 14), (19, 32), (21, 23)])
def test_a_mark_beside_furniture_is_taken(start: int, end: int) -> None:
    refuse_furniture(PAGE.blocks, anchor_at(PAGE.text, start, end))


@pytest.mark.parametrize(
    ("text", "quote", "prefix", "at"),
    [
        ("one two three", "two", "", 4),
        ("one two two", "two", "two ", 8),
        ("two one two", "two", "one ", 8),
        ("abcabc", "abc", "c", 3),
        ("💩 two", "two", "", 2),
    ],
)
def test_a_quote_is_found_where_it_stands_once(text: str, quote: str, prefix: str, at: int) -> None:
    assert find_once(text, quote, prefix) == at
    assert text[at : at + len(quote)] == quote


@pytest.mark.parametrize(
    ("text", "quote", "prefix", "word"),
    [
        ("one two", "three", "", "does not stand"),
        ("one two", "two", "x ", "after this prefix"),
        ("two two", "two", "", "more than once"),
        ("aaaa", "aaa", "", "more than once"),
        ("x two x two", "two", "x ", "more than once"),
    ],
)
def test_a_quote_that_does_not_stand_once_is_refused(
    text: str, quote: str, prefix: str, word: str
) -> None:
    with pytest.raises(Unprocessable, match=word):
        find_once(text, quote, prefix)


def test_an_empty_quote_is_refused() -> None:
    with pytest.raises(Malformed, match="missing"):
        find_once("text", "")
