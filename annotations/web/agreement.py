"""How far the reviewers of a project agree: a page for those who see every verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from annotations.actions.access import require
from annotations.models.agreement import study_in
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Malformed
from annotations.rules.study import REFERENCE, REFERENCE_SOURCE, Study
from annotations.rules.wanted import NAMES, Versions, wanted_of
from annotations.web.access import person_of, project_of
from annotations.web.charts import on_a_line, over_time
from annotations.web.refusals import refusals_answered

DARKEST = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """How many pairs gave two ratings; `heat` is how dark the cell is, from 0 to `DARKEST`."""

    count: int
    heat: int
    is_same: bool


@never_cache
@require_GET
@refusals_answered
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """The study that the address asks for; what it asks wrongly is said at its field."""
    project = project_of(request, slug)
    require(project.role, Verb.SEE_ALL_VERDICTS)
    given = {name: request.GET.get(name, "") for name in NAMES}
    context: dict[str, Any] = {
        "person": person_of(request),
        "project": project,
        "asked": given | {"since": given["from"], "until": given["to"]},
        "is_narrowed": any(given.values()),
        "all_versions": Versions,
    }
    try:
        study = study_in(project, wanted_of(given))
    except Malformed as refusal:
        context |= {"problems": refusal.problems}
        return render(request, "annotations/agreement/page.html", context, status=refusal.status)
    table = {name: value for name, value in given.items() if value} | {"format": "csv"}
    context |= shown(study) | {
        "download": f"{reverse('api:agreement', args=[slug])}?{urlencode(table)}"
    }
    return render(request, "annotations/agreement/page.html", context)


def shown(study: Study) -> dict[str, Any]:
    """The study, its drawings, and its table of ratings."""
    return {
        "study": study,
        "line": on_a_line(study.measured.nominal),
        "time": over_time(study.months),
        "triangle": triangle_of(study),
        "left_out": [(n, why.sentence) for why, n in study.left_out.items()],
        "reference": REFERENCE,
        "reference_source": REFERENCE_SOURCE,
    }


def triangle_of(study: Study) -> list[tuple[Mapping[str, Any], Sequence[Cell]]]:
    """A row a rating with a cell for it and each better one: every pair of ratings once."""
    most = max(study.confusion.values(), default=0)
    rows: list[tuple[Mapping[str, Any], Sequence[Cell]]] = []
    for other, rating in enumerate(study.scale):
        counts = [study.confusion.get((one, other), 0) for one in range(other + 1)]
        cells = [
            Cell(n, -(-n * DARKEST // most) if most else 0, is_same=one == other)
            for one, n in enumerate(counts)
        ]
        rows.append((rating, cells))
    return rows
