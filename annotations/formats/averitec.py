"""AVeriTeC: real claims with questions and answers as evidence (Schlichtkrull et al., 2023).

A file is one JSON list, as `json.dump(…, indent=4)` writes it: of each claim its label, its
justification, and questions, each with answers out of a source. It has no articles: a claim's words
are its article's text.

A record that was read is kept as its own JSON text, since a database keeps no order of keys, and is
written again as it was, but for what has changed here since: a field whose value is another one
now; the label, justification and questions as soon as the verdict that came with them is no longer
what is said of the claim. The key of a claim is made of its own words, its day, speaker and
addresses (and its `claim_id`), so that another label or answer is no other claim.
"""

import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from annotations.formats import record as records
from annotations.formats.contract import ReadAsked, Record, WriteAsked
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    PlaceGiven,
    Refused,
    VerdictGiven,
)
from annotations.formats.items import listed
from annotations.formats.lines import Bytes
from annotations.formats.offsets import shortened
from annotations.formats.record import Part
from annotations.formats.told import Told, squeezed
from annotations.rules.addresses import canonical_address
from annotations.rules.claims import ClaimKind
from annotations.rules.refusals import Malformed
from annotations.rules.verdicts import EvidenceGiven

SLUG = "averitec"
NAME = "AVeriTeC, claims with questions and answers"
MEDIA_TYPE = "application/json"
ENDING = "json"
LOSSLESS = False
UNITS = ()

TEXT = "The article's text and the claim's places: there are the claim's words alone."
ABOUT = "The article's title, author, address, language and date, and the claim's topics."
ROLE = "The claimant's role."
OPINION = "That a claim is an opinion: there is no such type."
UNJUDGED = "A claim that nobody has judged: each has a label."
DIFFER = "A claim whose verdicts differ, as long as no ruling settles it: each has one label."
RATING = "Which rating of the scale it is: there are four labels."
VERDICTS = "Who gave a verdict and when, and all but one of those that agree."
CITED = "A source's title, publisher, author, date, kind and locator, and its stance."
NOTES = "A note on a source, but for one on a yes or no, and a quote beside an answer."
IDS = "Ids: a claim is known by its words, its day, its speaker and its addresses."
PAST = "Older texts, verdicts and rulings, states, and what publishers were asked to correct."
DROPS = (
    TEXT, ABOUT, ROLE, OPINION, UNJUDGED, DIFFER, RATING, VERDICTS, CITED, NOTES, IDS, PAST,
)  # fmt: skip
NO_ADDRESS = "A source that is no web address: kept with its claim, and not shown as a source."

LABELS = {
    "true": "Supported",
    "mostly-true": "Supported",
    "needs-context": "Conflicting Evidence/Cherrypicking",
    "misleading": "Conflicting Evidence/Cherrypicking",
    "false": "Refuted",
    "unproven": "Not Enough Evidence",
}
TYPES = {
    "Event/Property Claim": ClaimKind.FACTUAL,
    "Numerical Claim": ClaimKind.NUMERICAL,
    "Quote Verification": ClaimKind.QUOTATION,
    "Causal Claim": ClaimKind.CAUSAL,
    "Speculative Claim": ClaimKind.PREDICTION,
}
TYPE_OF = {str(kind): [name] for name, kind in TYPES.items()}
BOOLEAN = ("Yes", "No")
CITATION = ("stance", "type", "title", "publisher", "author", "date", "locator")
UNANSWERED = "No answer could be found."
ORDER = (
    "claim", "required_reannotation", "label", "justification", "claim_date", "speaker",
    "original_claim_url", "fact_checking_article", "reporting_source", "location_ISO_code",
    "claim_types", "fact_checking_strategies", "questions", "cached_original_claim_url",
)  # fmt: skip
NAMED_BY = (
    "claim_id", "claim", "claim_date", "speaker", "original_claim_url", "fact_checking_article",
)  # fmt: skip


def read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    seen: Counter[str] = Counter()
    for item in listed(file):
        if isinstance(item, Refused):
            yield item
            continue
        number, told = item
        problems: list[str] = []
        claim = claim_of(told, problems, asked.left_out)
        what = shortened(str(told.get("claim") or told))
        for problem in problems:
            yield Refused(number, problem, what)
        if claim is not None:
            yield Found(number, _article(told, claim, seen))


