"""Files that are brought in over the API: taken in piece by piece, followed, stopped, taken up."""

import csv
import gzip
import io
import os
import re
import subprocess
import sys
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.live_server_helper import LiveServer

from annotations.actions import imports
from annotations.actions.imports import run_import, start_import
from annotations.actions.tokens import make_token
from annotations.api import files
from annotations.models import Article, Claim, Import, Project, Rating, RatingMap, User
from tests.api.conftest import Answer, Caller, Calling

HERE = "projects/council/imports/"
FILE = b"statement,rating\nPrices doubled.,true\n,true\nRents fell.,Pants on fire\n"
MB = 1024 * 1024
KEY = "4b0e1c7a-5f0e-4f7c-9a3c-6a1f2f3a4b5c"


@pytest.fixture
def moderator(calling: Calling, project: Project, robin: User) -> Caller:
    return calling(robin)


class Coming:
    """A body on its way; it knows how much of it was read, and breaks off where it is told to."""

    def __init__(self, size: int) -> None:
        self.left, self.read_of_it = size, 0

    def read(self, size: int = -1) -> bytes:
        count = self.left if size < 0 else min(size, self.left)
        self.left -= count
        self.read_of_it += count
        return b"x" * count

    readline = read


def sending(caller: Caller, coming: Coming, query: str = "?format=csv", **meta: str) -> Any:
    """A request whose body comes from `coming`; in chunks, unless `meta` has its length."""
    sent: dict[str, Any] = {"wsgi.input": coming, "CONTENT_TYPE": "text/csv"}
    sent |= meta or {"HTTP_TRANSFER_ENCODING": "chunked"}
    return caller.client.generic(
        "POST",
        f"/api/v1/{HERE}{query}",
        headers={"Authorization": f"Bearer {caller.secret}"},
        **sent,
    )


def sent(caller: Caller, raw: bytes = FILE, query: str = "format=csv", **more: Any) -> Answer:
    return caller.post(f"{HERE}?{query}", raw=raw, **{"kind": "application/octet-stream"} | more)


# ---------- taken in ----------


def test_a_file_is_taken_in_and_a_job_brings_it_in(moderator: Caller) -> None:
    answer = sent(moderator, query="format=csv&name=claims.csv")
    assert answer.status == 202
    here = answer.headers["Location"]
    assert here == f"http://testserver/api/v1/imports/{answer.body['id']}/"
    waiting = moderator.get(here.removeprefix("http://testserver")).body
    assert waiting == answer.body
    assert (waiting["progress"], waiting["share"], waiting["size"]) == ("waiting", 0, len(FILE))
    assert (waiting["name"], waiting["started_by"]) == ("claims.csv", "Robin")
    run_import(Import.objects.get().pk)
    done = moderator.get(f"imports/{waiting['id']}/").body
    assert (done["progress"], done["share"]) == ("done", 100)
    assert (done["claims"], done["verdicts"], done["waiting"], done["refused"]) == (2, 1, 1, 1)
    assert Claim.objects.count() == 2


def test_a_packed_file_is_just_a_file(moderator: Caller) -> None:
    answer = sent(moderator, gzip.compress(FILE), Content_Encoding="gzip")
    assert run_import(answer.body["id"]).claims == 2


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/csv", "application/json", ""])
def test_the_body_may_be_of_any_type_but_a_form(moderator: Caller, kind: str) -> None:
    assert sent(moderator, kind=kind).status == 202


