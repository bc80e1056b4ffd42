"""The page of agreement: what it shows, to whom, and what it says when it has nothing to show."""

from collections.abc import Callable

import pytest
from django.test import Client

from annotations.actions.verdicts import submit_verdict
from annotations.models import Article, Project, User
from tests.web.conftest import Page, Publish, judgement

PATH = "/projects/council/agreement/"
Read = Callable[[bytes | str], Page]
WORDS = ("The city council", "spent 12% more", "Café prices", "on schools", "she told reporters")


@pytest.fixture
def judged(article: Article, mark: Publish, finch: User, maple: User) -> None:
    """Five claims; the two reviewers agree on all but the last."""
    for n, words in enumerate(WORDS):
        claim = mark(article, words)
        rating = ("true", "false", "misleading", "true", "false")[n]
        submit_verdict(claim.pk, judgement(rating), actor=finch)
        other = "needs-context" if n == 4 else rating
        submit_verdict(claim.pk, judgement(other), actor=maple)


def test_the_page_is_for_those_who_see_every_verdict(
    client: Client, judged: None, finch: User, robin: User, birch: User, stranger: User
) -> None:
    assert client.get(PATH).status_code == 302
    for person, status in ((finch, 403), (stranger, 404), (robin, 200), (birch, 200)):
        client.force_login(person)
        answer = client.get(PATH)
        assert answer.status_code == status
        assert ("Maple" in answer.content.decode()) is (status == 200)


def test_the_desk_leads_there_who_may_go(
    client: Client, project: Project, finch: User, robin: User
) -> None:
    for person, leads in ((finch, False), (robin, True)):
        client.force_login(person)
        assert (PATH in client.get("/desk/").content.decode()) is leads


def test_the_figures_of_the_page(client: Client, judged: None, robin: User, read: Read) -> None:
    client.force_login(robin)
    page = read(client.get(PATH).content)
    drawn = page.all("svg", role="img")[0]
    assert "Alpha 0.74" in (drawn.attributes["aria-label"] or "")
    triangle = next(one for one in page.all("table") if one.attributes["class"] == "triangle")
    assert triangle.text.split().count("1") == 3
    assert "Finch and Maple" in page.one("section", aria_labelledby="pairs-h").text
    assert "80 %" in page.one("section", aria_labelledby="figures-h").text
    assert "0 claims with one verdict" in " ".join(
        page.one("section", aria_labelledby="left-h").text.split()
    )


def test_nothing_to_compare_says_what_is_missing(
    client: Client, project: Project, robin: User
) -> None:
    client.force_login(robin)
    page = client.get(PATH).content.decode()
    assert "Agreement needs at least two verdicts on a claim" in page
    assert "Figures appear here when two reviewers have judged the same claim" in page
    assert '<svg class="chart' not in page


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("reviewers=Finch", "reviewers"), ("article=nowhere", "article"), ("from=x", "from"),
        ("to=0000-00-00", "to"), ("versions=<b>", "versions"), ("article=%00", "article"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_said_at_its_field_and_kept(
    client: Client, judged: None, robin: User, read: Read, query: str, field: str
) -> None:
    client.force_login(robin)
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == 400
    page = read(answer.content)
    assert page.one("p", id=f"p-{field}").text.strip()
    if field != "versions":
        typed = page.one("input", name=field).attributes["value"]
        assert typed == query.split("=")[1].replace("%00", "\0")


def test_the_download_is_of_what_is_shown(
    client: Client, judged: None, robin: User, read: Read
) -> None:
    client.force_login(robin)
    page = read(client.get(f"{PATH}?reviewers=Finch,Maple&versions=current").content)
    link = next(one for one in page.all("a") if "download" in one.attributes)
    table = client.get(link.attributes["href"] or "")
    assert table.status_code == 200
    assert len(b"".join(table).splitlines()) == 1 + len(WORDS)
