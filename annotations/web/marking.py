"""Turning a selection into a claim, changing what it says, and taking a mark back."""

import datetime
import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from annotations.actions.claims import (
    add_appearance,
    edit_claim,
    mark_claim,
    move_appearance,
    says,
    unmark_claim,
)
from annotations.actions.versions import version_now
from annotations.models import Appearance, Article, Claim, Claimant
from annotations.rules.anchors import anchor_at, refuse_furniture
from annotations.rules.canonical import Block, Kind
from annotations.rules.claims import ClaimKind
from annotations.rules.refusals import Malformed, Refusal
from annotations.rules.versions import Compared, Outdated, changed_at_once, held
from annotations.web.access import article_of, claim_of, person_of
from annotations.web.judging import PANEL, of_claim
from annotations.web.refusals import refusals_answered
from annotations.web.rows import Row, rows_of
from annotations.web.workbench import page

FORM = "annotations/workbench/mark.html"
LABELS = {
    "statement": "Statement",
    "kind": "Kind",
    "claimant": "Said by",
    "claimant_role": "Role at the time",
    "said_on": "Said on",
}
SAID = tuple(LABELS)
KINDS = [(kind.value, kind.value.capitalize()) for kind in ClaimKind]


@never_cache
@require_http_methods(["GET", "POST"])
@refusals_answered
def marks(request: HttpRequest, slug: str) -> HttpResponse:
    """GET with `start` and `end`: the form for a new claim. POST: the claim is marked."""
    article = article_of(request, slug)
    if request.method == "GET":
        return _mark_form(request, article, request.GET, {})
    given = request.POST
    spans = re.findall(r"(\d{1,9})-(\d{1,9})", given.get("more", ""))
    more = [(int(start), int(end)) for start, end in spans]
    try:
        appearance = mark_claim(
            article.pk,
            _offset(given, "start"),
            _offset(given, "end"),
            actor=person_of(request),
            quote=_unfolded(given.get("quote")),
            revision_id=_revision(given),
            further=more,
            **_said(given),
        )
    except Refusal as refusal:
        return _mark_form(request, article, given, refusal.problems, status=refusal.status)
    if not request.headers.get("HX-Request"):
        return redirect("workbench-claim", slug=slug, claim_id=appearance.claim_id)
    done = _draft_key(request, article, appearance.start, appearance.end)
    if more:
        claim = claim_of(request, article, appearance.claim_id)
        context = of_claim(request, article, claim, done=done)
    else:
        claim = appearance.claim
        claim.role = article.role
        claim.shown_state = claim.state_shown_to(article.role)
        context = of_claim(request, article, claim, done=done, new=appearance)
    return page(
        request,
        article,
        PANEL,
        context,
        tells=["claims-changed", "claim-marked"],
        moves_to=str(context["address"]),
    )


@never_cache
@require_POST
@refusals_answered
def passage(request: HttpRequest, slug: str, claim_id: uuid.UUID) -> HttpResponse:
    """The selected words become a further place of the open claim."""
    article = article_of(request, slug)
    given = request.POST
    add_appearance(
        claim_id,
        article.pk,
        _offset(given, "start"),
        _offset(given, "end"),
        actor=person_of(request),
        quote=_unfolded(given.get("quote")),
        revision_id=_revision(given),
    )
    if not request.headers.get("HX-Request"):
        return redirect("workbench-claim", slug=slug, claim_id=claim_id)
    claim = claim_of(request, article, claim_id)
    tells = ["claims-changed", "passage-added"]
    return page(request, article, PANEL, of_claim(request, article, claim), tells=tells)


@never_cache
@require_POST
@refusals_answered
def move(request: HttpRequest, slug: str, place_id: uuid.UUID) -> HttpResponse:
    """Other words for a place of a claim; for htmx nothing but the news that it was done."""
    article = article_of(request, slug)
    given = request.POST
    moved = move_appearance(
        place_id,
        _offset(given, "start"),
        _offset(given, "end"),
        actor=person_of(request),
        quote=_unfolded(given.get("quote")),
        revision_id=_revision(given),
        version=_place_was(article, given.get("was", "")),
    )
    if not request.headers.get("HX-Request"):
        return redirect("workbench-claim", slug=slug, claim_id=moved.claim_id)
    return HttpResponse(status=204, headers={"HX-Trigger": "claims-changed, words-moved"})


