"""R12: no webhook is lost. What is due is sent to a real receiver until it is taken, and only what
readers see is sent.
"""

import datetime
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from annotations.actions import delivering
from annotations.actions.delivering import attempt, forget_deliveries, note, take_due
from annotations.actions.holds import lift_hold, place_hold
from annotations.actions.publishers import ask_publisher, edit_publisher_correction
from annotations.actions.revisions import revise_article
from annotations.actions.rulings import withdraw_ruling
from annotations.actions.verdicts import save_draft
from annotations.actions.webhooks import (
    edit_webhook,
    remove_webhook,
    replay,
    rotate_secret,
    send_test,
)
from annotations.fetching import send
from annotations.models import Article, Attempt, Claim, Delivery, Event, Project, User, Webhook
from annotations.rules.publishers import Asking
from annotations.rules.signing import read, verify
from annotations.rules.webhooks import WAITS
from tests.actions.given import claim_in, corrected, judgement
from tests.conftest import TEXT
from tests.hooks import hooked, ids, states, told, worked
from tests.receiver import Receiver, receiving

DAY = datetime.date(2026, 2, 11)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture(autouse=True)
def _here(settings: Any) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = True


@pytest.fixture
def secret(project: Project, birch: User, receiver: Receiver) -> str:
    return hooked(project, birch, receiver.address)[1]


@pytest.fixture
def webhook(secret: str) -> Webhook:
    found: Webhook = Webhook.objects.get()
    return found


@pytest.fixture
def published(webhook: Webhook, article: Article, finch: User, maple: User, robin: User) -> Claim:
    return claim_in("published", article, first=finch, second=maple, moderator=robin)


def passed(**time: float) -> Any:
    """Some time from now, at which the clock stands still."""
    return time_machine.travel(timezone.now() + timedelta(**time), tick=False)


# What is told


def test_a_ruling_is_told_once_signed_and_with_what_readers_see(
    published: Claim, secret: str, receiver: Receiver
) -> None:
    assert worked() == 1
    assert worked() == 0
    (got,) = receiver.got
    verify(read(secret), got.headers, got.body, timezone.now())
    delivery = Delivery.objects.get()
    assert got.headers["webhook-id"] == str(delivery.pk)
    assert got.headers["content-type"] == "application/json"
    (said,) = told(receiver)
    assert (said["type"], said["timestamp"]) == ("ruling.published", delivery.at.isoformat())
    data = said["data"]
    address = f"{settings.SITE_URL}/claims/{published.pk}/"
    assert data["project"] == "council"
    assert (data["claim"], data["address"], data["number"]) == (str(published.pk), address, 1)
    assert data["claim_review"]["reviewRating"]["alternateName"] == "True"
    tried = Attempt.objects.get()
    assert (delivery.state, delivery.tried, tried.status, tried.error) == ("delivered", 1, 204, "")


def test_each_kind_tells_of_its_thing(
    published: Claim, receiver: Receiver, article: Article, robin: User, birch: User
) -> None:
    asking = Asking("Example Times", "editors", DAY, "To say 11%.")
    asked = ask_publisher(published.pk, asking, actor=robin)
    edit_publisher_correction(asked.pk, {"outcome": "refused", "outcome_on": DAY}, actor=robin)
    corrected(published, robin)
    text = article.revisions.get()
    revise_article(article.pk, actor=robin, text=TEXT + "\nThe end.\n", based_on=text.pk)
    hold = place_hold(
        actor=birch, claim=published.pk, kind="restrict", authority="A court", ground="A law",
        ordered_on=DAY,
    )  # fmt: skip
    lift_hold(hold.pk, actor=birch, because="It was set aside.")
    withdraw_ruling(published.pk, actor=robin, note="It rests on a forged page.")
    worked(), worked(), worked()
    data = {one["type"]: one["data"] for one in told(receiver)}
    assert data.keys() == {
        "ruling.published", "publisher.asked", "publisher.changed", "ruling.corrected",
        "hold.placed", "hold.lifted", "ruling.withdrawn",
    }  # fmt: skip
    assert data["publisher.changed"]["outcome"] == "refused"
    assert data["hold.placed"]["authority"] == "A court"
    assert data["hold.lifted"]["claim"] == str(published.pk)
    assert data["ruling.withdrawn"]["claim_review"] is None
    assert states().count("withheld") == 1  # the article is public no more


