"""Web Annotations go out as the W3C's model has them, and come in in every shape it allows."""

import gzip
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from annotations.formats import record, webannotation
from annotations.formats.annotated import claims_of
from annotations.formats.contract import ReadAsked, WriteAsked
from annotations.formats.given import ArticleGiven, ClaimGiven, Found, QuoteGiven, Refused, Unit
from annotations.formats.quotes import Quotes
from annotations.rules.verdicts import EvidenceGiven
from tests.formats.records import TEXT, hard_record, seed_record

SITE = "https://check.example.org"
BOTH = (Unit.CODEPOINT, Unit.UTF16)
PAGE = "https://news.example.org/rent"

# The model's own demands (MUST), section by section, on what is written here.
IRI = {"type": "string", "pattern": r"^[a-z][a-z0-9+.-]*:\S+$"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}
PURPOSE = {
    "enum": ["assessing", "bookmarking", "classifying", "commenting", "describing", "editing",
             "highlighting", "identifying", "linking", "moderating", "questioning", "replying",
             "tagging"],
}  # fmt: skip
QUOTE = {
    "properties": {
        "type": {"const": "TextQuoteSelector"}, "exact": {"type": "string", "minLength": 1},
        "prefix": {"type": "string"}, "suffix": {"type": "string"},
    },
    "required": ["type", "exact"], "additionalProperties": False,
}  # fmt: skip
POSITION = {
    "properties": {
        "type": {"const": "TextPositionSelector"}, "start": {"type": "integer", "minimum": 0},
        "end": {"type": "integer", "minimum": 0},
    },
    "required": ["type", "start", "end"], "additionalProperties": False,
}  # fmt: skip
STATE = {
    "properties": {"type": {"const": "TimeState"}, "sourceDate": MOMENT, "cached": IRI},
    "required": ["type", "sourceDate"], "additionalProperties": False,
}  # fmt: skip
SELECTOR = {"type": "object", "oneOf": [QUOTE, POSITION]}
SPECIFIC = {
    "properties": {
        "type": {"const": "SpecificResource"}, "source": IRI, "scope": IRI, "purpose": PURPOSE,
        "state": STATE,
        "selector": {"anyOf": [SELECTOR, {"type": "array", "items": SELECTOR, "minItems": 1}]},
    },
    "required": ["type", "source"], "additionalProperties": False,
}  # fmt: skip
TEXTUAL = {
    "properties": {
        "type": {"const": "TextualBody"}, "value": {"type": "string"}, "purpose": PURPOSE,
        "format": {"type": "string"},
    },
    "required": ["type", "value"], "additionalProperties": False,
}  # fmt: skip
ANNOTATION = {
    "type": "object",
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"}, "id": IRI,
        "type": {"const": "Annotation"}, "motivation": PURPOSE, "created": MOMENT,
        "creator": {
            "properties": {"type": {"const": "Person"}, "name": {"type": "string"}},
            "type": "object", "additionalProperties": False,
        },
        "body": {"type": "array", "items": {"type": "object", "oneOf": [TEXTUAL, SPECIFIC]}},
        "target": {"type": "array", "items": {"type": "object", "oneOf": [SPECIFIC]},
                   "minItems": 1},
        "rights": IRI, "via": IRI, "canonical": IRI,
    },
    "required": ["id", "type", "target"], "additionalProperties": False,
}  # fmt: skip


def written(*records: Any) -> bytes:
    return b"".join(webannotation.write(iter(records), WriteAsked(site=SITE, desk="Desk")))


def read(raw: bytes | Any, asked: ReadAsked | None = None) -> list[Found | Refused]:
    raw = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return list(webannotation.read(io.BytesIO(raw), asked or ReadAsked()))


def articles(found: Iterable[Found | Refused]) -> list[ArticleGiven]:
    assert all(isinstance(one, Found) for one in found), found
    return [one.article for one in found if isinstance(one, Found)]


def annotation(**more: Any) -> dict[str, Any]:
    """A foreign annotation that marks “doubled” as false."""
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld", "id": "https://anno.example.com/7",
        "type": "Annotation", "motivation": "assessing",
        "body": [{"type": "TextualBody", "value": "false", "purpose": "tagging"}],
        "target": {"source": PAGE, "selector": {"type": "TextQuoteSelector", "exact": "doubled"}},
        **more,
    }  # fmt: skip


def claim_in(one: dict[str, Any], asked: ReadAsked | None = None) -> ClaimGiven:
    (found,) = claims_of(one, asked or ReadAsked())
    assert isinstance(found, Found), found
    (claim,) = found.article.claims
    return claim


def why(one: Any) -> str:
    (refused,) = claims_of(one, ReadAsked(), 3)
    assert isinstance(refused, Refused)
    assert refused.line == 3
    return refused.sentence


