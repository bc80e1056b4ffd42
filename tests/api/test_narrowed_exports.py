"""A part of a project's corpus: what is asked for and nothing else, whole and told to be whole."""

import gzip
import hashlib
import io
import json
from typing import Any

import pytest
import zstandard

from annotations.actions.articles import edit_article, import_article
from annotations.formats import jsonl
from annotations.formats.contract import ReadAsked
from annotations.formats.given import Recorded, Refused
from annotations.models import Article, Project, User
from tests.actions.given import judged, marked, published
from tests.api.conftest import Caller, Calling

HERE = "projects/council/export/"
OTHER = "Rents fell by half.\n\nNobody noticed it at all."


@pytest.fixture
def corpus(project: Project, article: Article, finch: User, maple: User, robin: User) -> Project:
    """An article in English with a published claim and one under review; one in Ukrainian."""
    done = marked(article, finch, claimant="The mayor")
    judged(done, (finch, "true"), (maple, "true"))
    published(done, robin)
    judged(marked(article, finch, "Café prices doubled"), (finch, "false"))
    later = import_article(project.pk, actor=robin, text=OTHER, title="Rents", language="uk")
    edit_article(later.pk, actor=robin, date="2025-03-17")
    marked(later, finch, "Rents fell by half")
    return project


def records(raw: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in raw.splitlines()[:-1]]


def statements(caller: Caller, query: str) -> list[list[str]]:
    raw = caller.get(f"{HERE}?{query}").raw
    return [[claim["statement"] for claim in one["claims"]] for one in records(raw)]


DONE, UNDER, OLD = "spent 12% more in 2024", "Café prices doubled", "Rents fell by half"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [[DONE, UNDER], [OLD]]),
        ("state=published", [[DONE]]),
        ("state=published,marked", [[DONE], [OLD]]),
        ("rating=true", [[DONE]]),
        ("rating=false,true", [[DONE, UNDER]]),
        ("rating=misleading", []),
        ("claimant=The+mayor", [[DONE]]),
        ("language=uk", [[OLD]]),
        ("language=uk,en", [[DONE, UNDER], [OLD]]),
        ("from=2025-03-17", [[OLD]]),
        ("to=2025-03-16", []),
        ("language=uk&state=published", []),
    ],
)
def test_what_is_asked_for_comes_and_nothing_else(
    corpus: Project, calling: Calling, robin: User, query: str, found: list[list[str]]
) -> None:
    assert statements(calling(robin), query) == found


def test_who_is_not_told_of_a_state_or_a_rating_does_not_find_by_it(
    corpus: Project, calling: Calling, maple: User, finch: User, anyone: Caller
) -> None:
    """Maple has not judged the second claim: neither its state nor Finch's verdict is known."""
    blind = calling(maple)
    assert statements(blind, "state=in_review,marked,agreed,disputed") == []
    assert statements(blind, "rating=false") == []
    assert statements(calling(finch), "rating=false") == [[UNDER]]
    assert statements(anyone, "rating=true") == [[DONE]]
    assert statements(anyone, "rating=false") == []


def test_an_export_goes_on_where_it_broke_off(
    corpus: Project, calling: Calling, robin: User
) -> None:
    whole = calling(robin).get(HERE).raw.splitlines(keepends=True)
    last = json.loads(whole[0])["article"]["id"]
    rest = calling(robin).get(f"{HERE}?after={last}").raw.splitlines(keepends=True)
    assert rest[:-1] == whole[1:-1]


def test_the_last_line_tells_whether_the_file_is_whole(
    corpus: Project, calling: Calling, robin: User
) -> None:
    raw = calling(robin).get(HERE).raw
    *lines, last = raw.splitlines(keepends=True)
    told = {"records": 2, "sha256": hashlib.sha256(b"".join(lines)).hexdigest()}
    assert json.loads(last) == {"end": told}

    def read(content: bytes) -> list[Any]:
        return list(jsonl.read(io.BytesIO(content), ReadAsked()))

    assert all(isinstance(one, Recorded) for one in read(raw) + read(raw.replace(b"\n", b"\r\n")))
    assert len(read(raw + raw)) == 4
    *_, short = read(lines[0] + last)
    assert isinstance(short, Refused)
    assert "tells of 2 records, and 1 stand before it" in short.sentence
    *_, changed = read(raw.replace(b"Rents fell", b"Rents rose"))
    assert isinstance(changed, Refused)
    assert "some were changed" in changed.sentence


@pytest.mark.parametrize("format", ["jsonl", "csv", "brat"])
def test_it_comes_packed_and_the_same_each_time(
    corpus: Project, calling: Calling, robin: User, format: str
) -> None:
    plain = calling(robin).get(f"{HERE}?format={format}").raw
    for way, kind, ending, unpack in (
        ("gzip", "application/gzip", "gz", gzip.decompress),
        ("zstd", "application/zstd", "zst", _unpack),
    ):
        answer = calling(robin).get(f"{HERE}?format={format}&packed={way}")
        assert unpack(answer.raw) == plain
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Disposition"].endswith(f'.{ending}"')
        assert calling(robin).get(f"{HERE}?format={format}&packed={way}").raw == answer.raw


def _unpack(raw: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(raw)


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [
        ("state=done", "state", "There are: marked"),
        ("from=2025-02-30", "from", ""),
        ("from=2025-03-02&to=2025-03-01", "to", "Exchange them"),
        ("after=7", "after", "id of an article"),
        ("language=%00", "language", "NUL"),
        ("rating=" + ",".join(f"r{n}" for n in range(51)), "rating", "50 at most"),
        ("packed=rar", "packed", "gzip, zstd"),
        ("reviewer__password=x", "reviewer__password", "no such filter"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(
    corpus: Project, calling: Calling, robin: User, query: str, field: str, says: str
) -> None:
    answer = calling(robin).get(f"{HERE}?{query}")
    assert answer.status == 400
    assert says in answer.field(field)
