"""Two workers at one file, and a map that comes while a file does: each with two connections."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from annotations.actions import bringing_in, imports
from annotations.actions.brought import Brought
from annotations.actions.imports import cancel_import, run_import, start_import
from annotations.actions.rating_maps import bring_mapped, map_rating
from annotations.formats import contract
from annotations.models import Article, Import, Project, RatingMap, User, Verdict, WaitingVerdict
from tests.actions import toy_format
from tests.actions.test_races import PATIENCE, let_go_once_waiting, pid, together
from tests.actions.toy_format import article, claim

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "Prices doubled in a year."


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "readers", lambda: {"toy": toy_format})
    monkeypatch.setattr(imports, "MOST_AT_ONCE", 2)


def started(project: Project, actor: User, *lines: bytes) -> Import:
    return start_import(
        project.pk, actor=actor, format="toy", name="x", content=lines, by_a_job=False
    )


class Held:
    """The import stops within its first transaction until the other has been seen to wait."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.within, self.waits = threading.Event(), threading.Event()
        bring = bringing_in.Bringing.bring

        def stop(bringing: bringing_in.Bringing, found: object) -> Brought:
            if not self.within.is_set():
                self.within.set()
                self.waits.wait(PATIENCE)
            return bring(bringing, found)  # type: ignore[arg-type]

        monkeypatch.setattr(bringing_in.Bringing, "bring", stop)

    def beside(self, job: Import, act: Callable[[], object]) -> object:
        """What `act` came to, begun while the import is at its first piece."""

        def lead() -> None:
            try:
                run_import(job.pk)
            finally:
                connection.close()

        def follow() -> object:
            self.within.wait(PATIENCE)
            watcher = threading.Thread(target=let_go_once_waiting, args=(self.waits, pid()))
            watcher.start()
            try:
                return act()
            finally:
                watcher.join()
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            first, second = pool.submit(lead), pool.submit(follow)
            first.result()
            return second.result()


def test_two_workers_bring_a_file_in_once(project: Project, robin: User) -> None:
    job = started(project, robin, *(article(f"a{n}", f"{TEXT} {n}") for n in range(9)))
    together(*[lambda: run_import(job.pk)] * 3)
    job.refresh_from_db()
    if job.progress != "done":  # each left it to another that had left it as well
        run_import(job.pk)
        job.refresh_from_db()
    assert (job.progress, job.articles, job.unchanged) == ("done", 9, 0)
    assert Article.objects.filter(project=project).count() == 9


def test_a_map_that_comes_while_a_file_does_covers_all_of_it(
    project: Project, robin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = {"rating": "Meh", "by": "Ann"}
    job = started(project, robin, article("a", TEXT, claim("c", TEXT, "Prices", verdict)))
    Held(monkeypatch).beside(job, lambda: map_rating(project.pk, "Meh", "true", actor=robin))
    bring_mapped(RatingMap.objects.get().pk)
    assert Verdict.objects.count() == 1
    assert not WaitingVerdict.objects.exists()


def test_who_stops_an_import_waits_for_what_it_is_at_and_nothing_more_comes(
    project: Project, robin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = started(project, robin, *(article(f"a{n}", f"{TEXT} {n}") for n in range(9)))
    Held(monkeypatch).beside(job, lambda: cancel_import(job.pk, actor=robin))
    job.refresh_from_db()
    assert job.progress == "cancelled"
    assert (job.articles, job.read) == (2, 2)
    assert Article.objects.filter(project=project).count() == 2
