"""Zip archives from anybody: a bad entry costs itself, and none of them costs much."""

import io
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest

from annotations.formats import archives
from annotations.formats.archives import Entry, entries, key_of, name_of, opened, packed, untaken
from annotations.formats.given import Refused
from annotations.rules.refusals import Malformed


def zipped(
    *files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


def named(raw: bytes, **more: str) -> tuple[list[str], list[str]]:
    """The names of what can be read, and the sentences of what cannot."""
    found = list(entries(io.BytesIO(raw), **more))
    return (
        [one.name for one in found if isinstance(one, Entry)],
        [one.sentence for one in found if isinstance(one, Refused)],
    )


def in_pieces(raw: bytes) -> Iterator[bytes]:
    yield raw[:3]
    yield raw[3:]


def test_what_is_packed_is_read_again() -> None:
    raw = b"".join(packed([("a/ö.txt", in_pieces(b"one 1")), ("b.ann", [b"", b"two"])]))
    with opened(io.BytesIO(raw)) as archive:
        assert [(one.number, one.name, one.content()) for one in archive.entries] == [
            (1, "a/ö.txt", b"one 1"), (2, "b.ann", b"two"),
        ]  # fmt: skip
        assert [one.ending for one in archive.entries] == ["txt", "ann"]
    assert zipfile.ZipFile(io.BytesIO(raw)).testzip() is None


@pytest.mark.parametrize(("stored", "large"), [(False, False), (True, False), (True, True)])
def test_the_same_parts_make_the_same_bytes(stored: bool, large: bool) -> None:
    def once() -> bytes:
        return b"".join(packed([("a", [b"x" * 99])], stored=stored, large=large))

    assert once() == once()
    assert zipfile.ZipFile(io.BytesIO(once())).read("a") == b"x" * 99


def test_an_archive_of_nothing_is_an_archive() -> None:
    assert named(b"".join(packed([]))) == ([], [])


def test_an_archive_is_written_without_being_held() -> None:
    def parts() -> Iterator[tuple[str, Iterator[bytes]]]:
        for n in range(40):
            yield f"{n}.bin", (bytes(1_000_000) for _ in range(5))

    tracemalloc.start()
    try:
        written = sum(len(piece) for piece in packed(parts(), stored=True))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert written > 200_000_000
    assert peak < 8_000_000


def test_an_archive_that_breaks_off_while_it_is_written_is_not_whole() -> None:
    def parts() -> Iterator[tuple[str, list[bytes]]]:
        yield "a.txt", [b"a"]
        raise ConnectionError

    written: list[bytes] = []
    with pytest.raises(ConnectionError):
        written.extend(packed(parts()))
    assert named(b"".join(written)) == ([], [archives.UNWHOLE])


@pytest.mark.parametrize(
    "name",
    ["../a.txt", "a/../../b", "/etc/passwd", "C:/a", "a\\..\\b", "..", "./a", "a//b", "a\nb", " "],
)
def test_a_name_that_leads_elsewhere_costs_its_entry(name: str) -> None:
    good, (sentence,) = named(zipped((name, b"x"), ("good.txt", b"y")))
    assert good == ["good.txt"]
    assert "This entry's name" in sentence


def test_a_link_costs_its_entry() -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    good, (sentence,) = named(zipped((link, b"/etc/passwd"), ("good.txt", b"y")))
    assert good == ["good.txt"]
    assert "a link" in sentence


def test_an_encrypted_entry_costs_itself() -> None:
    raw = bytearray(zipped(("secret.txt", b"x"), ("good.txt", b"y")))
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    good, (sentence,) = named(bytes(raw))
    assert good == ["good.txt"]
    assert "without a password" in sentence


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_without_measure_is_not_unpacked(method: int) -> None:
    good, (sentence,) = named(zipped(("a.txt", bytes(1000)), method=method))
    assert good == []
    assert "plain deflate" in sentence


def test_of_two_entries_of_one_name_the_first_is_read() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        raw = zipped(("a.txt", b"first"), ("a.txt", b"second"))
    with opened(io.BytesIO(raw)) as archive:
        (only,) = archive.entries
        assert only.content() == b"first"
        assert [one.line for one in archive.refused] == [2]


def test_an_archive_within_an_archive_stays_packed() -> None:
    good, (sentence,) = named(zipped(("in.zip", zipped(("a", b"x"))), ("good.txt", b"y")))
    assert good == ["good.txt"]
    assert "an archive itself" in sentence


def test_what_systems_leave_behind_is_passed_over() -> None:
    assert named(
        zipped(("a/", b""), ("__MACOSX/a/._b", b""), (".DS_Store", b""), ("a/b", b"x"))
    ) == (["a/b"], [])  # fmt: skip


def test_a_bomb_costs_its_entry_and_little_memory() -> None:
    raw = zipped(("bomb.txt", bytes(100_000_000)), ("good.txt", b"y"))
    tracemalloc.start()
    try:
        with opened(io.BytesIO(raw)) as archive:
            bomb, good = archive.entries
            with pytest.raises(Malformed, match="longer than 32 MB"):
                bomb.content()
            assert good.content() == b"y"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * archives.LONGEST_ENTRY


def test_many_small_bombs_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "FREE", 1_000_000)
    raw = zipped(*((f"{n}.txt", bytes(500_000)) for n in range(5)))
    read = []
    with opened(io.BytesIO(raw)) as archive:
        for entry in archive.entries:
            try:
                read.append(len(entry.content()))
            except Malformed as refusal:
                assert "more than 200 times its size" in refusal.sentence  # noqa: PT017
    assert read == [500_000, 500_000]


