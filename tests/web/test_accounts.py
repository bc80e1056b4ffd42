"""Signing in and out: what a session begins with, where it leads, and what is not told."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from annotations.actions.seeds import make_people
from annotations.models import Project, User

pytestmark = pytest.mark.django_db

PASSWORD = " blanks at both ends, and 12 more "


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def finch_signs_in(finch: User) -> User:
    finch.set_password(PASSWORD)
    finch.save()
    return finch


def sign_in(client: Client, name: str = "finch", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/login/", {"username": name, "password": password, **more})


def test_one_lands_at_the_desk(client: Client, finch_signs_in: User) -> None:
    answer = sign_in(client)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/desk/"
    assert client.session["_auth_user_id"] == str(finch_signs_in.pk)


def test_passwords_are_not_trimmed(client: Client, finch_signs_in: User) -> None:
    assert sign_in(client, password=PASSWORD.strip()).status_code == 422
    assert sign_in(client).status_code == 302


def test_a34_the_session_has_another_id_after_signing_in(
    client: Client, finch_signs_in: User, maple: User
) -> None:
    session = client.session
    session["kept"] = True
    session.save()
    before = session.session_key
    assert client.cookies["sessionid"].value == before
    sign_in(client)
    assert client.cookies["sessionid"].value != before


def test_a34_signing_out_ends_the_session(client: Client, finch_signs_in: User) -> None:
    sign_in(client)
    kept = client.cookies["sessionid"].value
    answer = client.post("/logout/")
    assert answer.headers["Location"] == "/"
    client.cookies["sessionid"] = kept
    assert client.get("/desk/").status_code == 302


@pytest.mark.parametrize("door", ["/logout/", "/admin/logout/"])
def test_a34_signing_out_ends_the_sessions_elsewhere(
    door: str, client: Client, project: Project, robin: User, finch: User
) -> None:
    elsewhere, another = Client(), Client()
    for one, who in ((client, robin), (elsewhere, robin), (another, finch)):
        one.force_login(who)
    client.post(door)
    assert client.get("/desk/").status_code == elsewhere.get("/desk/").status_code == 302
    assert another.get("/desk/").status_code == 200
    robin.refresh_from_db()
    elsewhere.force_login(robin)
    assert elsewhere.get("/desk/").status_code == 200


def test_signing_out_takes_a_form_and_not_a_link(
    client: Client, finch: User, read: Callable[..., Any]
) -> None:
    client.force_login(finch)
    page = read(client.get("/logout/").content)
    assert "_auth_user_id" in client.session
    assert {one.attributes["method"] for one in page.all("form", action="/logout/")} == {"post"}
    assert Client().get("/logout/").headers["Location"] == "/"


def test_a35_signing_in_and_out_takes_our_own_form(finch_signs_in: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403
    assert strict.post("/login/demo/", {"account": "reviewer"}).status_code == 403
    strict.force_login(finch_signs_in)
    assert strict.post("/logout/").status_code == 403
    assert "_auth_user_id" in strict.session


def told(answer: Any) -> str:
    content = answer.content.decode()
    return re.sub(r'(name="csrfmiddlewaretoken"|id="username"[^>]*) value="[^"]*"', "", content)


def test_a36_an_unknown_account_a_wrong_password_and_a_closed_account_get_one_answer(
    client: Client, finch_signs_in: User, maple: User
) -> None:
    maple.set_password(PASSWORD)
    maple.is_active = False
    maple.save()
    wrong = sign_in(client, password="not the password")
    unknown = sign_in(client, name="nobody")
    closed = sign_in(client, name="maple")
    without = sign_in(client, name="robin")
    assert wrong.status_code == 422
    assert "do not go together" in told(wrong)
    assert told(wrong) == told(unknown) == told(closed) == told(without)
    assert {*wrong.headers} == {*unknown.headers} == {*closed.headers}


def test_a36_an_unknown_account_costs_a_hash_too(
    client: Client, finch_signs_in: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str | None] = []
    real = User.set_password

    def count(self: User, raw: str | None) -> None:
        hashed.append(raw)
        real(self, raw)

    monkeypatch.setattr(User, "set_password", count)
    sign_in(client, name="nobody")
    assert hashed == [PASSWORD]


def test_what_is_missing_is_said_at_its_field_and_the_name_stays(
    client: Client, read: Callable[..., Any]
) -> None:
    page = read(sign_in(client, name="finch", password="").content)
    assert page.one("p", id="password-refused").text.strip() == (
        "The password is missing. Write it here."
    )
    assert page.one("input", id="username").attributes["value"] == "finch"
    assert page.one("input", id="password").attributes["aria-describedby"] == "password-refused"
    assert "value" not in page.one("input", id="password").attributes


@pytest.mark.parametrize("name", ["\x00", "a\x00b", "x" * 200_000, "😀", "' OR 1=1--", "\ud800"])
def test_hostile_names_are_wrong_names(client: Client, name: str) -> None:
    data = f"username={name}&password=x".encode("utf-8", "surrogatepass")
    answer = client.post("/login/", data, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/desk/", "/workbench/x/?show=mine", "/"])
def test_one_goes_on_to_where_one_was_going(
    client: Client, finch_signs_in: User, path: str
) -> None:
    assert sign_in(client, next=path).headers["Location"] == path


def test_the_page_one_was_going_to_survives_a_wrong_password(
    client: Client, finch_signs_in: User, read: Callable[..., Any]
) -> None:
    asked = read(client.get("/login/?next=/workbench/x/").content)
    hidden = {one.attributes["value"] for one in asked.all("input", name="next")}
    assert hidden == {"/workbench/x/"}
    again = read(sign_in(client, password="wrong", next="/workbench/x/").content)
    assert {one.attributes["value"] for one in again.all("input", name="next")} == hidden


ELSEWHERE = [
    "//e",
    "/\\e",
    "\\\\e",
    "\\/e",
    "///e",
    "/\t/e",
    "/\n/e",
    "\t//e",
    " //e",
    "https:e",
    "https:/e",
    "https:///e",
    "https://e/",
    "http://testserver@e/",
    "http://testserver.e/",
    "https://testserver/",
    "javascript:alert(1)",
    "data:text/html,x",
    "e",
    "e.example/desk/",
    "\x00//e",
    "%2f%2fe",
]


@pytest.mark.parametrize("where", ELSEWHERE)
@pytest.mark.parametrize("door", ["form", "address", "demo"])
def test_a39_signing_in_leads_nowhere_else(
    client: Client, finch_signs_in: User, settings: Any, where: str, door: str
) -> None:
    settings.DEMO = True
    make_people("")
    if door == "form":
        answer = sign_in(client, next=where)
    elif door == "address":
        answer = client.post(
            "/login/", {"username": "finch", "password": PASSWORD}, query_params={"next": where}
        )
    else:
        answer = client.post("/login/demo/", {"account": "reviewer", "next": where})
    assert answer.headers["Location"] == "/desk/"


def test_a39_a_path_that_only_looks_like_a_host_stays_a_path(
    client: Client, finch_signs_in: User
) -> None:
    assert sign_in(client, next="/%2f%2fe").headers["Location"] == "/%2f%2fe"


def test_the_page_and_its_answers_are_kept_by_nobody(client: Client) -> None:
    for answer in (client.get("/login/"), sign_in(client)):
        assert "no-store" in answer.headers["Cache-Control"]


def test_who_is_signed_in_is_told_and_may_change(client: Client, finch: User) -> None:
    client.force_login(finch)
    assert b"You are signed in as Finch" in client.get("/login/").content


def test_a_page_for_members_asks_to_sign_in_first(client: Client) -> None:
    answer = client.get("/desk/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login/?next=/desk/"
