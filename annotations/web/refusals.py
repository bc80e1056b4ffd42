"""How the pages say no: one place that turns a refusal into an answer."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annotations.actions.access import was_stopped
from annotations.rules.holds import Held, HoldKind
from annotations.rules.refusals import Refusal
from annotations.web.session import session_ended

SAYINGS = {
    400: (
        "This cannot be read",
        "The request is not one this page can send. Go back and try again.",
    ),
    413: (
        "Too much at once",
        f"A form takes {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20} MB and "
        f"{settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields. Go back and send less at once.",
    ),
    403: ("Not allowed", "This is not open to your account. Ask the project's owner."),
    404: (
        "Nothing here",
        "There is no page at this address, or it is not public. Start from the checked articles.",
    ),
    503: (
        "One moment",
        "The database does not answer just now. What you typed is kept on your device; try again.",
    ),
    500: (
        "This failed",
        "The fault is ours and has been noted. What you typed is kept on your device; try again.",
    ),
}

TOOK_TOO_LONG = (
    "This took the database too long, and was stopped. What you typed is kept on your device; try "
    "again in a moment, or with less at once."
)
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
WITHOUT = "Not available for legal reasons"
HELD = {
    HoldKind.RESTRICT: (WITHOUT, "What stands at this address is not public at present.", "i-ban"),
    HoldKind.WITHHOLD: (WITHOUT, "What stands at this address is withheld.", "i-ban"),
    HoldKind.WITHDRAW: (
        "Withdrawn for legal reasons",
        "What stood at this address was withdrawn. This notice stays in its place.",
        "s-withdrawn",
    ),
}


def say_no(request: HttpRequest, status: int, sentence: str = "") -> HttpResponse:
    """A page, or for htmx a fragment, that says what is so and what to do."""
    heading, usual = SAYINGS.get(status, SAYINGS[400])
    template = (
        "annotations/parts/refused.html"
        if request.headers.get("HX-Request")
        else "annotations/refused.html"
    )
    return render(
        request, template, {"heading": heading, "sentence": sentence or usual}, status=status
    )


def say_held(request: HttpRequest, refusal: Held) -> HttpResponse:
    """The public notice of a legal hold instead of what it is on; 451 names us (RFC 7725)."""
    heading, sentence, icon = HELD[HoldKind(refusal.notice.kind)]
    if request.headers.get("HX-Request"):
        return say_no(request, refusal.status, refusal.sentence)
    context = {"hold": refusal.notice, "heading": heading, "sentence": sentence, "icon": icon}
    made = render(request, "annotations/public/held.html", context, status=refusal.status)
    made["Cache-Control"] = "private, no-store"
    if refusal.status == 451:
        made["Link"] = f'<{settings.SITE_URL}/>; rel="blocked-by"'
    return made


def refusals_answered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A refusal that a view does not show at its field becomes a page of its status."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Held as refusal:
            return say_held(request, refusal)
        except Refusal as refusal:
            return say_no(request, refusal.status, refusal.sentence)

    return answer


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was not ours, or its page stood open for longer than the session.

    Where the session is gone as well as the token, the page says so as it does without the one.
    """
    if request.headers.get("HX-Request") and not request.user.is_authenticated:
        return session_ended()
    return say_no(
        request,
        403,
        "This page stood open for longer than your session, so it was not sent. What you typed is "
        "kept on this device: go back, reload, and send it again.",
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, DisallowedHost):
        return say_no(
            request, 400, "This site does not go by the name in the address. Check how it is spelt."
        )
    if isinstance(exception, TOO_MUCH):
        return say_no(request, 413)
    return say_no(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return say_no(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return say_no(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours; while the database does not answer, 503 with when to come back."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        answer = say_no(request, 503, TOOK_TOO_LONG if was_stopped(sys.exc_info()[1]) else "")
        answer["Retry-After"] = "2"
        return answer
    return say_no(request, 500)
