"""Gold items: `/gold/`, for moderators, and what they taught, for reviewers."""

import uuid

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.gold import known_of, set_gold, unset_gold
from annotations.actions.versions import version_now
from annotations.api.chosen import one_shown
from annotations.api.doors import MembersDoor, find
from annotations.api.given import NothingGiven, actor, asked, body, narrowed
from annotations.api.openapi import AN_ID, lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.assignments import (
    GoldItemChange,
    GoldItemGiven,
    GoldItemsAsked,
    GoldItemShape,
)
from annotations.api.versions import if_match, versioned
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
        rows = narrowed(GoldItem.objects.visible_to(actor(request)), wanted, {})
        return page(rows, wanted, GoldItemShape, request)

    @writes(
        "gold_set",
        "Make a claim a gold item (moderators)",
        GoldItemGiven,
        GoldItemShape,
        status=201,
        example={
            "claim": AN_ID,
            "rating": "false",
            "explanation": "They rose by a tenth.",
        },
    )
    def post(self, request: Request) -> Response:
        who = actor(request)
        given = body(GoldItemGiven, request)
        claim, rating, why = given["claim"], given["rating"], given["explanation"]
        return shown(request, set_gold(claim, rating, why, actor=who, version=""), 201)


class OneGoldItem(MembersDoor):
    @reads(GoldItemShape, "gold", "A gold item")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        return shown(request, found(request, id))

    @writes(
        "gold_change",
        "Change what is known of a gold item (moderators)",
        GoldItemChange,
        GoldItemShape,
        example={"explanation": "They rose by a tenth, says the annex."},
        versioned=True,
    )
    def patch(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(GoldItemChange, request)
        gold = found(request, id)
        known = known_of(gold)
        version = if_match(request) or version_now(known)
        return shown(
            request, set_gold(gold.claim_id, **(known | given), actor=who, version=version)
        )


class UnsettingGold(MembersDoor):
    @writes("gold_unset", "Make it an ordinary claim (moderators)", versioned=True)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        body(NothingGiven, request)
        unset_gold(found(request, id).claim_id, actor=who, version=if_match(request))
        return Response(status=204)


def found(request: Request, id: uuid.UUID) -> GoldItem:
    """The gold item of that id, if the caller may know of it."""
    return find(GoldItem.objects.visible_to(actor(request)), "gold item", pk=id)


def shown(request: Request, gold: GoldItem, status: int = 200) -> Response:
    """A gold item with its version."""
    return versioned(one_shown(GoldItemShape, gold, request), version_now(known_of(gold)), status)
