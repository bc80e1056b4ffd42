"""Formats, `/formats/`, and a project in each of them: `/projects/{slug}/export/`, its report."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.chosen import Choosing, chosen, shown
from annotations.api.doors import Door, find
from annotations.api.given import asked
from annotations.api.openapi import READ, choosing, page_of, problems, reads
from annotations.api.problems import named
from annotations.api.shapes.exports import ExportAsked, ExportReportShape, FormatShape
from annotations.formats import contract, jsonl, packing
from annotations.formats.contract import Format, WriteAsked
from annotations.models import Project
from annotations.models.exports import exported, exports
from annotations.rules.narrowing import narrowed_of

MEDIA_TYPES = sorted(
    {one.MEDIA_TYPE for one in exports().values()} | set(packing.MEDIA_TYPES.values())
)


class NamedInTheAddress(BaseContentNegotiation):
    """`?format=` says what is sent, whatever the Accept header names; refusals are JSON."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        return renderers[0], renderers[0].media_type


class Formats(Door):
    @extend_schema(
        operation_id="formats_list",
        summary="What the corpus is read from and written to",
        parameters=choosing(FormatShape),
        responses={
            200: OpenApiResponse(page_of(FormatShape), description="All of them."),
            **problems((400,)),
        },
    )
    def get(self, request: Request) -> Response:
        choice = chosen(FormatShape, asked(Choosing, request))
        every = list(contract.formats().values())
        return Response({"next": None, "results": shown(FormatShape, every, choice, request)})


class Export(Door):
    content_negotiation_class = NamedInTheAddress

    @extend_schema(
        operation_id="project_export",
        summary="Every record of a project that you may see, in a format of your choice",
        parameters=[ExportAsked],
        responses={
            **{
                (200, one): OpenApiResponse(OpenApiTypes.BINARY, description="The file.")
                for one in MEDIA_TYPES
            },
            **problems(READ),
        },
    )
    def get(self, request: Request, slug: str) -> StreamingHttpResponse:
        one = begun(request, slug)
        kind, name = one.form.MEDIA_TYPE, file_name(one.project, one.form)
        pieces = one.pieces
        if one.packed:
            kind, name = packing.MEDIA_TYPES[one.packed], f"{name}.{packing.ENDINGS[one.packed]}"
            pieces = packing.packed(pieces, one.packed)
        return StreamingHttpResponse(
            pieces,
            content_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
            headers={
                "Content-Disposition": str(content_disposition_header(True, name)),
                "X-Accel-Buffering": "no",
            },
        )


class ExportReport(Door):
    @reads(
        ExportReportShape,
        "project_export_report",
        "What an export leaves out of the records that you see: it is written, and thrown away",
        parameters=[ExportAsked],
    )
    def get(self, request: Request, slug: str) -> Response:
        one = begun(request, slug)
        form = one.form
        size = sum(len(piece) for piece in one.pieces)
        dropped = dict.fromkeys(form.DROPS, 0) | one.how.dropped
        report = {
            "format": form.SLUG,
            "lossless": form.LOSSLESS,
            "size": size,
            "dropped": [{"what": what, "times": times} for what, times in dropped.items()],
        }
        return Response(ExportReportShape(report).data)


@dataclass(frozen=True, slots=True)
class Begun:
    """An export as its address asks for it: of what, in which format, how, packed in which way,
    and its pieces.
    """

    project: Project
    form: Format
    how: WriteAsked
    packed: str
    pieces: Iterator[bytes]


def begun(request: Request, slug: str) -> Begun:
    given = asked(ExportAsked, request)
    project = find(Project.objects.readable_by(request.user), "project", slug=slug)
    form = exports()[given["format"]]
    with named({"unit": "offset_unit"}):
        unit = contract.unit_of(form, given.get("offset_unit", ""))
    how = WriteAsked(unit=unit, site=settings.SITE_URL.rstrip("/"), desk=project.name)
    pieces = exported(project, request.user, form.SLUG, how, narrowed_of(given))
    return Begun(project, form, how, given.get("packed", ""), pieces)


def file_name(project: Project, form: Format) -> str:
    """`council.jsonl`, and `council-brat.zip`: other formats share their endings."""
    stem = project.slug if form.SLUG == jsonl.SLUG else f"{project.slug}-{form.SLUG}"
    return f"{stem}.{form.ENDING}"
