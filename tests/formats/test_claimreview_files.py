"""ClaimReviews go out as a feed of what is published, and come in however untidy they are."""

import datetime
import gzip
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from annotations.formats import claimreview, claimreview_reading, record
from annotations.formats.contract import ReadAsked, WriteAsked
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    PlaceGiven,
    Refused,
    VerdictGiven,
)
from annotations.rules.verdicts import EvidenceGiven
from tests.formats.records import hard_record, seed_record

SITE = "https://check.example.org"
UTC = datetime.UTC
URL = "https://facts.example.com/2020/rent/"


def review(**more: Any) -> dict[str, Any]:
    """A review as a checkers' page has it."""
    return {
        "@context": "http://schema.org", "@type": "ClaimReview", "url": URL,
        "datePublished": "2020-10-07", "claimReviewed": "Rents doubled in a year.",
        "author": {"@type": "Organization", "name": "Facts", "url": "https://facts.example.com"},
        "reviewRating": {"@type": "Rating", "ratingValue": "1", "bestRating": "5",
                         "worstRating": "1", "alternateName": "Pants on fire!"},
        "itemReviewed": {
            "@type": "Claim", "datePublished": "2020-09-30",
            "author": {"@type": "Person", "name": "Ada Quill", "jobTitle": "Mayor"},
            "firstAppearance": {"@type": "CreativeWork", "url": "https://example.org/speech"},
            "appearance": [{"@type": "NewsArticle", "url": "https://news.example.org/1"}],
        },
        **more,
    }  # fmt: skip


def written(*records: Any) -> Any:
    asked = WriteAsked(site=SITE, desk="Desk")
    return json.loads(b"".join(claimreview.write(iter(records), asked)))


def read(raw: Any, asked: ReadAsked | None = None) -> list[Found | Refused]:
    raw = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return list(claimreview.read(io.BytesIO(raw), asked or ReadAsked()))


def articles(found: Iterable[Found | Refused]) -> list[ArticleGiven]:
    assert all(isinstance(one, Found) for one in found), found
    return [one.article for one in found if isinstance(one, Found)]


def one_of(thing: Any) -> tuple[ArticleGiven, ClaimGiven, VerdictGiven]:
    (article,) = articles(read(thing))
    (claim,) = article.claims
    (verdict,) = claim.verdicts
    return article, claim, verdict


def published(made: dict[str, Any]) -> list[tuple[Any, Any]]:
    """The claims of a record with their rulings in force."""
    return [(one, ruling) for one in made["claims"] if (ruling := record.ruling(one))]


def hard_and_published() -> dict[str, Any]:
    """The hard record with a ruling on its first claim, and one withdrawn on its second."""
    made = hard_record()
    ruling = {
        "id": "0193a0de-0000-7000-8000-000000000d01", "number": 1, "kind": "publication",
        "rating": "mostly-true", "rating_name": "Mostly true", "rating_definition": "Accurate.",
        "summary": "</script> & “so”", "reason": "", "note": "", "correction": "",
        "made_by": "Wren", "made_at": "2025-03-04T10:00:00+00:00", "superseded_at": None,
        "evidence": [],
    }  # fmt: skip
    later = {"number": 2, "kind": "correction", "made_at": "2025-03-05T10:00:00+02:00"}
    made["claims"][0] |= {"state": "corrected", "first_address": "https://example.org/speech",
                          "rulings": [{**ruling, "superseded_at": later["made_at"]},
                                      {**ruling, **later}]}  # fmt: skip
    gone = {"number": 2, "kind": "withdrawal", "rating": None, "rating_name": ""}
    made["claims"][1] |= {"state": "withdrawn", "rulings": [{**ruling, **gone}]}
    made["claims"][2] |= {"state": None, "rulings": [{**ruling, **gone}]}
    return made


