"""LIAR: a claim a line, and what the workbench has no word for comes back."""

import io
from typing import Any

import pytest

from annotations.formats import liar
from annotations.formats.contract import ReadAsked, WriteAsked
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    PlaceGiven,
    Refused,
    VerdictGiven,
)
from annotations.formats.record import agreed, given
from tests.formats.records import claim, hard_record, place, seed_record, verdict

# As in the files of the data set, with marks that belong to no quoting, and a line of Windows.
FILE = (
    "2635.json\tfalse\tSays the Annies List political group supports third-trimester abortions on "
    "demand.\tabortion\tdwayne-bohac\tState representative\tTexas\trepublican\t0\t1\t0\t0\t0\t"
    "a mailer\n"
    '1123.json\tbarely-true\t"Says ""no"" to all.\tenergy,history,job-accomplishments\t'
    "scott-surovell\tState delegate\tVirginia\tdemocrat\t0\t0\t1\t1\t0\ta floor speech.\n"
    "7070.json\tpants-fire\tThe café closed.\t\tblog-posting\t\t\tnone\t7\t19\t3\t5\t44\t\n"
)
LINES = FILE.splitlines(keepends=True)


def read(raw: bytes | str) -> list[Found | Refused]:
    raw = raw if isinstance(raw, bytes) else raw.encode()
    return list(liar.read(io.BytesIO(raw), ReadAsked()))


def written(*records: Any, asked: WriteAsked | None = None) -> str:
    return b"".join(liar.write(iter(records), asked or WriteAsked())).decode()


def as_imported(article: ArticleGiven) -> dict[str, Any]:
    """The record of an article that was brought in from a file of LIAR."""
    record = hard_record()
    (one,) = article.claims
    (said,) = one.verdicts
    record["claims"] = [
        claim(
            1, one.statement, place(0x11, "😀"), topics=list(one.topics), kept={"liar": one.kept},
            claimant={"id": "", "name": one.claimant, "role": one.claimant_role, "wikidata_id": ""},
            verdicts=[verdict(1, "Finch", said.rating, "")],
        )
    ]  # fmt: skip
    return record


def test_a_line_is_a_claim_with_its_rating() -> None:
    found = read(FILE)[0]
    assert isinstance(found, Found)
    assert found.line == 1
    assert found.article.text.startswith("Says the Annies List")
    (made,) = found.article.claims
    assert (made.key, made.claimant, made.claimant_role) == (
        "2635.json", "dwayne-bohac", "State representative",
    )  # fmt: skip
    assert made.places == (PlaceGiven(0, len(found.article.text)),)
    assert made.topics == ("abortion",)
    assert made.verdicts == (VerdictGiven("false"),)
    assert (made.kept["party"], made.kept["state"]) == ("republican", "Texas")
    assert made.kept["false_count"] == "1"


def test_a_file_that_was_brought_in_is_written_again_as_it_was() -> None:
    found = [one.article for one in read(FILE) if isinstance(one, Found)]
    assert len(found) == 3
    assert written(*map(as_imported, found)) == FILE


def expected(record: dict[str, Any]) -> list[ArticleGiven]:
    """The claims with a rating as articles of their own, less what LIAR has no column for."""
    ratings = {one["id"]: agreed(one) for one in record["claims"]}
    made = []
    for one in given(record).claims:
        if rating := ratings[one.key]:
            whole = ClaimGiven(
                key=one.key,
                statement=one.statement,
                places=(PlaceGiven(0, len(one.statement)),),
                claimant=one.claimant,
                claimant_role=one.claimant_role,
                topics=one.topics,
                verdicts=(VerdictGiven(rating),),
                kept={column: liar.NEW.get(column, "") for column in ("state", *liar.KEPT)}
                | {"id": one.key},
            )
            made.append(ArticleGiven(key=one.key, text=one.statement, claims=(whole,)))
    return made


@pytest.mark.parametrize("record", [seed_record(), hard_record()])
def test_what_was_written_comes_back(record: dict[str, Any]) -> None:
    asked = WriteAsked()
    found = read(written(record, asked=asked))
    assert [one.article for one in found if isinstance(one, Found)] == expected(record)
    assert len(found) == len(expected(record))
    assert asked.dropped[liar.UNSETTLED] == len(given(record).claims) - len(found)
    assert set(asked.dropped) <= set(liar.DROPS)


def test_what_would_break_a_column_becomes_a_blank_and_is_counted() -> None:
    record = as_imported(read(LINES[0])[0].article)  # type: ignore[union-attr]
    record["claims"][0] |= {"statement": "a\tb\nc", "topics": ["x, y", "z"]}
    asked = WriteAsked()
    cells = written(record, asked=asked).removesuffix("\n").split("\t")
    assert len(cells) == 14
    assert cells[2:4] == ["a b c", "x  y,z"]
    assert asked.dropped[liar.BLANKS] == 1


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("\t".join(LINES[0].split("\t")[:13]), "13 columns, and LIAR has 14"),
        (LINES[0].strip() + "\tmore", "15 columns"),
        ("rubbish", "1 columns"),
        (LINES[0].replace("2635.json", ""), "the id, is empty"),
        (LINES[0].replace("false", " "), "the label, is empty"),
        ("\t".join(["1", "false", "", *[""] * 11]), "the statement, is empty"),
        (LINES[0].replace("Texas", "\x00"), "a NUL character"),
        (LINES[0].replace("Texas", "\udce9"), "not UTF-8"),
    ],
)
def test_a_bad_line_is_refused_by_itself(bad: str, says: str) -> None:
    raw = "\r\n".join(["\ufeff" + LINES[0].strip("\n"), bad.strip("\n"), LINES[1]])
    first, refused, last = read(raw.encode("utf-8", "surrogateescape"))
    assert isinstance(first, Found)
    assert isinstance(last, Found)
    assert first.article.key == "2635.json"
    assert isinstance(refused, Refused)
    assert refused.line == 2
    assert says in refused.sentence


def test_an_empty_file_holds_nothing() -> None:
    assert read("") == []
