"""The log tells everything that can be written into it in words."""

import ast
from collections.abc import Iterator
from pathlib import Path

from annotations import actions
from annotations.admin.history import DID

MODULES = [
    ast.parse(source.read_text("utf-8")) for source in Path(actions.__path__[0]).glob("*.py")
]


def strings(part: ast.AST) -> Iterator[str]:
    for node in ast.walk(part):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_verb_that_an_action_records_is_told_in_words() -> None:
    verbs = {
        verb
        for module in MODULES
        for call in ast.walk(module)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("record", "Told")
        for verb in strings(call.args[0])
    }
    assert len(verbs) > 20
    assert verbs <= DID.keys()


def test_there_are_words_for_nothing_that_no_action_records() -> None:
    assert DID.keys() <= {one for module in MODULES for one in strings(module)}
