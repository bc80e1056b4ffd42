"""What is on its way out says so: in its headers (RFC 9745, RFC 8594), and in OpenAPI.

`@deprecated(since=…, until=…, about="versions")` stands above what describes a handler.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.http import http_date
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.problems import TYPES
from annotations.rules.days import begins

Handler = TypeVar("Handler", bound=Callable[..., Any])

LEAST = datetime.timedelta(days=180)  # that it goes on for, once it is said


@dataclass(frozen=True, slots=True)
class Deprecated:
    """Since when, until when, and where on the page of the API stands what to use instead."""

    since: datetime.date
    until: datetime.date
    about: str

    def __post_init__(self) -> None:
        if self.until - self.since < LEAST:
            raise ValueError(f"What is deprecated goes on for {LEAST.days} days at least.")

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Deprecation": f"@{int(begins(self.since).timestamp())}",
            "Sunset": http_date(begins(self.until).timestamp()),
            "Link": f'<{TYPES}#{self.about}>; rel="deprecation"; type="text/html"',
        }


def deprecated(
    *, since: datetime.date, until: datetime.date, about: str
) -> Callable[[Handler], Handler]:
    """Marks the handler of a method as on its way out."""
    terms = Deprecated(since, until, about)

    def marked(handler: Handler) -> Handler:
        handler.deprecated = terms  # type: ignore[attr-defined]
        return handler

    return marked


def deprecation_of(view: type[APIView], method: str | None) -> Deprecated | None:
    """That of the handler of a method, HEAD's being GET's."""
    name = "get" if method == "HEAD" else (method or "").lower()
    return getattr(getattr(view, name, None), "deprecated", None)


def told(view: type[APIView], method: str | None, answer: Response) -> None:
    """Tell in an answer, a refusal too, that what was asked is on its way out."""
    if found := deprecation_of(view, method):
        for name, value in found.headers.items():
            before = f"{answer[name]}, " if name == "Link" and name in answer else ""
            answer[name] = before + value
