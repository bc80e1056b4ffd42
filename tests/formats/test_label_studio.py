"""Label Studio's JSON: exports of every age of it, and tasks that it can take in."""

import io
import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from annotations.formats import columns, label_studio, record
from annotations.formats import label_studio_reading as reading
from annotations.formats.contract import ReadAsked, WriteAsked
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    PlaceGiven,
    Refused,
    VerdictGiven,
)
from annotations.formats.moments import moment
from annotations.formats.offsets import Unit
from annotations.rules.claims import ClaimKind
from annotations.rules.verdicts import EvidenceGiven
from tests.formats.records import evidence, hard_record, seed_record

CODEPOINT, UTF16 = Unit.CODEPOINT, Unit.UTF16
TEXT = "😀 Prices rose. Prices fell."


def read(raw: bytes, asked: ReadAsked | None = None) -> list[Found | Refused]:
    return list(label_studio.read(io.BytesIO(raw), asked or ReadAsked()))


def write(*records: dict[str, Any], asked: WriteAsked | None = None) -> bytes:
    return b"".join(label_studio.write(records, asked or WriteAsked()))


def article(task: dict[str, Any], asked: ReadAsked | None = None) -> ArticleGiven:
    (found,) = read(json.dumps([task]).encode(), asked)
    assert isinstance(found, Found), found
    return found.article


def refusals(task: dict[str, Any]) -> str:
    return " ".join(
        one.sentence for one in read(json.dumps([task]).encode()) if isinstance(one, Refused)
    )


def region(
    start: Any, end: Any, kind: str = "labels", name: str = "label", id: str = "r1", **value: Any
) -> dict[str, Any]:
    value = {"start": start, "end": end, **value}
    return {"id": id, "from_name": name, "to_name": "text", "type": kind, "value": value,
            "origin": "manual"}  # fmt: skip


def task(*results: Any, **more: Any) -> dict[str, Any]:
    """A task as an export of version 1.20 has it."""
    return {
        "id": 12,
        "annotations": [
            {"id": 7, "completed_by": 1, "result": list(results), "was_cancelled": False,
             "ground_truth": False, "created_at": "2025-03-09T21:52:49.513742Z",
             "updated_at": "2025-03-09T22:16:08.746926Z", "lead_time": 4.288, "prediction": {},
             "result_count": 0, "unique_id": "x", "task": 12, "project": 83, "parent_prediction":
             None, **more.pop("annotation", {})},
        ],
        "file_upload": "a.json", "drafts": [], "predictions": [], "data": {"text": TEXT},
        "meta": {}, "created_at": "2025-03-09T21:52:49.513742Z", "inner_id": 1, "project": 83,
        "total_annotations": 1, "comment_count": 0, "comment_authors": [], **more,
    }  # fmt: skip


PRICES = region(2, 8, text="Prices", labels=["Claim"])
FALSE = region(2, 8, "choices", "verdict", text="Prices", choices=["false"])
WHY = region(2, 8, "textarea", "note", text=["They did not."])
AT = moment("2025-03-09T21:52:49.513742Z")


def test_a_region_with_its_choice_and_words_is_a_claim_with_a_verdict() -> None:
    found = article(task(PRICES, FALSE, WHY))
    assert found.text == TEXT
    said = VerdictGiven("false", "They did not.", (), "Label Studio user 1", AT)
    assert found.claims == (ClaimGiven("2-8", "Prices", (PlaceGiven(2, 8),), verdicts=(said,)),)


def test_a_region_is_known_by_its_id_where_only_its_label_has_offsets() -> None:
    choice = {**FALSE, "value": {"choices": ["false"]}}
    assert article(task(choice, PRICES, WHY)) == article(task(PRICES, FALSE, WHY))


def test_a_label_is_a_rating_where_nothing_was_chosen() -> None:
    (claim,) = article(task(region(2, 8, text="Prices", labels=["Misleading"]))).claims
    assert [one.rating for one in claim.verdicts] == ["Misleading"]
    (claim,) = article(task(PRICES)).claims
    assert claim.verdicts == ()


@pytest.mark.parametrize(("start", "end"), [(2, 8), (3, 9)])
def test_the_words_tell_whether_an_export_is_old(start: int, end: int) -> None:
    (claim,) = article(task(region(start, end, text="Prices", labels=["Claim"]))).claims
    assert claim.places == (PlaceGiven(2, 8),)


def test_words_that_stand_elsewhere_are_refused() -> None:
    assert "neither" in refusals(task(region(4, 10, text="Prices", labels=["Claim"])))


