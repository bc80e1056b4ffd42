"""Work that is lent: taken from the queue, prolonged, given back, skipped; or handed out.

What reviewers take, prolong and give back is not in the log: its row says who had what, and when.
What moderators do to others' work is.
"""

import secrets
import time
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from annotations.actions.access import article_for, lock_claim, project_for, require
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
from annotations.models.assignments import in_order, lendable, lent_to
from annotations.rules import words
from annotations.rules.permissions import Verb, may
from annotations.rules.refusals import Conflict, Malformed, NotFound
from annotations.rules.work import (
    LONGEST_LOAN,
    MOST_IN_HAND,
    SKIP_REASONS,
    Ended,
    SkipReason,
)

PATIENCE = 2.0  # seconds, while everything that is left is in others' hands at this very moment
PAUSE = 0.02

# One sentence for every reason: held, judged or skipped by others must look the same.
NOT_LENT = (
    "This claim is not lent out now. You may judge it all the same, or take the next one instead."
)
RAN_OUT = (
    "Your time with this ran out. What you wrote is kept, and you may submit it all the same; "
    "take it again to hold it."
)


def take_next(project_id: uuid.UUID, *, actor: User) -> Assignment | None:
    """Lend the actor the next claim of the project's queue; None if there is nothing for them.

    Takers wait for nobody: a claim that somebody else is taking at this moment is passed over.
    Where nothing but such claims is left, it is tried again for `PATIENCE` seconds.
    """
    stop = time.monotonic() + PATIENCE
    while True:
        lease, busy = _take_next(project_id, actor)
        if lease is not None or not busy or time.monotonic() > stop:
            return lease
        time.sleep(PAUSE)


@transaction.atomic
def _take_next(project_id: uuid.UUID, actor: User) -> tuple[Assignment | None, bool]:
    """The new loan, or None and whether there was something that others had locked."""
    project = project_for(project_id, actor, Verb.TAKE_WORK)
    in_hand = Assignment.objects.live().filter(reviewer=actor, project=project, assigned_by=None)
    if in_hand.count() >= MOST_IN_HAND:
        raise Conflict(
            f"You have {MOST_IN_HAND} claims in hand. Judge one, or give one back first."
        )
    parts = in_order(lendable(project, actor), project.queue_order)
    if project.blind and project.gold_every and not secrets.randbelow(project.gold_every):
        parts.insert(0, lendable(project, actor, gold=True).order_by("?"))
    for part in parts:
        claim = _lock_first(part)
        if claim is not None:
            return _lend(project, actor, claim=claim), False
    return None, any(part.exists() for part in parts)


def _lock_first(rows: QuerySet[Claim]) -> Claim | None:
    """The first claim that nobody else has locked and that, once locked, still is among them."""
    passed: list[uuid.UUID] = []
    locking = rows.select_for_update(skip_locked=True, no_key=True, of=("self",))
    while (claim := locking.exclude(pk__in=passed).first()) is not None:
        if rows.filter(pk=claim.pk).exists():
            return claim
        passed.append(claim.pk)
    return None


@transaction.atomic
def take(claim_id: uuid.UUID, *, actor: User) -> Assignment:
    """Lend the actor this claim, if the queue would lend it; a skip of one's own is taken back."""
    claim = lock_claim(claim_id, actor, Verb.TAKE_WORK)
    held = lent_to(actor, claim.pk)
    if held is not None:
        return held
    if Verdict.objects.current().filter(claim=claim, reviewer=actor).exists():
        raise Conflict("You have judged this claim already.")
    Skip.objects.filter(claim=claim, reviewer=actor).delete()
    if not lendable(claim.project, actor).filter(pk=claim.pk).exists():
        raise Conflict(NOT_LENT)
    return _lend(claim.project, actor, claim=claim)


@transaction.atomic
def take_article(article_id: uuid.UUID | str, *, actor: User) -> Assignment:
    """Lend the actor an article to work through; others may have it as well."""
    article = article_for(article_id, actor, Verb.TAKE_WORK)
    held = Assignment.objects.live().filter(reviewer=actor, article=article).first()
    return held or _lend(article.project, actor, article=article)


def prolong_own(claim: Claim, actor: User) -> None:
    """Whoever works on a claim keeps it: one query, in the transaction of that work."""
    mine = Assignment.objects.live().filter(claim=claim, reviewer=actor)
    mine.update(until=Greatest(F("until"), _until(claim.project)))


def finish_own(claim: Claim, actor: User) -> None:
    """A verdict ends its reviewer's loan, also one that has run out: one query."""
    held = Assignment.objects.filter(claim=claim, reviewer=actor, ended_at__isnull=True)
    held.update(ended_at=timezone.now(), how=Ended.FINISHED)


@transaction.atomic
def prolong(assignment_id: uuid.UUID, *, actor: User) -> Assignment:
    """Keep what one has for the project's time from now, unless it is lent for longer."""
    mine = _own(assignment_id, actor)
    kept = Assignment.objects.live().filter(pk=mine.pk)
    if not kept.update(until=Greatest(F("until"), _until(mine.project))):
        raise Conflict(RAN_OUT)
    mine.refresh_from_db()
    return mine


