"""What can be expanded: where a shape names another thing, and what stands there in full."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from annotations.api import readable
from annotations.api.shapes.articles import ArticleShape, ArticleWithTextShape
from annotations.api.shapes.assignments import AssignmentShape, GoldItemShape
from annotations.api.shapes.claims import AppearanceShape, ClaimShape
from annotations.api.shapes.comments import CommentShape
from annotations.api.shapes.holds import HoldShape
from annotations.api.shapes.projects import ProjectShape
from annotations.api.shapes.publishers import PublisherCorrectionShape
from annotations.api.shapes.ratings import OnScaleShape
from annotations.api.shapes.revisions import (
    ReattachmentShape,
    ReattachmentWithWordsShape,
    RevisionShape,
    RevisionWithTextShape,
)
from annotations.api.shapes.rulings import RulingShape
from annotations.api.shapes.verdicts import EvidenceShape, SourceShape, VerdictShape

Shape = type[serializers.Serializer[Any]]
MOST_EACH = 100


@dataclass(frozen=True, slots=True)
class Reference:
    """The thing that an id or a slug names, `by` which column; as its list shows it to the caller.

    Where there are `many`, they are those that name this thing in that column: the first 100.
    """

    shape: Shape
    rows: Callable[[Request], QuerySet[Any, Any]]
    by: str = "pk"
    many: bool = False


PROJECT = Reference(ProjectShape, readable.projects, "slug")
ARTICLE = Reference(ArticleShape, readable.articles, "slug")
REVISION = Reference(RevisionShape, readable.revisions)
CLAIM = Reference(ClaimShape, readable.claims)
VERDICT = Reference(VerdictShape, readable.verdicts)
SOURCE = Reference(SourceShape, readable.sources)
RULING = Reference(RulingShape, readable.rulings)

# At which place of a shape, by its names with dots between them.
OF: dict[Shape, dict[str, Reference]] = {
    ArticleShape: {"project": PROJECT, "revision": REVISION},
    ArticleWithTextShape: {"project": PROJECT},
    RevisionShape: {"project": PROJECT, "article": ARTICLE},
    RevisionWithTextShape: {"project": PROJECT, "article": ARTICLE},
    ClaimShape: {
        "project": PROJECT,
        "appearances.article": ARTICLE,
        "appearances.revision": REVISION,
        "ruling": RULING,
        "verdicts": Reference(VerdictShape, readable.verdicts, "claim", many=True),
    },
    AppearanceShape: {
        "project": PROJECT, "article": ARTICLE, "revision": REVISION, "claim": CLAIM,
    },
    ReattachmentShape: {"project": PROJECT, "article": ARTICLE, "claim": CLAIM},
    ReattachmentWithWordsShape: {"project": PROJECT, "article": ARTICLE, "claim": CLAIM},
    VerdictShape: {"project": PROJECT, "claim": CLAIM, "evidence.source": SOURCE},
    EvidenceShape: {"project": PROJECT, "verdict": VERDICT, "source": SOURCE},
    SourceShape: {"project": PROJECT},
    RulingShape: {"project": PROJECT, "claim": CLAIM, "evidence.source": SOURCE},
    OnScaleShape: {"project": PROJECT},
    CommentShape: {"project": PROJECT, "claim": CLAIM},
    AssignmentShape: {"project": PROJECT, "claim": CLAIM, "article": ARTICLE},
    GoldItemShape: {"project": PROJECT, "claim": CLAIM},
    HoldShape: {"project": PROJECT, "claim": CLAIM, "article": ARTICLE},
    PublisherCorrectionShape: {"project": PROJECT, "claim": CLAIM, "article": ARTICLE},
}  # fmt: skip


def expandable(shape: Shape) -> Iterator[str]:
    """Every path that can be expanded, two things deep at most; only the first may be many."""
    for path, reference in OF.get(shape, {}).items():
        yield path
        for further, inner in OF.get(reference.shape, {}).items():
            if not inner.many:
                yield f"{path}.{further}"