def reduced(made: dict[str, Any]) -> ArticleGiven:
    """The record less what the format declares to drop, its places as quotes."""
    whole = record.given(made)
    page = f"{SITE}/articles/{made['article']['slug']}/"
    revision = record.newest(made)
    assert revision
    claims = []
    for claim, (given, here) in zip(whole.claims, record.standing(made), strict=True):
        assert given["id"] == claim.key
        verdicts = tuple(
            replace(one, evidence=tuple(EvidenceGiven(address=piece.address, quote=piece.quote)
                                        for piece in one.evidence if piece.address))
            for one in claim.verdicts
        )  # fmt: skip
        quotes = tuple(
            QuoteGiven(one["quote"], one["prefix"], one["suffix"], one["start"], one["end"], BOTH)
            for one in here
        )
        claims.append(ClaimGiven(claim.key, claim.statement, (), topics=claim.topics,
                                 verdicts=verdicts, quotes=quotes))  # fmt: skip
    return ArticleGiven(page, address=whole.address or page, claims=tuple(claims))


@pytest.mark.parametrize("make", [seed_record, hard_record])
def test_what_was_written_is_read_again(make: Any) -> None:
    assert articles(read(written(make()))) == [reduced(make())]


@pytest.mark.parametrize("make", [seed_record, hard_record])
def test_every_quote_is_found_where_it_was(make: Any) -> None:
    (article,) = articles(read(written(make())))
    text = Quotes(make()["revisions"][-1]["text"])
    for claim, whole in zip(article.claims, record.given(make()).claims, strict=True):
        assert text.claim(claim).places == whole.places
        blind = tuple(replace(one, start=None, end=None) for one in claim.quotes)
        assert text.claim(replace(claim, quotes=blind)).places == whole.places


