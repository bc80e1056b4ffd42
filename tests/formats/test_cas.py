"""UIMA CAS: what we write dkpro-cassis reads, and what it writes is read here."""

import dataclasses
import io
import json
import re
import zipfile
from typing import Any

import cassis
import pytest

from annotations.formats import cas, cas_json, cas_reading, cas_xmi, record
from annotations.formats.contract import ReadAsked, WriteAsked
from annotations.formats.given import ArticleGiven, Found, PlaceGiven, Refused
from annotations.formats.offsets import Unit
from tests.formats.records import REVISION, TEXT, hard_record, seed_record

FORMATS = {"xmi": cas_xmi, "json": cas_json}
NAME = "prices.0193a0de-0000-7000-8000-0000000000a1"


def written(ending: str, *records: Any) -> tuple[dict[str, str], WriteAsked]:
    asked = WriteAsked()
    raw = b"".join(FORMATS[ending].write(iter(records), asked))
    archive = zipfile.ZipFile(io.BytesIO(raw))
    return {name: archive.read(name).decode() for name in archive.namelist()}, asked


def read(
    ending: str, files: dict[str, str | bytes] | bytes, **asked: Any
) -> tuple[list[ArticleGiven], list[str], ReadAsked]:
    if isinstance(files, dict):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        files = made.getvalue()
    how = ReadAsked(**asked)
    found = list(FORMATS[ending].read(io.BytesIO(files), how))
    return (
        [one.article for one in found if isinstance(one, Found)],
        [one.sentence for one in found if isinstance(one, Refused)],
        how,
    )


def less_what_is_dropped(article: ArticleGiven) -> ArticleGiven:
    return dataclasses.replace(
        article, publisher="", author="", date=None,
        claims=tuple(
            dataclasses.replace(claim, verdicts=tuple(
                dataclasses.replace(one, evidence=()) for one in claim.verdicts
            )) for claim in article.claims
        ),
    )  # fmt: skip


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("make", [seed_record, hard_record])
def test_what_we_write_is_read_again(ending: str, make: Any) -> None:
    files, asked = written(ending, make())
    found, refused, how = read(ending, {**files})
    assert refused == []
    assert found == [less_what_is_dropped(record.given(make()))]
    assert set(asked.dropped) <= set(FORMATS[ending].DROPS)
    assert asked.dropped[cas.NO_EVIDENCE] > 0
    assert set(how.left_out) <= {cas_reading.NOT_READ}


@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_records_make_the_same_files(ending: str) -> None:
    assert written(ending, hard_record()) == written(ending, hard_record())


def test_offsets_in_the_xmi_count_utf16() -> None:
    xmi = written("xmi", hard_record())[0][f"{NAME}.xmi"]
    # `物价…` stands after a flag (2 characters, 4 units), a person (4, 7), and 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 (7, 14).
    start = TEXT.index("物")
    assert len(TEXT[:start].encode("utf-16-le")) // 2 == start + 12
    (mark,) = re.findall(r'<custom:Claim [^>]*statement="Prices doubled in China[^>]*>', xmi)
    assert f'begin="{start + 12}" end="{start + 12 + 7}"' in mark
    (sofa,) = re.findall(r'<cas:Sofa [^>]*sofaID="_InitialView"[^>]*>', xmi)
    assert "&#10;&#10;=SUM(A1) &amp; &lt;b&gt;" in sofa


def test_what_we_write_dkpro_cassis_reads() -> None:
    files, _ = written("xmi", hard_record())
    types = cassis.load_typesystem(files["TypeSystem.xml"])
    xmi = cassis.load_cas_from_xmi(files[f"{NAME}.xmi"], typesystem=types)
    made = cassis.load_cas_from_json(written("json", hard_record())[0][f"{NAME}.json"])
    for one in (xmi, made):
        assert one.sofa_string == TEXT
        covered = {
            (mark.statement, mark.get_covered_text()) for mark in one.select(cas_reading.CLAIM)
        }
        assert covered == {
            (claim["statement"], place["quote"])
            for claim in hard_record()["claims"] for place in claim["appearances"]
        }  # fmt: skip
        tokens = [token.get_covered_text() for token in one.select(cas_reading.TOKEN)]
        assert "".join(tokens) == "".join(TEXT.split())
        (meta,) = one.select(cas_reading.META)
        assert (meta.documentTitle, meta.language) == ("Prices, “x”", "en")


