"""How the API describes itself: what every operation has in common, in OpenAPI 3.1."""

from collections.abc import Callable, Sequence
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_lib_doc_excludes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers

from annotations.api.deprecating import deprecation_of
from annotations.api.doors import Door, MembersDoor
from annotations.api.expansions import expandable
from annotations.api.given import Given
from annotations.api.problems import MEDIA_TYPE
from annotations.api.shapes.problems import Problem

REFUSALS = {
    400: "A value is not right; `errors` says which.",
    401: "A token or a session is needed, or the token is not usable.",
    403: "You may see this, and may not do that to it.",
    404: "There is no such thing, or you may not know of it.",
    405: "The address does not do that; the Allow header names what it does.",
    406: "There is only JSON here.",
    409: "The thing is not, or no longer, in a condition that admits this.",
    410: "Withdrawn for legal reasons; `hold` is the public notice.",
    411: "The body came in chunks, and its length is needed.",
    412: "Changed since the version in If-Match; `current` is what it is now.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "At odds with the text, or not complete.",
    428: "A change says in If-Match which version it was made on.",
    429: "Too much in a short time; Retry-After says when to come back.",
    451: "Not available for legal reasons; `hold` is the public notice.",
    500: "The fault is ours, and has been noted.",
    503: "The database is busy; Retry-After says when to come back.",
}
AN_ID = "0195a5f0-0000-7000-8000-000000000000"  # in examples
OF_THE_THING = "The ETag of the version that is changed, or * for whatever it is."
OF_VERDICTS = "The ETag of `/verdicts/?claim=…` as it was read, or * for whatever verdicts are in."
FIELDS = "What is left of each thing: names with commas between them, `id,claimant.name`."
EXPAND = "What stands in its place in full, null where you may not know of it:"
UNLIKE = "The schema is that of an answer without it."
OF_THE_ANSWER = "Names these bytes, and before a slash the version that If-Match asks for."
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "ETags of answers that you have, with commas between them: 304 if one still is.",
}
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description="A name of your own for this request: sent again under it, it is done once.",
)
READ = (400, 401, 404, 410, 451)
WRITE = (400, 401, 403, 404, 409, 413, 415, 422)


class Described(AutoSchema):
    """Names what is shown by its own word: `Claim`, where our class is `ClaimShape`."""

    def is_deprecated(self) -> bool:
        return deprecation_of(type(self.view), self.method) is not None

    def _get_serializer_name(self, *args: Any, **kwargs: Any) -> str:
        name: str = super()._get_serializer_name(*args, **kwargs)
        return name.removesuffix("Shape")

    def _map_basic_serializer(self, serializer: Any, *args: Any, **kwargs: Any) -> Any:
        """What is given has no names but these: others are refused."""
        made: Any = super()._map_basic_serializer(serializer, *args, **kwargs)  # type: ignore[no-untyped-call]
        return made | {"additionalProperties": False} if isinstance(serializer, Given) else made

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Every read of what is no stream comes with a tag, and can be asked by it; one of what is
        for some members alone may be refused, and a list that hangs on a thing not found."""
        made: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if made and self.method == "GET":
            may = {403: isinstance(self.view, MembersDoor), 404: "{" in self.path}
            for status in [one for one in may if may[one]]:
                made["responses"].setdefault(str(status), {})  # as all refusals: answers.py
        found = made["responses"].get("200", {}) if made and self.method == "GET" else {}
        contents: list[dict[str, Any]] = [*found.get("content", {}).values()]
        shown = contents[0].get("schema") if contents else None
        if made and shown and shown.get("format") != "binary":
            made.setdefault("parameters", []).append(IF_NONE_MATCH)
            made["responses"]["304"] = {"description": "As it was: you have it under that ETag."}
            found["headers"] = {
                "ETag": {"schema": {"type": "string"}, "description": OF_THE_ANSWER}
            }
        return made


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "annotations.api.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token, made in the admin or by `./run token NAME`.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "annotations.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The session of the pages; a change needs `X-CSRFToken` too.",
        }


def undescribed() -> list[type]:
    """Classes whose docstrings are for us: what every door has in common is told once."""
    return [*get_lib_doc_excludes(), Door, MembersDoor]  # type: ignore[no-untyped-call]


def problems(statuses: Sequence[int]) -> dict[Any, OpenApiResponse]:
    return {
        (status, MEDIA_TYPE): OpenApiResponse(Problem, description=REFUSALS[status])
        for status in statuses
    }


def page_of(shape: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """A page of a list."""
    made: serializers.Serializer[Any] = inline_serializer(
        name=shape.__name__.removesuffix("Shape") + "Page",
        fields={
            "next": serializers.URLField(
                allow_null=True, help_text="The next page; null on the last one."
            ),
            "results": shape(many=True),
        },
    )
    return made


def choosing(shape: type[serializers.Serializer[Any]]) -> list[OpenApiParameter]:
    """The parameters that choose what is shown of a shape. An answer to one of them has fewer
    names than its schema, or things in the place of ids: that cannot be said in a schema.
    """
    known = ", ".join(f"`{path}`" for path in expandable(shape))
    return [
        OpenApiParameter("fields", description=f"{FIELDS} {UNLIKE}"),
        OpenApiParameter("expand", description=f"{EXPAND} {known}. {UNLIKE}", exclude=not known),
    ]


def lists(
    shape: type[serializers.Serializer[Any]],
    asked: type[serializers.Serializer[Any]],
    name: str,
    summary: str,
) -> Callable[[Any], Any]:
    """Describes a list."""
    return extend_schema(
        operation_id=f"{name}_list",
        summary=summary,
        parameters=[asked, *choosing(shape)],
        responses={
            200: OpenApiResponse(page_of(shape), description="A page of the list."),
            **problems((400, 401)),
        },
    )


def reads(shape: Any, name: str, summary: str, **more: Any) -> Callable[[Any], Any]:
    """Describes the reading of one thing."""
    more.setdefault("parameters", choosing(shape))
    return extend_schema(
        operation_id=f"{name}_read",
        summary=summary,
        responses={200: OpenApiResponse(shape, description="Found."), **problems(READ)},
        **more,
    )


def writes(
    name: str,
    summary: str,
    given: type[Given] | None = None,
    shape: Any = None,
    *,
    status: int = 200,
    example: dict[str, Any] | None = None,
    versioned: bool | str = False,
    shows_a_secret: bool = False,
) -> Callable[[Any], Any]:
    """Describes a write; without a shape it answers 204 and nothing. A `versioned` one says which
    version it was made on: the thing's, or one that `versioned` names. An answer that shows a
    secret is given once."""
    answer: dict[Any, Any] = {status if shape else 204: OpenApiResponse(shape, description="Done.")}
    refusals = (*WRITE, 412, 428) if versioned else WRITE
    examples = [OpenApiExample(summary, value=example, request_only=True)] if example else []
    headers = [if_match_of(OF_THE_THING if versioned is True else versioned)] if versioned else []

    def described(handler: Any) -> Any:
        once = [IDEMPOTENCY_KEY] if handler.__name__ == "post" and not shows_a_secret else []
        return extend_schema(
            operation_id=name,
            summary=summary,
            request=given,
            parameters=[*headers, *once],
            responses=answer | problems(refusals),
            examples=examples,
        )(handler)

    return described


def if_match_of(version: str) -> OpenApiParameter:
    """The header of a change that says which version it was made on."""
    return OpenApiParameter(
        "If-Match", location=OpenApiParameter.HEADER, required=True, description=version
    )
