"""The links of the log, and the heads that were published of it.

Nothing writes a link but the trigger `event_is_linked`, as its transaction commits.
"""

from collections.abc import Iterator
from typing import ClassVar

from django.db import connection, models
from django.utils import timezone

from annotations.models.events import Event
from annotations.rules.chain import SITE, Head, Linked, Logged

# One statement, hence one snapshot: links by their order, then events that have none.
ROWS = """
COPY (
    SELECT l.event_id, l.chain, l.sequence, l.previous, l.hash, l.parts,
           e.id, e.verb, e.actor_id, e.after,
           to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.before,
           coalesce(e.project_id, '00000000-0000-0000-0000-000000000000'), e.claim_id,
           e.object_kind, e.object_id, e.private
      FROM annotations_link l FULL JOIN annotations_event e ON e.id = l.event_id
     ORDER BY l.chain, l.sequence
) TO STDOUT
"""

HEADS = """
SELECT last.chain::text, last.sequence, last.hash
  FROM (SELECT id FROM annotations_project UNION ALL SELECT %s::uuid) chains
 CROSS JOIN LATERAL (
    SELECT * FROM annotations_link WHERE chain = chains.id ORDER BY sequence DESC LIMIT 1
 ) last
 ORDER BY last.chain
"""

# The triggers that keep the log, by their tables.
KEEPERS = {
    "annotations_event": ("event_is_linked", "log_is_append_only", "record_is_not_emptied"),
    "annotations_link": ("log_is_append_only", "record_is_not_emptied"),
    "annotations_publishedhead": ("log_is_append_only", "record_is_not_emptied"),
}
TRIGGERS = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"

# Submitted verdicts and rulings that no event tells of with the same rating.
UNTOLD = """
SELECT 'verdict', v.id::text FROM annotations_verdict v
  LEFT JOIN annotations_rating r ON r.id = v.rating_id
 WHERE v.submitted_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM annotations_event e
     WHERE e.object_id = v.id AND e.object_kind = 'verdict'
       AND e.after::jsonb ->> 'rating' IS NOT DISTINCT FROM r.slug)
 UNION ALL
SELECT 'ruling', g.id::text FROM annotations_ruling g
  LEFT JOIN annotations_rating r ON r.id = g.rating_id
 WHERE NOT EXISTS (
    SELECT FROM annotations_event e
     WHERE e.object_id = g.id AND e.object_kind = 'ruling'
       AND e.after::jsonb ->> 'rating' IS NOT DISTINCT FROM r.slug)
"""


class LinkQuerySet(models.QuerySet["Link"]):
    def heads(self) -> list[Head]:
        """The last link of each chain that has one, as of now."""
        now = timezone.now().isoformat(timespec="seconds")
        with connection.cursor() as cursor:
            cursor.execute(HEADS, [SITE])
            return [Head(chain, last, name, now) for chain, last, name in cursor.fetchall()]

    def stream(self) -> Iterator[tuple[Linked | None, Logged | None]]:
        """The whole log as one snapshot, in the memory of one row."""
        with connection.cursor() as cursor, cursor.copy(ROWS) as rows:
            for row in rows.rows():
                link = Linked(row[0], row[1], int(row[2]), *row[3:6]) if row[0] else None
                yield link, Logged(*row[6:]) if row[6] else None

    def untold(self) -> list[tuple[str, str]]:
        """The kind and the id of each verdict and ruling without its event."""
        return _pairs(UNTOLD)

    def missing_keepers(self) -> list[tuple[str, str]]:
        """The tables and names of triggers that should keep the log and do not."""
        there = set(_pairs(TRIGGERS))
        wanted = ((table, name) for table, names in KEEPERS.items() for name in names)
        return [one for one in wanted if one not in there]


def _pairs(statement: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [(one, other) for one, other in cursor.fetchall()]


class Link(models.Model):
    """An event in the chain of its project: its number there, and a hash over all before it."""

    event = models.OneToOneField(
        Event, models.PROTECT, primary_key=True, related_name="link", db_index=False
    )
    chain = models.UUIDField()
    sequence = models.BigIntegerField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    parts = models.CharField(max_length=72)

    objects: ClassVar = LinkQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["chain", "sequence"], name="links_of_a_chain_are_numbered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence}"


class PublishedHeadQuerySet(models.QuerySet["PublishedHead"]):
    def newest(self) -> list[Head]:
        """What was published last of each chain."""
        found = self.order_by("chain", "-sequence", "-pk").distinct("chain")
        return [one.head for one in found]

    def all_heads(self) -> list[Head]:
        return [one.head for one in self.order_by("pk")]


class PublishedHead(models.Model):
    """The head of a chain that was shown to the world at a time."""

    chain = models.UUIDField()
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = PublishedHeadQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["chain", "-sequence"], name="published_heads_of_a_chain"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence}"

    @property
    def head(self) -> Head:
        return Head(
            str(self.chain), self.sequence, self.hash, self.at.isoformat(timespec="seconds")
        )
