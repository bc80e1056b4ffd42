"""Giving verdicts: drafts, saved as often as one likes, and submitted versions that stay."""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import fields
from typing import Any

from django.db import transaction
from django.utils import timezone

from annotations.actions.access import lock_claim
from annotations.actions.assignments import finish_own, prolong_own
from annotations.actions.claims import state_by_verdicts
from annotations.actions.log import plain, record
from annotations.models import Claim, Evidence, Project, Rating, Source, User, Verdict
from annotations.models.kept import Kept
from annotations.rules import words
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Conflict, Malformed, NotFound
from annotations.rules.states import BEFORE_A_RULING
from annotations.rules.verdicts import (
    EvidenceGiven,
    Judgement,
    checked,
    refuse_incomplete,
    same_moment,
)
from annotations.rules.versions import Outdated

ON_SCALE = Kept(
    lambda project, slug: Rating.objects.in_use(Project(pk=project)).filter(slug=slug),
    project=uuid.UUID,
    slug=str,
)
NEWEST_TWO = Kept(
    lambda claim, reviewer: Verdict.objects.filter(claim=claim, reviewer=reviewer).order_by(
        "-version"
    )[:2],
    claim=uuid.UUID,
    reviewer=int,
)


def judged(verdict: Verdict) -> dict[str, Any]:
    """What a verdict with its `pieces` says, for the log."""
    return {
        "claim": verdict.claim_id,
        "version": verdict.version,
        "rating": verdict.rating.slug if verdict.rating else None,
        "rationale": verdict.rationale,
        "confidence": verdict.confidence,
        "evidence": [
            {
                "stance": one.stance,
                "source": one.source.address if one.source else None,
                "quote": one.quote,
            }
            | ({"question": one.question, "answer": one.answer} if one.question else {})
            for one in verdict.pieces
        ],
    }


@transaction.atomic
def save_draft(
    claim_id: uuid.UUID, judgement: Judgement, *, actor: User, based_on: str | None = None
) -> Verdict:
    """Keep what a reviewer has so far. A draft is only its reviewer's, and is not in the log.

    `based_on`, here and below, is the `saved_at` of the reviewer's newest verdict on the claim,
    drafts included, as it was when the words were begun, and empty if there was none. Words begun
    beside another one are refused. None asks nothing.
    """
    claim = lock_claim(claim_id, actor, Verb.JUDGE)
    _refuse_outdated(claim, actor, based_on)
    given = checked(judgement)
    prolong_own(claim, actor)
    return _write(claim, given, _rating(claim, given.rating), actor)[0]


@transaction.atomic
def submit_verdict(
    claim_id: uuid.UUID, judgement: Judgement, *, actor: User, based_on: str | None = None
) -> Verdict:
    """Submit a verdict, or a new version of one; the claim's state follows from it.

    What is returned has its rating, project and `pieces`, as `VerdictQuerySet.in_full` gives them.
    """
    claim = lock_claim(claim_id, actor, Verb.JUDGE)
    _refuse_outdated(claim, actor, based_on)
    return _submit(claim, judgement, actor)


@transaction.atomic
def confirm_verdict(claim_id: uuid.UUID, *, actor: User, based_on: str | None = None) -> Verdict:
    """Submit one's verdict as it is, as a new version: it stands for the words as they are now."""
    claim = lock_claim(claim_id, actor, Verb.JUDGE)
    _refuse_outdated(claim, actor, based_on)
    own = Verdict.objects.filter(claim=claim, reviewer=actor)
    if own.filter(submitted_at__isnull=True).exists():
        raise Conflict("You have a draft on this claim. Submit it, or discard it first.")
    standing = own.current().in_full().first()
    if standing is None:
        raise Conflict("You have given no verdict on this claim. Give one first.")
    if not own.stale().exists():
        raise Conflict("The words have not changed since your verdict, so it stands as it is.")
    return _submit(claim, as_judged(standing), actor, verb="confirm_verdict")


