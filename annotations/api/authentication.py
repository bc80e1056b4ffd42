"""Who is calling: a bearer token of our own, or the session of the pages with its CSRF token.

Tokens are looked up by digest; revoked and expired ones, and those of people who may no longer
sign in, are the same as unknown ones. A request that a browser sends by itself (a cookie) changes
nothing without the CSRF token in `X-CSRFToken`.
"""

from django.http import HttpResponse
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from annotations.actions.tokens import note_use
from annotations.api.callers import secret_of, token_of
from annotations.models import Token, User

UNUSABLE = (
    "This token is not usable: it is unknown, expired or revoked. "
    "Make a new one and send it as “Authorization: Bearer …”."
)


class BearerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer fct_…`."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        if secret_of(request._request) is None:
            return None
        token = token_of(request._request)
        if token is None:
            raise AuthenticationFailed(UNUSABLE)
        note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The cookie of the pages; every change needs the CSRF token as well."""

    def enforce_csrf(self, request: Request) -> None:
        """Ask for the token before the body is looked at, of whatever type it says it is."""
        check = authentication.CSRFCheck(lambda _: HttpResponse())
        check.process_request(request._request)
        if reason := check.process_view(request._request, HttpResponse, (), {}):
            raise PermissionDenied(f"CSRF Failed: {reason}")