@never_cache
@require_http_methods(["GET", "POST"])
@refusals_answered
def edit(request: HttpRequest, slug: str, claim_id: uuid.UUID) -> HttpResponse:
    """What the claim says, and by numbers where it stands."""
    article = article_of(request, slug)
    claim = claim_of(request, article, claim_id)
    if request.method == "GET":
        return _edit_form(request, article, claim, {}, {})
    given = request.POST
    try:
        edit_claim(
            claim_id,
            actor=person_of(request),
            clear_said_on=True,
            places=_places_moved(article, given),
            revision_id=_revision(given),
            version=given.get("version"),
            **_said(given),
        )
    except Refusal as refusal:
        claim = claim_of(request, article, claim_id)
        rows = _compared(claim, given) if isinstance(refusal, Outdated) else []
        typed = given.dict() | {row.name: row.merged for row in rows}
        return _edit_form(
            request, article, claim, typed, refusal.problems, status=refusal.status, compared=rows
        )
    if not request.headers.get("HX-Request"):
        return redirect("workbench-claim", slug=slug, claim_id=claim_id)
    claim = claim_of(request, article, claim_id)
    context = of_claim(request, article, claim, done=f"{request.user.pk}:edit:{claim_id}")
    tells = ["claims-changed", "claim-edited"]
    return page(request, article, PANEL, context, tells=tells)


@never_cache
@require_POST
@refusals_answered
def unmark(request: HttpRequest, slug: str, claim_id: uuid.UUID) -> HttpResponse:
    """Take the mark away; the answer carries what `marks` needs to make it again."""
    article = article_of(request, slug)
    claim = claim_of(request, article, claim_id)
    standing = list(claim.appearances.filter(revision=article.revision_id).order_by("start"))
    version = request.POST.get("version")
    known = unmark_claim(claim_id, actor=person_of(request), version=version)
    if not request.headers.get("HX-Request"):
        return redirect("workbench", slug=slug)
    said = ("start", "end", "statement", "kind", "claimant", "claimant_role")
    again = {name: known[name] for name in said} | {
        "revision": article.revision_id,
        "said_on": claim.said_on or "",
        "more": " ".join(
            f"{one.start}-{one.end}"
            for one in standing
            if (one.start, one.end) != (known["start"], known["end"])
        ),
    }
    return page(
        request,
        article,
        "annotations/workbench/empty.html",
        {"again": again},
        tells=["claims-changed", "claim-removed"],
        moves_to=reverse("workbench", args=[slug]),
    )


@never_cache
@require_GET
@refusals_answered
def claimants(request: HttpRequest, slug: str) -> HttpResponse:
    """Claimants of the project whose name holds what is typed, and whether one has that name."""
    article = article_of(request, slug)
    name = request.GET.get("claimant", "").strip()
    known = list(Claimant.objects.like(article.project_id, name))
    context = {"claimants": known, "name": name, "is_new": all(one.name != name for one in known)}
    return render(request, "annotations/workbench/claimants.html", context)


def _said(given: QueryDict) -> dict[str, Any]:
    return {
        "statement": given.get("statement", ""),
        "kind": given.get("kind", ClaimKind.FACTUAL),
        "claimant": given.get("claimant", ""),
        "claimant_role": given.get("claimant_role", ""),
        "said_on": _date(given),
    }


