"""ClaimReviews as other people's pages and feeds have them, which is seldom as they should be.

Read are a review alone, a list, lines, a `@graph`, a Data Commons DataFeed, and what the search of
Google's Fact Check Tools answers. Values come as strings or numbers, single or in lists, with the
remains of HTML's entities, best and worst the wrong way round. A review becomes a claim in an
article of its own, whose text is the claim, with the review itself as the evidence of its verdict.
Keys are the claim's id where the review is a page of a site like this, else a hash of the review's
address and the claim.
"""

import hashlib
import html
import math
from collections.abc import Iterator, Mapping
from typing import Any

from annotations.formats import pages
from annotations.formats.annotated import several, types
from annotations.formats.contract import ReadAsked
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    PlaceGiven,
    Refused,
    VerdictGiven,
)
from annotations.formats.items import beginning, listed
from annotations.formats.lines import Bytes
from annotations.formats.moments import day, moment
from annotations.rules import words
from annotations.rules.claims import SourceType
from annotations.rules.verdicts import EvidenceGiven

Thing = Mapping[str, Any]

HOLDERS = ("dataFeedElement", "@graph", "itemListElement")
NO_ITEM = "This element of the feed has no item: its review was taken back, or never was there."
NO_CLAIM = "This review does not say what it reviews. Give the claim's words as claimReviewed."
NO_OBJECT = "A review has to be one JSON object, in braces."
OTHERS = "Other things than reviews of claims: pages, articles, organizations."


def read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    for item in listed(file, *HOLDERS, "claims"):
        if isinstance(item, Refused):
            yield item
            continue
        line, thing = item
        for review in _reviews(thing, line, asked):
            yield review if isinstance(review, Refused) else _read(review, line)


def _reviews(thing: Any, line: int, asked: ReadAsked) -> Iterator[Thing | Refused]:
    """The reviews in a thing, out of all that may hold some."""
    waiting = [thing]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, dict):
            yield Refused(line, NO_OBJECT, beginning(one))
        elif "ClaimReview" in types(one) or "claimReviewed" in one:
            yield one
        elif "claimReview" in one:
            yield from (_from_search(one, review) for review in several(one["claimReview"]))
        elif "item" in one:
            inner = several(one["item"])
            waiting += inner[::-1]
            if not inner:
                yield Refused(line, NO_ITEM, beginning(one))
        elif holder := next((key for key in HOLDERS if key in one), None):
            waiting += several(one[holder])[::-1]
        else:
            asked.left_out[OTHERS] += 1


def _from_search(found: Thing, review: Any) -> Thing:
    """What Google's search says of a claim and one review of it, as a ClaimReview says it."""
    told = review if isinstance(review, dict) else {}
    return {
        "claimReviewed": found.get("text"),
        "itemReviewed": {
            "@type": "Claim",
            "author": found.get("claimant"),
            "datePublished": found.get("claimDate"),
        },
        "url": told.get("url"),
        "headline": told.get("title"),
        "author": told.get("publisher"),
        "datePublished": told.get("reviewDate"),
        "reviewRating": {"alternateName": told.get("textualRating")},
        "inLanguage": told.get("languageCode"),
    }


def _read(review: Thing, line: int) -> Found | Refused:
    reviewed = _thing(review.get("itemReviewed"))
    is_claim = "Claim" in types(reviewed)
    claim = _text(review.get("claimReviewed")) or (is_claim and _text(reviewed.get("name"))) or ""
    if not claim:
        return Refused(line, NO_CLAIM, beginning(review))
    url = _address(review) or _address(review.get("mainEntityOfPage"))
    key = pages.claim_in(url) or _hash(url, claim)
    first = _work(reviewed.get("firstAppearance"))
    where = next(_works(reviewed, is_claim, url), {})
    who = reviewed.get("author") or reviewed.get("creator")
    return Found(
        line,
        ArticleGiven(
            key=key,
            text=claim,
            title=_line(where.get("headline") or where.get("name"), 300),
            publisher=_line(_names(where.get("publisher")), 200),
            address=_address(where),
            language=_text(review.get("inLanguage")),
            date=day(_one(where.get("datePublished"))),
            claims=(
                ClaimGiven(
                    key=key,
                    statement=words.shortened(claim, words.STATEMENT),
                    places=(PlaceGiven(0, len(claim)),),
                    claimant=_names(who),
                    claimant_role=_role(who),
                    said_on=day(_one(reviewed.get("datePublished"))),
                    first_address=_address(first),
                    verdicts=(_verdict(review, url),),
                    kept=_numbers(_thing(review.get("reviewRating"))),
                ),
            ),
        ),
    )


