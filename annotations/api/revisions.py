"""New texts of an article: `/revisions/`, `/articles/{slug}/revisions/` and what they change."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.revisions import (
    MOST_PLACES,
    Becomes,
    Preview,
    counts_of,
    preview_revision,
    revise_article,
)
from annotations.api import readable
from annotations.api.chosen import one_shown
from annotations.api.doors import Door, find
from annotations.api.given import actor, asked, body, narrowed
from annotations.api.openapi import AN_ID, lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.revisions import (
    MOST_SHOWN,
    PreviewShape,
    RevisedShape,
    RevisionGiven,
    RevisionsAsked,
    RevisionShape,
    RevisionWithTextShape,
    TextGiven,
)
from annotations.models import Revision
from annotations.rules.diffs import Change, Stretch, changes

TEXT = "The council spends more\n\nThe council spent 13% more in 2024."


class Revisions(Door):
    @lists(RevisionShape, RevisionsAsked, "revisions", "Revisions of articles, without the text")
    def get(self, request: Request) -> Response:
        wanted = asked(RevisionsAsked, request)
        rows = narrowed(readable.revisions(request), wanted, {"article": "article__slug"})
        return page(rows, wanted, RevisionShape, request)


class OneRevision(Door):
    @reads(RevisionWithTextShape, "revision", "A revision with its text and blocks")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        rows = Revision.objects.readable_by(request.user).select_related("article", "project")
        return Response(one_shown(RevisionWithTextShape, find(rows, "revision", pk=id), request))


class Previewing(Door):
    @writes(
        "revision_preview",
        "See what a new text would change; nothing is written (moderators)",
        TextGiven,
        PreviewShape,
        example={"text": TEXT},
    )
    def post(self, request: Request, slug: str) -> Response:
        who = actor(request)
        given = body(TextGiven, request)
        return Response(shown(preview_revision(slug, actor=who, **given)))


class Revising(Door):
    @writes(
        "article_revise",
        "Bring in a new text of an article (moderators)",
        RevisionGiven,
        RevisedShape,
        status=201,
        example={"text": TEXT, "based_on": AN_ID},
    )
    def post(self, request: Request, slug: str) -> Response:
        who = actor(request)
        given = body(RevisionGiven, request)
        made = revise_article(slug, actor=who, **given)
        answer = RevisionShape(made).data | {"counts": counts_of(made.becomes)}
        return Response(answer, status=201)


def shown(preview: Preview) -> Any:
    """A preview in an answer of bounded size, what needs a person first."""
    old, new = preview.article.text, preview.canonical.text
    stretches = changes(old, new)
    return PreviewShape(
        {
            "article": preview.article,
            "sha256": preview.canonical.sha256,
            "counts": preview.counts,
            "marks": [marked(one) for one in needing_a_person_first(preview.becomes)[:MOST_SHOWN]],
            "changes": [worded(one, old, new) for one in islice(stretches, MOST_SHOWN)],
            "left_out": {
                "marks": max(0, len(preview.becomes) - MOST_SHOWN),
                "changes": max(0, len(stretches) - MOST_SHOWN),
            },
        }
    ).data


def needing_a_person_first(becomes: Sequence[Becomes]) -> list[Becomes]:
    return sorted(becomes, key=lambda one: not one.fate.result.waits)


def marked(one: Becomes) -> dict[str, Any]:
    fate = one.fate
    return {
        "appearance": one.place.pk,
        "claim": one.place.claim_id,
        "reattachment": one.waited.pk if one.waited else None,
        "was": one.place,
        "result": fate.result,
        "reason": fate.reason,
        "place": fate.place,
        "candidates": fate.candidates[:MOST_PLACES],
        "fragments": fate.fragments[:MOST_PLACES],
    }


def worded(stretch: Stretch, old: str, new: str) -> dict[str, Any]:
    """A stretch with its words, unless it stays."""
    found = asdict(stretch) | {"old": "", "new": ""}
    if stretch.change is not Change.EQUAL:
        found["old"] = old[stretch.old_start : stretch.old_end]
        found["new"] = new[stretch.new_start : stretch.new_end]
    return found