def test_tokens_lie_within_sentences_and_marks_on_whole_tokens() -> None:
    """INCEpTION moves a mark that does not."""
    files, _ = written("json", seed_record())
    (made,) = (cassis.load_cas_from_json(one) for one in files.values())
    sentences = made.select(cas_reading.SENTENCE)
    for sentence, after in zip(sentences, sentences[1:], strict=False):
        assert sentence.end <= after.begin
    starts = {token.begin for token in made.select(cas_reading.TOKEN)}
    ends = {token.end for token in made.select(cas_reading.TOKEN)}
    for mark in made.select(cas_reading.CLAIM):
        assert mark.begin in starts
        assert mark.end in ends


def test_what_xml_cannot_hold_is_replaced_and_moves_nothing() -> None:
    one = hard_record()
    one["revisions"] = [{**REVISION, "text": TEXT.replace("\t", "\x0b").replace("«", "\uffff")}]
    files, asked = written("xmi", one)
    (article,), refused, _ = read("xmi", {**files})
    assert refused == []
    assert article.text == TEXT.replace("\t", "\ufffd").replace("«", "\ufffd")
    assert article.claims == less_what_is_dropped(record.given(one)).claims
    assert asked.dropped[cas_xmi.NO_CONTROLS] == 2


@pytest.mark.parametrize("ending", FORMATS)
def test_an_article_whose_text_is_not_shown_has_no_document(ending: str) -> None:
    files, asked = written(ending, {**hard_record(), "revisions": []})
    assert list(files) == (["TypeSystem.xml"] if ending == "xmi" else [])
    assert asked.dropped[cas.NO_TEXT] == 1


def test_a_very_long_text_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cas, "LONGEST_CUT", 10)
    files, asked = written("xmi", hard_record())
    assert asked.dropped[cas.NO_TOKENS] == 1
    assert "Token" not in files[f"{NAME}.xmi"]
    assert read("xmi", {**files})[0] == [less_what_is_dropped(record.given(hard_record()))]


def as_in_inception(text: str = "Rents 🏠 doubled.\r\nWages did not.") -> cassis.Cas:
    """A document with a layer of somebody's own, another one, and types that lie around there."""
    types = cassis.TypeSystem()
    claim = types.create_type(cas_reading.CLAIM)
    for name in ("statement", "rating", "rationale", "stance"):
        types.create_feature(claim, name, "uima.cas.String")
    types.create_feature(claim, "sure", "uima.cas.Integer")
    types.create_feature(claim, "tags", "uima.cas.StringArray")
    other = types.create_type("webanno.custom.Mood")
    meta = types.create_type(cas_reading.META, "uima.tcas.DocumentAnnotation")
    for name in ("documentId", "documentTitle", "documentUri"):
        types.create_feature(meta, name, "uima.cas.String")
    made = cassis.Cas(typesystem=types, sofa_string=text)
    made.add(meta(
        begin=0, end=len(text), language="x-unspecified", documentId="rents.txt",
        documentTitle="rents.txt", documentUri="file:/srv/rents.txt",
    ))  # fmt: skip
    Array = types.get_type("uima.cas.StringArray")  # noqa: N806
    made.add(claim(begin=6, end=15, rating="half true", rationale="In town.", sure=3,
                   tags=Array(elements=["a b", "c"])))  # fmt: skip
    made.add(claim(begin=6, end=15, rating="true"))
    made.add(claim(
        begin=min(18, len(text) - 1), end=len(text), statement="Wages fell.",
        rationale="Who knows?",
    ))  # fmt: skip
    made.add(other(begin=0, end=5))
    return made


def as_file(ending: str, made: cassis.Cas) -> dict[str, str | bytes]:
    if ending == "json":
        return {"rents.json": made.to_json(pretty_print=True)}
    return {"rents.xmi": made.to_xmi(pretty_print=True), "TypeSystem.xml": made.typesystem.to_xml()}


