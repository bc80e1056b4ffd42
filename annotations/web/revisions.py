"""The texts of an article: what changed in one, the marks that wait for a moderator there, and the
text itself with its marks, read-only."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from annotations.actions.revisions import let_go, reattach
from annotations.models import Appearance, Reattachment, Revision
from annotations.rules.anchors import find_once
from annotations.rules.comparing import Comparison
from annotations.rules.languages import direction
from annotations.rules.permissions import Verb, may
from annotations.rules.reattaching import CameBy
from annotations.rules.refusals import Malformed, NotFound, Refusal
from annotations.web.access import person_of, revisions_of, texts_of
from annotations.web.galley import stretches_of
from annotations.web.refusals import refusals_answered
from annotations.web.rows import rows_of
from annotations.web.side_by_side import Mark, laid_out, numbers_of
from annotations.web.waiting import MOST, Item, Moved, Texts, moved, of_queue, proposed

SPAN = re.compile(r"(\d{1,9})-(\d{1,9})")
UUID = re.compile(r"[0-9a-f-]{36}")


@dataclass(frozen=True, slots=True)
class Refused:
    """A decision that was turned down: about which mark, and what was typed."""

    reattachment: uuid.UUID
    refusal: Refusal
    typed: QueryDict


@never_cache
@require_GET
@refusals_answered
def revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What a revision changed and, of the newest one, the marks that wait: seven queries.

    With `place` (the id of one that waits) the whole text instead, to select its words in.
    """
    if number == 1:
        revisions_of(request, slug)  # what is not there is not found
        return redirect("revision-text", slug=slug, number=1)
    return _page(request, slug, number)


