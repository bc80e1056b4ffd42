"""Evidence and the sources it uses: `/evidence/`, `/sources/`."""

import uuid
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.sources import edit_source
from annotations.actions.versions import version_now
from annotations.api import readable
from annotations.api.bulk import changed_in_bulk, writes_many
from annotations.api.chosen import one_shown
from annotations.api.doors import Door, find
from annotations.api.given import actor, asked, body, narrowed
from annotations.api.openapi import AN_ID, lists, reads, writes
from annotations.api.pages import page
from annotations.api.shapes.verdicts import (
    EvidenceAsked,
    EvidenceShape,
    SourceChange,
    SourceChangeOfMany,
    SourcesAsked,
    SourceShape,
)
from annotations.api.versions import if_match, versioned

COLUMNS = {
    "claim": "verdict__claim",
    "source": "source",
    "stance": "stance",
}


class EvidenceList(Door):
    @lists(EvidenceShape, EvidenceAsked, "evidence", "Evidence of verdicts you may see, and public")
    def get(self, request: Request) -> Response:
        wanted = asked(EvidenceAsked, request)
        rows = readable.evidence(request)
        rows = narrowed(rows, wanted, COLUMNS)
        return page(rows, wanted, EvidenceShape, request)


class OneEvidence(Door):
    @reads(EvidenceShape, "evidence", "A piece of evidence with its source")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        found = find(readable.evidence(request), "evidence", pk=id)
        return Response(one_shown(EvidenceShape, found, request))


class Sources(Door):
    @lists(SourceShape, SourcesAsked, "sources", "Sources that you may know of, and public ones")
    def get(self, request: Request) -> Response:
        wanted = asked(SourcesAsked, request)
        rows = narrowed(readable.sources(request), wanted, {"address": "address"})
        return page(rows, wanted, SourceShape, request)


class OneSource(Door):
    @reads(SourceShape, "source", "A source")
    def get(self, request: Request, id: uuid.UUID) -> Response:
        return shown(request, id)

    @writes(
        "source_change",
        "Give the desk's view of a source (moderators)",
        SourceChange,
        SourceShape,
        example={"reliability": "mixed", "reliability_note": "Corrects itself late."},
        versioned=True,
    )
    def patch(self, request: Request, id: uuid.UUID) -> Response:
        who = actor(request)
        given = body(SourceChange, request)
        edit_source(id, actor=who, version=if_match(request), **given)
        return shown(request, id)


class ManySources(Door):
    @writes_many(
        "sources_change",
        "Give the desk's view of many sources (moderators)",
        SourceChangeOfMany,
        SourceShape,
        example=[{"id": AN_ID, "version": "*", "reliability": "mixed"}],
    )
    def patch(self, request: Request) -> Response:
        who = actor(request)

        def one(id: uuid.UUID, given: dict[str, Any], version: str | None) -> Response:
            edit_source(id, actor=who, version=version, **given)
            return shown(request, id)

        return changed_in_bulk(request, SourceChangeOfMany, one)


def shown(request: Request, id: uuid.UUID) -> Response:
    """A source as the caller may see it; its version is that of the desk's view, as shown."""
    found = find(readable.sources(request), "source", pk=id)
    view = found.view or {"reliability": "", "reliability_note": ""}
    return versioned(one_shown(SourceShape, found, request), version_now(view))
