"""One's own API tokens: `/tokens/`, and `/tokens/current/` for what the one in use may do."""

import uuid

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.tokens import make_token, revoke_token
from annotations.api.doors import MembersDoor, find
from annotations.api.given import Asked, NothingGiven, actor, asked, body
from annotations.api.openapi import lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.tokens import TokenGiven, TokenShape, TokenWithSecretShape
from annotations.models import Token
from annotations.rules.refusals import NotFound
from annotations.rules.scopes import ALL, life


def in_use(request: Request) -> Token | None:
    """The token that a request came with; None where a session did it."""
    return request.auth if isinstance(request.auth, Token) else None


class Tokens(MembersDoor):
    shows_a_secret = True

    @lists(TokenShape, Asked, "tokens", "Your tokens, ended ones too for 90 days")
    def get(self, request: Request) -> Response:
        wanted = asked(Asked, request)
        return page(Token.objects.of(actor(request)), wanted, TokenShape, request)

    @writes(
        "token_make",
        "Make a token; the answer shows its secret, once",
        TokenGiven,
        TokenWithSecretShape,
        status=201,
        example={"name": "nightly export", "scopes": ["read"], "days": 30},
        shows_a_secret=True,
    )
    def post(self, request: Request) -> Response:
        me, current = actor(request), in_use(request)
        given = body(TokenGiven, request)
        made, secret = make_token(
            me,
            given["name"],
            actor=me,
            life=life(given["days"]) if "days" in given else None,
            scopes=given.get("scopes", current.scopes if current else ALL),
            made_with=current,
        )
        return Response(dict(TokenShape(made).data) | {"secret": secret}, status=201)


class CurrentToken(MembersDoor):
    @reads(TokenShape, "token_current", "The token that this is sent with: what it may do")
    def get(self, request: Request) -> Response:
        asked(NothingGiven, request)
        current = in_use(request)
        if current is None:
            raise NotFound("This came with the session of the pages, and with no token.")
        return Response(TokenShape(current).data)


class OneToken(MembersDoor):
    @reads(TokenShape, "token", "One of your tokens")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        asked(NothingGiven, request)
        return Response(TokenShape(find(Token.objects.of(actor(request)), "token", pk=id)).data)


class Revoking(MembersDoor):
    @writes("token_revoke", "End one of your tokens at once", None, TokenShape)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        me = actor(request)
        body(NothingGiven, request)
        mine = find(Token.objects.of(me), "token", pk=id)
        ended = revoke_token(mine.pk, actor=me, done_with=in_use(request))
        return Response(TokenShape(ended).data)
