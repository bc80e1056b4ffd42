"""Records: one article as a whole, and a project as a stream of them."""

from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.bodies import JSONRenderer
from annotations.api.doors import Door, find
from annotations.api.given import asked
from annotations.api.openapi import READ, problems
from annotations.api.shapes.records import ExportAsked, Nothing
from annotations.formats import jsonl
from annotations.models import LegalHold, Project
from annotations.models.holds import refuse_held
from annotations.models.records import record_of, records_of
from annotations.rules.refusals import NotFound


class LinesRenderer(BaseRenderer):
    """Lets a client ask for the stream by its media type; what is written is not its doing."""

    media_type = jsonl.MEDIA_TYPE
    format = jsonl.SLUG


class NDJSONRenderer(LinesRenderer):
    media_type = "application/x-ndjson"


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


class Export(Door):
    renderer_classes = (JSONRenderer, LinesRenderer, NDJSONRenderer)

    @extend_schema(
        operation_id="project_export",
        summary="Every record of a project that you may see, one a line",
        parameters=[ExportAsked],
        responses={
            (200, jsonl.MEDIA_TYPE): OpenApiResponse(
                OpenApiTypes.STR, description="One record a line; see /api/v1/schemas/record.json"
            ),
            **problems(READ),
        },
    )
    def get(self, request: Request, slug: str) -> StreamingHttpResponse:
        asked(ExportAsked, request)
        project = find(Project.objects.readable_by(request.user), "project", slug=slug)
        return StreamingHttpResponse(
            records_of(project.pk, request.user),
            content_type=jsonl.MEDIA_TYPE,
            headers={
                "Content-Disposition": f'attachment; filename="{project.slug}.{jsonl.ENDING}"',
                "X-Accel-Buffering": "no",
            },
        )


class RecordSchema(Door):
    @extend_schema(
        operation_id="record_schema",
        summary="The JSON Schema of a record",
        responses={200: OpenApiTypes.OBJECT, **problems((400,))},
    )
    def get(self, request: Request) -> Response:
        asked(Nothing, request)
        return Response(jsonl.schema(), content_type="application/schema+json")