@transaction.atomic
def discard_draft(claim_id: uuid.UUID, *, actor: User, based_on: str | None = None) -> None:
    """Throw one's own draft away."""
    claim = lock_claim(claim_id, actor, Verb.JUDGE, in_any_state=True)
    _refuse_outdated(claim, actor, based_on)
    draft = Verdict.objects.drafts_of(actor).filter(claim=claim).first()
    if draft is None:
        raise NotFound("There is no draft of yours on this claim.")
    draft.delete()


@transaction.atomic
def bring_verdict(
    claim_id: uuid.UUID,
    judgement: Judgement,
    *,
    reviewer: User,
    actor: User,
    at: datetime.datetime | None = None,
) -> Verdict:
    """Submit what a file says in the name of `reviewer`, at the time it names.

    It needs a rating; what else a verdict of the project has to have, the file may lack.
    """
    claim = lock_claim(claim_id, actor, Verb.JUDGE)
    given = checked(judgement)
    rating = _rating(claim, given.rating)
    verdict, before_it = _write(claim, given, rating, reviewer, brought_in_by=actor)
    moment = min(at or timezone.now(), timezone.now())
    return _settle(claim, verdict, before_it, actor, "bring_verdict", moment)


def as_judged(verdict: Verdict) -> Judgement:
    """What a verdict with its `pieces` says, as it would be given again."""
    kept = [one.name for one in fields(EvidenceGiven) if one.name not in ("address", "source")]
    return Judgement(
        verdict.rating.counts_as.slug if verdict.rating else "",
        verdict.rationale,
        verdict.confidence,
        tuple(
            EvidenceGiven(source=one.source_id, **{name: getattr(one, name) for name in kept})
            for one in verdict.pieces
        ),
    )


def _submit(claim: Claim, judgement: Judgement, actor: User, *, verb: str = "") -> Verdict:
    """Expects the claim's lock. `verb` says in the log what it was, if not simply submitted."""
    given = checked(judgement)
    rating = _rating(claim, given.rating)
    refuse_incomplete(given, off_the_axis=rating is not None and rating.value is None)
    verdict, before_it = _write(claim, given, rating, actor)
    finish_own(claim, actor)
    verb = verb or ("revise_verdict" if verdict.version > 1 else "submit_verdict")
    return _settle(claim, verdict, before_it, actor, verb, timezone.now())


def _settle(
    claim: Claim,
    verdict: Verdict,
    before_it: Verdict | None,
    actor: User,
    verb: str,
    moment: datetime.datetime,
) -> Verdict:
    """Submit what was written; the claim's state follows. Expects the claim's lock."""
    if before_it is not None:
        Verdict.objects.filter(pk=before_it.pk).update(superseded_at=moment)
    verdict.submitted_at = moment
    verdict.save(update_fields=["submitted_at"])
    before = claim.state
    if claim.state in BEFORE_A_RULING:
        claim.state = state_by_verdicts(claim)
        if claim.state != before:
            claim.save(update_fields=["state"])
    record(
        verb,
        verdict,
        actor=actor,
        project=claim.project_id,
        claim=claim.pk,
        before={"state": before},
        after=judged(verdict) | {"state": claim.state},
    )
    return verdict


def _refuse_outdated(claim: Claim, actor: User, based_on: str | None) -> None:
    """Expects the claim's lock, so that what is found here stays so until the write."""
    if based_on is None:
        return
    own = Verdict.objects.filter(claim=claim, reviewer=actor).order_by("-version")
    newest = own.first()
    if same_moment(based_on, newest.saved_at if newest else None):
        return
    newest = own.in_full().first()
    if newest is None:
        sentence = "Your draft was discarded after this one was begun. Send it again to keep it."
    elif newest.submitted_at is None:
        sentence = (
            "Another draft of yours was saved after this one was begun, perhaps in another tab. "
            "Send this one again to put it in the other's place, or reload to see the other."
        )
    else:
        sentence = (
            f"You submitted version {newest.version} of your verdict after this one was begun, "
            "perhaps in another tab. Compare the two, then send this one again to revise it."
        )
    offers = (
        {"version": newest.saved_at.isoformat(), "current": plain(judged(newest))} if newest else {}
    )
    raise Outdated(sentence, field="based_on", offers=offers)