def test_an_article_with_a_ruling_tells_of_its_new_text(
    published: Claim, receiver: Receiver, article: Article, robin: User, birch: User
) -> None:
    text = article.revisions.get()
    made = revise_article(article.pk, actor=robin, text=TEXT + "\nThe end.\n", based_on=text.pk)
    place_hold(
        actor=birch, article=article.pk, kind="restrict", authority="A court", ground="A law",
        ordered_on=DAY,
    )  # fmt: skip
    hold = Delivery.objects.get(kind="hold.placed")
    Delivery.objects.exclude(pk=hold.pk).delete()
    worked()
    (said,) = told(receiver)
    assert said["data"]["article"] == article.slug
    assert said["data"]["address"] == f"{settings.SITE_URL}/articles/{article.slug}/"
    lift_hold(said["data"]["hold"], actor=birch, because="It was set aside.")
    Delivery.objects.all().delete()
    revise_article(article.pk, actor=robin, text=TEXT + "\nAn end.\n", based_on=made.pk)
    worked()
    assert told(receiver)[-1]["data"]["number"] == 3


def test_a52_nothing_of_a_verdict_a_draft_or_a_claim_without_ruling_leaves(
    webhook: Webhook, receiver: Receiver, article: Article, finch: User, maple: User,
    robin: User, birch: User,
) -> None:  # fmt: skip
    """An article that nobody sees yet, with verdicts and a draft, a hold on it and a new text."""
    canary = "canary-in-a-rationale"
    claim = claim_in("disputed", article, first=finch, second=maple, moderator=robin)
    save_draft(claim.pk, judgement(rationale=canary), actor=robin)
    place_hold(
        actor=birch, claim=claim.pk, kind="restrict", authority=canary, ground="A law",
        ordered_on=DAY,
    )  # fmt: skip
    text = article.revisions.get()
    revise_article(article.pk, actor=robin, text=TEXT + "\nThe end.\n", based_on=text.pk)
    worked()
    assert states() == ["withheld", "withheld"]
    assert receiver.got == []


def test_what_a_hold_keeps_from_readers_is_kept_from_webhooks(
    published: Claim, receiver: Receiver, birch: User
) -> None:
    place_hold(
        actor=birch, claim=published.pk, kind="withhold", authority="A court", ground="A law",
        ordered_on=DAY,
    )  # fmt: skip
    worked()
    (said,) = told(receiver)
    assert said["type"] == "hold.placed"
    assert published.statement not in json.dumps(said)
    assert states() == ["withheld", "delivered"]


# Tried again


def test_a_receiver_that_is_dead_for_a_day_gets_everything_under_the_same_ids(
    published: Claim, receiver: Receiver
) -> None:
    receiver.status = 500
    start = timezone.now()
    with passed() as clock:
        for wait in WAITS[:7]:
            assert worked() == 1
            due_at = Delivery.objects.get().due_at
            assert due_at
            assert wait <= due_at - timezone.now() <= wait * 1.1
            clock.move_to(due_at)
        assert timezone.now() - start > timedelta(days=1)
        receiver.status = 200
        assert worked() == 1
    assert states() == ["delivered"]
    assert len(receiver.got) == 8
    assert len(set(ids(receiver))) == 1


