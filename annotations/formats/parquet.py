"""Apache Parquet, a row a claim, in Hive's folders within one zip:
`project=council/month=2025-03/part-0.parquet`.

The month is the one in which the article was imported, in UTC: it is always known, and what was
written for a month that is over stays. DuckDB, Spark and pandas read the unpacked folder with no
options, and find `project` and `month` as columns. Times have their zone, days are days; verdicts
and their evidence, rulings and places are lists of structures, as `_schema` says. Offsets are in
code points unless UTF-16 is asked for. The parts are packed already, and the zip packs nothing.
"""

import datetime
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from typing import IO, Any

from annotations.formats.archives import packed
from annotations.formats.contract import Record, WriteAsked
from annotations.formats.lines import CHUNK
from annotations.formats.offsets import Offsets, Unit
from annotations.formats.record import (
    Part,
    day,
    newest,
    past,
    places,
    ruling,
    scale,
    standing,
    verdicts,
)

SLUG = "parquet"
NAME = "Apache Parquet by project and month, zipped"
MEDIA_TYPE = "application/zip"
ENDING = "parquet.zip"
LOSSLESS = False
UNMARKED = "Articles without claims: a row is a claim."
PAST = "Older texts, verdicts and rulings that others followed, and why a ruling was withdrawn."
ASKED = "What the publishers of articles were asked to correct."
DROPS = (
    UNMARKED, PAST, ASKED,
    "The blocks of a text, how places came over from an older text, the project's scale, notes on "
    "articles, claimants and sources, and what was kept of a file for its own format.",
)  # fmt: skip
UNITS = (Unit.CODEPOINT, Unit.UTF16)

MOST_ROWS = 5_000  # of a group, which is held in memory
MOST_TEXT = 4 * 1024 * 1024  # code points of a group
MOST_OPEN = 4  # parts that are written at a time
LARGEST_PART = 256 * 1024 * 1024  # bytes, after which another begins
EVIDENCE = (
    "stance", "type", "title", "publisher", "author", "quote", "locator", "note", "question",
    "answer",
)  # fmt: skip


