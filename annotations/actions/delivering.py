"""Sending what is due to webhooks. Nothing is lost: a delivery waits until it was noted as sent.

Who takes one puts off when it is due, for as long as no attempt lasts; whoever is killed before the
result is noted leaves it to be sent again, under the same id. No transaction is open while
receivers are waited for.
"""

import logging
import random
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from annotations.actions.webhooks import switch_off
from annotations.fetching import Reach, Unreachable, send
from annotations.formats.webhooks import CONTENT_TYPE, message
from annotations.models import Attempt, Delivery, Webhook
from annotations.models.news import news_of
from annotations.rules import signing
from annotations.rules.webhooks import (
    GIVEN_UP_AFTER,
    KEPT,
    TEST,
    Off,
    Stands,
    Tried,
    asked_to_wait,
    error_of,
    excerpt,
    wait_after,
)

AT_ONCE = 16
OF_ONE = 4
PUT_OFF = timedelta(minutes=2)  # longer than an attempt lasts, with its wait for a thread
MOST_READ = 64_000  # bytes of an answer
OURS = "The fault is ours, and has been noted. It is tried again."
NO_KEY = "Its secret cannot be read with this site's key. Rotate the secret."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it leaves."""

    address: str
    headers: dict[str, str]
    body: bytes


def deliver_due() -> tuple[int, float | None]:
    """Send a batch of what is due. Returns how many, and in how many seconds more is due."""
    taken = take_due()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        underway = {pool.submit(attempt, made): delivery for delivery, made in _messages(taken)}
        for one in as_completed(underway):
            note(underway[one], one.result())
    first = Delivery.objects.aggregate(first=Min("due_at"))["first"]
    wait = max(0.0, (first - timezone.now()).total_seconds()) if first else None
    return len(taken), wait


@transaction.atomic
def take_due() -> list[Delivery]:
    """What is due now, for nobody else to take in the meantime."""
    now = timezone.now()
    due = Delivery.objects.due(now, most=AT_ONCE, most_of_one=OF_ONE)
    taken = list(due.select_for_update(of=("self",), skip_locked=True).order_by("due_at"))
    Delivery.objects.filter(pk__in=[one.pk for one in taken]).update(due_at=now + PUT_OFF)
    full = Delivery.objects.select_related("webhook__project", "event")
    return list(full.filter(pk__in=[one.pk for one in taken]).order_by("at"))


def _messages(taken: list[Delivery]) -> Iterator[tuple[uuid.UUID, Message]]:
    """What is to be sent. Of what nothing is public any more, nothing is."""
    for delivery in taken:
        webhook, now = delivery.webhook, timezone.now()
        data = {} if delivery.event is None else news_of(delivery.event)
        keys = webhook.keys(now)
        if data is None:
            _withhold(delivery.pk)
        elif not keys:
            note(delivery.pk, Tried(now, timedelta(), error=NO_KEY))
        else:
            told = {"project": webhook.project.slug, **data}
            body = message(delivery.kind, delivery.at, told)
            headers = signing.headers(keys, str(delivery.pk), now, body)
            headers["content-type"] = CONTENT_TYPE
            yield delivery.pk, Message(webhook.address, headers, body)


def attempt(made: Message) -> Tried:
    """Send a message once. No database here: this runs in a thread of its own."""
    at, began = timezone.now(), monotonic()
    reach = Reach(loopback=settings.WEBHOOKS_TO_LOOPBACK, most=MOST_READ)
    try:
        answer = send("POST", made.address, headers=made.headers, body=made.body, reach=reach)
    except Unreachable as error:
        return Tried(at, timedelta(seconds=monotonic() - began), error=str(error))
    except Exception:  # noqa: BLE001 (one message must not hold up the others)
        log.exception("sending a webhook's message failed")
        return Tried(at, timedelta(seconds=monotonic() - began), error=OURS)
    return Tried(
        at,
        timedelta(seconds=monotonic() - began),
        answer.status,
        excerpt(answer.body),
        error_of(answer.status),
        answer.headers.get("retry-after", ""),
    )


@transaction.atomic
def note(delivery_id: uuid.UUID, tried: Tried) -> None:
    """Note what came of an attempt, and when the next is due; the webhook may be off after it.

    Its webhook is locked first, as everywhere; a webhook that was removed meanwhile has no
    deliveries.
    """
    of_it = Delivery.objects.filter(pk=delivery_id)
    webhooks = Webhook.objects.filter(pk__in=of_it.values("webhook"))
    webhook = webhooks.select_for_update(no_key=True).first()
    delivery = of_it.select_for_update(no_key=True).first()
    if webhook is None or delivery is None:
        return
    Attempt.objects.create(
        delivery=delivery,
        at=tried.at,
        took_ms=round(tried.took.total_seconds() * 1000),
        status=tried.status,
        answer=tried.answer,
        error=tried.error[:300],
    )
    delivery.tried += 1
    if tried.succeeded:
        _settle(delivery, Stands.DELIVERED)
        _is_failing(webhook, None)
    elif delivery.state == Stands.WAITING:
        _is_failing(webhook, webhook.failing_since or tried.at)
        _fail(delivery, webhook, tried)


@transaction.atomic
def forget_deliveries() -> int:
    """Delete the deliveries of a month ago that wait no more, and the secrets that sign no more;
    returns how many deliveries. The housekeeping's action: the log keeps its events.
    """
    now = timezone.now()
    Webhook.objects.filter(old_until__lte=now).update(old_secret=None, old_until=None)
    old = Delivery.objects.filter(at__lt=now - KEPT).exclude(state=Stands.WAITING)
    return dict(old.delete()[1]).get("annotations.Delivery", 0)


def _fail(delivery: Delivery, webhook: Webhook, tried: Tried) -> None:
    """When it is tried again; after the last time, whether the webhook goes on."""
    chance = random.random()  # noqa: S311 (it spreads what failed at once)
    wait = None if delivery.kind == TEST or tried.is_gone else wait_after(delivery.tried, chance)
    if wait is not None:
        due_at = timezone.now() + max(wait, asked_to_wait(tried))
        Delivery.objects.filter(pk=delivery.pk).update(due_at=due_at, tried=delivery.tried)
        return
    _settle(delivery, Stands.FAILED)
    if not webhook.is_on:
        return
    if tried.is_gone:
        switch_off(webhook, Off.GONE)
    elif webhook.failing_since and tried.at - webhook.failing_since >= GIVEN_UP_AFTER:
        switch_off(webhook, Off.FAILING)


def _is_failing(webhook: Webhook, since: datetime | None) -> None:
    if webhook.failing_since != since:
        webhook.failing_since = since
        webhook.save(update_fields=["failing_since"])


def _settle(delivery: Delivery, stands: Stands) -> None:
    delivery.state, delivery.due_at = stands.value, None
    delivery.save(update_fields=["state", "due_at", "tried"])


def _withhold(delivery_id: uuid.UUID) -> None:
    Delivery.objects.filter(pk=delivery_id).update(state=Stands.WITHHELD, due_at=None)
