"""A table of claims: what a spreadsheet writes is read, and what is wrong costs its row alone."""

import csv as stdlib
import datetime
import gzip
import io
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from annotations.formats import csv, table
from annotations.formats.contract import ReadAsked, WriteAsked
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    PlaceGiven,
    QuoteGiven,
    Refused,
    Unit,
    VerdictGiven,
)
from annotations.formats.record import given, ruling
from annotations.rules.verdicts import EvidenceGiven
from tests.formats.records import TEXT, claim, hard_record, place, seed_record

BOTH = (Unit.CODEPOINT, Unit.UTF16)


def written(*records: Any, asked: WriteAsked | None = None) -> bytes:
    return b"".join(csv.write(iter(records), asked or WriteAsked()))


def read(raw: bytes | str, asked: ReadAsked | None = None) -> list[Found | Refused]:
    raw = raw if isinstance(raw, bytes) else raw.encode()
    return list(csv.read(io.BytesIO(raw), asked or ReadAsked()))


def only(raw: bytes | str) -> ArticleGiven:
    (found,) = read(raw)
    assert isinstance(found, Found), found
    return found.article


def refusals(raw: bytes | str) -> dict[int, str]:
    return {one.line: one.sentence for one in read(raw) if isinstance(one, Refused)}


def statements(raw: bytes | str) -> list[str]:
    found = [one.article for one in read(raw) if isinstance(one, Found)]
    return [claim.statement for article in found for claim in article.claims]


