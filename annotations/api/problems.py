"""How the API says no: one shape for every refusal, problem details as in RFC 9457.

    {"type": "/api/v1/docs/#not-found", "title": "Not found", "status": 404,
     "detail": "There is no such claim.", "instance": "/api/v1/claims/…/",
     "errors": [{"field": "evidence.0.address", "detail": "…"}]}

`errors` has one entry for each field that is wrong; it is empty when the refusal is about the
thing as a whole. What a refusal offers instead stands beside it: `widened` with whole characters,
`newest` with the text that has come since, `current` with what a thing was changed to meanwhile.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.signals import got_request_exception
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.text import slugify
from rest_framework import exceptions
from rest_framework.response import Response

from annotations.actions.access import promise_of, was_stopped
from annotations.rules.refusals import Malformed, Refusal, TooLarge
from annotations.rules.scopes import OutOfScope
from annotations.rules.versions import Outdated

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPES = "/api/v1/docs/"

TITLES = {
    400: "A value is not right",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    406: "Not to be had in this form",
    409: "Not possible now",
    410: "Withdrawn for legal reasons",
    411: "The length is missing",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Not readable here",
    422: "Not complete",
    428: "Say which version",
    429: "Too many requests",
    451: "Not available for legal reasons",
    500: "This failed",
    503: "Not available now",
}

ANNOTATIONS = "/annotations/"
BELOW = ("/api/v1/", ANNOTATIONS)  # whose refusals are problems
BUSY = {"Retry-After": "2"}
TOOK_TOO_LONG = (
    "This took the database too long, and was stopped. "
    "Ask for less at once, or try again in a moment."
)
NO_SUCH = "There is nothing at this address, or you may not know of it."


class BodyTooLarge(TooLarge):
    """More bytes than a body may have."""

    def __init__(self, most: int):
        super().__init__(
            f"The body is too large; {most // (1024 * 1024)} MB is the most. Send less at once."
        )


class LengthMissing(Refusal):
    """A body of unknown length, which the server would take for an empty one."""

    status = 411
    title = TITLES[411]

    def __init__(self) -> None:
        super().__init__("Send the body with its Content-Length, not in chunks.")


# What the database promised, and how a person is told. What is not listed here is told by the
# promise's own name, which is a sentence.
PROMISES: dict[str, tuple[int, str, str]] = {
    "quote_is_the_text_it_covers": (
        422, "quote", "The quote is not the text at these offsets. Reload the article.",
    ),
    "claim_stands_once_in_a_place": (
        409, "start", "The claim is already marked on these words.",
    ),
    "appearance_starts_before_it_ends": (
        400, "start", "The start has to come before the end.",
    ),
    "ruling_needs_a_second_person": (
        403, "", "Yours is the only verdict on this claim, so another moderator must rule on it.",
    ),
    "claim_has_one_current_ruling": (
        409, "", "Somebody else has just ruled on this claim. Reload it.",
    ),
    "reviewer_has_one_draft_on_a_claim": (
        409, "", "You have just saved a draft on this claim. Reload it.",
    ),
    "verdict_version_is_its_own": (
        409, "", "You have just given a verdict on this claim. Reload it.",
    ),
}  # fmt: skip


def answer(exc: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's EXCEPTION_HANDLER: the problem that tells of any exception of a view."""
    request = context.get("request")
    instance = request.path if request is not None else ""
    has_version = request is not None and request.headers.get("If-Match", "*") != "*"
    status, said = problem_of(exc, instance, has_version=has_version)
    headers = {}
    if isinstance(exc, exceptions.APIException):
        if header := getattr(exc, "auth_header", None):
            headers["WWW-Authenticate"] = header
        if (wait := getattr(exc, "wait", None)) is not None:
            headers["Retry-After"] = str(int(wait))
    if isinstance(exc, OutOfScope) and exc.scope:  # RFC 6750, section 3.1
        headers["WWW-Authenticate"] = (
            f'Bearer realm="api", error="insufficient_scope", scope="{exc.scope}"'
        )
    if status == 451:
        headers["Link"] = f'<{settings.SITE_URL}/>; rel="blocked-by"'  # RFC 7725
    if status == 503:
        headers |= BUSY
    if status == 500:
        got_request_exception.send(sender=None, request=getattr(request, "_request", request))
    return Response(said, status=status, headers=headers, content_type=MEDIA_TYPE)


def problem_of(
    exc: Exception, instance: str, *, has_version: bool = False
) -> tuple[int, dict[str, Any]]:
    """The status and the problem that tell of any exception; a fault of ours is noted.

    A change that `has_version` said which version it was made on: 412 where that has passed.
    """
    status, detail, errors = told(exc)
    if isinstance(exc, Outdated) and has_version:
        status = 412
    if status >= 500:
        log.error("%s failed", instance, exc_info=exc)
    return status, problem(status, detail, instance, errors) | getattr(exc, "offers", {})


