"""A format for tests: a line an article, with its claims and their verdicts, in JSON."""

from collections.abc import Iterator
from typing import Any

import orjson

from annotations.formats.contract import ReadAsked
from annotations.formats.given import ArticleGiven, ClaimGiven, Found, Refused, VerdictGiven
from annotations.formats.lines import Bytes, objects
from annotations.formats.offsets import Offsets, Unit
from annotations.rules.refusals import Refusal

SLUG = "toy"
NAME = "Toy"
MEDIA_TYPE = "application/x-toy"
ENDING = "toy"
LOSSLESS = False
DROPS = ("Everything that a toy has no room for.",)
UNITS = (Unit.CODEPOINT, Unit.UTF16)


def read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    for line in objects(file):
        if isinstance(line, Refused):
            yield line
            continue
        number, one = line
        try:
            yield Found(number, article_of(one, asked))
        except Refusal as refusal:
            yield Refused(number, refusal.sentence)


def article_of(one: dict[str, Any], asked: ReadAsked) -> ArticleGiven:
    offsets = Offsets(one["text"])
    claims = tuple(
        ClaimGiven(
            key=claim["key"],
            statement=claim["statement"],
            places=(
                offsets.place(claim["start"], claim["end"], units=asked.units_of(UNITS)),
            ),
            claimant=claim.get("claimant", ""),
            kept=claim.get("kept", {}),
            verdicts=tuple(VerdictGiven(**verdict) for verdict in claim.get("verdicts", ())),
        )
        for claim in one["claims"]
    )  # fmt: skip
    return ArticleGiven(one["key"], one["text"], title=one.get("title", ""), claims=claims)


def article(key: str, text: str, *claims: dict[str, Any], **more: Any) -> bytes:
    return orjson.dumps({"key": key, "text": text, "claims": claims, **more}) + b"\n"


def claim(
    key: str, text: str, words: str, *verdicts: dict[str, str], **more: Any
) -> dict[str, Any]:
    start = text.index(words)
    return {
        "key": key, "statement": words, "start": start, "end": start + len(words),
        "verdicts": verdicts, **more,
    }  # fmt: skip
