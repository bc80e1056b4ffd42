"""Fetch and authorise in one call, for pages: the article or claim, or a page that says no."""

import uuid

from django.db.models import Q
from django.http import HttpRequest

from annotations.models import Article, Claim, LegalHold, Project, Revision, User
from annotations.models.holds import refuse_held
from annotations.rules.refusals import NotFound


def person_of(request: HttpRequest) -> User:
    """The signed-in person; the middleware has turned everyone else away."""
    if not isinstance(request.user, User):
        raise NotFound("Sign in first.")
    return request.user


def project_of(request: HttpRequest, slug: str) -> Project:
    """The project with the person's `role` in it, if there is one."""
    project = Project.objects.of(person_of(request)).filter(slug=slug).first()
    if project is None:
        raise NotFound("There is no such project among yours. Start from your desk.")
    return project


def article_of(request: HttpRequest, slug: str) -> Article:
    """The article with its newest text and the scale, if the person works in its project."""
    article = Article.objects.of(person_of(request)).with_text().filter(slug=slug).first()
    if article is None:
        refuse_held(LegalHold.objects.told_on_article(slug, person_of(request)))
        raise NotFound("There is no such article in your projects. Start from your desk.")
    return article


def revisions_of(request: HttpRequest, slug: str) -> list[Revision]:
    """The revisions of an article of the person's projects, without their texts, newest first."""
    found = list(Revision.objects.of_article(slug, person_of(request)).in_short())
    if not found:
        refuse_held(LegalHold.objects.told_on_article(slug, person_of(request)))
        raise NotFound("There is no such article in your projects. Start from your desk.")
    return found


def texts_of(request: HttpRequest, slug: str, *numbers: int) -> list[Revision]:
    """These revisions with their texts and the article, newest first; each of them has to be."""
    found = list(
        Revision.objects.of_article(slug, person_of(request))
        .select_related("article__project")
        .defer("raw")
        .filter(Q(*(("number", one) for one in numbers), _connector=Q.OR))
    )
    if len(found) < len(numbers):
        raise NotFound("The article has no such revision. Start from the newest one.")
    return found


def claim_of(request: HttpRequest, article: Article, claim_id: uuid.UUID) -> Claim:
    """The claim, if it stands in the article; with `role` and `shown_state`."""
    person = person_of(request)
    claim = (
        Claim.objects.of(person)
        .with_shown_state(person)
        .select_related("claimant", "project", "marked_by")
        .filter(pk=claim_id, pk__in=article.appearances.values("claim"))
        .first()
    )
    if claim is None:
        refuse_held(LegalHold.objects.told_on_claim(claim_id, person))
        raise NotFound("This claim is no longer here. Somebody may have removed it.")
    return claim
