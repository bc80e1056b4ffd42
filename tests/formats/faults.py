"""Files of a thousand lines in every format of text, and the ways in which files go wrong."""

import gzip
from collections.abc import Iterable
from functools import cache
from typing import Any

import orjson
import zstandard

from annotations.formats import contract
from annotations.formats.contract import WriteAsked
from tests.formats.records import claim, hard_record, verdict

HEADED = {"csv"}
TEXTS = (
    "averitec", "claimreview", "csv", "doccano", "hypothesis", "jsonl", "label-studio", "liar",
    "web-annotation",
)  # fmt: skip


def record(n: int) -> dict[str, Any]:
    """An article of one claim with one verdict and its ruling, each with ids of its own."""
    words = f"Café prices rose {n} times 😀 last year"
    text = f"So it is. {words}. Nobody noticed."
    start = text.index(words)
    made = hard_record()
    mark = made["claims"][0]["appearances"][0] | {
        "id": numbered(1, n), "revision": numbered(2, n), "start": start, "end": start + len(words),
        "quote": words, "prefix": text[:start], "suffix": text[start + len(words) :],
    }  # fmt: skip
    said = verdict(n, "Finch", "true", "It says so.") | {"id": numbered(3, n)}
    own = claim(n, words, mark, state="agreed", verdicts=[said]) | {"id": numbered(4, n)}
    made["article"] |= {
        "id": numbered(5, n), "slug": f"prices-{n}", "title": f"Prices {n}",
        "address": f"https://example.org/prices/{n}",
    }  # fmt: skip
    made["revisions"] = [made["revisions"][0] | {"id": numbered(2, n), "text": text}]
    made["claims"] = [own]
    return made


def numbered(kind: int, n: int) -> str:
    return f"0193a0de-0000-7000-8{kind:03x}-{n:012x}"


def review(n: int) -> dict[str, Any]:
    """ClaimReview is written of rulings; this is one as others publish it."""
    return {
        "@type": "ClaimReview",
        "url": f"https://example.org/checks/{n}",
        "claimReviewed": f"Café prices rose {n} times 😀 last year",
        "author": {"@type": "Organization", "name": "Checkers"},
        "reviewRating": {"@type": "Rating", "alternateName": "True"},
    }


def lines_of(slug: str, many: int) -> list[bytes]:
    """So many lines, each with one claim, after the header where there is one."""
    return list(_lines(slug, many))


@cache
def _lines(slug: str, many: int) -> list[bytes]:
    if slug in {"claimreview", "jsonl"}:
        return [orjson.dumps((record if slug == "jsonl" else review)(n)) for n in range(many)]
    asked = WriteAsked(site="https://desk.example", desk="Desk")
    whole = b"".join(contract.writer(slug).write(map(record, range(many)), asked))
    if slug in {"csv", "liar", "doccano"}:
        return [one for one in whole.removeprefix(b"\xef\xbb\xbf").splitlines() if one]
    found = orjson.loads(whole)
    if slug == "hypothesis":
        found = found["rows"]
    elif slug == "web-annotation":
        found = found["first"]["items"]
    return [orjson.dumps(one) for one in found]


def broken(slug: str, line: bytes) -> bytes:
    """A line that was cut short; a row that grew, since a short one is read."""
    if slug == "csv":
        return line + b",x" * 100
    return line[: len(line) // 2].replace(b'"', b"'").replace(b"\t", b" ")


def spoiled(slug: str, lines: list[bytes], at: Iterable[int]) -> bytes:
    bad = {one + (slug in HEADED) for one in at}
    return b"".join((broken(slug, one) if n in bad else one) + b"\n" for n, one in enumerate(lines))


def packed(content: bytes, how: str) -> bytes:
    return gzip.compress(content) if how == "gzip" else zstandard.compress(content)
