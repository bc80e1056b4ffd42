"""Every measure, on a small corpus: no time decides here. The long form is `./run bench`."""

from pathlib import Path

import pytest
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from tests.benchmarks.__main__ import WAYS, main
from tests.benchmarks.corpus import CLAIMS, digest, make_corpus
from tests.benchmarks.figures import INF, Figure, table
from tests.benchmarks.files import exported
from tests.benchmarks.measures import Bench
from tests.benchmarks.million import SOUGHT, figures, fill, looked_through


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
        "agreement", "bring in a text", "verify the log",
    ]  # fmt: skip
    assert all(one.ours > 0 and one.limit > 0 for one in figures)
    assert "99 of 100 marks carried" in figures[-2].note
    assert "a million would take" in figures[-1].note


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_over_http_is_timed(live_server: LiveServer, tmp_path: Path) -> None:
    made, file = fill(2 * CLAIMS), tmp_path / "corpus.jsonl"
    export = exported(live_server.thread.port, made["token"], made["slug"], file)
    assert 0 < export.first <= export.whole
    assert export.size == file.stat().st_size
    assert file.read_bytes().count(b"\n") == 3
    took = looked_through(live_server.thread.port, made, 2)
    told = {one.name: one for one in figures(took, 2 * CLAIMS)}
    assert {f"search {name}" for name in SOUGHT} < told.keys() >= {"page at 90 %", "search, all"}
    assert all(one.ours > 0 and one.limit > 0 for one in told.values())


def test_what_there_is_to_measure_is_listed_with_a_line_each(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = [line.split()[0] for line in lines]
    assert {"open", "mark", "verdict", "page", "export", "import", *WAYS} <= set(names)
    assert all(len(line.split()) > 3 for line in lines)
    with pytest.raises(SystemExit):
        main(["exprot"])
    assert "there is no exprot" in capsys.readouterr().err


def test_a_figure_says_to_machines_whether_its_goal_is_met() -> None:
    slow, told = Figure("a", "b", 3.0, 1.0, 2.0, more={"memory_mb": 9}), Figure("a", "b", 1, 1, INF)
    assert slow.plain() == {
        "name": "a", "against": "b", "ours": 3.0, "limit": 1.0, "ratio": 3.0, "goal": 2.0,
        "met": False, "unit": "ms", "note": "", "memory_mb": 9,
    }  # fmt: skip
    assert (told.plain()["goal"], told.plain()["met"]) == (None, None)
