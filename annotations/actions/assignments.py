"""Work that is lent: taken from the queue, prolonged, given back, skipped.

What reviewers take, prolong and give back is not in the log: its row says who had what, and when.
What moderators do to others' work is (`handing_out`).
"""

import secrets
import time
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from annotations.actions.access import article_for, lock_claim, project_for
from annotations.actions.log import record
from annotations.models import (
    Article,
    Assignment,
    Claim,
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
            return lend(project, actor, claim=claim), False
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
    return lend(claim.project, actor, claim=claim)


@transaction.atomic
def take_article(article_id: uuid.UUID | str, *, actor: User) -> Assignment:
    """Lend the actor an article to work through; others may have it as well."""
    article = article_for(article_id, actor, Verb.TAKE_WORK)
    held = Assignment.objects.live().filter(reviewer=actor, article=article).first()
    return held or lend(article.project, actor, article=article)


def prolong_own(claim: Claim, actor: User) -> None:
    """Whoever works on a claim keeps it: one query, in the transaction of that work."""
    mine = Assignment.objects.live().filter(claim=claim, reviewer=actor)
    mine.update(until=Greatest(F("until"), until_of(claim.project)))


def finish_own(claim: Claim, actor: User) -> None:
    """A verdict ends its reviewer's loan, also one that has run out: one query."""
    held = Assignment.objects.filter(claim=claim, reviewer=actor, ended_at__isnull=True)
    held.update(ended_at=timezone.now(), how=Ended.FINISHED)


@transaction.atomic
def prolong(assignment_id: uuid.UUID, *, actor: User) -> Assignment:
    """Keep what one has for the project's time from now, unless it is lent for longer.

    One's own verdict or skip may overtake the page that asks for it: what it ended stays ended.
    """
    mine = _own(assignment_id, actor)
    kept = Assignment.objects.live().filter(pk=mine.pk)
    lives_on = kept.update(until=Greatest(F("until"), until_of(mine.project)))
    mine.refresh_from_db()
    if not lives_on and mine.how not in (Ended.FINISHED, Ended.GIVEN_BACK):
        raise Conflict(RAN_OUT)
    return mine


@transaction.atomic
def give_back(assignment_id: uuid.UUID, *, actor: User, done: bool = False) -> Assignment:
    """End one's own loan; `done` says that an article is worked through. Twice is as once."""
    mine = _own(assignment_id, actor)
    if done and mine.article_id is None:
        raise Conflict(
            "A claim is done once you submit a verdict on it. Submit one, or give it back."
        )
    end(mine, Ended.FINISHED if done else Ended.GIVEN_BACK)
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
        take_out(claim, actor, f"{SKIP_REASONS[SkipReason(reason)]}. {note}".strip())
    return skipped


def end_all_of(person: User, project: Project | None = None) -> None:
    """Who leaves a project, or may sign in no more, holds nothing: call it in that transaction."""
    held = Assignment.objects.filter(reviewer=person, ended_at__isnull=True)
    held = held.filter(project=project) if project else held
    held.update(ended_at=timezone.now(), how=Ended.TAKEN_BACK)


def note_lapsed() -> int:
    """Close what has run out, as of the time it did; returns how many. Nothing depends on it."""
    return Assignment.objects.lapsed().update(ended_at=F("until"), how=Ended.LAPSED)


def until_of(project: Project) -> datetime:
    """Until when what is lent now is lent."""
    return timezone.now() + timedelta(minutes=project.lease_minutes)


def lend(
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
        until=until or until_of(project),
    )
    made.save(force_insert=True)
    return made


def end(held: Assignment, how: Ended) -> None:
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


def take_out(claim: Claim, actor: User, reason: str) -> None:
    """Take a claim out of the queue. Expects its lock."""
    claim.queued = False
    claim.save(update_fields=["queued"])
    Skip.objects.filter(claim=claim, asks_all=True).update(asks_all=False)
    record("hold_back", claim, actor=actor, project=claim.project_id, claim=claim.pk, reason=reason)
