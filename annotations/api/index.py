"""`/api/v1/`: what there is; and what is said at an address where there is nothing."""

from typing import NoReturn

from django.http import HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.doors import Door
from annotations.api.given import asked
from annotations.api.problems import NO_SUCH
from annotations.api.shapes.records import Nothing
from annotations.rules.refusals import NotFound

RESOURCES = (
    "projects", "articles", "revisions", "claims", "appearances", "reattachments", "verdicts",
    "evidence", "sources", "rulings", "publisher-corrections", "comments", "holds",
    "assignments", "gold", "events", "changes", "formats", "tokens", "schema", "docs",
)  # fmt: skip


class Index(Door):
    @extend_schema(
        operation_id="index",
        summary="The resources and their addresses",
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> Response:
        asked(Nothing, request)
        return Response(
            {name: request.build_absolute_uri(reverse(f"api:{name}")) for name in RESOURCES}
        )


@extend_schema(exclude=True)
class NoSuchAddress(Door):
    """Everything else below `/api/v1/`, by whatever method."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request, path: str) -> HttpResponsePermanentRedirect:
        if not path.endswith("/") and there_is(request.path + "/"):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(
                f"{request.path}/" + (f"?{query}" if query else "")
            )
        return self.refuse(request)

    def post(self, request: Request, path: str) -> Response:
        return self.refuse(request)

    put = patch = delete = post

    def refuse(self, request: Request) -> NoReturn:
        if not request.path.endswith("/") and there_is(request.path + "/"):
            raise NotFound(f"Addresses end with a slash. Send this to {request.path}/.")
        raise NotFound(NO_SUCH)


def there_is(address: str) -> bool:
    """Whether anything but this answers at an address."""
    try:
        return resolve(address).url_name != "nothing"
    except Resolver404:
        return False
