"""Rulings: `/rulings/`, `/rulings/{id}/`, and what may follow one."""

import uuid
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.rulings import correct_ruling, publish_ruling, withdraw_ruling
from annotations.api import readable
from annotations.api.chosen import one_shown
from annotations.api.doors import Door, find
from annotations.api.given import actor, asked, body, in_days, narrowed
from annotations.api.openapi import AN_ID, OF_VERDICTS, lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.rulings import (
    CorrectionGiven,
    RulingGiven,
    RulingsAsked,
    RulingShape,
    WithdrawalGiven,
)
from annotations.api.versions import if_match
from annotations.models import LegalHold, Ruling

COLUMNS = {"claim": "claim", "rating": "rating__slug", "kind": "kind"}
CONCLUSION = {
    "rating": "misleading",
    "summary": "Spending rose by 8 %, and only in one month.",
    "evidence": [AN_ID],
}


class Rulings(Door):
    @lists(RulingShape, RulingsAsked, "rulings", "Published rulings, earlier ones included")
    def get(self, request: Request) -> Response:
        wanted = asked(RulingsAsked, request)
        rows = readable.rulings(request)
        rows = narrowed(rows, wanted, COLUMNS)
        if "current" in wanted:
            rows = rows.filter(superseded_at__isnull=wanted["current"])
        return page(in_days(rows, wanted, "made_at"), wanted, RulingShape, request)

    @writes(
        "ruling_publish",
        "Publish the project's conclusion on a claim (moderators)",
        RulingGiven,
        RulingShape,
        status=201,
        example={"claim": AN_ID, "reason": "The later figures are the complete ones."} | CONCLUSION,
        versioned=OF_VERDICTS,
    )
    def post(self, request: Request) -> Response:
        who = actor(request)
        given = body(RulingGiven, request)
        version = if_match(request)
        made = publish_ruling(given.pop("claim"), actor=who, version=version, **given)
        return Response(ruling_of(request, made.pk), status=201)


class OneRuling(Door):
    @reads(RulingShape, "ruling", "A ruling with the evidence it rests on")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        return Response(ruling_of(request, id))


class Correcting(Door):
    @writes(
        "ruling_correct",
        "Follow a ruling with a corrected one (moderators)",
        CorrectionGiven,
        RulingShape,
        status=201,
        example=CONCLUSION
        | {"note": "An earlier version gave the wrong month.", "correction": "substantial"},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(CorrectionGiven, request)
        read = read_by(request, id)
        made = correct_ruling(read.claim_id, actor=who, follows=read.number, **given)
        return Response(ruling_of(request, made.pk), status=201)


class Withdrawing(Door):
    @writes(
        "ruling_withdraw",
        "Take a ruling back (moderators)",
        WithdrawalGiven,
        RulingShape,
        status=201,
        example={"note": "The source has retracted its figures."},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(WithdrawalGiven, request)
        read = read_by(request, id)
        made = withdraw_ruling(read.claim_id, actor=who, follows=read.number, note=given["note"])
        return Response(ruling_of(request, made.pk), status=201)


def ruling_of(request: Request, id: uuid.UUID) -> Any:
    """A ruling as the caller may see it."""
    claim = Ruling.objects.filter(pk=id).values("claim")[:1]
    holds = LegalHold.objects.told_on_claim(claim, request.user)
    found = find(readable.rulings(request), "ruling", holds=holds, pk=id)
    return one_shown(RulingShape, found, request)


def read_by(request: Request, id: uuid.UUID) -> Ruling:
    """The ruling of the caller's projects that a step is made on; another may have followed it."""
    return find(Ruling.objects.of(request.user), "ruling", pk=id)
