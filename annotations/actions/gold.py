"""Gold items: claims whose rating is known, mixed into the queue to train or measure reviewers."""

import uuid

from django.db import transaction

from annotations.actions.access import lock_claim
from annotations.actions.log import record
from annotations.actions.versions import refuse_outdated
from annotations.models import Claim, GoldItem, Rating, User
from annotations.rules import words
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Conflict, Malformed, NotFound, Problems


@transaction.atomic
def set_gold(
    claim_id: uuid.UUID,
    rating: str,
    explanation: str,
    *,
    actor: User,
    version: str | None = None,
) -> GoldItem:
    """Make a claim a gold item with this rating, or change what is known of one.

    `version`, here and below, is that of what was known of it, empty where it was none; None asks
    nothing. It leaves the ordinary queue. Only a claim without a ruling measures anybody, and only
    where verdicts are blind.
    """
    claim = lock_claim(claim_id, actor, Verb.SET_GOLD)
    if not claim.project.blind:
        raise Conflict(
            "Reviewers see each other's verdicts in this project, so a gold item measures nobody. "
            "The owner can make the project blind."
        )
    problems = Problems()
    on_scale = {one.slug: one for one in Rating.objects.in_use(claim.project)}
    if rating not in on_scale:
        problems["rating"] = f"Choose the rating that is right: {', '.join(on_scale)}."
    explanation = problems.attempt(lambda: words.prose(explanation, "explanation"), "")
    if not explanation and "explanation" not in problems:
        problems["explanation"] = "Write why this rating is right: reviewers learn from it."
    problems.refuse(Malformed)
    known = GoldItem.objects.select_related("rating").filter(claim=claim).first()
    before = known_of(known) if known else None
    if known:
        refuse_outdated(known, version, known_of(known), "set_gold")
    gold = known or GoldItem(project=claim.project, claim=claim, made_by=actor)
    gold.rating, gold.explanation = on_scale[rating], explanation
    gold.save()
    _queue(claim, queued=False)
    record(
        "set_gold",
        gold,
        actor=actor,
        project=claim.project_id,
        claim=claim.pk,
        before=before,
        after=known_of(gold),
    )
    return gold


@transaction.atomic
def unset_gold(claim_id: uuid.UUID, *, actor: User, version: str | None = None) -> Claim:
    """Make a gold item a claim like any other."""
    claim = lock_claim(claim_id, actor, Verb.SET_GOLD, in_any_state=True)
    gold = GoldItem.objects.select_related("rating").filter(claim=claim).first()
    if gold is None:
        raise NotFound("There is no such gold item.")
    refuse_outdated(gold, version, known_of(gold), "set_gold")
    record(
        "unset_gold",
        gold,
        actor=actor,
        project=claim.project_id,
        claim=claim.pk,
        before=known_of(gold),
    )
    gold.delete()
    _queue(claim, queued=True)
    return claim


def rerate_gold(old: Rating, new: Rating, *, actor: User) -> None:
    """The gold items of one rating get another. Expects that no claim of theirs is locked."""
    for gold in GoldItem.objects.select_related("rating").filter(rating=old):
        before, gold.rating = known_of(gold), new
        gold.save(update_fields=["rating"])
        record(
            "set_gold",
            gold,
            actor=actor,
            project=gold.project_id,
            claim=gold.claim_id,
            before=before,
            after=known_of(gold),
        )


def _queue(claim: Claim, *, queued: bool) -> None:
    claim.queued = queued
    claim.save(update_fields=["queued"])


def known_of(gold: GoldItem) -> dict[str, str]:
    """What is known of a gold item, for the log and for its version."""
    return {"rating": gold.rating.slug, "explanation": gold.explanation}
