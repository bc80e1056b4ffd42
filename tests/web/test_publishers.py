"""What publishers were asked: the moderator's page, and the dated lines that readers see."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from annotations.actions.publishers import ask_publisher, edit_publisher_correction
from annotations.actions.rulings import withdraw_ruling
from annotations.models import Article, Claim, PublisherCorrection, User
from annotations.rules.publishers import Asking

Publish = Callable[..., Claim]
ASKING = Asking("Example Times", "editors", datetime.date(2026, 3, 2), "To say <b>11%</b>.")
ANSWERED: dict[str, Any] = {
    "outcome": "corrected",
    "outcome_on": datetime.date(2026, 3, 9),
    "outcome_address": "https://example.org/corrections",
}
SENT = {
    "publisher": "Example Times",
    "reached": "corrections_form",
    "asked_on": "2026-03-02",
    "asked": "To say that it rose by 11%.",
    "outcome": "none_yet",
}


@pytest.fixture
def ruled(article: Article, publish: Publish) -> Claim:
    return publish(article, "spent 12% more")


@pytest.fixture
def desk(robin: User) -> Client:
    client = Client()
    client.force_login(robin)
    return client


@pytest.fixture
def address(ruled: Claim) -> str:
    return f"/claims/{ruled.pk}/publisher/"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_readers_see_what_was_asked_and_what_came_of_it(
    client: Client, ruled: Claim, robin: User
) -> None:
    page = f"/claims/{ruled.pk}/"
    assert "asked of publishers" not in text(client, page)
    one = ask_publisher(ruled.pk, ASKING, actor=robin)
    seen = text(client, page)
    assert "2 March 2026" in seen
    assert "for a correction: no answer yet" in seen
    assert "To say &lt;b&gt;11%&lt;/b&gt;." in seen
    for outcome, words in {
        "corrected": "corrected on 9 March 2026",
        "refused": "refused on 9 March 2026",
        "removed": "the passage was removed on 9 March 2026",
        "no_answer": "no answer by 9 March 2026",
    }.items():
        edit_publisher_correction(one.pk, ANSWERED | {"outcome": outcome}, actor=robin)
        assert words in text(client, page)
    assert 'href="https://example.org/corrections"' in text(client, page)
    assert f"{page}publisher/" not in text(client, page)


def test_a_request_stays_on_the_page_of_a_withdrawn_ruling_and_on_no_older_one(
    client: Client, ruled: Claim, robin: User
) -> None:
    ask_publisher(ruled.pk, ASKING, actor=robin)
    withdraw_ruling(ruled.pk, actor=robin, note="It rests on a forged page.")
    assert "Example Times" in text(client, f"/claims/{ruled.pk}/")
    assert "Example Times" not in text(client, f"/claims/{ruled.pk}/rulings/1/")


def test_a_moderator_finds_the_way_from_both_pages_of_the_claim(
    desk: Client, ruled: Claim, address: str, finch: User
) -> None:
    for page in (f"/claims/{ruled.pk}/", f"/claims/{ruled.pk}/adjudicate/"):
        assert f'href="{address}"' in text(desk, page)
    reviewer = Client()
    reviewer.force_login(finch)
    assert address not in text(reviewer, f"/claims/{ruled.pk}/")


def test_a_request_is_noted_and_its_outcome_added(desk: Client, address: str) -> None:
    assert desk.post(address, SENT).headers["Location"] == address
    one = PublisherCorrection.objects.get()
    assert (one.publisher, str(one.asked_on)) == ("Example Times", "2026-03-02")
    assert "The request is noted." in text(desk, address)
    change = {"one": str(one.pk), "outcome": "refused", "outcome_on": "2026-03-09"}
    assert desk.post(address, SENT | change).headers["Location"] == address
    assert "refused on 9 March 2026" in text(desk, address)


def test_a_refusal_stands_at_its_field_with_all_that_was_typed(desk: Client, address: str) -> None:
    wrong = SENT | {"publisher": "desk@times.example", "asked_on": "2.3.2026", "asked": "Kept."}
    answer = desk.post(address, wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "written as 2025-03-17" in page
    answer = desk.post(address, wrong | {"asked_on": "2026-03-02", "outcome": "refused"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "there is a mail address in it" in page
    assert "Give the day of the outcome." in page
    assert "desk@times.example" in page
    assert "Kept." in page
    assert not PublisherCorrection.objects.exists()


def test_what_somebody_else_changed_meanwhile_stands_beside_what_was_typed(
    desk: Client, address: str, ruled: Claim, robin: User, birch: User
) -> None:
    one = ask_publisher(ruled.pk, ASKING, actor=robin)
    form = desk.get(address).context["asked"][0][2]
    opened = {name: str(form[name].value()) for name in ("one", "version", "base")}
    edit_publisher_correction(one.pk, ANSWERED, actor=birch)
    mine = SENT | opened | {"reached": "editors", "asked": "To say 11%, as we wrote."}
    late = desk.post(address, mine)
    page = late.content.decode()
    assert late.status_code == 409
    assert "Birch changed this" in page
    assert "Changed meanwhile" in page
    assert "To say 11%, as we wrote." in page
    one.refresh_from_db()
    assert one.asked == ASKING.asked
    form = late.context["asked"][0][2]
    merged = {name: str(form[name].value()) for name in {**mine, **ANSWERED}}
    assert merged["outcome"] == "corrected"
    assert desk.post(address, merged).status_code == 302
    one.refresh_from_db()
    assert (one.asked, one.outcome) == ("To say 11%, as we wrote.", "corrected")


def test_it_is_for_moderators(
    address: str, finch: User, stranger: User, client: Client, ruled: Claim
) -> None:
    for person, status in ((finch, 403), (stranger, 404)):
        client.force_login(person)
        assert client.get(address).status_code == status
        assert client.post(address, SENT).status_code == status
    client.logout()
    assert "/login/" in client.get(address).headers["Location"]
    assert not PublisherCorrection.objects.exists()


def test_without_a_ruling_in_force_it_says_so(
    desk: Client, article: Article, mark: Publish
) -> None:
    address = f"/claims/{mark(article, 'spent 12% more').pk}/publisher/"
    assert "No ruling is in force" in text(desk, address)
    answer = desk.post(address, SENT)
    assert answer.status_code == 409
    assert escape("A publisher is asked on the ground of a ruling") in answer.content.decode()


def test_a_request_that_is_not_there_is_told_so(desk: Client, address: str, ruled: Claim) -> None:
    assert desk.post(address, SENT | {"one": str(ruled.pk)}).status_code == 404
    assert desk.post(address, SENT | {"one": "x"}).status_code == 422
