"""Comments: `/comments/`, `/comments/{id}/`, and removing one. Readers see none of it."""

import uuid
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.comments import comment, edit_comment, remove_comment, worded
from annotations.actions.versions import version_now
from annotations.api.chosen import one_shown
from annotations.api.doors import MembersDoor, find
from annotations.api.given import actor, asked, body, narrowed
from annotations.api.openapi import AN_ID, lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.comments import (
    CommentChange,
    CommentGiven,
    CommentsAsked,
    CommentShape,
    RemovalGiven,
)
from annotations.api.versions import if_match, versioned
from annotations.models import Comment, User
from annotations.models.comments import CommentQuerySet

COLUMNS = {"claim": "claim", "kind": "kind"}


def readable(who: User) -> CommentQuerySet:
    rows: CommentQuerySet = Comment.objects.visible_to(who)
    return rows.in_full()


class Comments(MembersDoor):
    @lists(CommentShape, CommentsAsked, "comments", "Comments that you may read")
    def get(self, request: Request) -> Response:
        wanted = asked(CommentsAsked, request)
        who = actor(request)
        rows = readable(who)
        rows = narrowed(rows, wanted, COLUMNS)
        if wanted.get("asks_me"):
            rows = rows.asking(who)
        return page(rows, wanted, CommentShape, request)

    @writes(
        "comment_write",
        "Comment on a claim, or answer a comment",
        CommentGiven,
        CommentShape,
        status=201,
        example={
            "claim": AN_ID,
            "text": "The annex has the monthly figures.",
        },
    )
    def post(self, request: Request) -> Response:
        who = actor(request)
        given = body(CommentGiven, request)
        made = comment(given["claim"], given["text"], actor=who, parent=given["parent"])
        return shown(request, made.pk, 201)


class OneComment(MembersDoor):
    @reads(CommentShape, "comment", "A comment, with whom it asks and who has answered")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        return shown(request, id)

    @writes(
        "comment_change",
        "Change the words of your comment",
        CommentChange,
        CommentShape,
        example={"text": "The annex has them by month."},
        versioned=True,
    )
    def patch(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(CommentChange, request)
        edit_comment(id, given["text"], actor=who, version=if_match(request))
        return shown(request, id)


class RemovingComment(MembersDoor):
    @writes(
        "comment_remove",
        "Take a comment's words away: your own, or as a moderator with a reason",
        RemovalGiven,
        CommentShape,
        example={"reason": "It is about a person and not about the claim."},
        versioned=True,
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(RemovalGiven, request)
        remove_comment(id, actor=who, reason=given["reason"], version=if_match(request))
        return shown(request, id)


def shown(request: Request, id: uuid.UUID, status: int = 200) -> Response:
    """A comment as the caller may see it, with its version."""
    found: Any = find(readable(actor(request)), "comment", pk=id)
    return versioned(one_shown(CommentShape, found, request), version_now(worded(found)), status)
