"""Legal holds: `/holds/`, `/holds/{id}/`, and lifting one."""

import uuid
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.holds import lift_hold, place_hold
from annotations.api.chosen import one_shown
from annotations.api.doors import MembersDoor, find
from annotations.api.given import actor, asked, body, narrowed
from annotations.api.openapi import lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.holds import HoldGiven, HoldsAsked, HoldShape, LiftGiven
from annotations.models import Article, LegalHold
from annotations.models.holds import LegalHoldQuerySet

COLUMNS = {"claim": "claim", "article": "article__slug"}


def readable(request: Request) -> LegalHoldQuerySet:
    rows: LegalHoldQuerySet = LegalHold.objects.of_moderators(request.user)
    return rows


class Holds(MembersDoor):
    @lists(HoldShape, HoldsAsked, "holds", "Legal holds of the projects that you moderate")
    def get(self, request: Request) -> Response:
        wanted = asked(HoldsAsked, request)
        rows = readable(request)
        rows = narrowed(rows, wanted, COLUMNS)
        if "standing" in wanted:
            rows = rows.filter(lifted_at__isnull=wanted["standing"])
        return page(rows, wanted, HoldShape, request)

    @writes(
        "hold_place",
        "Keep a claim or an article from readers (owners)",
        HoldGiven,
        HoldShape,
        status=201,
        example={
            "article": "council-spends-more",
            "kind": "restrict",
            "authority": "District court of Example",
            "ground": "Interim injunction 4 O 12/26",
            "ordered_on": "2026-02-11",
            "notice": "We have appealed.",
        },
    )
    def post(self, request: Request) -> Response:
        who = actor(request)
        given = body(HoldGiven, request)
        if "article" in given:
            rows = Article.objects.of(who)
            given["article"] = find(rows, "article", slug=given["article"]).pk
        made = place_hold(actor=who, **given)
        return Response(hold_of(request, made.pk), status=201)


class OneHold(MembersDoor):
    @reads(HoldShape, "hold", "A legal hold")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        return Response(hold_of(request, id))


class Lifting(MembersDoor):
    @writes(
        "hold_lift",
        "End a legal hold (owners)",
        LiftGiven,
        HoldShape,
        example={"because": "The injunction was set aside on 2 March."},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        lift_hold(id, actor=who, **body(LiftGiven, request))
        return Response(hold_of(request, id))


def hold_of(request: Request, id: uuid.UUID) -> Any:
    return one_shown(HoldShape, find(readable(request), "hold", pk=id), request)
