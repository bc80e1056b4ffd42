"""Annotations of Hypothes.is, as its API answers a search and its clients export them.

`{"total": …, "rows": [annotation, …]}`; lists, lines, `{"annotations": […]}` and one annotation
alone are read too. Every row is one mark: its place counts in UTF-16, its RangeSelector is of the
page and not W3C's, so it is neither written nor read. Its `text` is the rationale, which may end
with the sources (`SOURCES`, then a line `- <address>` each), its `tags` are the rating and the
topics (`tags`). There is a row for each verdict in force, with the claim's page as its `html` link,
by which rows of one claim are told; the key of any other claim is its row's id.
"""

import base64
import hashlib
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import orjson

from annotations.formats import pages, record, tags
from annotations.formats.annotated import selected, several, text_of
from annotations.formats.contract import ReadAsked, Record, WriteAsked
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    QuoteGiven,
    Refused,
    VerdictGiven,
)
from annotations.formats.items import beginning, listed
from annotations.formats.joined import joined
from annotations.formats.lines import Bytes
from annotations.formats.moments import moment
from annotations.formats.offsets import Offsets, Unit
from annotations.formats.record import Part
from annotations.rules import words
from annotations.rules.refusals import Malformed
from annotations.rules.verdicts import EvidenceGiven

SLUG = "hypothesis"
NAME = "Hypothes.is API JSON"
MEDIA_TYPE = "application/json"
ENDING = "json"
LOSSLESS = False
TEXTS = "The article's text, and what is known of it but its title: a row names it by its address."
STATEMENTS = "What a claim says in words of its own: a row has the words that are marked."
ABOUT = "Who made a claim, when and where first, and of which kind it is."
OLDER = "Older texts and verdicts, and claims that are no longer in the newest text."
RULINGS = "Rulings and what publishers were asked; ClaimReview has the rulings."
QUESTIONS = "Questions with their answers, where no source is named."
CITATIONS = "Of a source, all but its address."
CONFIDENCE = "How sure a reviewer was."
TOPICS = "Topics that are words for ratings: among tags they would be taken for these."
DROPS = (TEXTS, STATEMENTS, ABOUT, TOPICS, OLDER, RULINGS, QUESTIONS, CITATIONS, CONFIDENCE)
UNITS = (Unit.UTF16,)
UNITS_WITH_QUOTE = (Unit.UTF16, Unit.CODEPOINT)

PUBLIC = "__world__"
SOURCES = "\n\nSources:\n"
CITED = re.compile(r"(?:\A|\n\n)Sources:((?:\n- <[^\s<>]+>)+)\Z")

REPLIES = "Replies to other annotations: they mark nothing themselves."
NO_ROW = "This is no annotation of Hypothes.is: it has no “uri” and no “target” with its source."
A_PAGE_NOTE = "This note is on a whole page. A claim is a passage of it: mark its words."


