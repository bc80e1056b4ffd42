"""Whom each verb of the log is told, and where a follower stands."""

import ast
import uuid
from pathlib import Path

import pytest

from annotations.rules.changes import (
    TOLD,
    UNTOLD,
    article_tells,
    packed,
    read,
    revisions_of,
    settings_tell,
    unpacked,
    written,
)
from annotations.rules.refusals import Malformed

ACTIONS = Path(__file__).resolve().parents[2] / "annotations" / "actions"
RECORDS = {"record", "_record", "_tell", "Told"}  # whose first argument is a verb
PASS_ON = {"_settle", "_submit", "_wait_for"}  # who hand one on, among what else they take
NO_VERB = {"substantial", ""}


def words_in(tree: ast.AST) -> set[str]:
    return {
        one.value
        for one in ast.walk(tree)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def verbs_of(path: Path) -> set[str]:
    """Every verb that a module of the actions gives to the log."""
    found: set[str] = set()
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute):
            name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
            named = {one.arg: one.value for one in call.keywords}
            if name in RECORDS and call.args:
                found |= words_in(call.args[0])
            if name in PASS_ON:
                found |= {word for one in call.args for word in words_in(one)}
                found |= words_in(named["verb"]) if "verb" in named else set()
        if isinstance(call, ast.Assign) and "verb" in {
            one.id for one in call.targets if isinstance(one, ast.Name)
        }:
            found |= words_in(call.value)
    return found - NO_VERB


def test_every_verb_of_the_log_has_its_line() -> None:
    written_down = {verb for path in ACTIONS.glob("*.py") for verb in verbs_of(path)}
    assert written_down == TOLD.keys() | set(UNTOLD)
    assert not TOLD.keys() & set(UNTOLD)


def test_a_setting_is_told_to_whom_it_changes_what_they_read() -> None:
    assert settings_tell({"name": "A"}, {"name": "B"}, member=False)
    assert not settings_tell({"blind": True}, {"blind": False}, member=False)
    assert settings_tell({"blind": True}, {"blind": False}, member=True)
    assert not settings_tell({"gold_every": 0}, {"gold_every": 5}, member=True)


def test_a_note_of_members_is_told_to_members() -> None:
    assert article_tells({"note": "a"}, {"note": "b"}, member=True)
    assert not article_tells({"note": "a"}, {"note": "b"}, member=False)
    assert article_tells({"title": "a"}, {"title": "b"}, member=False)


def test_what_was_removed_tells_where_it_stood() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    assert revisions_of({"revision": str(one), "start": 1}) == [one]
    places = [{"revision": str(one)}, {"revision": str(other)}]
    assert revisions_of({"statement": "x", "appearances": places}) == [one, other]


def test_a_cursor_is_read_as_it_was_written() -> None:
    stands = {uuid.uuid4(): 0, uuid.uuid4(): 2**40}
    assert unpacked(read(written(packed(stands)))) == stands
    assert unpacked(packed({})) == {}


def test_a_cursor_is_as_long_however_far_one_is() -> None:
    one = uuid.uuid4()
    assert len(packed({one: 0})) == len(packed({one: 2**60}))


@pytest.mark.parametrize("given", [b"", b"\x02", b"\x01abc"])
def test_what_is_no_cursor_is_refused(given: bytes) -> None:
    with pytest.raises(Malformed, match="not a cursor of yours"):
        unpacked(given)


@pytest.mark.parametrize("given", ["é", "a", "%%%%", "a b"])
def test_what_is_not_written_like_a_cursor_is_refused(given: str) -> None:
    with pytest.raises(Malformed, match="not a cursor of yours"):
        read(given)
