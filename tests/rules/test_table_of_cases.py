"""The table of how a quote holds on to its text: every one of its rows is tried somewhere."""

import json
import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
TABLE = json.loads((TESTS / "cases" / "anchoring.json").read_text("utf-8"))
ROWS = 47


def test_no_row_of_the_table_is_left_out() -> None:
    ids = [case["id"] for rows in TABLE.values() if isinstance(rows, list) for case in rows]
    tried = {int(found[0]) for one in ids if (found := re.match(r"\d+", one))}

    assert tried == set(range(1, ROWS + 1))


def test_no_case_is_there_twice() -> None:
    for name, rows in TABLE.items():
        if isinstance(rows, list):
            ids = [case["id"] for case in rows]
            assert len(ids) == len(set(ids)), name


def test_the_tests_that_show_the_other_rows_are_there() -> None:
    for case in TABLE["elsewhere"]:
        path, name = case["test"].removeprefix("tests/").split("::")
        assert f"def {name}(" in (TESTS / path).read_text("utf-8"), case