def write(records: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    return packed(_parts(records, asked), stored=True)


def _parts(records: Iterable[Record], asked: WriteAsked) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Each part when it is whole: its name and its bytes. The longest unused gives way."""
    waiting: dict[str, _Part] = {}
    numbers: dict[str, int] = {}
    try:
        for record in records:
            _count_dropped(record, asked)
            if not record["claims"]:
                continue
            folder = _folder(record)
            part = waiting.pop(folder, None) or _Part()
            waiting[folder] = part
            for row in _rows(record, asked):
                part.add(row)
            full = [folder] if part.size() > LARGEST_PART else []
            for name in full or [*waiting][: max(0, len(waiting) - MOST_OPEN)]:
                yield _ended(name, waiting.pop(name), numbers)
        for name in [*waiting]:
            yield _ended(name, waiting.pop(name), numbers)
    finally:
        for part in waiting.values():
            part.file.close()


def _ended(folder: str, part: "_Part", numbers: dict[str, int]) -> tuple[str, Iterator[bytes]]:
    number = numbers[folder] = numbers.get(folder, -1) + 1
    return f"{folder}/part-{number}.parquet", part.bytes()


def _folder(record: Record) -> str:
    imported = _moment(record["article"]["imported_at"])
    return f"project={record['project']['slug']}/month={imported:%Y-%m}"


def _count_dropped(record: Record, asked: WriteAsked) -> None:
    claims = record["claims"]
    elsewhere = len(claims) - sum(1 for _ in standing(record))  # they have a row all the same
    left = {
        UNMARKED: int(not claims),
        PAST: past(record) - elsewhere + sum(one["state"] == "withdrawn" for one in claims),
        ASKED: sum(len(one["publisher_corrections"]) for one in claims),
    }
    asked.dropped.update({sentence: count for sentence, count in left.items() if count})


class _Part:
    """A file that is being written, on disk but for the group of rows that waits."""

    def __init__(self) -> None:
        import pyarrow.parquet  # here, since it takes long and only this format needs it

        self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was sent
        self.writer = pyarrow.parquet.ParquetWriter(self.file, _schema(), compression="zstd")
        self.rows: list[dict[str, Any]] = []
        self.text = 0

    def add(self, row: dict[str, Any]) -> None:
        self.rows.append(row)
        self.text += len(row["text"] or "") + sum(len(one["rationale"]) for one in row["verdicts"])
        if len(self.rows) >= MOST_ROWS or self.text >= MOST_TEXT:
            self._group()

    def _group(self) -> None:
        import pyarrow

        if self.rows:
            self.writer.write_table(pyarrow.Table.from_pylist(self.rows, schema=_schema()))
        self.rows, self.text = [], 0

    def size(self) -> int:
        return self.file.tell()

    def bytes(self) -> Iterator[bytes]:
        """The whole file, once."""
        with self.file:
            self._group()
            self.writer.close()
            self.file.seek(0)
            yield from iter(lambda: self.file.read(CHUNK), b"")


@cache
def _schema() -> Any:
    """The columns with their types."""
    import pyarrow as pa

    text, moment, integer = pa.string(), pa.timestamp("us", tz="UTC"), pa.int32()

    def texts(*names: str) -> dict[str, Any]:
        return dict.fromkeys(names, text)

    def structures(fields: dict[str, Any]) -> Any:
        return pa.list_(pa.struct(list(fields.items())))

    evidence = structures(
        texts("address", *EVIDENCE) | {"date": pa.date32(), "date_is_inferred": pa.bool_()}
    )
    rated = texts("rating", "rating_name") | {"rating_value": pa.float64()}
    verdict = texts("reviewer", "rationale", "confidence") | rated
    settled = texts("kind", "summary", "reason", "made_by") | rated
    place = {"start": integer, "end": integer} | texts("quote", "prefix", "suffix")
    columns = {
        **texts("claim", "statement", "kind", "claimant", "claimant_role", "claimant_wikidata_id"),
        "said_on": pa.date32(),
        "first_address": text,
        "topics": pa.list_(text),
        **texts("state", "set_aside_reason", "marked_by"),
        "marked_at": moment,
        "ruling": pa.struct([*settled.items(), ("made_at", moment), ("evidence", evidence)]),
        "verdicts": structures(
            verdict | {"version": integer, "submitted_at": moment, "evidence": evidence}
        ),
        **texts("article", "article_slug", "article_title", "article_publisher"),
        **texts("article_author", "article_address", "article_language"),
        "article_date": pa.date32(),
        "article_date_is_inferred": pa.bool_(),
        "article_imported_at": moment,
        "revision": text,
        "revision_number": integer,
        "places": structures(place),
        "text": text,
    }
    return pa.schema(list(columns.items()))


def _rows(record: Record, asked: WriteAsked) -> Iterator[dict[str, Any]]:
    revision = newest(record)
    offsets, unit = Offsets(revision["text"] if revision else ""), asked.unit_of(UNITS)
    article, ratings = _article(record["article"], revision), scale(record)
    for claim in record["claims"]:
        here = places(claim, revision) if revision else []
        settled = ruling(claim)
        yield {
            **_claim(claim),
            "ruling": _ruling(settled, ratings) if settled else None,
            "verdicts": [_verdict(one, ratings) for one in verdicts(claim)],
            **article,
            "places": [
                {
                    "start": offsets.written(one["start"], unit),
                    "end": offsets.written(one["end"], unit),
                    **{name: one[name] for name in ("quote", "prefix", "suffix")},
                }
                for one in here
            ],
        }


def _article(article: Part, revision: Part | None) -> dict[str, Any]:
    same = ("slug", "title", "publisher", "author", "address", "language", "date_is_inferred")
    return {
        "article": article["id"],
        **{f"article_{name}": article[name] for name in same},
        "article_date": day(article["date"]),
        "article_imported_at": _moment(article["imported_at"]),
        "revision": revision["id"] if revision else None,
        "revision_number": revision["number"] if revision else None,
        "text": revision["text"] if revision else None,
    }


def _claim(claim: Part) -> dict[str, Any]:
    who = claim["claimant"] or {"name": "", "role": "", "wikidata_id": ""}
    same = (
        "statement", "kind", "first_address", "topics", "state", "set_aside_reason", "marked_by",
    )  # fmt: skip
    return {
        "claim": claim["id"],
        **{name: claim[name] for name in same},
        "claimant": who["name"],
        "claimant_role": who["role"],
        "claimant_wikidata_id": who["wikidata_id"],
        "said_on": day(claim["said_on"]),
        "marked_at": _moment(claim["marked_at"]),
    }


def _verdict(one: Part, ratings: dict[str, Part]) -> dict[str, Any]:
    rating = ratings.get(one["rating"])
    return {
        **{name: one[name] for name in ("reviewer", "rationale", "confidence", "version")},
        "rating": one["rating"],
        "rating_name": rating["name"] if rating else None,
        "rating_value": rating["value"] if rating else None,
        "submitted_at": _moment(one["submitted_at"]),
        "evidence": [_evidence(piece) for piece in one["evidence"]],
    }


def _ruling(settled: Part, ratings: dict[str, Part]) -> dict[str, Any]:
    same = ("kind", "summary", "reason", "made_by", "rating", "rating_name")
    rating = ratings.get(settled["rating"])
    return {
        **{name: settled[name] for name in same},
        "rating_value": rating["value"] if rating else None,
        "made_at": _moment(settled["made_at"]),
        "evidence": [_evidence(piece) for piece in settled["evidence"]],
    }


def _evidence(piece: Part) -> dict[str, Any]:
    return {
        **{name: piece[name] for name in EVIDENCE},
        "address": piece["source"]["address"] if piece["source"] else None,
        "date": day(piece["date"]),
        "date_is_inferred": piece["date_is_inferred"],
    }


def _moment(written: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(written).astimezone(datetime.UTC)
