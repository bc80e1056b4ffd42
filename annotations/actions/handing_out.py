"""Work that moderators hand out, move and take back, and what they keep out of the queue."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from annotations.actions.access import article_for, lock_claim, require
from annotations.actions.assignments import end, lend, take_out, until_of
from annotations.actions.log import record
from annotations.models import (
    Article,
    Assignment,
    Claim,
    Membership,
    Project,
    Skip,
    User,
    Verdict,
)
from annotations.rules import words
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Conflict, Malformed, NotFound
from annotations.rules.work import LONGEST_LOAN, Ended


@transaction.atomic
def hold_back(claim_id: uuid.UUID, *, actor: User, reason: str = "") -> Claim:
    """Take a claim out of the queue for everyone; whoever has it may go on."""
    claim = lock_claim(claim_id, actor, Verb.ASSIGN)
    if not claim.queued:
        raise Conflict("This claim is out of the queue already.")
    take_out(claim, actor, words.prose(reason, "reason"))
    return claim


@transaction.atomic
def put_back(claim_id: uuid.UUID, *, actor: User) -> Claim:
    """Let the queue lend a claim (again): what was asked or done by skips for all is settled."""
    claim = lock_claim(claim_id, actor, Verb.ASSIGN, in_any_state=True)
    if claim.gold.exists():
        raise Conflict("This claim is a gold item. Take it out of the gold items first.")
    asked = Skip.objects.filter(claim=claim, asks_all=True).update(asks_all=False)
    if claim.queued and not asked:
        raise Conflict("This claim is in the queue already.")
    claim.queued = True
    claim.save(update_fields=["queued"])
    record("put_back", claim, actor=actor, project=claim.project_id, claim=claim.pk)
    return claim


@transaction.atomic
def assign(
    claim_id: uuid.UUID, reviewer_id: int, *, actor: User, minutes: int | None = None
) -> Assignment:
    """Lend a claim to a member, for the project's time or for so many minutes."""
    claim = lock_claim(claim_id, actor, Verb.ASSIGN)
    return _assign(claim.project, _member(claim.project, reviewer_id), actor, minutes, claim=claim)


@transaction.atomic
def assign_article(
    article_id: uuid.UUID | str, reviewer_id: int, *, actor: User, minutes: int | None = None
) -> Assignment:
    """Lend an article to a member."""
    article = article_for(article_id, actor, Verb.ASSIGN)
    reviewer = _member(article.project, reviewer_id)
    return _assign(article.project, reviewer, actor, minutes, article=article)


@transaction.atomic
def reassign(assignment_id: uuid.UUID, reviewer_id: int, *, actor: User) -> Assignment:
    """Take work from one member and lend it to another, for no shorter than it was still lent."""
    old = _of_somebody(assignment_id, actor)
    if old.claim is not None:
        lock_claim(old.claim.pk, actor, Verb.ASSIGN)
    reviewer = _member(old.project, reviewer_id)
    if reviewer.pk == old.reviewer_id:
        raise Conflict(f"{reviewer.pseudonym} has it already.", field="reviewer")
    end(old, Ended.REASSIGNED)
    _refuse_unlendable(old.claim, old.article, reviewer)
    until = max(old.until, until_of(old.project))
    new = lend(old.project, reviewer, by=actor, until=until, claim=old.claim, article=old.article)
    _tell("reassign", new, actor, before={"user": old.reviewer.subject})
    return new


@transaction.atomic
def take_back(assignment_id: uuid.UUID, *, actor: User) -> Assignment:
    """End a member's loan."""
    old = _of_somebody(assignment_id, actor)
    end(old, Ended.TAKEN_BACK)
    _tell("take_back", old, actor)
    return old


def _of_somebody(assignment_id: uuid.UUID, actor: User) -> Assignment:
    """A live loan, which the actor has to be a moderator to change."""
    found: Assignment | None = (
        Assignment.objects.visible_to(actor).in_full().filter(pk=assignment_id).first()
    )
    if found is None:
        raise NotFound("There is no such assignment.")
    member = Membership.objects.filter(project=found.project, user=actor).first()
    require(member.role if member else None, Verb.ASSIGN)
    if not Assignment.objects.live().filter(pk=found.pk).exists():
        raise Conflict("This is no longer lent: it was given back or ran out. Reload the page.")
    return found


def _member(project: Project, reviewer_id: int) -> User:
    members = Membership.objects.select_related("user").filter(project=project, user=reviewer_id)
    member = members.filter(user__is_active=True).first()
    if member is None:
        raise Malformed("Nobody of this name works in the project.", field="reviewer")
    return member.user


def _assign(
    project: Project,
    reviewer: User,
    actor: User,
    minutes: int | None,
    *,
    claim: Claim | None = None,
    article: Article | None = None,
) -> Assignment:
    longest = int(LONGEST_LOAN.total_seconds() // 60)
    if minutes is not None and not 1 <= minutes <= longest:
        raise Malformed(f"Work is lent for 1 to {longest:,} minutes.", field="minutes")
    _refuse_unlendable(claim, article, reviewer)
    until = timezone.now() + timedelta(minutes=minutes) if minutes else None
    made = lend(project, reviewer, by=actor, until=until, claim=claim, article=article)
    _tell("assign", made, actor)
    return made


def _refuse_unlendable(claim: Claim | None, article: Article | None, reviewer: User) -> None:
    """Say to a moderator, who sees every verdict, why a thing is not lent to somebody."""
    held = Assignment.objects.live().filter(reviewer=reviewer, claim=claim, article=article)
    if held.exists():
        raise Conflict(f"{reviewer.pseudonym} has it already.", field="reviewer")
    if claim is None:
        return
    judged = Verdict.objects.current().filter(claim=claim)
    if judged.filter(reviewer=reviewer).exists():
        raise Conflict(f"{reviewer.pseudonym} has judged this claim.", field="reviewer")
    if claim.gold.exists():
        return
    taken = judged.count() + Assignment.objects.live().filter(claim=claim).count()
    if taken >= claim.required:
        raise Conflict(
            f"As many have this claim or have judged it as it needs: {taken}. Take it back from "
            "one of them first.",
            field="claim",
        )


def _tell(
    verb: str, lease: Assignment, actor: User, before: dict[str, uuid.UUID] | None = None
) -> None:
    """Log what a moderator did with somebody's work."""
    record(
        verb,
        lease,
        actor=actor,
        project=lease.project_id,
        claim=lease.claim_id,
        before=before,
        after={
            "user": lease.reviewer.subject,
            "until": lease.until,
            "article": lease.article.slug if lease.article else None,
        },
    )
