"""API tokens: the secret is shown once, when it is made; only its digest is kept."""

import uuid
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from annotations.actions.log import record
from annotations.models import Membership, Token, User
from annotations.rules import words
from annotations.rules.refusals import NotAllowed, NotFound
from annotations.rules.scopes import ALL, in_order, refuse_wider

MOST_FORGOTTEN_AT_ONCE = 10_000


@transaction.atomic
def make_token(
    user: User,
    name: str,
    *,
    actor: User,
    life: timedelta | None = None,
    scopes: Collection[str] = ALL,
    made_with: Token | None = None,
) -> tuple[Token, str]:
    """A new token of a person, and its secret, which cannot be had again.

    One that is made with a token may do no more than that one, and ends no later.
    """
    secret = Token.new_secret()
    wanted = in_order(scopes)
    ends = timezone.now() + (life or Token.LIFE)
    if made_with is not None:
        refuse_wider(made_with.scopes, wanted)
        if ends > made_with.expires_at and life is not None:
            raise NotAllowed(
                "The token that this is made with ends before. Choose fewer days.", field="days"
            )
        ends = min(ends, made_with.expires_at)
    token = Token.objects.create(
        user=user,
        name=words.line(name, "name", longest=100, required=True),
        digest=Token.digest_of(secret),
        hint=secret[:8],
        scopes=wanted,
        expires_at=ends,
    )
    _record(
        "make_token",
        token,
        actor=actor,
        after={"user": user.subject, "scopes": wanted, "expires_at": token.expires_at},
    )
    return token, secret


@transaction.atomic
def revoke_token(token_id: uuid.UUID, *, actor: User, done_with: Token | None = None) -> Token:
    """End a token at once, one's own or as owner a member's; it stays listed with the date.

    With a token none is ended that may do more.
    """
    mine = Token.objects.managed_by(actor).select_related("user")
    token = mine.select_for_update(of=("self",)).filter(pk=token_id).first()
    if token is None:
        raise NotFound("There is no such token.")
    if done_with is not None:
        refuse_wider(done_with.scopes, token.scopes)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        _record("revoke_token", token, actor=actor, after={"user": token.user.subject})
    return token


def note_use(token: Token) -> None:
    """Keep when a token was last used, to the minute, so that reads stay reads."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at >= Token.NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


@transaction.atomic
def forget_ended_tokens() -> int:
    """Delete the tokens that ended `Token.KEPT_AFTER` ago or earlier; the log keeps their making.

    Returns how many. The housekeeping's action, so nobody is its actor.
    """
    long_ago = timezone.now() - Token.KEPT_AFTER
    ended = Token.objects.ended_before(long_ago).select_related("user")
    tokens = list(ended.select_for_update(of=("self",), skip_locked=True)[:MOST_FORGOTTEN_AT_ONCE])
    for token in tokens:
        _record("forget_token", token, actor=None, before={"user": token.user.subject})
    Token.objects.filter(pk__in=[token.pk for token in tokens]).delete()
    return len(tokens)


def _record(
    verb: str,
    token: Token,
    *,
    actor: User | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """An event in each project of the token's person, since the token opens them all.

    That of somebody who works in none is in no project's log.
    """
    projects = Membership.objects.filter(user=token.user_id).values_list("project", flat=True)
    for project in projects or (None,):
        record(verb, token, actor=actor, project=project, before=before, after=after)
