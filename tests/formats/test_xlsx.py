"""Workbooks: every cell is text, what Excel and others save is read, and no file costs much."""

import datetime
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from annotations.formats import table, workbooks, xlsx
from annotations.formats.contract import ReadAsked, WriteAsked
from annotations.formats.given import ArticleGiven, Found, Refused, Unit
from tests.formats.records import claim, hard_record, place, seed_record
from tests.formats.test_csv import expected

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def written(*records: Any, asked: WriteAsked | None = None) -> bytes:
    return b"".join(xlsx.write(iter(records), asked or WriteAsked()))


def read(raw: bytes) -> list[Found | Refused]:
    return list(xlsx.read(io.BytesIO(raw), ReadAsked()))


def only(raw: bytes) -> ArticleGiven:
    (found,) = read(raw)
    assert isinstance(found, Found), found
    return found.article


def statements(raw: bytes) -> list[str]:
    found = [one.article for one in read(raw) if isinstance(one, Found)]
    return [claim.statement for article in found for claim in article.claims]


def refusals(raw: bytes) -> dict[int, str]:
    return {one.line: one.sentence for one in read(raw) if isinstance(one, Refused)}


def saved(*sheets: list[list[Any]], change: Callable[[Any], None] = lambda book: None) -> bytes:
    """A workbook as openpyxl saves it: texts are shared, numbers and days are such."""
    book = openpyxl.Workbook()
    for n, rows in enumerate(sheets):
        sheet = book.active if n == 0 else book.create_sheet(f"Sheet{n + 1}")
        for row in rows:
            sheet.append(row)
    change(book)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def made(sheet: str, shared: str = "", **parts: str) -> bytes:
    """A workbook with the XML of its one sheet, and whatever else."""
    found = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
        SHEET: sheet,
    } | parts
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in found.items():
            archive.writestr(name, words)
    return packed.getvalue()


def rows_of(*rows: str) -> str:
    head = cell("statement")
    found = "".join(f"<row>{row}</row>" for row in (head, *rows))
    return f'<worksheet xmlns="{MAIN}"><sheetData>{found}</sheetData></worksheet>'


def cell(words: str) -> str:
    return f'<c t="inlineStr"><is><t>{words}</t></is></c>'


@pytest.mark.parametrize("unit", [None, *Unit])
@pytest.mark.parametrize("record", [seed_record(), hard_record()])
def test_what_was_written_comes_back(record: dict[str, Any], unit: Unit | None) -> None:
    assert only(written(record, asked=WriteAsked(unit=unit))) == expected(record)


def test_what_was_written_and_saved_by_another_program_comes_back() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(hard_record(), seed_record())))
    again = io.BytesIO()
    book.save(again)
    found = [one.article for one in read(again.getvalue()) if isinstance(one, Found)]
    assert found == [expected(hard_record()), expected(seed_record())]


def test_the_same_records_make_the_same_bytes() -> None:
    assert written(hard_record()) == written(hard_record())


def test_a20_every_cell_is_text_and_none_a_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written(hard_record()))).active
    assert [one.value for one in next(sheet.rows)] == list(table.COLUMNS)
    found = [one for row in sheet.rows for one in row if one.value is not None]
    assert {one.data_type for one in found} == {"s"}
    assert {one.number_format for one in found} == {"@"}
    assert "'=SUM(A1) is a formula." in [one.value for one in found]
    assert not [one for one in found if one.value.lstrip()[:1] in tuple("=+-@＝＋－＠")]


def test_a_text_longer_than_a_cell_is_left_out_and_counted() -> None:
    record = hard_record()
    text = record["revisions"][0]["text"] + "😀" * 16_384
    record["revisions"] = [{**record["revisions"][0], "text": text}]
    record["claims"] = record["claims"][:1]
    asked = WriteAsked()
    article = only(written(record, asked=asked))
    assert asked.dropped[xlsx.TOO_LONG] == 2
    assert set(asked.dropped) <= set(xlsx.DROPS)
    assert (article.text, article.address) == ("", record["article"]["address"])
    assert [one.quote for one in article.claims[0].quotes] == ["“doubled”", "😀"]


