"""Noting that a publisher was asked for a correction, and what came of it."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from annotations.actions.access import lock_claim
from annotations.actions.log import record
from annotations.actions.versions import refuse_outdated
from annotations.models import Article, Claim, PublisherCorrection, User
from annotations.rules.permissions import Verb
from annotations.rules.publishers import Asking, checked
from annotations.rules.refusals import Malformed, NotFound


def told(one: PublisherCorrection) -> dict[str, Any]:
    """What can be changed of a request, for the log and for its version."""
    return asdict(one.asking)


@transaction.atomic
def ask_publisher(
    claim_id: uuid.UUID, asking: Asking, *, actor: User, article: uuid.UUID | None = None
) -> PublisherCorrection:
    """Note that the publisher of an article was asked to correct what a claim says in it.

    Without `article` it is the first in which the claim stands; a request that names no publisher
    went to the article's.
    """
    claim = lock_claim(claim_id, actor, Verb.ASK_PUBLISHER)
    at = _article(claim, article)
    one = PublisherCorrection(project_id=claim.project_id, claim=claim, article=at, asked_by=actor)
    _take(one, replace(asking, publisher=asking.publisher.strip() or at.publisher))
    one.save(force_insert=True)
    _tell("ask_publisher", one, actor, None, told(one) | {"article": at.pk})
    return one


@transaction.atomic
def edit_publisher_correction(
    correction_id: uuid.UUID,
    changes: Mapping[str, Any],
    *,
    actor: User,
    version: str | None = None,
) -> PublisherCorrection:
    """Change what is known of a request, its outcome above all; `changes` are fields of `Asking`,
    and what is left out stays.
    """
    found = PublisherCorrection.objects.filter(pk=correction_id)
    claim_id = found.values_list("claim", flat=True).first()
    if claim_id is None:
        raise NotFound("There is no such request to a publisher.")
    lock_claim(claim_id, actor, Verb.ASK_PUBLISHER, in_any_state=True)
    one: PublisherCorrection = found.get()
    before = told(one)
    refuse_outdated(one, version, before, "edit_publisher_correction")
    _take(one, replace(one.asking, **changes))
    if told(one) != before:
        one.save(update_fields=list(before))
        _tell("edit_publisher_correction", one, actor, before, told(one))
    return one


def _article(claim: Claim, wanted: uuid.UUID | None) -> Article:
    articles = Article.objects.filter(appearances__claim=claim).order_by("id")
    found: Article | None = (articles.filter(pk=wanted) if wanted else articles).first()
    if found is None:
        raise Malformed("The claim does not stand in this article.", field="article")
    return found


def _take(one: PublisherCorrection, asking: Asking) -> None:
    for name, fact in asdict(checked(asking, timezone.localdate())).items():
        setattr(one, name, fact)


def _tell(
    verb: str,
    one: PublisherCorrection,
    actor: User,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> None:
    record(
        verb,
        one,
        actor=actor,
        project=one.project_id,
        claim=one.claim_id,
        before=before,
        after=after,
    )
