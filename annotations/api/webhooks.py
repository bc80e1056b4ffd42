"""The webhooks of a project, for its owners: `/projects/{slug}/webhooks/` and below."""

import uuid

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.access import require
from annotations.actions.versions import version_now
from annotations.actions.webhooks import (
    edit_webhook,
    make_webhook,
    remove_webhook,
    replay,
    replay_missed,
    rotate_secret,
    send_test,
    told,
)
from annotations.api.chosen import one_shown
from annotations.api.doors import MembersDoor, find
from annotations.api.given import Asked, NothingGiven, actor, asked, body
from annotations.api.openapi import lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.webhooks import (
    DeliveriesAsked,
    DeliveryInFullShape,
    DeliveryShape,
    ReplayedShape,
    ReplayGiven,
    WebhookChange,
    WebhookGiven,
    WebhookShape,
    WebhookWithSecretShape,
)
from annotations.api.versions import if_match, versioned
from annotations.models import Delivery, Project, Webhook
from annotations.models.webhooks import DeliveryQuerySet, WebhookQuerySet
from annotations.rules.permissions import Verb
from annotations.rules.webhooks import Wish

EXAMPLE = {
    "address": "https://desk.example.org/factcheck",
    "description": "The site's newsroom",
    "kinds": ["ruling.published", "ruling.corrected", "ruling.withdrawn"],
}


def project_of(request: Request, slug: str) -> Project:
    """The project, if the caller manages its webhooks."""
    project: Project = find(Project.objects.of(actor(request)), "project", slug=slug)
    require(project.role, Verb.MANAGE_WEBHOOKS)
    return project


def in_project(project: Project) -> WebhookQuerySet:
    rows: WebhookQuerySet = Webhook.objects.filter(project=project)
    return rows.with_counts().select_related("project", "made_by")


def deliveries_to(project: Project, webhook: uuid.UUID) -> DeliveryQuerySet:
    found = find(Webhook.objects.filter(project=project), "webhook", pk=webhook)
    rows: DeliveryQuerySet = Delivery.objects.filter(webhook=found)
    return rows


class Webhooks(MembersDoor):
    shows_a_secret = True

    @lists(WebhookShape, Asked, "webhooks", "The webhooks of a project (owners)")
    def get(self, request: Request, slug: str) -> Response:
        wanted = asked(Asked, request)
        return page(in_project(project_of(request, slug)), wanted, WebhookShape, request)

    @writes(
        "webhook_make",
        "Set up a webhook; the answer shows its secret, once (owners)",
        WebhookGiven,
        WebhookWithSecretShape,
        status=201,
        example=EXAMPLE,
        shows_a_secret=True,
    )
    def post(self, request: Request, slug: str) -> Response:
        project = project_of(request, slug)
        wish = Wish(**body(WebhookGiven, request))
        made, secret = make_webhook(project.pk, wish, actor=actor(request))
        return shown(request, project, made.pk, secret, status=201)


class OneWebhook(MembersDoor):
    @reads(WebhookShape, "webhook", "A webhook (owners)")
    def get(self, request: Request, slug: str, id: uuid.UUID) -> Response:
        return shown(request, project_of(request, slug), id)

    @writes(
        "webhook_change",
        "Change a webhook, or switch it on or off (owners)",
        WebhookChange,
        WebhookShape,
        example={"is_on": True},
        versioned=True,
    )
    def patch(self, request: Request, slug: str, id: uuid.UUID) -> Response:
        project = project_of(request, slug)
        given = body(WebhookChange, request)
        edit_webhook(project.pk, id, given, actor=actor(request), version=if_match(request))
        return shown(request, project, id)

    @writes("webhook_remove", "Remove a webhook and its deliveries (owners)", versioned=True)
    def delete(self, request: Request, slug: str, id: uuid.UUID) -> Response:
        project = project_of(request, slug)
        remove_webhook(project.pk, id, actor=actor(request), version=if_match(request))
        return Response(status=204)


class Rotating(MembersDoor):
    shows_a_secret = True

    @writes(
        "webhook_rotate",
        "Give it a new secret, shown once; the old one signs beside it for a day (owners)",
        None,
        WebhookWithSecretShape,
        shows_a_secret=True,
    )
    def post(self, request: Request, slug: str, id: uuid.UUID) -> Response:
        project = project_of(request, slug)
        body(NothingGiven, request)
        return shown(request, project, id, rotate_secret(project.pk, id, actor=actor(request)))


class Testing(MembersDoor):
    @writes("webhook_test", "Send it a message of the kind `test` (owners)", None, DeliveryShape)
    def post(self, request: Request, slug: str, id: uuid.UUID) -> Response:
        project = project_of(request, slug)
        body(NothingGiven, request)
        return Response(DeliveryShape(send_test(project.pk, id, actor=actor(request))).data)


class Replaying(MembersDoor):
    @writes(
        "webhook_replay",
        "Deliver again what failed or was missed (owners)",
        ReplayGiven,
        ReplayedShape,
        example={"since": "2026-03-02T12:00:00Z"},
    )
    def post(self, request: Request, slug: str, id: uuid.UUID) -> Response:
        project = project_of(request, slug)
        given = body(ReplayGiven, request)
        count = replay_missed(project.pk, id, actor=actor(request), **given)
        return Response({"deliveries": count})


class Deliveries(MembersDoor):
    @lists(DeliveryShape, DeliveriesAsked, "deliveries", "What was due to a webhook (owners)")
    def get(self, request: Request, slug: str, id: uuid.UUID) -> Response:
        project = project_of(request, slug)
        wanted = asked(DeliveriesAsked, request)
        rows = deliveries_to(project, id)
        if "state" in wanted:
            rows = rows.filter(state=wanted["state"])
        return page(rows, wanted, DeliveryShape, request)


class OneDelivery(MembersDoor):
    @reads(DeliveryInFullShape, "delivery", "A delivery with its attempts (owners)")
    def get(self, request: Request, slug: str, id: uuid.UUID, delivery: uuid.UUID) -> Response:
        rows = deliveries_to(project_of(request, slug), id)
        found = find(rows.in_full(), "delivery", pk=delivery)
        return Response(one_shown(DeliveryInFullShape, found, request))


class ReplayingOne(MembersDoor):
    @writes("delivery_replay", "Deliver a message again, or now (owners)", None, DeliveryShape)
    def post(self, request: Request, slug: str, id: uuid.UUID, delivery: uuid.UUID) -> Response:
        project = project_of(request, slug)
        body(NothingGiven, request)
        due = replay(project.pk, id, delivery, actor=actor(request))
        return Response(DeliveryShape(due).data)


def shown(
    request: Request, project: Project, id: uuid.UUID, secret: str = "", status: int = 200
) -> Response:
    """A webhook with its version, and with its secret where it has just got one."""
    found: Webhook = find(in_project(project), "webhook", pk=id)
    data = one_shown(WebhookShape, found, request) | ({"secret": secret} if secret else {})
    return versioned(data, version_now(told(found)), status)
