"""The desk: where a signed-in person starts."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from annotations.models import Article, Assignment, Claim, Project, User
from annotations.rules.permissions import Verb, may
from annotations.web.access import person_of
from annotations.web.paging import cursor_page
from annotations.web.refusals import refusals_answered

MOST = 8
MOST_LENT = 30


def waiting(person: User) -> tuple[list[Claim], list[Claim]]:
    """Claims whose words changed under one's verdict; and what one has in hand, then what waits.

    Each from its own index: one query.
    """
    changed = Claim.objects.with_words_changed(person).select_related("claimant")[:MOST]
    in_hand = Claim.objects.in_hand(person).select_related("claimant")[:MOST]
    waiting = Claim.objects.waiting_for(person).select_related("claimant")[:MOST]
    found = in_hand.union(waiting, changed, all=True).order_by(F("has_draft").desc(), "id")
    again = [one for one in found if one.words_changed]
    return again, [one for one in found if not one.words_changed][:MOST]


@never_cache
@require_GET
@refusals_answered
def desk(request: HttpRequest) -> HttpResponse:
    """The projects one works in and their articles, with what is left to judge."""
    return show_desk(request)


def show_desk(request: HttpRequest, refused: str = "", *, status: int = 200) -> HttpResponse:
    """The desk; `refused` says why what was pressed on it was not done."""
    person = person_of(request)
    projects = list(Project.objects.of(person))
    rules = any(may(project.role, Verb.RULE) for project in projects)
    articles = Article.objects.of(person).with_progress(person).select_related("project")
    changed, to_judge = waiting(person)
    in_hand = list(Assignment.objects.in_hand(person)[:MOST_LENT])
    held = {lease.claim_id for lease in in_hand}
    shown = cursor_page(articles, request.GET.get("after", ""))
    return render(
        request,
        "annotations/workbench/desk.html",
        {
            "person": person,
            "projects": projects,
            "hands_out": [one.pk for one in projects if may(one.role, Verb.ASSIGN)],
            "tells": [one.pk for one in projects if may(one.role, Verb.MANAGE_WEBHOOKS)],
            "page": shown,
            "to_rule": Claim.objects.to_rule(person)[:MOST] if rules else [],
            "asked": Claim.objects.asked_again(person)[:MOST],
            "changed": changed,
            "in_hand": in_hand,
            "waiting": [claim for claim in to_judge if claim.pk not in held],
            "refused": refused,
        },
        status=status,
    )
