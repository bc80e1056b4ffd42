"""R3 in its long form: connections cut at random moments of an action, which is then all or none.

    python -m tests.drills.half_done --kills 1000

Each action is run once to see all that it writes: claim, appearance, verdict, evidence, ruling,
state, event, link, what is due to a webhook. Then its backend is terminated at some moment of it,
again and again, and all of that has to be there, or none. A database of its own is made, filled
and thrown away. Ends with 1 where anything was half done.
"""

# ruff: noqa: S608 (the SQL is our own)

import argparse
import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import django
import psycopg
from django.db import InterfaceError, OperationalError, connection

if TYPE_CHECKING:
    from annotations.models import Article, User

Act = Callable[[], object]

PATIENCE = 60  # seconds until one gives up on another, which it never has to

# Everything that an action writes, counted.
FACTS = """
SELECT 'claim ' || state, count(*) FROM annotations_claim GROUP BY state
UNION ALL SELECT 'claimant', count(*) FROM annotations_claimant
UNION ALL SELECT 'appearance', count(*) FROM annotations_appearance
UNION ALL SELECT 'source', count(*) FROM annotations_source
UNION ALL SELECT 'verdict' || CASE WHEN submitted_at IS NULL THEN ', draft' ELSE '' END
    || CASE WHEN superseded_at IS NULL THEN '' ELSE ', superseded' END, count(*)
    FROM annotations_verdict GROUP BY 1
UNION ALL SELECT 'evidence', count(*) FROM annotations_evidence
UNION ALL SELECT 'ruling' || CASE WHEN superseded_at IS NULL THEN '' ELSE ', superseded' END,
    count(*) FROM annotations_ruling GROUP BY 1
UNION ALL SELECT 'evidence of a ruling', count(*) FROM annotations_rulingevidence
UNION ALL SELECT 'event', count(*) FROM annotations_event
UNION ALL SELECT 'link', count(*) FROM annotations_link
UNION ALL SELECT 'delivery', count(*) FROM annotations_delivery
UNION ALL SELECT 'job', count(*) FROM procrastinate_jobs
"""

# What there must be none of, whatever was killed and when.
TOLD = "SELECT FROM annotations_event e WHERE e.object_id = t.id AND e.object_kind ="
HALF = {
    "a claim without a place": "SELECT id FROM annotations_claim t WHERE NOT EXISTS "
    "(SELECT FROM annotations_appearance a WHERE a.claim_id = t.id)",
    "a claim without its event": "SELECT id FROM annotations_claim t "
    f"WHERE NOT EXISTS ({TOLD} 'claim')",
    "a verdict without its event": "SELECT id FROM annotations_verdict t "
    f"WHERE submitted_at IS NOT NULL AND NOT EXISTS ({TOLD} 'verdict')",
    "a verdict without evidence": "SELECT id FROM annotations_verdict t "
    "WHERE submitted_at IS NOT NULL AND NOT EXISTS "
    "(SELECT FROM annotations_evidence e WHERE e.verdict_id = t.id)",
    "a ruling without its event": "SELECT id FROM annotations_ruling t "
    f"WHERE NOT EXISTS ({TOLD} 'ruling')",
    "a ruling without evidence": "SELECT id FROM annotations_ruling t WHERE kind <> 'withdrawal' "
    "AND NOT EXISTS (SELECT FROM annotations_rulingevidence e WHERE e.ruling_id = t.id)",
    "a ruled claim without its ruling": "SELECT id FROM annotations_claim t "
    "WHERE state IN ('published', 'corrected', 'withdrawn') AND NOT EXISTS "
    "(SELECT FROM annotations_ruling r WHERE r.claim_id = t.id AND superseded_at IS NULL)",
    "an event of nothing": "SELECT object_id FROM annotations_event t WHERE "
    "(verb = 'mark' AND NOT EXISTS (SELECT FROM annotations_claim c WHERE c.id = t.object_id) "
    "AND NOT EXISTS (SELECT FROM annotations_event u "
    "WHERE u.object_id = t.object_id AND u.verb = 'unmark')) "
    "OR (verb = 'submit_verdict' AND NOT EXISTS "
    "(SELECT FROM annotations_verdict v WHERE v.id = t.object_id)) "
    "OR (verb IN ('publish', 'correct', 'withdraw') AND NOT EXISTS "
    "(SELECT FROM annotations_ruling r WHERE r.id = t.object_id))",
    "an event without its link": "SELECT object_id FROM annotations_event t WHERE NOT EXISTS "
    "(SELECT FROM annotations_link l WHERE l.event_id = t.id)",
    "an event that a webhook is not told of": "SELECT object_id FROM annotations_event t "
    "JOIN annotations_webhook w USING (project_id) WHERE w.made_at < t.at "
    "AND verb IN ('publish', 'correct', 'withdraw') AND NOT EXISTS "
    "(SELECT FROM annotations_delivery d WHERE d.event_id = t.id AND d.webhook_id = w.id)",
}


def half_done(ask: Callable[[str], list[Any]]) -> list[str]:
    """What is half done in a database, each with its id; `ask` answers a query with its rows."""
    return [f"{what}: {row[0]}" for what, query in HALF.items() for row in ask(query)]