def test_a_worker_killed_between_sending_and_noting_sends_it_again_under_the_same_id(
    published: Claim, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """As SIGKILL would: nothing after this line happens."""

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(delivering, "note", killed)
        with pytest.raises(Killed):
            worked()
    assert len(receiver.got) == 1
    assert not Attempt.objects.exists()
    assert worked() == 0  # another worker leaves it alone while the first may be at it
    with passed(minutes=3):
        assert worked() == 1
    assert states() == ["delivered"]
    assert len(set(ids(receiver))) == 1
    assert len(receiver.got) == 2


def test_of_two_workers_each_takes_what_the_other_has_not(published: Claim) -> None:
    assert len(take_due()) == 1
    assert take_due() == []


def test_a_receiver_that_is_down_does_not_hold_up_the_others(
    published: Claim, project: Project, birch: User, receiver: Receiver
) -> None:
    down = hooked(project, birch, "http://127.0.0.1:9/")[0]
    for _ in range(40):
        send_test(project.pk, down.pk, actor=birch)
    taken = take_due()
    assert sum(one.webhook_id == down.pk for one in taken) == 4
    assert len(taken) == 5


def test_after_the_last_attempt_it_has_failed_and_says_why(
    published: Claim, receiver: Receiver, webhook: Webhook
) -> None:
    receiver.status, receiver.body = 500, b"<b>out of order\x00</b>" + b"." * 2_000
    Delivery.objects.update(tried=len(WAITS))
    worked()
    assert states() == ["failed"]
    tried = Attempt.objects.get()
    assert (tried.status, tried.error) == (500, "It answered 500, and 2xx was due.")
    assert tried.answer.startswith("<b>out of order\ufffd</b>")
    assert len(tried.answer) == 1_000
    webhook.refresh_from_db()
    assert webhook.is_on
    assert webhook.failing_since == tried.at


def failed_for(webhook: Webhook, receiver: Receiver, **time: float) -> None:
    """The last attempt of a delivery fails, so long after the first failure."""
    receiver.status = 500
    Delivery.objects.update(tried=len(WAITS))
    since = timezone.now() - timedelta(**time)
    Webhook.objects.filter(pk=webhook.pk).update(failing_since=since)
    worked()
    webhook.refresh_from_db()


def test_after_five_days_without_a_success_it_is_switched_off(
    published: Claim, receiver: Receiver, webhook: Webhook
) -> None:
    failed_for(webhook, receiver, days=5, minutes=1)
    assert not webhook.is_on
    assert webhook.why_off == "Nothing was delivered for five days."
    event = Event.objects.get(verb="switch_off_webhook")
    assert event.actor is None
    assert event.after is not None
    assert event.after["why_off"] == webhook.why_off


def test_before_five_days_it_goes_on(
    published: Claim, receiver: Receiver, webhook: Webhook
) -> None:
    failed_for(webhook, receiver, days=4, hours=23)
    assert webhook.is_on


def test_a_success_ends_the_failing(published: Claim, receiver: Receiver, webhook: Webhook) -> None:
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=4))
    worked()
    webhook.refresh_from_db()
    assert webhook.failing_since is None


def test_410_switches_it_off_at_once_and_what_waits_is_missed(
    published: Claim, receiver: Receiver, webhook: Webhook, robin: User
) -> None:
    corrected(published, robin)
    Delivery.objects.filter(kind="ruling.corrected").update(
        due_at=timezone.now() + timedelta(hours=1)
    )
    receiver.status = 410
    worked()
    webhook.refresh_from_db()
    assert webhook.why_off == "The receiver answered 410 Gone: it wants no more."
    assert states() == ["failed", "missed"]


def test_a_receiver_that_asks_for_time_gets_it(published: Claim, receiver: Receiver) -> None:
    receiver.status, receiver.headers = 503, {"Retry-After": "3600"}
    with passed():
        worked()
        assert Delivery.objects.get().due_at == timezone.now() + timedelta(hours=1)


def test_a49_a_redirect_is_a_failure_and_is_not_followed(
    published: Claim, receiver: Receiver
) -> None:
    receiver.status, receiver.headers = 308, {"Location": receiver.address + "/further"}
    worked()
    assert [one.path for one in receiver.got] == ["/hook"]
    assert "None is followed" in Attempt.objects.get().error
    assert states() == ["waiting"]


def test_a_receiver_that_is_not_there_is_an_attempt_with_its_sentence(
    project: Project, birch: User
) -> None:
    with receiving() as gone:
        pass
    webhook = hooked(project, birch, gone.address)[0]
    send_test(project.pk, webhook.pk, actor=birch)
    worked()
    tried = Attempt.objects.get()
    assert (tried.status, tried.answer) == (None, "")
    assert tried.error == "Nothing listens there: the connection was refused."