def _mark_form(
    request: HttpRequest,
    article: Article,
    given: QueryDict,
    problems: dict[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    """The form for the words at `start` to `end`, its statement filled in from them."""
    quote, start, end = "", given.get("start", ""), given.get("end", "")
    try:
        anchor = anchor_at(article.text, _offset(given, "start"), _offset(given, "end"))
        refuse_furniture((Block(Kind(k), s, e) for k, s, e in article.blocks), anchor)
        quote, start, end = anchor.quote, str(anchor.start), str(anchor.end)
    except Refusal as refusal:
        problems, status = problems or refusal.problems, max(status, refusal.status)
    typed = given if request.method == "POST" else {"statement": " ".join(quote.split())}
    context = {
        "start": start,
        "end": end,
        "quote": quote,
        "same": _on_the_same_words(request, article, start, end) if quote else [],
        "draft_key": _draft_key(request, article, start, end),
        "typed": typed,
        "problems": problems,
        "elsewhere": _without_a_field(problems, SAID),
        "kinds": KINDS,
        "chosen": typed.get("kind") or ClaimKind.FACTUAL,
    }
    return page(request, article, FORM, context, status=status)


def _edit_form(
    request: HttpRequest,
    article: Article,
    claim: Claim,
    typed: Mapping[str, str],
    problems: dict[str, str],
    *,
    status: int = 200,
    compared: Sequence[Compared] = (),
) -> HttpResponse:
    """The claim's form. One that was told of another's change is based on that now."""
    saved = _as_typed(claim)
    told = not typed or compared
    standing = claim.appearances.filter(revision=article.revision_id).order_by("start")
    context = {
        "claim": claim,
        "places": [_place_typed(one, typed) for one in standing],
        "draft_key": f"{request.user.pk}:edit:{claim.pk}",
        "typed": typed or saved,
        "version": version_now(says(claim)) if told else typed.get("version", ""),
        "base": held(saved) if told else typed.get("base", ""),
        "compared": [(LABELS[row.name], row) for row in compared],
        "problems": problems,
        "elsewhere": _without_a_field(problems, {*SAID, "start", "end"}),
        "kinds": KINDS,
        "chosen": (typed or saved).get("kind"),
    }
    return page(request, article, "annotations/workbench/edit.html", context, status=status)


def _as_typed(claim: Claim) -> dict[str, str]:
    """What a claim says, as the fields of its form hold it."""
    return {
        "statement": claim.statement,
        "kind": claim.kind,
        "claimant": claim.claimant.name if claim.claimant else "",
        "claimant_role": claim.claimant.role if claim.claimant else "",
        "said_on": claim.said_on.isoformat() if claim.said_on else "",
    }


def _compared(claim: Claim, given: QueryDict) -> list[Compared]:
    """What the claim said when its form was opened, what it says now, and what was typed."""
    mine = {name: given[name] for name in SAID if name in given}
    return changed_at_once(given, _as_typed(claim), mine)


def _on_the_same_words(request: HttpRequest, article: Article, start: str, end: str) -> list[Row]:
    """The claims that are marked on exactly these words."""
    person = person_of(request)
    appearances = Appearance.objects.on_revision(article.revision_id, person)
    claims = {one.claim_id for one in appearances.filter(start=start, end=end)}
    rows = rows_of(appearances, person.pk)[0] if claims else []
    return [row for row in rows if row.claim in claims]


def _draft_key(request: HttpRequest, article: Article, start: Any, end: Any) -> str:
    """Under which the browser keeps what is typed into the form for these words."""
    return f"{request.user.pk}:mark:{article.revision_id}:{start}-{end}"


def _without_a_field(problems: dict[str, str], shown: Collection[str]) -> list[str]:
    """The sentences whose field the form does not show."""
    return [sentence for field, sentence in problems.items() if field not in shown]


def _offset(given: QueryDict, name: str) -> int:
    value = given.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise Malformed("Select the words in the article first.", field=name)
    return int(value)


def _place_was(article: Article, shown: str) -> str | None:
    """The version of a place that a page showed from and to these characters; None for no place."""
    found = re.fullmatch(r"(\d{1,9})-(\d{1,9})", shown)
    if found is None:
        return None
    start, end = int(found[1]), int(found[2])
    was = {"revision": article.revision_id, "start": start, "end": end}
    return version_now(was | {"quote": article.text[start:end]})


def _places_moved(
    article: Article, given: QueryDict
) -> dict[uuid.UUID, tuple[int, int, str | None]]:
    """The places whose numbers were changed: those shown when the form was opened stand in `was`.

    One that was moved elsewhere meanwhile is so left alone, unless it was changed here too.
    """
    moved = {}
    for was in given.getlist("was"):
        place, _, shown = was.partition(" ")
        typed = (given.get(f"start-{place}", "").strip(), given.get(f"end-{place}", "").strip())
        if "-".join(typed) == shown:
            continue
        if not all(re.fullmatch(r"[0-9]{1,9}", number) for number in typed):
            raise Malformed("Say where the words begin and end, in two numbers.", field="start")
        try:
            version = _place_was(article, shown)
            moved[uuid.UUID(place)] = (int(typed[0]), int(typed[1]), version)
        except ValueError:
            raise Malformed("Reload the article and change it again.", field="start") from None
    return moved


def _place_typed(place: Appearance, typed: Any) -> dict[str, Any]:
    """A place of the claim for the form: where it stands, and what was typed in its stead."""
    return {
        "at": place,
        "start": typed.get(f"start-{place.pk}", place.start),
        "end": typed.get(f"end-{place.pk}", place.end),
    }


def _unfolded(quote: str | None) -> str | None:
    """The quote as the page had it: a browser sends line ends in a form as CR LF."""
    return quote.replace("\r\n", "\n") if quote else None


def _revision(given: QueryDict) -> uuid.UUID | None:
    value = given.get("revision", "")
    if not value:
        return None
    try:
        return uuid.UUID(value)
    except ValueError:
        raise Malformed("Reload the article and mark again.", field="revision") from None


def _date(given: QueryDict) -> datetime.date | None:
    value = given.get("said_on", "").strip()
    if not value:
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise Malformed(
            "This is not a date. Write it as year, month, day: 2025-03-17.", field="said_on"
        ) from None
