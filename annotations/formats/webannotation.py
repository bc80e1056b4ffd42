"""Web Annotations (W3C Web Annotation Data Model and Vocabulary, 2017), as JSON-LD.

A file is an AnnotationCollection with its one page, an annotation a line. There is an annotation
for each verdict in force with the claim's places as its targets, and one without a judgement for a
claim that has no verdict. Read is a collection, a page, a list, lines, or one annotation alone
(`annotated.claims_of` says what is understood of each). The model demands code points.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from annotations.formats import pages, record
from annotations.formats.annotated import claims_of
from annotations.formats.contract import ReadAsked, Record, WriteAsked
from annotations.formats.given import Found, Refused
from annotations.formats.items import listed
from annotations.formats.joined import joined
from annotations.formats.lines import Bytes
from annotations.formats.moments import in_utc
from annotations.formats.offsets import Unit
from annotations.formats.record import Part

SLUG = "web-annotation"
NAME = "Web Annotation (W3C), JSON-LD"
MEDIA_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
ENDING = "jsonld"
LOSSLESS = False
TEXTS = (
    "The article's text and what is known of it: an annotation names the article by its address."
)
OLDER = "Older texts and verdicts, and claims that are no longer in the newest text."
RULINGS = "Rulings and what publishers were asked; ClaimReview has the rulings."
ABOUT = "Who made a claim, when and where first, and of which kind it is."
QUESTIONS = "Questions with their answers, where no source is named."
CITATIONS = (
    "Of a source, all but its address and the words quoted from it: its stance, title and date."
)
CONFIDENCE = "How sure a reviewer was."
DROPS = (TEXTS, OLDER, RULINGS, ABOUT, QUESTIONS, CITATIONS, CONFIDENCE)
UNITS = (Unit.CODEPOINT,)
CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def write(records: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    head = {
        "@context": CONTEXT,
        "id": pages.annotations(asked.site),
        "type": "AnnotationCollection",
        "label": asked.desk,
    }
    page = {"id": head["id"] + "?page=0", "type": "AnnotationPage", "startIndex": 0}
    yield _open(head) + b',"first":' + _open(page) + b',"items":['
    total = 0
    for one in records:
        _count(one, asked)
        for made in _annotations(one, asked.site):
            del made["@context"]  # the collection's is theirs
            yield (b",\n" if total else b"\n") + orjson.dumps(made)
            total += 1
    yield b'\n]},"total":%d}\n' % total


def read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    yield from joined(_read(file, asked))


def annotation_of(made: Record, claim: Part, verdict: Part | None, site: str) -> dict[str, Any]:
    """One annotation: the claim at its places in the record's newest text, as `verdict` judges it,
    or with nothing but its statement where nobody has.
    """
    revision = record.newest(made)
    here = record.places(claim, revision) if revision else []
    motivation = "assessing" if verdict else "highlighting"
    by = verdict["reviewer"] if verdict else claim["marked_by"]
    at = verdict["submitted_at"] if verdict else claim["marked_at"]
    # Of several annotations of a claim none is the one that it came from.
    kept = record.kept(claim, SLUG) if len(record.verdicts(claim)) < 2 else {}
    return {
        "@context": CONTEXT,
        **kept,
        "id": pages.annotations(site, made["project"]["slug"]) + (verdict or claim)["id"],
        "type": "Annotation",
        "motivation": motivation,
        "creator": {"type": "Person", "name": by},
        "created": in_utc(at),
        "body": bodies(claim, verdict, site),
        "target": [target(made, revision, one, site) for one in here if revision],
    }


def _annotations(made: Record, site: str) -> Iterator[dict[str, Any]]:
    for claim, _ in record.standing(made):
        given: list[Part | None] = [*record.verdicts(claim)]
        for verdict in given or [None]:
            yield annotation_of(made, claim, verdict, site)


def bodies(claim: Part, verdict: Part | None, site: str) -> list[dict[str, Any]]:
    """What is said of a claim, and of its verdict if one is given."""
    made = [
        {
            "type": "SpecificResource",
            "purpose": "identifying",
            "source": pages.claim(site, claim["id"]),
        },
        _text("describing", claim["statement"]),
        *(_text("classifying", topic) for topic in claim["topics"]),
    ]
    if verdict:
        made += [
            *(_text("tagging", word) for word in [verdict["rating"]] if word),
            *(_text("commenting", words) for words in [verdict["rationale"]] if words),
            *(_source(piece) for piece in verdict["evidence"] if piece["source"]),
        ]
    return made


def _text(purpose: str, value: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": purpose, "value": value, "format": "text/plain"}


def _source(piece: Part) -> dict[str, Any]:
    made = {
        "type": "SpecificResource",
        "purpose": "linking",
        "source": piece["source"]["address"],
    }
    if piece["quote"]:
        made["selector"] = {"type": "TextQuoteSelector", "exact": piece["quote"]}
    return made


def target(made: Record, revision: Part, place: Part, site: str) -> dict[str, Any]:
    """The words in the text that they were marked in; an article that has no address is at its
    page here.
    """
    page = pages.article(site, made["article"]["slug"])
    return {
        "type": "SpecificResource",
        "source": made["article"]["address"] or page,
        "scope": page,
        "state": {
            "type": "TimeState",
            "sourceDate": in_utc(revision["imported_at"]),
            "cached": pages.revision(site, revision["id"]),
        },
        "selector": [
            {
                "type": "TextQuoteSelector",
                "exact": place["quote"],
                "prefix": place["prefix"],
                "suffix": place["suffix"],
            },
            {"type": "TextPositionSelector", "start": place["start"], "end": place["end"]},
        ],
    }


def _open(made: dict[str, Any]) -> bytes:
    """A JSON object without its last brace."""
    return orjson.dumps(made)[:-1]


def _count(made: Record, asked: WriteAsked) -> None:
    """Count what of a record the annotations leave out."""
    claims = [claim for claim, _ in record.standing(made)]
    given = [one for claim in claims for one in record.verdicts(claim)]
    pieces = [piece for one in given for piece in one["evidence"]]
    older = sum(len(one["verdicts"]) for one in made["claims"]) - len(given)
    asked.dropped.update({
        TEXTS: len(made["revisions"][:1]),
        OLDER: len(made["revisions"][1:]) + older + len(made["claims"]) - len(claims),
        RULINGS: sum(len(one["rulings"]) + len(one["publisher_corrections"]) for one in claims),
        ABOUT: len(claims),
        QUESTIONS: sum(1 for piece in pieces if not piece["source"]),
        CITATIONS: sum(1 for piece in pieces if piece["source"]),
        CONFIDENCE: sum(1 for one in given if one["confidence"]),
    })  # fmt: skip


def _read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    for item in listed(file, "items", "first.items", "@graph", "annotations"):
        if isinstance(item, Refused):
            yield item
            continue
        line, found = item
        for one in _within(found):
            yield from claims_of(one, asked, line)


def _within(found: dict[str, Any]) -> list[Any]:
    """The annotations of a page, or of a collection with its first page, that stands in a list."""
    first = found.get("first")
    for holder in (first if isinstance(first, dict) else {}, found):
        if isinstance(items := holder.get("items"), list) and "target" not in found:
            return items
    return [found]