def test_a10_what_leads_into_a_private_network_is_refused_when_it_is_sent(
    published: Claim, receiver: Receiver
) -> None:
    """Past the form: an address that was let in before, or written by another hand."""
    Webhook.objects.update(address="https://169.254.169.254/latest/meta-data/")
    worked()
    assert receiver.got == []
    assert Attempt.objects.get().status is None


def test_a_fault_of_ours_holds_up_no_other_message(
    published: Claim, receiver: Receiver, project: Project, birch: User,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    other = hooked(project, birch, receiver.address + "/other")[0]
    send_test(project.pk, other.pk, actor=birch)

    def faulty(method: str, address: str, **more: Any) -> Any:
        if address == receiver.address:
            raise ValueError("ours")
        return send(method, address, **more)

    monkeypatch.setattr("annotations.actions.delivering.send", faulty)
    worked()
    assert states() == ["waiting", "delivered"]
    assert "The fault is ours" in Attempt.objects.get(status=None).error
    assert "sending a webhook's message failed" in caplog.text


def test_a_lost_key_is_told_and_nothing_is_sent_unsigned(
    published: Claim, receiver: Receiver, settings: Any
) -> None:
    settings.WEBHOOK_KEY = b"\x00" * 32
    worked()
    assert receiver.got == []
    assert "Rotate the secret" in Attempt.objects.get().error


def test_while_two_secrets_sign_either_receiver_takes_it(
    published: Claim, secret: str, webhook: Webhook, project: Project, birch: User,
    receiver: Receiver,
) -> None:  # fmt: skip
    fresh = rotate_secret(project.pk, webhook.pk, actor=birch)
    worked()
    (got,) = receiver.got
    for one in (secret, fresh):
        verify(read(one), got.headers, got.body, timezone.now())


# Told again, tried, and cleared away


def test_what_was_delivered_is_delivered_again_under_its_id(
    published: Claim, webhook: Webhook, project: Project, birch: User, receiver: Receiver
) -> None:
    worked()
    replay(project.pk, webhook.pk, Delivery.objects.get().pk, actor=birch)
    worked()
    assert len(receiver.got) == 2
    assert len(set(ids(receiver))) == 1
    assert Attempt.objects.count() == 2


def test_a_test_is_told_to_a_webhook_that_is_off_and_tried_once(
    webhook: Webhook, project: Project, birch: User, receiver: Receiver
) -> None:
    edit_webhook(project.pk, webhook.pk, {"is_on": False}, actor=birch)
    send_test(project.pk, webhook.pk, actor=birch)
    worked()
    (said,) = told(receiver)
    assert (said["type"], said["data"]) == ("test", {"project": "council"})
    receiver.status = 500
    send_test(project.pk, webhook.pk, actor=birch)
    worked()
    assert states() == ["delivered", "failed"]


def test_a_result_that_comes_after_the_webhook_was_removed_is_dropped(
    published: Claim, webhook: Webhook, project: Project, birch: User
) -> None:
    ((identifier, made),) = delivering._messages(take_due())
    tried = attempt(made)
    remove_webhook(project.pk, webhook.pk, actor=birch)
    note(identifier, tried)
    assert not Attempt.objects.exists()


def test_a_late_failure_does_not_undo_a_success(published: Claim, receiver: Receiver) -> None:
    ((identifier, made),) = delivering._messages(take_due())
    sent = attempt(made)
    receiver.status = 500
    failed = attempt(made)
    note(identifier, sent)
    note(identifier, failed)
    assert states() == ["delivered"]
    assert Attempt.objects.count() == 2


def test_after_a_month_deliveries_and_old_secrets_are_cleared_away(
    published: Claim, webhook: Webhook, project: Project, birch: User, robin: User
) -> None:
    rotate_secret(project.pk, webhook.pk, actor=birch)
    worked()
    corrected(published, robin)
    assert forget_deliveries() == 0
    with passed(days=31):
        assert forget_deliveries() == 1
    assert states() == ["waiting"]  # what waits is never thrown away
    webhook.refresh_from_db()
    assert webhook.old_secret is None
