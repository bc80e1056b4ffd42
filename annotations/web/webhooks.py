"""The owners' pages of a project's webhooks: whom it tells, and what came of each message."""

import uuid
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

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
from annotations.models import Delivery, Project, User, Webhook
from annotations.models.webhooks import WebhookQuerySet
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Malformed, NotFound, Refusal
from annotations.rules.versions import Compared, Outdated, changed_at_once, held
from annotations.rules.webhooks import TEST, Kind, Stands, Wish
from annotations.web.access import person_of
from annotations.web.handing_out import project_of
from annotations.web.paging import cursor_page
from annotations.web.refusals import refusals_answered

# How far back it is delivered again, in hours.
SPANS = {"": "the last 30 days", "168": "the last week", "24": "the last day", "1": "the last hour"}
LABELS = {"address": "Address", "description": "What it is for", "kinds": "It is told when"}
ICONS: dict[str, str] = {
    Stands.WAITING: "i-history",
    Stands.DELIVERED: "i-check",
    Stands.FAILED: "i-circle-alert",
    Stands.MISSED: "i-circle-alert",
    Stands.WITHHELD: "i-ban",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_answered
def webhooks(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them, and a form for a further one, whose secret the answer shows."""
    project = project_of(request, slug, Verb.MANAGE_WEBHOOKS)
    if request.method != "POST":
        return _list(request, project)
    try:
        made, secret = make_webhook(project.pk, Wish(**_typed(request)), actor=person_of(request))
    except Refusal as refusal:
        return _list(request, project, refusal)
    return _one(request, project, made.pk, secret=secret)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_answered
def webhook(request: HttpRequest, slug: str, webhook_id: uuid.UUID) -> HttpResponse:
    """One of them; the button says what is done with it (`do`)."""
    project, person = project_of(request, slug, Verb.MANAGE_WEBHOOKS), person_of(request)
    if request.method != "POST":
        return _one(request, project, webhook_id)
    do = request.POST.get("do", "")
    try:
        if do == "rotate":
            secret = rotate_secret(project.pk, webhook_id, actor=person)
            return _one(request, project, webhook_id, secret=secret)
        if do not in ACTS:
            raise Malformed("Press one of the page's buttons.")
        messages.success(request, ACTS[do](request, project.pk, webhook_id, person))
    except NotFound:
        raise
    except Refusal as refusal:
        return _one(request, project, webhook_id, refusal)
    return redirect("webhooks", slug) if do == "remove" else redirect("webhook", slug, webhook_id)


def _save(request: HttpRequest, project: uuid.UUID, webhook: uuid.UUID, person: User) -> str:
    edit_webhook(project, webhook, _typed(request), actor=person, version=_version(request))
    return "The webhook is changed."


def _switch(is_on: bool) -> "Act":  # noqa: FBT001 (as the two buttons say it)
    def switch(request: HttpRequest, project: uuid.UUID, webhook: uuid.UUID, person: User) -> str:
        edit_webhook(project, webhook, {"is_on": is_on}, actor=person)
        return f"The webhook is {'on' if is_on else 'off'}."

    return switch


def _switch_on_and_deliver(
    request: HttpRequest, project: uuid.UUID, webhook: uuid.UUID, person: User
) -> str:
    edit_webhook(project, webhook, {"is_on": True}, actor=person)
    return f"The webhook is on. {_delivering(replay_missed(project, webhook, actor=person))}"


def _test(request: HttpRequest, project: uuid.UUID, webhook: uuid.UUID, person: User) -> str:
    send_test(project, webhook, actor=person)
    return "A test is on its way. Reload the page to see what came of it."


def _replay(request: HttpRequest, project: uuid.UUID, webhook: uuid.UUID, person: User) -> str:
    try:
        delivery = uuid.UUID(request.POST.get("delivery", ""))
    except ValueError:
        raise Malformed("Choose a delivery from the list.") from None
    replay(project, webhook, delivery, actor=person)
    return _delivering(1)


def _replay_missed(
    request: HttpRequest, project: uuid.UUID, webhook: uuid.UUID, person: User
) -> str:
    span = request.POST.get("since", "")
    if span not in SPANS:
        raise Malformed("Choose how far back from the list.", field="since")
    since = timezone.now() - timedelta(hours=int(span)) if span else None
    return _delivering(replay_missed(project, webhook, actor=person, since=since))


def _remove(request: HttpRequest, project: uuid.UUID, webhook: uuid.UUID, person: User) -> str:
    remove_webhook(project, webhook, actor=person, version=_version(request))
    return "The webhook is removed."


Act = Callable[[HttpRequest, uuid.UUID, uuid.UUID, User], str]

# What the page's buttons do, each with what is said when it is done.
ACTS: dict[str, Act] = {
    "save": _save,
    "on": _switch(True),
    "on-and-deliver": _switch_on_and_deliver,
    "off": _switch(False),
    "test": _test,
    "replay": _replay,
    "replay-missed": _replay_missed,
    "remove": _remove,
}


def _delivering(count: int) -> str:
    if count == 0:
        return "Nothing was missed."
    return "One message is on its way." if count == 1 else f"{count} messages are on their way."


def _version(request: HttpRequest) -> str | None:
    return request.POST.get("version") or None


def _typed(request: HttpRequest) -> dict[str, Any]:
    given = request.POST
    return {
        "address": given.get("address", ""),
        "description": given.get("description", ""),
        "kinds": given.getlist("kinds"),
    }


def _in_words(facts: dict[str, Any]) -> dict[str, str]:
    """What a form holds, as it is compared and carried along."""
    told_when = [one.label for one in Kind if one in facts["kinds"]]
    return {**{name: facts[name] for name in LABELS}, "kinds": "\n".join(told_when)}


def _kinds(ticked: Collection[str]) -> list[tuple[str, str, bool]]:
    return [(one.value, one.label, one in ticked) for one in Kind]


def _of(project: Project) -> WebhookQuerySet:
    rows: WebhookQuerySet = Webhook.objects.filter(project=project)
    return rows.with_counts().order_by("-id")


def _list(request: HttpRequest, project: Project, refusal: Refusal | None = None) -> HttpResponse:
    typed = _typed(request)
    context = {
        "project": project,
        "person": request.user,
        "webhooks": _of(project),
        "typed": typed,
        "kinds": _kinds(typed["kinds"]),
        "refusal": refusal,
        "problems": refusal.problems if refusal else {},
        "address": reverse("webhooks", args=[project.slug]),
    }
    status = refusal.status if refusal else 200
    return render(request, "annotations/webhooks/list.html", context, status=status)


def _one(
    request: HttpRequest,
    project: Project,
    webhook_id: uuid.UUID,
    refusal: Refusal | None = None,
    *,
    secret: str = "",
) -> HttpResponse:
    """The page; what was typed into its settings stays where it was refused."""
    found: Webhook | None = _of(project).filter(pk=webhook_id).first()
    if found is None:
        raise NotFound("There is no such webhook. Start from the project’s webhooks.")
    facts = told(found)
    typed, compared = facts, list[Compared]()
    if refusal and request.POST.get("do") == "save":
        typed = _typed(request)
        if isinstance(refusal, Outdated):
            now, mine = _in_words(facts), _in_words(typed)
            compared = changed_at_once(request.POST, now, mine)
            theirs = {one.name for one in compared if one.mine == one.base}
            typed = {name: (facts if name in theirs else typed)[name] for name in LABELS}
    page = cursor_page(
        Delivery.objects.filter(webhook=found).in_full(), request.GET.get("after", "")
    )
    says = {TEST: "A test", **{one.value: one.label for one in Kind}}
    signs_too = found.old_until and found.old_until > timezone.now()
    context = {
        "project": project,
        "person": request.user,
        "webhook": found,
        "secret": secret,
        "old_until": found.old_until if signs_too else None,
        "version": version_now(facts),
        "base": held(_in_words(facts)),
        "typed": typed,
        "kinds": _kinds(typed["kinds"]),
        "compared": [(LABELS[one.name], one) for one in compared],
        "by_hand": list(LABELS),
        "deliveries": [(one, ICONS[one.state], says[one.kind]) for one in page.rows],
        "after": page.after,
        "spans": SPANS.items(),
        "refusal": refusal,
        "problems": refusal.problems if refusal else {},
        "address": reverse("webhook", args=[project.slug, found.pk]),
    }
    status = refusal.status if refusal else 200
    return render(request, "annotations/webhooks/one.html", context, status=status)
