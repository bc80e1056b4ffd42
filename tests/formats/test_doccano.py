"""doccano's JSONL: every form of it that its versions and programs write."""

import io
import json
import time
from dataclasses import replace
from typing import Any

import pytest

from annotations.formats import columns, doccano, record
from annotations.formats.contract import ReadAsked, WriteAsked
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    PlaceGiven,
    Refused,
    VerdictGiven,
)
from annotations.formats.offsets import Unit
from annotations.rules.words import STATEMENT, shortened
from tests.formats.records import evidence, hard_record, seed_record, verdict

CODEPOINT, UTF16 = Unit.CODEPOINT, Unit.UTF16


def read(raw: bytes, unit: Unit | None = CODEPOINT) -> list[Found | Refused]:
    return list(doccano.read(io.BytesIO(raw), ReadAsked(unit=unit)))


def write(*records: dict[str, Any], asked: WriteAsked | None = None) -> bytes:
    return b"".join(doccano.write(records, asked or WriteAsked()))


def article(told: dict[str, Any], unit: Unit = CODEPOINT) -> ArticleGiven:
    (found,) = read(json.dumps(told).encode(), unit)
    assert isinstance(found, Found), found
    return found.article


def marks(told: dict[str, Any], unit: Unit = CODEPOINT) -> list[tuple[str, list[str]]]:
    """The words of each claim with its ratings."""
    found = article(told, unit)
    return [
        (found.text[one.places[0].start : one.places[0].end], [v.rating for v in one.verdicts])
        for one in found.claims
    ]


def test_without_a_unit_the_file_is_refused_as_a_whole_with_how_to_give_it() -> None:
    (refused,) = read(b'{"text": "a b", "label": [[0, 1, "true"]]}\n' * 3, unit=None)
    assert isinstance(refused, Refused)
    assert refused.line == 0
    assert "unit utf16" in refused.sentence
    assert "unit codepoint" in refused.sentence


@pytest.mark.parametrize(
    "told",
    [
        # 1.8, sequence labeling
        {"id": 7, "text": "😀 Prices rose.", "label": [[2, 8, "false"]], "Comments": ["Hm."]},
        # 1.2, with meta; 1.4, with data
        {"id": 7, "text": "😀 Prices rose.", "meta": {}, "annotation_approver": None,
         "labels": [[2, 8, "false"]]},
        {"id": 7, "data": "😀 Prices rose.", "label": [[2, 8, "false"]]},
        # 1.6 on, with relations
        {"id": 7, "text": "😀 Prices rose.", "relations": [], "Comments": [],
         "entities": [{"id": 0, "label": "false", "start_offset": 2, "end_offset": 8}]},
    ],
)  # fmt: skip
def test_each_form_gives_the_same_claim(told: dict[str, Any]) -> None:
    found = article(told)
    assert found.text == "😀 Prices rose."
    assert found.claims == (
        ClaimGiven("2-8", "Prices", (PlaceGiven(2, 8),), verdicts=(VerdictGiven("false"),)),
    )
    others = {"text", "data", "label", "labels", "entities", "relations"}
    kept = {key: value for key, value in told.items() if key not in others}
    assert found.kept == {"columns": kept}


def test_offsets_are_taken_as_they_are_said_to_be() -> None:
    told = {"text": "😀 Prices rose.", "label": [[3, 9, "false"]]}
    assert marks(told, UTF16) == [("Prices", ["false"])]
    assert marks(told, CODEPOINT) == [("rices ", ["false"])]


def test_stretches_from_place_to_place_are_one_claim_with_each_label_once() -> None:
    told = {
        "text": "Prices rose again.",
        "label": [[0, 6, "false"], [0, 11, "Claim"], [0, 6, "true"], [0, 6, "false"]],
    }
    assert marks(told) == [("Prices", ["false", "true"]), ("Prices rose", [])]


def test_a_text_with_labels_is_a_claim() -> None:
    for labels in (["true"], "true"):
        (claim,) = article({"text": " The moon\nis far. ", "label": labels}).claims
        assert (claim.key, claim.statement, claim.places) == (
            "text", "The moon is far.", (PlaceGiven(1, 17),)
        )  # fmt: skip
        assert claim.verdicts == (VerdictGiven("true"),)


