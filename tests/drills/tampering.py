"""R5 in its long form: twelve kinds of tampering with a large log, each found and named.

    python -m tests.drills.tampering --events 1000000

A database of its own is made, filled and thrown away. Each act is what somebody could do who owns
the database; it is rolled back once the verifier has named it. Ends with 1 where one was not.
"""

# ruff: noqa: S608 (the SQL is our own)

import argparse
import contextlib
import hashlib
import io
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.db import connection, transaction

CHAINS = 4
AT_ONCE = 50_000

EVENTS = f"""
INSERT INTO annotations_event
    (project_id, verb, object_kind, object_id, claim_id, actor_id, before, after, at)
SELECT (%s::uuid[])[n %% {CHAINS} + 1], 'submit_verdict', 'drill', gen_random_uuid(),
       gen_random_uuid(), %s, '{{"state":"marked"}}',
       '{{"confidence":"high","rating":"true","rationale":"' || repeat('What it says. ', 20)
           || '","state":"in_review"}}',
       now()
  FROM generate_series(%s::int, %s::int) n
"""

HERE = "(SELECT event_id FROM annotations_link WHERE chain = '{chain}' AND sequence = {n})"
NEXT = "(SELECT event_id FROM annotations_link WHERE chain = '{chain}' AND sequence = {n} + 1)"
CUT = """
CREATE TEMP TABLE cut ON COMMIT DROP AS SELECT event_id FROM annotations_link
 WHERE chain = '{chain}' AND sequence > {n};
DELETE FROM annotations_link WHERE event_id IN (SELECT event_id FROM cut);
DELETE FROM annotations_event WHERE id IN (SELECT event_id FROM cut);
"""

# What is done, as a superuser for whom no trigger runs: the kind that has to be named, and the SQL.
ACTS = {
    "edited payload": (
        "payload", f"UPDATE annotations_event SET after = '{{{{}}}}' WHERE id = {HERE}",
    ),
    "changed time": (
        "timestamp", f"UPDATE annotations_event SET at = at - interval '1 us' WHERE id = {HERE}",
    ),
    "changed actor": ("actor", f"UPDATE annotations_event SET actor_id = NULL WHERE id = {HERE}"),
    "deleted event": ("deleted", f"DELETE FROM annotations_event WHERE id = {HERE}"),
    "inserted event": (
        "inserted",
        "INSERT INTO annotations_event (project_id, verb, object_kind, object_id, at) "
        "VALUES ('{chain}', 'mark', 'claim', gen_random_uuid(), now())",
    ),
    "exchanged events": (
        "reordered",
        f"CREATE TEMP TABLE two ON COMMIT DROP AS SELECT {HERE} AS a, {NEXT} AS b;"
        "UPDATE annotations_link SET event_id = -1 WHERE event_id = (SELECT a FROM two);"
        "UPDATE annotations_link SET event_id = (SELECT a FROM two) "
        "WHERE event_id = (SELECT b FROM two);"
        "UPDATE annotations_link SET event_id = (SELECT b FROM two) WHERE event_id = -1",
    ),
    "changed genesis": (
        "genesis",
        "UPDATE annotations_link SET previous = repeat('f', 64) "
        "WHERE chain = '{chain}' AND sequence = 1",
    ),
    "fork, made anew to its end": (
        "fork",
        f"UPDATE annotations_event SET after = '{{{{}}}}' WHERE id = {HERE};"
        "DELETE FROM annotations_link WHERE chain = '{chain}' AND sequence >= {n};"
        "SELECT link_events(0)",
    ),
    "cut tail": ("tail cut off", CUT),
    "restored old backup": ("old backup", CUT + "DELETE FROM annotations_publishedhead"),
    "disabled trigger": (
        "trigger", "ALTER TABLE annotations_event DISABLE TRIGGER event_is_linked",
    ),
    "removed trigger": ("trigger", "DROP TRIGGER log_is_append_only ON annotations_event"),
}  # fmt: skip


def fill(events: int) -> str:
    """A log of so many events in four chains; returns the id of one of the chains."""
    from annotations.actions.projects import create_project
    from annotations.models import User

    owner = User.objects.create(username="drill", pseudonym="Drill")
    projects = [create_project(actor=owner, slug=f"p{n}", name="P").pk for n in range(CHAINS)]
    for first in range(1, events + 1, AT_ONCE):
        with connection.cursor() as cursor:
            last = min(first + AT_ONCE - 1, events)
            cursor.execute(EVENTS, [projects, owner.subject, first, last])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE annotations_event, annotations_link")
    return str(projects[0])


def verified(heads: Path) -> tuple[set[str], float]:
    """The kinds of tampering that the command names, and its seconds."""
    from django.core.management import CommandError, call_command

    out = io.StringIO()
    start = time.perf_counter()
    with contextlib.suppress(CommandError):
        call_command("verify_log", heads=str(heads), stdout=out)
    kinds = set(re.findall(r"^\[(.+?)\]", out.getvalue(), re.MULTILINE))
    return kinds, time.perf_counter() - start


def bare() -> float:
    """Seconds of a COPY of the same rows with one SHA-256 of each: what no verifier goes below."""
    from annotations.models.chain import ROWS

    start = time.perf_counter()
    with connection.cursor() as cursor, cursor.copy(ROWS) as rows:
        for row in rows:
            hashlib.sha256(row).hexdigest()
    return time.perf_counter() - start


def drill(events: int, say: Callable[[str], object]) -> bool:
    """Whether every act was named, and nothing else was."""
    from annotations.actions.heads import append_heads, publish_heads

    start = time.perf_counter()
    chain = fill(events)
    say(f"{events:,} events made and linked in {time.perf_counter() - start:.0f} s")
    place = {"chain": chain, "n": max(2, events // CHAINS // 2)}
    with tempfile.TemporaryDirectory() as folder:
        heads = Path(folder, "heads.jsonl")
        append_heads(heads, publish_heads())
        kinds, took = verified(heads)
        least = bare()
        say(
            f"verified in {took:.1f} s; COPY and SHA-256 alone: {least:.1f} s; {took / least:.1f} ×"
        )
        well = not kinds
        for act, (kind, sql) in ACTS.items():
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL session_replication_role = replica")
                    cursor.execute(sql.format(**place))
                kinds, took = verified(heads)
                transaction.set_rollback(True)
            well &= kinds == {kind}
            say(f"{act}: {', '.join(sorted(kinds)) or 'not found'} ({took:.1f} s)")
    return well


def main(words: list[str]) -> int:
    reader = argparse.ArgumentParser(prog="python -m tests.drills.tampering", description=__doc__)
    reader.add_argument("--events", type=int, default=1_000_000)
    asked = reader.parse_args(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    django.setup()
    from tests.roles import own_database

    with own_database(made_by_owner=True):
        well = drill(asked.events, lambda line: sys.stdout.write(f"{line}\n"))
    sys.stdout.write("Every act was named.\n" if well else "NOT every act was named.\n")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
