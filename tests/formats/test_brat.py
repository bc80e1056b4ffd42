"""brat standoff: what we write is read again, and what brat writes is read as it is meant."""

import dataclasses
import io
import zipfile
from typing import Any

import pytest

from annotations.formats import brat, brat_reading, record
from annotations.formats.contract import ReadAsked, WriteAsked
from annotations.formats.given import ArticleGiven, Found, PlaceGiven, Refused
from annotations.formats.offsets import Unit
from tests.formats.records import REVISION, TEXT, hard_record, place, seed_record


def written(*records: Any, **asked: Any) -> tuple[bytes, WriteAsked]:
    how = WriteAsked(**asked)
    return b"".join(brat.write(iter(records), how)), how


def read(raw: bytes, **asked: Any) -> tuple[list[ArticleGiven], list[str], ReadAsked]:
    how = ReadAsked(**asked)
    found = list(brat.read(io.BytesIO(raw), how))
    return (
        [one.article for one in found if isinstance(one, Found)],
        [one.sentence for one in found if isinstance(one, Refused)],
        how,
    )


def zipped(**files: str | bytes) -> bytes:
    """An archive of files whose names have an underscore for the dot."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return made.getvalue()


def less_what_is_dropped(article: ArticleGiven) -> ArticleGiven:
    return dataclasses.replace(
        article, title="", publisher="", author="", address="", language="", date=None,
        claims=tuple(
            dataclasses.replace(claim, verdicts=tuple(
                dataclasses.replace(
                    one, evidence=(), rationale=brat.BREAKS_AND_TABS.sub(" ", one.rationale)
                ) for one in claim.verdicts
            )) for claim in article.claims
        ),
    )  # fmt: skip


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("make", [seed_record, hard_record])
def test_what_we_write_is_read_again(make: Any, unit: Unit) -> None:
    raw, asked = written(make(), unit=unit)
    found, refused, _ = read(raw)
    assert refused == []
    assert found == [less_what_is_dropped(record.given(make()))]
    assert set(asked.dropped) <= set(brat.DROPS)
    assert asked.dropped[brat.NO_EVIDENCE] > 0


def test_the_same_records_make_the_same_bytes() -> None:
    assert written(seed_record(), hard_record())[0] == written(seed_record(), hard_record())[0]


def test_the_lines_are_those_of_brat() -> None:
    raw, asked = written(hard_record())
    archive = zipfile.ZipFile(io.BytesIO(raw))
    name = "prices.0193a0de-0000-7000-8000-0000000000a1"
    assert archive.namelist() == [f"{name}.txt", f"{name}.ann", "annotation.conf"]
    assert archive.read(f"{name}.txt").decode() == TEXT
    lines = archive.read(f"{name}.ann").decode().split("\n")
    assert lines[0] == "T1\tClaim 7 16;98 99\t“doubled” 😀"
    assert "A1\tKind T1 numerical" in lines
    assert "A2\tVerdict T1 true" in lines
    assert "#8\tAnnotatorNotes A2\tLine one. Line “two” with a tab, 👩🏽‍🚒 and a ; too." in lines
    # A place over line breaks is cut at them.
    (long,) = (line for line in lines if line.startswith("T3\t"))
    assert long.startswith("T3\tClaim 0 34;36 60\t")
    for line in lines:
        if line.startswith("T"):
            _, counted, words = line.split("\t")
            pairs = [one.split() for one in counted.removeprefix("Claim ").split(";")]
            assert words == " ".join(TEXT[int(start) : int(end)] for start, end in pairs)
    assert asked.dropped[brat.NO_BREAKS] == 1


def test_one_verdict_is_written_as_brat_users_do() -> None:
    one = hard_record()
    one["claims"][0]["verdicts"].pop()
    lines = zipfile.ZipFile(io.BytesIO(written(one)[0])).read(
        "prices.0193a0de-0000-7000-8000-0000000000a1.ann"
    )
    assert b"\nA2\tVerdict T1 true\n" in lines
    assert b"\tAnnotatorNotes T1\tLine one." in lines


def test_the_configuration_has_every_section_and_the_ratings() -> None:
    conf = zipfile.ZipFile(io.BytesIO(written(seed_record())[0])).read("annotation.conf").decode()
    for section in ("[entities]\nClaim\n", "[relations]\n<OVERLAP>", "[events]\n", "[attributes]"):
        assert section in conf
    assert "Verdict Arg:Claim, Value:true|mostly-true|needs-context|misleading|false|" in conf


def test_a_ruling_is_written_and_not_read() -> None:
    raw, asked = written(seed_record())
    _, refused, how = read(raw)
    assert refused == []
    assert asked.dropped[brat_reading.NOT_READ] == how.left_out[brat_reading.NOT_READ] == 3


def test_places_that_would_be_read_as_one_are_counted() -> None:
    one = hard_record()
    one["claims"][1]["appearances"] = [
        place(0x21, "=SUM(A1)"), place(0x22, "& <b>bold"), place(0x23, "bold</b>"),
    ]  # fmt: skip
    raw, asked = written(one)
    assert asked.dropped[brat.NO_GAPS] == 2
    start = TEXT.index("=SUM")
    end = TEXT.index("</b>") + 4
    assert read(raw)[0][0].claims[1].places == (PlaceGiven(start, end),)


def test_line_breaks_at_the_ends_of_a_place_are_counted() -> None:
    one = hard_record()
    one["claims"][1]["appearances"] = [place(0x21, "\n\n=SUM(A1)")]
    one["claims"][2]["appearances"] = [{**place(0x21, "\n\n")}]
    raw, asked = written(one)
    assert asked.dropped[brat.NO_EDGES] == 2
    assert len(read(raw)[0][0].claims) == len(one["claims"]) - 1


def test_an_article_whose_text_is_not_shown_has_no_file() -> None:
    raw, asked = written({**hard_record(), "revisions": []})
    assert zipfile.ZipFile(io.BytesIO(raw)).namelist() == ["annotation.conf"]
    assert asked.dropped[brat.NO_TEXT] == 1


# As brat writes it: CR LF in the text, attributes without a value, notes on attributes, a
# discontinuous mark, a relation, an event with its trigger, a normalisation, an equivalence.
SAMPLE = {
    "letters_txt": "\ufeffRents doubled, he said,\r\nin 🏠 a year. Wages 😀 did not.\r\n",
    "letters_ann": (
        "T1\tClaim 1 14;26 28\tRents doubled in\n"
        "T2\tPerson 16 18\the\n"
        "T3\tClaim 39 57\tWages 😀 did not. \n"
        "A1\tVerdict T1 half true\n"
        "#1\tAnnotatorNotes T1\tOnly in “one”\ttown.\n"
        "A2\tNegation T3\n"
        "A3\tVerdict T3 false\n"
        "#2\tAnnotatorNotes A3\tThey did.\n"
        "A4\tVerdict T3 true\n"
        "#3\tAnnotatorNotes T3\tAsk again.\n"
        "A5\tNegation T2\n"
        "#4\tAnnotatorNotes A2\tHm.\n"
        "R1\tSaidBy Arg1:T1 Arg2:T2\t\n"
        "T4\tSaying 19 23\tsaid\n"
        "E1\tSaying:T4 Agent:T2\n"
        "A6\tNegation E1\n"
        "N1\tReference T2 Wikidata:Q1\tAdam\n"
        "*\tEquiv T2 T4\n"
    ),
    "annotation_conf": "[entities]\nClaim\n",
    "README_txt": "No marks.",
    "letters_md": "?",
}


def test_what_brat_writes_is_read() -> None:
    (article,), refused, how = read(zipped(**SAMPLE))
    assert refused == []
    assert article.key == "letters"
    assert article.text == "Rents doubled, he said,\nin 🏠 a year. Wages 😀 did not.\n"
    first, second = article.claims
    assert (first.key, first.statement) == ("T1", "Rents doubled in")
    assert [article.text[one.start : one.end] for one in first.places] == ["Rents doubled", "in"]
    assert [(one.rating, one.rationale) for one in first.verdicts] == [
        ("half true", "Only in “one”\ttown."),
    ]  # fmt: skip
    assert [article.text[one.start : one.end] for one in second.places] == ["Wages 😀 did not.\n"]
    assert [(one.rating, one.rationale) for one in second.verdicts] == [
        ("false", "They did."), ("true", ""),
    ]  # fmt: skip
    assert second.kept == {
        "attributes": [["Negation", True]], "notes": [["AnnotatorNotes", "Ask again."]],
    }  # fmt: skip
    assert dict(how.left_out) == {
        brat_reading.OTHER_MARKS: 2,
        brat_reading.LEFT_OUT: 4,
        brat_reading.ON_ATTRIBUTES: 1,
        brat_reading.OTHER_FILES: 1,
        brat_reading.LONE_TEXTS: 1,
    }


def test_what_is_kept_is_written_again() -> None:
    one = hard_record()
    one["claims"][1]["kept"] = {
        "brat": {"attributes": [["Negation", True], ["Tone", "a b"]], "notes": [["Mood", "x"]]}
    }
    assert read(written(one)[0])[0][0].claims[1].kept == one["claims"][1]["kept"]["brat"]


@pytest.mark.parametrize(
    ("counted", "words"),
    [
        ("27 33", "in 🏠 a"),
        ("26 32", "in 🏠 a y"),
        ("26 32", "in 🏠 a"),  # the file as it is
        ("24 30", "in 🏠 a"),  # one character a line end, no byte order mark
        ("26 33", "in 🏠 a"),  # UTF-16
        ("24 31", "in 🏠 a"),  # both
        ("26 32", "in  🏠\ta"),  # blanks are not compared
        ("26 32", ""),
    ],
)
def test_the_words_say_how_offsets_were_counted(counted: str, words: str) -> None:
    raw = zipped(a_txt=SAMPLE["letters_txt"], a_ann=f"T1\tClaim {counted}\t{words}\n")
    (article,), refused, _ = read(raw)
    if counted.startswith("27") or words.endswith("y"):
        assert article.claims == ()
        assert "Check that the two files belong together" in refused[0]
    else:
        (claim,) = article.claims
        assert refused == []
        assert [article.text[one.start : one.end] for one in claim.places] == ["in 🏠 a"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("T2\tClaim 0 999\tRents", "not in code points a stretch of the text"),
        ("T2\tClaim 9 0\tRents", "the end comes after the start"),
        ("T2\tClaim 0\tRents", "whole numbers"),
        ("T2\tClaim 0 9999999999999\tRents", "whole numbers"),
        ("T2\tClaim 1 5;3 7\tRents", "overlap"),
        ("T1\tClaim 1 6\tRents", "two lines called T1"),
        ("A1\tVerdict T1", "says nothing"),
        ("A1\tVerdict T9 true", "There is no T9"),
        ("A1\tVerdict", "Write an attribute"),
        ("A1\tKind T1 odd", "no such Kind"),
        ("#1\tSaidOn T1\tyesterday", "Write the day as"),
        ("#1\tAnnotatorNotes\twhat", "Write a note"),
        ("#1\tAnnotatorNotes T1\tw\0hat", "a NUL character"),
        ("T2 Claim 0 5 Rents", "no line of a brat file"),
        ("what?", "no line of a brat file"),
        ("\tT1", "no line of a brat file"),
    ],
)
def test_a_bad_line_costs_itself(line: str, says: str) -> None:
    raw = zipped(
        a_txt=SAMPLE["letters_txt"], a_ann=f"T1\tClaim 1 6\tRents\n{line}\nA7\tVerdict T1 odd\n"
    )
    (article,), refused, _ = read(raw, unit=Unit.CODEPOINT)
    assert [(one.statement, one.verdicts[0].rating) for one in article.claims] == [("Rents", "odd")]
    assert len(refused) == 1
    assert refused[0].startswith("Line 2 of “a.ann”: ")
    assert says in refused[0]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a_ann": ""}, "There is no text beside “a.ann”"),
        ({"a_ann": "", "a_txt": "Café".encode("latin-1")}, "“a.txt” is not UTF-8"),
        ({"a_ann": "é".encode("latin-1"), "a_txt": "Café"}, "“a.ann” is not UTF-8"),
        ({"a_ann": "\n" * 100_001, "a_txt": "Café"}, "more than 100,000 lines"),
    ],
)
def test_a_bad_file_costs_its_document(files: dict[str, str | bytes], says: str) -> None:
    found, refused, _ = read(zipped(**files, b_txt="Rents", b_ann="T1\tClaim 0 5\tRents\r\n"))
    assert [one.key for one in found] == ["b"]
    assert len(refused) == 1
    assert says in refused[0]


def test_two_marks_of_one_id_have_keys_of_their_own() -> None:
    raw = zipped(
        a_txt="Rents",
        a_ann="T1\tClaim 0 5\tRents\nT2\tClaim 0 4\tRent\n#1\tId T1\tx\n#2\tId T2\tx\n",
    )
    assert [one.key for one in read(raw)[0][0].claims] == ["x", "T2"]


def test_one_document_of_two_people_is_two() -> None:
    raw, _ = written(hard_record())
    archive = zipfile.ZipFile(io.BytesIO(raw))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as both:
        for name in archive.namelist():
            both.writestr(f"finch/{name}", archive.read(name))
            both.writestr(f"maple/{name}", archive.read(name))
    first, second = read(made.getvalue())[0]
    assert first.key == hard_record()["article"]["id"]
    assert second.key == f"maple/prices.{first.key}"


def test_whatever_byte_is_wrong_nothing_is_raised() -> None:
    for file in ("letters_ann", "letters_txt"):
        good = str(SAMPLE[file]).encode()
        for at in range(0, len(good), 3):
            for wrong in (b"", b"\0", b"\t", b"\n", b"\xff", b"9"):
                bad = good[:at] + wrong + good[at + 1 :]
                changed: dict[str, str | bytes] = {**SAMPLE, file: bad}
                read(zipped(**changed))


def test_a_text_without_line_ends_in_brat_has_none_of_ours() -> None:
    one = hard_record()
    text = "one\u2028two\x85three\vfour"
    one["revisions"] = [{**REVISION, "text": text}]
    one["claims"] = [one["claims"][1]]
    one["claims"][0]["appearances"][0] |= {"start": 0, "end": len(text), "quote": text}
    raw, _ = written(one)
    lines = zipfile.ZipFile(io.BytesIO(raw)).read(zipfile.ZipFile(io.BytesIO(raw)).namelist()[1])
    assert lines.decode().split("\n")[0] == "T1\tClaim 0 3;4 7;8 13;14 18\tone two three four"
    assert read(raw)[0][0].claims[0].places == (PlaceGiven(0, len(text)),)