def test_relations_are_left_out_with_a_count() -> None:
    asked = ReadAsked(unit=CODEPOINT)
    told = {
        "text": "Prices rose.",
        "entities": [{"id": 1, "label": "true", "start_offset": 0, "end_offset": 6}],
        "relations": [{"id": 0, "from_id": 1, "to_id": 1, "type": "because"}],
    }
    found = list(doccano.read(io.BytesIO(json.dumps(told).encode()), asked))
    assert len(found) == 1
    assert asked.left_out == {doccano.RELATIONS: 1}


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"label": [[0, 99, "true"]]}, "0 to 99"),
        ({"label": [[3, 3, "true"]]}, "hold nothing"),
        ({"label": [[-1, 3, "true"]]}, "-1 to 3"),
        ({"label": [[0, 3]]}, "“label[1]” is no mark"),
        ({"label": [["0", "3", "true"]]}, "“label[1]” is no mark"),
        ({"label": [[True, 3, "true"]]}, "“label[1]” is no mark"),
        ({"labels": 5}, "“labels” has to be a list; it is a whole number."),
        ({"annotations": [{"label": 3, "start_offset": 0, "end_offset": 2}]}, "name of its label"),
        ({"entities": [{"label": "a", "start_offset": 0.5, "end_offset": 2}]}, "whole numbers"),
        ({"entities": [4]}, "“entities[0]” has to be an object"),
    ],
)
def test_a_bad_mark_costs_itself(bad: dict[str, Any], says: str) -> None:
    good = {"text": "Prices rose.", "label": [[0, 6, "true"]]}
    key = next(iter(bad))
    told = good | ({key: good["label"] + bad[key]} if key == "label" else bad)
    *refused, found = read(json.dumps(told).encode())
    assert isinstance(found, Found)
    assert [one.statement for one in found.article.claims] == ["Prices"]
    assert any(isinstance(one, Refused) and says in one.sentence for one in refused)
    assert {one.line for one in refused} == {1}


def test_a_line_without_a_text_costs_itself() -> None:
    good, bad, last = read(b'{"text": "a"}\n{"label": [[0, 1, "x"]]}\n{"text": "b"}')
    assert isinstance(good, Found)
    assert isinstance(last, Found)
    assert isinstance(bad, Refused)
    assert (bad.line, bad.what) == (2, '{"label":[[0,1,"x"]]}')


@pytest.mark.parametrize("raw", [
    b"", b"nonsense", b"[", b"null", b"[null, 1, [[]]]", b"{", b"\xff\xfe[", b"[{}]",
    "{\"text\": \"Café\"}".encode("latin-1"), b"{\"text\": \"a\\u0000\"}", b"\x1f\x8bno",
    b"{\"text\": \"a\", \"x\": " + b"[" * 900 + b"]" * 900 + b"}",
])  # fmt: skip
def test_no_file_at_all_raises(raw: bytes) -> None:
    assert all(isinstance(one, Refused) for one in read(raw))


def test_no_wrong_type_at_any_key_raises() -> None:
    wrong: list[Any] = [
        None, True, 1, 1.5, "x", "", [], [1], {}, {"a": 1}, [[]], [{}], ["x"], [None],
        [[0, 1, []]], [[0, 1, None]], [[[], {}, "x"]], [[10**40, 10**41, "x"]],
        [{"id": []}], [{"id": "0193a0de-0000-7000-8000-0000000000a1", "label": [[0], 1, "x"]}],
    ]  # fmt: skip
    keys = [*doccano.FORMS, *columns.HEAD, "date", "article", "id", "meta", "Comments"]
    told = [
        {"text": "ab cd", "label": [[0, 1, "x"]], key: value} for key in keys for value in wrong
    ]
    told += [
        {"text": "ab", "entities": [{"label": "x", "start_offset": 0, "end_offset": 1, key: value}]}
        for key in ("label", "start_offset", "end_offset", "id")
        for value in wrong
    ]
    assert read(json.dumps(told).encode())


