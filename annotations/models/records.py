"""The record: an article with all that is known of it, as PostgreSQL itself writes it in JSON.

One statement builds it, whatever the number of claims, and no row passes through Python: a record
is read with one query, and a corpus is streamed with one COPY, which sees one snapshot. What a
person may see is decided inside the statement, by the same words as in the QuerySet methods
(`ClaimQuerySet.readable_by` and `with_shown_state`, `VerdictQuerySet.visible_to`,
`RulingQuerySet.in_full`, `PublisherCorrectionQuerySet.readable_by`); a test holds the two together.

The statement is `record.sql`; its shape is `annotations/formats/record.schema.json`.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from annotations.models.people import User
from annotations.models.streams import at_the_readers_pace
from annotations.rules.narrowing import EVERYTHING, Narrowed
from annotations.rules.sight import SEES_ALL, Looker, Thing, seen
from annotations.rules.states import PUBLIC

STATEMENT = Path(__file__).with_name("record.sql").read_text("utf-8")
ONE = STATEMENT.replace("AS record", "::text").replace("{which}", "article.slug = %(slug)s")
ALL = STATEMENT.replace(
    "{which}",
    """article.project_id = %(project)s
         AND (%(after)s::uuid IS NULL OR article.id > %(after)s::uuid)
         AND (%(languages)s::text[] IS NULL OR article.language = ANY(%(languages)s::text[]))
         AND (%(since)s::date IS NULL OR article.date >= %(since)s::date)
         AND (%(until)s::date IS NULL OR article.date <= %(until)s::date)""",
)
WITH_CLAIMS = "SELECT record FROM ({}) every WHERE json_array_length(record -> 'claims') > 0"

# JSON holds neither of the two control characters, so the lines of this COPY are the records as
# they are: nothing is quoted and nothing is escaped.
AS_IT_IS = "TO STDOUT (FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01')"
STREAM, STREAM_WITH_CLAIMS = (f"COPY ({one}) {AS_IT_IS}" for one in (ALL, WITH_CLAIMS.format(ALL)))

CHUNK = 64 * 1024


def parameters(
    person: User | AnonymousUser, *, drafts: bool, wanted: Narrowed = EVERYTHING
) -> dict[str, Any]:
    """What the statement needs to know of a person, who is 0 where it is nobody, and of what is
    wanted.
    """
    return {
        "person": person.pk or 0,
        "drafts": drafts,
        "sees_all": list(SEES_ALL),
        "told_in": seen(Thing.STATE, Looker.BLIND),
        "readers_see": seen(Thing.CLAIM, Looker.READER),
        "public": sorted(state.value for state in PUBLIC),
        **wanted.asked(),
    }


def record_of(slug: str, person: User | AnonymousUser) -> bytes | None:
    """The record of an article as the person may see it, own drafts included: one query."""
    with connection.cursor() as cursor:
        cursor.execute(ONE, parameters(person, drafts=True) | {"slug": slug})
        found = cursor.fetchone()
    return found[0].encode() if found else None


def records_of(
    project: uuid.UUID, person: User | AnonymousUser, wanted: Narrowed = EVERYTHING
) -> Iterator[bytes]:
    """The records of a project as the person may see them, without drafts: chunks of whole lines.

    What is wanted of them comes in the order of the articles' ids.

    One COPY: one snapshot, and no more memory than a chunk and a record. The first record comes by
    itself, the later ones in chunks.
    """
    kept: list[bytes] = []
    size = CHUNK
    asked = parameters(person, drafts=False, wanted=wanted) | {"project": project}
    stream = STREAM_WITH_CLAIMS if wanted.is_of_claims else STREAM
    statement = connection.ops.compose_sql(stream, asked)  # type: ignore[attr-defined]
    with at_the_readers_pace() as cursor, cursor.copy(statement) as lines:
        for line in lines:
            kept.append(bytes(line))
            size += len(line)
            if size >= CHUNK:
                yield b"".join(kept)
                kept, size = [], 0
    if kept:
        yield b"".join(kept)
