"""Many things in one request, with an answer for each: `/claims/bulk/` and its like.

What comes in is the body of the single write, many times over, and each goes the single write's own
way. They are done in one transaction, in their order, each behind a savepoint: what is refused
leaves nothing of itself, and the others stand. `together` asks for all or nothing.
"""

import uuid
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.fields import ListOf, Truth
from annotations.api.given import Given, OneOfMany, body, checked
from annotations.api.openapi import IDEMPOTENCY_KEY, problems
from annotations.api.problems import problem_of
from annotations.api.shapes.problems import Problem
from annotations.api.versions import version_in
from annotations.rules.refusals import Refusal

MOST = 200
TOGETHER = "True: all of them or nothing. Otherwise what is refused keeps no other from being done."


class BulkGiven(Given):
    """Bodies of the single write."""

    items = ListOf(serializers.JSONField(), most=MOST)  # each is checked as one of its own
    together = Truth(required=False, default=False)


class NotTogether(Refusal):
    """Something of what was to be done together is refused, so nothing is done.

    Its status is that of what was refused, where that is one.
    """

    def __init__(self, answers: list[dict[str, Any]], refused: list[int]) -> None:
        super().__init__(
            f"Nothing was done: of {len(answers)} things together, {len(refused)} cannot be. "
            "Mend or leave out what `errors` names.",
            problems=at_their_places(answers, refused),
            offers={"answers": [one | undone(one) for one in answers]},
        )
        statuses = {answers[n]["status"] for n in refused}
        self.status = statuses.pop() if len(statuses) == 1 else 422


def in_bulk(
    request: Request, given: type[Given], one: Callable[[dict[str, Any]], Response]
) -> Response:
    """Do `one` with each of the items of a request, checked as `given`; an answer for each."""
    sent = body(BulkGiven, request)
    with transaction.atomic():
        answers = [answered(request, given, item, one) for item in sent["items"]]
        refused = [n for n, answer in enumerate(answers) if answer["problem"]]
        if refused and sent["together"]:
            raise NotTogether(answers, refused)
    counts = {"done": len(answers) - len(refused), "refused": len(refused)}
    return Response(counts | {"answers": answers})


def changed_in_bulk(
    request: Request,
    given: type[OneOfMany],
    change: Callable[[uuid.UUID, dict[str, Any], str | None], Response],
) -> Response:
    """Do `change` with the id, the rest and the version of each of the items."""

    def one(item: dict[str, Any]) -> Response:
        id, version = item.pop("id"), version_in(item.pop("version"), "version")
        return change(id, item, version)

    return in_bulk(request, given, one)


def answered(
    request: Request, given: type[Given], item: Any, one: Callable[[dict[str, Any]], Response]
) -> dict[str, Any]:
    """What one item is answered, as the single write would have it."""
    try:
        with transaction.atomic():
            done = one(checked(given, item))
    except Exception as error:  # noqa: BLE001 (as DRF does with whatever a view raises)
        version = item.get("version", "*") if isinstance(item, Mapping) else "*"
        status, told = problem_of(error, request.path, has_version=version != "*")
        return {"status": status, "etag": None, "result": None, "problem": told}
    etag = done.headers.get("ETag")
    return {"status": done.status_code, "etag": etag, "result": done.data, "problem": None}


def undone(answer: dict[str, Any]) -> dict[str, Any]:
    """What was done of an answer is not, since another was refused."""
    return {} if answer["problem"] else {"status": 424, "etag": None, "result": None}


def at_their_places(answers: list[dict[str, Any]], refused: list[int]) -> dict[str, str]:
    """The sentences of the refused, at `items.3.quote`."""
    found: dict[str, str] = {}
    for n in refused:
        told = answers[n]["problem"]
        for one in told["errors"] or [{"field": "", "detail": told["detail"]}]:
            found[f"items.{n}.{one['field']}".rstrip(".")] = one["detail"]
    return found


@cache
def answers_of(shape: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """The answers to many writes of one kind."""
    name = shape.__name__.removesuffix("Shape")
    answer = inline_serializer(
        name=f"{name}Answer",
        fields={
            "status": serializers.IntegerField(help_text="As the single write answers."),
            "etag": serializers.CharField(allow_null=True, help_text="Its version, for If-Match."),
            "result": shape(allow_null=True, help_text="What became of it; null where refused."),
            "problem": Problem(allow_null=True, help_text="Why it was refused; null where done."),
        },
    )
    made: serializers.Serializer[Any] = inline_serializer(
        name=f"{name}Answers",
        fields={
            "done": serializers.IntegerField(),
            "refused": serializers.IntegerField(),
            "answers": serializers.ListField(
                child=answer, help_text="One for each item, in their order."
            ),
        },
    )
    return made


def writes_many(
    name: str,
    summary: str,
    given: type[Given],
    shape: type[serializers.Serializer[Any]],
    *,
    example: list[dict[str, Any]],
) -> Callable[[Any], Any]:
    """Describes the single write in bulk."""
    bodies = inline_serializer(
        name=f"Many{given.__name__.removesuffix('Given')}Given",
        fields={
            "items": given(many=True, help_text=f"At most {MOST}."),
            "together": serializers.BooleanField(default=False, help_text=TOGETHER),
        },
    )

    def described(handler: Any) -> Any:
        return extend_schema(
            operation_id=name,
            summary=summary,
            request=bodies,
            parameters=[IDEMPOTENCY_KEY] if handler.__name__ == "post" else [],
            responses={
                200: OpenApiResponse(answers_of(shape), description="An answer for each."),
                **problems((400, 401, 403, 404, 409, 412, 413, 415, 422, 428)),
            },
            examples=[OpenApiExample(summary, value={"items": example}, request_only=True)],
        )(handler)

    return described
