"""`/changes/`: what to read again, since one last asked."""

import uuid

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.doors import Door, find
from annotations.api.given import asked
from annotations.api.openapi import READ, problems
from annotations.api.pages import address_with, size_of
from annotations.api.shapes.changes import ChangesAsked, ChangesShape
from annotations.models import Project, User
from annotations.models.changes import Changes as Page
from annotations.models.changes import changes_since, positions_now, readable
from annotations.rules.chain import SITE
from annotations.rules.changes import NO_CURSOR, Positions, packed, read, unpacked, written
from annotations.rules.refusals import Malformed
from annotations.rules.sealing import close, reopen

NOW = "now"


class Changes(Door):
    @extend_schema(
        operation_id="changes_list",
        summary="What changed of what you may read, since you last asked",
        parameters=[ChangesAsked],
        responses={
            200: OpenApiResponse(ChangesShape, description="A page of changes, oldest first."),
            **problems(READ),
        },
    )
    def get(self, request: Request) -> Response:
        wanted = asked(ChangesAsked, request)
        after, slug = wanted.get("after", ""), wanted.get("project", "")
        who = request.user
        positions = opened(after, who) if after and after != NOW else None
        if slug:
            projects = [find(Project.objects.readable_by(who), "project", slug=slug)]
        else:
            projects = readable(who)
        if after == NOW:
            page = Page([], positions_now(projects), more=False)
        else:
            most = size_of(wanted)
            page = changes_since(positions, who, projects, everything=not slug, most=most)
        cursor = closed(page.positions, who)
        told = {
            "results": page.changes,
            "cursor": cursor,
            "next": address_with(request, after=cursor),
            "more": page.more,
        }
        return Response(ChangesShape(told).data)


def closed(positions: Positions, who: User | AnonymousUser) -> str:
    """A cursor that nobody else can use or read: its numbers tell how much there is in all."""
    return written(close(settings.CURSOR_KEY, owner(who), packed(positions)))


def opened(cursor: str, who: User | AnonymousUser) -> dict[uuid.UUID, int]:
    found = reopen(settings.CURSOR_KEY, owner(who), read(cursor))
    if found is None:
        raise Malformed(NO_CURSOR, field="after")
    return unpacked(found)


def owner(who: User | AnonymousUser) -> uuid.UUID:
    return who.subject if isinstance(who, User) else SITE
