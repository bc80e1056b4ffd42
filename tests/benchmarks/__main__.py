"""`./run bench`: a corpus of its own in a database of its own, measured and thrown away.

`./run bench carrying` measures how marks are carried over instead, `./run bench load` a hundred
writes a second; see carrying.py and load.py.
"""

import argparse
import json
import os
import sys
import time

import django
from django.db import connection
from django.test.utils import setup_test_environment, teardown_test_environment

from tests.benchmarks import carrying, load

WAYS = {"carrying": carrying.main, "load": load.main}


def main(words: list[str]) -> int:
    if words and words[0] in WAYS:
        return WAYS[words[0]](words[1:])
    reader = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    reader.add_argument("--articles", type=int, default=1000, help="20 claims each (1000)")
    reader.add_argument("--rounds", type=int, default=60, help="calls of each measure (60)")
    reader.add_argument("--json", action="store_true", help="figures for machines")
    asked = reader.parse_args(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    os.environ.setdefault("RATE_LIMIT_PERSON", "1000000")  # one caller measures for many
    django.setup()
    from tests.benchmarks.corpus import make_corpus
    from tests.benchmarks.measures import Bench, Figure, table
    from tests.roles import come_as_owner, make_web_role, step_down, step_up

    setup_test_environment(debug=False)
    own = connection.settings_dict["NAME"]
    come_as_owner()
    make_web_role()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    step_down()
    try:
        start = time.perf_counter()
        project = make_corpus(asked.articles)
        took = time.perf_counter() - start
        figures = list(Bench(project, asked.rounds).all())
    finally:
        step_up()
        connection.creation.destroy_test_db(own, verbosity=0)
        teardown_test_environment()
    work = load.measured()
    goal = f"the {load.LIMIT} ms of its p95"
    figures.append(
        Figure(f"{load.RATE} writes a second", goal, work.p95, load.LIMIT, 1.0, work.told)
    )
    if asked.json:
        rows = [
            {"name": one.name, "against": one.against, "ours_ms": one.ours, "limit_ms": one.limit,
             "ratio": one.ratio, "goal": None if one.goal == float("inf") else one.goal,
             "note": one.note}
            for one in figures
        ]  # fmt: skip
        sys.stdout.write(json.dumps({"articles": asked.articles, "figures": rows}) + "\n")
    else:
        sys.stdout.write(f"{asked.articles:,} articles made in {took:.0f} s\n{table(figures)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
