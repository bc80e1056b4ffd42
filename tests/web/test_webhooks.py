"""The owners' pages of webhooks: what the buttons do, what stays where something is refused."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from annotations.actions.webhooks import edit_webhook, send_test
from annotations.models import Attempt, Delivery, Project, User, Webhook
from annotations.rules.permissions import SENTENCES, Verb
from tests.hooks import hooked, states

ADDRESS = "https://desk.example/hook"
GIVEN = {"address": ADDRESS, "description": "The site", "kinds": ["ruling.published"]}


@pytest.fixture
def webhook(project: Project, birch: User) -> Webhook:
    return hooked(project, birch, ADDRESS, "ruling.published", description="The site")[0]


@pytest.fixture
def owner(client: Client, birch: User, project: Project) -> Client:
    client.force_login(birch)
    return client


def at(webhook: Webhook) -> str:
    return f"/projects/council/webhooks/{webhook.pk}/"


def pressed(owner: Client, webhook: Webhook, do: str, **given: Any) -> str:
    """What the page says after a button was pressed that did what it says."""
    answer = owner.post(at(webhook), {"do": do, **given}, follow=True)
    assert answer.status_code == 200
    said = re.search(r'<p class="done-line">(.*?)</p>', answer.content.decode())
    return said[1] if said else ""


@pytest.mark.parametrize(
    ("who", "status"), [("birch", 200), ("robin", 403), ("finch", 403), ("stranger", 404)]
)
@pytest.mark.parametrize(
    "do", ["", "make", "save", "off", "rotate", "test", "replay", "replay-missed", "remove"]
)
def test_a50_the_pages_are_the_owners(
    do: str, who: str, status: int, client: Client, webhook: Webhook, project: Project,
    birch: User, request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    test = send_test(project.pk, webhook.pk, actor=birch)
    before = list(Webhook.objects.values()), states()
    client.force_login(request.getfixturevalue(who))
    address = "/projects/council/webhooks/" if do == "make" else at(webhook)
    given = {**GIVEN, "do": do, "delivery": str(test.pk)}
    answer = client.post(address, given) if do else client.get(address)
    if who == "birch":
        assert answer.status_code in (200, 302)
        return
    assert answer.status_code == status
    assert ADDRESS not in answer.content.decode()
    assert (list(Webhook.objects.values()), states()) == before
    if status == 403:
        assert SENTENCES[Verb.MANAGE_WEBHOOKS] in answer.content.decode().replace("&#x27;", "'")


def test_only_an_owner_is_shown_the_way(
    client: Client, project: Project, birch: User, robin: User
) -> None:
    for person, shown in ((birch, True), (robin, False)):
        client.force_login(person)
        assert (b"/projects/council/webhooks/" in client.get("/desk/").content) is shown


def test_the_secret_stands_on_the_page_that_answers_and_on_no_other(
    owner: Client, project: Project
) -> None:
    answer = owner.post("/projects/council/webhooks/", {**GIVEN, "do": "make"})
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", answer.content.decode())
    assert secret
    assert "no-store" in answer.headers["Cache-Control"]
    webhook = Webhook.objects.get()
    assert (webhook.address, webhook.kinds) == (ADDRESS, ["ruling.published"])
    assert "whsec_" not in owner.get(at(webhook)).content.decode()
    fresh = owner.post(at(webhook), {"do": "rotate"}).content.decode()
    assert "whsec_" in fresh
    assert secret[0] not in fresh
    assert "The secret before this one signs as well until" in fresh


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(owner: Client) -> None:
    given = {"address": "https://desk.example:5432/", "description": "The site", "do": "make"}
    answer = owner.post("/projects/council/webhooks/", given)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="https://desk.example:5432/"' in page
    assert 'value="The site"' in page
    for name, said in (("address", "Only the ports 80 and 443"), ("kinds", "Choose at least one")):
        assert re.search(rf'id="p-{name}".*?{said}', page, re.DOTALL)
    assert not Webhook.objects.exists()


def test_settings_are_saved(owner: Client, webhook: Webhook) -> None:
    given = {"address": ADDRESS, "description": "Another", "kinds": ["hold.placed", "hold.lifted"]}
    assert pressed(owner, webhook, "save", **given) == "The webhook is changed."
    webhook.refresh_from_db()
    assert (webhook.description, webhook.kinds) == ("Another", ["hold.placed", "hold.lifted"])


def test_whoever_saves_second_is_told_what_the_first_made_and_keeps_the_own(
    owner: Client, webhook: Webhook, project: Project, birch: User
) -> None:
    page = owner.get(at(webhook)).content.decode()
    opened = {
        name: re.search(rf'name="{name}"\s+value="([^"]*)"', page) for name in ("version", "base")
    }
    carried = {name: one[1].replace("&quot;", '"') for name, one in opened.items() if one}
    edit_webhook(project.pk, webhook.pk, {"kinds": ["hold.placed"]}, actor=birch)
    answer = owner.post(at(webhook), {**GIVEN, **carried, "description": "Mine", "do": "save"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Birch changed this" in page
    assert "A legal hold is placed on what readers see" in page
    assert 'value="Mine"' in page
    assert re.search(r'value="hold.placed"\s+checked', page)
    assert not re.search(r'value="ruling.published"\s+checked', page)
    webhook.refresh_from_db()
    assert webhook.description == "The site"


def test_off_it_says_why_and_on_again_it_offers_what_was_missed(
    owner: Client, webhook: Webhook
) -> None:
    assert pressed(owner, webhook, "off") == "The webhook is off."
    Delivery.objects.create(webhook=webhook, kind="test", state="missed")
    page = owner.get(at(webhook)).content.decode()
    assert "An owner of the project switched it off." in page
    assert "Switch on and deliver 1 missed" in page
    said = pressed(owner, webhook, "on-and-deliver")
    assert said == "The webhook is on. One message is on its way."
    assert states() == ["waiting"]
    pressed(owner, webhook, "off")
    assert pressed(owner, webhook, "on") == "The webhook is on."
    assert states() == ["missed"]


def test_a_test_is_sent_and_what_failed_is_delivered_again(owner: Client, webhook: Webhook) -> None:
    assert "on its way" in pressed(owner, webhook, "test")
    Delivery.objects.update(state="failed", due_at=None, at=timezone.now() - timedelta(days=2))
    assert pressed(owner, webhook, "replay-missed", since="24") == "Nothing was missed."
    said = pressed(owner, webhook, "replay-missed", since="168")
    assert said == "One message is on its way."
    Delivery.objects.update(state="delivered", due_at=None)
    one = Delivery.objects.get()
    assert pressed(owner, webhook, "replay", delivery=one.pk) == "One message is on its way."
    for _ in range(2):
        Delivery.objects.create(webhook=webhook, kind="test", state="failed")
    said = pressed(owner, webhook, "replay-missed", since="")
    assert said == "2 messages are on their way."


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"do": "replay", "delivery": "x"}, 400),
        ({"do": "replay", "delivery": "00000000-0000-0000-0000-000000000001"}, 404),
        ({"do": "replay-missed", "since": "7"}, 400),
        ({"do": "dance"}, 400),
        ({}, 400),
    ],
)
def test_what_no_button_sends_is_refused_in_peace(
    owner: Client, webhook: Webhook, given: dict[str, str], status: int
) -> None:
    assert owner.post(at(webhook), given).status_code == status


def test_a_removed_webhook_is_gone_from_the_list(owner: Client, webhook: Webhook) -> None:
    assert pressed(owner, webhook, "remove") == "The webhook is removed."
    assert owner.get(at(webhook)).status_code == 404
    assert not Webhook.objects.exists()


def test_what_a_receiver_answers_is_shown_as_text(owner: Client, webhook: Webhook) -> None:
    delivery = Delivery.objects.create(webhook=webhook, kind="test", state="failed")
    Attempt.objects.create(
        delivery=delivery, at=timezone.now(), took_ms=12, status=500,
        answer="<script>alert(1)</script>\u202e", error="It answered 500, and 2xx was due.",
    )  # fmt: skip
    page = owner.get(at(webhook)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'data-name="RLO"' in page
    assert "It answered 500, and 2xx was due." in page
    assert "12 ms" in page


def test_a_failing_webhook_says_since_when(owner: Client, webhook: Webhook) -> None:
    Webhook.objects.update(failing_since=timezone.now())
    assert "Nothing has been delivered since" in owner.get(at(webhook)).content.decode()
    assert "failing" in owner.get("/projects/council/webhooks/").content.decode()


def test_the_page_takes_as_many_queries_however_much_it_shows(
    owner: Client, webhook: Webhook, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(40):
        delivery = Delivery.objects.create(webhook=webhook, kind="test", state="failed")
        Attempt.objects.create(delivery=delivery, at=timezone.now(), took_ms=n, status=500)
    with django_assert_num_queries(6):  # session, person, project, webhook, deliveries, attempts
        page = owner.get(at(webhook)).content.decode()
    older = re.search(r'href="\?after=([^"]+)"', page)
    assert older
    assert owner.get(f"{at(webhook)}?after={older[1]}").content.count(b'class="lent"') == 10
    with django_assert_num_queries(4):
        owner.get("/projects/council/webhooks/")
