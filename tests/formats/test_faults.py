"""Files that are wrong, in every format of text: good lines are read, bad ones told."""

import io
import subprocess
import sys

import pytest

from annotations.formats import contract, lines
from annotations.formats.contract import ReadAsked
from annotations.formats.given import Piece, Recorded, Refused
from annotations.formats.offsets import Unit
from tests.formats.faults import HEADED, TEXTS, lines_of, packed, spoiled

MANY = 1_000
BAD = range(7, MANY, 100)
UNITS = {"doccano": Unit.CODEPOINT}


def read(slug: str, content: bytes) -> list[Piece]:
    asked = ReadAsked(unit=UNITS.get(slug))
    return list(contract.reader(slug).read(io.BytesIO(content), asked))


def claims(found: list[Piece]) -> int:
    return sum(
        len(one.record["claims"]) if isinstance(one, Recorded) else len(one.article.claims)
        for one in found
        if not isinstance(one, Refused)
    )


def refused(found: list[Piece]) -> list[tuple[int, str]]:
    return [(one.line, one.sentence) for one in found if isinstance(one, Refused)]


def test_every_format_of_text_is_tried() -> None:
    assert set(TEXTS) == {
        slug for slug, one in contract.readers().items() if one.ENDING not in {"zip", "xlsx"}
    }


@pytest.mark.parametrize("slug", TEXTS)
def test_ten_bad_lines_of_a_thousand_cost_themselves_each_with_its_number(slug: str) -> None:
    found = read(slug, spoiled(slug, lines_of(slug, MANY), BAD))
    assert claims(found) == MANY - len(BAD)
    told = refused(found)
    assert [line for line, _ in told] == [n + 1 + (slug in HEADED) for n in BAD]
    assert all(sentence.endswith(".") for _, sentence in told)


@pytest.mark.parametrize("slug", TEXTS)
@pytest.mark.parametrize("how", ["crlf", "bom", "no end", "gzip", "zstd", "bom, crlf, gzip"])
def test_however_a_file_was_saved_it_holds_the_same(slug: str, how: str) -> None:
    rows = lines_of(slug, 20)
    content = (b"\r\n" if "crlf" in how else b"\n").join(rows)
    content = content if how == "no end" else content + (b"\r\n" if "crlf" in how else b"\n")
    content = b"\xef\xbb\xbf" + content if "bom" in how else content
    content = packed(content, how.split()[-1]) if how.split()[-1] in {"gzip", "zstd"} else content
    found = read(slug, content)
    assert found == read(slug, b"\n".join(rows) + b"\n")
    assert (claims(found), refused(found)) == (20, [])


@pytest.mark.parametrize("slug", TEXTS)
def test_latin_1_among_utf8_costs_its_lines(slug: str) -> None:
    rows = lines_of(slug, 20)
    at = 7 + (slug in HEADED)
    rows[at] = rows[at].replace("é".encode(), b"\xe9")
    found = read(slug, b"\n".join(rows))
    assert claims(found) == 19
    ((line, sentence),) = refused(found)
    assert line == at + 1
    assert "UTF-8" in sentence


@pytest.mark.parametrize("slug", TEXTS)
@pytest.mark.parametrize("name", ["utf-16", "utf-16-be", "utf-32"])
def test_what_is_no_utf8_at_all_is_refused_and_nothing_is_read(slug: str, name: str) -> None:
    content = b"\n".join(lines_of(slug, 3)).decode().encode(name)
    found = read(slug, (b"\xfe\xff" if name == "utf-16-be" else b"") + content)
    assert claims(found) == 0
    assert refused(found)


@pytest.mark.parametrize("slug", TEXTS)
@pytest.mark.parametrize("how", ["gzip", "zstd"])
def test_a_packed_file_that_was_cut_off_gives_what_it_has_and_says_so(slug: str, how: str) -> None:
    whole = packed(b"\n".join(lines_of(slug, 200)), how)
    for share in (0.02, 0.5, 0.98):
        found = read(slug, whole[: int(len(whole) * share)])
        assert claims(found) < 200
        line, sentence = refused(found)[-1]
        assert (line, "cut off" in sentence) == (0, True), sentence


@pytest.mark.parametrize("slug", TEXTS)
@pytest.mark.parametrize("how", ["gzip", "zstd"])
def test_a42_what_unpacks_to_too_much_is_refused_after_what_was_read(
    slug: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "FREE", 100_000)
    bomb = b"\n".join(lines_of(slug, 20)) + b"\n" * 2_000_000
    found = read(slug, packed(bomb, how))
    assert claims(found) <= 20
    line, sentence = refused(found)[-1]
    assert line == 0
    assert "unpacks to more than" in sentence


@pytest.mark.parametrize("slug", TEXTS)
@pytest.mark.parametrize("content", [b"", b"\n\r\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_holds_nothing_and_breaks_nothing(slug: str, content: bytes) -> None:
    assert claims(read(slug, content)) == 0


ONE_LINE = """
import sys
from annotations.formats import contract
from annotations.formats.contract import ReadAsked

class Endless:
    left = int(sys.argv[2])
    begun = False
    def read(self, size):
        if not self.begun:
            self.begun = True
            return sys.argv[3].encode()
        some = min(size if size > 0 else 2**18, self.left, 2**18)
        self.left -= some
        return b"a" * some

found = list(contract.reader(sys.argv[1]).read(Endless(), ReadAsked()))
print(len(found), found[-1].sentence, sep="\\t")
peak = next(one for one in open("/proc/self/status") if one.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""
BEGINNINGS = {"csv": "statement\n", "liar": ""}


@pytest.mark.parametrize("slug", ["csv", "liar", "jsonl", "averitec"])  # all ways of reading lines
def test_a42_two_gigabytes_in_one_line_take_no_memory(slug: str) -> None:
    head = BEGINNINGS.get(slug, '{"text": "')
    args = [slug, str(2**31), head]
    told = subprocess.run(
        [sys.executable, "-c", ONE_LINE, *args], capture_output=True, text=True, check=True
    )
    first, memory = told.stdout.splitlines()
    many, sentence = first.split("\t")
    assert int(many) >= 1
    assert "longer than" in sentence
    assert int(memory) < 200, "MB"