def cells(raw: bytes) -> list[dict[str, str]]:
    return list(stdlib.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def expected(record: dict[str, Any]) -> ArticleGiven:
    """The record as it is given, less what a table has no place for, and with its rulings."""
    whole = given(record, "csv")
    settled = {one["id"]: ruling(one) for one in record["claims"]}
    claims = (
        replace(
            claim,
            verdicts=tuple(_without_citations(one) for one in claim.verdicts),
            kept={**claim.kept, **_ruled(settled[claim.key])},
        )
        for claim in whole.claims
    )
    return replace(whole, claims=tuple(claims))


def _without_citations(one: VerdictGiven) -> VerdictGiven:
    return replace(
        one,
        evidence=tuple(
            EvidenceGiven(stance=piece.stance, address=piece.address)
            for piece in one.evidence
            if piece.address
        ),
    )


def _ruled(settled: Any) -> dict[str, str]:
    if settled is None:
        return {}
    told = settled["rating"], settled["summary"], settled["made_at"]
    return dict(zip(table.RULING, told, strict=True))


@pytest.mark.parametrize("unit", [*BOTH, None])
@pytest.mark.parametrize("record", [seed_record(), hard_record()])
def test_what_was_written_comes_back(record: dict[str, Any], unit: Unit | None) -> None:
    assert only(written(record, asked=WriteAsked(unit=unit))) == expected(record)


def test_records_follow_each_other_and_are_told_apart() -> None:
    found = read(written(seed_record(), hard_record()))
    lines = [one.line for one in found]
    assert [one.article for one in found if isinstance(one, Found)] == [
        expected(seed_record()), expected(hard_record()),
    ]  # fmt: skip
    assert lines[0] == 2 < lines[1]


def test_a_row_is_a_verdict_and_whole_by_itself() -> None:
    rows = cells(written(hard_record()))
    assert tuple(rows[0]) == table.COLUMNS
    assert [row["statement"][:16] for row in rows[:3]] == [
        "Prices doubled.", "Prices doubled.", "'=SUM(A1) is a f",
    ]  # fmt: skip
    assert {row["text"] for row in rows} == {TEXT}
    assert [row["rating"] for row in rows[:3]] == ["true", "false", ""]
    assert rows[0]["evidence"] == "supports https://example.org/a?b=c&d=%20e"
    assert rows[1]["rationale"] == "'=cmd()|' /C calc'!A0"


def test_a20_no_cell_of_a_table_is_a_formula() -> None:
    raw = written(hard_record()).decode("utf-8-sig")
    for row in stdlib.reader(io.StringIO(raw, newline="")):
        assert not [cell for cell in row if cell.lstrip()[:1] in tuple("=+-@＝＋－＠")]


def test_a_spreadsheet_opens_it_as_utf8() -> None:
    assert written().startswith(b"\xef\xbb\xbfproject,article,")
    assert written() == b"\xef\xbb\xbf" + ",".join(table.COLUMNS).encode() + b"\r\n"


def test_what_is_dropped_is_counted() -> None:
    asked = WriteAsked()
    written(seed_record(), hard_record(), {**hard_record(), "claims": []}, asked=asked)
    assert set(asked.dropped) <= set(csv.DROPS)
    assert asked.dropped[table.UNMARKED] == 1
    assert asked.dropped[table.REPLACED] >= 1
    asked = WriteAsked()
    written(hard_record(), asked=asked)
    assert asked.dropped == Counter({table.CITED: 2})


def test_a_claim_of_an_older_text_is_counted_and_not_written() -> None:
    record = hard_record()
    record["claims"].append(claim(99, "Gone.", {**place(0x99, "😀"), "revision": "other"}))
    asked = WriteAsked()
    assert "Gone." not in written(record, asked=asked).decode()
    assert asked.dropped[table.OLDER] == 1


def test_a_statement_alone_is_an_article_of_its_own() -> None:
    first, second = read("Statement\nPrices doubled.\nIt rained.\n")
    assert isinstance(first, Found)
    assert isinstance(second, Found)
    assert first.article.text == "Prices doubled."
    (made,) = first.article.claims
    assert made == ClaimGiven(made.key, "Prices doubled.", (PlaceGiven(0, 15),))
    assert first.article.key != second.article.key
    assert read("statement\nIt rained.\n")[0] == Found(2, second.article)


def test_a_claim_without_text_names_the_article_that_the_project_has() -> None:
    article = only(
        "article_address,statement,quote,start,end\n"
        "https://example.org/a,Prices doubled.,doubled,7,14\n"
        "https://example.org/a,It rained.,rain,,\n"
    )
    assert (article.text, article.address) == ("", "https://example.org/a")
    assert [one.quotes for one in article.claims] == [
        (QuoteGiven("doubled", start=7, end=14, units=BOTH),),
        (QuoteGiven("rain", units=BOTH),),
    ]


@pytest.mark.parametrize(
    ("columns", "told", "place"),
    [
        ("quote", "two", PlaceGiven(6, 9)),
        ("quote,start,end", "one,3,6", PlaceGiven(2, 5)),
        ("quote,start,end", "one,2,5", PlaceGiven(2, 5)),
        ("start,end", "2,5", PlaceGiven(2, 5)),
    ],
)
def test_a_place_is_told_by_offsets_or_by_words(columns: str, told: str, place: PlaceGiven) -> None:
    article = only(f"text,statement,{columns}\n😀 one two,Words.,{told}\n")
    assert article.claims[0].places == (place,)


def test_a_statement_that_stands_in_the_text_needs_no_place() -> None:
    assert only("text,statement\nIt was so.,was\n").claims[0].places == (PlaceGiven(3, 6),)


@pytest.mark.parametrize(
    ("columns", "told", "says"),
    [
        ("text", "Other words", "nothing says where"),
        ("text,quote", "One one,ne", "stands 2 times"),
        ("text,quote", "One,two", "does not stand"),
        ("text,start", "One,1", "both start and end"),
        ("text,start,end", "One,1,9", "not a stretch|nor"),
        ("text,start,end", "One,²,9", "no whole number"),
        ("text,start,end", "One,-1,9", "no whole number"),
        ("said_on", "17.3.2025", "Write it as 2025-03-17"),
        ("article_date", "2025-02-30", "no day"),
        ("kind", "joke", "one of: factual"),
        ("text,quote,more_places", "a b,a,[1]", "list of its start"),
        ("text,quote,more_places", "a b,a,{}", "not the JSON"),
        ("text,quote,more_places", "a b,a," + "[" * 99999, "not the JSON"),
        ("other", "[]", "not the JSON"),
        ("other", '"{""a"": ""\\u0000""}"', "a NUL"),
        ("statement2\x00", "\x00", "a NUL"),
    ],
)
def test_what_is_wrong_in_a_row_is_said_and_costs_it_alone(
    columns: str, told: str, says: str
) -> None:
    good = "," * columns.count(",") + ",It rained."
    raw = f"{columns},statement\n{good}\n{told},Words.\n{good[:-1]}?\n"
    if "\x00" in columns:
        raw = raw.replace("statement2\x00", "statement2")
    assert statements(raw) == ["It rained.", "It rained?"]
    ((line, sentence),) = refusals(raw).items()
    assert line == 3
    assert any(part in sentence for part in says.split("|"))


@pytest.mark.parametrize(
    ("columns", "told", "says"),
    [
        ("evidence", "see there", "is no address"),
        ("evidence", "javascript:alert(1)", "is no address"),
        ("judged_at", "2025-03-17", "with its zone"),
        ("judged_at", "soon", "with its zone"),
    ],
)
def test_a_bad_verdict_costs_itself_and_not_its_claim(columns: str, told: str, says: str) -> None:
    found, refused = read(f"statement,rating,{columns}\nIt rained.,true,{told}\n")
    assert isinstance(found, Found)
    assert isinstance(refused, Refused)
    assert found.article.claims[0].verdicts == ()
    assert refused.line == 2
    assert says in refused.sentence


def test_the_rows_of_a_claim_make_its_verdicts() -> None:
    (claim,) = only(
        "rating,statement,reviewer,evidence,judged_at\n"
        'false,It rained.,Ann,"refutes https://a.example/x\nhttps://b.example",\n'
        "Pants on fire!,It rained.,Ben,,2025-03-17T10:00:00Z\n"
        ",It rained.,,,\n"
    ).claims
    assert claim.verdicts == (
        VerdictGiven(
            "false",
            by="Ann",
            evidence=(
                EvidenceGiven(stance="refutes", address="https://a.example/x"),
                EvidenceGiven(address="https://b.example"),
            ),
        ),
        VerdictGiven(
            "Pants on fire!",
            by="Ben",
            at=datetime.datetime(2025, 3, 17, 10, tzinfo=datetime.UTC),
        ),
    )


def test_a_claim_that_is_said_otherwise_in_another_row_is_refused_there() -> None:
    raw = "claim,statement,rating\n7,It rained.,true\n7,It snowed.,false\n7,It rained.,mixed\n"
    assert [one.rating for one in only(raw.replace("7,It snowed.,false\n", "")).claims[0].verdicts]
    assert statements(raw) == ["It rained."]
    assert "otherwise than line 2" in refusals(raw)[3]


def test_an_article_that_is_said_otherwise_in_another_row_is_refused_there() -> None:
    raw = "article,text,statement\n1,a b,a\n1,a c,c\n"
    assert statements(raw) == ["a"]
    assert "what its article is" in refusals(raw)[3]


def test_columns_that_the_workbench_has_not_are_kept_and_written_again() -> None:
    raw = "statement,Desk,desk note,,project\nIt rained.,North,a,odd,x\nIt rained.,North,b,,\n"
    (claim,) = only(raw).claims
    assert claim.kept == {"desk": "North", "desk_note": ["a", "b"], "column 4": "odd"}
    record = hard_record()
    record["claims"][0]["kept"] = {"csv": claim.kept}
    assert only(written(record)).claims[0].kept == claim.kept


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("told", [True, False])
def test_every_dialect_of_a_spreadsheet_is_read(
    between: str, end: str, mark: str, told: bool
) -> None:
    made = io.StringIO()
    rows = [["Said on", "STATEMENT", "rationale"], ["2025-03-17", '“No”, a; b\t"c"', "x\ny,;\t"]]
    stdlib.writer(made, delimiter=between, lineterminator=end).writerows(rows)
    raw = mark + (f"sep={between}{end}" if told else "") + made.getvalue()
    (claim,) = only(raw).claims
    assert claim.statement == '“No”, a; b\t"c"'
    assert claim.said_on == datetime.date(2025, 3, 17)
    assert claim.verdicts[0].rationale == "x\ny,;\t"
    assert only(gzip.compress(raw.encode())).claims == (claim,)


def test_a_row_is_named_by_the_line_it_begins_on() -> None:
    raw = 'statement,said_on\n"one\ntwo\nthree",\n"a\nb",soon\nlast,\n'
    found = read(raw)
    assert [one.line for one in found] == [2, 5, 7]
    assert "soon" in refusals(raw)[5]


def test_rows_that_a_spreadsheet_leaves_empty_or_short_are_read() -> None:
    raw = ",statement,rating\n\n,,\n,It rained.\n , ,\n,It snowed.,true,,,\n"
    assert statements(raw) == ["It rained.", "It snowed."]
    assert refusals(raw) == {}


def test_cells_beyond_the_header_are_refused() -> None:
    assert "3 cells, and the header has 1" in refusals("statement\nIt rained, and, snowed\n")[2]


@pytest.mark.parametrize(
    "bad", ['"never closed,x', '"closed"too early,x', 'ok,"x" y', "a\rb,x", '"', "Caf\xe9,x"]
)
def test_a_row_that_breaks_off_does_not_swallow_the_next(bad: str) -> None:
    raw = f'statement,rating\nfirst,true\n{bad}\nsecond,"tr""ue"\nthird,"fal\nse"\n'
    encoded = raw.encode("latin-1" if "\xe9" in bad else "utf-8")
    assert statements(encoded) == ["first", "second", "third"]
    assert list(refusals(encoded)) == [3]


def test_latin_1_says_how_to_save_it() -> None:
    sentence = refusals("statement\nCafé closed\n".encode("latin-1"))[2]
    assert "the byte 0xe9" in sentence
    assert "CSV UTF-8" in sentence


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "The table is empty"),
        (b"\n\n,,\n", "The table is empty"),
        (b"claim,rating\n1,true\n", "one called “statement”"),
        (b"statement,Rating,rating\n", "more than one column called “rating”"),
        (b"\xff\xfes\x00t\x00", "UTF-16"),
        (b"statement,caf\xe9\nx,y\n", "The header is not UTF-8"),
        (b"\x1f\x8b\x08\x00rubbish", "packed file"),
        (b"PK\x03\x04" + bytes(99), "no table of text"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(raw: bytes, says: str) -> None:
    (refused,) = read(raw)
    assert isinstance(refused, Refused)
    assert refused.line < 2
    assert says in refused.sentence


@drawn(st.text(alphabet='",;\t\n\r=ab\x00é') | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_garbage_is_refused_and_never_raised(text: str) -> None:
    for encoding in ("utf-8", "latin-1"):
        read(b"statement,rating,start,text,other\n" + text.encode(encoding, "replace"))


def test_a44_hostile_quotation_marks_cost_linear_time() -> None:
    began = time.process_time()
    read("statement,rating\n" + 'x","y\n' * 170_000)
    assert time.process_time() - began < 30, "quadratic work takes minutes"


class _Long:
    """A table of `rows` rows in one article that nobody has to hold."""

    def __init__(self, rows: int) -> None:
        self.pieces = self.made(rows)

    def made(self, rows: int) -> Iterator[bytes]:
        yield b"article,text,quote,start,end,statement\n"
        for n in range(rows):
            yield b"1,%s,a,0,1,Statement %d\n" % (b"abc" * 700, n)

    def read(self, size: int, /) -> bytes:
        return next(self.pieces, b"")


def test_a_long_article_is_begun_again_and_never_held_whole() -> None:
    tracemalloc.start()
    try:
        found = list(map(len_of, csv.read(_Long(5_000), ReadAsked())))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == [2_000, 2_000, 1_000]
    assert peak < 20 * 1024 * 1024


def len_of(one: Found | Refused) -> int:
    assert isinstance(one, Found)
    return len(one.article.claims)
