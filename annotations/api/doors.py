"""What every address of the API has in common."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from rest_framework import permissions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.actions.access import bounded_by
from annotations.api import deprecating
from annotations.api.bodies import refuse_unmeasured
from annotations.api.callers import token_of
from annotations.api.once import Handler, key_of, once
from annotations.api.versions import tagged
from annotations.models import Token, User
from annotations.models.holds import LegalHoldQuerySet, refuse_held
from annotations.rules.refusals import Malformed, NotFound
from annotations.rules.scopes import refuse_outside, taken_at

Row = TypeVar("Row", bound=Model)


class Door(APIView):
    """Reads are open and show what the caller may see; writes need a person.

    What a person may do is asked in the actions, once for every door. Nothing that comes from
    here is kept by a cache that others use.
    """

    permission_classes: Sequence[Any] = (permissions.IsAuthenticatedOrReadOnly,)
    takes_chunks = False  # a body whose length nobody has announced
    post: Handler
    shows_a_secret = False  # its answers are kept nowhere, so none is given again

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A change by a token is bounded by the token's scopes, down to the actions."""
        token = token_of(request) if changes(request.method) else None
        with bounded_by(token.scopes if token else None):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.refuse_out_of_scope(request)
        if not self.takes_chunks:
            refuse_unmeasured(request.META)
        if request.method == "POST" and (key := key_of(request)) and isinstance(request.user, User):
            if self.shows_a_secret:
                raise Malformed(
                    "The answer shows a secret, and is not kept. Send this without the key.",
                    field="Idempotency-Key",
                )
            self.post = once(self.post, request.user, key, self.sent)

    def refuse_out_of_scope(self, request: Request) -> None:
        """What changes something takes the scope that the table has for it."""
        method, match = request.method or "", request.resolver_match
        if isinstance(request.auth, Token) and changes(method) and method in self.allowed_methods:
            refuse_outside(request.auth.scopes, taken_at(method, (match and match.url_name) or ""))

    def sent(self, request: Request) -> bytes:
        """What a body holds, numbers of any size too, in bytes that are the same for the same."""
        return json.dumps(request.data, sort_keys=True).encode()

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        made = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(made, ("Authorization", "Cookie"))
        patch_cache_control(made, private=True, no_cache=True)
        deprecating.told(type(self), request.method, made)
        if isinstance(made, Response):  # its bytes are known once it is rendered
            made.add_post_render_callback(partial(tagged, request))
            return made
        return tagged(request, made)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        return Response(status=204, headers={"Allow": ", ".join(self.allowed_methods)})


def changes(method: str | None) -> bool:
    return method not in permissions.SAFE_METHODS


class MembersDoor(Door):
    """Reads need a person too: nothing here is published."""

    permission_classes = (permissions.IsAuthenticated,)


def find(
    rows: QuerySet[Row, Row], thing: str, *, holds: LegalHoldQuerySet | None = None, **named: Any
) -> Row:
    """The one row of that name, or a refusal that does not tell missing from hidden.

    `holds` are those that may keep it from the person, and say so.
    """
    found = rows.filter(**named).first()
    if found is None:
        if holds is not None:
            refuse_held(holds)
        raise NotFound(f"There is no such {thing}, or you may not know of it.")
    return found
