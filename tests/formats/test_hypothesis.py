"""Annotations of Hypothes.is come in as its API gives them, and go out as it has them."""

import gzip
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from annotations.formats import hypothesis, record
from annotations.formats.contract import ReadAsked, WriteAsked
from annotations.formats.given import ArticleGiven, ClaimGiven, Found, QuoteGiven, Refused, Unit
from annotations.formats.quotes import Quotes
from annotations.rules.verdicts import EvidenceGiven
from tests.formats.records import TEXT, hard_record, seed_record

SITE = "https://check.example.org"
BOTH = (Unit.UTF16, Unit.CODEPOINT)
PAGE = "https://news.example.org/rent"


def row(**more: Any) -> dict[str, Any]:
    """A row as the API answers a search with it."""
    return {
        "id": "jCmBDEvgEeu8-XNVH5vMYg", "created": "2020-12-31T22:16:35.430432+00:00",
        "updated": "2020-12-31T22:16:35.430432+00:00", "user": "acct:ada_l@hypothes.is",
        "uri": PAGE, "text": "Not so: see the *ledger*.", "tags": ["rent", "False", "ledger"],
        "group": "__world__",
        "permissions": {
            "read": ["group:__world__"], "admin": ["acct:ada_l@hypothes.is"],
            "update": ["acct:ada_l@hypothes.is"], "delete": ["acct:ada_l@hypothes.is"],
        },
        "target": [{"source": PAGE, "selector": [
            {"type": "RangeSelector", "startOffset": 12, "endOffset": 19,
             "startContainer": "/div[1]/p[2]", "endContainer": "/div[1]/p[2]"},
            {"type": "TextPositionSelector", "start": 1208, "end": 1215},
            {"type": "TextQuoteSelector", "exact": "doubled", "prefix": "The rent\n      ",
             "suffix": " in a year"},
        ]}],
        "document": {"title": ["Rents — The Gazette"]},
        "links": {"html": "https://hypothes.is/a/jCmBDEvgEeu8-XNVH5vMYg",
                  "incontext": "https://hyp.is/jCmBDEvgEeu8-XNVH5vMYg/news.example.org/rent",
                  "json": "https://hypothes.is/api/annotations/jCmBDEvgEeu8-XNVH5vMYg"},
        "flagged": False, "hidden": False, "user_info": {"display_name": "Ada L."},
        **more,
    }  # fmt: skip


def target(*selectors: Any) -> list[dict[str, Any]]:
    return [{"source": PAGE, "selector": list(selectors)}]


def written(*records: Any) -> bytes:
    return b"".join(hypothesis.write(iter(records), WriteAsked(site=SITE)))


def read(raw: Any, asked: ReadAsked | None = None) -> list[Found | Refused]:
    raw = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return list(hypothesis.read(io.BytesIO(raw), asked or ReadAsked()))


def articles(found: Iterable[Found | Refused]) -> list[ArticleGiven]:
    assert all(isinstance(one, Found) for one in found), found
    return [one.article for one in found if isinstance(one, Found)]


def claim_in(one: Any) -> ClaimGiven:
    ((claim,),) = (article.claims for article in articles(read([one])))
    return claim


def why(one: Any) -> str:
    (refused,) = read([one])
    assert isinstance(refused, Refused)
    assert refused.line == 1
    return refused.sentence


