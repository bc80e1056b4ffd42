"""Placing a legal hold on a claim or an article, and lifting it."""

import datetime
import uuid
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from annotations.actions.access import project_for
from annotations.actions.log import record
from annotations.models import Article, Claim, LegalHold, Project, User
from annotations.rules import words
from annotations.rules.holds import HoldKind
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Conflict, Malformed, NotFound, Problems, Unprocessable

ONE_OF_TWO = "Say which claim or which article: one of the two."


@transaction.atomic
def place_hold(
    *,
    actor: User,
    kind: str,
    authority: str,
    ground: str,
    ordered_on: datetime.date | None,
    notice: str = "",
    claim: uuid.UUID | None = None,
    article: uuid.UUID | None = None,
) -> LegalHold:
    """Keep a claim, or an article with the claims that stand in it, from those whom `kind` names.

    What it is on is locked, so that no two holds come to stand over it.
    """
    held = _to_hold(claim, article, actor)
    project_for(held.project_id, actor, Verb.HOLD)
    problems = Problems()
    if kind not in set(HoldKind):
        problems["kind"] = f"The kind is one of: {', '.join(HoldKind)}."
    hold = LegalHold(project_id=held.project_id, kind=kind, placed_by=actor)
    hold.authority = problems.attempt(
        lambda: words.line(authority, "authority", longest=200, required=True), ""
    )
    hold.ground = problems.attempt(
        lambda: words.line(ground, "ground", longest=300, required=True), ""
    )
    hold.notice = problems.attempt(lambda: words.prose(notice, "notice"), "")
    if ordered_on is None:
        problems["ordered_on"] = "Readers are told when this was demanded. Give the day."
    else:
        hold.ordered_on = ordered_on
    problems.refuse()
    if LegalHold.objects.standing().filter(**_on(held)).exists():
        raise Conflict("A hold stands over this already. Lift it before you place another.")
    hold.claim, hold.article = (held, None) if isinstance(held, Claim) else (None, held)
    hold.save(force_insert=True)
    record(
        "place_hold",
        hold,
        actor=actor,
        project=hold.project_id,
        claim=hold.claim_id,
        after=told(hold),
    )
    return hold


@transaction.atomic
def lift_hold(hold_id: uuid.UUID, *, actor: User, because: str) -> LegalHold:
    """End a hold; `because` says why. What it was on is read again by whom it was read before."""
    mine = LegalHold.objects.filter(project__in=Project.objects.of(actor))
    hold = mine.select_for_update(of=("self",)).filter(pk=hold_id).first()
    if hold is None:
        raise NotFound("There is no such hold.")
    project_for(hold.project_id, actor, Verb.HOLD)
    if not hold.stands:
        raise Conflict("This hold has been lifted already.")
    hold.lifted_because = words.prose(because, "because")
    if not hold.lifted_because:
        raise Unprocessable("Say why the hold is lifted.", field="because")
    hold.lifted_at, hold.lifted_by = timezone.now(), actor
    hold.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    record(
        "lift_hold",
        hold,
        actor=actor,
        project=hold.project_id,
        claim=hold.claim_id,
        before=told(hold),
        reason=hold.lifted_because,
    )
    return hold


def told(hold: LegalHold) -> dict[str, Any]:
    """What a hold says and is on, for the log."""
    return asdict(hold.public_notice) | {"article": hold.article_id}


def _on(held: Claim | Article) -> dict[str, Claim | Article]:
    return {"claim" if isinstance(held, Claim) else "article": held}


def _to_hold(claim: uuid.UUID | None, article: uuid.UUID | None, actor: User) -> Claim | Article:
    """The one thing that is named, of the actor's projects, locked."""
    mine = Project.objects.of(actor)
    found: Claim | Article | None
    if claim is not None and article is None:
        name, claims = "claim", Claim.objects.filter(pk=claim, project__in=mine)
        found = claims.select_for_update().first()
    elif article is not None and claim is None:
        name, articles = "article", Article.objects.filter(pk=article, project__in=mine)
        found = articles.select_for_update().first()
    else:
        raise Malformed(ONE_OF_TWO, field="claim")
    if found is None:
        raise NotFound(f"There is no such {name}.", field=name)
    return found