def write(records: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    yield b'{"rows":['
    total = 0
    for one in records:
        _count(one, asked)
        for row in _rows(one, asked.site):
            yield (b",\n" if total else b"\n") + orjson.dumps(row)
            total += 1
    yield b'\n],"total":%d}\n' % total


def read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    yield from joined(_read(file, asked))


def _rows(made: Record, site: str) -> Iterator[dict[str, Any]]:
    """A row for each verdict at the first of a claim's places, and a mark at each of the others."""
    revision = record.newest(made)
    offsets = Offsets(revision["text"] if revision else "")
    for claim, (first, *others) in record.standing(made):
        given = record.verdicts(claim)
        for verdict in given:
            yield _row(made, claim, verdict, site) | _target(made, first, offsets, site)
        for place in others if given else [first, *others]:
            yield _row(made, claim, place, site) | _target(made, place, offsets, site)


def _row(made: Record, claim: Part, of: Part, site: str) -> dict[str, Any]:
    """What a verdict or a mark says, without its place."""
    is_verdict = "rating" in of
    by = of["reviewer"] if is_verdict else of["marked_by"]
    at = of["submitted_at"] if is_verdict else of["marked_at"]
    user = f"acct:{quote(by, safe='')}@{urlsplit(site).netloc}"
    kept = record.kept(claim, SLUG)
    group = kept.get("group", PUBLIC)
    return {
        "id": base64.urlsafe_b64encode(uuid.UUID(of["id"]).bytes).decode().rstrip("="),
        "created": at,
        "updated": at,
        "user": user,
        "user_info": {"display_name": by},
        "text": _text(of) if is_verdict else "",
        "tags": tags.written((of["rating"] or "") if is_verdict else "", claim["topics"]),
        "group": group,
        "permissions": {
            "read": [f"group:{group}"], "admin": [user], "update": [user], "delete": [user],
        },
        "hidden": False,
        "flagged": False,
        "references": [],
        "links": {"html": pages.claim(site, claim["id"])},
        **kept,
    }  # fmt: skip


def _text(verdict: Part) -> str:
    cited = [piece["source"]["address"] for piece in verdict["evidence"] if piece["source"]]
    sources = SOURCES + "\n".join(f"- <{address}>" for address in cited) if cited else ""
    return f"{verdict['rationale']}{sources}".strip()


def _target(made: Record, place: Part, offsets: Offsets, site: str) -> dict[str, Any]:
    article = made["article"]
    uri = article["address"] or pages.article(site, article["slug"])
    position = {
        "type": "TextPositionSelector",
        "start": offsets.written(place["start"], Unit.UTF16),
        "end": offsets.written(place["end"], Unit.UTF16),
    }
    words = {
        "type": "TextQuoteSelector",
        "exact": place["quote"],
        "prefix": place["prefix"],
        "suffix": place["suffix"],
    }
    return {
        "uri": uri,
        "document": {"title": [article["title"]]},
        "target": [{"source": uri, "selector": [position, words]}],
    }


def _count(made: Record, asked: WriteAsked) -> None:
    """Count what of a record the rows leave out."""
    claims = [claim for claim, _ in record.standing(made)]
    given = [one for claim in claims for one in record.verdicts(claim)]
    pieces = [piece for one in given for piece in one["evidence"]]
    older = sum(len(one["verdicts"]) for one in made["claims"]) - len(given)
    asked.dropped.update({
        TEXTS: len(made["revisions"][:1]),
        STATEMENTS: len(claims),
        ABOUT: len(claims),
        TOPICS: sum(not tags.is_topic(one) for claim in claims for one in claim["topics"]),
        OLDER: len(made["revisions"][1:]) + older + len(made["claims"]) - len(claims),
        RULINGS: sum(len(one["rulings"]) + len(one["publisher_corrections"]) for one in claims),
        QUESTIONS: sum(1 for piece in pieces if not piece["source"]),
        CITATIONS: sum(1 for piece in pieces if piece["source"]),
        CONFIDENCE: sum(1 for one in given if one["confidence"]),
    })  # fmt: skip


def _read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    for item in listed(file, "rows", "annotations", "replies"):
        if isinstance(item, Refused):
            yield item
            continue
        line, row = item
        if several(row.get("references")):
            asked.left_out[REPLIES] += 1
            continue
        try:
            yield Found(line, _article(row, asked))
        except Malformed as refusal:
            yield Refused(line, refusal.sentence, beginning(row))


def _article(row: Mapping[str, Any], asked: ReadAsked) -> ArticleGiven:
    """The article of a row with its one claim."""
    targets = [one for one in several(row.get("target")) if isinstance(one, dict)]
    sources = [row.get("uri"), *(one.get("source") for one in targets)]
    address = next((one.strip() for one in sources if isinstance(one, str) and one.strip()), "")
    if not address:
        raise Malformed(NO_ROW)
    marked, _ = selected(targets[0]) if targets else (QuoteGiven(), [])
    if not marked.quote and marked.start is None:
        raise Malformed(A_PAGE_NOTE)
    document = row.get("document")
    titles = several(document.get("title")) if isinstance(document, dict) else []
    return ArticleGiven(
        address,
        address=address,
        title=next((text_of(one) for one in titles), ""),
        claims=(_claim(row, marked, asked),),
    )


def _claim(row: Mapping[str, Any], marked: QuoteGiven, asked: ReadAsked) -> ClaimGiven:
    given = [one for one in several(row.get("tags")) if isinstance(one, str) and one.strip()]
    rating, topics = tags.split(given, asked)
    units = UNITS_WITH_QUOTE if marked.quote else UNITS
    place = replace(marked, units=asked.units_of(units) if marked.start is not None else ())
    verdict = _verdict(row, rating)
    links = row.get("links")
    page = links.get("html") if isinstance(links, dict) else ""
    own = pages.claim_in(page) if isinstance(page, str) else ""
    content = "\n".join([place.quote, str(place.start), rating, text_of(row.get("text"))])
    return ClaimGiven(
        key=own or text_of(row.get("id")) or hashlib.sha256(content.encode()).hexdigest()[:16],
        statement=words.shortened(marked.quote, words.STATEMENT),
        places=(),
        quotes=(place,),
        topics=topics,
        verdicts=(verdict,) if verdict else (),
        kept=_kept(row),
    )


def _verdict(row: Mapping[str, Any], rating: str) -> VerdictGiven | None:
    text = text_of(row.get("text"))
    cited = CITED.search(text)
    rationale = text[: cited.start()] if cited else text
    addresses = [line[3:-1] for line in cited[1].splitlines() if line] if cited else []
    if not (rating or text):
        return None
    return VerdictGiven(
        rating=rating,
        rationale=rationale.strip(),
        evidence=tuple(EvidenceGiven(address=one) for one in addresses),
        by=_name(row.get("user")),
        at=moment(row.get("created")),
    )


def _name(user: Any) -> str:
    """The name in `acct:name@host`."""
    return unquote(text_of(user).removeprefix("acct:").partition("@")[0])


def _kept(row: Mapping[str, Any]) -> dict[str, Any]:
    """Whose eyes a row is for, where it is not everybody's; and when it was changed."""
    group = text_of(row.get("group")) or PUBLIC
    usual = {"group": PUBLIC, "updated": row.get("created"), "hidden": False, "flagged": False}
    kept = {key: row[key] for key, value in usual.items()
            if beginning(row.get(key)) not in ("", "null") and row[key] != value}  # fmt: skip
    permissions = row.get("permissions")
    readers = permissions.get("read") if isinstance(permissions, dict) else None
    if beginning(permissions) and readers and readers != [f"group:{group}"]:
        kept["permissions"] = permissions
    return kept
