"""What a writer asks of a record."""

import jsonschema  # type: ignore[import-untyped]

from annotations.formats import jsonl, record
from tests.formats.records import hard_record


def test_what_a_file_said_beside_is_kept_by_its_format() -> None:
    one = hard_record()
    one["article"]["kept"] = {"doccano": {"columns": {"Comments": []}}}
    one["claims"][0]["kept"] = {"liar": {"party": "none"}, "averitec": {}}
    jsonschema.validate(one, jsonl.schema())
    assert record.kept(one["article"], "doccano") == {"columns": {"Comments": []}}
    assert record.kept(one["article"], "liar") == {}
    assert record.kept(one["claims"][1], "liar") == {}
    given = record.given(one, "liar")
    assert (given.kept, given.claims[0].kept) == ({}, {"party": "none"})
    assert record.given(one).claims[0].kept == {}
