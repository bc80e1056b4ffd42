"""Who is not signed in: a page goes to the sign-in page, a request of htmx gets a plain 401.

The page that sent it keeps what was typed and says that the session has ended.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse


class SignInMiddleware(LoginRequiredMiddleware):
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        if request.headers.get("HX-Request"):
            return session_ended()
        return super().handle_no_permission(request, view_func)


def session_ended() -> HttpResponse:
    """What htmx gets; the page says the rest (requests.js)."""
    return HttpResponse(
        "Your session has ended. Sign in and send it again.", content_type="text/plain", status=401
    )
