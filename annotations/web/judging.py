"""The panel of a claim: what it says, where it stands, and one's own verdict on it."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from annotations.actions.verdicts import discard_draft, save_draft, submit_verdict
from annotations.models import Appearance, Article, Claim, Verdict
from annotations.rules.canonical import Kind
from annotations.rules.permissions import Verb, may
from annotations.rules.refusals import Conflict, Refusal
from annotations.rules.states import State, takes_verdicts, words_may_change
from annotations.web.access import article_of, claim_of, person_of
from annotations.web.refusals import refusals_answered
from annotations.web.rows import icon_of
from annotations.web.verdict_form import VerdictForm, shown, typed, with_new_row
from annotations.web.workbench import page

PANEL = "annotations/workbench/claim.html"
PARAGRAPHS = (Kind.PARAGRAPH, Kind.QUOTE, Kind.LIST_ITEM)
TOLD = {"submit": "verdict-submitted", "discard": "draft-discarded"}


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
    try:
        if asked == "discard":
            discard_draft(claim_id, actor=person)
        elif asked == "submit":
            submit_verdict(claim_id, form.judgement(), actor=person)
        else:
            save_draft(claim_id, form.judgement(), actor=person)
    except Refusal as refusal:
        if isinstance(refusal, Conflict):
            found = claim_of(request, article, claim_id)
        context = of_claim(request, article, found, form.with_problems(refusal.problems))
        return page(request, article, PANEL, context, status=refusal.status)
    if not request.headers.get("HX-Request"):
        return redirect("workbench-claim", slug=slug, claim_id=claim_id)
    fresh = claim_of(request, article, claim_id)
    context = of_claim(request, article, fresh, taken=True)
    tells = ["claims-changed", TOLD.get(asked, "draft-saved")]
    return page(request, article, PANEL, context, tells=tells)


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
    """What the panel shows of a claim: four queries, and none for one that is `new`.

    `form` holds words that were typed and not saved. `taken` says that the server has them now, so
    that the device may forget them; `done` is the key under which it keeps those of another form.
    """
    person = person_of(request)
    verdicts = [] if new else list(Verdict.objects.on_claim(claim.pk, person))
    own = [one for one in verdicts if one.reviewer_id == person.pk]
    draft = next((one for one in own if one.submitted_at is None), None)
    given = next((one for one in own if one.submitted_at and not one.superseded_at), None)
    open_to_verdicts = takes_verdicts(claim.state) and may(claim.role, Verb.JUDGE)
    writing = form is not None or draft is not None or given is None or "revise" in request.GET
    base = draft or given
    if form is None:
        form = shown(base, base.evidence.all() if base else [])
    draft_key = f"{person.pk}:verdict:{claim.pk}"
    own_mark = claim.marked_by_id == person.pk
    others = [
        one
        for one in verdicts
        if one.reviewer_id != person.pk and one.submitted_at and not one.superseded_at
    ]
    rules = may(claim.role, Verb.RULE)
    return {
        "claim": claim,
        "places": places(
            article,
            [new] if new else claim.appearances.filter(revision=article.revision_id),
        ),
        "form": form,
        "draft_key": draft_key,
        "done": draft_key if taken else done,
        "writing": writing and open_to_verdicts,
        "takes_verdicts": open_to_verdicts,
        "draft": draft,
        "given": given,
        "others": others,
        "others_first": rules and others and given is None,
        "earlier": [one for one in own if one.superseded_at],
        "ruling": None
        if new
        else claim.rulings.filter(superseded_at=None).select_related("rating").first(),
        "state": State(claim.shown_state) if claim.shown_state else None,
        "state_icon": icon_of(claim.shown_state),
        "blind": claim.project.blind and given is None and claim.shown_state is None,
        "may_edit": words_may_change(claim.state)
        and may(claim.role, Verb.EDIT_CLAIM, own=own_mark),
        "may_unmark": given is None
        and claim.shown_state in (None, State.MARKED)
        and may(claim.role, Verb.UNMARK, own=own_mark),
        "may_rule": rules,
        "address": reverse("workbench-claim", args=[article.slug, claim.pk]),
    }


def places(article: Article, standing: Iterable[Appearance]) -> list[str]:
    """Where the claim stands in the article: paragraph (from 1) and code points."""
    paragraphs = [start for kind, start, _ in article.blocks if kind in PARAGRAPHS]
    said = []
    for one in standing:
        paragraph = sum(start <= one.start for start in paragraphs)
        where = f"paragraph {paragraph}, " if paragraph else ""
        said.append(f"{where}characters {one.start:,} to {one.end:,}")
    return said
