"""What the desk says of a source: how far it relies on it."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from annotations.actions.access import project_for
from annotations.actions.log import record
from annotations.actions.versions import refuse_outdated
from annotations.models import Project, Source, User
from annotations.rules import words
from annotations.rules.claims import Reliability
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Malformed, NotFound, Problems

LONGEST_NOTE = 300


def viewed(source: Source) -> dict[str, Any]:
    """The desk's view of a source, for the log."""
    return {"reliability": source.reliability, "reliability_note": source.reliability_note}


@transaction.atomic
def edit_source(
    source_id: uuid.UUID,
    *,
    actor: User,
    reliability: str | None = None,
    reliability_note: str | None = None,
    version: str | None = None,
) -> Source:
    """Give the desk's view of a source, or (empty) take it back; what is None stays."""
    own = Source.objects.readable_by(actor).filter(project__in=Project.objects.of(actor))
    source = own.select_for_update(no_key=True).filter(pk=source_id).first()
    if source is None:
        raise NotFound("There is no such source.")
    project_for(source.project_id, actor, Verb.EDIT_SOURCE)
    before = viewed(source)
    refuse_outdated(source, version, before, "edit_source")
    if reliability is not None:
        source.reliability = reliability
    if reliability_note is not None:
        source.reliability_note = reliability_note
    _check(source)
    after = viewed(source)
    if after != before:
        source.reliability_at = timezone.now() if source.reliability else None
        source.save(update_fields=["reliability", "reliability_note", "reliability_at"])
        record(
            "edit_source",
            source,
            actor=actor,
            project=source.project_id,
            before=before,
            after=after,
        )
    return source


def _check(source: Source) -> None:
    problems = Problems()
    if source.reliability and source.reliability not in set(Reliability):
        problems["reliability"] = f"The view is one of: {', '.join(Reliability)}; or none."
    source.reliability_note = problems.attempt(
        lambda: words.line(source.reliability_note, "reliability_note", longest=LONGEST_NOTE), ""
    )
    if source.reliability_note and not source.reliability:
        problems["reliability"] = "A note explains a view. Choose one, or clear the note."
    problems.refuse(Malformed)
