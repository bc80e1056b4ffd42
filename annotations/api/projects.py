"""Projects: `/projects/`, `/projects/{slug}/`."""

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.projects import edit_project, found_project, settings_of
from annotations.actions.versions import version_now
from annotations.api import readable
from annotations.api.chosen import one_shown
from annotations.api.doors import Door, find
from annotations.api.given import Asked, actor, asked, body
from annotations.api.openapi import lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.projects import NewProjectGiven, ProjectGiven, ProjectShape
from annotations.api.versions import if_match, versioned
from annotations.models import Project


class Projects(Door):
    @lists(ProjectShape, Asked, "projects", "Your projects, and those with something published")
    def get(self, request: Request) -> Response:
        wanted = asked(Asked, request)
        rows = readable.projects(request)
        return page(rows, wanted, ProjectShape, request)

    @writes(
        "project_begin",
        "Begin a project with the standard scale; it is yours (owners of another)",
        NewProjectGiven,
        ProjectShape,
        status=201,
        example={"slug": "harbour", "name": "The harbour", "verdicts_required": 2, "blind": True},
    )
    def post(self, request: Request) -> Response:
        who = actor(request)
        made = found_project(actor=who, **body(NewProjectGiven, request))
        return shown(request, made.slug, 201)


class OneProject(Door):
    @reads(ProjectShape, "project", "A project with its rating scale")
    def get(self, request: Request, slug: str) -> Response:
        return shown(request, slug)

    @writes(
        "project_change",
        "Change a project's settings (its owner)",
        ProjectGiven,
        ProjectShape,
        example={"verdicts_required": 3, "blind": True},
        versioned=True,
    )
    def patch(self, request: Request, slug: str) -> Response:
        who = actor(request)
        given = body(ProjectGiven, request)
        project = named(request, slug)
        edit_project(project.pk, actor=who, version=if_match(request), **given)
        return shown(request, slug)


def shown(request: Request, slug: str, status: int = 200) -> Response:
    """A project, with its version."""
    project = named(request, slug)
    made = one_shown(ProjectShape, project, request)
    return versioned(made, version_now(settings_of(project)), status)


def named(request: Request, slug: str) -> Project:
    """The project of that name, if the caller may know of it."""
    return find(readable.projects(request), "project", slug=slug)
