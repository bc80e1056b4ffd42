"""The log tells everything that can be written into it in words."""

import re
from pathlib import Path

from annotations import actions
from annotations.admin.history import DID


def test_every_verb_that_an_action_records_is_told_in_words() -> None:
    recorded: set[str] = set()
    for source in Path(actions.__path__[0]).glob("*.py"):
        for call in re.findall(r"record\(\s*([^)]*?),\s*\w+,\s*actor=", source.read_text("utf-8")):
            recorded |= set(re.findall(r"\"([a-z_]+)\"", call))
    assert recorded >= {"mark", "submit_verdict", "revise_verdict", "restate", "forget_token"}
    assert recorded <= DID.keys()
