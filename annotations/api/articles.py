"""Articles: `/articles/`, `/articles/{slug}/`."""

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.articles import edit_article, import_article, known
from annotations.actions.versions import version_now
from annotations.api import readable
from annotations.api.chosen import one_shown
from annotations.api.doors import Door, find
from annotations.api.given import actor, asked, body, in_days, narrowed, search
from annotations.api.openapi import lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.articles import (
    ArticleGiven,
    ArticlesAsked,
    ArticleShape,
    ArticleWithTextShape,
    FactsGiven,
)
from annotations.api.versions import if_match, versioned
from annotations.models import Article, LegalHold, Project

COLUMNS = {"language": "language", "publisher": "publisher"}


class Articles(Door):
    @lists(ArticleShape, ArticlesAsked, "articles", "Articles of your projects, and public ones")
    def get(self, request: Request) -> Response:
        wanted = asked(ArticlesAsked, request)
        rows = readable.articles(request)
        rows = narrowed(rows, wanted, COLUMNS)
        rows = in_days(rows, wanted, "date")
        return page(rows, wanted, ArticleShape, request, search=search(wanted, request))

    @writes(
        "article_import",
        "Bring in an article as plain text or HTML (moderators)",
        ArticleGiven,
        ArticleWithTextShape,
        status=201,
        example={
            "project": "ceasefire-talks",
            "text": "The council spends more\n\nThe council spent 12% more in 2024.",
            "publisher": "Example Times",
            "date": "2025-03-17",
        },
    )
    def post(self, request: Request) -> Response:
        who = actor(request)
        given = body(ArticleGiven, request)
        project = find(Project.objects.of(who), "project", slug=given.pop("project"))
        made = import_article(project.pk, actor=who, **given)
        return shown(request, made.slug, 201)


class OneArticle(Door):
    @reads(ArticleWithTextShape, "article", "An article with its newest text and blocks")
    def get(self, request: Request, slug: str) -> Response:
        return shown(request, slug)

    @writes(
        "article_change",
        "Change what is known about an article (moderators)",
        FactsGiven,
        ArticleWithTextShape,
        example={"publisher": "Example Times", "address": "https://example.org/council"},
        versioned=True,
    )
    def patch(self, request: Request, slug: str) -> Response:
        who = actor(request)
        given = body(FactsGiven, request)
        article = find(Article.objects.of(who), "article", slug=slug)
        edit_article(article.pk, actor=who, version=if_match(request), **given)
        return shown(request, slug)


def shown(request: Request, slug: str, status: int = 200) -> Response:
    """An article with its text, as the caller may see it, and its version."""
    rows = Article.objects.readable_by(request.user).with_text()
    holds = LegalHold.objects.told_on_article(slug, request.user)
    article = find(rows, "article", holds=holds, slug=slug)
    return versioned(
        one_shown(ArticleWithTextShape, article, request), version_now(known(article)), status
    )
