"""Gold items: `/gold/`, for moderators, and what they taught, for reviewers."""

import uuid

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.gold import set_gold, unset_gold
from annotations.api.doors import MembersDoor, find
from annotations.api.given import NothingGiven, actor, asked, body
from annotations.api.openapi import lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.assignments import GoldItemGiven, GoldItemsAsked, GoldItemShape
from annotations.models import GoldItem


class GoldItems(MembersDoor):
    @lists(
        GoldItemShape,
        GoldItemsAsked,
        "gold",
        "Gold items: as moderator all, as reviewer those that told you their answer",
    )
    def get(self, request: Request) -> Response:
        wanted = asked(GoldItemsAsked, request)
        rows = GoldItem.objects.visible_to(actor(request))
        if "project" in wanted:
            rows = rows.filter(project__slug=wanted["project"])
        return page(rows, wanted, GoldItemShape, request)

    @writes(
        "gold_set",
        "Make a claim a gold item, or change one (moderators)",
        GoldItemGiven,
        GoldItemShape,
        status=201,
        example={
            "claim": "0195a5f0-0000-7000-8000-000000000000",
            "rating": "false",
            "explanation": "They rose by a tenth.",
        },
    )
    def post(self, request: Request) -> Response:
        who = actor(request)
        given = body(GoldItemGiven, request)
        made = set_gold(given["claim"], given["rating"], given["explanation"], actor=who)
        return Response(GoldItemShape(made).data, status=201)


class OneGoldItem(MembersDoor):
    @reads(GoldItemShape, "gold", "A gold item")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        rows = GoldItem.objects.visible_to(actor(request))
        return Response(GoldItemShape(find(rows, "gold item", pk=id)).data)


class UnsettingGold(MembersDoor):
    @writes("gold_unset", "Make it an ordinary claim (moderators)")
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        body(NothingGiven, request)
        unset_gold(find(GoldItem.objects.visible_to(who), "gold item", pk=id).claim_id, actor=who)
        return Response(status=204)
