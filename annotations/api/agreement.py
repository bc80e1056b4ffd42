"""Agreement: `/projects/{slug}/agreement/`, for those who see every verdict."""

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.access import require
from annotations.api.bodies import JSONRenderer
from annotations.api.doors import MembersDoor, find
from annotations.api.given import actor, asked
from annotations.api.openapi import problems
from annotations.api.shapes.agreement import AgreementAsked, AgreementShape
from annotations.formats import units
from annotations.models import Claim, Project, Rating
from annotations.models.agreement import study_in, units_in
from annotations.rules.permissions import Verb
from annotations.rules.wanted import Wanted, wanted_of


class TableRenderer(JSONRenderer):
    """Lets a client ask for the table by its media type; what this writes are refusals."""

    media_type = units.MEDIA_TYPE
    format = units.SLUG


class Agreement(MembersDoor):
    renderer_classes = (JSONRenderer, TableRenderer)

    @extend_schema(
        operation_id="project_agreement",
        summary="How far reviewers agree, for moderators",
        parameters=[AgreementAsked],
        responses={
            (200, "application/json"): OpenApiResponse(AgreementShape, description="The figures."),
            (200, units.MEDIA_TYPE): OpenApiResponse(
                OpenApiTypes.STR,
                description="The ratings themselves: a row a claim, a column a reviewer.",
            ),
            **problems((400, 401, 403, 404)),
        },
    )
    def get(self, request: Request, slug: str) -> Response | StreamingHttpResponse:
        given = asked(AgreementAsked, request)
        project = find(Project.objects.of(actor(request)), "project", slug=slug)
        require(project.role, Verb.SEE_ALL_VERDICTS)
        wanted = wanted_of(given)
        if units.SLUG in (given["format"], request.accepted_renderer.format):
            return self.table(project, wanted)
        return Response(AgreementShape(study_in(project, wanted)).data)

    def table(self, project: Project, wanted: Wanted) -> StreamingHttpResponse:
        slugs = [one.slug for one in Rating.objects.in_use(project)]
        statements = dict(Claim.objects.filter(project=project).values_list("pk", "statement"))
        return StreamingHttpResponse(
            units.lines(units_in(project, wanted)[0], slugs, statements),
            content_type=f"{units.MEDIA_TYPE}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{project.slug}-agreement.csv"'},
        )
