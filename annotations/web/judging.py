"""The panel of a claim: what it says, where it stands, and one's own verdict on it."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from annotations.actions.claims import says
from annotations.actions.verdicts import confirm_verdict, discard_draft, save_draft, submit_verdict
from annotations.actions.versions import version_now
from annotations.models import (
    Appearance,
    Article,
    Claim,
    GoldItem,
    Reattachment,
    User,
    Verdict,
)
from annotations.models.assignments import lent_to
from annotations.models.projects import choices
from annotations.rules.canonical import Kind
from annotations.rules.claims import SourceType
from annotations.rules.diffs import Change, changes
from annotations.rules.permissions import Verb, may, may_now
from annotations.rules.refusals import Conflict, Refusal
from annotations.rules.sight import Thing, looker_of, sees
from annotations.rules.states import State
from annotations.rules.versions import Outdated, changed_at_once, held
from annotations.web.access import article_of, claim_of, person_of
from annotations.web.refusals import refusals_answered
from annotations.web.rows import icon_of
from annotations.web.talking import talk_of, talked
from annotations.web.verdict_form import VerdictForm, shown, typed, with_new_row, words_of
from annotations.web.workbench import page

PANEL = "annotations/workbench/claim.html"
# What a verdict says, for the comparison of two; BY_HAND has no field to be taken into.
WORDS = {
    "rating": "Rating",
    "rationale": "Rationale",
    "evidence": "Evidence",
    "confidence": "How sure",
}
BY_HAND = ("rating", "evidence", "confidence")
PARAGRAPHS = (Kind.PARAGRAPH, Kind.QUOTE, Kind.LIST_ITEM)
TOLD = {"submit": "verdict-submitted", "discard": "draft-discarded"}


@dataclass(frozen=True, slots=True)
class Changed:
    """Words under a claim that changed, as pieces with what happened to each."""

    at: Reattachment
    pieces: list[tuple[str, str]]


@never_cache
@require_GET
@refusals_answered
def claim(request: HttpRequest, slug: str, claim_id: uuid.UUID) -> HttpResponse:
    """A claim opened in the panel; `?revise` opens the form again after a verdict was given."""
    article = article_of(request, slug)
    found = claim_of(request, article, claim_id)
    return page(request, article, PANEL, of_claim(request, article, found))


@never_cache
@require_POST
@refusals_answered
def verdict(request: HttpRequest, slug: str, claim_id: uuid.UUID) -> HttpResponse:
    """Save, submit, discard, or add a row: the button says which. What was typed is kept."""
    article = article_of(request, slug)
    found = claim_of(request, article, claim_id)
    form = typed(request.POST)
    asked = request.POST.get("do", "draft")
    if asked == "add-evidence":
        return page(request, article, PANEL, of_claim(request, article, found, with_new_row(form)))
    person = person_of(request)
    if "auto" in request.POST:
        return saved_by_itself(claim_id, form, person)
    try:
        if asked == "discard":
            discard_draft(claim_id, actor=person, based_on=form.based_on)
        elif asked == "submit":
            submit_verdict(claim_id, form.judgement(), actor=person, based_on=form.based_on)
        else:
            save_draft(claim_id, form.judgement(), actor=person, based_on=form.based_on)
    except Refusal as refusal:
        if isinstance(refusal, Conflict):
            found = claim_of(request, article, claim_id)
            form = replace(form, based_on=None)  # told how things stand, it is based on that now
        context = of_claim(request, article, found, form.with_problems(refusal.problems))
        if isinstance(refusal, Outdated):
            now = json.loads(context["base"])
            rows = changed_at_once(request.POST, now, words_of(form, article.scale))
            context |= {"compared": [(WORDS[row.name], row) for row in rows], "by_hand": BY_HAND}
        return page(request, article, PANEL, context, status=refusal.status)
    if not request.headers.get("HX-Request"):
        return redirect("workbench-claim", slug=slug, claim_id=claim_id)
    fresh = claim_of(request, article, claim_id)
    context = of_claim(request, article, fresh, taken=True)
    tells = ["claims-changed", TOLD.get(asked, "draft-saved")]
    return page(request, article, PANEL, context, tells=tells)


def saved_by_itself(claim_id: uuid.UUID, form: VerdictForm, person: User) -> HttpResponse:
    """The page saves a draft while it is written: it is told on what the next one is based."""
    try:
        draft = save_draft(claim_id, form.judgement(), actor=person, based_on=form.based_on)
    except Refusal as refusal:
        return JsonResponse({"sentence": refusal.sentence}, status=refusal.status)
    kept = shown(draft, draft.pieces)
    scale = [{"slug": draft.rating.slug, "name": draft.rating.name}] if draft.rating else []
    at = draft.saved_at.isoformat()
    return JsonResponse({"based_on": at, "at": at, "base": held(words_of(kept, scale))})


@never_cache
@require_POST
@refusals_answered
def confirm(request: HttpRequest, slug: str, claim_id: uuid.UUID) -> HttpResponse:
    """One's verdict stands although the words changed: it is submitted again as it is."""
    article = article_of(request, slug)
    claim_of(request, article, claim_id)
    based_on = request.POST.get("based_on")
    refused = None
    try:
        confirm_verdict(claim_id, actor=person_of(request), based_on=based_on)
    except Refusal as refusal:
        refused = refusal
    if not refused and not request.headers.get("HX-Request"):
        return redirect("workbench-claim", slug=slug, claim_id=claim_id)
    context = of_claim(request, article, claim_of(request, article, claim_id))
    if refused:
        said = {"refused": refused.sentence}
        return page(request, article, PANEL, context | said, status=refused.status)
    return page(request, article, PANEL, context, tells=["claims-changed", "verdict-confirmed"])