def test_without_words_the_unit_has_to_be_given_where_it_makes_a_difference() -> None:
    bare = region(2, 8, labels=["Claim"])
    assert "unit codepoint" in refusals(task(bare))
    for unit, place in ((CODEPOINT, PlaceGiven(2, 8)), (UTF16, PlaceGiven(1, 7))):
        assert article(task(bare), ReadAsked(unit=unit)).claims[0].places == (place,)
    plain = task(bare, data={"text": "No Prices rose."})
    assert article(plain).claims[0].places == (PlaceGiven(2, 8),)


def test_line_ends_may_be_written_out() -> None:
    told = task(region(0, 7, text="One\\ntwo", labels=["Claim"]), data={"text": "One\ntwo."})
    assert article(told).claims[0].statement == "One two"


def test_old_exports_have_completions_and_text_of_no_name() -> None:
    new = task(PRICES, FALSE)
    old = {
        "id": 12,
        "completions": [{**new["annotations"][0], "completed_by": {
            "id": 1, "email": "finch@example.org", "first_name": "Ann", "last_name": "Finch"}}],
        "data": {"$undefined$": TEXT},
    }  # fmt: skip
    (claim,) = article(old).claims
    assert claim.verdicts[0].by == "Ann Finch"
    assert replace(claim, verdicts=()) == replace(article(new).claims[0], verdicts=())


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ({"completed_by": 3}, "Label Studio user 3"),
        ({"completed_by": {"id": 3, "email": "a@example.org", "first_name": "", "last_name": ""}},
         "Label Studio user 3"),
        ({"completed_by": "a@example.org"}, ""),
        ({"completed_by": None, "created_username": " a@example.org, 3"}, ""),
        ({"completed_by": None, "created_username": "Finch"}, "Finch"),
        ({"completed_by": True}, ""),
    ],
)  # fmt: skip
def test_nobody_is_named_by_an_address_of_mail(who: dict[str, Any], name: str) -> None:
    (claim,) = article(task(PRICES, FALSE, annotation=who)).claims
    assert claim.verdicts[0].by == name


def test_two_people_on_the_same_words_are_two_verdicts_on_one_claim() -> None:
    told = task(PRICES, FALSE)
    second = json.loads(json.dumps(told["annotations"][0]).replace("r1", "r2"))
    second["completed_by"] = 2
    second["result"][1]["value"]["choices"] = ["true"]
    told["annotations"].append(second)
    (claim,) = article(told).claims
    assert [(one.by, one.rating) for one in claim.verdicts] == [
        ("Label Studio user 1", "false"), ("Label Studio user 2", "true"),
    ]  # fmt: skip


def test_a_choice_on_the_task_is_one_on_its_whole_text() -> None:
    choice = {"id": "c", "from_name": "verdict", "to_name": "text", "type": "choices",
              "value": {"choices": ["false"]}}  # fmt: skip
    why = {"id": "t", "from_name": "why", "to_name": "text", "type": "textarea",
           "value": {"text": "So it is."}}  # fmt: skip
    (claim,) = article(task(choice, why, data={"text": " The moon\nis near. "})).claims
    assert (claim.key, claim.statement, claim.places) == (
        "text", "The moon is near.", (PlaceGiven(1, 18),)
    )  # fmt: skip
    assert [(one.rating, one.rationale) for one in claim.verdicts] == [("false", "So it is.")]


def test_what_has_no_place_here_is_left_out_with_a_count() -> None:
    asked = ReadAsked()
    relation = {"type": "relation", "from_id": "r1", "to_id": "r1", "direction": "right"}
    stars = region(2, 8, "rating", "stars", rating=3)
    told = task(
        PRICES, relation, relation, stars, predictions=[{"result": [PRICES]}], drafts=[{}, {}]
    )
    told["annotations"].append({"was_cancelled": True, "result": [PRICES, FALSE]})
    (claim,) = article(told, asked).claims
    assert claim.verdicts == ()
    assert asked.left_out == {
        reading.RELATIONS: 2, reading.PREDICTIONS: 1, reading.DRAFTS: 2, reading.CANCELLED: 1,
        reading.OTHER: 1,
    }  # fmt: skip


HTML = (
    "<!DOCTYPE html><html><head><title>T</title></head><body>\n<h1>Prices &amp; 😀</h1>\n"
    "<p>The  <b>prices</b>\nrose.</p><p>The prices fell.</p></body></html>"
)


def on_page(start: int, end: int, text: str, **more: Any) -> dict[str, Any]:
    return region(
        "/p[1]/text()[1]", "/p[1]/text()[1]", "hypertextlabels", text=text, startOffset=0,
        endOffset=3, globalOffsets={"start": start, "end": end}, hypertextlabels=["Claim"], **more,
    )  # fmt: skip


def marked(told: dict[str, Any]) -> list[str]:
    found = article(told)
    return [found.text[one.start : one.end] for claim in found.claims for one in claim.places]


