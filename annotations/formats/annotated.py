"""What one annotation of the W3C's Web Annotation Data Model says, in every shape it may take.

Bodies by their purpose: `tagging` is the rating, `commenting` the rationale, `linking` a source,
`describing` the statement, `classifying` a topic, and `identifying` the page of the claim, so that
several annotations can be of one. Targets by the article that they are in: words and what stands
around them, offsets, or both.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from annotations.formats import pages, tags
from annotations.formats.contract import ReadAsked
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    QuoteGiven,
    Refused,
    VerdictGiven,
)
from annotations.formats.items import beginning
from annotations.formats.moments import moment
from annotations.formats.offsets import Unit
from annotations.rules import words
from annotations.rules.claims import Stance
from annotations.rules.refusals import Malformed
from annotations.rules.verdicts import EvidenceGiven

UNITS = (Unit.CODEPOINT,)
# Scripts count in UTF-16 against the model's word; beside a quote that shows.
UNITS_WITH_QUOTE = (Unit.CODEPOINT, Unit.UTF16)
KEPT = ("canonical", "via", "rights", "audience", "generator", "generated", "stylesheet")
SEVERAL = {"Composite", "List", "Independents", "Choice"}

NO_ANNOTATION = "This is no annotation: it has no target, or its type is another."
A_REPLY = "This answers another annotation and marks nothing itself."
A_WHOLE_PAGE = (
    "This is about a whole document. A claim is a passage of it: give the target a selector of "
    "the type TextQuoteSelector."
)


@dataclass(slots=True)
class Said:
    """What the bodies say, taken together."""

    ratings: list[str] = field(default_factory=list)
    rationale: list[str] = field(default_factory=list)
    statement: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    evidence: list[EvidenceGiven] = field(default_factory=list)
    claim: str = ""


def claims_of(annotation: Any, asked: ReadAsked, line: int = 0) -> Iterator[Found | Refused]:
    """The claim of an annotation in each article that it marks, with the verdict if it has one.

    The key of a claim is the id in the address of its page, else the annotation's id, else a hash
    of where and what it is; that of an article is its page's address here, else its address.
    """
    try:
        _refuse_others(annotation)
        verdict, said = _verdict(annotation, asked)
    except Malformed as refusal:
        yield Refused(line, refusal.sentence, beginning(annotation))
        return
    marked: dict[str, tuple[str, list[QuoteGiven]]] = {}
    for target in each(annotation["target"]):
        try:
            key, address, quote = _mark(target, asked)
        except Malformed as refusal:
            yield Refused(line, refusal.sentence, beginning(target))
            continue
        marked.setdefault(key, (address, []))[1].append(quote)
    for key, (address, quotes) in marked.items():
        claim = ClaimGiven(
            key=said.claim or iri(annotation) or _hash(address, *map(repr, quotes)),
            statement=_statement(said, quotes),
            places=(),
            quotes=tuple(quotes),
            topics=tuple(dict.fromkeys(said.topics)),
            verdicts=(verdict,) if verdict else (),
            kept=_kept(annotation, said),
        )
        yield Found(line, ArticleGiven(key, address=address, claims=(claim,)))


def iri(thing: Any) -> str:
    """The IRI of a resource that is given by it alone, or with what is known of it."""
    if isinstance(thing, dict):
        thing = thing.get("id", thing.get("@id"))
    return thing.strip() if isinstance(thing, str) else ""


def types(thing: Any, key: str = "type") -> set[str]:
    """The last names of types, or of motivations: `oa:Annotation` is an `Annotation`."""
    found = thing.get(key, thing.get(f"@{key}")) if isinstance(thing, dict) else None
    return {one.replace("#", "/").replace(":", "/").rpartition("/")[2]
            for one in several(found) if isinstance(one, str)}  # fmt: skip


def several(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def text_of(value: Any) -> str:
    """A text, be it a JSON string or a JSON-LD value."""
    if isinstance(value, dict):
        value = value.get("@value", value.get("value"))
    return value.strip() if isinstance(value, str) else ""


def _refuse_others(annotation: Any) -> None:
    is_one = isinstance(annotation, dict) and annotation.get("target") not in (None, "", [], {})
    if not is_one or (types(annotation) and "Annotation" not in types(annotation)):
        raise Malformed(NO_ANNOTATION)
    if "replying" in types(annotation, "motivation"):
        raise Malformed(A_REPLY)


def each(value: Any) -> Iterator[Any]:
    """Bodies or targets, one after the other, out of all that may hold several."""
    waiting = several(value)[::-1]
    while waiting:
        one = waiting.pop()
        if types(one) & SEVERAL:
            items = several(one.get("items"))
            waiting += items[:1] if "Choice" in types(one) else items[::-1]
        else:
            yield one


def _verdict(annotation: Mapping[str, Any], asked: ReadAsked) -> tuple[VerdictGiven | None, Said]:
    said = Said()
    for body in each(annotation.get("body")):
        _hear(body, said)
    said.rationale += filter(None, [text_of(annotation.get("bodyValue"))])
    if len(said.ratings) == 1 and "assessing" in types(annotation, "motivation"):
        rating = said.ratings[0]
    else:
        rating, topics = tags.split(said.ratings, asked)
        said.topics += topics
    rationale = "\n\n".join(said.rationale)
    if not (rating or rationale or said.evidence):
        return None, said
    by = " and ".join(filter(None, map(_name, several(annotation.get("creator")))))
    at = moment(annotation.get("created"))
    return VerdictGiven(rating, rationale, tuple(said.evidence), by, at), said


def _name(agent: Any) -> str:
    named = agent if isinstance(agent, dict) else {}
    return text_of(named.get("name")) or text_of(named.get("nickname")) or iri(agent)


def _hear(body: Any, said: Said) -> None:
    """Add what one body says. What has no words and no address (a picture's area) says nothing."""
    purposes = types(body, "purpose")
    source = body.get("source") if isinstance(body, dict) else None
    inner = source if isinstance(source, dict) else body
    value = text_of(inner) if isinstance(inner, dict) else ""
    address = "" if value else iri(body if source is None else source)
    if "identifying" in purposes:
        said.claim = said.claim or pages.claim_in(address)
    elif "tagging" in purposes:
        said.ratings += filter(None, [value or address])
    elif "classifying" in purposes:
        said.topics += filter(None, [value or address])
    elif value:
        (said.statement if "describing" in purposes else said.rationale).append(value)
    elif address:
        quote = selected(body)[0] if source is not None else QuoteGiven()
        told = body.get("stance") if isinstance(body, dict) else None
        stance = next((one for one in Stance if one == told), "")
        said.evidence.append(EvidenceGiven(stance, address, quote=quote.quote.strip()))


def _mark(target: Any, asked: ReadAsked) -> tuple[str, str, QuoteGiven]:
    """The article's key and address and the words marked; refuses what marks no words."""
    source = iri(target.get("source")) if isinstance(target, dict) else ""
    if not source or not several(target.get("selector")):
        raise Malformed(A_WHOLE_PAGE)
    quote, others = selected(target)
    if not quote.quote and quote.start is None:
        raise Malformed(
            f"Its place is told by {', '.join(others) or 'a selector without a type'} alone, which "
            "names no words of a text. Give it a TextQuoteSelector too."
        )
    units = UNITS_WITH_QUOTE if quote.quote else UNITS
    if quote.start is not None:
        quote = QuoteGiven(quote.quote, quote.prefix, quote.suffix, quote.start, quote.end,
                           asked.units_of(units))  # fmt: skip
    scope = iri(target.get("scope"))
    return (scope if pages.is_article(scope) else source), source, quote


def selected(resource: Mapping[str, Any]) -> tuple[QuoteGiven, list[str]]:
    """What the selectors say together, which each may be refined by others, and the types of those
    that are not understood. Offsets within what another selector selects are none in the text.
    """
    quote, prefix, suffix, others = "", "", "", []
    start = end = None
    waiting = [(one, False) for one in reversed(several(resource.get("selector")))]
    while waiting:
        one, is_within = waiting.pop()
        if not isinstance(one, dict):
            continue
        named = types(one)
        if "TextQuoteSelector" in named and not quote:
            quote, prefix, suffix = (_exact(one, key) for key in ("exact", "prefix", "suffix"))
        elif "TextPositionSelector" in named and not is_within:
            start, end = _offset(one, "start"), _offset(one, "end")
        else:
            others += sorted(named)
        waiting += [(inner, True) for inner in reversed(several(one.get("refinedBy")))]
    return QuoteGiven(quote, prefix, suffix, start, end), others


def _exact(selector: Mapping[str, Any], key: str) -> str:
    """Words of a selector to the letter: nothing is trimmed."""
    value = selector.get(key)
    return value if isinstance(value, str) else text_of(value)


def _offset(selector: Mapping[str, Any], key: str) -> int:
    value = selector.get(key)
    if type(value) is not int:
        raise Malformed(f"The {key} of its TextPositionSelector is no whole number. Correct it.")
    return value


def _statement(said: Said, quotes: list[QuoteGiven]) -> str:
    text = " ".join(said.statement) or " … ".join(one.quote for one in quotes if one.quote)
    return words.shortened(text, words.STATEMENT)


def _kept(annotation: Mapping[str, Any], said: Said) -> dict[str, Any]:
    """What a new annotation of the claim has to say again; `via` is where this one came from."""
    via = {} if said.claim or not iri(annotation) else {"via": iri(annotation)}
    return via | {
        one: annotation[one] for one in KEPT if beginning(annotation.get(one)) not in ("", "null")
    }


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
