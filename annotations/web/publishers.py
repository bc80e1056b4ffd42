"""What publishers were asked to correct about a claim: a moderator's page, plain forms."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotations.actions.access import require
from annotations.actions.publishers import ask_publisher, edit_publisher_correction, told
from annotations.actions.versions import version_now
from annotations.models import Article, Claim, LegalHold, PublisherCorrection, Ruling, User
from annotations.models.holds import refuse_held
from annotations.rules.permissions import Verb
from annotations.rules.publishers import OUTCOMES, REACHED, Asking, Outcome
from annotations.rules.refusals import NotFound, Refusal
from annotations.rules.states import PUBLIC
from annotations.rules.versions import Compared, Outdated, changed_at_once, held
from annotations.web.access import person_of
from annotations.web.adjudicating import Step, prose
from annotations.web.judged import came_of
from annotations.web.refusals import refusals_answered

LABELS = {
    "publisher": "Publisher",
    "reached": "Reached by",
    "asked_on": "Asked on",
    "asked": "What it was asked",
    "outcome": "What came of it",
    "outcome_on": "On which day",
    "outcome_address": "Address of the correction",
}


def day() -> forms.DateField:
    return forms.DateField(
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "This has to be a day written as 2025-03-17."},
    )


class Request(Step):
    """A request as it is noted, or with `one` as it is changed."""

    one = forms.UUIDField(required=False)
    version = forms.CharField(required=False)
    base = forms.CharField(required=False, strip=False)
    article = forms.UUIDField(required=False)
    publisher = forms.CharField(required=False)
    reached = forms.CharField(required=False)
    asked_on = day()
    asked = prose()
    outcome = forms.CharField(required=False)
    outcome_on = day()
    outcome_address = forms.CharField(required=False)

    def do(self, claim: uuid.UUID, actor: User) -> str:
        given = self.cleaned_data
        facts = {name: given[name] for name in LABELS}
        if given["one"]:
            version = given["version"] or None
            edit_publisher_correction(given["one"], facts, actor=actor, version=version)
            return "The request is changed."
        ask_publisher(claim, Asking(**facts), actor=actor, article=given["article"])
        return "The request is noted. Readers see it on the claim’s page."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_answered
def publisher(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """The requests about a claim, each with its form, and a form for a further one."""
    person = person_of(request)
    claim = claim_asked_about(claim_id, person)
    if request.method != "POST":
        return page(request, claim)
    form = Request(request.POST.dict(), auto_id=f"{request.POST.get('one') or 'new'}-%s")
    status = 422
    rows: list[Compared] = []
    if form.is_valid():
        try:
            messages.success(request, form.do(claim_id, person))
            return redirect("publisher", claim_id=claim_id)
        except NotFound:
            raise
        except Refusal as refusal:
            form.take(refusal)
            status = refusal.status
            if isinstance(refusal, Outdated):
                rows = based_on_what_is(form)
    return page(request, claim, form, rows, status=status)


def claim_asked_about(claim_id: uuid.UUID, person: User) -> Claim:
    """The claim, if the person may ask publishers about it."""
    claim = Claim.objects.of(person).select_related("project", "claimant").filter(pk=claim_id)
    found: Claim | None = claim.first()
    if found is None:
        refuse_held(LegalHold.objects.told_on_claim(claim_id, person))
        raise NotFound("There is no such claim in your projects. Start from your desk.")
    require(found.role, Verb.ASK_PUBLISHER)
    return found


def based_on_what_is(form: Request) -> list[Compared]:
    """What changed since the form was opened; from now on the form is based on what there is."""
    now = PublisherCorrection.objects.get(pk=form.cleaned_data["one"])
    mine = {name: form.data.get(name, "") for name in LABELS}
    rows = changed_at_once(form.data, typed_as(now), mine)
    form.data = {**form.data, **{row.name: row.merged for row in rows}, **versions_of(now)}
    return rows


def typed_as(one: PublisherCorrection) -> dict[str, str]:
    """A request as the fields of its form hold it."""
    return {name: str(fact or "") for name, fact in told(one).items()}


def versions_of(one: PublisherCorrection) -> dict[str, str]:
    return {"version": version_now(told(one)), "base": held(typed_as(one))}


def form_of(one: PublisherCorrection) -> Request:
    return Request(
        initial={"one": one.pk, **typed_as(one), **versions_of(one)}, auto_id=f"{one.pk}-%s"
    )


def page(
    request: HttpRequest,
    claim: Claim,
    sent: Request | None = None,
    rows: list[Compared] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page; a form that was sent stays in the place of its own, open."""
    person = person_of(request)
    changing = sent["one"].value() if sent else ""
    articles = list(Article.objects.filter(appearances__claim=claim).distinct().order_by("id"))
    start = {"publisher": articles[0].publisher if articles else "", "outcome": Outcome.NONE_YET}
    new = sent if sent and not changing else Request(initial=start, auto_id="new-%s")
    asked = [
        (one, came_of(one), sent if sent and str(one.pk) == changing else form_of(one))
        for one in PublisherCorrection.objects.on_claim(claim.pk, person)
    ]
    context = {
        "person": person,
        "claim": claim,
        "ruling": Ruling.objects.current().filter(claim=claim).select_related("rating").first(),
        "asked": asked,
        "new": new,
        "may_ask": claim.state in PUBLIC,
        "articles": articles,
        "ways": list(REACHED.items()),
        "outcomes": list(OUTCOMES.items()),
        "compared": [(LABELS[row.name], row) for row in rows or ()],
        "by_hand": list(LABELS),
    }
    return render(request, "annotations/publishers/page.html", context, status=status)