def contents_of(number: int, *, said: int) -> bytes:
    """An archive of nothing but a list of contents, which says that it has `said` entries."""
    header = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *(0,) * 9, 1, *(0,) * 6)
    listed = (header + b"a") * number
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, said, said, len(listed), 0, 0)
    return listed + end


@pytest.mark.parametrize("number", [100_001, 1_000_000])
def test_a_million_entries_are_counted_before_they_are_believed(number: int) -> None:
    raw = contents_of(number, said=1)
    tracemalloc.start()
    try:
        assert named(raw)[1][0].startswith("The archive")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 120_000_000


GOOD = zipped(("a.txt", b"one"), ("b.txt", b"two" * 99))


NO_ZIP = {
    "nothing": b"",
    "its first letters": b"PK",
    "rubbish": b"rubbish" * 99,
    "without its end": GOOD[:-30],
    "its beginning": GOOD[:40],
    "its directory cut off": GOOD[GOOD.index(b"PK\x01\x02") :][:20],
}


@pytest.mark.parametrize("what", NO_ZIP)
def test_what_is_no_whole_zip_is_refused_as_a_whole(what: str) -> None:
    assert named(NO_ZIP[what]) == ([], [archives.UNWHOLE])


def test_whatever_byte_is_wrong_nothing_is_raised() -> None:
    for at in range(len(GOOD)):
        for wrong in (0, 0x7F, 0xFF):
            with opened(io.BytesIO(GOOD[:at] + bytes([wrong]) + GOOD[at + 1 :])) as archive:
                for entry in archive.entries:
                    try:
                        entry.content()
                    except Malformed as refusal:
                        assert "Pack it again" in refusal.sentence  # noqa: PT017


def test_an_archive_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LONGEST_ARCHIVE", 100)
    assert "Bring it in parts" in named(GOOD)[1][0]


def test_what_is_no_zip_may_count_as_its_only_entry() -> None:
    with opened(io.BytesIO(b"{}"), alone="a.json") as archive:
        (only,) = archive.entries
        assert (only.name, only.content(), only.content()) == ("a.json", b"{}", b"{}")
    assert named(GOOD, alone="a.json") == (["a.txt", "b.txt"], [])


def test_a_document_is_named_by_its_slug_and_its_id() -> None:
    key = "0193a0de-0000-7000-8000-0000000000a1"
    assert key_of(name_of("prices", key) + ".txt") == key
    assert key_of(f"council/{key}.ann") == key
    assert key_of("council/letter.one.txt") == "council/letter.one"
    assert key_of(".txt") == ".txt"


def test_a_key_that_is_taken_gives_way() -> None:
    taken: set[str] = set()
    assert [untaken("a", "b", taken) for _ in range(4)] == ["a", "b", "b#", "b##"]