def claim_of(
    told: Mapping[str, Any], problems: list[str], left_out: Counter[str]
) -> ClaimGiven | None:
    """The claim of one record; None, with a problem, where it has no words."""
    asked = Told(told, problems)
    if not (words := squeezed(asked.text("claim"))):
        problems.append("A record has its claim's words as text in “claim”; there are none.")
        return None
    types = [TYPES[one] for one in asked.texts("claim_types") if one in TYPES]
    return ClaimGiven(
        key=_key(told),
        statement=words,
        places=(PlaceGiven(0, len(words)),),
        kind=types[0] if types else "",
        claimant=squeezed(asked.text("speaker")),
        said_on=_day(asked),
        first_address=_address(asked.text("original_claim_url"), left_out),
        verdicts=_verdicts(asked, left_out),
        kept={"json": json.dumps(told, ensure_ascii=False)},
    )


def _key(told: Mapping[str, Any]) -> str:
    named = json.dumps([told.get(name) for name in NAMED_BY])
    return hashlib.sha256(named.encode()).hexdigest()[:32]


def _article(told: Mapping[str, Any], claim: ClaimGiven, seen: Counter[str]) -> ArticleGiven:
    """The claim's own article. Of records that are the same, the second has another key."""
    seen[claim.key] += 1
    key = f"{claim.key}-{seen[claim.key]}" if seen[claim.key] > 1 else claim.key
    publisher = squeezed(Told(told, []).text("reporting_source"))
    return ArticleGiven(key, text=claim.statement, publisher=publisher, claims=(claim,))


def _day(asked: Told) -> datetime.date | None:
    """`D-M-YYYY`, as in 7-10-2020."""
    if not (written := asked.text("claim_date").strip()):
        return None
    try:
        day, month, year = map(int, written.split("-"))
        return datetime.date(year, month, day)
    except ValueError:
        asked.problems.append(
            f"“claim_date” is “{shortened(written)}”, which is no day. Write it as in 7-10-2020: "
            "the claim is brought in without it."
        )
        return None


def _address(written: str, left_out: Counter[str]) -> str:
    """The address as it is written; empty where it is none."""
    if not written.strip():
        return ""
    try:
        canonical_address(written)
    except Malformed:
        left_out[NO_ADDRESS] += 1
        return ""
    return written


def _verdicts(asked: Told, left_out: Counter[str]) -> tuple[VerdictGiven, ...]:
    rationale = asked.text("justification")
    pieces = tuple(
        piece
        for question in asked.objects("questions")
        for answer in question.objects("answers")
        if (piece := _evidence(question, answer, left_out))
    )
    if not (label := squeezed(asked.text("label"))):
        return ()
    return (VerdictGiven(label, rationale, pieces),)


def _evidence(question: Told, answer: Told, left_out: Counter[str]) -> EvidenceGiven | None:
    """An answer with its source; what answers no question is a quote. None where there is neither
    an answer to a question nor a source.
    """
    words = answer.text("answer").strip()
    if answer.text("answer_type") == "Unanswerable":
        words = words or UNANSWERED
    asked = question.text("question").strip() if words else ""
    address = _address(answer.text("source_url"), left_out)
    if not (asked or address):
        return None
    return EvidenceGiven(
        address=address,
        quote="" if asked else words,
        note=answer.text("boolean_explanation").strip(),
        question=asked,
        answer=words if asked else "",
    )


