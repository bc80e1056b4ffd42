"""Publishing the heads of the log, so that others can hold us to it."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from annotations.formats.heads import head_line
from annotations.models import Link, PublishedHead
from annotations.rules.chain import Head


@transaction.atomic
def publish_heads() -> list[Head]:
    """Keep the head of every chain that has grown since the last time; returns these heads.

    They are no events: an hourly line in the log would tell of itself.
    """
    known = {(one.chain, one.sequence) for one in PublishedHead.objects.newest()}
    fresh = [one for one in Link.objects.heads() if (one.chain, one.sequence) not in known]
    PublishedHead.objects.bulk_create(
        PublishedHead(chain=one.chain, sequence=one.sequence, hash=one.hash, at=one.at)
        for one in fresh
    )
    if settings.LOG_HEADS_FILE:
        append_heads(Path(settings.LOG_HEADS_FILE), fresh)
    return fresh


def append_heads(file: Path, heads: list[Head]) -> None:
    """Add heads to a file, a line each."""
    with file.open("a", encoding="utf-8") as lines:
        lines.writelines(f"{head_line(one)}\n" for one in heads)