@transaction.atomic
def give_back(assignment_id: uuid.UUID, *, actor: User, done: bool = False) -> Assignment:
    """End one's own loan; `done` says that an article is worked through. Twice is as once."""
    mine = _own(assignment_id, actor)
    if done and mine.article_id is None:
        raise Conflict(
            "A claim is done once you submit a verdict on it. Submit one, or give it back."
        )
    _end(mine, Ended.FINISHED if done else Ended.GIVEN_BACK)
    return mine


@transaction.atomic
def skip(
    claim_id: uuid.UUID, reason: str, *, actor: User, note: str = "", for_all: bool = False
) -> Skip:
    """Not lend the actor this claim (again). `for_all` by a moderator holds it back from everyone;
    by a reviewer it asks the moderators to.
    """
    claim = lock_claim(claim_id, actor, Verb.TAKE_WORK)
    if reason not in set(SkipReason):
        raise Malformed(f"Say why: {', '.join(SKIP_REASONS.values()).lower()}.", field="reason")
    note = words.prose(note, "note")
    if reason == SkipReason.OTHER and not note:
        raise Malformed("Say in a few words what the reason is.", field="note")
    holds = for_all and may(claim.role, Verb.ASSIGN)
    skipped, _ = Skip.objects.update_or_create(
        claim=claim,
        reviewer=actor,
        defaults={
            "project_id": claim.project_id,
            "reason": reason,
            "note": note,
            "asks_all": for_all and not holds,
            "at": timezone.now(),
        },
    )
    held = Assignment.objects.filter(claim=claim, reviewer=actor, ended_at__isnull=True)
    held.update(ended_at=timezone.now(), how=Ended.GIVEN_BACK)
    if holds:
        _hold_back(claim, actor, f"{SKIP_REASONS[SkipReason(reason)]}. {note}".strip())
    return skipped


@transaction.atomic
def hold_back(claim_id: uuid.UUID, *, actor: User, reason: str = "") -> Claim:
    """Take a claim out of the queue for everyone; whoever has it may go on."""
    claim = lock_claim(claim_id, actor, Verb.ASSIGN)
    if not claim.queued:
        raise Conflict("This claim is out of the queue already.")
    _hold_back(claim, actor, words.prose(reason, "reason"))
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
    _end(old, Ended.REASSIGNED)
    _refuse_unlendable(old.claim, old.article, reviewer)
    until = max(old.until, _until(old.project))
    new = _lend(old.project, reviewer, by=actor, until=until, claim=old.claim, article=old.article)
    _tell("reassign", new, actor, before={"user": old.reviewer.subject})
    return new


@transaction.atomic
def take_back(assignment_id: uuid.UUID, *, actor: User) -> Assignment:
    """End a member's loan."""
    old = _of_somebody(assignment_id, actor)
    _end(old, Ended.TAKEN_BACK)
    _tell("take_back", old, actor)
    return old


def end_all_of(person: User, project: Project | None = None) -> None:
    """Who leaves a project, or may sign in no more, holds nothing: call it in that transaction."""
    held = Assignment.objects.filter(reviewer=person, ended_at__isnull=True)
    held = held.filter(project=project) if project else held
    held.update(ended_at=timezone.now(), how=Ended.TAKEN_BACK)


def note_lapsed() -> int:
    """Close what has run out, as of the time it did; returns how many. Nothing depends on it."""
    return Assignment.objects.lapsed().update(ended_at=F("until"), how=Ended.LAPSED)


def _until(project: Project) -> datetime:
    return timezone.now() + timedelta(minutes=project.lease_minutes)


def _lend(
    project: Project,
    reviewer: User,
    *,
    by: User | None = None,
    until: datetime | None = None,
    claim: Claim | None = None,
    article: Article | None = None,
) -> Assignment:
    """Expects the claim's lock. A loan of the same thing that has run out is closed first."""
    Assignment.objects.lapsed().filter(reviewer=reviewer, claim=claim, article=article).update(
        ended_at=F("until"), how=Ended.LAPSED
    )
    made = Assignment(
        project=project,
        claim=claim,
        article=article,
        reviewer=reviewer,
        assigned_by=by,
        lent_at=timezone.now(),
        until=until or _until(project),
    )
    made.save(force_insert=True)
    return made


def _end(held: Assignment, how: Ended) -> None:
    """Close a loan; one that ran out has lapsed, whatever is asked now."""
    still = Assignment.objects.filter(pk=held.pk, ended_at__isnull=True)
    still.lapsed().update(ended_at=F("until"), how=Ended.LAPSED)
    still.update(ended_at=timezone.now(), how=how)
    held.refresh_from_db()


def _own(assignment_id: uuid.UUID, actor: User) -> Assignment:
    rows = Assignment.objects.visible_to(actor).filter(reviewer=actor).in_full()
    found: Assignment | None = rows.filter(pk=assignment_id).first()
    if found is None:
        raise NotFound("There is no such assignment.")
    return found


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
    made = _lend(project, reviewer, by=actor, until=until, claim=claim, article=article)
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


def _hold_back(claim: Claim, actor: User, reason: str) -> None:
    claim.queued = False
    claim.save(update_fields=["queued"])
    Skip.objects.filter(claim=claim, asks_all=True).update(asks_all=False)
    record("hold_back", claim, actor=actor, project=claim.project_id, claim=claim.pk, reason=reason)


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
