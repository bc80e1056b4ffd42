"""ClaimReview (schema.org), as search engines and aggregators of fact checks read it.

Only what is known is said: a claim nobody is named for has no author, an article without an
address has none, a rating off the axis has no number.
"""

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
