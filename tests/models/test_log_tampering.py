"""R5 in its quick form: whatever is done to the log past every rule, the verifier names it.

The long form is tests/drills/tampering.py.
"""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from annotations.actions.heads import append_heads, publish_heads
from annotations.actions.projects import edit_project
from annotations.models import Article, Event, Link, Project, User
from annotations.rules.chain import Tampering
from tests.actions.given import claim_in, marked
from tests.models.past_the_orm import run
from tests.roles import as_owner

Tampers = Callable[[], object]


def verified(**options: str) -> tuple[set[str], str]:
    """The kinds of tampering that are found, and all that the command says."""
    out = io.StringIO()
    try:
        call_command("verify_log", stdout=out, **options)
    except CommandError as error:
        said = f"{out.getvalue()}{error}"
        return set(re.findall(r"^\[(.+?)\]", said, re.MULTILINE)), said
    return set(), out.getvalue()


def commit() -> None:
    """Do what the database does at a commit."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def log(
    article: Article, other_article: Article, finch: User, maple: User, robin: User
) -> Iterator[str]:
    """The chain of a project with a published claim, its triggers all on; our own are then off.

    From here on whoever writes is a superuser of the database, for whom no trigger runs.
    """
    claim_in("published", article, first=finch, second=maple, moderator=robin)
    commit()
    for (table,) in run(
        "SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'record_is_not_emptied'"
    ):
        run(f"ALTER TABLE {table} ENABLE TRIGGER record_is_not_emptied")
    assert verified()[0] == set()
    run("SET LOCAL session_replication_role = replica")
    yield str(article.project_id)
    run("SET LOCAL session_replication_role = origin")


def event_at(chain: str, sequence: int) -> int:
    return Link.objects.get(chain=chain, sequence=sequence).event_id


def last(chain: str) -> int:
    return Link.objects.filter(chain=chain).count()


def forged(chain: str, start: int) -> None:
    """Every link of a chain from here on is made anew, as if it had always been so."""
    run("DELETE FROM annotations_link WHERE chain = %s AND sequence >= %s", chain, start)
    run("SELECT link_events(0)")


def rewritten(chain: str, what: str, sequence: int = 4) -> None:
    """Change the event of a link."""
    run(f"UPDATE annotations_event SET {what} WHERE id = %s", event_at(chain, sequence))  # noqa: S608


EDITS = {
    "after = '{\"rating\":\"false\"}'": ("payload", "what it tells of after"),
    "before = NULL, verb = 'carry'": ("payload", "what was done and what it tells of before"),
    "object_id = gen_random_uuid()": ("payload", "the object"),
    "private = '{}'": ("payload", "the sealed part"),
    "at = at - interval '1 microsecond'": ("timestamp", "the time"),
    "actor_id = (SELECT subject FROM annotations_user WHERE username = 'stranger')":
        ("actor", "the actor"),
    "project_id = NULL": ("reordered", "the project"),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_a_changed_event_is_named_with_what_was_changed(log: str, edit: str) -> None:
    rewritten(log, edit, last(log))
    kind, words = EDITS[edit]
    kinds, said = verified()
    assert kinds - {"row without its event"} == {kind}
    assert f"council, link {last(log)} (event {event_at(log, last(log))}): {words} was" in said


def test_the_first_event_and_the_beginning_of_a_chain_are_held_as_well(log: str) -> None:
    rewritten(log, "after = '{}'", 1)
    assert "council, link 1" in verified()[1]
    run("UPDATE annotations_link SET previous = repeat('1', 64) WHERE sequence = 1")
    kinds, said = verified()
    assert "genesis" in kinds
    assert "the chain does not begin where chains do" in said


def test_a_deleted_event_is_missed_with_and_without_its_link(log: str) -> None:
    run("DELETE FROM annotations_event WHERE id = %s", event_at(log, 3))
    kinds, said = verified()
    assert kinds == {"deleted"}
    assert "link 3" in said
    run("DELETE FROM annotations_link WHERE chain = %s AND sequence = 3", log)
    kinds, said = verified()
    assert kinds == {"deleted"}
    assert "council, link 4" in said
    assert "link 3 is gone before it" in said


def test_an_inserted_event_has_no_link(log: str) -> None:
    run(
        "INSERT INTO annotations_event (project_id, verb, object_kind, object_id, at) "
        "VALUES (%s, 'mark', 'claim', gen_random_uuid(), now())",
        log,
    )
    kinds, said = verified()
    assert kinds == {"inserted"}
    assert f"council, event {Event.objects.order_by('-id')[0].pk}: it has no link" in said


def test_exchanged_events_are_told_from_changed_ones(log: str) -> None:
    three, four = event_at(log, 3), event_at(log, 4)
    for new, old in ((-1, three), (three, four), (four, -1)):
        run("UPDATE annotations_link SET event_id = %s WHERE event_id = %s", new, old)
    kinds, said = verified()
    assert kinds == {"reordered"}
    assert "council, link 3" in said
    assert "its event is the one of council, link 4" in said


def test_exchanged_links_are_told_as_well(log: str) -> None:
    for new, old in ((-1, 3), (3, 4), (4, -1)):
        run(
            "UPDATE annotations_link SET sequence = %s WHERE chain = %s AND sequence = %s",
            new, log, old,
        )  # fmt: skip
    assert verified()[0] == {"reordered"}


def test_a_link_that_was_made_anew_does_not_carry_the_next(log: str) -> None:
    later = list(Link.objects.filter(chain=log, sequence__gt=3))
    rewritten(log, "after = '{}'", 3)
    forged(log, 3)
    assert verified()[0] == set(), "whoever makes all that follows anew is caught by heads alone"
    run("DELETE FROM annotations_link WHERE chain = %s AND sequence > 3", log)
    with as_owner():
        Link.objects.bulk_create(later)
    kinds, said = verified()
    assert kinds == {"fork"}
    assert "council, link 4" in said


def test_two_links_of_one_number_are_a_fork(log: str) -> None:
    run("ALTER TABLE annotations_link DROP CONSTRAINT links_of_a_chain_are_numbered")
    run(
        "INSERT INTO annotations_link SELECT 0, chain, sequence, previous, hash, parts "
        "FROM annotations_link WHERE chain = %s AND sequence = 3",
        log,
    )
    assert "fork" in verified()[0]


def test_a_chain_that_was_rewritten_is_no_longer_the_one_that_was_published(log: str) -> None:
    publish_heads()
    rewritten(log, "after = '{}'", 3)
    forged(log, 1)
    kinds, said = verified()
    assert kinds == {"fork"}
    assert f"council, link {last(log)}" in said
    assert "another hash was published for it" in said


def test_a_cut_tail_is_missed_by_what_was_published_here(log: str) -> None:
    publish_heads()
    cut = event_at(log, last(log))
    run("DELETE FROM annotations_link WHERE event_id = %s", cut)
    run("DELETE FROM annotations_event WHERE id = %s", cut)
    kinds, said = verified()
    assert kinds - {"row without its event"} == {"tail cut off"}
    assert "the end of the chain was cut off" in said


@pytest.mark.django_db
def test_an_old_backup_is_known_by_heads_kept_elsewhere(
    log: str, project: Project, birch: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = last(log)
    run("SET LOCAL session_replication_role = origin")
    edit_project(project.pk, actor=birch, name="Another name")
    commit()
    run("SET LOCAL session_replication_role = replica")
    file = tmp_path / "heads.jsonl"
    append_heads(file, Link.objects.heads())
    assert verified(heads=str(file))[0] == set()
    gone = event_at(log, backup + 1)
    run("DELETE FROM annotations_link WHERE event_id = %s", gone)
    run("DELETE FROM annotations_event WHERE id = %s", gone)
    assert verified()[0] == set()
    monkeypatch.setattr("sys.stdin", io.StringIO(file.read_text("utf-8")))
    kinds, said = verified(heads="-")
    assert kinds == {"old backup"}
    assert "this database is older than that" in said


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE annotations_event DISABLE TRIGGER event_is_linked",
        "ALTER TABLE annotations_event DISABLE TRIGGER USER",
        "DROP TRIGGER log_is_append_only ON annotations_link",
        "ALTER TABLE annotations_event ENABLE REPLICA TRIGGER log_is_append_only",
    ],
)
def test_a_trigger_that_is_off_or_gone_is_named(log: str, sql: str) -> None:
    run(sql)
    kinds, said = verified()
    assert kinds == {"trigger"}
    assert "is off or gone" in said


@pytest.mark.parametrize("table", ["verdict", "ruling"])
def test_a_row_that_says_what_no_event_says_is_found(log: str, table: str) -> None:
    run(
        f"UPDATE annotations_{table} SET rating_id = (SELECT id FROM annotations_rating "  # noqa: S608
        "WHERE slug = 'false' AND project_id = %s) WHERE submitted_at IS NOT NULL"
        if table == "verdict"
        else "UPDATE annotations_ruling SET rating_id = (SELECT id FROM annotations_rating "
        "WHERE slug = 'false' AND project_id = %s)",
        log,
    )
    kinds, said = verified()
    assert kinds == {"row without its event"}
    assert re.search(rf"{table} [0-9a-f-]{{36}}: no event tells of it", said)


def test_every_kind_of_tampering_has_its_test() -> None:
    source = Path(__file__).read_text("utf-8")
    assert all(f'"{kind}"' in source for kind in Tampering)


@pytest.mark.parametrize("text", ["nonsense", "[1]", '{"chain": "x"}', "[{}]", "[", "\x00"])
def test_heads_that_cannot_be_read_are_refused_with_the_place(
    log: str, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "heads"
    file.write_text(text)
    assert "holds no heads that can be read" in verified(heads=str(file))[1]
    assert "holds no heads" in verified(heads=str(tmp_path / "none"))[1]


def test_a_claim_that_is_undone_leaves_no_link(article: Article, finch: User) -> None:
    commit()
    before = Link.objects.count()
    undone = transaction.savepoint()
    marked(article, finch)
    commit()
    assert Link.objects.count() == before + 1
    transaction.savepoint_rollback(undone)
    assert Link.objects.count() == before