def reduced(one: dict[str, Any]) -> ArticleGiven:
    """What doccano has a place for: see `DROPS`."""
    given = record.given(one)
    claims = []
    for claim, (raw, _) in zip(given.claims, record.standing(one), strict=True):
        first = claim.places[0]
        ratings = dict.fromkeys(said["rating"] for said in record.said(raw))
        words = shortened(given.text[first.start : first.end], STATEMENT)
        claims.append(
            ClaimGiven(claim.key, words, claim.places, verdicts=tuple(map(VerdictGiven, ratings)))
        )
    return replace(given, claims=tuple(claims))


@pytest.mark.parametrize("unit", [CODEPOINT, UTF16])
@pytest.mark.parametrize("make", [seed_record, hard_record])
def test_what_was_written_is_read_again(unit: Unit, make: Any) -> None:
    one = make()
    (found,) = read(write(one, asked=WriteAsked(unit=unit)), unit)
    assert isinstance(found, Found)
    assert found.article == reduced(one)


def test_two_claims_in_one_place_stay_two() -> None:
    one = hard_record()
    first, second = one["claims"][1], one["claims"][2]
    second["appearances"] = first["appearances"]
    first["verdicts"] = [verdict(1, "Finch", "true", "x", evidence(1, "https://a.org/"))]
    (found,) = read(write(one), UTF16)
    assert isinstance(found, Found)
    assert found.article == reduced(one)
    # Another label in doccano: nobody can tell whose, so it is a claim of its own.
    told = json.loads(write(one))
    told["label"] = [[*span[:2], "unproven"] for span in told["label"]]
    (found,) = read(json.dumps(told).encode(), UTF16)
    assert isinstance(found, Found)
    keys = {claim.key for claim in found.article.claims}
    assert first["id"] not in keys
    assert one["claims"][3]["id"] in keys


def test_a_mark_that_was_given_another_label_is_the_same_claim() -> None:
    told = json.loads(write(hard_record()))
    told["label"] = [[*span[:2], "unproven"] for span in told["label"]]
    given = article(told, UTF16)
    assert [one.key for one in given.claims] == [one["id"] for one in hard_record()["claims"]]
    assert all(one.verdicts == (VerdictGiven("unproven"),) for one in given.claims)


def test_columns_of_others_come_back() -> None:
    told = {"text": "Prices rose.", "label": [[0, 6, "true"]], "id": 3, "Comments": ["a"],
            "meta": {"a": [1, None]}, "article": "Prices", "date": "soon", "title": 5}  # fmt: skip
    given = article(told)
    assert (given.title, given.date) == ("", None)
    one = hard_record()
    one["article"]["kept"] = {"doccano": dict(given.kept)}
    made = json.loads(write(one))
    assert (made["id"], made["Comments"], made["meta"]) == (3, ["a"], {"a": [1, None]})
    assert (made["article"], made["title"]) == (one["article"]["id"], "Prices, “x”")


def test_the_same_file_gives_the_same_keys_and_no_key_twice() -> None:
    raw = b'{"text": "a b", "label": [[0, 1, "x"]]}\n' * 2 + b'{"text": "c"}'
    assert read(raw) == read(raw)
    keys = [one.article.key for one in read(raw) if isinstance(one, Found)]
    assert len(set(keys)) == 3
    assert read(raw + b"\n")[0] == read(raw)[0]


def test_what_is_dropped_is_counted() -> None:
    asked = WriteAsked()
    write(seed_record(), hard_record(), asked=asked)
    assert set(asked.dropped) <= set(doccano.DROPS)
    assert asked.dropped[doccano.SETTLED] >= 1
    assert asked.dropped[doccano.STATEMENTS] >= 7
    assert 0 not in asked.dropped.values()


def test_a_hostile_line_takes_no_longer_than_it_is_long() -> None:
    """Marks upon marks on a long text, and claims upon claims in one place."""
    text = "word " * 100_000
    many = [[n, len(text) - n, "x"] for n in range(5_000)]
    same = [[0, 4, "y"]] * 5_000
    claims = [{"id": f"0193a0de-0000-7000-8000-{n:012x}", "label": [[0, 4, "y"]]}
              for n in range(5_000)]  # fmt: skip
    told = {"text": text, "label": [*many, *same, *[[5]] * 5_000], "claims": claims}
    began = time.process_time()
    found = read(json.dumps(told).encode())
    assert time.process_time() - began < 30, "quadratic work takes minutes"
    assert len(found) == 5_001
