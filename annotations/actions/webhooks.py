"""A project's webhooks: made, changed, switched, tried and removed by its owners.

The log is read by moderators too, who may not know the addresses: it tells of the host alone.
"""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from annotations.actions.access import project_for
from annotations.actions.log import record
from annotations.actions.versions import refuse_outdated
from annotations.models import Delivery, User, Webhook
from annotations.models.webhooks import DeliveryQuerySet
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Conflict, NotFound
from annotations.rules.webhooks import MOST_WEBHOOKS, TEST, Off, Stands, Wish, checked


def told(webhook: Webhook) -> dict[str, Any]:
    """What can be changed of a webhook, for its version."""
    return asdict(webhook.wish)


@transaction.atomic
def make_webhook(project_id: uuid.UUID, wish: Wish, *, actor: User) -> tuple[Webhook, str]:
    """A new webhook, and its secret, which cannot be had again."""
    project = project_for(project_id, actor, Verb.MANAGE_WEBHOOKS)
    if Webhook.objects.filter(project=project).count() >= MOST_WEBHOOKS:
        raise Conflict(f"A project has {MOST_WEBHOOKS} webhooks at most. Remove one first.")
    webhook = Webhook(project=project, made_by=actor)
    _take(webhook, wish)
    secret = webhook.renew_secret(timezone.now())
    webhook.save(force_insert=True)
    _tell("make_webhook", webhook, actor, after=_logged(webhook))
    return webhook, secret


@transaction.atomic
def edit_webhook(
    project_id: uuid.UUID,
    webhook_id: uuid.UUID,
    changes: Mapping[str, Any],
    *,
    actor: User,
    version: str | None = None,
) -> Webhook:
    """Change a webhook, or switch it on or off; `changes` are fields of `Wish`, and what is left
    out stays.
    """
    webhook = _locked(project_id, webhook_id, actor)
    before, logged = told(webhook), _logged(webhook)
    refuse_outdated(webhook, version, before, "edit_webhook", "switch_off_webhook")
    _take(webhook, replace(webhook.wish, **changes))
    if told(webhook) != before:
        webhook.save()
        if not webhook.is_on:
            let_go_of_what_waits(webhook)
        _tell("edit_webhook", webhook, actor, before=logged, after=_logged(webhook))
    return webhook


@transaction.atomic
def rotate_secret(project_id: uuid.UUID, webhook_id: uuid.UUID, *, actor: User) -> str:
    """A new secret, which cannot be had again; the one before signs beside it for a day."""
    webhook = _locked(project_id, webhook_id, actor)
    secret = webhook.renew_secret(timezone.now())
    webhook.save(update_fields=["secret", "old_secret", "old_until"])
    _tell("rotate_webhook_secret", webhook, actor)
    return secret


@transaction.atomic
def remove_webhook(
    project_id: uuid.UUID, webhook_id: uuid.UUID, *, actor: User, version: str | None = None
) -> None:
    """Remove a webhook with its deliveries, those that wait as well."""
    webhook = _locked(project_id, webhook_id, actor, against_telling=True)
    refuse_outdated(webhook, version, told(webhook), "edit_webhook", "switch_off_webhook")
    _tell("remove_webhook", webhook, actor, before=_logged(webhook))
    webhook.delete()


@transaction.atomic
def send_test(project_id: uuid.UUID, webhook_id: uuid.UUID, *, actor: User) -> Delivery:
    """A message of the kind `test`, also to a webhook that is off. It is tried once."""
    webhook = _locked(project_id, webhook_id, actor)
    delivery: Delivery = Delivery.objects.create(webhook=webhook, kind=TEST, due_at=timezone.now())
    _tell("test_webhook", webhook, actor)
    _ask_the_worker()
    return delivery


@transaction.atomic
def replay(
    project_id: uuid.UUID, webhook_id: uuid.UUID, delivery_id: uuid.UUID, *, actor: User
) -> Delivery:
    """Deliver a message again, or now where it waits, under the id that it had."""
    webhook = _locked(project_id, webhook_id, actor)
    found: DeliveryQuerySet = Delivery.objects.filter(webhook=webhook, pk=delivery_id)
    if not _make_due(found):
        raise NotFound("There is no such delivery. After 30 days they are cleared away.")
    _tell("replay_deliveries", webhook, actor, after={"deliveries": 1})
    return found.get()


@transaction.atomic
def replay_missed(
    project_id: uuid.UUID, webhook_id: uuid.UUID, *, actor: User, since: datetime | None = None
) -> int:
    """Deliver again all that failed or was missed, since a moment; returns how many that is."""
    webhook = _locked(project_id, webhook_id, actor)
    missed: DeliveryQuerySet = Delivery.objects.not_delivered().filter(webhook=webhook)
    count = _make_due(missed.filter(at__gte=since) if since else missed)
    if count:
        _tell("replay_deliveries", webhook, actor, after={"deliveries": count})
    return count


def switch_off(webhook: Webhook, because: Off) -> None:
    """Switch a webhook off by itself: nobody is the actor. Expects its lock."""
    before = _logged(webhook)
    webhook.off_at, webhook.off_because = timezone.now(), because.value
    webhook.save(update_fields=["off_at", "off_because"])
    let_go_of_what_waits(webhook)
    _tell("switch_off_webhook", webhook, None, before=before, after=_logged(webhook))


def let_go_of_what_waits(webhook: Webhook) -> None:
    """What waits for a webhook that is off is missed, until somebody has it delivered after all."""
    waiting = Delivery.objects.filter(webhook=webhook, state=Stands.WAITING)
    waiting.update(state=Stands.MISSED, due_at=None)


def _locked(
    project_id: uuid.UUID, webhook_id: uuid.UUID, actor: User, *, against_telling: bool = False
) -> Webhook:
    """The webhook, if the actor may manage those of the project. What happens in the project does
    not wait for this lock, unless it is `against_telling`.
    """
    project_for(project_id, actor, Verb.MANAGE_WEBHOOKS)
    rows = Webhook.objects.filter(project=project_id, pk=webhook_id)
    found: Webhook | None = rows.select_for_update(no_key=not against_telling).first()
    if found is None:
        raise NotFound("There is no such webhook.")
    return found


def _take(webhook: Webhook, wish: Wish) -> None:
    wish = checked(wish, loopback=settings.WEBHOOKS_TO_LOOPBACK)
    webhook.address, webhook.description = wish.address, wish.description
    webhook.kinds = list(wish.kinds)
    if wish.is_on != webhook.is_on:
        webhook.off_at = None if wish.is_on else timezone.now()
        webhook.off_because = "" if wish.is_on else Off.OWNER.value
        webhook.failing_since = None


def _make_due(deliveries: DeliveryQuerySet) -> int:
    count = deliveries.update(state=Stands.WAITING, due_at=timezone.now(), tried=0)
    if count:
        _ask_the_worker()
    return count


def _ask_the_worker() -> None:
    """It looks every minute anyway; this way it looks at once."""
    app.configure_task("deliver_webhooks").defer()


def _logged(webhook: Webhook) -> dict[str, Any]:
    host = urlsplit(webhook.address).hostname
    facts = {"host": host, "kinds": list(webhook.kinds), "is_on": webhook.is_on}
    return facts | ({"why_off": webhook.why_off} if webhook.why_off else {})


def _tell(
    verb: str,
    webhook: Webhook,
    actor: User | None,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record(verb, webhook, actor=actor, project=webhook.project_id, before=before, after=after)