def test_regions_of_a_page_stand_in_the_text_that_it_shows() -> None:
    contents = "\nPrices & 😀\n" + "The  prices\nrose.The prices fell."
    second = contents.rindex("prices")
    rose = on_page(13, 28, "prices rose.")
    for unit in (0, 1):  # one emoji before: as code points, and in UTF-16
        fell = on_page(second + unit, second + 6 + unit, "prices", id="r2")
        told = task(rose, fell, data={"html": HTML})
        found = article(told)
        assert found.text == "Prices & 😀\n\nThe prices rose.\n\nThe prices fell."
        assert marked(told) == ["prices rose.", "prices"]
        assert found.claims[1].places[0].start == found.text.rindex("prices")


def test_words_of_a_page_that_stand_twice_are_not_guessed() -> None:
    told = task(on_page(0, 3, "prices"), data={"html": HTML})
    assert "stands 2 times" in refusals(told)
    told = task(on_page(0, 3, "dogs"), data={"html": HTML})
    assert "does not stand" in refusals(told)
    told = task(region("/p[1]", "/p[1]", text="x", labels=["Claim"]), data={"html": HTML})
    assert "globalOffsets" in refusals(told)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"text": "a", "label": [{"start": 0}]}, "not as JSON-MIN"),
        (task(data={"title": "a", "body": "b"}), "“title”, “body”"),
        (task(data={"text": "https://example.org/a.txt"}), "nothing is fetched"),
        (task(data={"text": ["a"]}), "“data” is the text"),
        (task(PRICES, FALSE, {**FALSE, "from_name": "mood"}), "“verdict” and “mood”"),
        (task(PRICES, {**FALSE, "value": {"choices": ["true", "false"]}}), "several ratings"),
        (task(region(2, 99, labels=["Claim"])), "2 to 99"),
        (task(region(2, None, text="a", labels=["Claim"])), "as whole numbers"),
        (task(region(0.5, 1.5, labels=["Speech"])), "has to be a whole number; it is a number"),
        (task(PRICES, region(2, 8, "textarea", "sources", text=["nowhere"])), "“nowhere”"),
        (task(PRICES, "x"), "“annotations[0].result[1]” has to be an object; it is text."),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_right(told: dict[str, Any], says: str) -> None:
    assert says in refusals(told)


def test_a_bad_region_costs_itself() -> None:
    bad = [region(0, 99, text="Prices", labels=["Claim"], id="r2"),
           {**FALSE, "id": "r2"}, region(20, 3, labels=["Claim"], id="r3")]  # fmt: skip
    *refused, found = read(json.dumps([task(*bad, PRICES, FALSE)]).encode())
    assert isinstance(found, Found)
    assert found.article == article(task(PRICES, FALSE))
    assert [one.line for one in refused] == [1, 1]


@pytest.mark.parametrize("raw", [
    b"", b"nonsense", b"[", b"null", b"[null, 1, [[]]]", b"{", b"\xff\xfe[", b"[{}]", b"[{\"data\"",
    "[{\"data\": \"Café\"}]".encode("latin-1"), b"[{\"data\": {\"text\": \"a\\u0000\"}}]",
    b"[{\"data\": " + b"[" * 900 + b"]" * 900 + b"}]", b"\x1f\x8bno",
])  # fmt: skip
def test_no_file_at_all_raises(raw: bytes) -> None:
    assert all(isinstance(one, Refused) for one in read(raw))


def test_no_wrong_type_at_any_key_raises() -> None:
    wrong: list[Any] = [
        None, True, 1, -1, 1.5, 10**18, "x", "", [], [1], {}, {"a": 1}, [[]], [{}], ["x"], [None],
        {"start": 1}, {"text": []}, "<p>x", "https://a", {"first_name": 1, "id": []},
    ]  # fmt: skip
    tasks = [task(PRICES, FALSE) | {key: value} for key in task() for value in wrong]
    tasks += [task(data={"text": value, "article": other}) for value in wrong for other in wrong]
    tasks += [
        task(PRICES, FALSE, annotation={key: value})
        for key in ("result", "completed_by", "created_at", "created_username", "was_cancelled")
        for value in wrong
    ]
    for one in (PRICES, FALSE, WHY, on_page(0, 1, "x")):
        tasks += [task(one | {key: value}, FALSE) for key in one for value in wrong]
        for key in one["value"]:
            tasks += [task(one | {"value": one["value"] | {key: other}}) for other in wrong]
    assert read(json.dumps(tasks).encode())


