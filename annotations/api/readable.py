"""What a caller may read of each thing, with all that its shape shows: the same for its own address
and for the place where it is expanded.
"""

from rest_framework.request import Request

from annotations.models import (
    Appearance,
    Article,
    Claim,
    Evidence,
    Project,
    Revision,
    Ruling,
    Source,
    Verdict,
)
from annotations.models.appearances import AppearanceQuerySet
from annotations.models.articles import ArticleQuerySet, RevisionQuerySet
from annotations.models.claims import ClaimQuerySet
from annotations.models.projects import ProjectQuerySet
from annotations.models.rulings import RulingQuerySet
from annotations.models.verdicts import EvidenceQuerySet, SourceQuerySet, VerdictQuerySet


def projects(request: Request) -> ProjectQuerySet:
    rows: ProjectQuerySet = Project.objects.readable_by(request.user)
    return rows.with_scale()


def articles(request: Request) -> ArticleQuerySet:
    rows: ArticleQuerySet = Article.objects.readable_by(request.user)
    return rows.with_revision()


def revisions(request: Request) -> RevisionQuerySet:
    rows: RevisionQuerySet = Revision.objects.readable_by(request.user)
    return rows.without_text()


def claims(request: Request) -> ClaimQuerySet:
    rows: ClaimQuerySet = Claim.objects.readable_by(request.user)
    return rows.with_shown_state(request.user).with_shown_wanted(request.user).in_full()


def appearances(request: Request) -> AppearanceQuerySet:
    rows: AppearanceQuerySet = Appearance.objects.readable_by(request.user)
    return rows.select_related("project", "article", "marked_by")


def verdicts(request: Request) -> VerdictQuerySet:
    rows: VerdictQuerySet = Verdict.objects.visible_to(request.user)
    return rows.in_full()


def evidence(request: Request) -> EvidenceQuerySet:
    rows: EvidenceQuerySet = Evidence.objects.readable_by(request.user)
    return rows.with_shown_verdict(request.user)


def sources(request: Request) -> SourceQuerySet:
    rows: SourceQuerySet = Source.objects.readable_by(request.user)
    return rows.with_citation(request.user).with_view(request.user).select_related("project")


def rulings(request: Request) -> RulingQuerySet:
    rows: RulingQuerySet = Ruling.objects.readable_by(request.user)
    return rows.in_full(request.user)