def reduced(made: dict[str, Any], claim: dict[str, Any], ruling: dict[str, Any]) -> ArticleGiven:
    """The claim less what the feed drops, as an article of its own with the ruling as verdict."""
    (whole,) = (one for one in record.given(made).claims if one.key == claim["id"])
    given = record.given(made)
    is_elsewhere = bool(claim["first_address"])
    at = datetime.datetime.fromisoformat(
        min(claim["rulings"], key=lambda one: one["number"])["made_at"]
    )
    page = f"{SITE}/claims/{claim['id']}/"
    cited = EvidenceGiven(address=page, type="fact_check", publisher="Desk", date=at.date())
    value = record.scale(made)[ruling["rating"]]["value"]
    numbers = {"ratingValue": value, "bestRating": 5, "worstRating": 1} if value else {}
    return ArticleGiven(
        key=claim["id"],
        text=claim["statement"],
        title="" if is_elsewhere or not given.address else given.title,
        publisher="" if is_elsewhere or not given.address else given.publisher,
        date=None if is_elsewhere or not given.address else given.date,
        address=claim["first_address"] or given.address,
        claims=(
            replace(
                whole,
                places=(PlaceGiven(0, len(claim["statement"])),),
                kind="",
                topics=(),
                kept=numbers,
                verdicts=(
                    VerdictGiven(ruling["rating_name"], ruling["summary"], (cited,), "Desk", at),
                ),
            ),
        ),
    )


@pytest.mark.parametrize("make", [seed_record, hard_and_published])
def test_what_was_published_is_read_again(make: Any) -> None:
    made = make()
    expected = [
        reduced(made, claim, ruling) for claim, ruling in published(made) if ruling["rating"]
    ]
    assert expected
    assert articles(read(written(made))) == expected


def test_the_feed_holds_what_is_in_force_and_nothing_else() -> None:
    made = hard_and_published()
    feed = written(made, made)
    (element,) = feed["dataFeedElement"]
    assert (feed["@type"], feed["name"]) == ("DataFeed", "Desk")
    assert feed["dateModified"] == "2025-03-05T08:00:00+00:00"
    assert element["dateCreated"] == "2025-03-04T10:00:00+00:00"
    (found,) = element["item"]
    assert found["url"] == f"{SITE}/claims/{made['claims'][0]['id']}/"
    rating = found["reviewRating"]
    assert (rating["worstRating"], rating["ratingValue"], rating["bestRating"]) == (1, 4, 5)
    assert written() == {"@context": "https://schema.org", "@type": "DataFeed", "name": "Desk",
                         "dataFeedElement": []}  # fmt: skip


def test_a_retired_rating_lies_between_worst_and_best() -> None:
    made = hard_and_published()
    scale = [{**one, "value": 9, "retired_at": "2025-01-01"} if one["slug"] == "mostly-true"
             else one for one in made["project"]["scale"]]  # fmt: skip
    made["project"] = {**made["project"], "scale": scale}
    rating = written(made)["dataFeedElement"][0]["item"][0]["reviewRating"]
    assert (rating["worstRating"], rating["ratingValue"], rating["bestRating"]) == (1, 9, 9)


def test_what_is_left_out_is_counted() -> None:
    made = hard_and_published()
    asked = WriteAsked(site=SITE)
    list(claimreview.write([made, made], asked))
    assert asked.dropped[claimreview.UNPUBLISHED] == 2 * (len(made["claims"]) - 1)
    assert asked.dropped[claimreview.EARLIER] == asked.dropped[claimreview.AGAIN] == 1
    assert set(asked.dropped) <= set(claimreview.DROPS)


def test_a_review_is_a_claim_in_an_article_of_its_own() -> None:
    article, claim, verdict = one_of(review())
    assert article == ArticleGiven(
        key=article.key, text="Rents doubled in a year.", address="https://example.org/speech",
        claims=(claim,),
    )  # fmt: skip
    assert claim == ClaimGiven(
        key=article.key, statement="Rents doubled in a year.", places=(PlaceGiven(0, 24),),
        claimant="Ada Quill", claimant_role="Mayor", said_on=datetime.date(2020, 9, 30),
        first_address="https://example.org/speech", verdicts=(verdict,),
        kept={"ratingValue": 1, "bestRating": 5, "worstRating": 1},
    )  # fmt: skip
    assert verdict == VerdictGiven(
        rating="Pants on fire!", by="Facts", at=datetime.datetime(2020, 10, 7, tzinfo=UTC),
        evidence=(EvidenceGiven(address=URL, type="fact_check", publisher="Facts",
                                date=datetime.date(2020, 10, 7)),),
    )  # fmt: skip


