"""Projects: `/projects/`, `/projects/{slug}/`."""

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.projects import edit_project
from annotations.api.doors import Door, find
from annotations.api.given import Asked, actor, asked, body
from annotations.api.openapi import lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.projects import ProjectGiven, ProjectShape
from annotations.models import Project


class Projects(Door):
    @lists(ProjectShape, Asked, "projects", "Your projects, and those with something published")
    def get(self, request: Request) -> Response:
        wanted = asked(Asked, request)
        rows = Project.objects.readable_by(request.user).with_scale()
        return page(rows, wanted, ProjectShape, request)


class OneProject(Door):
    @reads(ProjectShape, "project", "A project with its rating scale")
    def get(self, request: Request, slug: str) -> Response:
        return Response(ProjectShape(self.project(request, slug)).data)

    @writes(
        "project_change",
        "Change a project's settings (its owner)",
        ProjectGiven,
        ProjectShape,
        example={"verdicts_required": 3, "blind": True},
    )
    def patch(self, request: Request, slug: str) -> Response:
        who = actor(request)
        given = body(ProjectGiven, request)
        edit_project(self.project(request, slug).pk, actor=who, **given)
        return Response(ProjectShape(self.project(request, slug)).data)

    def project(self, request: Request, slug: str) -> Project:
        return find(Project.objects.readable_by(request.user).with_scale(), "project", slug=slug)
