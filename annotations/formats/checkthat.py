"""The shared tasks CheckThat! of CLEF, as one zip of tables with tabs.

- `task1.tsv` (check-worthiness, 2023 and 2024): `Sentence_id`, `Text`, `class_label`. A sentence is
  `Yes` where a claim stands in it, wholly or in part, that was not set aside as an opinion or as
  not checkable. What belongs to the page and not to the article has no sentence.
- `task2/verified_claims.docs.tsv` (claim retrieval, 2020): `vclaim_id`, `vclaim`, `title`: each
  claim with a published ruling, and the title of its article.
- `task2/sentences.queries.tsv`: `tweet_id`, `tweet_content`, as the tools of the task call them:
  the sentences of the first table in which a verified claim stands.
- `task2/sentence-vclaim-pairs.qrels`, as TREC has it and without a header: the sentence, `0`, the
  claim, `1`.

Sentences are numbered within their article: `<id of the article>_1`. Cells are quoted as in CSV.
"""

import csv
import io
import tempfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import IO

from annotations.formats.archives import packed
from annotations.formats.contract import Record, WriteAsked
from annotations.formats.given import Unit
from annotations.formats.lines import CHUNK
from annotations.formats.record import Part, newest, past, ruling, standing
from annotations.formats.tokens import Stretch, sentences

SLUG = "checkthat"
NAME = "CheckThat!, tasks 1 and 2, zipped"
MEDIA_TYPE = "application/zip"
ENDING = "checkthat.zip"
LOSSLESS = False
NO_TEXT = "Articles whose text is not shown."
ARTICLES = "Of an article all but its sentences and its title."
CLAIMS = (
    "Of a claim all but its statement and the sentences it stands in, and the statement too where "
    "nothing is published on it."
)
JUDGED = "Ratings, rationales, evidence, and who said what when."
PAST = "Older texts, verdicts and rulings, and claims that stand only there."
DROPS = (NO_TEXT, ARTICLES, CLAIMS, JUDGED, PAST)
UNITS: tuple[Unit, ...] = ()

TASK_1, CLAIM_TABLE, QUERIES, PAIRS = TABLES = (
    "task1.tsv", "task2/verified_claims.docs.tsv", "task2/sentences.queries.tsv",
    "task2/sentence-vclaim-pairs.qrels",
)  # fmt: skip
HEADERS = {
    TASK_1: ("Sentence_id", "Text", "class_label"),
    CLAIM_TABLE: ("vclaim_id", "vclaim", "title"),
    QUERIES: ("tweet_id", "tweet_content"),
}
NOT_WORTH_IT = ("not_checkable", "opinion")  # reasons for which a claim is set aside
IN_MEMORY = 1024 * 1024  # bytes of each table while it is made; the rest is on disk


def write(records: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    with ExitStack() as open_files:
        tables = {
            name: open_files.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
            for name in TABLES
        }
        for name, header in HEADERS.items():
            tables[name].write(_row(header))
        for record in records:
            for name, cells in _rows(record, asked):
                tables[name].write(_row(cells))
        yield from packed((name, _pieces(file)) for name, file in tables.items())


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    return iter(lambda: file.read(CHUNK), b"")


def _row(cells: Sequence[str]) -> bytes:
    """One line; line breaks and tabs in a cell become blanks, since not every tool expects them."""
    made = io.StringIO()
    plain = [" ".join(cell.replace("\t", " ").splitlines()) for cell in cells]
    csv.writer(made, delimiter="\t", lineterminator="\n").writerow(plain)
    return made.getvalue().encode()


def _rows(record: Record, asked: WriteAsked) -> Iterator[tuple[str, Sequence[str]]]:
    """The rows of a record, each with the table it stands in."""
    revision = newest(record)
    claims = list(standing(record))
    _count_dropped(record, claims, asked)
    if revision is None:
        return
    found = _Sentences(revision)
    worth, named = set(), set()
    for claim, here in claims:
        within = sorted({n for place in here for n in found.touched(place)})
        if claim["set_aside_reason"] not in NOT_WORTH_IT:
            worth.update(within)
        if ruling(claim):
            named.update(within)
            yield CLAIM_TABLE, (claim["id"], claim["statement"], record["article"]["title"])
            for n in within:
                yield PAIRS, (_id(record, n), "0", claim["id"], "1")
    for n, (start, end) in enumerate(found.stretches):
        words = revision["text"][start:end]
        yield TASK_1, (_id(record, n), words, "Yes" if n in worth else "No")
        if n in named:
            yield QUERIES, (_id(record, n), words)


def _id(record: Record, n: int) -> str:
    return f"{record['article']['id']}_{n + 1}"


def _count_dropped(
    record: Record, claims: list[tuple[Part, list[Part]]], asked: WriteAsked
) -> None:
    left = {
        NO_TEXT: int(newest(record) is None),
        ARTICLES: int(newest(record) is not None),
        CLAIMS: len(claims),
        JUDGED: sum(len(claim["verdicts"]) + len(claim["rulings"]) for claim, _ in claims),
        PAST: past(record),
    }
    asked.dropped.update({sentence: count for sentence, count in left.items() if count})


class _Sentences:
    """The sentences of a text that are the article's own, in order."""

    def __init__(self, revision: Part) -> None:
        furniture = [(start, end) for kind, start, end in revision["blocks"] if kind == "furniture"]
        ends = [end for _, end in furniture]
        self.stretches: list[Stretch] = []
        for start, end in sentences(revision["text"]):
            at = bisect_right(ends, start)
            if at == len(furniture) or furniture[at][0] >= end:
                self.stretches.append((start, end))
        self.starts = [start for start, _ in self.stretches]
        self.ends = [end for _, end in self.stretches]

    def touched(self, place: Part) -> range:
        """The numbers of the sentences in which a place has at least a character."""
        return range(
            bisect_right(self.ends, place["start"]), bisect_left(self.starts, place["end"])
        )