TWO = (review(), review(claimReviewed="Rents fell."))
FEED = {
    "@context": "https://schema.org", "@type": "DataFeed", "dateModified": "2021-01-01",
    "dataFeedElement": [
        {"@type": "DataFeedItem", "dateCreated": "2021-01-01", "item": [TWO[0]], "url": URL},
        {"@type": "DataFeedItem", "item": TWO[1]},
    ],
}  # fmt: skip
FORMS = {
    "a list": json.dumps(TWO).encode(), "lines": "\r\n".join(map(json.dumps, TWO)).encode(),
    "a feed": json.dumps(FEED).encode(),
    "a feed on many lines": json.dumps(FEED, indent=2).encode(),
    "feeds in a list": json.dumps([FEED]).encode(),
    "a graph": json.dumps({"@graph": [{"@type": "WebPage"}, *TWO]}).encode(),
    "a list of items": json.dumps(
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": x} for x in TWO]}
    ).encode(),
    "one element": json.dumps({"@type": "DataFeedItem", "item": list(TWO)}).encode(),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_file_is_read(form: str) -> None:
    for raw in (FORMS[form], b"\xef\xbb\xbf" + FORMS[form], gzip.compress(FORMS[form])):
        found = articles(read(raw))
        assert [one.text for one in found] == ["Rents doubled in a year.", "Rents fell."]
        assert len({one.key for one in found}) == 2


def test_an_element_without_an_item_and_a_review_without_a_claim_cost_themselves() -> None:
    feed = {"dataFeedElement": [{"@type": "DataFeedItem", "item": None}, {"item": review()}, 3,
                                {"item": review(claimReviewed=" ")}, {"item": [None]}]}  # fmt: skip
    empty, good, number, bare, null = read(feed)
    assert isinstance(good, Found)
    expected = [(empty, 1, "no item"), (number, 3, "one JSON object"), (bare, 4, "claimReviewed"),
                (null, 5, "one JSON object")]  # fmt: skip
    for refused, line, says in expected:
        assert isinstance(refused, Refused)
        assert refused.line == line
        assert says in refused.sentence


def test_other_things_are_left_out_and_counted() -> None:
    asked = ReadAsked()
    assert articles(read([{"@type": "WebPage"}, {"@type": "NewsArticle"}, review()], asked))
    assert asked.left_out == {claimreview_reading.OTHERS: 2}


@pytest.mark.parametrize(
    ("rating", "word", "numbers"),
    [
        ({"ratingValue": "1", "bestRating": "1", "worstRating": "5", "alternateName": "Falso"},
         "Falso", (1, 5, 1)),
        ({"ratingValue": 2, "bestRating": 5, "worstRating": 1}, "2 of 5", (2, 5, 1)),
        ({"ratingValue": "Mostly false", "bestRating": "-"}, "Mostly false", ()),
        ({"ratingValue": "3"}, "3", (3,)),
        ([{"alternateName": ["", "False"], "ratingValue": [1]}], "False", (1,)),
        ({"alternateName": "Half&nbsp;true &amp; half not"}, "Half\u00a0true & half not", ()),
        ({"alternateName": None, "name": "Wrong"}, "Wrong", ()),
        ("False", "False", ()),
        (None, "", ()),
        ({"ratingValue": "NaN", "bestRating": True}, "NaN", ()),
    ],
)  # fmt: skip
def test_a_rating_is_its_word_and_its_numbers_are_put_right(
    rating: Any, word: str, numbers: tuple[float, ...]
) -> None:
    _, claim, verdict = one_of(review(reviewRating=rating))
    assert (verdict.rating, tuple(claim.kept.values())) == (word, numbers)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2020-10-07 20:05", datetime.datetime(2020, 10, 7, 20, 5, tzinfo=UTC)),
        ("2020-10-07T20:05:09.5Z", datetime.datetime(2020, 10, 7, 20, 5, 9, 500000, tzinfo=UTC)),
        ("2020-10-07 20:05:00 UTC", datetime.datetime(2020, 10, 7, 20, 5, tzinfo=UTC)),
        ("2020-10-07T22:05:00+0200", datetime.datetime(2020, 10, 7, 20, 5, tzinfo=UTC)),
        ("Wed, 07 Oct 2020 20:05:00 GMT", datetime.datetime(2020, 10, 7, 20, 5, tzinfo=UTC)),
        (["2020-10-07"], datetime.datetime(2020, 10, 7, tzinfo=UTC)),
        ("07/10/2020", None), ("soon", None), (20201007, None), ("", None), ("0000-00-00", None),
    ],
)  # fmt: skip
def test_a_moment_is_read_where_it_can_be_no_other(
    written: Any, at: datetime.datetime | None
) -> None:
    assert one_of(review(datePublished=written))[2].at == at


