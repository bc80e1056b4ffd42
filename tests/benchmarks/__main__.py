"""`./run bench [NAME…]`: each figure beside its limit, on a corpus that is thrown away.

`./run bench --list` says what there is; without a name, the ordinary ones are measured.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator

import django

from tests.benchmarks import carrying, files, load, million
from tests.benchmarks.figures import Figure, told

# Those with words of their own: `./run bench NAME --help`.
WAYS = {"carrying": carrying.main, "load": load.main, "million": million.main}
FILES = {
    "export": "Every record of the corpus over HTTP: time, first byte, memory.",
    "import": "The file of an export brought into an empty site.",
}


def main(words: list[str]) -> int:
    if words and words[0] in WAYS:
        return WAYS[words[0]](words[1:])
    reader = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    reader.add_argument("names", nargs="*", metavar="NAME", help="what to measure (the ordinary)")
    reader.add_argument(
        "--list", action="store_true", help="say what there is, and measure nothing"
    )
    reader.add_argument("--articles", type=int, default=1000, help="20 claims each (1000)")
    reader.add_argument("--rounds", type=int, default=60, help="calls of each measure (60)")
    reader.add_argument("--json", action="store_true", help="figures for machines")
    asked = reader.parse_args(words)
    django.setup()
    from tests.benchmarks.measures import MEASURES

    ordinary = {*MEASURES, *FILES, "load"}
    if unknown := [one for one in asked.names if one not in ordinary]:
        reader.error(f"there is no {unknown[0]}: see ./run bench --list")
    if asked.list:
        sys.stdout.write(listed())
        return 0
    names = set(asked.names) or ordinary
    figures = list(measured(names, asked.articles, asked.rounds))
    sys.stdout.write(told(figures, for_machines=asked.json, articles=asked.articles))
    return 0


def listed() -> str:
    """Every benchmark with a line that says what it measures."""
    from tests.benchmarks.measures import MEASURES

    lines = {name: one.__doc__ for name, one in MEASURES.items()} | FILES
    lines |= {name: sys.modules[one.__module__].__doc__ for name, one in WAYS.items()}
    return "".join(
        f"{name:<10} {(said or '').splitlines()[0].rpartition('`: ')[2]}\n"
        for name, said in lines.items()
    )


def measured(names: Collection[str], articles: int, rounds: int) -> Iterator[Figure]:
    from tests.benchmarks.measures import MEASURES

    if wanted := MEASURES.keys() & set(names):
        yield from on_a_corpus(lambda: list(of_corpus(wanted, articles, rounds)))
    if wanted := FILES.keys() & set(names):
        yield from files.measured(articles, wanted)
    if "load" in names:
        work = load.measured()
        goal = f"the {load.LIMIT} ms of its p95"
        yield Figure(f"{load.RATE} writes a second", goal, work.p95, load.LIMIT, 1.0, work.told)


def of_corpus(names: Collection[str], articles: int, rounds: int) -> Iterator[Figure]:
    from tests.benchmarks.corpus import make_corpus
    from tests.benchmarks.measures import Bench

    start = time.perf_counter()
    project = make_corpus(articles)
    took = time.perf_counter() - start
    sys.stderr.write(f"{articles:,} articles made in {took:.0f} s\n")
    yield from Bench(project, rounds).all(names)


def on_a_corpus(measure: Callable[[], list[Figure]]) -> list[Figure]:
    """What is measured in a database that is made for it, with the rights of the web's role."""
    from tests.roles import own_database

    with own_database(as_web=True):
        return measure()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    sys.exit(main(sys.argv[1:]))
