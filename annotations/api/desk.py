"""What a desk is run with: `/projects/{slug}/members/`, `…/claimants/`, and the log, `/events/`."""

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.access import require
from annotations.actions.projects import set_role_of
from annotations.api.doors import MembersDoor, find
from annotations.api.given import Asked, actor, asked, body, narrowed
from annotations.api.openapi import lists, writes
from annotations.api.pages import page
from annotations.api.shapes.claims import ClaimantShape
from annotations.api.shapes.desk import (
    ClaimantsAsked,
    EventsAsked,
    EventShape,
    MemberGiven,
    MemberShape,
)
from annotations.models import Claimant, Event, Membership, Project
from annotations.rules.permissions import Verb

COLUMNS = {"claim": "claim_id", "thing": "object_id", "verb": "verb"}


class Members(MembersDoor):
    @lists(MemberShape, Asked, "members", "Who works in a project (moderators)")
    def get(self, request: Request, slug: str) -> Response:
        wanted = asked(Asked, request)
        project = find(Project.objects.of(actor(request)), "project", slug=slug)
        require(project.role, Verb.ASSIGN)
        rows = Membership.objects.filter(project=project).select_related("user")
        return page(rows, wanted, MemberShape, request, oldest_first=True)

    @writes(
        "member_set",
        "Give somebody a role in a project, or take it (owners)",
        MemberGiven,
        example={"pseudonym": "Heron", "role": "reviewer"},
    )
    def post(self, request: Request, slug: str) -> Response:
        who = actor(request)
        given = body(MemberGiven, request)
        project = find(Project.objects.of(who), "project", slug=slug)
        set_role_of(project.pk, given["pseudonym"], given["role"], actor=who)
        return Response(status=204)


class Claimants(MembersDoor):
    @lists(ClaimantShape, ClaimantsAsked, "claimants", "The claimants that a project knows")
    def get(self, request: Request, slug: str) -> Response:
        wanted = asked(ClaimantsAsked, request)
        project = find(Project.objects.of(actor(request)), "project", slug=slug)
        rows = Claimant.objects.named_like(project.pk, wanted.get("like", ""))
        return page(rows, wanted, ClaimantShape, request)


class Events(MembersDoor):
    @lists(EventShape, EventsAsked, "events", "The log of the projects you moderate or own")
    def get(self, request: Request) -> Response:
        wanted = asked(EventsAsked, request)
        rows = Event.objects.of(actor(request)).select_related("project", "actor")
        rows = narrowed(rows, wanted, COLUMNS)
        return page(rows, wanted, EventShape, request)