def refused(request: HttpRequest, exc: Exception) -> JsonResponse:
    """The problem that tells of what failed before any view of the API was reached."""
    status, detail, errors = told(exc)
    body = problem(status, detail, request.path, errors)
    headers = {"Cache-Control": "private, no-cache"} | (BUSY if status == 503 else {})
    if request.path.startswith(ANNOTATIONS):  # which pages of other sites may read
        headers["Access-Control-Allow-Origin"] = "*"
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, headers=headers)


def problem(
    status: int, detail: str, instance: str, errors: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The body of a refusal."""
    title = TITLES.get(status, TITLES[400])
    return {
        "type": f"{TYPES}#{slugify(title)}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": instance,
        "errors": [{"field": name, "detail": one} for name, one in (errors or {}).items() if name],
    }


def told(exc: Exception) -> tuple[int, str, dict[str, str]]:
    """Status, sentence, and the sentences at fields."""
    if isinstance(exc, Refusal):
        return exc.status, exc.sentence, exc.problems
    if isinstance(exc, exceptions.ValidationError):
        found = dict(flat(exc.detail))
        return 400, " ".join(dict.fromkeys(found.values())), found
    if isinstance(exc, exceptions.APIException):
        return exc.status_code, sentence_of(exc), {}
    if isinstance(exc, Http404):
        return 404, NO_SUCH, {}
    if isinstance(exc, PermissionDenied):
        return 403, str(exc) or "This is not open to your account.", {}
    if isinstance(exc, RequestDataTooBig):
        return 413, BodyTooLarge(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0).sentence, {}
    if isinstance(exc, DisallowedHost):
        return 400, "This site does not go by the name in the Host header. Ask for its own.", {}
    if isinstance(exc, BadRequest | SuspiciousOperation):
        return 400, "The request cannot be read. Send it again as the docs show.", {}
    return told_by_the_database(exc)


def told_by_the_database(exc: Exception) -> tuple[int, str, dict[str, str]]:
    """A promise of the database that a request would have broken, and what else it may say."""
    if isinstance(exc, IntegrityError):
        name = promise_of(exc)
        status, field, sentence = PROMISES.get(name, (409, "", promise(name)))
        return status, sentence, {field: sentence}
    if isinstance(exc, DataError):
        return 400, "A value cannot be stored as it is. Check numbers and lengths.", {}
    if was_stopped(exc):
        return 503, TOOK_TOO_LONG, {}
    if isinstance(exc, OperationalError):
        return 503, "The database is busy. Try again in a moment.", {}
    return 500, "The fault is ours and has been noted. Try again.", {}


def promise(name: str) -> str:
    words = name.replace("_", " ")
    return f"This would break a promise of the record: {words}." if words else "Not possible now."


def sentence_of(exc: exceptions.APIException) -> str:
    if isinstance(exc, exceptions.NotAuthenticated):
        return "Sign in, or send a token as “Authorization: Bearer …”."
    if isinstance(exc, exceptions.MethodNotAllowed):
        return "This address does not do that. The Allow header names what it does."
    if isinstance(exc, exceptions.UnsupportedMediaType):
        return "Send the body as JSON, with Content-Type: application/json."
    if isinstance(exc, exceptions.NotAcceptable):
        return "This comes as JSON only. Send Accept: application/json, or none."
    if isinstance(exc, exceptions.PermissionDenied) and str(exc.detail).startswith("CSRF"):
        return (
            "A change by cookie needs the CSRF token of the page in X-CSRFToken. "
            "Programs use a token: “Authorization: Bearer …”."
        )
    return str(exc.detail)


def flat(detail: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """`(field, sentence)` for each leaf of DRF's nested errors: `evidence.0.stance`."""
    if isinstance(detail, Mapping):
        for name, one in detail.items():
            here = at if name == "non_field_errors" else f"{at}.{name}" if at else str(name)
            yield from flat(one, here)
    elif isinstance(detail, list) and any(isinstance(one, Mapping | list) for one in detail):
        for n, one in enumerate(detail):
            yield from flat(one, f"{at}.{n}" if at else str(n))
    elif isinstance(detail, list):
        yield at, " ".join(str(one) for one in detail)
    else:
        yield at, str(detail)


def refuse_unknown(names: Mapping[str, Any], known: Mapping[str, Any], sentence: str) -> None:
    """Refuse every name that is not known, each at its own field."""
    strange = [name for name in names if name not in known]
    if strange:
        allowed = ", ".join(known) or "none"
        raise Malformed(
            problems={name[:100]: sentence.format(allowed=allowed) for name in strange[:50]}
        )


@contextmanager
def named(as_here: Mapping[str, str]) -> Iterator[None]:
    """Puts the problems of an action at the names that fields have in the body."""
    try:
        yield
    except Refusal as refusal:
        refusal.problems = {as_here.get(at, at): one for at, one in refusal.problems.items()}
        raise
