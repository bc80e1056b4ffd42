"""What may be typed into a line and into running text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.rules import words
from annotations.rules.refusals import Malformed, Problems, Refusal, Unprocessable


@pytest.mark.parametrize("bad", ["a\nb", "a\rb", "a\x0bb", "a\x1b[31mb", "a\x85b", "a\u2028b"])
def test_a_line_is_one_line(bad: str) -> None:
    with pytest.raises(Malformed, match="one line"):
        words.line(bad, "title")


@pytest.mark.parametrize("bad", ["a\x00", "\ud800", "x\udfff"])
def test_what_cannot_be_stored_is_refused_in_lines_and_in_prose(bad: str) -> None:
    for read in (words.line, words.prose):
        with pytest.raises(Malformed, match="line 1, column") as refused:
            read(bad, "title")
        assert list(refused.value.problems) == ["title"]


@pytest.mark.parametrize("good", ["a\tb", "Café", "🇺🇦", "عربي", "a\u00a0b", "a\u200bb"])
def test_a_line_keeps_what_is_no_control_character(good: str) -> None:
    assert words.line(f" {good} ", "title") == good


def test_a_line_that_is_needed_is_not_blank() -> None:
    assert words.line(" ", "title") == ""
    with pytest.raises(Malformed, match="missing"):
        words.line(" \u00a0", "title", required=True)


def test_a_megabyte_in_a_title_is_refused_with_both_numbers() -> None:
    with pytest.raises(Malformed, match="1,000,000 characters; 300 is the most"):
        words.line("x" * 1_000_000, "title")


def test_the_blanks_at_the_ends_do_not_count() -> None:
    assert words.line(" " * 1000 + "x" * 300, "title") == "x" * 300


def test_prose_has_lf_line_ends() -> None:
    assert words.prose("\r\na\r\nb\rc\n", "rationale") == "a\nb\nc"


def test_prose_has_a_longest() -> None:
    with pytest.raises(Malformed, match="20,001 characters; 20,000 is the most"):
        words.prose("x" * 20_001, "rationale")


@given(st.text())
def test_whatever_is_typed_is_kept_or_refused_at_its_field(typed: str) -> None:
    for read in (words.line, words.prose):
        problems = Problems()
        kept = problems.attempt(lambda read=read: read(typed, "field"), None)  # type: ignore[misc]
        assert set(problems) <= {"field"}
        assert kept is None or read(kept, "field") == kept
        for sentence in problems.values():
            assert sentence.encode().endswith(b".")


def test_a_refusal_of_many_fields_says_all_of_them() -> None:
    problems = Problems()
    problems.refuse()
    assert problems.attempt(lambda: words.line("x", "title"), "") == "x"
    assert problems.attempt(lambda: words.line("a\nb", "title"), "otherwise") == "otherwise"
    problems["rating"] = "Choose one."
    with pytest.raises(Unprocessable) as refused:
        problems.refuse(Unprocessable)
    assert set(refused.value.problems) == {"title", "rating"}
    assert "Choose one." in refused.value.sentence


def test_a_refusal_without_a_field_is_of_the_thing_as_a_whole() -> None:
    assert Refusal("No.").problems == {"": "No."}