def test_every_annotation_is_as_the_model_demands() -> None:
    made = json.loads(written(seed_record(), hard_record()))
    assert made["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert (made["type"], made["first"]["type"]) == ("AnnotationCollection", "AnnotationPage")
    items = made["first"]["items"]
    assert made["total"] == len(items) > 20
    assert len({one["id"] for one in items}) == len(items)
    for one in items:
        jsonschema.validate(one, ANNOTATION)


def test_a_judged_claim_is_assessed_and_an_unjudged_one_is_not() -> None:
    made = hard_record()
    judged, unjudged = made["claims"][:2]
    one = webannotation.annotation_of(made, judged, judged["verdicts"][0], SITE)
    jsonschema.validate(one, ANNOTATION)
    assert list(one)[:2] == ["@context", "id"]
    assert (one["motivation"], one["creator"]["name"]) == ("assessing", "Finch")
    bodies = [(body["purpose"], body.get("value", body.get("source"))) for body in one["body"]]
    assert bodies == [
        ("identifying", f"{SITE}/claims/{judged['id']}/"),
        ("describing", "Prices doubled."), ("classifying", "prices"), ("classifying", "economy"),
        ("tagging", "true"), ("commenting", judged["verdicts"][0]["rationale"]),
        ("linking", "https://example.org/a?b=c&d=%20e"),
    ]  # fmt: skip
    assert one["body"][-1]["selector"] == {"type": "TextQuoteSelector", "exact": "doubled"}
    first, second = one["target"]
    assert first["source"] == made["article"]["address"]
    assert first["state"]["cached"].endswith(f"/revisions/{made['revisions'][0]['id']}/")
    assert first["selector"][1] == {"type": "TextPositionSelector", "start": 7, "end": 16}
    assert second["selector"][1]["start"] == TEXT.index("😀") + 1  # code points
    assert webannotation.annotation_of(made, unjudged, None, SITE)["motivation"] == "highlighting"


def test_what_is_left_out_is_counted() -> None:
    asked = WriteAsked(site=SITE)
    list(webannotation.write([hard_record()], asked))
    assert asked.dropped[webannotation.QUESTIONS] == 1
    assert asked.dropped[webannotation.CITATIONS] == 2
    assert set(asked.dropped) <= set(webannotation.DROPS)


def page(*items: Any) -> dict[str, Any]:
    return {"id": "https://a.example/p1", "type": "AnnotationPage", "items": list(items)}


TWO = (annotation(), annotation(id="https://anno.example.com/8"))
FORMS = {
    "one": json.dumps(TWO[0]).encode(), "one on many lines": json.dumps(TWO[0], indent=1).encode(),
    "a list": json.dumps(TWO).encode(), "lines": "\r\n".join(map(json.dumps, TWO)).encode(),
    "a page": json.dumps(page(*TWO)).encode(),
    "a collection": json.dumps(
        {"type": "AnnotationCollection", "total": 2, "first": page(*TWO)}, indent=2
    ).encode(),
    "a list of pages": json.dumps([page(TWO[0]), page(TWO[1])]).encode(),
    "lines of pages": json.dumps(page(TWO[0])).encode() + b"\n" + json.dumps(page(TWO[1])).encode(),
    "a graph": json.dumps({"@context": [], "@graph": TWO}).encode(),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_file_is_read(form: str) -> None:
    raw = FORMS[form]
    for packed in (raw, b"\xef\xbb\xbf" + raw, gzip.compress(raw)):
        (article,) = articles(read(packed))
        keys = [claim.key for claim in article.claims]
        assert keys == [one["id"] for one in TWO][: 1 if form.startswith("one") else 2]
        assert (article.key, article.address, article.text) == (PAGE, PAGE, "")


BODIES: dict[str, tuple[Any, tuple[str, str, list[str]]]] = {
    "none": (None, ("", "", [])),
    "an address": ("https://s.example/1", ("", "", ["https://s.example/1"])),
    "addresses": (["https://s.example/1", {"id": "https://s.example/2", "type": "Text"}],
                  ("", "", ["https://s.example/1", "https://s.example/2"])),
    "one tag": ({"type": "TextualBody", "value": "Pants on fire", "purpose": "tagging"},
                ("Pants on fire", "", [])),
    "no purpose": ({"type": "TextualBody", "value": " Not so. "}, ("", "Not so.", [])),
    "no type": ({"value": "Not so.", "purpose": "oa:commenting"}, ("", "Not so.", [])),
    "a text as a source": (
        {"type": "SpecificResource", "purpose": "tagging",
         "source": {"type": "TextualBody", "value": "false"}}, ("false", "", [])),
    "a semantic tag": ({"type": "SpecificResource", "purpose": ["tagging"],
                        "source": "https://vocab.example/false"},
                       ("https://vocab.example/false", "", [])),
    "a choice": ({"type": "Choice", "items": [{"type": "TextualBody", "value": "Not so."},
                                              {"type": "TextualBody", "value": "Pas du tout."}]},
                 ("", "Not so.", [])),
    "a list": ({"type": "List", "items": [{"type": "TextualBody", "value": "One."},
                                          {"type": "TextualBody", "value": "Two."}]},
               ("", "One.\n\nTwo.", [])),
    "a known rating among tags": ([{"value": "rent", "purpose": "tagging"},
                                   {"value": "Mostly True", "purpose": "tagging"}],
                                  ("Mostly True", "", [])),
}  # fmt: skip


@pytest.mark.parametrize("shape", BODIES)
def test_every_shape_of_a_body_is_understood(shape: str) -> None:
    body, (rating, rationale, addresses) = BODIES[shape]
    claim = claim_in(annotation(body=body))
    if shape == "none":
        assert claim.verdicts == ()
        return
    (verdict,) = claim.verdicts
    assert (verdict.rating, verdict.rationale) == (rating, rationale)
    assert [piece.address for piece in verdict.evidence] == addresses


def test_a_body_value_is_a_comment_and_names_and_times_are_read() -> None:
    ada = {"id": "https://a.example/me", "type": "Person", "name": "Ada"}
    people = [ada, "https://a.example/you"]
    one = annotation(bodyValue="Not so.", created="2015-01-28T12:00:00Z", creator=people)
    del one["body"]
    (verdict,) = claim_in(one).verdicts
    assert (verdict.rationale, verdict.by) == ("Not so.", "Ada and https://a.example/you")
    assert verdict.at
    assert verdict.at.isoformat() == "2015-01-28T12:00:00+00:00"


QUOTED = {"type": "TextQuoteSelector", "exact": "doubled", "prefix": "“", "suffix": "”"}
AT = {"type": "TextPositionSelector", "start": 8, "end": 15}
SELECTORS: dict[str, tuple[Any, QuoteGiven]] = {
    "a quote": (QUOTED, QuoteGiven("doubled", "“", "”")),
    "offsets": (AT, QuoteGiven("", "", "", 8, 15, (Unit.CODEPOINT,))),
    "both": ([AT, QUOTED], QuoteGiven("doubled", "“", "”", 8, 15, BOTH)),
    "among others": ([{"type": "XPathSelector", "value": "/p[1]"}, QUOTED, "https://s.example/s"],
                     QuoteGiven("doubled", "“", "”")),
    "within another": ({"type": "FragmentSelector", "value": "p1", "refinedBy": [QUOTED, AT]},
                       QuoteGiven("doubled", "“", "”")),
    "full names": ({"@type": ["oa:TextQuoteSelector"], "exact": {"@value": "doubled"}},
                   QuoteGiven("doubled")),
}  # fmt: skip


@pytest.mark.parametrize("shape", SELECTORS)
def test_every_shape_of_a_selector_is_understood(shape: str) -> None:
    selector, expected = SELECTORS[shape]
    target = {"type": "SpecificResource", "source": {"id": PAGE}, "selector": selector}
    assert claim_in(annotation(target=[target])).quotes == (expected,)


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (PAGE, "whole document"),
        ({"id": PAGE, "type": "Text"}, "whole document"),
        ({"source": PAGE}, "whole document"),
        ({"source": PAGE, "selector": "https://s.example/s"}, "a selector without a type"),
        ({"source": PAGE, "selector": {"type": "FragmentSelector", "value": "char=0,7"}},
         "FragmentSelector alone"),
        ({"source": PAGE, "selector": {"type": "RangeSelector", "startSelector": QUOTED}},
         "RangeSelector alone"),
        ({"source": PAGE, "selector": {"type": "TextPositionSelector", "start": "8", "end": 15}},
         "start of its TextPositionSelector"),
        ({"source": PAGE, "selector": {"type": "TextQuoteSelector", "exact": ["doubled"]}},
         "TextQuoteSelector"),
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_refused_with_what_would_be(target: Any, says: str) -> None:
    assert says in why(annotation(target=target))


@pytest.mark.parametrize("one", [None, 3, "x", [], {}, {"type": "Annotation"}, {"target": []},
                                 annotation(type="Note"), page()])  # fmt: skip
def test_what_is_no_annotation_is_refused(one: Any) -> None:
    assert "no annotation" in why(one)


def test_a_reply_and_two_ratings_are_refused() -> None:
    assert "answers another" in why(annotation(motivation=["replying"]))
    two = [{"value": word, "purpose": "tagging"} for word in ("false", "true")]
    assert "more than one rating: false, true" in why(annotation(body=two))


def test_a_bad_target_costs_itself_and_two_articles_are_two() -> None:
    good = {"source": PAGE, "selector": QUOTED}
    other = {"source": PAGE + "/2", "selector": QUOTED}
    bad, first, second = claims_of(annotation(target=[good, PAGE, other, good]), ReadAsked())
    assert isinstance(bad, Refused)
    assert isinstance(first, Found)
    assert isinstance(second, Found)
    assert [len(one.article.claims[0].quotes) for one in (first, second)] == [2, 1]


def test_where_an_annotation_came_from_goes_out_again() -> None:
    claim = claim_in(annotation(rights="https://c.example/by/4.0/", audience={"id": "x"}))
    assert claim.kept == {
        "via": "https://anno.example.com/7", "rights": "https://c.example/by/4.0/",
        "audience": {"id": "x"},
    }  # fmt: skip
    made = hard_record()
    made["claims"] = [{**made["claims"][1], "kept": {"web-annotation": dict(claim.kept)}}]
    (again,) = articles(read(written(made)))[0].claims
    assert again.kept == claim.kept


def test_an_annotation_without_an_id_has_the_same_key_whenever_it_is_read() -> None:
    one = annotation(id=None)
    assert claim_in(one).key == claim_in(one).key
    other = {"source": PAGE, "selector": {**QUOTED, "exact": "Prices"}}
    assert claim_in(one).key != claim_in({**one, "target": other}).key


RUBBISH: list[Any] = [None, True, 1, 1.5, "", "x", [], [[]], {}, {"a": {}}, [None, 1, "x", {}],
                      {"id": []}, {"type": {}}, {"value": {"value": 1}}]  # fmt: skip


@pytest.mark.parametrize("key", ["@context", "id", "type", "motivation", "body", "target",
                                 "bodyValue", "creator", "created", "via"])  # fmt: skip
def test_no_value_of_any_key_breaks_the_reader(key: str) -> None:
    for rubbish in RUBBISH:
        assert read([annotation(**{key: rubbish})])
        assert read(annotation(body=[{"purpose": rubbish, "source": rubbish, "value": rubbish}]))
        quote = {"type": "TextQuoteSelector", "exact": rubbish, "prefix": rubbish}
        place = {"type": "TextPositionSelector", "start": rubbish, "end": rubbish}
        selector = [{**quote, "refinedBy": rubbish}, place]
        assert read(annotation(target={"source": PAGE, "selector": selector}))
        assert read(annotation(target={"source": rubbish, "selector": rubbish, "scope": rubbish}))


DEEP = b"[" * 900 + b"]" * 900


@pytest.mark.parametrize("raw", [b"", b"rubbish", b"[", b"{", b"\xff", "{é}".encode("latin-1"),
                                 b'{"items": 3}', b'{"target":' + b"[" * 5000, b"[1, null]",
                                 b'{"via":' + DEEP + b',"target":"x"}'])  # fmt: skip
def test_no_file_breaks_the_reader(raw: bytes) -> None:
    assert all(isinstance(one, Refused) for one in read(raw) + read(raw + b"\n" + raw))
