"""What every answer of the protocol has: JSON-LD by negotiation, what the resource is and may be
asked, a strong ETag, and leave for browsers elsewhere to read it.

Only a token counts elsewhere: no cookie is asked for or let through from another origin.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.mediatypes import _MediaType

from annotations.api.bodies import JSONParser, JSONRenderer
from annotations.api.doors import Door
from annotations.formats.webannotation import MEDIA_TYPE
from annotations.models.annotated import tag_of
from annotations.rules.refusals import Malformed

READ_AS = {"application/ld+json", "application/json"}
ACCEPTED = READ_AS | {"application/*", "*/*"}
ACCEPT_POST = f"{MEDIA_TYPE}, application/ld+json, application/json"
RESOURCE = '<http://www.w3.org/ns/ldp#Resource>; rel="type"'
ANNOTATION = '<http://www.w3.org/ns/oa#Annotation>; rel="type"'
CONTAINER = '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type"'
CONSTRAINED = (
    '<http://www.w3.org/TR/annotation-protocol/>; rel="http://www.w3.org/ns/ldp#constrainedBy"'
)
MAY_SEND = (
    "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Prefer, Slug"
)
MAY_READ = (
    "Accept-Post, Allow, Content-Location, Deprecation, ETag, Idempotency-Replayed, Link, "
    "Location, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, Sunset, Vary, "
    "WWW-Authenticate"
)
A_DAY = "86400"


class Negotiation(BaseContentNegotiation):
    """One form for whoever takes JSON-LD, JSON or anything, whatever profile is named."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        sent = _MediaType(request.content_type or "")
        return next(iter(parsers)) if f"{sent.main_type}/{sent.sub_type}" in READ_AS else None

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        if not is_accepted(request.headers.get("Accept", "")):
            raise NotAcceptable(
                "Annotations come as JSON-LD. Send Accept: application/ld+json, or none."
            )
        return next(iter(renderers)), MEDIA_TYPE


def is_accepted(header: str) -> bool:
    """Whether one of the types that a client takes is ours; none named takes any."""
    named = [_MediaType(one.strip()) for one in header.split(",") if one.strip()]
    return not named or any(
        f"{one.main_type}/{one.sub_type}".lower() in ACCEPTED and not is_refused(one)
        for one in named
    )


def is_refused(one: Any) -> bool:
    """Whether a type is named only to say that it is not taken: `;q=0`."""
    return str(one.params.get("q", "1")).rstrip("0") in ("", "0.")


class JSONLDRenderer(JSONRenderer):
    media_type = MEDIA_TYPE
    format = "jsonld"


class JSONLDParser(JSONParser):
    media_type = "application/ld+json"


class AnnotationDoor(Door):
    """`links` say what is at the address."""

    content_negotiation_class = Negotiation
    renderer_classes = (JSONLDRenderer,)
    parser_classes = (JSONLDParser,)
    schema = None  # the OpenAPI document is of another protocol
    links: ClassVar[tuple[str, ...]] = ()

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        return Response(
            headers={
                "Access-Control-Allow-Methods": ", ".join(self.allowed_methods),
                "Access-Control-Allow-Headers": MAY_SEND,
                "Access-Control-Max-Age": A_DAY,
            }
        )

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        made = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(made, ("Accept", "Prefer"))
        made.headers["Allow"] = ", ".join(self.allowed_methods)
        links = [made.headers["Link"]] if "Link" in made.headers else []
        if self.links or links:
            made.headers["Link"] = ", ".join([*links, *self.links])
        made.headers["Access-Control-Allow-Origin"] = "*"
        made.headers["Access-Control-Expose-Headers"] = MAY_READ
        if made.status_code == 201 and isinstance(made.data, dict):  # one given again as well
            made.headers["Location"] = made.headers["Content-Location"] = made.data["id"]
            made.content_type = MEDIA_TYPE
        return made


def site_of(request: Request) -> str:
    """The address under which the client knows this site, without a slash at its end."""
    return request.build_absolute_uri("/").removesuffix("/")


def sent_annotation(request: Request) -> Mapping[str, Any]:
    if not isinstance(request.data, Mapping):
        raise Malformed("The body has to be an annotation: one object in curly brackets.")
    return request.data


def shown(made: Mapping[str, Any], more: Mapping[str, str] | None = None) -> Response:
    """The answer with what is at an address; its tag is made of all that it says."""
    headers = {"ETag": f'"{tag_of(made)}"', "Content-Location": made["id"], **(more or {})}
    return Response(made, headers=headers, content_type=MEDIA_TYPE)
