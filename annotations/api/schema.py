"""The API's description of itself: `/schema/` for programs, `/docs/` for people."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.doors import Door
from annotations.api.guide import guide, shapes
from annotations.api.openapi import REFUSALS
from annotations.api.problems import TITLES


@extend_schema(exclude=True)
class Schema(Door):
    def get(self, request: Request) -> Response:
        return Response(described(), content_type="application/vnd.oai.openapi+json")


def described() -> dict[str, object]:
    """The OpenAPI document of this version; the same for everybody."""
    made: dict[str, object] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


@login_not_required
@require_safe
@conditional_page
def docs(request: HttpRequest) -> HttpResponse:
    """The same document as a page to read."""
    document = described()
    shown = {
        "sections": guide(document),
        "shapes": shapes(document),
        "refusals": [(TITLES[status], status, said) for status, said in REFUSALS.items()],
        "here": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "annotations/api/docs.html", shown)
