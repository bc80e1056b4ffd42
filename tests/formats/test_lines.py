"""Files of lines as they come: a bad line costs itself, and no file costs more than a line."""

import gzip
import io
import tracemalloc
from collections.abc import Callable

import ijson
import pytest
import zstandard

from annotations.formats import items as lists
from annotations.formats import lines as reading
from annotations.formats.given import Refused
from annotations.formats.lines import LONGEST_LINE, Line, lines, objects

PACKED: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda raw: raw,
    "gzip": gzip.compress,
    "two members": lambda raw: gzip.compress(raw[:7]) + gzip.compress(raw[7:]),
    "zstd": zstandard.ZstdCompressor().compress,
    "two frames": lambda raw: (
        zstandard.ZstdCompressor().compress(raw[:7]) + zstandard.ZstdCompressor().compress(raw[7:])
    ),
}


class Endless:
    """A file of `size` bytes of one letter that nobody has to hold."""

    def __init__(self, size: int, last: bytes = b"") -> None:
        self.left, self.last = size, last

    def read(self, size: int, /) -> bytes:
        if not self.left:
            found, self.last = self.last, b""
            return found
        found = b"a" * min(size, self.left)
        self.left -= len(found)
        return found


def read(raw: bytes) -> list[Line | Refused]:
    return list(lines(io.BytesIO(raw)))


@pytest.mark.parametrize("how", PACKED)
def test_packed_or_not_the_lines_are_the_same(how: str) -> None:
    raw = "one\r\n\n  \nzwei 😀\nthree".encode() + b"\n" + b"x" * 700_000
    assert read(PACKED[how](raw)) == [
        Line(1, "one"), Line(4, "zwei 😀"), Line(5, "three"), Line(6, "x" * 700_000),
    ]  # fmt: skip


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    assert read(b"\xef\xbb\xbf{}\n") == [Line(1, "{}")]


def test_utf16_is_refused_as_a_whole_with_what_to_do() -> None:
    (refused,) = read("{}".encode("utf-16"))
    assert isinstance(refused, Refused)
    assert refused.line == 0
    assert "Save it as UTF-8" in refused.sentence


def test_latin_1_costs_its_line_alone() -> None:
    good, bad, last = read('{"a": 1}\nCafé\n{"b": 2}'.encode("latin-1"))
    assert (good, last) == (Line(1, '{"a": 1}'), Line(3, '{"b": 2}'))
    assert isinstance(bad, Refused)
    assert (bad.line, bad.what) == (2, "Caf�")
    assert "0xe9 at column 4" in bad.sentence


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_what_is_cut_off_gives_what_it_has_and_says_so(pack: Callable[[bytes], bytes]) -> None:
    packed = pack(b"".join(b"%d %d\n" % (n, n * n * 7919 % 10007) for n in range(60_000)))
    found = read(packed[: len(packed) // 2])
    assert isinstance(found[-1], Refused)
    assert found[-1].line == 0
    assert "cut off" in found[-1].sentence
    assert f"before line {len(found)} was read" in found[-1].sentence
    assert found[0] == Line(1, "0 0")
    (broken,) = read(pack(b"one")[:6] + b"rubbish" * 9)
    assert isinstance(broken, Refused)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_a_bomb_is_refused_before_it_goes_off(
    pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "FREE", 1024 * 1024)
    (refused,) = read(pack(bytes(64 * 1024 * 1024)))
    assert isinstance(refused, Refused)
    assert "more than 200 times its size" in refused.sentence


def test_a_line_without_an_end_is_refused_and_never_held() -> None:
    tracemalloc.start()
    try:
        found = list(lines(Endless(4 * LONGEST_LINE, b"\n{}\n")))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(found[0], Refused)
    assert found[0].sentence == "This line is longer than 32 MB."
    assert found[1:] == [Line(2, "{}")]
    assert peak < 2.5 * LONGEST_LINE


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"[1]", "one JSON object"),
        (b'"a"', "one JSON object"),
        (b"{", "not JSON"),
        (b'{"a": "\\u0000"}', "a NUL character"),
        (b'{"a": [{"\\u0000": 1}]}', "a NUL character"),
        (b'{"a": "\\ud800"}', "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", "within one another"),
    ],
)
def test_a_line_that_is_no_object_is_refused_by_itself(line: bytes, says: str) -> None:
    first, bad, last = objects(io.BytesIO(b'{"a": 1}\n' + line + b'\n{"b": "\\\\u0000"}\n'))
    assert (first, last) == ((1, {"a": 1}), (3, {"b": "\\u0000"}))
    assert isinstance(bad, Refused)
    assert bad.line == 2
    assert says in bad.sentence