@never_cache
@require_POST
@refusals_answered
def talk(request: HttpRequest, slug: str, claim_id: uuid.UUID) -> HttpResponse:
    """Write, answer, change or remove a comment; refused, its words stay in their form."""
    article = article_of(request, slug)
    claim_of(request, article, claim_id)
    refused = talked(request, claim_id)
    address = reverse("workbench-claim", args=[slug, claim_id])
    if refused is None and not request.headers.get("HX-Request"):
        return redirect(f"{address}#comments")
    found = claim_of(request, article, claim_id)
    context = of_claim(request, article, found)
    if refused is None:
        return page(request, article, PANEL, context, tells=["claims-changed"])
    context |= talk_of(found, person_of(request), refused)
    return page(request, article, PANEL, context, status=refused.refusal.status)


def of_claim(
    request: HttpRequest,
    article: Article,
    claim: Claim,
    form: VerdictForm | None = None,
    *,
    done: str = "",
    taken: bool = False,
    new: Appearance | None = None,
) -> dict[str, Any]:
    """What the panel shows of a claim: eight queries, and none for one that is `new`.

    `form` holds words that were typed and not saved. `taken` says that the server has them now, so
    that the device may forget them; `done` is the key under which it keeps those of another form.
    """
    person = person_of(request)
    verdicts = [] if new else list(Verdict.objects.on_claim(claim.pk, person))
    told = [] if new else list(Reattachment.objects.told_on(claim.pk))
    on_it = sorted_out(verdicts, person)
    draft, given = on_it["draft"], on_it["given"]
    base = draft or given
    saved = shown(base, base.evidence.all() if base else [])
    typed_in = form is not None
    if form is None or form.based_on is None:
        form = replace(form or saved, based_on=saved.based_on)
    draft_key = f"{person.pk}:verdict:{claim.pk}"
    here = [new] if new else claim.appearances.filter(revision=article.revision_id)
    ruling = claim.rulings.filter(superseded_at=None).select_related("rating")
    allowed = powers(claim, person, judged=given is not None)
    asked = typed_in or draft is not None or given is None or "revise" in request.GET
    writing = asked and allowed["takes_verdicts"]
    looker = looker_of(claim.role, blind=claim.project.blind, judged=given is not None)
    return {
        "claim": claim,
        "version": version_now(says(claim)),
        "places": places(article, here),
        "wait": [one for one in told if one.waits and one.article_id == article.pk],
        "changed": changed_since(given, told) if allowed["takes_verdicts"] else [],
        "form": form,
        "base": held(words_of(saved, article.scale)),
        "draft_key": draft_key,
        "source_types": choices(SourceType),
        "done": draft_key if taken else done,
        "writing": writing,
        "lease": lent_to(person, claim.pk) if writing and not new else None,
        "gold": gold_of(claim, person, given),
        "others_first": allowed["may_rule"] and on_it["others"] and given is None,
        "ruling": None if new else ruling.first(),
        "sees_reason": sees(looker, Thing.REASON, claim.state),
        "state": State(claim.shown_state) if claim.shown_state else None,
        "state_icon": icon_of(claim.shown_state),
        "blind": claim.project.blind and given is None and claim.shown_state is None,
        "address": reverse("workbench-claim", args=[article.slug, claim.pk]),
        "comments_address": reverse("workbench-comments", args=[article.slug, claim.pk]),
        **talk_of(claim, person, new=new is not None),
        **on_it,
        "earlier": on_it["earlier"] + [given] if writing and given else on_it["earlier"],
        **allowed,
    }