def test_lists_lines_and_one_task_alone_are_read() -> None:
    told = task(PRICES, FALSE)
    whole = [one.article for one in read(json.dumps([told]).encode()) if isinstance(one, Found)]
    for raw in (json.dumps(told), json.dumps(told, indent=2), json.dumps([told], indent=2)):
        assert [o.article for o in read(raw.encode()) if isinstance(o, Found)] == whole
    found = read(f"{json.dumps(told)}\n{json.dumps(told)}".encode())
    assert [one.line for one in found] == [1, 2]
    assert len({one.article.key for one in found if isinstance(one, Found)}) == 2


def reduced(one: dict[str, Any]) -> ArticleGiven:
    """What Label Studio has a place for: see `DROPS`."""
    given = record.given(one)
    newest: dict[str, Any] = {}
    for said in (said for claim in given.claims for said in claim.verdicts):
        assert said.at is not None
        newest[said.by] = max(said.at, newest.get(said.by, said.at))
    return replace(
        given,
        claims=tuple(
            ClaimGiven(
                claim.key, claim.statement, claim.places, claim.kind,
                verdicts=tuple(
                    VerdictGiven(
                        said.rating, said.rationale,
                        tuple(EvidenceGiven(address=e.address) for e in said.evidence if e.address),
                        said.by, newest[said.by],
                    )
                    for said in claim.verdicts
                ),
            )
            for claim in sorted(given.claims, key=lambda claim: claim.key)
        ),
    )  # fmt: skip


def in_order(given: ArticleGiven) -> ArticleGiven:
    """By key: a file has the claims by their reviewers."""
    claims = tuple(
        replace(claim, verdicts=tuple(sorted(claim.verdicts, key=lambda said: said.by)))
        for claim in sorted(given.claims, key=lambda claim: claim.key)
    )
    return replace(given, claims=claims)


@pytest.mark.parametrize("unit", [CODEPOINT, UTF16])
@pytest.mark.parametrize("make", [seed_record, hard_record])
def test_what_was_written_is_read_again(unit: Unit, make: Any) -> None:
    one = make()
    (found,) = read(write(one, asked=WriteAsked(unit=unit)))
    assert isinstance(found, Found)
    assert in_order(found.article) == in_order(reduced(one))


def test_several_records_are_one_list_and_none_is_an_empty_one() -> None:
    assert json.loads(write()) == []
    told = json.loads(write(seed_record(), hard_record(), hard_record()))
    has_configuration = ["label_config" in one["meta"] for one in told]
    assert has_configuration == [True, True, False]


def test_the_configuration_has_every_control_and_every_choice_that_is_written() -> None:
    one = hard_record()
    one["project"]["scale"][1]["name"] = 'Mostly "true" & <so>'
    (told,) = json.loads(write(one))
    view = ET.fromstring(told["meta"]["label_config"])  # noqa: S314
    controls = {each.get("name"): each for each in view if each.get("toName") == "text"}
    aliases = {each.get("alias") for each in controls["rating"]}
    assert aliases == {each["slug"] for each in one["project"]["scale"]}
    assert {each.get("value") for each in controls["kind"]} == set(ClaimKind)
    assert view.find("Text").attrib == {"name": "text", "value": "$text"}  # type: ignore[union-attr]
    results = [each for said in told["annotations"] for each in said["result"]]
    for each in results:
        tag = controls[each["from_name"]].tag.lower()
        assert each["type"] == tag
        assert set(each["value"]) == {"start", "end", "text"} | ({tag} - {"textarea"})
    assert {each["from_name"] for each in results} <= set(controls)
    assert [said["created_username"] for said in told["annotations"]] == ["Finch", "Maple"]


def test_what_others_carry_along_comes_back() -> None:
    told = task(PRICES, data={"text": TEXT, "a": [1], "title": "T"}, meta={"b": {"c": None}})
    given = article(told)
    assert given.title == "T"
    one = hard_record()
    one["article"]["kept"] = {"label-studio": dict(given.kept)}
    (made,) = json.loads(write(one))
    assert made["data"]["a"] == [1]
    assert made["meta"]["b"] == {"c": None}
    assert set(made["data"]) == {"text", "a", "article", "date", *columns.HEAD}
    assert article(made).kept == given.kept


def test_what_is_dropped_is_counted() -> None:
    asked = WriteAsked()
    one = hard_record()
    one["claims"][1]["verdicts"] = [
        {**one["claims"][0]["verdicts"][0], "submitted_at": "2025-04-01T00:00:00+00:00",
         "evidence": [evidence(9, "https://a.org/")]}
    ]  # fmt: skip
    write(seed_record(), one, asked=asked)
    assert set(asked.dropped) <= set(label_studio.DROPS)
    assert asked.dropped[label_studio.TIMES] >= 1
    assert 0 not in asked.dropped.values()
