"""The reviewer's page: the article with its marks, the list of claims, and the panel beside it.

Every view answers an htmx request with the panel alone and any other with the whole page, so that
each address can be opened, shared and used without scripts.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from annotations.models import Appearance, Article
from annotations.rules.languages import direction
from annotations.rules.permissions import Verb, may
from annotations.web.access import article_of, person_of
from annotations.web.galley import stretches_of
from annotations.web.refusals import refusals_answered
from annotations.web.rows import Row, rows_of, rows_that_wait

SHOWS = {
    "all": ("All", "Every claim of this article"),
    "to-judge": ("To judge", "Not judged by you yet"),
    "mine": ("Mine", "Marked or judged by you"),
}


@never_cache
@require_GET
@refusals_answered
def workbench(request: HttpRequest, slug: str) -> HttpResponse:
    """The article with its marks: four queries, whatever their number."""
    return page(request, article_of(request, slug), "annotations/workbench/empty.html", {})


@never_cache
@require_GET
@refusals_answered
def claims(request: HttpRequest, slug: str) -> HttpResponse:
    """The list of claims and the marks alone, after something changed."""
    article = article_of(request, slug)
    return render(
        request, "annotations/workbench/list.html", {"article": article} | listing(request, article)
    )


def page(
    request: HttpRequest,
    article: Article,
    panel: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    tells: Sequence[str] = (),
    moves_to: str = "",
) -> HttpResponse:
    """The panel alone for htmx, else the whole page around it.

    `tells` names the events the page is told of, `moves_to` the address it shows from now on.
    """
    get_token(request)  # the page's scripts send the token of the cookie
    base = {"article": article, "panel": panel, "person": request.user} | context
    if request.headers.get("HX-Request"):
        answer = render(request, panel, base, status=status)
        if tells:
            answer["HX-Trigger"] = ", ".join(tells)
        if moves_to:
            answer["HX-Push-Url"] = moves_to
        return answer
    whole = base | listing(request, article) | {"stretches": stretches_of(article)}
    whole["may_revise"] = may(article.role, Verb.REVISE_ARTICLE)
    whole |= {"direction": direction(article.language), "characters": f"{len(article.text):,}"}
    return render(request, "annotations/workbench/page.html", whole, status=status)


def listing(request: HttpRequest, article: Article) -> dict[str, Any]:
    """The rows that are asked for, all the marks, and the counts: one query.

    Rows of claims that wait for a place in this text come after the others.
    """
    person = person_of(request)
    places, waiting = Appearance.objects.listed(article.pk, article.revision_id, person)
    rows, marks = rows_of(places, person.pk)
    homeless = rows_that_wait(waiting, person.pk, len(rows))
    show = request.GET.get("show", "all")
    return {
        "rows": [row for row in rows + homeless if belongs(row, show)],
        "homeless_from": next((row.n for row in homeless if belongs(row, show)), None),
        "marks": {"marks": marks},
        "tabs": [
            (name, label, counts, sum(belongs(row, name) for row in rows + homeless), name == show)
            for name, (label, counts) in SHOWS.items()
        ],
        "total": len(rows) + len(homeless),
        "bench_address": reverse("workbench", args=[article.slug]),
    }


def belongs(row: Row, show: str) -> bool:
    return {"to-judge": row.to_judge, "mine": row.mine}.get(show, True)