def _rating(claim: Claim, slug: str) -> Rating | None:
    """The rating of that slug on the scale in use; refuses one of another scale."""
    if not slug:
        return None
    words.refuse_unstorable(slug, "rating")
    rating = ON_SCALE.first(project=claim.project_id, slug=slug)
    if rating is None:
        scale = ", ".join(one.slug for one in Rating.objects.in_use(claim.project))
        raise Malformed(
            f"“{slug[:60]}” is not on this project's scale. Choose one of: {scale}.",
            field="rating",
        )
    return rating


def _write(
    claim: Claim,
    given: Judgement,
    rating: Rating | None,
    actor: User,
    *,
    brought_in_by: User | None = None,
) -> tuple[Verdict, Verdict | None]:
    """The reviewer's draft with this content, made if there is none, and the verdict in force.

    A draft is always the newest version, since submitting ends it. Expects the claim's lock.
    """
    sources = _sources(claim, given.evidence, actor)  # while the draft still shows its own
    newest = NEWEST_TWO(claim=claim.pk, reviewer=actor.pk)
    if newest and newest[0].submitted_at is None:
        verdict = newest.pop(0)
        verdict.reviewer = actor
        pieces = verdict.evidence.all()
        pieces._raw_delete(pieces.db)  # a draft's are cited by nothing
    else:
        version = newest[0].version + 1 if newest else 1
        verdict = Verdict(reviewer=actor, version=version)
    verdict.project, verdict.claim = claim.project, claim
    verdict.brought_in_by = brought_in_by
    verdict.rating = rating
    verdict.rationale = given.rationale
    verdict.confidence = given.confidence
    verdict.saved_at = timezone.now()
    verdict.save()
    verdict.pieces = [
        Evidence(
            project_id=claim.project_id,
            verdict=verdict,
            source=source,
            position=n,
            stance=piece.stance,
            quote=piece.quote,
            locator=piece.locator,
            note=piece.note,
            question=piece.question,
            answer=piece.answer,
            type=piece.type,
            title=piece.title,
            publisher=piece.publisher,
            author=piece.author,
            date=piece.date,
            date_is_inferred=piece.date_is_inferred,
        )
        for n, (piece, source) in enumerate(zip(given.evidence, sources, strict=True))
    ]
    Evidence.objects.bulk_create(verdict.pieces)
    return verdict, newest[0] if newest else None


def _sources(claim: Claim, given: Any, actor: User) -> list[Source | None]:
    """The source of each piece of evidence, new ones made; None where a question has none.

    One query where every address is known, which is so each time that a draft is saved again; at
    most four.
    """
    wanted = {piece.source for piece in given if piece.source is not None}
    known = {}
    if wanted:  # to build this query takes longer than any other part of a verdict
        by_id = Source.objects.of(actor).filter(project_id=claim.project_id, pk__in=wanted)
        known = {source.pk: source for source in by_id}
    for n, piece in enumerate(given):
        if piece.source is not None and piece.source not in known:
            raise Malformed(
                "There is no such source in this project. Give its address instead.",
                field=f"evidence.{n}.source",
            )
    cited = {piece.address: piece for piece in given if piece.address}
    there = _sources_at(claim, cited)
    fresh = [_new_source(claim, cited[one], actor) for one in sorted(cited.keys() - there.keys())]
    if fresh:
        Source.objects.bulk_create(fresh, ignore_conflicts=True)
        there = _sources_at(claim, cited)  # another may have been first
    return [known.get(piece.source) or there.get(piece.address) for piece in given]


def _sources_at(claim: Claim, addresses: Collection[str]) -> dict[str, Source]:
    """The project's sources at these addresses, by them: one query, none for none."""
    if not addresses:
        return {}
    found = Source.objects.filter(project_id=claim.project_id, address__in=addresses)
    return {source.address: source for source in found}


def _new_source(claim: Claim, piece: EvidenceGiven, actor: User) -> Source:
    return Source(
        project_id=claim.project_id,
        address=piece.address,
        type=piece.type,
        title=piece.title,
        publisher=piece.publisher,
        author=piece.author,
        date=piece.date,
        date_is_inferred=piece.date_is_inferred,
        added_by=actor,
    )
