"""The benchmark of carrying, on few articles: what it promises holds there too."""

import pytest

from tests.benchmarks.carrying import measured, table
from tests.benchmarks.newsroom import KINDS, edited, prose


@pytest.mark.parametrize("kind", KINDS)
def test_the_truth_of_an_edit_is_where_the_same_code_points_stand(kind: str) -> None:
    seeds = prose()
    for number in range(5):
        made = edited(kind, number, seeds)
        assert made == edited(kind, number, seeds)
        assert all(made.old[was] == made.new[now] for was, now in made.where.items())


def test_nothing_is_carried_wrongly_and_most_is_carried() -> None:
    tallies = list(measured(articles=8, seed=2))
    assert [kind for kind, _ in tallies] == list(KINDS)
    for kind, tally in tallies:
        precision, recall = tally.figures(tally.ours)
        assert precision == 1, kind
        assert recall > 0.9, kind
    assert len(table(tallies).splitlines()) == len(KINDS) + 3
