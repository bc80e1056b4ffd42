"""Files that are brought in: `/projects/{slug}/imports/`, `/imports/{id}/`, what was refused."""

import uuid
from functools import cached_property
from typing import Any

from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.access import require
from annotations.actions.imports import cancel_import, resume_import, start_import, verb_of
from annotations.api.agreement import TableRenderer
from annotations.api.bodies import JSONRenderer
from annotations.api.chosen import one_shown
from annotations.api.doors import MembersDoor, find
from annotations.api.files import Taken, refuse_form, taken_in
from annotations.api.given import Asked, NothingGiven, actor, asked, body
from annotations.api.openapi import (
    IDEMPOTENCY_KEY,
    READ,
    WRITE,
    choosing,
    lists,
    page_of,
    problems,
    reads,
    writes,
)
from annotations.api.pages import page
from annotations.api.shapes.imports import (
    ImportAsked,
    ImportRefusalShape,
    ImportShape,
    RefusalsAsked,
)
from annotations.formats import refused
from annotations.models import Import, Project
from annotations.rules.permissions import Verb


class Imports(MembersDoor):
    takes_chunks = True

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuses before anything of a file is read."""
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            refuse_form(request)
            self.given = asked(ImportAsked, request)
            self.project = project_of(request, kwargs["slug"], verb_of(self.given["format"]))

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        if "taken" in self.__dict__:
            self.taken.file.close()
        if response.status_code == 202:
            here = reverse("api:import", args=[response.data["id"]])
            response["Location"] = request.build_absolute_uri(here)
        return super().finalize_response(request, response, *args, **kwargs)

    @cached_property
    def taken(self) -> Taken:
        return taken_in(self.request)

    def sent(self, request: Request) -> bytes:
        """The digest of the file stands for it."""
        return self.taken.digest

    @lists(ImportShape, Asked, "imports", "The files that were brought into a project (moderators)")
    def get(self, request: Request, slug: str) -> Response:
        wanted = asked(Asked, request)
        project = project_of(request, slug, Verb.IMPORT_FILE)
        return page(
            Import.objects.of(actor(request)).filter(project=project), wanted, ImportShape, request
        )

    @extend_schema(
        operation_id="import_start",
        summary="Bring a file in: the body is the file itself, packed or not (moderators)",
        request={"application/octet-stream": OpenApiTypes.BINARY},
        parameters=[ImportAsked, IDEMPOTENCY_KEY],
        responses={
            202: OpenApiResponse(ImportShape, description="Taken in; a job brings it in."),
            **problems(WRITE),
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        made = start_import(
            self.project.pk, actor=actor(request), content=self.taken.pieces(), **self.given
        )
        return Response(ImportShape(made).data, status=202)


class OneImport(MembersDoor):
    @reads(ImportShape, "import", "A file that is brought in, and how far it is (moderators)")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        return Response(one_shown(ImportShape, found(request, id), request))


class Cancelling(MembersDoor):
    @writes(
        "import_cancel",
        "Stop an import; what has come in stays (moderators)",
        shape=ImportShape,
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        body(NothingGiven, request)
        cancel_import(id, actor=who)
        return Response(ImportShape(found(request, id)).data)


class Resuming(MembersDoor):
    @writes(
        "import_resume",
        "Take an import up again where it stopped (moderators)",
        shape=ImportShape,
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        body(NothingGiven, request)
        resume_import(id, actor=who)
        return Response(ImportShape(found(request, id)).data)


class ImportRefusals(MembersDoor):
    renderer_classes = (JSONRenderer, TableRenderer)

    @extend_schema(
        operation_id="import_refusals",
        summary="What of a file was refused, in its order (moderators)",
        parameters=[RefusalsAsked, *choosing(ImportRefusalShape)],
        responses={
            (200, "application/json"): OpenApiResponse(
                page_of(ImportRefusalShape), description="A page of the list."
            ),
            (200, refused.MEDIA_TYPE): OpenApiResponse(
                OpenApiTypes.STR, description="All of them: line, why, what."
            ),
            **problems(READ),
        },
    )
    def get(self, request: Request, id: uuid.UUID) -> Response | StreamingHttpResponse:
        wanted = asked(RefusalsAsked, request)
        job = found(request, id)
        if refused.ENDING in (wanted["format"], request.accepted_renderer.format):
            return self.table(job)
        return page(job.refusals.all(), wanted, ImportRefusalShape, request, oldest_first=True)

    def table(self, job: Import) -> StreamingHttpResponse:
        name = f"{job.name}-refused.{refused.ENDING}"
        return StreamingHttpResponse(
            refused.lines(job.refused_lines()),
            content_type=f"{refused.MEDIA_TYPE}; charset=utf-8",
            headers={"Content-Disposition": str(content_disposition_header(True, name))},
        )


def project_of(request: Request, slug: str, verb: Verb) -> Project:
    """The project, if the caller may do `verb` in it."""
    project: Project = find(Project.objects.of(actor(request)), "project", slug=slug)
    require(project.role, verb)
    return project


def found(request: Request, id: uuid.UUID) -> Import:
    """The import of that id, if the caller may know of it."""
    return find(Import.objects.of(actor(request)), "import", pk=id)
