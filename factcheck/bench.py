"""`./run bench`: the benchmarks, in the local environment; see `tests/benchmarks/`."""

import sys

from factcheck.local import prepare, run
from factcheck.suite import attend


def main(words: list[str]) -> int:
    """Measure on a corpus that is made for it; the demo's own data is not touched."""
    prepare()
    return attend([sys.executable, "-m", "tests.benchmarks", *words])


if __name__ == "__main__":
    run(main)
