"""Every measure, on a small corpus: no time decides here. The long form is `./run bench`."""

import pytest
from django.test import override_settings

from tests.benchmarks.corpus import CLAIMS, digest, make_corpus
from tests.benchmarks.measures import Bench, table


@pytest.mark.django_db
def test_the_corpus_is_the_same_for_the_same_seed_and_sound() -> None:
    wanted = ((1, "one"), (1, "two"), (2, "three"))
    one, two, other = (make_corpus(3, seed=seed, slug=slug) for seed, slug in wanted)
    assert digest(one) == digest(two) != digest(other)
    assert one.claims.count() == 3 * CLAIMS
    assert one.claims.filter(state="published").count() == 3 * CLAIMS // 5


@pytest.mark.django_db(transaction=True)
def test_every_measure_prints_ours_beside_its_limit(capsys: pytest.CaptureFixture[str]) -> None:
    project = make_corpus(4)
    with override_settings(DEBUG=False):
        figures = list(Bench(project, rounds=3, characters=20_000).all())
    with capsys.disabled():
        print("\n" + table(figures))  # noqa: T201 (a figure is for whoever runs the suite)
    assert [one.name for one in figures] == [
        "open an article", "open an article", "mark a claim", "give a verdict", "page at 90 %",
        "agreement", "export, native", "bring in a text", "verify the log",
    ]  # fmt: skip
    assert all(one.ours > 0 and one.limit > 0 for one in figures)
    assert "99 of 100 marks carried" in figures[-2].note
    assert "a million would take" in figures[-1].note
