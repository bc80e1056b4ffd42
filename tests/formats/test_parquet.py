"""Parquet: the tools of analysts open the folder as it is, with the types that things have."""

import datetime
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet
import pytest

from annotations.formats import parquet
from annotations.formats.contract import WriteAsked
from annotations.formats.offsets import Unit
from tests.formats.records import TEXT, hard_record, seed_record

CLAIMS = hard_record()["claims"]


def written(*records: Any, asked: WriteAsked | None = None) -> bytes:
    return b"".join(parquet.write(iter(records), asked or WriteAsked()))


def unpacked(raw: bytes, into: Path) -> str:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        archive.extractall(into)
    return str(into)


def imported(at: str, record: dict[str, Any] | None = None) -> dict[str, Any]:
    record = record or hard_record()
    return {**record, "article": {**record["article"], "imported_at": at}}


def test_the_parts_stand_in_folders_by_project_and_month(tmp_path: Path) -> None:
    records = [hard_record(), seed_record(), imported("2025-04-01T01:00:00+02:00")]
    with zipfile.ZipFile(io.BytesIO(written(*records))) as archive:
        assert archive.namelist() == [
            "project=ceasefire-talks/month=2026-11/part-0.parquet",
            "project=council/month=2025-03/part-0.parquet",
        ]
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}


def test_duckdb_opens_it_with_no_options(tmp_path: Path) -> None:
    everything = f"'{unpacked(written(seed_record(), hard_record()), tmp_path)}/**/*.parquet'"
    asked = {
        "rows": "select project, month, count(*) from {} group by all order by 1",
        "sources": "select distinct piece.address from {}, unnest(verdicts) as v(one), "
        "unnest(one.evidence) as e(piece) where project = 'council' and piece.address is not null "
        "order by 1",
        "types": "select column_name, column_type from (describe from {})",
    }
    with duckdb.connect() as session:
        found = {
            name: session.sql(one.format(everything)).fetchall() for name, one in asked.items()
        }
    assert found["rows"] == [
        ("ceasefire-talks", "2026-11", 16), ("council", "2025-03", len(CLAIMS)),
    ]  # fmt: skip
    assert [one for (one,) in found["sources"]] == [
        "https://example.org/a?b=c&d=%20e", "https://example.org/b",
    ]  # fmt: skip
    types = dict(found["types"])
    assert types["marked_at"] == "TIMESTAMP WITH TIME ZONE"
    assert types["said_on"] == "DATE"
    assert types["topics"] == "VARCHAR[]"
    assert types["verdicts"].endswith("[])[]")


def test_arrow_and_so_pandas_open_it_with_no_options(tmp_path: Path) -> None:
    where = unpacked(written(seed_record(), hard_record()), tmp_path)
    table = pyarrow.parquet.read_table(where)
    assert table.num_rows == 16 + len(CLAIMS)
    rows = {row["claim"]: row for row in table.to_pylist()}
    assert {row["month"] for row in rows.values()} == {"2025-03", "2026-11"}
    row = next(row for row in rows.values() if row["statement"] == "Prices doubled.")
    assert (row["project"], row["said_on"], row["text"]) == (
        "council", datetime.date(2025, 2, 28), TEXT,
    )  # fmt: skip
    assert row["marked_at"] == datetime.datetime(2025, 3, 2, 10, tzinfo=datetime.UTC)
    assert [TEXT[one["start"] : one["end"]] for one in row["places"]] == ["“doubled”", "😀"]
    first, second = row["verdicts"]
    assert (first["rating"], first["rating_name"], first["rating_value"]) == ("true", "True", 5)
    assert first["rationale"].endswith("a ; too.")
    piece, asked = first["evidence"]
    assert (piece["stance"], piece["date"]) == ("supports", datetime.date(2024, 2, 29))
    assert (asked["address"], asked["answer"]) == (None, "They did.")
    assert second["evidence"][0]["address"] == "https://example.org/b"
    assert row["ruling"] is None


