"""Corrections asked of publishers: `/publisher-corrections/`, `/publisher-corrections/{id}/`."""

import uuid
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.publishers import ask_publisher, edit_publisher_correction, told
from annotations.actions.versions import version_now
from annotations.api.chosen import one_shown
from annotations.api.doors import Door, find
from annotations.api.given import actor, asked, body, narrowed
from annotations.api.openapi import AN_ID, lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.publishers import (
    PublisherCorrectionChange,
    PublisherCorrectionGiven,
    PublisherCorrectionsAsked,
    PublisherCorrectionShape,
)
from annotations.api.versions import if_match, versioned
from annotations.models import Article, LegalHold, PublisherCorrection
from annotations.models.publishers import PublisherCorrectionQuerySet
from annotations.rules.publishers import Asking

COLUMNS = {
    "claim": "claim", "article": "article__slug", "outcome": "outcome",
}  # fmt: skip


def readable(request: Request) -> PublisherCorrectionQuerySet:
    rows: PublisherCorrectionQuerySet = PublisherCorrection.objects.readable_by(request.user)
    return rows.in_full()


class PublisherCorrections(Door):
    @lists(
        PublisherCorrectionShape,
        PublisherCorrectionsAsked,
        "publisher_corrections",
        "What publishers were asked to correct, and what came of it",
    )
    def get(self, request: Request) -> Response:
        wanted = asked(PublisherCorrectionsAsked, request)
        rows = readable(request)
        rows = narrowed(rows, wanted, COLUMNS)
        return page(rows, wanted, PublisherCorrectionShape, request)

    @writes(
        "publisher_ask",
        "Note that a publisher was asked for a correction (moderators)",
        PublisherCorrectionGiven,
        PublisherCorrectionShape,
        status=201,
        example={
            "claim": AN_ID,
            "publisher": "Example Times",
            "reached": "corrections_form",
            "asked_on": "2026-03-02",
            "asked": "To say that spending rose by 11%.",
        },
    )
    def post(self, request: Request) -> Response:
        who = actor(request)
        given = body(PublisherCorrectionGiven, request)
        claim, slug = given.pop("claim"), given.pop("article", None)
        article = find(Article.objects.of(who), "article", slug=slug).pk if slug else None
        made = ask_publisher(claim, Asking(**given), actor=who, article=article)
        return shown(request, made.pk, 201)


class OnePublisherCorrection(Door):
    @reads(PublisherCorrectionShape, "publisher_correction", "What a publisher was asked")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        return shown(request, id)

    @writes(
        "publisher_correction_change",
        "Say what came of it (moderators)",
        PublisherCorrectionChange,
        PublisherCorrectionShape,
        example={
            "outcome": "corrected",
            "outcome_on": "2026-03-09",
            "outcome_address": "https://example.org/corrections",
        },
        versioned=True,
    )
    def patch(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(PublisherCorrectionChange, request)
        edit_publisher_correction(id, given, actor=who, version=if_match(request))
        return shown(request, id)


def shown(request: Request, id: uuid.UUID, status: int = 200) -> Response:
    """A request as it is now, and its version."""
    claim = PublisherCorrection.objects.filter(pk=id).values("claim")[:1]
    holds = LegalHold.objects.told_on_claim(claim, request.user)
    one: Any = find(readable(request), "request to a publisher", holds=holds, pk=id)
    return versioned(
        one_shown(PublisherCorrectionShape, one, request), version_now(told(one)), status
    )
