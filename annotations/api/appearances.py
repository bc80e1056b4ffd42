"""The places where claims stand: `/appearances/`, `/appearances/{id}/`."""

import uuid
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.claims import add_appearance, move_appearance, remove_appearance, stands
from annotations.actions.versions import version_now
from annotations.api import readable
from annotations.api.bulk import in_bulk, writes_many
from annotations.api.chosen import one_shown
from annotations.api.claims import span
from annotations.api.doors import Door, find
from annotations.api.given import actor, asked, body, narrowed
from annotations.api.openapi import AN_ID, lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.claims import (
    AppearanceChange,
    AppearanceGiven,
    AppearancesAsked,
    AppearanceShape,
)
from annotations.api.versions import if_match, versioned
from annotations.models import Appearance

COLUMNS = {
    "article": "article__slug",
    "revision": "revision",
    "claim": "claim",
}

PLACE = {
    "claim": AN_ID,
    "article": "peace-deal-must-exclude-ukraine-from-nato",
    "start": 120,
    "end": 164,
}


class Appearances(Door):
    @lists(AppearanceShape, AppearancesAsked, "appearances", "Places where claims stand")
    def get(self, request: Request) -> Response:
        wanted = asked(AppearancesAsked, request)
        rows = readable.appearances(request)
        rows = narrowed(rows, wanted, COLUMNS)
        return page(rows, wanted, AppearanceShape, request)

    @writes(
        "appearance_add",
        "Add a further place of a claim",
        AppearanceGiven,
        AppearanceShape,
        status=201,
        example=PLACE,
    )
    def post(self, request: Request) -> Response:
        actor(request)
        return added(request, body(AppearanceGiven, request))


class ManyAppearances(Door):
    @writes_many(
        "appearances_add",
        "Add many places of claims",
        AppearanceGiven,
        AppearanceShape,
        example=[PLACE],
    )
    def post(self, request: Request) -> Response:
        actor(request)
        return in_bulk(request, AppearanceGiven, lambda given: added(request, given))


class OneAppearance(Door):
    @reads(AppearanceShape, "appearance", "A place where a claim stands")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        return shown(request, id)

    @writes(
        "appearance_move",
        "Mark other words for a place, its claim kept",
        AppearanceChange,
        AppearanceShape,
        example={"start": 120, "end": 171},
        versioned=True,
    )
    def patch(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(AppearanceChange, request)
        given["revision_id"] = given.pop("revision", None)
        move_appearance(id, **given, actor=who, version=if_match(request))
        return shown(request, id)

    @writes("appearance_remove", "Take away one of a claim's several places", versioned=True)
    def delete(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        find(Appearance.objects.readable_by(who), "place", pk=id)
        remove_appearance(id, actor=who, version=if_match(request))
        return Response(status=204)


def added(request: Request, given: dict[str, Any]) -> Response:
    """A further place of a claim, with its version."""
    made = add_appearance(given["claim"], **span(given), actor=actor(request))
    return shown(request, made.pk, 201)


def shown(request: Request, id: uuid.UUID, status: int = 200) -> Response:
    """A place as the caller may see it, with its version."""
    place = find(readable.appearances(request), "place", pk=id)
    return versioned(one_shown(AppearanceShape, place, request), version_now(stands(place)), status)
