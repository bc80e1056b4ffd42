"""CoNLL columns: each token is a stretch of the text, and no token has two marks."""

from typing import Any

import pytest

from annotations.formats import iob2, record
from annotations.formats.contract import WriteAsked
from annotations.formats.tokens import sentences, tokens
from tests.formats.records import REVISION, TEXT, claim, hard_record, place, seed_record, verdict


def written(*records: Any) -> tuple[list[str], WriteAsked]:
    asked = WriteAsked()
    return b"".join(iob2.write(iter(records), asked)).decode().split("\n"), asked


def columns(lines: list[str]) -> list[list[str]]:
    found = [line.split(" ") for line in lines if line and not line.startswith("# ")]
    return [one for one in found if one[0] != "-DOCSTART-"]


def with_text(text: str, *marks: tuple[str, str]) -> dict[str, Any]:
    """A record of a text whose marks are words and their rating."""
    places = [text.index(words) for words, _ in marks]
    return {
        **hard_record(),
        "revisions": [{**REVISION, "text": text}],
        "claims": [
            claim(
                n, words,
                {**place(n, "tab"), "start": at, "end": at + len(words), "quote": words},
                verdicts=[verdict(n, "Finch", rating, "So it is.")] if rating else [],
            ) for n, (at, (words, rating)) in enumerate(zip(places, marks, strict=True), 1)
        ],
    }  # fmt: skip


def tags(record: dict[str, Any]) -> list[str]:
    return [f"{one[0]} {one[3]}" for one in columns(written(record)[0])]


@pytest.mark.parametrize("make", [seed_record, hard_record])
def test_every_token_is_a_stretch_of_the_text(make: Any) -> None:
    one = make()
    text = record.newest(one)["text"]  # type: ignore[index]
    rows = columns(written(one)[0])
    assert {len(row) for row in rows} == {4}
    assert "".join(row[0] for row in rows) == "".join(text.split())


def test_the_longest_stands_and_the_rest_is_counted() -> None:
    lines, asked = written(hard_record())
    assert lines[:4] == [
        "# article: 0193a0de-0000-7000-8000-0000000000a1", "# dropped: 3", "-DOCSTART- -X- O O", "",
    ]  # fmt: skip
    assert asked.dropped[iob2.NO_OVERLAP] == 3
    assert asked.dropped[iob2.NO_LONG] == 1
    assert asked.dropped[iob2.NO_DISPUTE] == 1
    assert set(asked.dropped) <= set(iob2.DROPS)
    rows = columns(lines)
    # The fourth claim, in Chinese, a token a character.
    assert [row[3] for row in rows if row[0] in "物价上涨"] == ["B-CLAIM", *["I-CLAIM"] * 3]
    assert [row[3] for row in rows if row[0] == "Prices"] == ["B-CLAIM"]


def test_a_claim_is_called_by_its_ruling_else_by_its_verdicts() -> None:
    rows = columns(written(seed_record())[0])
    ratings = {row[3] for row in rows}
    assert {"O", "B-true", "B-misleading", "B-needs-context", "B-CLAIM"} <= ratings


def test_a_mark_begins_with_b_wherever_another_ends() -> None:
    assert tags(with_text("Rents rose fast.", ("Rents", "true"), ("rose", "true"))) == [
        "Rents B-true", "rose B-true", "fast O", ". O",
    ]  # fmt: skip


def test_a_mark_over_two_sentences_begins_again() -> None:
    lines, asked = written(with_text("Rents rose. Wages fell.", ("rose. Wages", "")))
    assert lines[4:] == [
        "Rents -X- O O", "rose -X- O B-CLAIM", ". -X- O I-CLAIM", "",
        "Wages -X- O B-CLAIM", "fell -X- O O", ". -X- O O", "", "",
    ]  # fmt: skip
    assert asked.dropped[iob2.NO_LONG] == 1


def test_a_mark_within_a_word_cuts_it() -> None:
    assert tags(with_text("Nonsense", ("sen", "false"))) == ["Non O", "sen B-false", "se O"]
    assert tags(with_text("Nonsense", ("Non", ""), ("sense", ""))) == [
        "Non B-CLAIM", "sense B-CLAIM",
    ]  # fmt: skip


def test_an_article_whose_text_is_not_shown_is_left_out() -> None:
    lines, asked = written({**hard_record(), "revisions": []})
    assert lines == [""]
    assert asked.dropped[iob2.NO_TEXT] == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("He said “yes.” Then he left.", ["He said “yes.”", "Then he left."]),
        ("The “worst” year of J. Smith in the U.S. ended.", None),
        ("It was 3.5 per cent… and rose.", None),
        ("Title\n\nText", ["Title", "Text"]),
        ("物价上涨。他说！", ["物价上涨。", "他说！"]),
        (" \n ", []),
    ],
)
def test_sentences_end_where_readers_see_it(text: str, expected: list[str] | None) -> None:
    found = [text[start:end] for start, end in sentences(text)]
    assert found == ([text] if expected is None else expected)


def test_words_numbers_and_signs_are_tokens() -> None:
    text = "Zoe\u0301’s rent rose 1,300.5% (well-nigh)! 😀"
    assert [text[a:b] for a, b in tokens(text, (0, len(text)))] == [
        "Zoe\u0301’s", "rent", "rose", "1,300.5%", "(", "well-nigh", ")", "!", "😀",
    ]  # fmt: skip


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    for text in ("." * 200_000, "a. " * 100_000, "\n" * 200_000, " " * 200_000, TEXT * 500):
        for sentence in sentences(text):
            sum(1 for _ in tokens(text, sentence))