def test_a_ruling_in_force_is_a_structure(tmp_path: Path) -> None:
    rows = pyarrow.parquet.read_table(unpacked(written(seed_record()), tmp_path)).to_pylist()
    found = [row["ruling"] for row in rows if row["ruling"]]
    states = [row["state"] for row in rows if row["ruling"]]
    assert sorted(states) == ["corrected", "published", "published"]
    assert all(one["rating_name"] and one["summary"] and one["evidence"] for one in found)


def test_offsets_are_in_the_unit_that_was_asked_for(tmp_path: Path) -> None:
    raw = written(hard_record(), asked=WriteAsked(unit=Unit.UTF16))
    rows = pyarrow.parquet.read_table(unpacked(raw, tmp_path)).to_pylist()
    wide = TEXT.encode("utf-16-le")
    for row in rows:
        for one in row["places"]:
            assert wide[2 * one["start"] : 2 * one["end"]].decode("utf-16-le") == one["quote"]


def test_the_same_records_make_the_same_bytes() -> None:
    assert written(seed_record(), hard_record()) == written(seed_record(), hard_record())


def test_months_that_come_again_make_further_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "MOST_OPEN", 2)
    months = [f"2025-{n:02}-03T00:00:00+00:00" for n in (1, 2, 3, 1, 3, 4, 1)]
    raw = written(*map(imported, months))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = archive.namelist()
    assert len(names) == len(set(names)) == 6
    assert "project=council/month=2025-01/part-1.parquet" in names
    assert pyarrow.parquet.read_table(unpacked(raw, tmp_path)).num_rows == len(CLAIMS) * len(months)


def test_a_large_part_is_followed_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "LARGEST_PART", 1)
    monkeypatch.setattr(parquet, "MOST_ROWS", 2)
    raw = written(hard_record(), hard_record())
    where = unpacked(raw, tmp_path)
    parts = sorted(Path(where).rglob("*.parquet"))
    assert [one.name for one in parts] == ["part-0.parquet", "part-1.parquet"]
    assert pyarrow.parquet.ParquetFile(parts[0]).num_row_groups == -(-len(CLAIMS) // 2)


def test_what_is_dropped_is_counted() -> None:
    asked = WriteAsked()
    written(seed_record(), {**hard_record(), "claims": []}, asked=asked)
    assert set(asked.dropped) <= set(parquet.DROPS)
    assert asked.dropped[parquet.UNMARKED] == 1
    assert asked.dropped[parquet.PAST] >= 1
    asked = WriteAsked()
    written(hard_record(), asked=asked)
    assert not asked.dropped


def test_a_claim_whose_text_is_not_shown_has_a_row(tmp_path: Path) -> None:
    raw = written({**hard_record(), "revisions": []})
    rows = pyarrow.parquet.read_table(unpacked(raw, tmp_path)).to_pylist()
    assert [(row["text"], row["places"]) for row in rows] == [(None, [])] * len(CLAIMS)


def test_nothing_at_all_is_an_empty_zip() -> None:
    with zipfile.ZipFile(io.BytesIO(written())) as archive:
        assert archive.namelist() == []


def test_no_group_of_rows_holds_more_than_its_measure(tmp_path: Path) -> None:
    def records() -> Iterator[dict[str, Any]]:
        for n in range(40):
            revision = {**hard_record()["revisions"][0], "text": TEXT + f"{n} words " * 25_000}
            yield {**hard_record(), "revisions": [revision]}

    where = unpacked(b"".join(parquet.write(records(), WriteAsked())), tmp_path)
    (part,) = Path(where).rglob("*.parquet")
    rows = pyarrow.parquet.ParquetFile(part).metadata
    most = max(rows.row_group(n).num_rows for n in range(rows.num_row_groups))
    assert rows.num_rows == 40 * len(CLAIMS)
    assert most <= parquet.MOST_TEXT / 200_000 + 1
    assert pyarrow.default_memory_pool().max_memory() < 80 * 1024 * 1024


def test_pyarrow_is_loaded_only_by_who_writes() -> None:
    program = "import sys; from annotations.formats import contract; contract.writers(); "
    program += "print({'pyarrow', 'xlsxwriter'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"set()"