@pytest.mark.parametrize("ending", FORMATS)
def test_what_inception_has_is_read(ending: str) -> None:
    (article,), refused, how = read(ending, as_file(ending, as_in_inception()))
    assert refused == []
    assert (article.key, article.title, article.address, article.language) == (
        "rents.txt", "rents.txt", "", "",
    )  # fmt: skip
    assert article.text == "Rents 🏠 doubled.\nWages did not."
    first, second = article.claims
    assert (first.statement, first.places) == ("🏠 doubled", (PlaceGiven(6, 15),))
    assert [(one.rating, one.rationale) for one in first.verdicts] == [
        ("half true", "In town."), ("true", ""),
    ]  # fmt: skip
    assert (second.statement, second.places) == ("Wages fell.", (PlaceGiven(17, 31),))
    assert second.verdicts == ()
    assert how.left_out[cas_reading.OTHER_LAYERS] >= 1
    assert how.left_out[cas_reading.NO_RATING] == 1
    assert how.left_out[cas_reading.OTHER_FEATURES] == 1


@pytest.mark.parametrize("ending", FORMATS)
def test_keys_are_the_same_whenever_a_file_is_read(ending: str) -> None:
    keys = [
        [one.key for one in read(ending, as_file(ending, made))[0][0].claims]
        for made in (as_in_inception(), as_in_inception())
    ]
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 2


@pytest.mark.parametrize("ending", FORMATS)
def test_a_document_may_come_alone(ending: str) -> None:
    (content,) = list(as_file(ending, as_in_inception()).values())[:1]
    raw = content.encode() if isinstance(content, str) else content
    (article,), refused, _ = read(ending, raw, name="a/rents." + ending)
    assert refused == []
    assert len(article.claims) == 2


@pytest.mark.parametrize("ending", FORMATS)
def test_two_annotators_of_one_document_have_keys_of_their_own(ending: str) -> None:
    content = next(iter(as_file(ending, as_in_inception()).values()))
    found, _, _ = read(ending, {f"finch.{ending}": content, f"maple.{ending}": content})
    assert [one.key for one in found] == ["rents.txt", "maple"]


def test_what_counts_code_points_is_read_where_that_is_said() -> None:
    xmi = as_in_inception("Rents 🏠 doubled.").to_xmi().replace('end="16"', 'end="15"')
    (article,), _, _ = read("xmi", {"a.xmi": xmi}, unit=Unit.CODEPOINT)
    assert article.claims[0].statement == "🏠 doubled"


MARKS = {
    "a text in the offset": ('begin="6"', 'begin="six"', "begin has to be a whole number"),
    "no offset": ('begin="6"', "", "begin has to be a whole number"),
    "an offset far off": ('begin="6"', 'begin="99999999999"', "begin has to be a whole number"),
    "beyond the text": ('end="16"', 'end="999"', "not in UTF-16 units a stretch"),
    "half a character": ('begin="6"', 'begin="7"', "not in UTF-16 units a stretch"),
    "another text": ('sofa="1" begin="6"', 'sofa="9" begin="6"', "stands on another text"),
}


@pytest.mark.parametrize("what", MARKS)
def test_a_bad_mark_costs_itself(what: str) -> None:
    good, bad, says = MARKS[what]
    xmi = as_in_inception().to_xmi()
    assert good in xmi
    (article,), refused, _ = read("xmi", {"a.xmi": xmi.replace(good, bad)})
    assert [one.statement for one in article.claims][-1] == "Wages fell."
    assert says in refused[0]
    assert refused[0].startswith("“a.xmi”: Mark ")


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"begin": True}, "begin has to be a whole number"),
        ({"begin": 6.0}, "begin has to be a whole number"),
        ({"statement": 1}, "statement has to be a text"),
        ({"statement": "a\0b"}, "a NUL character"),
        ({"saidOn": "yesterday"}, "Write its saidOn as 2025-03-01"),
        ({"saidAt": "noon"}, "Write its saidAt as"),
        ({"end": 6}, "the end comes after the start"),
    ],
)
def test_a_bad_mark_in_json_costs_itself(told: dict[str, Any], says: str) -> None:
    made = json.loads(as_in_inception().to_json())
    marks = [one for one in made["%FEATURE_STRUCTURES"] if one["%TYPE"] == cas_reading.CLAIM]
    marks[0].update(told)
    (article,), refused, _ = read("json", {"a.json": json.dumps(made)})
    assert len(article.claims) == 2
    assert len(refused) == 1
    assert says in refused[0]


def test_a_mark_that_was_taken_out_of_the_index_is_left_out() -> None:
    made = json.loads(as_in_inception().to_json())
    made["%VIEWS"]["_InitialView"]["%MEMBERS"] = []
    (article,), refused, how = read("json", {"a.json": json.dumps(made)})
    assert (article.claims, refused) == ((), [])
    assert how.left_out[cas_reading.NOT_INDEXED] == 3


