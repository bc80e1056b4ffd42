"""The page of a project's files: who may, what is said at which field, what it lists."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from annotations.actions import imports
from annotations.actions.imports import run_import, start_import
from annotations.actions.rating_maps import map_rating
from annotations.formats import contract, jsonl
from annotations.formats.offsets import Unit
from annotations.models import Article, Import, Project, RatingMap, User, WaitingVerdict
from annotations.web import files
from tests.actions import toy_format
from tests.actions.toy_format import article as written
from tests.actions.toy_format import claim
from tests.web.conftest import Page

Read = Callable[[bytes | str], Page]

ADDRESS = "/projects/council/files/"
TEXT = "Prices doubled in a year. The minister said so."


class Lone:
    """A format whose offsets are in one unit, and so is asked for none."""

    SLUG, NAME, MEDIA_TYPE, ENDING = "lone", "Lone", "text/plain", "txt"
    LOSSLESS, DROPS = False, ()
    UNITS: tuple[Unit, ...] = ()
    read = staticmethod(toy_format.read)


class Asking(Lone):
    """A format whose files cannot tell the unit of their offsets."""

    SLUG, NAME = "asking", "Asking"
    UNITS = contract.reader("doccano").UNITS
    ASKS_UNIT = "Say what the offsets count."


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"toy": toy_format, "lone": Lone, "asking": Asking}
    monkeypatch.setattr(contract, "readers", lambda: known)
    monkeypatch.setattr(files, "readers", contract.readers)


@pytest.fixture
def desk(robin: User, project: Project) -> Client:
    client = Client()
    client.force_login(robin)
    return client


def corpus(*ratings: str, key: str = "a1") -> bytes:
    verdicts = ({"rating": one, "by": f"Ann {n}"} for n, one in enumerate(ratings))
    return written(key, TEXT, claim("c1", TEXT, "Prices doubled", *verdicts))


def sent(content: bytes = b"", name: str = "corpus.toy", **more: Any) -> dict[str, Any]:
    file = {"file": SimpleUploadedFile(name, content)} if content else {}
    return {"do": "start", "format": "toy", "unit": "", **file, **more}


def brought(project: Project, actor: User, content: bytes, name: str = "corpus.toy") -> Import:
    job = start_import(project.pk, actor=actor, format="toy", name=name, content=[content])
    return run_import(job.pk)


def text(client: Client, address: str = ADDRESS, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def refused(answer: Any, read: Read) -> dict[str, str]:
    """The sentences of a page at the fields that they are tied to."""
    page = read(answer.content)
    said = {}
    for one in page.elements:
        if one.attributes.get("aria-invalid") == "true":
            told = (one.attributes["aria-describedby"] or "").split()[-1]
            found = next(each for each in page.elements if each.attributes.get("id") == told)
            said[one.attributes["name"] or ""] = found.text.strip()
    return said


# ---------- who may ----------


def test_moderators_and_owners_bring_files_in_and_reviewers_take_them_out(
    desk: Client, client: Client, birch: User, finch: User, project: Project
) -> None:
    client.force_login(birch)
    for one in (desk, client):
        assert "Bring a file in" in text(one)
        assert "Hand out" in text(one)
    client.force_login(finch)
    page = text(client)
    assert "Hand out" in page
    assert "Bring" not in page
    assert "Maps" not in page
    for act in ("start", "cancel", "map", "unmap", ""):
        answer = client.post(ADDRESS, {"do": act})
        assert answer.status_code == 403
        assert "for moderators" in answer.content.decode()
    assert client.get(f"{ADDRESS}imports/").status_code == 403


def test_only_owners_are_offered_the_format_that_speaks_in_other_peoples_names(
    desk: Client, client: Client, birch: User, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    formats = {"toy": toy_format, jsonl.SLUG: jsonl}
    monkeypatch.setattr(contract, "readers", lambda: formats)
    monkeypatch.setattr(files, "readers", lambda: formats)
    client.force_login(birch)
    for who, offered in ((desk, ["toy"]), (client, ["toy", "jsonl"])):
        page = read(who.get(ADDRESS).content)
        options = [one for one in page.all("option") if "data-ending" in one.attributes]
        assert [one.attributes["value"] for one in options] == offered
    answer = desk.post(ADDRESS, sent(b"{}", format="jsonl"))
    assert answer.status_code == 403
    assert "for the project&#x27;s owner" in answer.content.decode()


def test_another_projects_files_are_not_found(
    client: Client, project: Project, robin: User, stranger: User, other_project: Project
) -> None:
    """A22."""
    job = brought(project, robin, corpus("Meh"))
    made = map_rating(project.pk, "Pants", "false", actor=robin)
    client.force_login(stranger)
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {"do": "map", "word": "Meh", "rating": "true"}).status_code == 404
    assert client.get(f"{ADDRESS}imports/").status_code == 404
    assert client.get(f"/imports/{job.pk}/").status_code == 404
    own = "/projects/harbour/files/"
    for act in ({"do": "cancel", "import": job.pk}, {"do": "unmap", "map": made.pk}):
        assert client.post(own, act).status_code == 404
    assert "corpus.toy" not in text(client, own)
    assert "Meh" not in text(client, own)
    assert RatingMap.objects.exists()


def test_a_reviewer_reads_no_report(
    client: Client, project: Project, robin: User, finch: User
) -> None:
    job = brought(project, robin, corpus())
    client.force_login(finch)
    assert client.get(f"/imports/{job.pk}/").status_code == 404


def test_the_page_is_found_from_the_desk_and_from_the_admin(
    desk: Client, client: Client, finch: User, project: Project
) -> None:
    link = f'href="{ADDRESS}"'
    client.force_login(finch)
    assert link in client.get("/desk/").content.decode()
    there = f"/admin/annotations/project/{project.pk}/change/"
    for address in ("/desk/", there, "/projects/council/work/", "/projects/council/gold/"):
        assert link in desk.get(address).content.decode()


# ---------- bringing in ----------


def test_a_file_is_taken_in_and_listed(desk: Client, project: Project, robin: User) -> None:
    answer = desk.post(ADDRESS, sent(corpus("Meh"), unit="utf16"), follow=True)
    assert "corpus.toy is here and comes in by itself" in answer.content.decode()
    job = Import.objects.get()
    assert (job.started_by, job.format, job.unit) == (robin, "toy", "utf16")
    assert "Waits its turn" in text(desk)
    run_import(job.pk)
    page = text(desk)
    assert "corpus.toy Toy Robin" in page
    assert "Done" in page
    assert "New 1 article, 1 claim, 0 verdicts" in page
    assert "Needed a map 1" in page


def test_a_file_in_many_pieces_is_taken_in_piece_by_piece(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PART", 10)
    content = b"".join(corpus(key=f"a{n}") for n in range(20))
    assert desk.post(ADDRESS, sent(content)).status_code == 302
    job = Import.objects.get()
    assert imports.PartsOfAFile(job).read() == content


@pytest.mark.parametrize(
    ("given", "at", "sentence"),
    [
        (sent(), "file", "Choose a file."),
        (sent(corpus(), format=""), "format", "Say which format the file is in."),
        (sent(corpus(), format="docx"), "format", "There are: toy, lone, asking."),
        (sent(corpus(), unit="bytes"), "unit", "Offsets of this format are in"),
        (sent(corpus(), format="lone", unit="utf16"), "unit", "This format has no offsets."),
        (sent(corpus(), format="asking"), "unit", "Say what the offsets count."),
        (sent(corpus(), name="x" * 300), "file", "200"),
    ],
)
def test_a_refusal_stands_at_its_field_and_what_was_chosen_stays(
    desk: Client, read: Read, given: dict[str, Any], at: str, sentence: str
) -> None:
    answer = desk.post(ADDRESS, given)
    assert answer.status_code in (400, 404)
    assert sentence in refused(answer, read)[at]
    options = read(answer.content).all("option")
    chosen = [one.attributes["value"] for one in options if "selected" in one.attributes]
    assert chosen == [one for one in (given["format"], given["unit"]) if one in KNOWN]
    if at != "file":
        assert "Choose the file again: a browser does not keep it." in answer.content.decode()
    assert not Import.objects.exists()


KNOWN = ("toy", "lone", "asking", "codepoint", "utf16")


def test_both_fields_that_are_empty_are_told_of_at_once(desk: Client, read: Read) -> None:
    told = refused(desk.post(ADDRESS, {"do": "start"}), read)
    assert set(told) == {"file", "format"}


def test_an_empty_file_is_refused_at_its_field(desk: Client, read: Read) -> None:
    answer = desk.post(ADDRESS, sent() | {"file": SimpleUploadedFile("x.toy", b"")})
    assert refused(answer, read) == {"file": "The file is empty."}


def test_what_no_button_sends_is_refused(desk: Client) -> None:
    for wrong in (
        {}, {"do": "drop\0"}, {"do": "cancel", "import": "x"}, {"do": "unmap"},
        {"do": "resume", "import": "٣"}, {"do": "map", "word": "x\0", "rating": "true"},
        {"do": "map", "word": " ", "rating": "true"}, {"do": "map", "word": "x", "rating": "no"},
        {"do": "start", "file": "a word", "format": "toy"},
    ):  # fmt: skip
        answer = desk.post(ADDRESS, wrong)
        assert answer.status_code == 400, wrong
        assert 'role="alert"' in answer.content.decode()


class Unread:
    def read(self, *_: int) -> bytes:
        pytest.fail("The body is read.")

    readline = read


@pytest.mark.parametrize(("who", "status"), [("robin", 413), ("finch", 403), ("stranger", 404)])
def test_a_file_that_may_not_come_is_refused_before_it_is_read(
    request: pytest.FixtureRequest, project: Project, read: Read, who: str, status: int
) -> None:
    """A43."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(request.getfixturevalue(who))
    body: dict[str, Any] = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(2 * 2**30)}
    kind = "multipart/form-data; boundary=x"
    answer = client.generic("POST", ADDRESS, content_type=kind, **body)
    assert answer.status_code == status
    if status == 413:
        assert "larger than 1,024 MB" in refused(answer, read)["file"]


