"""Webhooks over the API: the owner's alone, their secret shown once, and as documented."""

import re
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from annotations.actions.webhooks import send_test
from annotations.models import Answer, Delivery, Event, Project, User, Webhook
from annotations.rules.permissions import SENTENCES, Verb
from tests.api.conftest import Caller, Calling
from tests.api.test_bad_bodies import is_a_problem
from tests.hooks import hooked, worked
from tests.receiver import Receiver, receiving

BODY = {"address": "https://desk.example/hook", "kinds": ["ruling.published"]}
BELOW = "projects/council/webhooks/"


@pytest.fixture
def webhook(project: Project, birch: User) -> Webhook:
    return hooked(project, birch, "https://desk.example/hook")[0]


@pytest.fixture
def delivery(project: Project, webhook: Webhook, birch: User) -> Delivery:
    return send_test(project.pk, webhook.pk, actor=birch)


@pytest.fixture
def owner(calling: Calling, birch: User) -> Caller:
    return calling(birch)


DOORS: dict[str, tuple[str, str, dict[str, Any] | None, int]] = {
    "list": ("GET", "", None, 200),
    "create": ("POST", "", BODY, 201),
    "read one": ("GET", "{webhook}/", None, 200),
    "change": ("PATCH", "{webhook}/", {"description": "Another"}, 200),
    "remove": ("DELETE", "{webhook}/", None, 204),
    "rotate": ("POST", "{webhook}/rotate/", None, 200),
    "test": ("POST", "{webhook}/test/", None, 200),
    "deliveries": ("GET", "{webhook}/deliveries/", None, 200),
    "delivery": ("GET", "{webhook}/deliveries/{delivery}/", None, 200),
    "replay": ("POST", "{webhook}/replay/", {}, 200),
    "replay one": ("POST", "{webhook}/deliveries/{delivery}/replay/", None, 200),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("who", "status"),
    [("birch", 0), ("robin", 403), ("finch", 403), ("stranger", 404), (None, 401)],
)
def test_a50_webhooks_are_the_owners(
    door: str, who: str | None, status: int, calling: Calling, webhook: Webhook,
    delivery: Delivery, other_project: Project, request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    method, path, body, done = DOORS[door]
    caller = calling(request.getfixturevalue(who) if who else None)
    before = list(Webhook.objects.values()), list(Delivery.objects.values())
    newest = Event.objects.latest("pk").pk
    answer = caller.send(
        method, BELOW + path.format(webhook=webhook.pk, delivery=delivery.pk), body
    )
    assert answer.status == (status or done)
    if status:
        assert (list(Webhook.objects.values()), list(Delivery.objects.values())) == before
        assert Event.objects.latest("pk").pk == newest
        assert b"desk.example" not in answer.raw
    if status == 403:
        assert answer.body["detail"] == SENTENCES[Verb.MANAGE_WEBHOOKS]


def test_the_secret_is_shown_when_it_is_made_and_never_again(
    owner: Caller, project: Project
) -> None:
    made = owner.post(BELOW, BODY)
    assert made.status == 201
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", made.body["secret"])
    address = f"{BELOW}{made.body['id']}/"
    for again in (owner.get(address), owner.get(BELOW), owner.patch(address, {"is_on": False})):
        assert made.body["secret"].encode() not in again.raw
        assert b"secret" not in again.raw
    fresh = owner.post(f"{address}rotate/")
    assert fresh.body["secret"] != made.body["secret"]


@pytest.mark.parametrize("path", ["", "rotate/"])
def test_an_answer_with_a_secret_is_kept_nowhere(
    owner: Caller, webhook: Webhook, path: str
) -> None:
    below, body = (f"{BELOW}{webhook.pk}/{path}", None) if path else (BELOW, BODY)
    answer = owner.post(below, body, Idempotency_Key=str(uuid.uuid4()))
    is_a_problem(answer)
    assert "shows a secret" in answer.field("Idempotency-Key")
    assert not Answer.objects.exists()
    assert Webhook.objects.count() == 1


def test_a_webhook_is_shown_as_it_is(owner: Caller, webhook: Webhook, delivery: Delivery) -> None:
    shown = owner.get(f"{BELOW}{webhook.pk}/").body
    assert (shown["project"], shown["address"]) == ("council", "https://desk.example/hook")
    assert (shown["is_on"], shown["why_off"], shown["waiting"], shown["missed"]) == (True, "", 1, 0)
    assert shown["made_by"] == "Birch"
    owner.patch(f"{BELOW}{webhook.pk}/", {"is_on": False})
    off = owner.get(f"{BELOW}{webhook.pk}/").body
    assert (off["is_on"], off["waiting"], off["missed"]) == (False, 0, 1)
    assert off["why_off"] == "An owner of the project switched it off."


def test_a_change_says_which_version_it_was_made_on(owner: Caller, webhook: Webhook) -> None:
    address = f"{BELOW}{webhook.pk}/"
    seen = owner.get(address).headers["ETag"]
    assert owner.patch(address, {"description": "One"}, If_Match="").status == 428
    assert owner.patch(address, {"description": "One"}, If_Match=seen).status == 200
    late = owner.patch(address, {"description": "Another"}, If_Match=seen)
    assert (late.status, late.body["current"]["description"]) == (412, "One")
    assert owner.delete(address, If_Match=seen).status == 412
    assert owner.delete(address, If_Match=owner.get(address).headers["ETag"]).status == 204


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"address": "http://169.254.169.254/"}, "address"),
        ({"address": "https://desk.example:5432/"}, "address"),
        ({"address": "https://good.example\\@evil.example/"}, "address"),
        ({"address": 7}, "address"),
        ({"kinds": []}, "kinds"),
        ({"kinds": "ruling.published"}, "kinds"),
        ({"kinds": ["verdict.submitted"]}, "kinds.0"),
        ({"kinds": ["ruling.published"] * 50}, "kinds"),
        ({"description": "a\u0000"}, "description"),
        ({"is_on": "yes"}, "is_on"),
        ({"secret": "whsec_mine"}, "secret"),
        ({"project": "harbour"}, "project"),
        ({"off_because": ""}, "off_because"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_else_is_taken(
    owner: Caller, project: Project, changed: dict[str, Any], field: str
) -> None:
    answer = owner.post(BELOW, BODY | changed)
    is_a_problem(answer)
    assert answer.field(field)
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    "since", ["2026-03-02", "2026-03-02T12:00:00", "0001-01-01T00:00:00+14:00", "2026-13-02T12:00Z",
              "2026-03-02T12:00:00+99:00", 7, "٢٠٢٦-03-02T12:00:00Z"],
)  # fmt: skip
def test_a_moment_has_its_offset(owner: Caller, webhook: Webhook, since: Any) -> None:
    answer = owner.post(f"{BELOW}{webhook.pk}/replay/", {"since": since})
    is_a_problem(answer)
    assert "moment" in answer.field("since")