def test_what_xml_cannot_hold_comes_back() -> None:
    words = "a\x01b\x0b_x0041_ \x1f\ufffe <&> \u2028"
    record = hard_record()
    record["claims"] = [claim(1, words, place(1, "😀"))]
    assert only(written(record)).claims[0].statement == words


def test_more_rows_than_a_sheet_has_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    raw = written(hard_record())
    assert len(openpyxl.load_workbook(io.BytesIO(raw)).worksheets) > 2
    assert only(raw) == expected(hard_record())


def test_a_workbook_without_records_has_its_header() -> None:
    assert [one.sentence for one in read(written()) if isinstance(one, Refused)] == []
    assert openpyxl.load_workbook(io.BytesIO(written())).active.max_row == 1


def test_numbers_days_and_truths_are_read_as_people_see_them() -> None:
    head = ["statement", "said_on", "claim", "start", "end", "text", "sure", "share"]
    row = ["b", datetime.date(2025, 3, 17), 7, 2, 3.0, "a b", True, 0.25]
    (made,) = only(saved([head, row])).claims
    assert (made.key, made.statement, made.said_on) == ("7", "b", datetime.date(2025, 3, 17))
    assert (made.places[0].start, made.places[0].end) == (2, 3)
    assert made.kept == {"sure": "TRUE", "share": "0.25"}


def test_days_that_count_from_1904_are_read() -> None:
    def change(book: Any) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    raw = saved([["statement", "said_on"], ["a", datetime.date(2025, 3, 17)]], change=change)
    assert only(raw).claims[0].said_on == datetime.date(2025, 3, 17)


def test_a_formula_gives_the_value_that_was_saved_with_it() -> None:
    raw = made(rows_of('<c t="str"><f>A1&amp;"x"</f><v>It rained.</v></c>'))
    assert statements(raw) == ["It rained."]


def test_shared_texts_are_read_with_their_runs_and_without_their_readings() -> None:
    shared = (
        "<si><t>one</t></si><si><r><t>It </t></r><r><t>rai_x006E_ed.</t></r>"
        "<rPh><t>RUBY</t></rPh></si><si/>"
    )
    raw = made(rows_of('<c t="s"><v>1</v></c>', '<c t="s"><v>9</v></c>', '<c t="s"><v>0</v></c>'),
               shared)  # fmt: skip
    assert statements(raw) == ["It rained.", "one"]
    assert "names a text" in refusals(raw)[3]


def test_rows_are_named_by_their_number_in_the_sheet() -> None:
    raw = saved([[], ["statement", "kind"], [], ["It rained.", "joke"], ["It snowed."]])
    assert list(refusals(raw)) == [4]
    assert [one.line for one in read(raw) if isinstance(one, Found)] == [5]


