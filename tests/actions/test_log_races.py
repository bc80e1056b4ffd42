"""The links of the log with real connections: in the order of commits, and never in the way."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction

from annotations.actions.articles import edit_article
from annotations.actions.log import record
from annotations.models import Article, Event, Link, Project, User
from annotations.rules.chain import Verifier
from tests.actions.test_races import PATIENCE, one_after_the_other, together

pytestmark = pytest.mark.django_db(transaction=True)


def holds() -> bool:
    return not list(Verifier().findings(Link.objects.stream()))


def numbers(project: Project) -> list[int]:
    links = Link.objects.filter(chain=project.pk).order_by("sequence")
    return list(links.values_list("sequence", flat=True))


def note(project: Project, actor: User) -> Event:
    return record("edit_project", project, actor=actor, project=project.pk, after={"name": "N"})


def test_many_writers_of_one_project_get_links_without_a_gap(project: Project, birch: User) -> None:
    before = len(numbers(project))
    for _ in range(3):
        results = together(*[lambda: note(project, birch)] * 6)
        assert all(isinstance(one, Event) for one in results)
    assert numbers(project) == list(range(1, before + 19))
    assert holds()


def test_the_number_of_a_link_is_that_of_its_commit(project: Project, birch: User) -> None:
    """The first event waits for its commit, so the second is linked before it."""
    written, committed = threading.Event(), threading.Event()

    def early() -> int:
        with transaction.atomic():
            event = note(project, birch)
            written.set()
            committed.wait(PATIENCE)
        return event.pk

    def late() -> int:
        written.wait(PATIENCE)
        event = note(project, birch)
        committed.set()
        return event.pk

    first, second = together(early, late)
    assert isinstance(first, int)
    assert isinstance(second, int)
    assert first < second
    numbered = dict(Link.objects.values_list("event", "sequence"))
    assert numbered[first] == numbered[second] + 1
    assert holds()


def test_two_projects_never_wait_for_each_other(
    project: Project, other_project: Project, birch: User, stranger: User
) -> None:
    """A transaction that holds the lock of one chain, as at its commit, keeps nobody else."""

    def elsewhere(one: Project, actor: User) -> bool:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '500ms'")
            note(one, actor)
        except OperationalError:
            return False
        finally:
            connection.close()
        return True

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        note(project, birch)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert pool.submit(elsewhere, other_project, stranger).result()
        assert not pool.submit(elsewhere, project, birch).result()
    assert holds()


def test_transactions_over_two_projects_in_any_order_never_block_in_a_circle(
    project: Project, other_project: Project, birch: User
) -> None:
    def both(*projects: Project) -> bool:
        with transaction.atomic():
            for one in projects:
                note(one, birch)
        return True

    for _ in range(5):
        orders = [(project, other_project), (other_project, project)] * 2
        results = together(*[lambda order=order: both(*order) for order in orders])
        assert results == [True] * 4
    assert holds()


def test_what_is_rolled_back_leaves_no_link(article: Article, robin: User) -> None:
    before = Link.objects.count()

    def undone() -> None:
        with transaction.atomic():
            edit_article(article.pk, actor=robin, publisher="The Post")
            transaction.set_rollback(True)

    one_after_the_other(undone, lambda: edit_article(article.pk, actor=robin, publisher="Daily"))
    assert Link.objects.count() == before + 1
    assert holds()


def test_a_transaction_with_an_older_view_is_refused_rather_than_forked(
    project: Project, birch: User
) -> None:
    def meanwhile() -> None:
        note(project, birch)
        connection.close()

    def older() -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            Link.objects.count()
            thread = threading.Thread(target=meanwhile)
            thread.start()
            thread.join(PATIENCE)
            note(project, birch)

    before = len(numbers(project))
    with pytest.raises(OperationalError, match="could not serialize"):
        older()
    assert numbers(project) == list(range(1, before + 2))
    assert holds()