def test_what_failed_since_a_moment_is_delivered_again(owner: Caller, webhook: Webhook) -> None:
    for days in (1, 3):
        at = timezone.now() - timedelta(days=days)
        Delivery.objects.create(webhook=webhook, kind="test", state="failed", at=at)
    below = f"{BELOW}{webhook.pk}/"
    since = (timezone.now() - timedelta(days=2)).isoformat()
    assert owner.post(f"{below}replay/", {"since": since}).body == {"deliveries": 1}
    assert len(owner.get(f"{below}deliveries/?state=failed").ids) == 1
    assert owner.post(f"{below}replay/", {}).body == {"deliveries": 1}
    assert owner.get(f"{below}deliveries/?state=failed").ids == []


def test_a_delivery_tells_of_its_attempts(
    owner: Caller, project: Project, birch: User, settings: Any
) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = True
    with receiving() as receiver:
        receiver.status, receiver.body = 500, b"<script>alert(1)</script>"
        webhook = hooked(project, birch, receiver.address)[0]
        below = f"{BELOW}{webhook.pk}/"
        sent = owner.post(f"{below}test/")
        assert (sent.body["state"], sent.body["kind"]) == ("waiting", "test")
        worked()
        found = owner.get(f"{below}deliveries/{sent.body['id']}/").body
        assert (found["state"], found["tried"]) == ("failed", 1)
        (tried,) = found["attempts"]
        assert (tried["status"], tried["answer"]) == (500, "<script>alert(1)</script>")
        assert tried["error"] == "It answered 500, and 2xx was due."
        receiver.status = 200
        assert owner.post(f"{below}deliveries/{sent.body['id']}/replay/").body["state"] == "waiting"
        worked()
        assert owner.get(f"{below}deliveries/{sent.body['id']}/").body["state"] == "delivered"
        assert {one.headers["webhook-id"] for one in receiver.got} == {sent.body["id"]}


def test_another_projects_webhook_is_not_found_below_ones_own(
    calling: Calling, stranger: User, other_project: Project, webhook: Webhook, delivery: Delivery
) -> None:
    caller, below = calling(stranger), f"projects/harbour/webhooks/{webhook.pk}/"
    for name, (method, path, body, _) in DOORS.items():
        if "{webhook}" in path:
            at = path.format(webhook=webhook.pk, delivery=delivery.pk)
            answer = caller.send(method, f"projects/harbour/webhooks/{at}", body)
            assert answer.status == 404, name
    assert caller.get(below).status == 404
    assert Webhook.objects.exists()


# As documented


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOKS_TO_LOOPBACK = True
    with receiving() as made:
        yield made


def test_the_documents_example_verifies_what_is_sent(
    owner: Caller, project: Project, receiver: Receiver
) -> None:
    """The ten lines of docs/api.md, as they stand there."""
    text = Path(settings.BASE_DIR, "docs", "api.md").read_text("utf-8")
    (lines,) = re.findall(r"```python\n(import base64.*?)```", text, re.DOTALL)
    example: dict[str, Any] = {}
    exec(lines, example)  # noqa: S102
    made = owner.post(BELOW, BODY | {"address": receiver.address}).body
    owner.post(f"{BELOW}{made['id']}/test/")
    worked()
    (got,) = receiver.got
    example["verify"](made["secret"], got.headers, got.body)
    with pytest.raises(ValueError, match="not ours"):
        example["verify"](made["secret"], got.headers, got.body + b" ")
    old = got.headers | {"webhook-timestamp": str(int(time.time()) - 400)}
    with pytest.raises(ValueError, match="too old"):
        example["verify"](made["secret"], old, got.body)