def test_a_second_sheet_is_read_where_it_goes_on_and_else_said_to_be_left() -> None:
    head = ["Statement", "kind"]
    raw = saved([head, ["a"]], [head, ["b", "joke"], ["c"]], [["Notes"], ["d"]], [])
    assert statements(raw) == ["a", "c"]
    found = refusals(raw)
    assert "one of: factual" in found[4]
    assert "“Sheet3” has another header" in found[0]


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ('<c t="e"><v>#REF!</v></c>', "an error, #REF!"),
        ('<c r="XFD2" t="inlineStr"><is><t>x</t></is></c>', "beyond the 1,000 columns"),
        (cell("x") + cell("y"), "2 cells, and the header has 1"),
        (cell("a_x0000_"), "a NUL"),
        (cell("a_xD800_"), "half of a surrogate pair"),
        (cell("a" * 4_200_000), "longer than 4,194,304 characters"),
    ],
)
def test_a_bad_row_costs_itself_alone(bad: str, says: str) -> None:
    raw = made(rows_of(cell("first"), bad, cell("last")))
    assert statements(raw) == ["first", "last"]
    ((line, sentence),) = refusals(raw).items()
    assert line == 3
    assert says in sentence


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "Save it as .xlsx"),
        (b"statement\nIt rained.\n", "Save it as .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Save it as .xlsx"),
        (written(hard_record())[:900], "Save it as .xlsx"),
        (made(rows_of(), **{"xl/_rels/workbook.xml.rels": "<a>"}), "The workbook is broken"),
        (made(rows_of(), **{"xl/workbook.xml": "<workbook/>"}), "The table is empty"),
        (made(rows_of(), **{"xl/workbook.xml": ""}), "no element found"),
        (made("<worksheet/>"), "The table is empty"),
        (made('<?xml version="1.0" encoding="klingon"?><worksheet/>'), "broken|UTF-8"),
        (made("<a>" * 50), "nested too deep"),
        (made('<worksheet a="' + "b" * 3_000_000 + '"/>'), "longer than any"),
    ],
)
def test_what_is_no_workbook_is_refused_as_a_whole(raw: bytes, says: str) -> None:
    found = read(raw)
    assert all(isinstance(one, Refused) for one in found)
    assert isinstance(found[0], Refused)
    assert found[0].line == 0
    assert any(part in found[0].sentence for part in says.split("|"))


def test_a_zip_of_something_else_says_how_to_save_it() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    (refused,) = read(packed.getvalue())
    assert isinstance(refused, Refused)
    assert "Save it as .xlsx" in refused.sentence


@pytest.mark.parametrize("part", ["xl/workbook.xml", SHEET, "xl/sharedStrings.xml"])
def test_a9_a_declaration_is_refused_and_no_entity_read(part: str) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    (refused,) = read(made(rows_of(cell("x")), **{part: bomb}))
    assert isinstance(refused, Refused)
    assert "declares a document type" in refused.sentence


def test_what_breaks_off_gives_the_rows_before() -> None:
    whole = rows_of(cell("first"), cell("last"))
    raw = made(whole[: whole.index("last")])
    assert statements(raw) == ["first"]
    assert "The workbook is broken" in refusals(raw)[0]


def test_a_cell_far_away_takes_no_room() -> None:
    def change(book: Any) -> None:
        book.active["XFD1048576"] = "x"

    raw = saved([["statement"], ["It rained."]], change=change)
    assert len(raw) < 6_000
    assert statements(raw) == ["It rained."]
    assert list(refusals(raw)) == [1_048_576]


def test_a42_a_row_of_few_bytes_is_no_bomb() -> None:
    shared = f"<si><t>{'a' * 4_000_000}</t></si>"
    twice = '<c t="s"><v>0</v></c>' * 2
    raw = made(rows_of(*[twice] * 4_000, cell("last")), shared)
    tracemalloc.start()
    try:
        assert statements(raw) == ["last"]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40 * 1024 * 1024


def test_a42_few_bytes_are_not_read_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "FREE", 1024)
    shared = f"<si><t>{'a' * 500_000}</t></si>"
    *_, last = read(made(rows_of(*['<c t="s"><v>0</v></c>'] * 2_000), shared))
    assert isinstance(last, Refused)
    assert "few texts in so many cells" in last.sentence


def test_a42_a_large_workbook_is_never_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "IN_MEMORY", 1024)
    shared = "".join(f"<si><t>Statement {n} {'abc' * 500}</t></si>" for n in range(8_000))
    rows = [f'<c t="s"><v>{n}</v></c>' for n in range(8_000)]
    raw = made(rows_of(*rows), shared)
    tracemalloc.start()
    try:
        found = sum(1 for _ in xlsx.read(io.BytesIO(raw), ReadAsked()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == 8_000
    assert peak < 8 * 1024 * 1024
