"""What tests of webhooks share: a project's webhook at a real receiver, and its worker's run."""

import json
from typing import Any

from annotations.actions.delivering import deliver_due
from annotations.actions.webhooks import make_webhook
from annotations.models import Delivery, Project, User, Webhook
from annotations.rules.webhooks import Kind, Wish
from tests.receiver import Receiver

EVERYTHING = tuple(kind.value for kind in Kind)


def hooked(
    project: Project, owner: User, address: str, *kinds: str, **wish: Any
) -> tuple[Webhook, str]:
    """A webhook of the project, of every kind unless some are named, and its secret."""
    return make_webhook(project.pk, Wish(address, kinds=kinds or EVERYTHING, **wish), actor=owner)


def told(receiver: Receiver) -> list[dict[str, Any]]:
    """What came in, opened."""
    return [json.loads(one.body) for one in receiver.got]


def ids(receiver: Receiver) -> list[str]:
    return [one.headers["webhook-id"] for one in receiver.got]


def worked() -> int:
    """One run of the worker; returns how many messages were sent."""
    return deliver_due()[0]


def states() -> list[str]:
    """How the deliveries stand, the oldest first."""
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))