@pytest.mark.parametrize(
    "kind",
    ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "Multipart/Form-Data"],
)
def test_a_form_is_told_how_a_file_is_sent(moderator: Caller, kind: str) -> None:
    answer = sent(moderator, kind=kind)
    assert answer.status == 415
    assert "application/octet-stream" in answer.body["detail"]
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [
        ("", "format", "missing"),
        ("format=odt", "format", "brat, "),
        ("format=fever", "format", "brat, "),
        ("format=csv&unit=bytes", "unit", "codepoint, utf16"),
        ("format=averitec&unit=utf16", "unit", "has no offsets"),
        ("format=doccano", "unit", "does not say what its offsets count"),
        ("format=csv&name=a%22%0D%0AX:", "name", "one line"),
        ("format=csv&name=" + "a" * 201, "name", "200 is the most"),
        ("format=csv&project=1", "project", "no such filter"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(
    moderator: Caller, query: str, field: str, says: str
) -> None:
    answer = sent(moderator, query=query)
    assert answer.status == 400
    assert says in answer.field(field)
    assert not Import.objects.exists()


def test_an_empty_file_is_refused(moderator: Caller) -> None:
    answer = sent(moderator, b"")
    assert (answer.status, answer.field("file")) == (400, "The file is empty.")


def test_who_may_not_is_refused_before_anything_is_read(
    calling: Calling, project: Project, finch: User, robin: User, stranger: User
) -> None:
    for user, format, status, says in (
        (None, "csv", 401, "token"),
        (stranger, "csv", 404, "no such project"),
        (finch, "csv", 403, "Bringing in files is for moderators."),
        (robin, "jsonl", 403, "is for the project's owner."),
    ):
        coming = Coming(10 * MB)
        chunked = {"HTTP_IDEMPOTENCY_KEY": KEY, "HTTP_TRANSFER_ENCODING": "chunked"}
        answer = sending(calling(user), coming, f"?format={format}", **chunked)
        assert answer.status_code == status
        assert says in answer.json()["detail"]
        assert coming.read_of_it == 0


def test_a_file_of_64_mb_takes_no_memory(moderator: Caller) -> None:
    for how in ({"CONTENT_LENGTH": str(64 * MB)}, {}):
        tracemalloc.start()
        answer = sending(moderator, Coming(64 * MB), **how)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (answer.status_code, answer.json()["size"]) == (202, 64 * MB)
        assert peak < 16 * MB, peak


def test_a43_no_body_goes_round_the_limit(
    moderator: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Announced or in chunks, it is refused, and nothing further is read."""
    monkeypatch.setattr(files, "MOST_BYTES", MB)
    for how, most in (
        ({"CONTENT_LENGTH": str(MB + 1)}, 0),
        ({}, MB + files.PIECE),
        ({"HTTP_TRANSFER_ENCODING": "chunked", "HTTP_IDEMPOTENCY_KEY": KEY}, MB + files.PIECE),
    ):
        coming = Coming(20 * MB)
        answer = sending(moderator, coming, **how)
        assert answer.status_code == 413
        assert answer.json()["errors"][0]["field"] == "file"
        assert "bring it in parts" in answer.json()["detail"]
        assert coming.read_of_it <= most
    assert not Import.objects.exists()


def test_a_file_that_breaks_off_is_not_taken_for_a_whole_one(moderator: Caller) -> None:
    answer = sending(moderator, Coming(1_000), CONTENT_LENGTH="2000")
    assert answer.status_code == 400
    assert "broke off after 1,000 of 2,000 bytes" in answer.json()["detail"]
    assert not Import.objects.exists()


# ---------- once ----------


def test_a_file_that_is_sent_twice_is_taken_in_once(moderator: Caller) -> None:
    first, again = (sent(moderator, Idempotency_Key=KEY) for _ in range(2))
    assert (first.status, again.status) == (202, 202)
    assert first.raw == again.raw
    assert first.headers["Location"] == again.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Import.objects.count() == 1


def test_a_key_is_for_one_file_however_it_is_sent(moderator: Caller) -> None:
    sending(moderator, Coming(100), HTTP_IDEMPOTENCY_KEY=KEY, CONTENT_LENGTH="100")
    chunked = {"HTTP_IDEMPOTENCY_KEY": KEY, "HTTP_TRANSFER_ENCODING": "chunked"}
    assert sending(moderator, Coming(100), **chunked).status_code == 202
    assert sending(moderator, Coming(101), **chunked).status_code == 422
    assert sent(moderator, b"x" * 100, "format=liar", Idempotency_Key=KEY).status == 422
    assert Import.objects.count() == 1


def test_a_refused_file_can_be_mended_under_the_same_key(moderator: Caller) -> None:
    assert sent(moderator, b"", Idempotency_Key=KEY).status == 400
    assert sent(moderator, Idempotency_Key=KEY).status == 202


# ---------- followed, stopped, taken up ----------


def test_an_import_is_stopped_and_taken_up(moderator: Caller) -> None:
    here = f"imports/{sent(moderator).body['id']}/"
    assert moderator.post(f"{here}resume/").status == 409
    stopped = moderator.post(f"{here}cancel/")
    assert (stopped.status, stopped.body["progress"]) == (200, "cancelled")
    assert stopped.body["ended_at"]
    late = moderator.post(f"{here}cancel/")
    assert (late.status, late.body["detail"]) == (409, "This import has ended already.")
    going = moderator.post(f"{here}resume/")
    assert (going.status, going.body["progress"], going.body["ended_at"]) == (200, "waiting", None)
    assert moderator.post(f"{here}cancel/", {"why": "x"}).status == 400


def test_imports_are_listed_newest_first(
    moderator: Caller, calling: Calling, finch: User, other_project: Project, stranger: User
) -> None:
    made = [sent(moderator, FILE + bytes([65 + n])).body["id"] for n in range(3)]
    first = moderator.get(f"{HERE}?page_size=2")
    assert first.ids == made[:0:-1]
    assert moderator.get(first.body["next"].removeprefix("http://testserver")).ids == made[:1]
    assert calling(finch).get(HERE).status == 403
    assert calling(stranger).get(HERE).status == 404
    assert calling(stranger).get("projects/harbour/imports/").ids == []
    for user in (finch, stranger):
        for address in ("", "refusals/"):
            assert calling(user).get(f"imports/{made[0]}/{address}").status == 404
        for step in ("cancel/", "resume/"):
            assert calling(user).post(f"imports/{made[0]}/{step}").status == 404


# ---------- what was refused ----------


@pytest.fixture
def refused(moderator: Caller) -> str:
    """The address of the refusals of a file with five bad lines, one of them a formula."""
    rows = [f"S{n}.,true,{n}" for n in range(5)]
    content = "statement,rating,start\n" + "\n".join([*rows, ",=1+1,", "Good.,true,"])
    job = sent(moderator, content.encode(), "format=csv&name=a%22b.csv").body["id"]
    run_import(job)
    Import.objects.get(pk=job).refusals.create(line=9, sentence="No.", what="=HYPERLINK(1)")
    return f"imports/{job}/refusals/"


def test_what_was_refused_is_read_in_its_order(moderator: Caller, refused: str) -> None:
    whole = moderator.get(refused).body
    rows = [(one["line"], one["sentence"]) for one in whole["results"]]
    assert whole["next"] is None
    assert len(rows) == Import.objects.get().refusals.count() >= 2
    assert rows == sorted(rows, key=lambda one: one[0])
    found, at = [], f"{refused}?page_size=1"
    while at:
        answer = moderator.get(at.removeprefix("http://testserver")).body
        found += [(one["line"], one["sentence"]) for one in answer["results"]]
        at = answer["next"]
    assert found == rows
    assert moderator.get(f"{refused}?cursor=x").status == 400
    assert moderator.get(f"{refused}?cursor={'_' * 21}w").status == 200, "beyond every number"


def test_a20_a48_what_was_refused_is_a_table_without_formulas(
    moderator: Caller, refused: str
) -> None:
    for answer in (
        moderator.get(f"{refused}?format=csv"),
        moderator.get(refused, Accept="text/csv"),
    ):
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        name = answer.headers["Content-Disposition"]
        assert name == r'attachment; filename="a\"b.csv-refused.csv"'
        rows = list(csv.reader(io.StringIO(answer.raw.decode("utf-8-sig"))))
        assert rows[0] == ["line", "why", "what"]
        assert rows[-1] == ["9", "No.", "'=HYPERLINK(1)"]
        assert len(rows) == 1 + Import.objects.get().refusals.count()


def test_a_thousand_and_more_refusals_are_all_in_the_table(
    moderator: Caller, project: Project, robin: User
) -> None:
    job = start_import(project.pk, actor=robin, format="csv", name="x", content=[FILE])
    told = [(n, "No.", "") for n in range(2_001)]
    imports._note(job, told)
    assert list(job.refused_lines()) == told


# ---------- the script of the docs ----------


@pytest.mark.django_db(transaction=True)
def test_the_script_of_the_docs_brings_a_table_in(
    live_server: LiveServer, article: Article, robin: User, tmp_path: Path
) -> None:
    docs = (settings.BASE_DIR / "docs" / "api.md").read_text("utf-8")
    scripts = re.findall(r"```python\n(.*?)```", docs, re.DOTALL)
    [script] = [one for one in scripts if "/imports/?" in one]
    file = tmp_path / "claims.csv"
    file.write_bytes(FILE)
    token = make_token(robin, "script", actor=robin)[1]
    with subprocess.Popen(
        [sys.executable, "-c", script, live_server.url, token, "council", str(file)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        encoding="utf-8", env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    ) as running:  # fmt: skip
        assert running.stdin
        running.stdin.write("false\n")
        running.stdin.flush()
        while running.poll() is None and not Import.objects.exists():
            with suppress(subprocess.TimeoutExpired):
                running.wait(0.1)
        run_import(Import.objects.get().pk)
        said = running.communicate(timeout=60)[0]
    assert running.returncode == 0, said
    assert "done with 2 new claims; 1 things refused\nline 3: " in said
    assert "1 verdicts say “Pants on fire”." in said
    assert zipfile.is_zipfile(tmp_path / "council-brat.zip")
    assert RatingMap.objects.get().rating == Rating.objects.get(
        project__slug="council", slug="false"
    )


# ---------- what it costs ----------


def test_lists_cost_the_same_however_much_is_in_them(
    moderator: Caller, project: Project, robin: User
) -> None:
    def costs(job: Import) -> list[int]:
        made = []
        for address in (HERE, f"imports/{job.pk}/refusals/", f"imports/{job.pk}/"):
            with CaptureQueriesContext(connection) as asked:
                assert moderator.get(address).status == 200
            made.append(len(asked))
        return made

    job = start_import(project.pk, actor=robin, format="csv", name="x", content=[FILE])
    moderator.get("projects/")
    few = costs(job)
    for _ in range(5):
        start_import(project.pk, actor=robin, format="csv", name="x", content=[FILE])
    imports._note(job, [(n, "No.", "") for n in range(40)])
    assert costs(job) == few
    assert max(few) <= 4, few
