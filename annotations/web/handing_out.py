"""The moderators' page of a project's work: who has what, what the queue holds back, gold items."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotations.actions.access import require
from annotations.actions.gold import known_of, set_gold, unset_gold
from annotations.actions.handing_out import (
    assign,
    assign_article,
    hold_back,
    put_back,
    reassign,
    take_back,
)
from annotations.actions.versions import version_now
from annotations.models import (
    Article,
    Assignment,
    Claim,
    GoldItem,
    Membership,
    Project,
    Rating,
    Skip,
    User,
)
from annotations.models.assignments import in_order, with_room
from annotations.models.claims import IN_THE_QUEUE
from annotations.models.gold import figures_of
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Malformed, NotFound, Refusal
from annotations.rules.states import BEFORE_A_RULING
from annotations.web.access import person_of
from annotations.web.paging import cursor_page
from annotations.web.refusals import refusals_answered

MOST_OFFERED = 30
MOST_MEMBERS = 500
HOURS = {"": "as long as the queue does", "1": "1 hour", "8": "8 hours", "24": "1 day",
         "72": "3 days", "168": "1 week"}  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_answered
def work(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has what; the button says what is done with it (`do`)."""
    project = project_of(request, slug, Verb.ASSIGN)
    if request.method != "POST":
        return _work_page(request, project)
    act = ACTS.get(request.POST.get("do", ""))
    try:
        if act is None:
            raise Malformed("Press one of the page's buttons.")
        messages.success(request, act(request, project, person_of(request)))
    except Refusal as refusal:
        return _work_page(request, project, refusal)
    return redirect("work", slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_answered
def gold(request: HttpRequest, slug: str) -> HttpResponse:
    """The gold items, and how each reviewer judged them; `?claim` fills the form."""
    project = project_of(request, slug, Verb.SET_GOLD)
    if request.method != "POST":
        return _gold_page(request, project)
    person = person_of(request)
    try:
        given, claim = request.POST, _claim_named(request, project)
        version = given.get("version")
        if given.get("do") == "unset":
            unset_gold(claim, actor=person, version=version)
            said = "The claim is no gold item any more."
        else:
            rating, why = given.get("rating", ""), given.get("explanation", "")
            set_gold(claim, rating, why, actor=person, version=version)
            said = "The claim is a gold item."
    except Refusal as refusal:
        return _gold_page(request, project, refusal)
    messages.success(request, said)
    return redirect("gold", slug)


def project_of(request: HttpRequest, slug: str, verb: Verb) -> Project:
    """The project, if the person may do `verb` in it."""
    project = Project.objects.of(person_of(request)).filter(slug=slug).first()
    if project is None:
        raise NotFound("There is no such project of yours. Start from your desk.")
    require(project.role, verb)
    return project


def _lend(request: HttpRequest, project: Project, person: User) -> str:
    """`thing` is a claim's id, or `article:` and an article's slug."""
    thing, hours = request.POST.get("thing", ""), request.POST.get("hours", "")
    if hours not in HOURS:
        raise Malformed("Choose for how long from the list.", field="hours")
    minutes = int(hours) * 60 if hours else None
    reviewer = _reviewer(request)
    if thing.startswith("article:"):
        slug = thing.removeprefix("article:")
        made = assign_article(slug, reviewer, actor=person, minutes=minutes)
    else:
        made = assign(_id(thing, "thing"), reviewer, actor=person, minutes=minutes)
    return f"It is lent to {made.reviewer.pseudonym}."


def _lend_to_another(request: HttpRequest, _: Project, person: User) -> str:
    made = reassign(_id(request.POST.get("assignment", "")), _reviewer(request), actor=person)
    return f"It is lent to {made.reviewer.pseudonym} now."


def _take_back(request: HttpRequest, _: Project, person: User) -> str:
    ended = take_back(_id(request.POST.get("assignment", "")), actor=person)
    return f"It is taken back from {ended.reviewer.pseudonym}."


def _hold_back(request: HttpRequest, project: Project, person: User) -> str:
    hold_back(_claim_named(request, project), actor=person, reason=request.POST.get("reason", ""))
    return "The claim is out of the queue."


def _put_back(request: HttpRequest, project: Project, person: User) -> str:
    put_back(_claim_named(request, project), actor=person)
    return "The queue lends the claim again."


# What the page's buttons do, each with what is said when it is done.
ACTS: dict[str, Callable[[HttpRequest, Project, User], str]] = {
    "assign": _lend,
    "reassign": _lend_to_another,
    "take-back": _take_back,
    "hold-back": _hold_back,
    "put-back": _put_back,
}


def _id(typed: str, field: str = "") -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError:
        raise Malformed("Choose one from the list.", field=field) from None


def _reviewer(request: HttpRequest) -> int:
    typed = request.POST.get("reviewer", "")
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        raise Malformed("Choose who gets it.", field="reviewer")
    return int(typed)


def _claim_named(request: HttpRequest, project: Project) -> uuid.UUID:
    """The claim of the project that the form or the address names; one elsewhere is not found."""
    claim = _id(request.POST.get("claim", ""), "claim")
    if not Claim.objects.filter(pk=claim, project=project).exists():
        raise NotFound("There is no such claim.", field="claim")
    return claim


def _at_the_fields(refusal: Refusal | None) -> dict[str, str]:
    """The refusal of a loan by the names that the page's form has for its parts."""
    names = {"claim": "thing", "article": "thing", "minutes": "hours"}
    problems = refusal.problems if refusal else {}
    return {names.get(name, name): said for name, said in problems.items()}


def _work_page(
    request: HttpRequest, project: Project, refusal: Refusal | None = None
) -> HttpResponse:
    live = Assignment.objects.filter(project=project).live().in_full()
    asked = Skip.objects.filter(project=project, asks_all=True)
    members = Membership.objects.filter(project=project, user__is_active=True)
    articles = Article.objects.filter(project=project).order_by("-id")
    context = {
        "project": project,
        "person": request.user,
        "page": cursor_page(live, request.GET.get("after", "")),
        "asked": asked.select_related("claim", "reviewer")[:MOST_OFFERED],
        "held_back": Claim.objects.filter(
            project=project, queued=False, gold__isnull=True, state__in=sorted(BEFORE_A_RULING)
        )[:MOST_OFFERED],
        "offered": _offered(request, project),
        "articles": articles.only("slug", "title")[:MOST_OFFERED],
        "members": members.select_related("user").order_by("user__pseudonym")[:MOST_MEMBERS],
        "hours": HOURS.items(),
        "typed": request.POST,
        "refusal": refusal,
        "problems": _at_the_fields(refusal) if request.POST.get("do") == "assign" else {},
        "address": reverse("work", args=[project.slug]),
    }
    status = refusal.status if refusal else 200
    return render(request, "annotations/workbench/work.html", context, status=status)


def _offered(request: HttpRequest, project: Project) -> list[Claim]:
    """What may be lent: the claim that was asked for, then the first of the queue."""
    queue = with_room(Claim.objects.filter(IN_THE_QUEUE, project=project), project)
    first = in_order(queue, project.queue_order)[0]
    offered = list(first.only("statement")[:MOST_OFFERED])
    try:
        named = uuid.UUID(request.POST.get("claim") or request.GET.get("claim", ""))
    except ValueError:
        return offered
    asked = Claim.objects.filter(pk=named, project=project).only("statement").first()
    return [asked, *(one for one in offered if one != asked)] if asked else offered


def _gold_page(
    request: HttpRequest, project: Project, refusal: Refusal | None = None
) -> HttpResponse:
    items = GoldItem.objects.filter(project=project).select_related("claim", "rating", "made_by")
    page = cursor_page(items, request.GET.get("after", ""))
    for one in page.rows:
        one.version = version_now(known_of(one))
    context: dict[str, Any] = {
        "project": project,
        "person": request.user,
        "page": page,
        "figures": figures_of(project),
        "offered": _offered(request, project),
        "chosen": request.POST.get("claim") or request.GET.get("claim", ""),
        "scale": Rating.objects.in_use(project),
        "typed": request.POST,
        "refusal": refusal,
        "address": reverse("gold", args=[project.slug]),
    }
    status = refusal.status if refusal else 200
    return render(request, "annotations/workbench/gold_items.html", context, status=status)
