"""Bringing in a new text of an article: the form, what would become of every mark, and the step."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from annotations.actions.access import article_for
from annotations.actions.articles import HTML, MEDIA_TYPES, PLAIN
from annotations.actions.revisions import Preview, preview_revision, revise_article
from annotations.models import Appearance, Article
from annotations.rules.canonical import Block, Kind
from annotations.rules.carrying import Result
from annotations.rules.comparing import Comparison
from annotations.rules.decoding import decoded
from annotations.rules.permissions import Verb
from annotations.rules.reattaching import Waits
from annotations.rules.refusals import Conflict, Malformed, Refusal
from annotations.web.access import person_of
from annotations.web.refusals import refusals_answered
from annotations.web.rows import rows_of
from annotations.web.side_by_side import Mark, laid_out, numbers_of
from annotations.web.waiting import MOST, Moved, Texts, lines_of, moved, of_preview, proposed

SUFFIXES = {".txt": PLAIN, ".text": PLAIN, ".html": HTML, ".htm": HTML}
KINDS = ((PLAIN, "Plain text"), (HTML, "HTML"))


@dataclass(frozen=True, slots=True)
class Given:
    """A text that somebody brings, and what it is."""

    text: str = ""
    media_type: str = PLAIN

    @property
    def kept(self) -> str:
        """For a form that brings it again: JSON, because a browser rewrites bare line ends."""
        return json.dumps([self.text, self.media_type], ensure_ascii=False)


@csrf_exempt  # `_revise` is protected: here the body, where the token is, is not read yet
@never_cache
@require_http_methods(["GET", "POST"])
@refusals_answered
def revise(request: HttpRequest, slug: str) -> HttpResponse:
    """A text that is too large is refused before it is read."""
    size, most = int(request.META.get("CONTENT_LENGTH") or 0), settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if size > most:
        article = article_for(slug, person_of(request), Verb.REVISE_ARTICLE)
        said = f"This is {size / 2**20:.0f} MB; {most // 2**20} MB is the most. Split the article."
        return _form(request, article, Given(), {"text": said}, status=413)
    answer: HttpResponse = _revise(request, slug)
    return answer


@csrf_protect
def _revise(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: the form. POST: what the text would change, or with `do` accept the new revision."""
    if request.method == "GET":
        return _form(request, article_for(slug, person_of(request), Verb.REVISE_ARTICLE), Given())
    given = Given(request.POST.get("text", ""), request.POST.get("media_type", PLAIN))
    try:
        given = _given(request, given)
        if request.POST.get("do") == "accept":
            return _accepted(request, slug, given)
        if request.POST.get("do") != "change":
            return _preview(request, slug, given)
        problems, status = {}, 200
    except Refusal as refusal:
        problems, status = refusal.problems, refusal.status
    article = article_for(slug, person_of(request), Verb.REVISE_ARTICLE)
    return _form(request, article, given, problems, status=status)


def _accepted(request: HttpRequest, slug: str, given: Given) -> HttpResponse:
    """The new revision's page; where somebody was quicker, the preview against their text."""
    try:
        made = revise_article(
            slug,
            actor=person_of(request),
            text=given.text,
            media_type=given.media_type,
            based_on=_based_on(request),
        )
    except Conflict as refusal:
        if "based_on" not in refusal.problems:
            raise
        return _preview(request, slug, given, refusal.sentence, status=refusal.status)
    messages.success(request, f"Revision {made.number} is in.")
    return redirect("revision", slug=slug, number=made.number)


def _form(
    request: HttpRequest,
    article: Article,
    given: Given,
    problems: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "article": article,
        "given": given,
        "kinds": KINDS,
        "problems": problems or {},
        "person": request.user,
    }
    return render(request, "annotations/revisions/form.html", context, status=status)


def _preview(
    request: HttpRequest, slug: str, given: Given, sentence: str = "", *, status: int = 200
) -> HttpResponse:
    """What would change, and what would become of every mark. Nothing is written."""
    person = person_of(request)
    preview = preview_revision(slug, actor=person, text=given.text, media_type=given.media_type)
    article, canonical, becomes = preview.article, preview.canonical, preview.becomes
    old_blocks = [Block(Kind(kind), start, end) for kind, start, end in article.blocks]
    comparison = Comparison(article.text, old_blocks, canonical.text, canonical.blocks)
    texts = Texts(comparison, article.revision_id, canonical.text, canonical.blocks)
    numbers = numbers_of(one.place.claim_id for one in becomes)
    items = [
        of_preview(texts, numbers[one.place.claim_id], one)
        for one in becomes
        if one.fate.result.waits
    ]
    _, marks = rows_of(Appearance.objects.on_revision(article.revision_id, person), person.pk)
    for mark in marks:
        mark["n"] = numbers[uuid.UUID(mark["claim"])]
    sections, painted = laid_out(
        comparison,
        marks,
        _marks_to_be(preview, numbers, marks) + proposed(items, marks),
        **texts.shown(items),
    )
    context = {
        "article": article,
        "person": person,
        "given": given,
        "sentence": sentence,
        "number": article.revision_number + 1,
        "old_head": f"Revision {article.revision_number}",
        "groups": [(why, [one for one in items if one.why == why]) for why in Waits],
        "most": MOST,
        "moved": _moved(preview, texts, numbers),
        "carried": preview.counts[Result.EXACT],
        "waits": len(items),
        "total": len(becomes),
        "sections": sections,
        "marks": {"marks": painted},
    }
    return render(request, "annotations/revisions/preview.html", context, status=status)


def _moved(preview: Preview, texts: Texts, numbers: dict[uuid.UUID, int]) -> list[Moved]:
    return [
        moved(
            texts, numbers[one.place.claim_id], one.place, one.fate.place.start, one.fate.place.end
        )
        for one in preview.becomes
        if one.fate.result == Result.MOVED and one.fate.place
    ]


def _marks_to_be(
    preview: Preview, numbers: dict[uuid.UUID, int], marks: Sequence[Mark]
) -> list[Mark]:
    """The marks that the new text would have at once, as they look in the older one."""
    lines = lines_of(marks)
    return [
        {
            "id": f"new-{one.place.pk}",
            "n": numbers[one.place.claim_id],
            "start": one.fate.place.start,
            "end": one.fate.place.end,
            "line": lines.get(str(one.place.pk), "plain"),
        }
        for one in preview.becomes
        if one.fate.place and not one.fate.result.waits
    ]


def _given(request: HttpRequest, typed: Given) -> Given:
    """The file if there is one, what a page of ours kept, or else what was pasted."""
    if kept := request.POST.get("kept"):
        try:
            text, media_type = map(str, json.loads(kept))
        except (TypeError, ValueError):
            raise Malformed("Bring the text in again.", field="text") from None
        typed = Given(text, media_type)
    elif file := request.FILES.get("file"):
        media_type = SUFFIXES.get(PurePath(file.name or "").suffix.lower(), "")
        if not media_type:
            raise Malformed("Bring a file that ends in .txt or .html.", field="file")
        typed = Given(decoded(file.read(), field="file"), media_type)
    if typed.media_type not in MEDIA_TYPES:
        raise Malformed("Say whether the text is plain or HTML.", field="media_type")
    return typed


def _based_on(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("based_on", ""))
    except ValueError:
        raise Malformed("Look at the preview first.", field="text") from None
