"""What foreign ratings are on a project's scale: `/projects/{slug}/rating-maps/`."""

import uuid

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.access import require
from annotations.actions.rating_maps import map_rating, mapped, unmap_rating
from annotations.actions.versions import version_now
from annotations.api.chosen import one_shown
from annotations.api.doors import MembersDoor, find
from annotations.api.given import MOST_A_PAGE, Asked, actor, asked, body
from annotations.api.openapi import READ, choosing, problems, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.imports import (
    RatingMapGiven,
    RatingMapPageShape,
    RatingMapShape,
)
from annotations.api.versions import if_match, versioned
from annotations.models import Project, RatingMap
from annotations.models.imports import unmapped
from annotations.rules.permissions import Verb


class RatingMaps(MembersDoor):
    @extend_schema(
        operation_id="rating_maps_list",
        summary="What foreign ratings are here, and those that wait for a map (moderators)",
        parameters=[Asked, *choosing(RatingMapShape)],
        responses={
            200: OpenApiResponse(RatingMapPageShape, description="A page of the maps."),
            **problems(READ),
        },
    )
    def get(self, request: Request, slug: str) -> Response:
        wanted = asked(Asked, request)
        project = find(Project.objects.of(actor(request)), "project", slug=slug)
        require(project.role, Verb.MAP_RATINGS)
        rows = RatingMap.objects.of(actor(request)).filter(project=project)
        answer = page(rows, wanted, RatingMapShape, request)
        waiting = unmapped(project.pk)
        words = [{"word": word, "verdicts": times} for word, times in waiting[:MOST_A_PAGE]]
        answer.data |= {"unmapped": words, "unmapped_in_all": len(waiting)}
        return answer

    @writes(
        "rating_map_make",
        "Say what a foreign rating is here; verdicts that waited for it come in (moderators)",
        RatingMapGiven,
        RatingMapShape,
        status=201,
        example={"word": "Pants on Fire!", "rating": "false"},
    )
    def post(self, request: Request, slug: str) -> Response:
        who = actor(request)
        given = body(RatingMapGiven, request)
        project = find(Project.objects.of(who), "project", slug=slug)
        made = map_rating(project.pk, given["word"], given["rating"] or "", actor=who)
        return shown(request, made, 201)


class OneRatingMap(MembersDoor):
    @reads(RatingMapShape, "rating_map", "What a foreign rating is here (moderators)")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        found = find(RatingMap.objects.of(actor(request)), "rating map", pk=id)
        require(found.role, Verb.MAP_RATINGS)
        return shown(request, found)

    @writes(
        "rating_map_remove",
        "Take a map away: files that come later ask again (moderators)",
        versioned=True,
    )
    def delete(self, request: Request, id: uuid.UUID) -> Response:
        unmap_rating(id, actor=actor(request), version=if_match(request))
        return Response(status=204)


def shown(request: Request, found: RatingMap, status: int = 200) -> Response:
    """A map with its version."""
    return versioned(one_shown(RatingMapShape, found, request), version_now(mapped(found)), status)
