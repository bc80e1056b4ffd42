"""Records: one article with all that is known of it."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.doors import Door
from annotations.api.given import asked
from annotations.api.openapi import READ, problems
from annotations.api.shapes.records import Nothing
from annotations.formats import jsonl
from annotations.models import LegalHold
from annotations.models.holds import refuse_held
from annotations.models.records import record_of
from annotations.rules.refusals import NotFound

SCHEMA_TYPE = "application/schema+json"


class Record(Door):
    @extend_schema(
        operation_id="article_record",
        summary="An article with its claims, verdicts, evidence and rulings",
        responses={
            200: OpenApiResponse(
                OpenApiTypes.OBJECT, description="See /api/v1/schemas/record.json"
            ),
            **problems(READ),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        asked(Nothing, request)
        record = record_of(slug, request.user)
        if record is None:
            refuse_held(LegalHold.objects.told_on_article(slug, request.user))
            raise NotFound("There is no such article, or you may not know of it.")
        return HttpResponse(record, content_type="application/json")


class RecordSchema(Door):
    @extend_schema(
        operation_id="record_schema",
        summary="The JSON Schema of a record",
        responses={(200, SCHEMA_TYPE): OpenApiTypes.OBJECT, **problems((400,))},
    )
    def get(self, request: Request) -> Response:
        asked(Nothing, request)
        return Response(jsonl.schema(), content_type=SCHEMA_TYPE)
