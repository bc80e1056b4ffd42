"""Files of JSON objects in whichever form: a list, lists in an object, one object, lines."""

import gzip
import io
from typing import Any

import pytest

from annotations.formats.given import Refused
from annotations.formats.items import listed


def read(raw: bytes) -> list[Any]:
    return list(listed(io.BytesIO(raw), "rows", "first.items"))


FORMS = {
    "a list": b'[{"a": 1}, {"a": 2}]',
    "a list on many lines": b'\n[\n{"a": 1},\n\n{"a": 2}\n]\n',
    "a list in an object": b'{"total": 2, "rows": [{"a": 1}, {"a": 2}], "x": [3]}',
    "on many lines": b'{\r\n "x": {"rows": [9]},\r\n "rows": [\r\n{"a": 1},\r\n{"a": 2}]\r\n}',
    "deeper": b'{"first": {"id": "1", "items": [{"a": 1}, {"a": 2}]}}',
    "lines": b'{"a": 1}\r\n{"a": 2}\r\n',
    "objects on many lines": b'{\n"a": 1}\n{\n"a": 2}\n',
    "a byte order mark": b'\xef\xbb\xbf{"rows": [{"a": 1}, {"a": 2}]}',
    "packed": gzip.compress(b'{"rows": [{"a": 1}, {"a": 2}]}'),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_holds_the_same(form: str) -> None:
    assert read(FORMS[form]) == [(1, {"a": 1}), (2, {"a": 2})]


def test_one_object_is_itself_and_an_empty_list_is_nothing() -> None:
    assert read(b'{"a": 1}') == [(1, {"a": 1})]
    assert read(b'{\n"a": 1\n}') == [(1, {"a": 1})]
    assert read(b'{"total": 0, "rows": []}') == read(b"[]") == read(b"") == read(b" \n ") == []


def test_a_bad_line_costs_itself_even_the_first() -> None:
    bad, good = read(b'{"a": nothing}\n{"a": 2}\n')
    assert isinstance(bad, Refused)
    assert (bad.line, good) == (1, (2, {"a": 2}))


def test_a_bad_item_costs_itself() -> None:
    bad, good = read(b'{"rows": [{"a": "\\u0000"}, {"a": 2}]}')
    assert isinstance(bad, Refused)
    assert (bad.line, bad.what, good) == (1, '{"a":"\\u0000"}', (2, {"a": 2}))


BROKEN_OFF = {
    "in an item": b'{"rows": [{"a": 1}, {"a": ',
    "by a word": b'{"rows": [{"a": 1}, nothing]}',
    "by another encoding": b'{"rows": [{"a": 1}, "caf\xe9"]}',
    "packed": gzip.compress(b'{"rows": [{"a": 1}, {"a": 2}]}')[:-9],
}


@pytest.mark.parametrize("how", BROKEN_OFF)
def test_what_breaks_off_gives_what_it_has(how: str) -> None:
    found = read(BROKEN_OFF[how])
    assert isinstance(found[-1], Refused)
    assert found[-1].line == 0


RUBBISH = (
    b"\x00\xff", b"rubbish", b"{", b"}", b"[" * 200_000, b'{"rows": ' + b"[" * 200_000,
    b'{"a":' * 200_000, b"\xff\xfe[", b'"rows"', b"12 13", b'{"rows": {"rows": 1}}',
)  # fmt: skip


@pytest.mark.parametrize("n", range(len(RUBBISH)))
def test_no_file_is_too_much(n: int) -> None:
    raw = RUBBISH[n]
    for form in (raw, raw + b"\n" + raw, gzip.compress(raw)):
        assert all(isinstance(one, tuple | Refused) for one in read(form))
