"""The change feed while others write: each change once, whatever the order of ids and commits."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import orjson
import pytest
from django.conf import settings
from django.db import connection, transaction
from pytest_django.live_server_helper import LiveServer

from annotations.actions.articles import edit_article
from annotations.actions.claims import unmark_claim
from annotations.actions.projects import set_role
from annotations.actions.tokens import make_token
from annotations.models import Article, Event, Project, User
from annotations.models.changes import Change, changes_since, positions_now, readable
from annotations.models.records import records_of
from annotations.rules.changes import Positions
from tests.actions.given import judged, marked, published
from tests.actions.test_races import PATIENCE, together

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, EACH = 8, 6


def come(stands: Positions, person: User) -> tuple[list[Change], Positions]:
    """All that is there by now, a few at a time."""
    found: list[Change] = []
    more = True
    while more:
        page = changes_since(stands, person, readable(person), everything=True, most=3)
        found, stands, more = found + page.changes, page.positions, page.more
    return found, stands


def test_who_commits_late_is_told_of_late_and_not_passed_over(
    article: Article, robin: User
) -> None:
    """The first event waits for its commit while the second is told already."""
    stands: Positions = positions_now(readable(robin))
    written, told = threading.Event(), threading.Event()
    early: list[Change] = []

    def first() -> None:
        with transaction.atomic():
            marked(article, robin)
            written.set()
            told.wait(PATIENCE)

    def second() -> Positions:
        written.wait(PATIENCE)
        marked(article, robin, "Café prices doubled")
        found, now = come(stands, robin)
        early.extend(found)
        told.set()
        return now

    _, now = together(first, second)
    late, _ = come(now, robin)  # type: ignore[arg-type]
    assert [len(early), len(late)] == [1, 1]
    assert late[0].event < early[0].event


def test_a_follower_of_many_writers_gets_each_change_once(
    project: Project, article: Article, birch: User, robin: User
) -> None:
    before: Positions = positions_now(readable(robin))
    begun = Event.objects.order_by("-pk")[0].pk
    done = threading.Event()
    writing = threading.Semaphore(0)

    def write(number: int) -> None:
        try:
            for n in range(EACH):
                if number % 2:
                    edit_article(article.pk, actor=robin, title=f"Title {number}.{n}")
                else:
                    claim = marked(article, robin, "Café prices doubled", statement=f"{number}.{n}")
                    unmark_claim(claim.pk, actor=robin)
        finally:
            writing.release()

    def follow() -> list[Change]:
        found, stands = [], before
        while not done.is_set():
            some, stands = come(stands, robin)
            found += some
        return found + come(stands, robin)[0]

    def end() -> None:
        for _ in range(WRITERS):
            writing.acquire(timeout=PATIENCE)
        done.set()

    acts = [lambda number=number: write(number) for number in range(WRITERS)]
    result = together(*acts, follow, end)[WRITERS]
    assert isinstance(result, list)
    events = [one.event for one in result]
    assert len(events) == len(set(events))
    # A claim that is gone again need not be told of as marked; that it is gone, is.
    made = Event.objects.filter(pk__gt=begun)
    assert set(events) >= set(made.exclude(verb="mark").values_list("pk", flat=True))
    assert set(events) <= set(made.values_list("pk", flat=True))


# ---------- the script of the docs ----------


def test_the_script_of_the_docs_keeps_a_mirror(
    live_server: LiveServer, project: Project, article: Article, finch: User, maple: User,
    robin: User, birch: User, tmp_path: Path,
) -> None:  # fmt: skip
    docs = (settings.BASE_DIR / "docs" / "api.md").read_text("utf-8")
    scripts = re.findall(r"```python\n(.*?)```", docs, re.DOTALL)
    [script] = [one for one in scripts if "changes/?after=now" in one]
    token = make_token(finch, "mirror", actor=finch)[1]

    def run() -> dict[str, object]:
        made = subprocess.run(  # noqa: S603
            [sys.executable, "-c", script, live_server.url, token, str(tmp_path / "m"), "1"],
            capture_output=True, text=True, timeout=PATIENCE, check=False,
            env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        files = (tmp_path / "m").glob("*/*.json")
        return {file.stem: orjson.loads(file.read_bytes()) for file in files}

    def fresh() -> dict[str, object]:
        lines = b"".join(records_of(project.pk, finch)).splitlines()
        return {one["article"]["slug"]: one for one in map(orjson.loads, lines)}

    assert run() == fresh()
    claim = marked(article, finch)
    judged(claim, (maple, "true"), (finch, "true"))
    assert run() == fresh()
    published(claim, robin)
    set_role(project.pk, finch.pk, "moderator", actor=birch)
    assert run() == fresh()
    set_role(project.pk, finch.pk, None, actor=birch)
    assert run() == fresh()
    connection.close()
