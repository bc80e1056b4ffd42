"""The demo's accounts open at one click, and exist nowhere else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from annotations.actions.seeds import make_people
from annotations.models import User
from annotations.rules.demo import PEOPLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Any) -> dict[str, User]:
    settings.DEMO = True
    return make_people("")


def test_the_page_offers_each_of_them(
    client: Client, demo: dict[str, User], read: Callable[..., Any]
) -> None:
    page = read(client.get("/login/").content)
    offered = {one.attributes["value"]: one.text for one in page.all("button", name="account")}
    assert list(offered) == list(PEOPLE) == ["reviewer", "reviewer2", "moderator", "owner"]
    for name, pseudonym in zip(offered, ("Heron", "Larch", "Wren", "Alder"), strict=True):
        assert pseudonym in offered[name]


@pytest.mark.parametrize("name", PEOPLE)
def test_one_click_signs_in(client: Client, demo: dict[str, User], name: str) -> None:
    answer = client.post("/login/demo/", {"account": name})
    assert answer.headers["Location"] == "/desk/"
    assert client.session["_auth_user_id"] == str(demo[name].pk)


def test_the_click_is_a_form_with_a_token(demo: dict[str, User], read: Callable[..., Any]) -> None:
    strict = Client(enforce_csrf_checks=True)
    page = read(strict.get("/login/").content)
    token = page.all("input", name="csrfmiddlewaretoken")[0].attributes["value"]
    sent = {"account": "owner", "csrfmiddlewaretoken": token}
    assert strict.post("/login/demo/", sent).status_code == 302


def test_another_account_does_not_open_that_way(
    client: Client, demo: dict[str, User], finch: User
) -> None:
    for name in ("finch", "", "Reviewer", "nobody"):
        assert client.post("/login/demo/", {"account": name}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_outside_the_demo_there_is_no_such_page(client: Client, settings: Any) -> None:
    make_people("demo-demo-demo")
    settings.DEMO = False
    assert client.post("/login/demo/", {"account": "owner"}).status_code == 404
    assert "_auth_user_id" not in client.session
    assert b"reviewer2" not in client.get("/login/").content


def test_before_the_seeds_are_loaded_it_says_so(client: Client, settings: Any) -> None:
    settings.DEMO = True
    answer = client.post("/login/demo/", {"account": "owner"})
    assert answer.status_code == 404
    assert b"Load the seeds" in answer.content


def test_a_closed_account_of_the_demo_stays_closed(client: Client, demo: dict[str, User]) -> None:
    User.objects.filter(username="owner").update(is_active=False)
    assert client.post("/login/demo/", {"account": "owner"}).status_code == 404
