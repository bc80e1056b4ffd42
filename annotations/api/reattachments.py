"""What waits for a place in a new text: `/reattachments/`, and settling it."""

import uuid
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.revisions import let_go, reattach
from annotations.api.chosen import one_shown
from annotations.api.doors import MembersDoor, find
from annotations.api.given import actor, asked, body, narrowed
from annotations.api.openapi import AN_ID, lists, reads, writes
from annotations.api.pages import page
from annotations.api.problems import named
from annotations.api.shapes.revisions import (
    LetGoGiven,
    ReattachGiven,
    ReattachmentsAsked,
    ReattachmentShape,
    ReattachmentWithWordsShape,
)
from annotations.models import Reattachment
from annotations.models.appearances import ReattachmentQuerySet

COLUMNS = {"article": "article__slug", "claim": "claim", "why": "why"}

# How the action names what is wrong with a place.
AT_THE_ONLY_PLACE = {"start": "places.0.start", "end": "places.0.end"}
AT_THE_PLACES = {"start": "places", "end": "places"}


def readable(request: Request) -> ReattachmentQuerySet:
    rows: ReattachmentQuerySet = Reattachment.objects.of(request.user)
    return rows.in_full().with_what_came()


class Reattachments(MembersDoor):
    @lists(
        ReattachmentShape, ReattachmentsAsked, "reattachments", "Places that wait, and that waited"
    )
    def get(self, request: Request) -> Response:
        wanted = asked(ReattachmentsAsked, request)
        rows = readable(request)
        rows = narrowed(rows, wanted, COLUMNS)
        if "settled" in wanted:
            rows = rows.filter(settled_at__isnull=not wanted["settled"])
        return page(rows, wanted, ReattachmentShape, request)


class OneReattachment(MembersDoor):
    @reads(
        ReattachmentWithWordsShape, "reattachment", "A place that waits, with the words to choose"
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        return Response(reattachment_of(request, id))


class Reattaching(MembersDoor):
    @writes(
        "reattach",
        "Give a place that waits its new place, or several (moderators)",
        ReattachGiven,
        ReattachmentWithWordsShape,
        example={
            "revision": AN_ID,
            "places": [{"start": 42, "end": 64}],
            "quote": "spent 13% more in 2024",
            "ask_again": True,
        },
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(ReattachGiven, request)
        places = [(one["start"], one["end"]) for one in given["places"]]
        with named(AT_THE_ONLY_PLACE if len(places) == 1 else AT_THE_PLACES):
            reattach(
                id,
                actor=who,
                places=places,
                quote=given["quote"],
                ask_again=given["ask_again"],
                revision_id=given["revision"],
            )
        return Response(reattachment_of(request, id))


class LettingGo(MembersDoor):
    @writes(
        "let_go",
        "Leave a place in the older text: the newest does not say it (moderators)",
        LetGoGiven,
        ReattachmentWithWordsShape,
        example={"note": "The paragraph was taken out."},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(LetGoGiven, request)
        let_go(id, actor=who, note=given["note"], revision_id=given["revision"])
        return Response(reattachment_of(request, id))


def reattachment_of(request: Request, id: uuid.UUID) -> Any:
    """A place that waits or waited, with the words of what may be chosen."""
    found = find(readable(request), "mark that waits for a place", pk=id)
    return one_shown(ReattachmentWithWordsShape, found, request, {"text": found.revision.text})
