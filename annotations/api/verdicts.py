"""Verdicts: `/verdicts/`, `/verdicts/{id}/`, and submitting a draft."""

import uuid
from typing import Any

from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.rulings import version_of_verdicts
from annotations.actions.verdicts import discard_draft, save_draft, submit_verdict
from annotations.api import readable
from annotations.api.bulk import in_bulk, writes_many
from annotations.api.chosen import one_shown
from annotations.api.doors import MembersDoor, find
from annotations.api.given import NothingGiven, actor, asked, body, in_days, narrowed
from annotations.api.openapi import AN_ID, lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.verdicts import (
    JudgementChange,
    JudgementGiven,
    VerdictGiven,
    VerdictsAsked,
    VerdictShape,
    judgement,
)
from annotations.api.versions import if_match, versioned
from annotations.models import User, Verdict
from annotations.models.verdicts import VerdictQuerySet
from annotations.rules.refusals import Conflict, NotAllowed

JUDGEMENT = {
    "rating": "misleading",
    "rationale": "The ministry's own figures say 8 %, and only for one month.",
    "confidence": "high",
    "evidence": [
        {
            "stance": "refutes",
            "address": "https://example.org/figures-2024",
            "type": "statistics",
            "publisher": "Statistics office",
            "quote": "Spending rose by 8 %.",
        },
        {
            "stance": "context",
            "question": "Which month did the ministry mean?",
            "answer": "It has not said, and was asked twice.",
        },
    ],
    "submit": True,
}
COLUMNS = {"claim": "claim", "rating": "rating__slug"}


class Verdicts(MembersDoor):
    @lists(VerdictShape, VerdictsAsked, "verdicts", "Verdicts that you may see")
    def get(self, request: Request) -> Response:
        wanted = asked(VerdictsAsked, request)
        rows: VerdictQuerySet = readable.verdicts(request)
        rows = narrowed(rows, wanted, COLUMNS)
        if "reviewer" in wanted:
            rows = rows.filter(reviewer=request.user.pk)
        if "condition" in wanted:
            rows = rows.in_condition(wanted["condition"])
        if "stale" in wanted:
            rows = rows.filter(Q(("is_stale", wanted["stale"])))
        rows = in_days(rows, wanted, "submitted_at")
        if "claim" not in wanted:
            return page(rows, wanted, VerdictShape, request)
        # Asked first: a verdict that comes between is shown, and the version is of before it.
        in_force = Verdict.objects.visible_to(request.user).current().filter(claim=wanted["claim"])
        version = version_of_verdicts(in_force)
        return versioned(page(rows, wanted, VerdictShape, request).data, version)

    @writes(
        "verdict_give",
        "Give a verdict, or save a draft of one",
        VerdictGiven,
        VerdictShape,
        status=201,
        example={"claim": AN_ID} | JUDGEMENT,
    )
    def post(self, request: Request) -> Response:
        who = actor(request)
        return given_anew(who, body(VerdictGiven, request))


class ManyVerdicts(MembersDoor):
    @writes_many(
        "verdicts_give",
        "Give many verdicts, or save drafts of them",
        VerdictGiven,
        VerdictShape,
        example=[{"claim": AN_ID} | JUDGEMENT],
    )
    def post(self, request: Request) -> Response:
        who = actor(request)
        return in_bulk(request, VerdictGiven, lambda given: given_anew(who, given))


class OneVerdict(MembersDoor):
    @reads(VerdictShape, "verdict", "A verdict with its evidence")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        return shown(request, id)

    @writes(
        "verdict_replace",
        "Write your draft anew",
        JudgementGiven,
        VerdictShape,
        example=JUDGEMENT | {"submit": False},
        versioned=True,
    )
    def put(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(JudgementGiven, request)
        draft = own_draft(who, id)
        return shown(request, give(draft.claim_id, given, who, made_on(request, draft, given)).pk)

    @writes(
        "verdict_change",
        "Change your draft",
        JudgementChange,
        VerdictShape,
        example={"confidence": "medium"},
        versioned=True,
    )
    def patch(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(JudgementChange, request)
        draft = own_draft(who, id)
        made = give(draft.claim_id, as_given(draft) | given, who, made_on(request, draft, given))
        return shown(request, made.pk)

    @writes("verdict_discard", "Throw your draft away", versioned=True)
    def delete(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        draft = own_draft(who, id)
        discard_draft(draft.claim_id, actor=who, based_on=made_on(request, draft, {}))
        return Response(status=204)


class Submitting(MembersDoor):
    @writes("verdict_submit", "Submit your draft as it stands", None, VerdictShape, versioned=True)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        body(NothingGiven, request)
        draft = own_draft(who, id)
        based_on = if_match(request) or saved(draft)
        as_it_is = judgement(as_given(draft))
        made = submit_verdict(draft.claim_id, as_it_is, actor=who, based_on=based_on)
        return shown(request, made.pk)


def given_anew(who: User, given: dict[str, Any]) -> Response:
    """The caller's verdict or draft as the body has it, with its version."""
    made = give(given["claim"], given, who, given.get("based_on", ""))
    return versioned(VerdictShape(made).data, saved(made), 201)


def give(claim: uuid.UUID, given: dict[str, Any], who: User, based_on: str | None) -> Verdict:
    """Save or submit, as the body asks."""
    action = submit_verdict if given["submit"] else save_draft
    based_on = None if based_on == "*" else based_on
    return action(claim, judgement(given), actor=who, based_on=based_on)


def made_on(request: Request, draft: Verdict, given: dict[str, Any]) -> str:
    """When the draft that a change was made on was saved, as the header or the body has it.

    Where any will do, it is the one that was read here: what is sent on was made out of it.
    """
    version = if_match(request)
    return given.get("based_on") or version or saved(draft)


def saved(verdict: Verdict) -> str:
    """A verdict's version: when it was saved."""
    return verdict.saved_at.isoformat()


def shown(request: Request, id: uuid.UUID) -> Response:
    """A verdict as the caller may see it, with its version."""
    verdict = find(readable.verdicts(request), "verdict", pk=id)
    return versioned(one_shown(VerdictShape, verdict, request), saved(verdict))


def own_draft(who: User, id: uuid.UUID) -> Verdict:
    """The caller's draft of that id; a submitted verdict stays as it is."""
    found = find(Verdict.objects.visible_to(who).in_full(), "verdict", pk=id)
    if found.reviewer_id != who.pk:
        raise NotAllowed("This is another reviewer's verdict. Give your own.")
    if found.submitted_at is not None:
        raise Conflict("A submitted verdict stays. Give a new one on the claim to revise it.")
    return found


def as_given(draft: Verdict) -> dict[str, Any]:
    """A draft in the form in which it was given."""
    cited = ("stance", "type", "title", "publisher", "author", "date", "date_is_inferred", "quote",
             "locator", "note", "question", "answer")  # fmt: skip
    return {
        "rating": draft.rating.slug if draft.rating else "",
        "rationale": draft.rationale,
        "confidence": draft.confidence,
        "evidence": [
            {name: getattr(piece, name) for name in cited}
            | {"address": piece.source.address if piece.source else ""}
            for piece in draft.pieces
        ],
    }
