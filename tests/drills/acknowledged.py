"""R1 in its long form: the database, the web and the worker are killed while people write.

    python -m tests.drills.acknowledged --kills 30 --threads 8

Reviewers' programs mark claims and give verdicts over HTTP, each under an Idempotency-Key, and
send again what was not answered. Every id that was acknowledged is noted. In the end each of them
has to be there with its event and its link, once, the log has to verify, against the heads that
the worker published meanwhile too, and nothing may be half done. Then the same with
`synchronous_commit = off`, where a kill has to lose some, else all of this proves nothing.

A database of its own is made in a temporary folder and thrown away. Ends with 1 where something
was lost, or where nothing was lost that had to be.
"""

import argparse
import itertools
import json
import random
import shutil
import statistics
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from factcheck.postgres import stop_unused
from factcheck.postgres.cluster import OWNER, SUPERUSER
from tests.drills.half_done import half_done, said
from tests.drills.site import UNANSWERED, Caller, Filled, Site, judgement, mark
from tests.factcheck.conftest import PATIENCE, make_var

NONE = "none"
PARTS = ("database", "web", "worker")
# A commit is answered before it is written down, which comes ten seconds later at the latest.
FORGETFUL = (
    "synchronous_commit = off\nwal_writer_delay = 10s\nwal_writer_flush_after = 1GB\n"
    "wal_buffers = 64MB\n"
)