def _verdict(review: Thing, url: str) -> VerdictGiven:
    rating = _thing(review.get("reviewRating"))
    by = _names(review.get("author")) or _names(review.get("publisher"))
    said = [review.get("reviewBody"), review.get("description"), rating.get("ratingExplanation")]
    at = moment(_one(review.get("datePublished"))) or moment(_one(review.get("dateCreated")))
    cited = EvidenceGiven(
        address=url,
        type=SourceType.FACT_CHECK,
        title=_line(review.get("headline") or review.get("name"), 300),
        publisher=_line(by, 200),
        date=at.date() if at else None,
    )
    return VerdictGiven(
        rating=_rating(review.get("reviewRating")),
        rationale=next(filter(None, map(_text, said)), ""),
        evidence=(cited,) if url else (),
        by=by,
        at=at,
    )


def _rating(given: Any) -> str:
    """The rating's word; a number with the best that there is, where the file has no word."""
    rating = _thing(given)
    word = _text(rating.get("alternateName")) or _text(rating.get("name"))
    value = _text(rating.get("ratingValue")) if rating else _text(given)
    numbers = _numbers(rating)
    if not word and "ratingValue" in numbers and "bestRating" in numbers:
        return f"{numbers['ratingValue']:g} of {numbers['bestRating']:g}"
    return word or value


def _numbers(rating: Thing) -> dict[str, float]:
    """The rating's numbers, the best no less than the worst; those that are none are left out."""
    keys = ("ratingValue", "bestRating", "worstRating")
    found = {key: value for key in keys if (value := _number(_one(rating.get(key)))) is not None}
    if found.get("worstRating", -math.inf) > found.get("bestRating", math.inf):
        found["bestRating"], found["worstRating"] = found["worstRating"], found["bestRating"]
    return found


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _works(reviewed: Thing, is_claim: bool, url: str) -> Iterator[Thing]:
    """The works that a claim appeared in, the first one first; in old markup the reviewed thing is
    itself the work, and in careless markup the review.
    """
    told = [*several(reviewed.get("firstAppearance")), *several(reviewed.get("appearance"))]
    for one in [*told, *([] if is_claim else [reviewed])]:
        work = _work(one)
        if _address(work) not in ("", url):
            yield work


def _work(given: Any) -> Thing:
    """A work, be it described or only named by its address."""
    one = _one(given)
    return {"url": one} if isinstance(one, str) else _thing(one)


def _address(thing: Any) -> str:
    """The web address of a thing, or the thing if it is one; empty if there is none."""
    one = _one(thing)
    told = [one]
    if isinstance(one, dict):
        told = [_one(one.get(key)) for key in ("url", "@id", "sameAs")]
    found = (_text(value) for value in told)
    return next((value for value in found if value.startswith(("https://", "http://"))), "")


def _names(given: Any) -> str:
    """The names of people or bodies, be they described or only named."""
    each = [_text(one.get("name")) if isinstance(one, dict) else _text(one)
            for one in several(given)]  # fmt: skip
    return ", ".join(dict.fromkeys(filter(None, each)))


def _role(given: Any) -> str:
    one = _thing(given)
    return _text(one.get("jobTitle")) or _text(one.get("description"))


def _line(value: Any, longest: int) -> str:
    return words.shortened(_text(value), longest)


def _text(value: Any) -> str:
    """A text without entities, whose first is meant where there are several; a number as one."""
    one = _one(value)
    if isinstance(one, dict):
        one = one.get("@value")
    if isinstance(one, int | float) and not isinstance(one, bool):
        one = f"{one:g}" if isinstance(one, float) else str(one)
    if not isinstance(one, str):
        return ""
    return html.unescape(one).replace("\r\n", "\n").replace("\r", "\n").strip()


def _one(value: Any) -> Any:
    """The value, or the first of a list of them."""
    if not isinstance(value, list):
        return value
    return next((one for one in value if one not in (None, "")), None)


def _thing(value: Any) -> Thing:
    one = _one(value)
    return one if isinstance(one, dict) else {}


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
