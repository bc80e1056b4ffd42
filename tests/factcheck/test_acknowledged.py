"""R1 in its quick form: a site is written to over HTTP, and its database is killed.

The long form is tests/drills/acknowledged.py.
"""

import random
from pathlib import Path

from tests.drills.acknowledged import drill
from tests.drills.site import Site


def test_no_write_that_was_acknowledged_is_lost_when_the_database_is_killed(
    demo_var: Path,
) -> None:
    said: list[str] = []
    dice = random.Random(1)  # noqa: S311 (a seed is wanted, not a secret)
    with Site(demo_var) as site:
        found = drill(site, site.filled(3), ["database"], dice, said.append)
    assert found == []
    assert "lost, done twice, half done or off the chain: 0" in said
    assert "acknowledged were lost" in said[-1], "what a database that forgets has lost is seen"
