"""`./run bench million`: lists, search and the export of a project with 1,000,000 claims.

All of it over HTTP on a site served as `./run serve` serves it, from a database of its own that
COPY filled. `--claims` says how many there shall be: 40,000 are made and asked in three minutes.
"""

import argparse
import itertools
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from tests.benchmarks import files
from tests.benchmarks.figures import Figure, told
from tests.benchmarks.load import percentile
from tests.drills.site import Caller, make_tables

CLAIMS, ROUNDS = 1_000_000, 40
A_LIST, A_SEARCH = 50, 100  # milliseconds of the p95: the goals
AS_GOOD_AS_EQUAL = 1.25  # a late page beside the first
MODULE = "tests.benchmarks.million"

# How many of the claims each finds was counted in a corpus of 8,000.
SOUGHT = {
    "a frequent word": "hospital",  # one of 6
    "two frequent words": "river mayor",  # one of 28
    "six, never together": "council budget minister ceasefire percent hospital",  # none
    "two characters": "停戦",  # one of 6
    "words in their order": '"energy price inflation"',  # one of 4,000
    "a word left out": "vaccine -council",  # one of 7
    "rare together": "budget 41",  # one of 900
    "no claim's word": "xylophone",  # none
}


Times = dict[tuple[str, str], list[float]]  # of a page, a list or a search, and its case


def looked_through(port: int, made: dict[str, str], rounds: int = ROUNDS) -> Times:
    """The milliseconds that the calls of each took, the shortest first.

    By turns, so that the machine treats all alike; the first of each does not count.
    """
    caller, slug = Caller(port, made["token"]), made["slug"]
    claims = f"/api/v1/claims/?project={slug}&page_size=50"
    asked = {
        ("page", "the first"): claims,
        ("page", "at 90 %"): f"{claims}&cursor={made['late']}",
        ("list", "of a state"): f"{claims}&state=disputed",
        ("list", "of what is published"): f"{claims}&state=published",
        ("list", "of articles"): f"/api/v1/articles/?project={slug}&page_size=50",
    }
    for name, words in SOUGHT.items():
        asked["search", name] = f"{claims}&search={quote(words)}"
    asked["search", "articles"] = f"/api/v1/articles/?project={slug}&search=harvest+vaccine"
    took: Times = {case: [] for case in asked}
    for turn in range(rounds + 1):
        for case, path in asked.items():
            start = time.perf_counter()
            status, answer = caller.ask("GET", path)
            milliseconds = (time.perf_counter() - start) * 1000
            assert status == 200, answer[:300]
            if turn:
                took[case].append(milliseconds)
    caller.connection.close()
    return {case: sorted(times) for case, times in took.items()}


def figures(took: Times, claims: int) -> Iterator[Figure]:
    """The late page beside the first, each list and all searches beside their goals."""
    first, late = (statistics.median(took["page", name]) for name in ("the first", "at 90 %"))
    note = f"{claims:,} claims"
    yield Figure("page at 90 %", "the first page", late, first, AS_GOOD_AS_EQUAL, note)
    for (what, name), times in took.items():
        goal = A_SEARCH if what == "search" else A_LIST
        note = f"p50 {statistics.median(times):.1f} ms, slowest {times[-1]:.1f} ms"
        against = f"the {goal} ms of its p95"
        yield Figure(f"{what} {name}", against, percentile(times, 95), goal, 1.0, note)
    sought = [times for (what, _), times in took.items() if what == "search"]
    together = percentile(sorted(itertools.chain(*sought)), 95)
    yield Figure("search, all", f"the {A_SEARCH} ms of its p95", together, A_SEARCH, 1.0)


def measured(claims: int) -> Iterator[Figure]:
    """On a site that is made for it and thrown away."""
    with files.a_site() as site, tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        made = json.loads(site.run(MODULE, str(claims)).stdout)
        took = time.perf_counter() - start
        sys.stderr.write(f"{claims:,} claims made in {took:.0f} s\n")
        yield files.export_measured(site, made, Path(folder) / "corpus.jsonl")
        yield from figures(looked_through(site.port, made), claims)


def main(words: list[str]) -> int:
    reader = argparse.ArgumentParser(prog="./run bench million", description=__doc__)
    reader.add_argument("--claims", type=int, default=CLAIMS, help=f"how many ({CLAIMS})")
    reader.add_argument("--json", action="store_true", help="figures for machines")
    asked = reader.parse_args(words)
    rows = list(measured(asked.claims))
    sys.stdout.write(told(rows, for_machines=asked.json, claims=asked.claims))
    return 0


# ---------- on the site itself ----------


def fill(claims: int) -> dict[str, str]:
    """A corpus of that size, as `files` makes it, with the cursor of the page at nine tenths."""
    from annotations.models import Project
    from tests.benchmarks.corpus import CLAIMS as OF_AN_ARTICLE
    from tests.benchmarks.corpus import late_cursor

    made = files.fill(claims // OF_AN_ARTICLE)
    return made | {"late": late_cursor(Project.objects.get(slug=made["slug"]))}


if __name__ == "__main__":
    make_tables()
    sys.stdout.write(json.dumps(fill(int(sys.argv[1]))))
