"""Where records name people: by which column of which rows, and how these are read."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from annotations.models.appearances import Appearance
from annotations.models.claims import Claim
from annotations.models.people import User
from annotations.models.projects import Project, ProjectQuerySet
from annotations.models.publishers import PublisherCorrection
from annotations.models.rulings import Ruling
from annotations.models.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Byline:
    """`column` of `rows` is a person; `read` are those of the rows that somebody may read."""

    rows: QuerySet[Any, Any]
    column: str
    read: Callable[[User | AnonymousUser], QuerySet[Any, Any]]


BYLINES = (
    Byline(Claim.objects.all(), "marked_by", Claim.objects.readable_by),
    Byline(Appearance.objects.all(), "marked_by", Appearance.objects.readable_by),
    Byline(Verdict.objects.all(), "reviewer", Verdict.objects.visible_to),
    Byline(Ruling.objects.all(), "made_by", Ruling.objects.readable_by),
    Byline(PublisherCorrection.objects.all(), "asked_by", PublisherCorrection.objects.readable_by),
)


def projects_naming(person: User) -> ProjectQuerySet:
    """Those whose records name a person, whether or not they work there (still)."""
    named = (
        Exists(one.rows.filter(project=OuterRef("pk"), **{one.column: person})) for one in BYLINES
    )
    found: ProjectQuerySet = Project.objects.filter(reduce(or_, named))
    return found
