"""Claims: `/claims/`, `/claims/{id}/`, and setting them aside."""

import uuid
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.asking import ask_again, ask_for_another, ask_no_more
from annotations.actions.claims import (
    edit_claim,
    mark_claim,
    restore,
    says,
    set_aside,
    unmark_claim,
)
from annotations.actions.versions import version_now
from annotations.api import readable
from annotations.api.bulk import changed_in_bulk, in_bulk, writes_many
from annotations.api.chosen import one_shown
from annotations.api.doors import Door, find
from annotations.api.given import NothingGiven, actor, asked, body, in_days, narrowed, search
from annotations.api.openapi import AN_ID, OF_VERDICTS, lists, reads, writes
from annotations.api.pages import page
from annotations.api.problems import named
from annotations.api.shapes.claims import (
    ClaimChange,
    ClaimChangeOfMany,
    ClaimGiven,
    ClaimsAsked,
    ClaimShape,
    SetAsideGiven,
)
from annotations.api.shapes.comments import CommentShape, QuestionGiven
from annotations.api.versions import if_match, versioned
from annotations.models import Appearance, Claim, Comment, LegalHold, User
from annotations.models.claims import ClaimQuerySet

# How the actions name what stands inside `claimant` here.
INSIDE = {"claimant": "claimant.name", "claimant_role": "claimant.role"}
MARKED = {
    "article": "peace-deal-must-exclude-ukraine-from-nato",
    "start": 0,
    "end": 41,
    "quote": "Peace Deal Must Exclude Ukraine from NATO",
    "kind": "quotation",
    "claimant": {"name": "Alexander Grushko", "role": "deputy foreign minister"},
}


class Claims(Door):
    @lists(ClaimShape, ClaimsAsked, "claims", "Claims of your projects, and published ones")
    def get(self, request: Request) -> Response:
        wanted = asked(ClaimsAsked, request)
        rows = those_asked_for(readable.claims(request), wanted, request)
        return page(rows, wanted, ClaimShape, request, search=search(wanted, request))

    @writes(
        "claim_mark",
        "Mark a claim on words of an article",
        ClaimGiven,
        ClaimShape,
        status=201,
        example=MARKED,
    )
    def post(self, request: Request) -> Response:
        who = actor(request)
        return marked(who, body(ClaimGiven, request))