def gold_of(claim: Claim, person: User, given: Verdict | None) -> dict[str, Any] | None:
    """What a gold item teaches after one's verdict: nothing before it, or where it measures."""
    if given is None or given.rating is None:
        return None
    item = GoldItem.objects.visible_to(person).filter(claim=claim).first()
    return {"item": item, "right": item.rating == given.rating.counts_as} if item else None


def sorted_out(verdicts: Iterable[Verdict], person: User) -> dict[str, Any]:
    """The verdicts on a claim by what they are to a person: own draft, own in force, own earlier
    versions, and those of others that are in force."""
    own = [one for one in verdicts if one.reviewer_id == person.pk]
    in_force = [one for one in verdicts if one.submitted_at and not one.superseded_at]
    return {
        "draft": next((one for one in own if one.submitted_at is None), None),
        "given": next((one for one in own if one in in_force), None),
        "earlier": [one for one in own if one.superseded_at],
        "others": [one for one in in_force if one.reviewer_id != person.pk],
    }


def powers(claim: Claim, person: User, *, judged: bool) -> dict[str, bool]:
    """What the person may do to the claim now, as far as they may know its state."""
    own = claim.marked_by_id == person.pk
    untouched = not judged and claim.shown_state in (None, State.MARKED)
    return {
        "takes_verdicts": may_now(claim.role, Verb.JUDGE, claim.state),
        "may_edit": may_now(claim.role, Verb.EDIT_CLAIM, claim.state, own=own),
        "may_unmark": untouched and may(claim.role, Verb.UNMARK, own=own),
        "may_rule": may(claim.role, Verb.RULE),
    }


def changed_since(given: Verdict | None, told: Iterable[Reattachment]) -> list[Changed]:
    """What became of the claim's words since the person judged them; nothing if that is current."""
    if given is None or not given.is_stale:
        return []
    return [
        Changed(one, words_changed(one.appearance.quote, one.became))
        for one in told
        if one.asks and given.submitted_at and one.found_at > given.submitted_at
    ]


def words_changed(was: str, now: str | None) -> list[tuple[str, str]]:
    """The words that were and are, in pieces: what stands in both, `del` and `ins`."""
    pieces = []
    for one in changes(was, now or ""):
        gone, come = was[one.old_start : one.old_end], (now or "")[one.new_start : one.new_end]
        if one.change == Change.EQUAL:
            pieces.append(("", gone))
        else:
            pieces += [(sign, words) for sign, words in (("del", gone), ("ins", come)) if words]
    return pieces


def places(article: Article, standing: Iterable[Appearance]) -> list[str]:
    """Where the claim stands in the article: paragraph (from 1) and code points."""
    paragraphs = [start for kind, start, _ in article.blocks if kind in PARAGRAPHS]
    said = []
    for one in standing:
        paragraph = sum(start <= one.start for start in paragraphs)
        where = f"paragraph {paragraph}, " if paragraph else ""
        said.append(f"{where}characters {one.start:,} to {one.end:,}")
    return said