def test_old_markup_has_the_work_in_place_of_the_claim() -> None:
    work = {"@type": "CreativeWork", "url": "https://example.org/post", "author": ["Ada", "Bo"],
            "datePublished": "2020-09-30 08:00", "name": "A post"}  # fmt: skip
    article, claim, _ = one_of(review(itemReviewed=work))
    assert (article.address, article.title) == ("https://example.org/post", "A post")
    assert (claim.claimant, claim.first_address) == ("Ada, Bo", "")
    assert claim.said_on == datetime.date(2020, 9, 30)
    own = one_of(review(itemReviewed={"@type": "CreativeWork", "url": URL}))[0]
    assert own.address == ""


@pytest.mark.parametrize(
    ("reviewed", "address"),
    [
        ({"appearance": "https://news.example.org/1"}, "https://news.example.org/1"),
        ({"appearance": [{"name": "On air"}, {"@id": "https://news.example.org/2"}]},
         "https://news.example.org/2"),
        ({"firstAppearance": ["https://example.org/x"]}, "https://example.org/x"),
        ({"appearance": {"url": "javascript:alert(1)"}}, ""),
    ],
)  # fmt: skip
def test_where_a_claim_appeared_is_told_in_many_ways(reviewed: Any, address: str) -> None:
    assert one_of(review(itemReviewed={"@type": "Claim", **reviewed}))[0].address == address


def test_what_googles_search_answers_is_read() -> None:
    answer = {"claims": [{
        "text": "Rents doubled.", "claimant": "Ada Quill", "claimDate": "2020-09-30T00:00:00Z",
        "claimReview": [
            {"publisher": {"name": "Facts", "site": "facts.example.com"}, "url": URL,
             "title": "Did rents double?", "reviewDate": "2020-10-07T00:00:00Z",
             "textualRating": "False. They rose by 4%.", "languageCode": "en"},
            {"publisher": {"name": "Checks"}, "url": "https://c.example/1", "textualRating": "No"},
        ],
    }], "nextPageToken": "x"}  # fmt: skip
    first, second = articles(read(answer))
    (verdict,) = first.claims[0].verdicts
    assert (first.text, first.language, first.claims[0].claimant) == (
        "Rents doubled.", "en", "Ada Quill",
    )  # fmt: skip
    assert (verdict.rating, verdict.by) == ("False. They rose by 4%.", "Facts")
    assert verdict.evidence[0].title == "Did rents double?"
    assert second.claims[0].verdicts[0].rating == "No"


RUBBISH: list[Any] = [None, True, 1, 1.5, "", "x", [], [[]], {}, {"a": {}}, [None, 1, "x", {}],
                      {"name": [[1]]}, {"url": {"url": 3}}, -1, 10**30, {"@value": 3}]  # fmt: skip


@pytest.mark.parametrize("key", [*review(), "headline", "description", "inLanguage", "item",
                                 "mainEntityOfPage", "claimReview", "@graph"])  # fmt: skip
def test_no_value_of_any_key_breaks_the_reader(key: str) -> None:
    for rubbish in RUBBISH:
        bare = {"@type": "Thing", key: rubbish}
        assert all(
            isinstance(one, Found | Refused) for one in read([review(**{key: rubbish}), bare])
        )
        for inner in ("author", "appearance", "firstAppearance", "datePublished", "name"):
            read([review(itemReviewed={"@type": "Claim", inner: rubbish})])
        for inner in ("alternateName", "ratingValue", "bestRating", "ratingExplanation"):
            read([review(reviewRating={inner: rubbish})])


MANY_DIGITS = b'[{"claimReviewed": %s}]' % (b"1" * 9000)
DEEP = b'{"dataFeedElement":' + b"[" * 5000


@pytest.mark.parametrize("raw", [b"", b"rubbish", b"[", b"{", b"\xff", "{é}".encode("latin-1"),
                                 b'{"claims": 3', DEEP, b"[1, null]", MANY_DIGITS])  # fmt: skip
def test_no_file_breaks_the_reader(raw: bytes) -> None:
    assert all(isinstance(one, Refused) for one in read(raw) + read(raw + b"\n" + raw))