class OneClaim(Door):
    @reads(ClaimShape, "claim", "A claim, the places where it stands, and the ruling in force")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        return shown(request, id)

    @writes(
        "claim_change",
        "Change what a claim says, while it has no ruling",
        ClaimChange,
        ClaimShape,
        example={"statement": "The council spent 12 % more in 2024 than in 2023."},
        versioned=True,
    )
    def patch(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(ClaimChange, request)
        change(id, given, who, if_match(request))
        return shown(request, id)

    @writes("claim_unmark", "Remove a claim that nobody else has worked on", versioned=True)
    def delete(self, request: Request, id: uuid.UUID) -> Response:
        unmark_claim(id, actor=actor(request), version=if_match(request))
        return Response(status=204)


class ManyClaims(Door):
    @writes_many("claims_mark", "Mark many claims", ClaimGiven, ClaimShape, example=[MARKED])
    def post(self, request: Request) -> Response:
        who = actor(request)
        return in_bulk(request, ClaimGiven, lambda given: marked(who, given))

    @writes_many(
        "claims_change",
        "Change what many claims say",
        ClaimChangeOfMany,
        ClaimShape,
        example=[{"id": AN_ID, "version": '"5f0c2d1e8b7a9c34"', "kind": "numerical"}],
    )
    def patch(self, request: Request) -> Response:
        who = actor(request)

        def one(id: uuid.UUID, given: dict[str, Any], version: str | None) -> Response:
            change(id, given, who, version)
            return shown(request, id)

        return changed_in_bulk(request, ClaimChangeOfMany, one)


class SettingAside(Door):
    @writes(
        "claim_set_aside",
        "Take a claim out of review (moderators)",
        SetAsideGiven,
        ClaimShape,
        example={"set_aside_reason": "opinion", "note": "A view, not a fact."},
        versioned=True,
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(SetAsideGiven, request)
        why, note = given["set_aside_reason"], given["note"]
        set_aside(id, why, actor=who, note=note, version=if_match(request))
        return shown(request, id)


class Restoring(Door):
    @writes(
        "claim_restore",
        "Take a claim back into review (moderators)",
        None,
        ClaimShape,
        versioned=True,
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        body(NothingGiven, request)
        restore(id, actor=who, version=if_match(request))
        return shown(request, id)


class AskingForAnother(Door):
    @writes(
        "claim_ask_for_another",
        "Let a claim whose verdicts are in wait for one more (moderators)",
        None,
        ClaimShape,
        versioned=OF_VERDICTS,
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        body(NothingGiven, request)
        ask_for_another(id, actor=who, version=if_match(request))
        return shown(request, id)


class AskingNoMore(Door):
    @writes(
        "claim_ask_no_more",
        "Let the verdicts that are in suffice after all (moderators)",
        None,
        ClaimShape,
        versioned=OF_VERDICTS,
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        body(NothingGiven, request)
        ask_no_more(id, actor=who, version=if_match(request))
        return shown(request, id)


class AskingAgain(Door):
    @writes(
        "claim_ask_again",
        "Send a claim back to its reviewers with a question (moderators)",
        QuestionGiven,
        CommentShape,
        status=201,
        example={"question": "Which of the two tables do you mean?", "reviewers": ["Heron"]},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(QuestionGiven, request)
        made = ask_again(id, given["question"], actor=who, reviewers=given["reviewers"])
        found = find(Comment.objects.visible_to(who).in_full(), "comment", pk=made.pk)
        return Response(CommentShape(found).data, status=201)


def marked(who: User, given: dict[str, Any]) -> Response:
    """A new claim, marked by the caller, with its version."""
    with named(INSIDE):
        place = mark_claim(**span(given), **said(given), actor=who)
    made = just_marked(place)
    return versioned(ClaimShape(made).data, version_now(says(made)), 201)


def change(id: uuid.UUID, given: dict[str, Any], who: User, version: str | None) -> None:
    """Change what a claim says."""
    cleared = "said_on" in given and given["said_on"] is None
    with named(INSIDE):
        edit_claim(id, actor=who, clear_said_on=cleared, version=version, **said(given))


def shown(request: Request, id: uuid.UUID) -> Response:
    """A claim as the caller may see it, with its version."""
    holds = LegalHold.objects.told_on_claim(id, request.user)
    claim = find(readable.claims(request), "claim", holds=holds, pk=id)
    return versioned(one_shown(ClaimShape, claim, request), version_now(says(claim)))


def those_asked_for(rows: ClaimQuerySet, wanted: dict[str, Any], request: Request) -> ClaimQuerySet:
    """What of the claims was asked for."""
    rows = narrowed(rows, wanted, {"claimant": "claimant", "kind": "kind"})
    if "article" in wanted:
        rows = rows.standing_in(slug=wanted["article"])
    if "language" in wanted:
        rows = rows.standing_in(language=wanted["language"])
    if "topic" in wanted:
        rows = rows.filter(topics__contains=[wanted["topic"]])
    if "state" in wanted:
        rows = rows.in_shown_state(wanted["state"], request.user)
    if "rating" in wanted:
        rows = rows.rated(wanted["rating"])
    if "marked_by" in wanted:
        rows = rows.filter(marked_by=request.user.pk)
    return in_days(rows, wanted, "said_on")


def span(given: dict[str, Any]) -> dict[str, Any]:
    """Where a mark was made, as the actions take it."""
    return {
        "article_id": given["article"],
        "start": given["start"],
        "end": given["end"],
        "quote": given.get("quote"),
        "revision_id": given.get("revision"),
    }


def said(given: dict[str, Any]) -> dict[str, Any]:
    """What is said of a claim, as the actions take it; names that were not given are left out."""
    plain = ("statement", "kind", "said_on", "topics")
    made: dict[str, Any] = {name: given[name] for name in plain if name in given}
    if "claimant" in given:
        claimant = given["claimant"] or {"name": "", "role": ""}
        made |= {"claimant": claimant["name"], "claimant_role": claimant["role"]}
    return made


def just_marked(place: Appearance) -> Claim:
    """The new claim as `readable` would have it, without asking again."""
    claim: Claim = place.claim
    claim.places, claim.rulings_now = [place], []
    claim.shown_state = claim.state_shown_to(place.article.role)
    claim.shown_wanted = claim.wanted_shown_to(place.article.role)
    return claim
