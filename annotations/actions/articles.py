"""Bringing articles in, and changing what is known about them."""

import datetime
import uuid
from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from annotations.actions.access import article_for, project_for
from annotations.actions.log import record
from annotations.actions.versions import refuse_outdated
from annotations.models import Article, Revision, User
from annotations.rules import words
from annotations.rules.addresses import canonical_address
from annotations.rules.canonical import CanonicalText, Kind, canonical_text
from annotations.rules.html import canonical_html
from annotations.rules.languages import TAG
from annotations.rules.pages import PageFacts
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Conflict, Malformed, Problems

PLAIN, HTML = "text/plain", "text/html"
MEDIA_TYPES = (PLAIN, HTML)
FACTS = ("title", "publisher", "author", "address", "language", "date", "date_is_inferred", "note")


def known(article: Article) -> dict[str, Any]:
    """What is known about an article, for the log."""
    return {name: getattr(article, name) for name in FACTS}


@transaction.atomic
def import_article(
    project_id: uuid.UUID,
    *,
    actor: User,
    text: str,
    media_type: str = PLAIN,
    title: str = "",
    slug: str = "",
    publisher: str = "",
    author: str = "",
    address: str = "",
    language: str = "",
    date: datetime.date | None = None,
    date_is_inferred: bool = False,
    note: str = "",
    furniture: Collection[str] = (),
) -> Article:
    """A new article with its first revision, out of plain text or HTML.

    The title is the text's headline unless one is given; `furniture` names blocks that are the
    page's. What a whole page says of itself stands where nothing else is given. The raw input is
    kept beside the canonical text.
    """
    project = project_for(project_id, actor, Verb.IMPORT_ARTICLE)
    canonical, page = canonical_of(text, media_type, furniture)
    headline = next((b for b in canonical.blocks if b.kind == Kind.HEADLINE), None)
    if not title and headline is not None:
        title = canonical.text[headline.start : headline.end]
    article = Article(project=project, imported_by=actor, date=date or page.date)
    article.date_is_inferred = date_is_inferred
    _describe(
        article,
        title=title or page.title,
        publisher=publisher or page.publisher,
        author=author or page.author,
        address=address or page.address,
        language=language or page.language or "en",
        note=note,
    )
    _save_under_a_free_slug(article, slug or article.title, numbered=not slug)
    revision = make_revision(article, 1, canonical, text, media_type, actor)
    record(
        "import_article",
        article,
        actor=actor,
        project=project.pk,
        after=known(article) | {"revision": revision.pk, "sha256": revision.sha256},
    )
    return article


def canonical_of(
    text: str, media_type: str, furniture: Collection[str]
) -> tuple[CanonicalText, PageFacts]:
    """The canonical text of an input, and what it says of itself if it is a whole page."""
    if media_type not in MEDIA_TYPES:
        raise Malformed(f"The text is one of: {', '.join(MEDIA_TYPES)}.", field="media_type")
    if media_type == HTML:
        return canonical_html(text, furniture=furniture)
    return canonical_text(text, furniture=furniture), PageFacts()


def make_revision(
    article: Article, number: int, canonical: CanonicalText, raw: str, media_type: str, actor: User
) -> Revision:
    """The row of a text; the raw input stays beside it."""
    return Revision.objects.create(
        project=article.project,
        article=article,
        number=number,
        text=canonical.text,
        blocks=[[block.kind, block.start, block.end] for block in canonical.blocks],
        sha256=canonical.sha256,
        raw=raw,
        raw_media_type=media_type,
        imported_by=actor,
    )


@transaction.atomic
def edit_article(
    article_id: uuid.UUID, *, actor: User, version: str | None = None, **facts: Any
) -> Article:
    """Change what is known about an article (`FACTS`); its words are in its revisions."""
    article_for(article_id, actor, Verb.EDIT_ARTICLE)
    article = Article.objects.select_for_update().get(pk=article_id)
    before = known(article)
    refuse_outdated(article, version, before, "edit_article")
    article.date = facts.pop("date", article.date)
    article.date_is_inferred = facts.pop("date_is_inferred", article.date_is_inferred)
    _describe(article, **facts)
    after = known(article)
    if after != before:
        article.save(update_fields=list(FACTS))
        record(
            "edit_article",
            article,
            actor=actor,
            project=article.project_id,
            before=before,
            after=after,
        )
    return article


def _describe(article: Article, **facts: str) -> None:
    problems = Problems()
    limits = {"title": 300, "publisher": 200, "author": 200, "language": 35}
    for name, longest in limits.items():
        if name in facts:
            value = facts[name]
            made = problems.attempt(
                lambda name=name, value=value, longest=longest: words.line(  # type: ignore[misc]
                    value, name, longest=longest, required=name in ("title", "language")
                ),
                "",
            )
            setattr(article, name, made)
    if "language" not in problems and not TAG.fullmatch(article.language):
        problems["language"] = "A language is given by its tag, such as en, uk or pt-BR."
    if "note" in facts:
        article.note = problems.attempt(lambda: words.prose(facts["note"], "note"), "")
    if facts.get("address"):
        article.address = problems.attempt(lambda: canonical_address(facts["address"]), "")
    elif "address" in facts:
        article.address = ""
    problems.refuse()


def _save_under_a_free_slug(article: Article, wanted: str, *, numbered: bool) -> None:
    """Save a new article; where another has the slug, under the next one if `numbered`."""
    base = slugify(wanted)[:100].strip("-") or "article"
    names = [base, *(f"{base}-{n}" for n in range(2, 1002) if numbered)]
    for _ in range(10):
        taken = set(Article.objects.filter(slug__in=names).values_list("slug", flat=True))
        free = next((name for name in names if name not in taken), None)
        if free is None and not numbered:
            raise Conflict(f"There is an article “{base}” already. Give another.", field="slug")
        if free is None:
            raise Malformed("Too many articles have this title. Give a slug.", field="slug")
        article.slug = free
        try:
            with transaction.atomic():
                article.save(force_insert=True)
        except IntegrityError:
            continue
        return
    raise Conflict("Others are bringing in articles of this title. Try again.", field="slug")