def rows(query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def facts() -> Counter[str]:
    return Counter(dict(rows(FACTS)))


def change(before: Counter[str]) -> dict[str, int]:
    """What there is more and less of than before."""
    now = facts()
    return {name: now[name] - before[name] for name in now | before if now[name] != before[name]}


@dataclass
class Cutter:
    """Runs actions, each on a connection of its own, and cuts them off from a second one."""

    dice: random.Random
    second: psycopg.Connection
    tally: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    def cut(self, name: str, act: Act, whole: dict[str, int], delay: float) -> None:
        """Run an act whose backend ends after so many seconds, and look at what it left."""
        before = facts()
        is_answered = self.run(act, delay)
        left = change(before)
        if left not in (whole, {}) or (is_answered and left != whole):
            said = "it was answered" if is_answered else "it was cut"
            self.found.append(f"{name}: {said}, and it left {left} of {whole}")
        moment = "answered" if is_answered else "cut as it was done" if left else "cut before"
        self.tally[moment] += 1

    def run(self, act: Act, delay: float) -> bool:
        """Whether the act was answered before its backend was gone."""
        backend: list[int] = []
        start = threading.Barrier(2)

        def victim() -> bool:
            try:
                connection.ensure_connection()
                backend.append(connection.connection.info.backend_pid)
                start.wait(PATIENCE)
                act()
            except (OperationalError, InterfaceError):
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(victim)
            start.wait(PATIENCE)
            time.sleep(delay)
            self.second.execute("SELECT pg_terminate_backend(%s, 60000)", [backend[0]])
            return answer.result(PATIENCE)


def acts_of(
    article: "Article", first: "User", second: "User", moderator: "User"
) -> dict[str, Callable[[int], Act]]:
    """Each action, made ready to be done once; the number makes what it brings its own."""
    from annotations.actions.claims import mark_claim
    from annotations.actions.verdicts import save_draft, submit_verdict
    from annotations.models import Claim
    from tests.actions.given import claim_in, corrected, judgement, published

    def in_state(state: str) -> Claim:
        return claim_in(state, article, first=first, second=second, moderator=moderator)

    def new(n: int) -> Any:
        return judgement("false", f"https://example.org/{n}", f"https://example.org/{n}/more")

    def mark(n: int) -> Act:
        return lambda: mark_claim(article.pk, 0, 11, actor=first, claimant=f"Speaker {n}")

    def draft(n: int) -> Act:
        claim = in_state("in_review")
        return lambda: save_draft(claim.pk, new(n), actor=second)

    def submit(n: int) -> Act:
        claim = in_state("in_review")
        return lambda: submit_verdict(claim.pk, new(n), actor=second)

    def revise(n: int) -> Act:
        claim = in_state("agreed")
        return lambda: submit_verdict(claim.pk, new(n), actor=second)

    def publish(_: int) -> Act:
        claim = in_state("disputed")
        return lambda: published(claim, moderator)

    def correct(_: int) -> Act:
        claim = in_state("published")
        return lambda: corrected(claim, moderator)

    return {act.__name__: act for act in (mark, draft, submit, revise, publish, correct)}


def numbers(start: int = 0) -> Iterator[int]:
    while True:
        start += 1
        yield start


def drill(
    kills: int, acts: dict[str, Callable[[int], Act]], say: Callable[[str], object], seed: int = 1
) -> list[str]:
    """What was half done, as sentences."""
    dice = random.Random(seed)  # noqa: S311 (a seed is wanted, not a secret)
    number = numbers()
    whole: dict[str, dict[str, int]] = {}
    takes: dict[str, float] = {}
    for name, ready in acts.items():
        ready(next(number))()  # warm: the claims' sources are known from here on
        act, before = ready(next(number)), facts()
        began = time.perf_counter()
        act()
        takes[name], whole[name] = time.perf_counter() - began, change(before)
        say(f"{name}: {', '.join(f'{n:+} {what}' for what, n in sorted(whole[name].items()))}")
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as second:
        cutter = Cutter(dice, second)
        began = time.perf_counter()
        for n in range(kills):
            name = list(acts)[n % len(acts)]
            delay = dice.uniform(0, takes[name] * 1.1)
            cutter.cut(name, acts[name](next(number)), whole[name], delay)
            if (n + 1) % 100 == 0:
                took = time.perf_counter() - began
                say(f"{n + 1:,} kills in {took:.0f} s, half done: {len(cutter.found)}")
    say(", ".join(f"{n:,} {moment}" for moment, n in sorted(cutter.tally.items())))
    if not cutter.tally["cut before"]:
        cutter.found.append("no action was cut before it was done, so this proves nothing")
    return cutter.found + half_done(rows)


def main(words: list[str]) -> int:
    reader = argparse.ArgumentParser(prog="python -m tests.drills.half_done")
    reader.add_argument("--kills", type=int, default=1000)
    reader.add_argument("--seed", type=int, default=1)
    asked = reader.parse_args(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    django.setup()
    from tests.roles import own_database

    with own_database(as_web=True):
        found = drill(asked.kills, acts_of(*cast()), said, asked.seed)
    for one in found[:20]:
        said(one)
    said("Something WAS half done." if found else "Nothing was half done.")
    return 1 if found else 0


def cast() -> "tuple[Article, User, User, User]":
    """An article with two reviewers and a moderator; its project tells a webhook of rulings."""
    from annotations.actions.articles import import_article
    from annotations.actions.projects import create_project, set_role
    from annotations.actions.webhooks import make_webhook
    from annotations.rules.webhooks import Wish
    from tests.conftest import TEXT, person

    finch, maple, robin = (person(name, name.capitalize()) for name in ("finch", "maple", "robin"))
    project = create_project(actor=robin, slug="council", name="Council budget")
    for one in (finch, maple):
        set_role(project.pk, one.pk, "reviewer", actor=robin)
    kinds = ("ruling.published", "ruling.corrected", "ruling.withdrawn")
    make_webhook(project.pk, Wish("https://desk.example/", kinds=kinds), actor=robin)
    return import_article(project.pk, actor=robin, text=TEXT), finch, maple, robin


def said(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
