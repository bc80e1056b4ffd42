"""Work that is lent, on the pages: taking the next claim, keeping it, giving it back, skipping."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotations.actions.assignments import give_back, prolong, skip, take_next
from annotations.models import Article, Assignment, Claim, Project
from annotations.rules.permissions import Verb, may
from annotations.rules.refusals import Conflict, Refusal
from annotations.rules.work import SKIP_REASONS
from annotations.web.access import article_of, claim_of, person_of
from annotations.web.desk import show_desk
from annotations.web.refusals import refusals_answered
from annotations.web.workbench import page

NOTHING_LEFT = (
    "Nothing is left for you in the queue just now. Open an article to judge what you like, or "
    "mark what should be checked."
)


@never_cache
@require_POST
@refusals_answered
def next_claim(request: HttpRequest) -> HttpResponse:
    """Lend the next claim of one of the person's projects (`project`, a slug), and open it."""
    person = person_of(request)
    projects = Project.objects.of(person)
    if asked := request.POST.get("project", ""):
        projects = projects.filter(slug=asked)
    try:
        for project in projects:
            if lease := take_next(project.pk, actor=person):
                lent = Assignment.objects.in_hand(person).get(pk=lease.pk)
                return redirect("workbench-claim", lent.article_slug, lent.claim_id)
        raise Conflict(NOTHING_LEFT)
    except Conflict as refusal:
        return show_desk(request, refusal.sentence, status=refusal.status)


@never_cache
@require_POST
@refusals_answered
def keep(request: HttpRequest, assignment_id: uuid.UUID) -> HttpResponse:
    """The page of a claim is worked on: the loan goes on."""
    lease = prolong(assignment_id, actor=person_of(request))
    return HttpResponse(lease.until.isoformat(), content_type="text/plain")


@never_cache
@require_POST
@refusals_answered
def back(request: HttpRequest, assignment_id: uuid.UUID) -> HttpResponse:
    """Give it back, or say that an article is done (`done`)."""
    give_back(assignment_id, actor=person_of(request), done="done" in request.POST)
    return redirect("desk")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_answered
def skipping(request: HttpRequest, slug: str, claim_id: uuid.UUID) -> HttpResponse:
    """Say why one does not want to judge a claim; the desk follows."""
    article = article_of(request, slug)
    claim = claim_of(request, article, claim_id)
    if request.method != "POST":
        return _skip_form(request, article, claim, {})
    try:
        skip(
            claim_id,
            request.POST.get("reason", ""),
            actor=person_of(request),
            note=request.POST.get("note", ""),
            for_all="for_all" in request.POST,
        )
    except Refusal as refusal:
        return _skip_form(request, article, claim, refusal.problems, status=refusal.status)
    return redirect("desk")


def _skip_form(
    request: HttpRequest,
    article: Article,
    claim: Claim,
    problems: dict[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "claim": claim,
        "reasons": list(SKIP_REASONS.items()),
        "typed": request.POST,
        "problems": problems,
        "elsewhere": [said for name, said in problems.items() if name not in ("reason", "note")],
        "holds_back": may(claim.role, Verb.ASSIGN),
    }
    return page(request, article, "annotations/workbench/skip.html", context, status=status)
