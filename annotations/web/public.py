"""What everyone may read: the checked articles, the rulings, and how we judge."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from annotations.formats.claimreview import claim_review, in_a_script
from annotations.formats.heads import heads_list
from annotations.models import (
    Appearance,
    Article,
    Claim,
    LegalHold,
    PublishedHead,
    PublisherCorrection,
    Ruling,
    RulingEvidence,
    User,
    Verdict,
)
from annotations.models.holds import refuse_held
from annotations.models.news import MOST_PLACES, review_of
from annotations.rules.languages import direction
from annotations.rules.permissions import Verb, may
from annotations.rules.ratings import STANDARD_SCALE
from annotations.rules.refusals import NotFound
from annotations.web.axis import axis_of, described
from annotations.web.galley import galley_of, passage_of
from annotations.web.judged import ICONS, came_of, changes, how, ordinal, what_changed
from annotations.web.paging import cursor_page
from annotations.web.readers import for_readers
from annotations.web.refusals import refusals_answered

LATEST = 6  # rulings beside the articles


@login_not_required
@require_safe
@for_readers
@refusals_answered
def home(request: HttpRequest) -> HttpResponse:
    """The checked articles, newest first, and the latest rulings: three queries."""
    after = request.GET.get("after", "")
    page = cursor_page(Article.objects.public(request.user), after)
    tallies: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for row in Ruling.objects.tally([one.pk for one in page.rows], request.user):
        tallies.setdefault(row["article"], []).append(row)
    articles = [
        (one, sum(row["n"] for row in tallies.get(one.pk, ())), tallies.get(one.pk, ()))
        for one in page.rows
    ]
    context = {
        "articles": articles,
        "page": page,
        "is_first": not after,
        "latest": Ruling.objects.in_force(request.user)[:LATEST],
    }
    return render(request, "annotations/public/home.html", context)


@login_not_required
@require_safe
@for_readers
@refusals_answered
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """An article with its published rulings in the margin: two queries."""
    found = Article.objects.public(request.user).with_text().filter(slug=slug).first()
    if found is None:
        refuse_held(LegalHold.objects.told_on_article(slug, request.user))
        raise NotFound(
            "There is no checked article at this address. Start from the checked articles."
        )
    places = list(Appearance.objects.public_on(found.revision_id, request.user))
    context = {
        "article": found,
        "direction": direction(found.language),
        "galley": galley_of(found, places),
    }
    return render(request, "annotations/public/article.html", context)


@login_not_required
@require_safe
@for_readers
@refusals_answered
def claim(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """A claim with the ruling in force, or the note that says why there is none: six queries."""
    found, rulings = ruled(claim_id, request.user)
    return checked(request, found, rulings, rulings[0])


@login_not_required
@require_safe
@for_readers
@refusals_answered
def ruling(request: HttpRequest, claim_id: uuid.UUID, number: int) -> HttpResponse:
    """A ruling that was corrected or withdrawn, as it stood; the one in force is at the claim's."""
    found, rulings = ruled(claim_id, request.user)
    shown = next((one for one in rulings if one.number == number), None)
    if shown is None:
        raise NotFound("This claim has no such ruling. Start from the claim itself.")
    if shown == rulings[0]:
        return redirect("claim", claim_id)
    return checked(request, found, rulings, shown)


def ruled(claim_id: uuid.UUID, person: User | AnonymousUser) -> tuple[Claim, list[Ruling]]:
    """A claim that has had a ruling, and all its rulings, newest first."""
    claims = Claim.objects.public(person).with_role(person).select_related("project", "claimant")
    found = claims.filter(pk=claim_id).first()
    rulings = list(Ruling.objects.on_claim(claim_id)) if found else []
    if found is None or not rulings:
        refuse_held(LegalHold.objects.told_on_claim(claim_id, person))
        raise NotFound("There is no published claim at this address. Start from the articles.")
    return found, rulings


def checked(
    request: HttpRequest, found: Claim, rulings: list[Ruling], shown: Ruling
) -> HttpResponse:
    """The page of a claim with one of its rulings."""
    places = list(Appearance.objects.places_of(found.pk, request.user)[:MOST_PLACES])
    context: dict[str, Any] = {
        "claim": found,
        "ruling": shown,
        "current": rulings[0],
        "first": rulings[-1],
        "is_old": shown != rulings[0],
        "ordinal": ordinal(shown.number),
        "changes": changes(rulings),
        "places": [one for one in places if one.article_is_public],
    }
    context["articles"] = {one.article_id: one.article for one in context["places"]}.values()
    if not context["is_old"]:
        requests = PublisherCorrection.objects.on_claim(found.pk, request.user)
        context["asked"] = [(one, came_of(one)) for one in requests]
        context["may_ask"] = may(found.role, Verb.ASK_PUBLISHER)
    if shown.rating is not None:
        scale, slug = shown.scale_as_published, shown.rating.slug
        verdicts = list(Verdict.objects.standing_at(found.pk, shown.made_at))
        context |= {
            "how": how(found, shown, verdicts),
            "evidence": [one.evidence for one in RulingEvidence.objects.of(shown.pk)],
            "wide": axis_of(scale, slug),
            "narrow": axis_of(scale, slug, narrow=True),
            "described": described(scale, slug),
        }
        if context["places"]:
            context["passage"] = passage_of(context["places"][0])
            context["direction"] = direction(context["places"][0].article.language)
    review = review_of(found, rulings, places, settings.SITE_URL)
    if review is not None and not context["is_old"]:
        context["claim_review"] = in_a_script(claim_review(review))
    return render(request, "annotations/public/claim.html", context)


@login_not_required
@require_safe
@for_readers
@refusals_answered
def corrections(request: HttpRequest) -> HttpResponse:
    """Every correction and every withdrawal, newest first: one query."""
    after = request.GET.get("after", "")
    page = cursor_page(Ruling.objects.changes(request.user), after)
    context = {
        "changes": [(one, what_changed(one, one.was), ICONS[one.kind]) for one in page.rows],
        "page": page,
        "is_first": not after,
    }
    return render(request, "annotations/public/corrections.html", context)


@login_not_required
@require_safe
@for_readers
def how_we_judge(request: HttpRequest) -> HttpResponse:
    """The scale, the way from a claim to a ruling, and what is promised about it: no query."""
    return render(request, "annotations/public/how_we_judge.html", {"scale": STANDARD_SCALE})


@login_not_required
@require_safe
@for_readers
def log_heads(request: HttpRequest) -> HttpResponse:
    """The heads of the log as they were last published, at the hour and never live: one query."""
    heads = heads_list(PublishedHead.objects.newest())
    return HttpResponse(heads, content_type="application/json")