def test_feature_structures_may_be_an_object_by_their_ids() -> None:
    made = json.loads(as_in_inception().to_json())
    listed = made["%FEATURE_STRUCTURES"]
    made["%FEATURE_STRUCTURES"] = {str(one.pop("%ID")): one for one in listed}
    (article,), refused, _ = read("json", {"a.json": json.dumps(made)})
    assert refused == []
    assert len(article.claims) == 2


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" x="&b;"/>'
)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (LAUGHS, "declares a document type or entities"),
        ('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>', "declares a document type"),
        ('<?xml version="1.0" encoding="UTF-7"?>' + LAUGHS, "declares a document type"),
        (LAUGHS.encode("utf-16"), "UTF-16"),
        (LAUGHS.encode("utf-16-be"), "not whole XML"),
        (b"\0\0\xfe\xff" + LAUGHS.encode("utf-32-be"), "not whole XML"),
        (LAUGHS.encode("utf-32-be"), "not whole XML"),
        (LAUGHS.encode("cp037"), "not whole XML"),
        (LAUGHS.replace("<", "+ADw-"), "not whole XML"),
        ("<x/>", "has to be xmi:XMI"),
        ("", "not whole XML"),
        ("<a>" * 10_000, "not whole XML"),
        ("<xmi:XMI xmlns:xmi='http://www.omg.org/XMI'/>", "has no text"),
        ("Café".encode("latin-1"), "not whole XML"),
        (as_in_inception().to_xmi()[:-20], "not whole XML"),
        (as_in_inception("W\xe4ges fell by half.").to_xmi().encode("latin-1"), "not whole XML"),
    ],
)
def test_a_bad_document_costs_itself(content: str | bytes, says: str) -> None:
    good = as_in_inception().to_xmi()
    found, refused, _ = read("xmi", {"bad.xmi": content, "good.xmi": good})
    assert len(found) == 1
    assert len(refused) == 1
    assert refused[0].startswith("“bad.xmi” cannot be read. ")
    assert says in refused[0]


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "1", "{}", "[" * 100_000, '{"%FEATURE_STRUCTURES": 1}', "\ufeff{}",
     '{"%FEATURE_STRUCTURES": [1, {}, {"%TYPE": "uima.cas.Sofa"}], "%VIEWS": {"a": 1}}',
     '{"%FEATURE_STRUCTURES": {"1": 2}, "%VIEWS": [1]}'],
)  # fmt: skip
def test_a_bad_document_in_json_costs_itself(content: str) -> None:
    good = as_in_inception().to_json()
    found, refused, _ = read("json", {"bad.json": content, "good.json": good})
    assert len(found) == 1
    assert len(refused) == 1
    assert refused[0].startswith("“bad.json” cannot be read. ")


def test_names_in_a_file_are_never_run() -> None:
    """Names of features reach `exec` where a type system of somebody is loaded; here it is not."""
    types = '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"/>'
    made = json.loads(as_in_inception().to_json())
    made["%TYPES"] = {"x": {"a=print(1),b": {"%RANGE": "uima.cas.String"}}, "": 1}
    assert len(read("json", {"a.json": json.dumps(made)})[0]) == 1
    assert len(read("xmi", {"a.xmi": as_in_inception().to_xmi(), "T.xml": types})[0]) == 1


def test_xml_1_1_as_inception_offers_it_is_read() -> None:
    xmi = as_in_inception().to_xmi()
    assert xmi.startswith("<?xml version='1.0'")
    assert len(read("xmi", {"a.xmi": xmi.replace("'1.0'", "'1.1'", 1)})[0]) == 1


@pytest.mark.parametrize("ending", FORMATS)
def test_whatever_byte_is_wrong_nothing_is_raised(ending: str) -> None:
    good = str(next(iter(as_file(ending, as_in_inception()).values()))).encode()
    for at in range(0, len(good), 7):
        for wrong in (b"", b"\0", b'"', b"<", b"\xff", b"9"):
            read(ending, good[:at] + wrong + good[at + 1 :])


def test_a_document_of_too_many_marks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cas_reading, "MOST_MARKS", 2)
    _, refused, _ = read("xmi", {"a.xmi": as_in_inception().to_xmi()})
    assert "more than 2 marks" in refused[0]