def write(corpus: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    before = "[\n    "
    for record in corpus:
        asked.dropped.update({PAST: past} if (past := records.past(record)) else {})
        for claim in record["claims"]:
            if made := _record(record, claim, asked.dropped):
                indented = json.dumps(made, indent=4).replace("\n", "\n    ")
                yield f"{before}{indented}".encode()
                before = ",\n    "
    yield b"[]" if before.startswith("[") else b"\n]"


def _record(record: Record, claim: Part, dropped: Counter[str]) -> dict[str, Any] | None:
    """The claim as one record; None, counted, where AVeriTeC can have none of it."""
    told = _told(claim)
    if told is not None and _still_said(claim, told.get("justification")):
        return told | _changed(claim, told)
    judgement = _judgement(record, claim, dropped)
    if judgement is None:
        return None
    if told is not None:
        return told | judgement | _changed(claim, told)
    _count(claim, dropped)
    made = _claim(claim, record["article"]["publisher"]) | judgement
    return {name: made[name] for name in ORDER}


def _told(claim: Part) -> dict[str, Any] | None:
    """The record of which the claim was made, where it was made of one."""
    text = records.kept(claim, SLUG).get("json")
    told: dict[str, Any] | None = json.loads(text) if text else None
    return told


def _still_said(claim: Part, justification: Any) -> bool:
    """Whether nothing is said of the claim but what its record said: its own verdict, a ruling
    with the same rating in the same words, or nothing as long as no map knows its label.
    """
    words = squeezed(justification) if isinstance(justification, str) else ""
    brought = [
        one for one in claim["verdicts"]
        if one["version"] == 1 and squeezed(one["rationale"]) == words
    ]  # fmt: skip
    said = records.said(claim)
    return not said or any(
        one["id"] == first["id"]
        or (one.get("summary"), one["rating"]) == (first["rationale"], first["rating"])
        for one in said
        for first in brought
    )


def _changed(claim: Part, told: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record that say something else than the claim does by now."""
    was, ours = claim_of(told, [], Counter()), _claim(claim, "")
    if was is None:
        return {}
    same = {
        "claim": was.statement == squeezed(claim["statement"]),
        "claim_date": was.said_on == records.day(claim["said_on"]),
        "speaker": was.claimant == (ours["speaker"] or ""),
        "original_claim_url": _is_at(was.first_address, claim["first_address"]),
        "claim_types": was.kind in ("", claim["kind"]),
    }
    return {name: ours[name] for name, is_same in same.items() if not is_same}


def _is_at(written: str, address: str) -> bool:
    return address in (written, canonical_address(written) if written else "")


def _claim(claim: Part, publisher: str) -> dict[str, Any]:
    """What a record says of the claim itself."""
    day = records.day(claim["said_on"])
    return {
        "claim": claim["statement"],
        "required_reannotation": False,
        "claim_date": f"{day.day}-{day.month}-{day.year}" if day else None,
        "speaker": claim["claimant"]["name"] if claim["claimant"] else None,
        "original_claim_url": claim["first_address"] or None,
        "fact_checking_article": None,
        "reporting_source": publisher or None,
        "location_ISO_code": None,
        "claim_types": TYPE_OF.get(claim["kind"], []),
        "fact_checking_strategies": [],
        "cached_original_claim_url": None,
    }


def _judgement(record: Record, claim: Part, dropped: Counter[str]) -> dict[str, Any] | None:
    """What a record says of a claim's truth; None, counted, where there is no one label."""
    said, scale = records.said(claim), records.scale(record)
    looks = [scale[one["rating"]]["look"] for one in said if one["rating"] in scale]
    if len({LABELS[look] for look in looks}) != 1:
        dropped[DIFFER if looks else UNJUDGED] += 1
        return None
    dropped.update({RATING: 1} if looks[0] not in ("true", "false", "unproven") else {})
    dropped[VERDICTS] += len(records.verdicts(claim))
    return {
        "label": LABELS[looks[0]],
        "justification": said[0].get("summary") or said[0].get("rationale", ""),
        "questions": _questions(said[0]["evidence"], dropped),
    }


def _questions(pieces: Iterable[Part], dropped: Counter[str]) -> list[dict[str, Any]]:
    """Each question with its answers; a source that answers none has the empty question."""
    found: dict[str, list[dict[str, str]]] = {}
    for piece in pieces:
        found.setdefault(piece["question"], []).append(_answer(piece))
        is_boolean = piece["answer"] in BOOLEAN
        beside = piece["quote"] if piece["question"] else ""
        dropped.update({NOTES: 1} if beside or (piece["note"] and not is_boolean) else {})
        dropped.update({CITED: 1} if any(piece[name] for name in CITATION) else {})
    return [{"question": asked, "answers": answers} for asked, answers in found.items()]


def _answer(piece: Part) -> dict[str, str]:
    answer = piece["answer"] or piece["quote"]
    kind = "Abstractive" if piece["question"] else "Extractive"
    if answer == UNANSWERED:
        kind = "Unanswerable"
    elif answer in BOOLEAN:
        kind = "Boolean"
    found = {
        "answer": answer,
        "answer_type": kind,
        "source_url": piece["source"]["address"] if piece["source"] else "",
        "source_medium": "Web text" if piece["source"] else "",
    }
    return found | ({"boolean_explanation": piece["note"]} if kind == "Boolean" else {})


def _count(claim: Part, dropped: Counter[str]) -> None:
    """Count what a record of our own loses beside its judgement."""
    dropped.update([TEXT, ABOUT, IDS])
    dropped.update([ROLE] if claim["claimant"] and claim["claimant"]["role"] else [])
    dropped.update([OPINION] if claim["kind"] not in TYPE_OF else [])
