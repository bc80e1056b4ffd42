"""Comments on a claim: writing, changing and removing them."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from annotations.actions.access import lock_claim, require
from annotations.actions.log import record
from annotations.actions.versions import refuse_outdated
from annotations.models import Addressee, Comment, User
from annotations.rules import words
from annotations.rules.comments import LONGEST, MOST_ON_A_CLAIM
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Conflict, Malformed, NotAllowed, NotFound

NO_COMMENT = "There is no such comment, or you may not know of it."


def worded(comment: Comment) -> dict[str, object]:
    """What of a comment can be changed; its version is made of it."""
    return {"text": comment.text}


@transaction.atomic
def comment(
    claim_id: uuid.UUID, text: str, *, actor: User, parent: uuid.UUID | None = None
) -> Comment:
    """A remark on a claim, or with `parent` an answer to a comment on it."""
    claim = lock_claim(claim_id, actor, Verb.COMMENT)
    made = Comment(claim=claim)
    if parent is not None:
        answered = Comment.objects.visible_to(actor).filter(claim=claim, pk=parent).first()
        if answered is None:
            raise NotFound(NO_COMMENT, field="parent")
        if answered.removed_at is not None:
            raise Conflict("This comment was removed, so it takes no answers.", field="parent")
        made.parent_id = answered.parent_id or answered.pk
    return write(made, text, asked=(), actor=actor)


@transaction.atomic
def edit_comment(
    comment_id: uuid.UUID, text: str, *, actor: User, version: str | None = None
) -> Comment:
    """Change the words of one's own comment; the log keeps those of before."""
    found = _standing(comment_id, actor)
    require(found.role, Verb.COMMENT)
    if found.author_id != actor.pk:
        raise NotAllowed("Somebody else wrote this comment. Answer it instead.")
    refuse_outdated(found, version, worded(found), "edit_comment")
    before, found.text = worded(found), _text(text, "text")
    if worded(found) != before:
        found.edited_at = timezone.now()
        found.save(update_fields=["text", "edited_at"])
        _tell("edit_comment", found, actor, before, worded(found))
    return found


@transaction.atomic
def remove_comment(
    comment_id: uuid.UUID, *, actor: User, reason: str = "", version: str | None = None
) -> Comment:
    """Take a comment's words away; what was answered to it stays.

    A moderator says why another's was removed; the reason stands where the comment stood.
    """
    found = _standing(comment_id, actor)
    own = found.author_id == actor.pk
    require(found.role, Verb.REMOVE_COMMENT, own=own)
    refuse_outdated(found, version, worded(found), "edit_comment")
    reason = words.line(reason, "reason", longest=300)
    if not own and not reason:
        raise Malformed(
            "Say why you remove it: its writer reads this. Write a few words.", field="reason"
        )
    before, found.text = worded(found), ""
    found.removed_at, found.removed_by, found.removed_because = timezone.now(), actor, reason
    found.save(update_fields=["text", "removed_at", "removed_by", "removed_because"])
    _tell("remove_comment", found, actor, before, worded(found), reason)
    return found


def write(
    made: Comment, text: str, *, asked: Sequence[User], actor: User, field: str = "text"
) -> Comment:
    """Save a new comment with whom it asks. Expects the lock of its claim."""
    if Comment.objects.filter(claim=made.claim).count() >= MOST_ON_A_CLAIM:
        raise Conflict(f"There are {MOST_ON_A_CLAIM} comments on this claim, which is the most.")
    made.text = _text(text, field)
    made.project_id, made.author = made.claim.project_id, actor
    made.save(force_insert=True)
    Addressee.objects.bulk_create(
        Addressee(project_id=made.project_id, comment=made, person=one) for one in asked
    )
    after: dict[str, object] = {"text": made.text, "parent": made.parent_id}
    if asked:
        after["asked"] = [one.pseudonym for one in asked]
    _tell("ask_again" if asked else "comment", made, actor, None, after)
    return made


def _standing(comment_id: uuid.UUID, actor: User) -> Comment:
    """A comment that stands and that the actor may read, with `role`; its row is locked."""
    found = (
        Comment.objects.visible_to(actor)
        .with_role(actor)
        .select_for_update(of=("self",))
        .filter(pk=comment_id)
        .first()
    )
    if found is None:
        raise NotFound(NO_COMMENT)
    if found.removed_at is not None:
        raise Conflict("This comment was removed already.")
    return found


def _text(value: str, field: str) -> str:
    made = words.prose(value, field, longest=LONGEST)
    if not made:
        raise Malformed("This is empty. Write a sentence.", field=field)
    return made


def _tell(
    verb: str,
    found: Comment,
    actor: User,
    before: dict[str, object] | None,
    after: dict[str, object],
    reason: str = "",
) -> None:
    record(
        verb,
        found,
        actor=actor,
        project=found.project_id,
        claim=found.claim_id,
        before=before,
        after=after,
        reason=reason,
    )
