"""`./run bench load`: sixty reviewers at work over HTTP, a hundred writes a second.

The site is served as `./run serve` serves it, from a database of its own. A write is due at its
own time whatever became of the one before it (an open loop), and what it took counts from then, so
that a site which cannot keep up shows it. One project: all events go to one chain.
"""

import argparse
import itertools
import json
import shutil
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from factcheck.postgres import stop_unused
from tests.drills.site import UNANSWERED, Caller, Filled, Site, judgement, mark
from tests.factcheck.conftest import make_var

REVIEWERS = 60
RATE, SECONDS, LIMIT = 100, 25, 300  # writes a second, for so long; milliseconds of the p95
WARMTH = 2  # seconds that do not count: the server's processes open their connections


@dataclass
class Load:
    """What the writes took, in milliseconds from when each was due, by what they were."""

    took: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    cost: float = 0.0  # milliseconds of a core that a write takes of web server and database
    sent: int = 0  # with those that do not count
    seconds: float = 0.0  # from when the first was due until the last was done

    @property
    def all(self) -> list[float]:
        return sorted(itertools.chain(*self.took.values()))

    @property
    def p95(self) -> float:
        return percentile(self.all, 95)

    @property
    def reached(self) -> float:
        """Writes that were done, a second."""
        return len(self.all) / self.seconds

    def lines(self) -> Iterator[str]:
        yield f"{'what':<8} {'writes':>7} {'p50':>9} {'p95':>9} {'slowest':>9}"
        for name, took in [*sorted(self.took.items()), ("all", self.all)]:
            middle = statistics.median(took)
            late = percentile(sorted(took), 95)
            yield (f"{name:<8} {len(took):>7,} {middle:>7.1f}ms {late:>7.1f}ms {max(took):>7.1f}ms")
        yield f"p95 {self.p95:.0f} ms of {LIMIT} ms; {self.told}"

    @property
    def told(self) -> str:
        return (
            f"{self.reached:.1f} writes a second of {RATE}, {len(self.errors)} errors, "
            f"{self.cost:.1f} ms of a core for each"
        )


def percentile(ordered: list[float], share: int) -> float:
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def under_load(port: int, filled: Filled, *, rate: float = RATE, seconds: float = SECONDS) -> Load:
    """Reviewers who write by turns: a mark, two drafts of a verdict on it, the verdict."""
    people = len(filled.tokens)
    warmth = min(WARMTH, seconds)
    load, lock = Load(sent=int(rate * (warmth + seconds))), threading.Lock()
    began = time.perf_counter() + 0.5

    def work(n: int) -> None:
        caller = Caller(port, filled.tokens[n])
        claim = ""
        for turn, number in enumerate(range(n, load.sent, people)):
            kind, path, body = write(turn, number, claim)
            due = began + number / rate
            time.sleep(max(0, due - time.perf_counter()))
            try:
                status, answer = caller.ask("POST", path, body)
            except UNANSWERED as error:
                status, answer = 0, repr(error).encode()
            took = (time.perf_counter() - due) * 1000
            if kind == "mark" and status == 201:
                claim = json.loads(answer)["id"]
            if number / rate < warmth and status == 201:
                continue
            with lock:
                if status == 201:
                    load.took.setdefault(kind, []).append(took)
                else:
                    load.errors.append(f"{kind}: {status} {answer[:300].decode(errors='replace')}")
        caller.connection.close()

    def write(turn: int, number: int, claim: str) -> tuple[str, str, Any]:
        if turn % 4 == 0:
            span = filled.spans[number % len(filled.spans)]
            return "mark", "/api/v1/claims/", mark(filled.article, span, f"Statement {number}")
        submit = turn % 4 == 3
        body = judgement(claim, number, submit=submit)
        return "verdict" if submit else "draft", "/api/v1/verdicts/", body

    with ThreadPoolExecutor(people) as pool:
        list(pool.map(work, range(people)))
    load.seconds = max(seconds, time.perf_counter() - began - warmth)
    return load


def measured(seconds: float = SECONDS) -> Load:
    """The load on a site that is made for it and thrown away."""
    var = make_var()
    try:
        with Site(var, production=True) as site:
            filled = site.filled(REVIEWERS)
            site.start("web")
            before = site.busy()
            load = under_load(site.port, filled, seconds=seconds)
            load.cost = (site.busy() - before) * 1000 / load.sent
            return load
    finally:
        stop_unused(var)
        shutil.rmtree(var)


def main(words: list[str]) -> int:
    reader = argparse.ArgumentParser(prog="./run bench load", description=__doc__)
    reader.add_argument("--seconds", type=float, default=SECONDS)
    load = measured(reader.parse_args(words).seconds)
    sys.stdout.write("\n".join([*load.lines(), *load.errors[:10]]) + "\n")
    return 0