def test_a_form_from_elsewhere_brings_nothing_in(robin: User, project: Project) -> None:
    """A35."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(robin)
    assert client.post(ADDRESS, sent(corpus())).status_code == 403
    assert not Import.objects.exists()


# ---------- how far it is ----------


def test_an_import_is_cancelled_and_taken_up_again(desk: Client, project: Project) -> None:
    desk.post(ADDRESS, sent(corpus()))
    job = Import.objects.get()
    answer = desk.post(ADDRESS, {"do": "cancel", "import": job.pk}, follow=True)
    assert "What has come in stays" in answer.content.decode()
    assert "Cancelled" in text(desk)
    answer = desk.post(ADDRESS, {"do": "cancel", "import": job.pk})
    assert answer.status_code == 409
    assert "has ended already" in answer.content.decode()
    desk.post(ADDRESS, {"do": "resume", "import": job.pk})
    assert run_import(job.pk).articles == 1
    assert desk.post(ADDRESS, {"do": "resume", "import": job.pk}).status_code == 409
    assert "Take up again" not in text(desk)


def test_the_page_asks_how_far_it_is_while_an_import_is_under_way_and_not_after(
    desk: Client, read: Read, project: Project
) -> None:
    desk.post(ADDRESS, sent(corpus("Meh")))
    for address in (ADDRESS, f"{ADDRESS}imports/"):
        asking = read(desk.get(address).content).one("div", id="imports")
        assert asking.attributes["hx-get"] == f"{ADDRESS}imports/"
        assert asking.attributes["hx-trigger"] == "every 2s"
    assert "waiting" not in desk.get(f"{ADDRESS}imports/").content.decode()
    run_import(Import.objects.get().pk)
    last = read(desk.get(f"{ADDRESS}imports/").content)
    assert "hx-get" not in last.one("div", id="imports").attributes
    assert "Meh" in last.one("section", id="waiting").text
    assert last.one("p", id="said").text == "corpus.toy: done. Refused: 0."
    assert "hx-get" not in read(desk.get(ADDRESS).content).one("div", id="imports").attributes


def test_what_failed_says_why(
    desk: Client, project: Project, robin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "_count", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        brought(project, robin, corpus())
    page = text(desk)
    assert "Something of ours went wrong" in page
    assert "Take up again" in page


def test_a_thousand_imports_are_read_page_by_page(
    desk: Client, read: Read, project: Project, robin: User
) -> None:
    some = Import(project=project, started_by=robin, format="toy", size=1, sha256="0")
    for n in range(70):
        some.pk, some.name, some._state.adding = None, f"file {n}", True
        some.pk = Import._meta.pk.get_default()
        some.progress, some.ended_at = "done", some.started_at
        some.save()
    seen, address = [], ADDRESS
    while address:
        page = read(desk.get(address).content)
        seen += [one.text for one in page.all("a", class_="q tool")]
        links = [one.attributes["href"] or "" for one in page.all("a", class_="btn")]
        address = next((one for one in links if "after=" in one), "")
    assert seen == [f"file {n}" for n in reversed(range(70))]
    assert desk.get(f"{ADDRESS}?after=x%00").status_code == 200


# ---------- the report ----------


def test_the_report_tells_what_was_refused_and_what_was_left_out(
    desk: Client, project: Project, robin: User
) -> None:
    job = brought(project, robin, b"=1+1\n" * 60 + corpus())
    Import.objects.filter(pk=job.pk).update(left_out={"Remarks that rate nothing.": 1200})
    first = text(desk, f"/imports/{job.pk}/")
    assert "Refused 60" in first
    assert "Line 50" in first
    assert "Line 51" not in first
    assert "Remarks that rate nothing. 1,200" in first
    assert job.sha256 in first
    page = desk.get(f"/imports/{job.pk}/").content.decode()
    further = re.search(r'href="(\?after=\d+)"', page)
    assert further
    assert "Line 60" in text(desk, f"/imports/{job.pk}/{further[1]}")
    table = re.search(r'href="([^"]+format=csv)"', page)
    assert table
    answer: Any = desk.get(table[1])
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 61
    assert "'=1+1" in lines[1], "inert in a spreadsheet"


def test_a_report_without_refusals_says_so(desk: Client, project: Project, robin: User) -> None:
    page = text(desk, f"/imports/{brought(project, robin, corpus()).pk}/")
    assert "Nothing was refused." in page
    assert "All that was read has a place here." in page
    for wrong in ("٣", "x", "9" * 40, "-1"):
        job = Import.objects.get()
        assert desk.get(f"/imports/{job.pk}/", {"after": wrong}).status_code == 200


def test_what_a_file_says_is_words_and_nothing_else(
    desk: Client, project: Project, robin: User
) -> None:
    """A18, A46."""
    evil = "<img src=x onerror=alert(1)>"
    job = brought(project, robin, corpus(f"{evil}\u202e") + b"<script>alert(1)</script>\n", evil)
    Import.objects.filter(pk=job.pk).update(left_out={evil: 1})
    map_rating(project.pk, f"{evil}!", "false", actor=robin)
    for address in (ADDRESS, f"{ADDRESS}imports/", f"/imports/{job.pk}/"):
        page = desk.get(address).content.decode()
        assert evil not in page
        assert "<script>alert" not in page
        assert "&lt;img src=x" in page
    assert 'class="unseen"' in desk.get(ADDRESS).content.decode()


# ---------- ratings ----------


def test_a_rating_that_waits_gets_a_map_and_the_map_is_taken_back(
    desk: Client, project: Project, robin: User
) -> None:
    brought(project, robin, corpus("Pants on fire!", "pants on  fire!", "Meh"))
    page = text(desk)
    assert "Pants on fire! 2 verdicts" in page
    assert "Meh 1 verdict" in page
    given = {"do": "map", "word": "Pants on fire!", "rating": "false"}
    said = desk.post(ADDRESS, given, follow=True).content.decode()
    assert "“Pants on fire!” is False here from now on." in said
    desk.post(ADDRESS, {"do": "map", "word": "Meh", "rating": "left out"})
    assert not WaitingVerdict.objects.filter(word="Meh").exists()
    page = text(desk)
    assert re.search(r"Meh Robin, \d+ \w+ \d+ Left out", page)
    assert re.search(r"Pants on fire! Robin, \d+ \w+ \d+ False", page)
    made = RatingMap.objects.get(word="Meh")
    desk.post(ADDRESS, {"do": "unmap", "map": made.pk})
    assert RatingMap.objects.count() == 1
    answer = desk.post(ADDRESS, {"do": "unmap", "map": made.pk})
    assert answer.status_code == 404
    assert "There is no such map." in answer.content.decode()


def test_a_rating_has_to_be_chosen(desk: Client, read: Read, project: Project, robin: User) -> None:
    brought(project, robin, corpus("Meh", "Bah"))
    answer = desk.post(ADDRESS, {"do": "map", "word": "Meh", "rating": ""})
    assert answer.status_code == 400
    assert refused(answer, read)["rating"].startswith("Choose a rating of the scale")
    assert not RatingMap.objects.exists()


def test_of_many_ratings_the_most_frequent_are_asked_about(
    desk: Client, project: Project, robin: User
) -> None:
    words = [f"word {n}" for n in range(40)] + ["Often", "often"]
    brought(project, robin, corpus(*words))
    page = text(desk)
    assert page.index("Often 2 verdicts") < page.index("word 1 1 verdict")
    assert "11 more follow when these are done." in page


# ---------- handing out ----------


def test_every_format_that_is_written_can_be_had_with_what_it_leaves_out(
    desk: Client, read: Read, article: Article
) -> None:
    page = read(desk.get(ADDRESS).content)
    links = [one.attributes["href"] or "" for one in page.all("a")]
    exports = [one for one in links if "/export/" in one]
    assert len([one for one in exports if "offset_unit" not in one]) == len(contract.writers()) + 1
    for link in exports:
        answer: Any = desk.get(link)
        assert answer.status_code == 200, link
        assert answer.streaming
        assert "attachment" in answer.headers["Content-Disposition"]
    for one in contract.writers().values():
        assert all(sentence in page.one("main").text for sentence in one.DROPS)


# ---------- costs ----------


def test_the_page_takes_as_many_queries_for_much_as_for_little(
    desk: Client, project: Project, robin: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for n in range(6):
        brought(project, robin, corpus(f"Meh {n}", "Bah", key=f"a{n}") + b"{\n" * 9, f"file {n}")
        map_rating(project.pk, f"Word {n}", "true", actor=robin)
    report = f"/imports/{Import.objects.latest('id').pk}/"
    with django_assert_max_num_queries(7):
        text(desk)
    with django_assert_max_num_queries(7):
        text(desk, f"{ADDRESS}imports/")
    with django_assert_max_num_queries(4):
        text(desk, report)
