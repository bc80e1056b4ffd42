"""The queue with 200,000 claims: the next one is read from an index, in the project's order."""

import re

import pytest
from django.db import connection

from annotations.actions.assignments import give_back, take_next
from annotations.actions.projects import edit_project
from annotations.models import Article, Assignment, Project, User
from annotations.models.assignments import in_order, lendable
from tests.actions.given import judged, marked
from tests.models.past_the_orm import run

MANY = 200_000

# One in ten is in the queue: the others are held back, and their index entries are not to be read.
COPIES = f"""
CREATE TEMP TABLE more ON COMMIT DROP AS
SELECT c.*, n FROM annotations_claim c, generate_series(1, {MANY}) n;
UPDATE more SET id = gen_random_uuid(), worth = n / 10 %% 10, queued = n %% 10 = 0;
ALTER TABLE more DROP n;
INSERT INTO annotations_claim SELECT * FROM more;
"""  # noqa: S608


@pytest.fixture
def long_queue(project: Project, article: Article, finch: User) -> Project:
    """A claim 200,000 times, and one that Finch has judged."""
    claim = marked(article, finch)
    run(COPIES)
    judged(claim, (finch, "true"))
    run("ANALYZE annotations_claim")
    return project


def test_the_next_claim_is_read_from_an_index_in_every_order(
    long_queue: Project, finch: User, birch: User
) -> None:
    for order, index in (
        ("oldest", "queue_by_age"),
        ("most_worthy", "queue_by_worth"),
        ("random", "queue_by_lot"),
    ):
        project = edit_project(long_queue.pk, actor=birch, queue_order=order)
        for part in in_order(lendable(project, finch), order):
            plan = part.select_for_update(skip_locked=True, no_key=True, of=("self",))[:1].explain()
            assert re.search(rf"Index Scan using {index}\b", plan), plan
            assert "Seq Scan on annotations_claim" not in plan, plan
            assert "Sort" not in plan, plan
        assert take_next(project.pk, actor=finch)
    assert Assignment.objects.count() == 3


def test_the_queue_is_read_from_its_index_however_often_it_is_asked(
    long_queue: Project, finch: User
) -> None:
    """A statement that comes often is planned for any value, unless that costs more."""
    for _ in range(20):
        taken = take_next(long_queue.pk, actor=finch)
        assert taken
        give_back(taken.pk, actor=finch)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(generic_plans + custom_plans) FROM pg_prepared_statements "
            "WHERE statement LIKE '%FOR NO KEY UPDATE%SKIP LOCKED%'"
        )
        assert cursor.fetchone()[0] >= 10
        cursor.execute(
            "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'annotations_claim'"
        )
        read = cursor.fetchone()[0]
    assert read <= MANY + 10, f"{read:,} rows were read one by one"
