"""FEVER (Thorne et al. 2018): a claim a line, as JSON with `id`, `verifiable`, `label`, `claim` and
`evidence`.

The labels are three. A rating that looks true or mostly true is `SUPPORTS`, one that looks false is
`REFUTES`, one that looks unproven is `NOT ENOUGH INFO`; a claim with a rating in between has none
of them and is left out. `evidence` is one set of `[null, id, address, null]`: what the ruling, or
else the verdicts, name for the label; the page is an address, since it is not of Wikipedia, and
there is no number of a sentence. Ids are those of the claim and of the piece of evidence.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from annotations.formats.contract import Record, WriteAsked
from annotations.formats.given import Unit
from annotations.formats.record import Part, agreed, past, said, scale, standing

SLUG = "fever"
NAME = "FEVER, JSON Lines"
MEDIA_TYPE = "application/jsonl"
ENDING = "jsonl"
LOSSLESS = False
UNSETTLED = "Claims without a rating, and those whose verdicts differ."
BETWEEN = "Claims with a rating in between: neither true, nor false, nor unproven."
ARTICLES = "The articles, and where in them a claim stands."
DETAILS = "A claim's kind, claimant and topics, when it was said, and where first."
JUDGED = "Rationales, reviewers and times, and the rating itself where a label holds two of them."
OTHER = "Evidence that speaks for another label or for none, and what is asked without a source."
CITED = "Of evidence all but its address."
PAST = "Older texts, verdicts and rulings, and claims that stand only there."
DROPS = (UNSETTLED, BETWEEN, ARTICLES, DETAILS, JUDGED, OTHER, CITED, PAST)
UNITS: tuple[Unit, ...] = ()

LABELS = {
    "true": "SUPPORTS", "mostly-true": "SUPPORTS", "false": "REFUTES",
    "unproven": "NOT ENOUGH INFO",
}  # fmt: skip
STANCES = {"SUPPORTS": "supports", "REFUTES": "refutes"}


def write(records: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    for record in records:
        asked.dropped[ARTICLES] += 1
        if older := past(record):
            asked.dropped[PAST] += older
        looks = {slug: one["look"] for slug, one in scale(record).items()}
        for claim, _ in standing(record):
            if line := _line(claim, looks, asked):
                yield orjson.dumps(line) + b"\n"


def _line(claim: Part, looks: dict[str, str], asked: WriteAsked) -> dict[str, Any]:
    rating = agreed(claim)
    label = LABELS.get(looks.get(rating or "", ""))
    if label is None:
        asked.dropped[BETWEEN if rating else UNSETTLED] += 1
        return {}
    asked.dropped[DETAILS] += 1
    asked.dropped[JUDGED] += 1
    return {
        "id": claim["id"],
        "verifiable": "VERIFIABLE" if label in STANCES else "NOT VERIFIABLE",
        "label": label,
        "claim": claim["statement"],
        "evidence": _evidence(claim, label, asked),
    }


def _evidence(claim: Part, label: str, asked: WriteAsked) -> list[list[list[str | None]]]:
    pieces = [piece for one in said(claim) for piece in one["evidence"]]
    speaking = [
        piece for piece in pieces if piece["source"] and piece["stance"] == STANCES.get(label)
    ]
    for sentence, count in (OTHER, len(pieces) - len(speaking)), (CITED, len(speaking)):
        if count:
            asked.dropped[sentence] += count
    if label not in STANCES:
        return [[[None, None, None, None]]]
    found = {piece["source"]["address"]: piece["id"] for piece in reversed(speaking)}
    pages = [[None, number, address, None] for address, number in reversed(found.items())]
    return [pages] if pages else []