def reduced(made: dict[str, Any]) -> ArticleGiven:
    """The record less what the format declares to drop, its places as quotes in UTF-16."""
    whole = record.given(made)
    address = whole.address or f"{SITE}/articles/{made['article']['slug']}/"
    claims = []
    for claim, (_, here) in zip(whole.claims, record.standing(made), strict=True):
        verdicts = tuple(
            replace(one, evidence=tuple(EvidenceGiven(address=piece.address)
                                        for piece in one.evidence if piece.address))
            for one in claim.verdicts
        )  # fmt: skip
        quotes = tuple(
            QuoteGiven(one["quote"], one["prefix"], one["suffix"],
                       len(whole.text[: one["start"]].encode("utf-16-le")) // 2,
                       len(whole.text[: one["end"]].encode("utf-16-le")) // 2, BOTH)
            for one in here
        )  # fmt: skip
        statement = " ".join(here[0]["quote"].split())
        claims.append(ClaimGiven(claim.key, statement, (), topics=claim.topics,
                                 verdicts=verdicts, quotes=quotes))  # fmt: skip
    return ArticleGiven(address, address=address, title=whole.title, claims=tuple(claims))


@pytest.mark.parametrize("make", [seed_record, hard_record])
def test_what_was_written_is_read_again(make: Any) -> None:
    (article,) = articles(read(written(make())))
    assert article == reduced(make())
    text = Quotes(make()["revisions"][-1]["text"])
    for claim, whole in zip(article.claims, record.given(make()).claims, strict=True):
        assert text.claim(claim).places == whole.places


def test_what_is_written_has_the_shape_of_the_api() -> None:
    made = json.loads(written(hard_record(), seed_record()))
    assert made["total"] == len(made["rows"])
    assert len({one["id"] for one in made["rows"]}) == made["total"]
    for one in made["rows"]:
        assert set(one) == {*row(), "references"}
        assert len(one["id"]) == 22
        assert len(one["target"]) == 1


def test_a_row_is_a_verdict_with_its_sources_and_a_further_place_is_a_mark() -> None:
    first, second, mark, *_ = json.loads(written(hard_record()))["rows"]
    assert first["tags"] == ["rating:true", "prices", "economy"]
    assert first["user"] == "acct:Finch@check.example.org"
    assert first["text"].endswith("a ; too.\n\nSources:\n- <https://example.org/a?b=c&d=%20e>")
    assert second["tags"][0] == "rating:false"
    assert (mark["tags"], mark["text"]) == (["prices", "economy"], "")
    position = mark["target"][0]["selector"][0]
    before = TEXT[: TEXT.index("😀") + 1]
    assert position["start"] == len(before.encode("utf-16-le")) // 2 > len(before)
    assert first["links"] == second["links"] == mark["links"]


def test_what_is_left_out_is_counted() -> None:
    made = hard_record()
    made["claims"][0]["topics"] = ["prices", "True", "rating:low"]
    asked = WriteAsked(site=SITE)
    raw = b"".join(hypothesis.write([made], asked))
    assert asked.dropped[hypothesis.TOPICS] == 2
    assert asked.dropped[hypothesis.QUESTIONS] == 1
    assert set(asked.dropped) <= set(hypothesis.DROPS)
    assert articles(read(raw))[0].claims[0].topics == ("prices",)


def test_a_row_of_the_api_is_a_claim_with_a_verdict() -> None:
    (found,) = read({"total": 1, "rows": [row()]})
    assert isinstance(found, Found)
    article = found.article
    assert (article.key, article.address, article.title) == (PAGE, PAGE, "Rents — The Gazette")
    (claim,) = article.claims
    assert claim.key == "jCmBDEvgEeu8-XNVH5vMYg"
    assert (claim.statement, claim.topics, claim.kept) == ("doubled", ("rent", "ledger"), {})
    assert claim.quotes == (
        QuoteGiven("doubled", "The rent\n      ", " in a year", 1208, 1215, BOTH),
    )
    (verdict,) = claim.verdicts
    assert (verdict.rating, verdict.by) == ("False", "ada_l")
    assert verdict.rationale == "Not so: see the *ledger*."
    assert verdict.at
    assert verdict.at.isoformat() == "2020-12-31T22:16:35.430432+00:00"


FORMS = {
    "the API": json.dumps({"total": 200, "rows": [row(), row(id="2")]}).encode(),
    "a client's export": json.dumps(
        {"export_date": "2023-01-01", "client_version": "1", "annotations": [row(), row(id="2")]},
        indent=2,
    ).encode(),
    "a list": json.dumps([row(), row(id="2")]).encode(),
    "lines": b"\r\n".join(json.dumps(one).encode() for one in (row(), row(id="2"))),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_file_is_read(form: str) -> None:
    for raw in (FORMS[form], b"\xef\xbb\xbf" + FORMS[form], gzip.compress(FORMS[form])):
        (article,) = articles(read(raw))
        assert [claim.key for claim in article.claims] == ["jCmBDEvgEeu8-XNVH5vMYg", "2"]


@pytest.mark.parametrize(
    ("given", "ratings", "expected"),
    [
        ([], None, ("", ())),
        (["rent", "Mostly true"], None, ("Mostly true", ("rent",))),
        (["Rating: Pants on fire", "false"], None, ("Pants on fire", ("false",))),
        (["bogus", "rent"], None, ("", ("bogus", "rent"))),
        (["bogus", "rent", "false"], ["Bogus"], ("bogus", ("rent", "false"))),
        (["false", "false", " ", "x", "x"], None, ("false", ("x",))),
    ],
)
def test_a_rating_is_told_among_the_tags(
    given: list[str], ratings: list[str] | None, expected: tuple[str, tuple[str, ...]]
) -> None:
    asked = ReadAsked(ratings=ratings) if ratings else ReadAsked()
    (article,) = articles(read([row(tags=given)], asked))
    (claim,) = article.claims
    assert (claim.verdicts[0].rating, claim.topics) == expected


def test_two_ratings_and_a_note_on_a_page_are_refused() -> None:
    assert "more than one rating" in why(row(tags=["true", "false"]))
    assert "on a whole page" in why(row(target=[{"source": PAGE}]))
    assert "on a whole page" in why(row(target=target({"type": "RangeSelector"})))
    assert "no “uri”" in why({"text": "x"})
    bad = {"type": "TextPositionSelector", "start": "1", "end": None}
    assert "no whole number" in why(row(target=target(bad)))


def test_replies_are_left_out_and_counted() -> None:
    asked = ReadAsked()
    raw = {"rows": [row(references=["a"]), row()], "replies": [row(references=["a", "b"])]}
    assert len(articles(read(raw, asked))) == 1
    assert asked.left_out == {hypothesis.REPLIES: 2}


def test_a_mark_without_words_or_tags_has_no_verdict() -> None:
    assert claim_in(row(text="", tags=[])).verdicts == ()


def test_sources_at_the_end_of_a_text_are_evidence_and_other_links_are_words() -> None:
    text = (
        "See <https://s.example/0>.\n\nSources:\n- <https://s.example/1>\n- <https://s.example/2>"
    )
    (verdict,) = claim_in(row(text=text)).verdicts
    assert verdict.rationale == "See <https://s.example/0>."
    assert [one.address for one in verdict.evidence] == [
        "https://s.example/1", "https://s.example/2",
    ]  # fmt: skip


def test_a_private_note_is_known_to_be_one_and_goes_out_as_one() -> None:
    private = {"read": ["acct:ada_l@hypothes.is"], "admin": [], "update": [], "delete": []}
    kept = claim_in(row(permissions=private, group="Zx9", hidden=True)).kept
    assert kept == {"group": "Zx9", "hidden": True, "permissions": private}
    made = hard_record()
    made["claims"] = [{**made["claims"][1], "kept": {"hypothesis": dict(kept)}}]
    (one,) = json.loads(written(made))["rows"]
    assert (one["group"], one["permissions"]) == ("Zx9", private)
    assert articles(read(written(made)))[0].claims[0].kept == kept


RUBBISH: list[Any] = [None, True, 1, 1.5, "", "x", [], [[]], {}, {"a": {}}, [None, 1, "x", {}],
                      {"read": [[1]]}, {"title": 3}, {"html": 3}, -1, 10**30]  # fmt: skip


@pytest.mark.parametrize("key", row())
def test_no_value_of_any_key_breaks_the_reader(key: str) -> None:
    for rubbish in RUBBISH:
        assert all(isinstance(one, Found | Refused) for one in read([row(**{key: rubbish})]))
        place = {"type": "TextPositionSelector", "start": rubbish, "end": rubbish}
        quote = {"type": "TextQuoteSelector", "exact": rubbish, "prefix": rubbish}
        assert read([row(target=target(place, quote, rubbish))])


DEEP = b'{"rows":' + b"[" * 5000


@pytest.mark.parametrize("raw", [b"", b"rubbish", b"[", b"{", b"\xff", "{é}".encode("latin-1"),
                                 b'{"rows": 3}', DEEP, b"[1, null]"])  # fmt: skip
def test_no_file_breaks_the_reader(raw: bytes) -> None:
    assert all(isinstance(one, Refused) for one in read(raw) + read(raw + b"\n" + raw))
