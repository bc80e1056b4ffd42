"""What every format declares and keeps to, whichever it is."""

import re

import jsonschema  # type: ignore[import-untyped]
import pytest

from annotations.formats import contract, jsonl
from annotations.formats.contract import WriteAsked
from annotations.rules.refusals import NotFound
from tests.formats import written
from tests.formats.records import TEXT, hard_record, seed_record

FORMATS = contract.readers() | contract.writers()


@pytest.mark.parametrize("slug", FORMATS)
def test_a_format_says_what_it_is(slug: str) -> None:
    one = FORMATS[slug]
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", one.SLUG)
    assert one.NAME
    assert "/" in one.MEDIA_TYPE
    assert (one.DROPS == ()) == one.LOSSLESS
    for sentence in one.DROPS:
        assert sentence[0].isupper()
        assert sentence.endswith(".")


@pytest.mark.parametrize("slug", contract.writers())
def test_a_format_writes_what_is_hard_and_nothing_at_all(slug: str) -> None:
    one = contract.writer(slug)
    for records in ([], [hard_record()], [seed_record(), hard_record()]):
        pieces = list(one.write(iter(records), WriteAsked(site="https://example.org", desk="Desk")))
        assert all(isinstance(piece, bytes) for piece in pieces)


def test_a_format_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(NotFound, match="There are: "):
        contract.writer("odt")


def test_the_records_of_the_tests_are_records() -> None:
    for record in (seed_record(), hard_record()):
        jsonschema.validate(record, jsonl.schema())
    for claim in hard_record()["claims"]:
        for place in claim["appearances"]:
            assert TEXT[place["start"] : place["end"]] == place["quote"]


def test_the_document_is_what_the_formats_say() -> None:
    assert written.DOCUMENT.read_text("utf-8") == written.document(), (
        "Write it anew: .venv/bin/python -m tests.formats.written"
    )
