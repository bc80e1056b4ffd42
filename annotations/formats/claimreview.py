"""ClaimReview (schema.org), as search engines and aggregators of fact checks read it.

Only what is known is said: a claim nobody is named for has no author, an article without an
address has none, a rating off the axis has no number. Only published rulings go out. A file is a
Data Commons DataFeed, an element a claim; what is read of other people's is in
`claimreview_reading`.
"""

import datetime
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from annotations.formats import pages, record
from annotations.formats.claimreview_reading import read as read
from annotations.formats.contract import Record, WriteAsked
from annotations.formats.offsets import Unit
from annotations.formats.record import Part

SLUG = "claimreview"
NAME = "ClaimReview (schema.org) in a Data Commons DataFeed"
MEDIA_TYPE = "application/ld+json"
ENDING = "json"
LOSSLESS = False
UNPUBLISHED = "Claims without a published ruling, and those whose ruling is withdrawn."
TEXTS = "The article's text, and where in it a claim stands."
VERDICTS = "The verdicts that a ruling was made from."
EVIDENCE = "The evidence of a ruling: the claim's own page shows it."
EARLIER = "What a ruling said before it was corrected."
WHAT = "Of which kind a claim is, and its topics."
AGAIN = "Further articles with a claim that is in the feed already."
DROPS = (UNPUBLISHED, TEXTS, VERDICTS, EVIDENCE, EARLIER, WHAT, AGAIN)
UNITS: tuple[Unit, ...] = ()

CONTEXT = "https://schema.org"
# Within a script element these could end it, or begin what swallows its end.
BREAKING = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Reported:
    """A document in which the claim stands."""

    title: str
    address: str = ""
    publisher: str = ""
    date: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A published ruling with its claim; addresses are absolute.

    `value`, `best` and `worst` are those of the rating's own scale; None for a rating off its axis.
    """

    address: str
    statement: str
    rating: str
    definition: str
    value: float | None
    best: float | None
    worst: float | None
    summary: str
    desk: str
    site: str
    published: datetime.datetime
    changed: datetime.datetime
    claimant: str = ""
    claimant_role: str = ""
    claimant_wikidata: str = ""
    said_on: datetime.date | None = None
    first_address: str = ""
    appearances: Sequence[Reported] = ()


def write(records: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    """A feed of the rulings in force; a claim of several articles is in it once."""
    head = said({"@context": CONTEXT, "@type": "DataFeed", "name": asked.desk})
    yield orjson.dumps(head)[:-1] + b',"dataFeedElement":['
    written: set[str] = set()
    latest = ""
    for one in records:
        asked.dropped[TEXTS] += len(one["revisions"][:1])
        for claim in one["claims"]:
            review = review_of(one, claim, asked)
            if review is None or claim["id"] in written:
                asked.dropped[AGAIN if review else UNPUBLISHED] += 1
                continue
            _count(claim, asked)
            yield (b",\n" if written else b"\n") + orjson.dumps(_element(review))
            written.add(claim["id"])
            latest = max(latest, review.changed.astimezone(datetime.UTC).isoformat())
    yield b"\n]" + (b',"dateModified":"%s"' % latest.encode() if latest else b"") + b"}\n"


def review_of(made: Record, claim: Part, asked: WriteAsked) -> Review | None:
    """What a record says of a claim; None where no ruling is in force."""
    current = record.ruling(claim)
    if current is None or current["rating"] is None:
        return None
    scale = record.scale(made)
    value = scale[current["rating"]]["value"] if current["rating"] in scale else None
    axis = [one["value"] for one in scale.values() if one["retired_at"] is None]
    values = [one for one in [value, *axis] if one is not None]
    who = claim["claimant"] or {"name": "", "role": "", "wikidata_id": ""}
    article = made["article"]
    first = min(claim["rulings"], key=lambda one: one["number"])
    return Review(
        address=pages.claim(asked.site, claim["id"]),
        statement=claim["statement"],
        rating=current["rating_name"],
        definition=current["rating_definition"],
        value=value,
        best=max(values, default=None),
        worst=min(values, default=None),
        summary=current["summary"],
        desk=asked.desk or made["project"]["name"],
        site=asked.site + "/",
        published=datetime.datetime.fromisoformat(first["made_at"]),
        changed=datetime.datetime.fromisoformat(current["made_at"]),
        claimant=who["name"],
        claimant_role=who["role"],
        claimant_wikidata=who["wikidata_id"],
        said_on=record.day(claim["said_on"]),
        first_address=claim["first_address"],
        appearances=[
            Reported(
                article["title"],
                article["address"],
                article["publisher"],
                record.day(article["date"]),
            )
        ],
    )


def _element(review: Review) -> dict[str, Any]:
    return {
        "@type": "DataFeedItem",
        "dateCreated": review.published.isoformat(),
        "dateModified": review.changed.isoformat(),
        "item": [claim_review(review)],
    }


def _count(claim: Part, asked: WriteAsked) -> None:
    """Count what of a claim its review leaves out."""
    asked.dropped[VERDICTS] += len(claim["verdicts"])
    asked.dropped[EVIDENCE] += sum(len(one["evidence"]) for one in record.said(claim))
    asked.dropped[EARLIER] += len(claim["rulings"]) - 1
    asked.dropped[WHAT] += 1


def claim_review(review: Review) -> dict[str, Any]:
    """The review as a JSON-LD object."""
    return said(
        {
            "@context": CONTEXT,
            "@type": "ClaimReview",
            "@id": review.address,
            "url": review.address,
            "claimReviewed": review.statement,
            "datePublished": review.published.isoformat(),
            "dateModified": review.changed.isoformat(),
            "reviewBody": review.summary,
            "author": {"@type": "Organization", "name": review.desk, "url": review.site},
            "reviewRating": _rating(review),
            "itemReviewed": _claim(review),
        }
    )


def _rating(review: Review) -> dict[str, Any]:
    on_axis = review.value is not None
    return said(
        {
            "@type": "Rating",
            "alternateName": review.rating,
            "ratingValue": number(review.value),
            "bestRating": number(review.best) if on_axis else None,
            "worstRating": number(review.worst) if on_axis else None,
            "ratingExplanation": review.definition,
        }
    )


def _claim(review: Review) -> dict[str, Any]:
    # Whether a person or a body said it is not known, so the claimant is neither.
    wikidata = review.claimant_wikidata
    claimant = {
        "@type": "Thing",
        "name": review.claimant,
        "description": review.claimant_role,
        "sameAs": f"https://www.wikidata.org/entity/{wikidata}" if wikidata else "",
    }
    first = {"@type": "CreativeWork", "url": review.first_address}
    return said(
        {
            "@type": "Claim",
            "author": said(claimant) if review.claimant else None,
            "datePublished": review.said_on.isoformat() if review.said_on else None,
            "firstAppearance": first if review.first_address else None,
            "appearance": [_appearance(one) for one in review.appearances],
        }
    )


def _appearance(one: Reported) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": one.publisher} if one.publisher else None
    return said(
        {
            "@type": "Article",
            "headline": one.title,
            "url": one.address,
            "publisher": publisher,
            "datePublished": one.date.isoformat() if one.date else None,
        }
    )


def said(thing: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    return {key: value for key, value in thing.items() if value not in (None, "", [])}


def number(value: float | None) -> float | int | None:
    """A whole number without a decimal point."""
    return int(value) if value is not None and value == int(value) else value


def in_a_script(thing: dict[str, Any]) -> str:
    """JSON that nothing in it can end: it stands in a page's script element as it is."""
    return json.dumps(thing, ensure_ascii=False).translate(BREAKING)