@never_cache
@require_GET
@refusals_answered
def text(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A revision's text with its marks: five queries, whatever their number."""
    revisions = revisions_of(request, slug)
    (shown,) = texts_of(request, slug, number)
    person = person_of(request)
    rows, marks = rows_of(Appearance.objects.on_revision(shown.pk, person), person.pk)
    context = _around(request, shown, revisions) | {
        "rows": rows,
        "marks": {"marks": marks},
        "stretches": stretches_of(shown),
        "following": number + 1,
    }
    return render(request, "annotations/revisions/text.html", context)


@never_cache
@require_POST
@refusals_answered
def settle(request: HttpRequest, slug: str, reattachment_id: uuid.UUID) -> HttpResponse:
    """Give a mark that waits its place, or let it go; then the page at the next one."""
    newest = revisions_of(request, slug)[0]
    try:
        said = _decide(request, newest, reattachment_id)
    except NotFound:
        raise
    except Refusal as refusal:
        refused = Refused(reattachment_id, refusal, request.POST)
        return _page(request, slug, newest.number, refused, status=refusal.status)
    messages.success(request, said)
    address = reverse("revision", args=[slug, newest.number])
    following = request.POST.get("next", "")
    return redirect(f"{address}#mark-{following}" if UUID.fullmatch(following) else address)


def _decide(request: HttpRequest, newest: Revision, reattachment_id: uuid.UUID) -> str:
    """Do what was pressed, and say it."""
    given, actor = request.POST, person_of(request)
    seen = _revision(given)
    if given.get("do") == "let-go":
        let_go(reattachment_id, actor=actor, revision_id=seen)
        return "The mark was let go. Its claim and verdicts stay."
    places = [
        (int(a), int(b))
        for a, b in SPAN.findall(given.get("instead") or " ".join(given.getlist("places")))
    ]
    quote = given.get("quote", "").replace("\r\n", "\n") or None
    if not places:
        newest_text = Revision.objects.only("text").get(pk=newest.pk).text
        start = find_once(newest_text, quote or "")
        places = [(start, start + len(quote or ""))]
    asks = bool(given.get("ask_again"))
    reattach(
        reattachment_id,
        actor=actor,
        places=places,
        quote=quote,
        ask_again=asks,
        revision_id=seen,
    )
    if asks:
        return "The mark has its new place, and its reviewers are asked again."
    return "The mark has its new place."


def _page(
    request: HttpRequest,
    slug: str,
    number: int,
    refused: Refused | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    person = person_of(request)
    revisions = revisions_of(request, slug)
    new, old = texts_of(request, slug, number, number - 1)
    comparison = Comparison(old.text, old.cut(), new.text, new.cut())
    texts = Texts(comparison, old.pk, new.text, new.cut())
    old_places = list(Appearance.objects.on_revision(old.pk, person))
    new_places = list(Appearance.objects.on_revision(new.pk, person))
    queue = list(
        Reattachment.objects.filter(revision=new.pk).in_full().with_what_rests_on_it().in_order()
    )
    numbers = numbers_of(
        [
            *(one.claim_id for one in old_places),
            *(one.claim_id for one in queue),
            *(one.claim_id for one in new_places),
        ]
    )
    sees = may(new.role, Verb.SEE_ALL_VERDICTS)
    items = [of_queue(texts, numbers[one.claim_id], one, sees_verdicts=sees) for one in queue]
    waiting = [one for one in items if not one.settled]
    context = _around(request, new, revisions)
    picking = _picking(request, waiting, refused) if context["may_settle"] else None
    old_marks = _marks(old_places, numbers, person.pk)
    new_marks = _marks(new_places, numbers, person.pk)
    sections, marks = laid_out(
        comparison, old_marks, new_marks + proposed(waiting, old_marks), **texts.shown(waiting)
    )
    context |= {
        "old": old,
        "old_head": f"Revision {old.number}",
        "old_meta": _brought_in(old),
        "new_head": f"Revision {new.number}",
        "new_meta": _brought_in(new),
        "notice": _notice(refused, waiting),
        "waiting": list(zip_longest(waiting[:MOST], waiting[1:MOST])),
        "waiting_count": len(waiting),
        "left": max(0, len(waiting) - MOST),
        "most": MOST,
        "decided": [one for one in items if one.settled],
        "total": len(items),
        "moved": _moved(texts, new_places, {one.pk: one for one in old_places}, numbers),
        "carried": sum(one.carried == CameBy.EXACT for one in new_places),
        "mark_count": len(old_places),
        "sections": sections,
        "marks": {"marks": marks},
        "picking": picking,
        "refused": refused,
    }
    if picking:
        near = (
            comparison.near(picking.appearance.start)
            if not picking.choices
            else (picking.choices[0].span[0])
        )
        context |= {"stretches": stretches_of(new), "marks": {"marks": new_marks}, "near": near}
    return render(request, "annotations/revisions/page.html", context, status=status)


def _around(request: HttpRequest, shown: Revision, revisions: Sequence[Revision]) -> dict[str, Any]:
    """What every page of a revision says of it, and what the person may do there."""
    newest = revisions[0]
    is_newest = shown.number == newest.number
    return {
        "article": shown.article,
        "revision": shown,
        "revisions": revisions,
        "newest": newest,
        "is_newest": is_newest,
        "person": request.user,
        "may_revise": may(shown.role, Verb.REVISE_ARTICLE),
        "may_settle": is_newest and may(shown.role, Verb.REATTACH),
        "direction": direction(shown.article.language),
    }


def _picking(request: HttpRequest, waiting: Sequence[Item], refused: Refused | None) -> Item | None:
    """The mark whose place is being selected by hand, if it still waits."""
    wanted = request.GET.get("place", "")
    if refused and refused.typed.get("by_hand"):
        wanted = str(refused.reattachment)
    return next((one for one in waiting if one.waiting and str(one.waiting.pk) == wanted), None)


def _notice(refused: Refused | None, waiting: Sequence[Item]) -> str:
    """What was refused about a mark that the page does not list as waiting."""
    listed = {one.waiting.pk for one in waiting[:MOST] if one.waiting}
    return "" if refused is None or refused.reattachment in listed else refused.refusal.sentence


def _brought_in(revision: Revision) -> str:
    return f"brought in {date_format(revision.imported_at, 'j F Y, H:i')}"


def _marks(places: Sequence[Appearance], numbers: dict[uuid.UUID, int], person: int) -> list[Mark]:
    _, marks = rows_of(places, person)
    return [mark | {"n": numbers[uuid.UUID(mark["claim"])]} for mark in marks]


def _moved(
    texts: Texts,
    places: Sequence[Appearance],
    before: dict[uuid.UUID, Appearance],
    numbers: dict[uuid.UUID, int],
) -> list[Moved]:
    return [
        moved(
            texts,
            numbers[one.claim_id],
            before.get(one.carried_from_id or one.pk, one),
            one.start,
            one.end,
        )
        for one in places
        if one.carried == CameBy.MOVED
    ]


def _revision(given: QueryDict) -> uuid.UUID:
    try:
        return uuid.UUID(given.get("revision", ""))
    except ValueError:
        raise Malformed("Reload the page and decide again.") from None
