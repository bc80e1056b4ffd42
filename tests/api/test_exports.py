"""A project in every format: what is sent, to whom, at what cost, and what is left out."""

import io
import json
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.formats import contract, jsonl
from annotations.models import Article, Claim, Project, Ruling, User
from annotations.models.exports import exports
from tests.api.conftest import Caller, Calling, of_a_stream

HERE = "projects/council/export/"


@pytest.fixture
def moderator(calling: Calling, robin: User, half_judged: Claim, published: Ruling) -> Caller:
    """Robin, of a project with something published and something that is not."""
    return calling(robin)


# ---------- the formats ----------


def test_every_format_says_what_it_is(anyone: Caller) -> None:
    shown = {one["slug"]: one for one in anyone.get("formats/").body["results"]}
    assert set(shown) == {"jsonl", *contract.readers(), *contract.writers()}
    assert shown["jsonl"]["writes"]
    assert (shown["jsonl"]["lossless"], shown["jsonl"]["drops"]) == (True, [])
    brat = shown["brat"]
    assert (brat["reads"], brat["writes"], brat["ending"]) == (True, True, "zip")
    assert brat["drops"] == list(contract.writer("brat").DROPS)
    assert shown["csv"]["units"] == ["codepoint", "utf16"]
    assert shown["fever"]["units"] == []
    asking = {slug: one["asks_unit"] for slug, one in shown.items() if one["asks_unit"]}
    assert asking.keys() == {"doccano"}
    assert asking["doccano"].startswith("A doccano file does not say what its offsets count")
    assert not shown["fever"]["reads"]


# ---------- the file ----------


@pytest.mark.parametrize("slug", exports())
def test_a_project_is_had_in_every_format(moderator: Caller, slug: str) -> None:
    form = exports()[slug]
    answer = moderator.get(f"{HERE}?format={slug}")
    assert answer.status == 200
    assert answer.raw
    assert answer.headers["Content-Type"].split(";")[0] == form.MEDIA_TYPE.split(";")[0]
    stem = "council" if slug == jsonl.SLUG else f"council-{slug}"
    name = f'attachment; filename="{stem}.{form.ENDING}"'
    assert answer.headers["Content-Disposition"] == name


def test_without_a_format_it_is_the_native_one(moderator: Caller) -> None:
    assert moderator.get(HERE).raw == moderator.get(f"{HERE}?format=jsonl").raw


def test_the_format_is_named_in_the_address_whatever_is_accepted(moderator: Caller) -> None:
    answer = moderator.get(f"{HERE}?format=brat", Accept="text/csv")
    assert zipfile.ZipFile(io.BytesIO(answer.raw)).namelist()


def test_what_readers_may_not_see_is_in_no_format(moderator: Caller, anyone: Caller) -> None:
    published = "Café prices doubled".encode()
    for slug in ("csv", "web-annotation"):
        everything = moderator.get(f"{HERE}?format={slug}").raw
        assert published in everything
        assert b"Rationale canary" in everything
        read = anyone.get(f"{HERE}?format={slug}").raw
        assert published in read
        assert b"Rationale" not in read
        assert b"canary" not in read


def test_offsets_are_in_the_unit_that_is_asked_for(
    calling: Calling, robin: User, finch: User, article: Article
) -> None:
    text = article.revisions.get(number=1).text
    start = text.index("in the same year")  # behind two flags, of four characters beyond U+FFFF
    body = {"article": article.slug, "start": start, "end": start + 16}
    assert calling(finch).post("claims/", body).status == 201
    rows = [
        calling(robin).get(f"{HERE}?format=csv&offset_unit={unit}").raw.decode().splitlines()[1]
        for unit in ("codepoint", "utf16")
    ]
    assert f",{start}," in rows[0]
    assert f",{start + 4}," in rows[1]


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [
        ("format=odt", "format", "brat, "),
        ("format=brat&format=csv", "format", "twice"),
        ("format=csv&offset_unit=bytes", "offset_unit", "codepoint, utf16"),
        ("format=jsonl&offset_unit=utf16", "offset_unit", "are in codepoint (code points)"),
        ("format=fever&offset_unit=utf16", "offset_unit", "has no offsets"),
        ("format=csv&unit=utf16", "unit", "no such filter"),
    ],
)
def test_what_a_format_has_not_is_refused_at_its_field(
    moderator: Caller, query: str, field: str, says: str
) -> None:
    for address in (HERE, f"{HERE}report/"):
        answer = moderator.get(f"{address}?{query}")
        assert answer.status == 400
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert says in answer.field(field)


def test_every_format_is_one_statement_and_comes_piece_by_piece(
    calling: Calling, robin: User, project: Project
) -> None:
    for n in range(30):
        text = f"Article {n}\n\n" + "A sentence. " * 1_000
        calling(robin).post("articles/", {"project": "council", "text": text})
    caller = calling(robin)
    for slug in ("web-annotation", "csv", "brat"):
        caller.get("projects/")
        with CaptureQueriesContext(connection) as asked:
            response = caller.client.get(
                f"/api/v1/{HERE}?format={slug}",
                headers={"Authorization": f"Bearer {caller.secret}"},
            )
            pieces = sum(1 for _ in response)
        assert len(of_a_stream(asked)) <= 4, of_a_stream(asked)
        assert pieces >= 2


# ---------- what is left out ----------


def test_the_report_counts_what_this_very_corpus_loses(moderator: Caller, anyone: Caller) -> None:
    report = moderator.get(f"{HERE}report/?format=fever")
    assert report.status == 200
    dropped = {one["what"]: one["times"] for one in report.body["dropped"]}
    assert set(dropped) == set(contract.writer("fever").DROPS)
    assert sum(dropped.values()) > 0
    assert not report.body["lossless"]
    assert report.body["size"] == len(moderator.get(f"{HERE}?format=fever").raw)
    less = {
        one["what"]: one["times"]
        for one in anyone.get(f"{HERE}report/?format=fever").body["dropped"]
    }
    assert sum(less.values()) < sum(dropped.values())


def test_the_native_format_loses_nothing(moderator: Caller) -> None:
    report = moderator.get(f"{HERE}report/").body
    assert (report["format"], report["lossless"], report["dropped"]) == ("jsonl", True, [])
    lines = moderator.get(HERE).raw
    assert report["size"] == len(lines)
    assert json.loads(lines.splitlines()[0])["article"]


def test_what_one_may_not_know_of_has_no_report(
    calling: Calling, project: Project, claim: Claim, stranger: User
) -> None:
    for user in (None, stranger):
        for address in (f"{HERE}?format=brat", f"{HERE}report/?format=brat"):
            assert calling(user).get(address).status == 404
