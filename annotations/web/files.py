"""The files of a project: bringing one in and seeing how far it is, what foreign ratings are here,
and the project in every format.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from annotations.actions.access import require
from annotations.actions.imports import cancel_import, resume_import, start_import, verb_of
from annotations.actions.rating_maps import map_rating, unmap_rating
from annotations.formats.contract import asks_unit, readers
from annotations.formats.offsets import NAMES, Unit
from annotations.models import Import, Project, Rating, RatingMap, User
from annotations.models.exports import exports
from annotations.models.imports import unmapped
from annotations.rules.imports import MOST_BYTES, MOST_REFUSALS, PART, TOO_LARGE
from annotations.rules.permissions import Verb, may
from annotations.rules.refusals import Malformed, NotFound, Refusal, TooLarge
from annotations.web.access import person_of, project_of
from annotations.web.paging import cursor_page, page_onward
from annotations.web.refusals import refusals_answered

BESIDE_THE_FILE = 64 * 1024  # bytes that the other fields of the form may take
WORDS = 30  # ratings that wait, on a page
REFUSALS = 50  # on a page
LEFT_OUT = "left out"  # a rating's slug holds no blank
NO_FORMAT = "Say which format the file is in."


@csrf_exempt  # `_done` is protected: here the body, where the token is, is not read yet
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_answered
def files(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; the button says what is done (`do`).

    Who may not bring files in, or brings one that is too large, is refused before it is read.
    """
    project = project_of(request, slug)
    if request.method != "POST":
        return _page(request, project)
    require(project.role, Verb.IMPORT_FILE)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + BESIDE_THE_FILE:
        return _page(request, project, TooLarge(TOO_LARGE, field="file"), typed={})
    answer: HttpResponse = _done(request, project)
    return answer


@csrf_protect
def _done(request: HttpRequest, project: Project) -> HttpResponse:
    act = ACTS.get(request.POST.get("do", ""))
    try:
        if act is None:
            raise Malformed("Press one of the page's buttons.")
        messages.success(request, act(request, project, person_of(request)))
    except Refusal as refusal:
        return _page(request, project, refusal)
    return redirect("files", project.slug)


@never_cache
@require_GET
@refusals_answered
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    """The imports by themselves, for a page that asks how far they are. Where none is under way
    any more, with what they have left waiting.
    """
    project = project_of(request, slug)
    require(project.role, Verb.IMPORT_FILE)
    context = {"project": project} | _imports(request, project)
    if context["under_way"]:
        return render(request, "annotations/files/imports.html", context)
    return render(request, "annotations/files/ended.html", context | _ratings(request, project))


@never_cache
@require_GET
@refusals_answered
def report(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """What came of an import: counts, what has no place here, and each thing that was refused."""
    job = Import.objects.of(person_of(request)).filter(pk=import_id).first()
    if job is None:
        raise NotFound("There is no such import in your projects. Start from your desk.")
    context = {
        "project": job.project,
        "person": request.user,
        "job": job,
        "left_out": sorted(job.left_out.items()),
        "page": page_onward(job.refusals.all(), request.GET.get("after", ""), REFUSALS),
        "most": MOST_REFUSALS,
    }
    return render(request, "annotations/files/report.html", context)


def _start(request: HttpRequest, project: Project, person: User) -> str:
    file, named = request.FILES.get("file"), request.POST.get("format", "")
    if file is None or not named:
        problems = {} if file else {"file": "Choose a file."}
        raise Malformed(problems=problems | ({} if named else {"format": NO_FORMAT}))
    job = start_import(
        project.pk,
        actor=person,
        format=named,
        unit=request.POST.get("unit", ""),
        name=file.name or "",
        content=file.chunks(PART),
    )
    return f"{job.name} is here and comes in by itself. You can leave this page meanwhile."


def _cancel(request: HttpRequest, _: Project, person: User) -> str:
    job = cancel_import(_id(request, "import"), actor=person)
    return f"{job.name} is stopped. What has come in stays."


def _resume(request: HttpRequest, _: Project, person: User) -> str:
    job = resume_import(_id(request, "import"), actor=person)
    return f"{job.name} goes on where it stopped."


def _map(request: HttpRequest, project: Project, person: User) -> str:
    word, rating = request.POST.get("word", ""), request.POST.get("rating", "")
    if not rating:
        raise Malformed("Choose a rating of the scale, or leave it out.", field="rating")
    made = map_rating(project.pk, word, "" if rating == LEFT_OUT else rating, actor=person)
    if made.rating is None:
        return f"Verdicts of “{made.word}” are left out from now on."
    return f"“{made.word}” is {made.rating.name} here from now on. What waited for it comes in."


def _unmap(request: HttpRequest, _: Project, person: User) -> str:
    unmap_rating(_id(request, "map"), actor=person)
    return "The map is taken back: files that come later ask again. What came in by it stays."


# What the page's buttons do, each with what is said when it is done.
ACTS: dict[str, Callable[[HttpRequest, Project, User], str]] = {
    "start": _start,
    "cancel": _cancel,
    "resume": _resume,
    "map": _map,
    "unmap": _unmap,
}


def _id(request: HttpRequest, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get(name, ""))
    except ValueError:
        raise Malformed("Press one of the page's buttons.") from None


def _imports(request: HttpRequest, project: Project) -> dict[str, Any]:
    """The imports of a page, newest first, and whether one of them is under way."""
    rows = Import.objects.of(person_of(request)).filter(project=project)
    page = cursor_page(rows, request.GET.get("after", ""))
    return {"page": page, "under_way": any(job.is_open for job in page.rows)}


def _ratings(request: HttpRequest, project: Project) -> dict[str, Any]:
    """The foreign ratings that wait, and those that have a map."""
    waiting = unmapped(project.pk)
    maps = RatingMap.objects.filter(project=project).select_related("rating", "made_by")
    return {
        "waiting": waiting[:WORDS],
        "more_wait": max(len(waiting) - WORDS, 0),
        "maps": cursor_page(maps, request.GET.get("maps", "")),
        "scale": Rating.objects.in_use(project),
    }


def told(units: Iterable[Unit]) -> list[tuple[Unit, str]]:
    return [(unit, NAMES[unit]) for unit in units]


def _page(
    request: HttpRequest,
    project: Project,
    refusal: Refusal | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page; what was sent stays in its form, unless it is `typed` that does."""
    problems = dict(refusal.problems) if refusal else {}
    if "name" in problems:
        problems["file"] = problems.pop("name")
    context: dict[str, Any] = {
        "project": project,
        "person": request.user,
        "exports": [(one, told(one.UNITS[1:])) for one in exports().values()],
        "typed": request.POST if typed is None else typed,
        "refusal": refusal,
        "problems": problems,
    }
    if may(project.role, Verb.IMPORT_FILE):
        context |= _imports(request, project) | _ratings(request, project)
        context |= {
            "formats": [
                (one, asks_unit(one))
                for one in readers().values()
                if may(project.role, verb_of(one.SLUG))
            ],
            "units": told(Unit),
            "most": MOST_BYTES,
        }
    status = refusal.status if refusal else 200
    return render(request, "annotations/files/page.html", context, status=status)
