"""Comments on a page: the threads of a claim, and what was sent to them."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from annotations.actions.comments import comment, edit_comment, remove_comment, worded
from annotations.actions.versions import version_now
from annotations.models import Claim, Comment, User
from annotations.models.comments import threads_of
from annotations.rules.permissions import Verb, may
from annotations.rules.refusals import Malformed, Refusal
from annotations.rules.states import JUDGED
from annotations.web.access import person_of


@dataclass(frozen=True, slots=True)
class Talk:
    """What was turned down: what was to be done, to which comment, and the words."""

    do: str
    at: str
    text: str
    refusal: Refusal

    @property
    def sentence(self) -> str:
        return self.refusal.sentence


def talked(request: HttpRequest, claim: uuid.UUID) -> Talk | None:
    """Do what was sent about the comments on a claim; what was turned down, if it was."""
    given, actor = request.POST, person_of(request)
    do, at, text = given.get("do", ""), given.get("comment", ""), given.get("text", "")
    version = given.get("version") or None
    try:
        if do == "comment":
            comment(claim, text, actor=actor, parent=_id(at) if at else None)
        elif do == "edit_comment":
            edit_comment(_id(at), text, actor=actor, version=version)
        elif do == "remove_comment":
            remove_comment(_id(at), actor=actor, reason=text, version=version)
        else:
            raise Malformed("This page has no such button. Reload it.")
    except Refusal as refusal:
        return Talk(do, at, text, refusal)
    return None


def talk_of(
    claim: Claim, person: User, refused: Talk | None = None, *, new: bool = False
) -> dict[str, Any]:
    """What the comments' part of a page shows: two queries, and none for a `new` claim."""
    comments = [] if new else list(Comment.objects.on_claim(claim.pk, person))
    for one in comments:
        one.version = version_now(worded(one))
    threads = threads_of(comments)
    return {
        "threads": threads,
        "comment_count": sum(1 + len(one.answers) for one in threads),
        "asked_of_me": [
            one.comment
            for one in threads
            if person in one.comment.waits_for and claim.state in JUDGED
        ],
        "talk_refused": refused,
        "may_remove_all": may(claim.role, Verb.REMOVE_COMMENT, own=False),
    }


def _id(value: str) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except ValueError:
        raise Malformed("Reload the page and try again.") from None
