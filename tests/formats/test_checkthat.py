"""CheckThat!: sentences with a label, verified claims, and which claim stands in which sentence."""

import csv
import io
import zipfile
from typing import Any

import pytest

from annotations.formats import checkthat
from annotations.formats.contract import WriteAsked
from annotations.formats.record import ruling, standing
from tests.formats.records import claim, hard_record, place, seed_record

ARTICLE = hard_record()["article"]["id"]


def written(*records: Any, asked: WriteAsked | None = None) -> dict[str, list[list[str]]]:
    raw = b"".join(checkthat.write(iter(records), asked or WriteAsked()))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {
            name: list(csv.reader(io.StringIO(archive.read(name).decode(), newline=""), "tabs"))
            for name in archive.namelist()
        }


@pytest.fixture(autouse=True)
def _tabs() -> None:
    csv.register_dialect("tabs", delimiter="\t", lineterminator="\n", strict=True)


def test_the_tables_are_called_and_headed_as_in_the_tasks() -> None:
    assert written() == {
        "task1.tsv": [["Sentence_id", "Text", "class_label"]],
        "task2/verified_claims.docs.tsv": [["vclaim_id", "vclaim", "title"]],
        "task2/sentences.queries.tsv": [["tweet_id", "tweet_content"]],
        "task2/sentence-vclaim-pairs.qrels": [],
    }


def test_a_sentence_with_a_claim_is_worth_a_check() -> None:
    rows = written(hard_record())["task1.tsv"][1:]
    assert [row[0] for row in rows] == [f"{ARTICLE}_{n + 1}" for n in range(len(rows))]
    labels = {row[1]: row[2] for row in rows}
    assert set(labels.values()) <= {"Yes", "No"}
    assert next(label for words, label in labels.items() if "“doubled”" in words) == "Yes"
    assert next(label for words, label in labels.items() if "物价上涨了一倍" in words) == "Yes"
    assert all("\t" not in words and "\n" not in words for words in labels)


def test_sentences_of_the_seed_have_both_labels_and_none_of_its_page() -> None:
    rows = written(seed_record())["task1.tsv"][1:]
    text = seed_record()["revisions"][0]["text"]
    assert {row[2] for row in rows} == {"Yes", "No"}
    assert all(row[1] in text for row in rows)
    assert not {"Share", "Leave a Reply"} & {row[1] for row in rows}


@pytest.mark.parametrize(
    ("reason", "label"), [("", "Yes"), ("duplicate", "Yes"), ("opinion", "No"),
                          ("not_checkable", "No")],
)  # fmt: skip
def test_what_was_set_aside_as_not_checkable_is_not_worth_it(reason: str, label: str) -> None:
    one = claim(1, "Words.", place(1, "“doubled”"), state="set_aside", set_aside_reason=reason)
    rows = written({**hard_record(), "claims": [one]})["task1.tsv"][1:]
    assert next(row[2] for row in rows if "“doubled”" in row[1]) == label
    assert {row[2] for row in rows if "“doubled”" not in row[1]} == {"No"}


def test_verified_claims_are_those_with_a_ruling_in_force() -> None:
    found = written(seed_record())
    settled = [one for one, _ in standing(seed_record()) if ruling(one)]
    title = seed_record()["article"]["title"]
    assert settled
    assert found["task2/verified_claims.docs.tsv"][1:] == [
        [one["id"], one["statement"], title] for one in settled
    ]
    queries = dict(found["task2/sentences.queries.tsv"][1:])
    sentences = {row[0]: row[1] for row in found["task1.tsv"][1:]}
    assert queries.items() <= sentences.items()
    for sentence, zero, number, one in found["task2/sentence-vclaim-pairs.qrels"]:
        assert (zero, one) == ("0", "1")
        quotes = [
            place["quote"] for claim in settled if claim["id"] == number
            for place in claim["appearances"]
        ]  # fmt: skip
        assert any(quote in queries[sentence] or queries[sentence] in quote for quote in quotes)


def test_a_claim_over_two_sentences_stands_in_both() -> None:
    record = hard_record()
    text = "It rained. It snowed."
    record["revisions"] = [{**record["revisions"][0], "text": text}]
    here = {**place(1, "😀"), "start": 3, "end": 13}
    record["claims"] = [claim(1, "Weather.", here)]
    assert [row[2] for row in written(record)["task1.tsv"][1:]] == ["Yes", "Yes"]
    here["end"] = 11  # the blank between them
    assert [row[2] for row in written(record)["task1.tsv"][1:]] == ["Yes", "No"]


def test_what_is_dropped_is_counted() -> None:
    asked = WriteAsked()
    written(seed_record(), {**hard_record(), "revisions": []}, asked=asked)
    assert set(asked.dropped) <= set(checkthat.DROPS)
    assert asked.dropped[checkthat.NO_TEXT] == 1
    assert asked.dropped[checkthat.ARTICLES] == 1
    assert asked.dropped[checkthat.CLAIMS] == 16


def test_the_same_records_make_the_same_bytes() -> None:
    once, twice = (list(checkthat.write([hard_record()], WriteAsked())) for _ in range(2))
    assert once == twice