def test_a_list_is_read_item_by_item() -> None:
    raw = b'[{"a": 1.5}, {"a": "\\u0000"}, {"a": [1, null]}]'
    first, bad, last = lists.items(io.BytesIO(gzip.compress(raw)))
    assert (first, last) == ((1, {"a": 1.5}), (3, {"a": [1, None]}))
    assert isinstance(bad, Refused)
    assert bad.line == 2


def test_a_list_that_breaks_off_gives_what_it_has() -> None:
    first, broken = lists.items(io.BytesIO(b'[{"a": 1}, {"a": '))
    assert first == (1, {"a": 1})
    assert isinstance(broken, Refused)
    assert "after item 1" in broken.sentence


def test_an_item_without_an_end_is_refused() -> None:
    found = list(lists.items(io.BytesIO(b'["' + b"a" * (2 * LONGEST_LINE) + b'"]')))
    assert len(found) == 1
    assert isinstance(found[0], Refused)
    assert "longer than 32 MB" in found[0].sentence


def test_a_list_deeper_than_any_is_refused_at_no_cost() -> None:
    tracemalloc.start()
    try:
        (refused,) = lists.items(io.BytesIO(b"[" * 1_000_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(refused, Refused)
    assert "within one another" in refused.sentence
    assert peak < LONGEST_LINE


@pytest.mark.parametrize("path", ["rows.item", "rows", "", "item", "a.item", "rows.item.b"])
def test_what_stands_at_a_path_is_what_ijson_finds_there(path: str) -> None:
    raw = b'{"a": [[1], {"b": {}}], "rows": [{"a": 1, "b": [2]}, 3, [], null, {"b": "x"}], "c": 0}'
    for one in (raw, b"[%s, %s, 5]" % (raw, raw)):
        found = [item[1] for item in lists.items(io.BytesIO(one), path) if isinstance(item, tuple)]
        assert found == list(ijson.items(io.BytesIO(one), path, use_float=True))


@pytest.mark.parametrize("how", PACKED)
@pytest.mark.parametrize(
    ("raw", "numbers"),
    [
        (b'\xef\xbb\xbf \r\n[{"a": 1},\n{"a": 2}]\r\n', [1, 2]),
        (b'\n{"a": 1}\n\n{"a": 2}', [2, 4]),
        (b'{\r\n  "a": 1\r\n}\r\n', [1]),
        (b"  \n", []),
        (b"", []),
    ],
)
def test_objects_are_read_from_a_list_from_lines_or_alone(
    how: str, raw: bytes, numbers: list[int]
) -> None:
    found = list(lists.listed(io.BytesIO(PACKED[how](raw))))
    assert found == [(number, {"a": n + 1}) for n, number in enumerate(numbers)]


def test_what_is_no_object_in_a_list_is_refused_by_itself() -> None:
    first, bad, last = lists.listed(io.BytesIO(b'[{"a": 1}, [2], {"b": 3}]'))
    assert (first, last) == ((1, {"a": 1}), (3, {"b": 3}))
    assert isinstance(bad, Refused)
    assert bad.line == 2
    (utf16,) = lists.listed(io.BytesIO("[]".encode("utf-16")))
    assert isinstance(utf16, Refused)