LOST = {
    "claim": """
SELECT given.id FROM unnest(%s::uuid[]) AS given (id) WHERE NOT EXISTS (
    SELECT FROM annotations_claim c
      JOIN annotations_appearance a ON a.claim_id = c.id
      JOIN annotations_event e ON e.object_id = c.id AND e.verb = 'mark'
      JOIN annotations_link l ON l.event_id = e.id
     WHERE c.id = given.id)
""",
    "verdict": """
SELECT given.id FROM unnest(%s::uuid[]) AS given (id) WHERE NOT EXISTS (
    SELECT FROM annotations_verdict v
      JOIN annotations_evidence p ON p.verdict_id = v.id
      JOIN annotations_event e ON e.object_id = v.id AND e.verb = 'submit_verdict'
      JOIN annotations_link l ON l.event_id = e.id
     WHERE v.id = given.id AND v.submitted_at IS NOT NULL)
""",
}
TWICE = """
SELECT statement FROM annotations_claim WHERE statement LIKE 'Drill %'
 GROUP BY statement HAVING count(*) > 1
"""
PUBLISH = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args)
VALUES ('default', 'publish_log_heads', '{"timestamp": 0}')
"""


@dataclass
class Writers:
    """Programs of reviewers that write until they are told to end, and note what they are told."""

    site: Site
    filled: Filled
    ended: threading.Event = field(default_factory=threading.Event)
    noted: dict[str, list[str]] = field(default_factory=lambda: {"claim": [], "verdict": []})
    answers: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "Writers":
        for n, token in enumerate(self.filled.tokens):
            self.threads.append(threading.Thread(target=self.write, args=(n, token)))
            self.threads[-1].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        for one in self.threads:
            one.join()

    @property
    def count(self) -> int:
        return sum(map(len, self.noted.values()))

    def write(self, n: int, token: str) -> None:
        """One reviewer: mark a claim, judge it, and so on."""
        caller = Caller(self.site.port, token)
        for number in itertools.count():
            span = self.filled.spans[(n * 61 + number) % len(self.filled.spans)]
            body = mark(self.filled.article, span, f"Drill {n}, {number}")
            claim = self.sent(caller, "claim", body)
            if claim is None:
                break
            if self.sent(caller, "verdict", judgement(claim, number, submit=True)) is None:
                break
        caller.connection.close()

    def sent(self, caller: Caller, kind: str, body: Any) -> str | None:
        """The id of what was made, sent again until it was; None at the end."""
        key = {"Idempotency-Key": str(uuid.uuid4())}
        while not self.ended.is_set():
            try:
                status, answer = caller.ask("POST", f"/api/v1/{kind}s/", body, **key)
            except UNANSWERED:
                self.answers[NONE] += 1
                time.sleep(0.05)
                continue
            self.answers[str(status)] += 1
            if status == 201:
                made = str(json.loads(answer)["id"])
                self.noted[kind].append(made)
                return made
            if status < 500:
                self.refused.append(f"{kind}: {status} {answer[:300].decode(errors='replace')}")
                return None
            time.sleep(0.05)
        return None

    def await_more(self, more: int) -> float:
        """Wait until so many more writes were acknowledged; the seconds that it took."""
        before, began = self.count, time.monotonic()
        while self.count < before + more:
            if self.refused or time.monotonic() - began > PATIENCE:
                raise TimeoutError(f"The site takes no more writes. {self.answers} {self.refused}")
            time.sleep(0.01)
        return time.monotonic() - began


def ask(site: Site, query: str, *given: Any, role: str = OWNER) -> list[Any]:
    address = make_conninfo(site.share.owners_address, user=role)
    with psycopg.connect(address, autocommit=True) as connection:
        done = connection.execute(query.encode(), given or None)
        return done.fetchall() if done.description else []


def lost(site: Site, writers: Writers) -> list[str]:
    """What was acknowledged and is not there, whole."""
    return [
        f"{kind} {row[0]}"
        for kind, query in LOST.items()
        for row in ask(site, query, writers.noted[kind])
    ]


def wrong(site: Site, writers: Writers) -> list[str]:
    """Everything that is not as it has to be."""
    found = [f"acknowledged and lost: {one}" for one in lost(site, writers)]
    found += [f"done twice: {row[0]}" for row in ask(site, TWICE)]
    found += half_done(lambda query: ask(site, query))
    found += [f"refused: {one}" for one in writers.refused]
    found += [f"answered {one}" for one in writers.answers if one not in ("201", "503", NONE)]
    verified = site.run("manage", "verify_log")
    if verified.returncode:
        found.append(verified.stdout)
    return found


def kill_all_about(
    site: Site, filled: Filled, parts: list[str], dice: random.Random, say: Callable[[str], object]
) -> list[str]:
    """Kill these parts, one after the other, at random moments under load: what is wrong then."""
    back: dict[str, list[float]] = {part: [] for part in parts}
    fallen: Counter[str] = Counter()
    with Writers(site, filled) as writers:
        for part in parts:
            writers.await_more(dice.randint(5, 40))
            time.sleep(dice.uniform(0, 0.2))
            site.kill(part)
            site.start(part)
            back[part].append(writers.await_more(1))
            fallen.update(site.raise_the_fallen())
            ask(site, PUBLISH)
        writers.await_more(20)
    for part, seconds in sorted(back.items()):
        say(
            f"{part} killed {len(seconds)} times; writes were taken again after "
            f"{statistics.median(seconds):.1f} s, at most {max(seconds):.1f} s"
        )
    say(f"ended by itself and was started again: {dict(fallen) or 'nothing'}")
    if "worker" in parts:
        await_worker(site)
        heads = ask(site, "SELECT count(*) FROM annotations_publishedhead")[0][0]
        say(f"the worker published {heads} heads, which the log is held against")
    found = wrong(site, writers)
    noted = ", ".join(f"{len(ids):,} {kind}s" for kind, ids in writers.noted.items())
    say(f"acknowledged: {noted}; answers: {dict(sorted(writers.answers.items()))}")
    say(f"lost, done twice, half done or off the chain: {len(found)}")
    return found


def await_worker(site: Site) -> None:
    """Until the worker has taken up what waits for it."""
    deadline = time.monotonic() + PATIENCE
    while ask(site, "SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND args <> '{}'"):
        if time.monotonic() > deadline:
            raise TimeoutError("The worker does not take up its jobs.")
        time.sleep(0.2)


def forget(site: Site, filled: Filled, say: Callable[[str], object]) -> list[str]:
    """The same with a database that acknowledges what it has not written down: it has to lose."""
    site.configure(FORGETFUL)
    ask(site, "CHECKPOINT", role=SUPERUSER)
    with Writers(site, filled) as writers:
        writers.await_more(30)
        site.kill("database")
    site.start("database")
    gone = lost(site, writers)
    say(f"with synchronous_commit = off: {len(gone)} of {writers.count} acknowledged were lost")
    return [] if gone else ["synchronous_commit = off lost nothing, so this drill proves nothing"]


def drill(
    site: Site, filled: Filled, parts: list[str], dice: random.Random, say: Callable[[str], object]
) -> list[str]:
    """What is wrong, as sentences."""
    for part in {"web", *parts} - {"database"}:
        site.start(part)
    return kill_all_about(site, filled, parts, dice, say) + forget(site, filled, say)


def main(words: list[str]) -> int:
    reader = argparse.ArgumentParser(prog="python -m tests.drills.acknowledged")
    reader.add_argument("--kills", type=int, default=30)
    reader.add_argument("--threads", type=int, default=8)
    reader.add_argument("--seed", type=int, default=1)
    asked = reader.parse_args(words)
    dice = random.Random(asked.seed)  # noqa: S311 (a seed is wanted, not a secret)
    parts = [PARTS[n % len(PARTS)] for n in range(asked.kills)]
    dice.shuffle(parts)
    var = make_var()
    try:
        with Site(var) as site:
            found = drill(site, site.filled(asked.threads), parts, dice, said)
    finally:
        stop_unused(var)
        shutil.rmtree(var)
    for one in found[:20]:
        said(one)
    said("That is NOT as it has to be." if found else "Nothing that was acknowledged was lost.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
