"""Records to write: the first article as it is exported, and one that is hard on every format."""

import json
from functools import cache
from pathlib import Path
from typing import Any

SEED = Path(__file__).parents[1] / "cases" / "record.jsonl"

# A flag, a skin tone, an accent of its own, Chinese, Arabic, a no-break space, every quotation
# mark, a tab, markup, and what a spreadsheet takes for a formula.
TEXT = (
    "Prices “doubled” 🇺🇦 said 👩🏽‍🚒 Zoe\u0301\n\n"
    "=SUM(A1) & <b>bold</b> — «так» 𝔘𝔫𝔦𝔠𝔬𝔡𝔢, says\u00a0she\n\n"
    "物价上涨了一倍 他说 😀😀😀 قال الوزير إن الأسعار تضاعفت\ttab"
)

NO_EVIDENCE: dict[str, Any] = {
    "id": "0193a0de-0000-7000-8000-0000000000e0", "stance": "refutes", "source": None,
    "type": "", "title": "", "publisher": "", "author": "", "date": None,
    "date_is_inferred": False, "quote": "", "locator": "", "note": "", "question": "", "answer": "",
}  # fmt: skip


@cache
def _seed() -> str:
    return SEED.read_text("utf-8")


def seed_record() -> dict[str, Any]:
    """The first article with its worked fact check, as its moderator exports it."""
    found: dict[str, Any] = json.loads(_seed())
    return found


def place(n: int, words: str, *, nth: int = 0) -> dict[str, Any]:
    """An appearance on the words of `TEXT`, `nth` of those that are the same."""
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    end = start + len(words)
    return {
        "id": f"0193a0de-0000-7000-8000-{n:012x}", "revision": REVISION["id"],
        "start": start, "end": end, "quote": words, "prefix": TEXT[max(0, start - 32):start],
        "suffix": TEXT[end:end + 32], "marked_by": "Finch",
        "marked_at": "2025-03-02T10:00:00+00:00", "carried": "", "carried_from": None,
    }  # fmt: skip


REVISION: dict[str, Any] = {
    "id": "0193a0de-0000-7000-8000-000000000001", "number": 1, "sha256": "0" * 64,
    "imported_at": "2025-03-01T10:00:00+00:00", "text": TEXT, "blocks": [],
}  # fmt: skip


def evidence(n: int, address: str, **more: Any) -> dict[str, Any]:
    source = {
        "id": f"0193a0de-0000-7000-8000-{0xAA00 + n:012x}", "address": address,
        "reliability": "", "reliability_note": "",
    }  # fmt: skip
    return {**NO_EVIDENCE, "id": f"0193a0de-0000-7000-8000-{0xE00 + n:012x}",
            "source": source if address else None, **more}  # fmt: skip


def verdict(n: int, reviewer: str, rating: str, rationale: str, *pieces: Any) -> dict[str, Any]:
    return {
        "id": f"0193a0de-0000-7000-8000-{0xF00 + n:012x}", "reviewer": reviewer, "version": 1,
        "rating": rating, "rationale": rationale, "confidence": "",
        "saved_at": "2025-03-03T10:00:00+00:00", "submitted_at": "2025-03-03T10:00:00+00:00",
        "superseded_at": None, "evidence": list(pieces),
    }  # fmt: skip


def claim(
    n: int, statement: str, *places: dict[str, Any], state: str = "marked", **more: Any
) -> dict[str, Any]:
    return {
        "id": f"0193a0de-0000-7000-8000-{0xC00 + n:012x}", "statement": statement,
        "kind": "factual", "claimant": None, "said_on": None, "first_address": "", "topics": [],
        "state": state, "set_aside_reason": "", "marked_by": "Finch",
        "marked_at": "2025-03-02T10:00:00+00:00", "appearances": list(places), "verdicts": [],
        "rulings": [], "publisher_corrections": [], **more,
    }  # fmt: skip


def hard_record() -> dict[str, Any]:
    """Places in every script, one in another, one across paragraphs, two of one claim; verdicts
    that differ, evidence without a source, a claim that nobody has judged.
    """
    two = (
        verdict(
            1, "Finch", "true", "Line one.\n\nLine “two”\twith a tab, 👩🏽‍🚒 and a ; too.",
            evidence(1, "https://example.org/a?b=c&d=%20e", type="statistics", title="Prices, 2024",
                     publisher="Office", date="2024-02-29", quote="doubled", stance="supports"),
            evidence(2, "", question="Did they?", answer="They did."),
        ),
        verdict(2, "Maple", "false", "=cmd()|' /C calc'!A0",
                evidence(3, "https://example.org/b", stance="refutes")),
    )  # fmt: skip
    whole = TEXT[: TEXT.index("«так»")]
    return {
        "record": 1,
        "project": {
            "slug": "council", "name": "The council", "scale": seed_record()["project"]["scale"],
        },
        "article": {
            "id": "0193a0de-0000-7000-8000-0000000000a1", "slug": "prices", "title": "Prices, “x”",
            "publisher": "The <Daily> & Co", "author": "Zoe\u0301 Ünal",
            "address": "https://example.org/prices?x=1&y=2", "language": "en", "date": "2025-03-01",
            "date_is_inferred": False, "note": "", "imported_at": "2025-03-01T10:00:00+00:00",
        },
        "revisions": [REVISION],
        "claims": [
            claim(1, "Prices doubled.", place(0x11, "“doubled”"), place(0x12, "😀", nth=1),
                  state="disputed", verdicts=list(two),
                  claimant={"id": "0193a0de-0000-7000-8000-0000000000b1", "name": "Zoe\u0301",
                            "role": "minister", "wikidata_id": ""},
                  said_on="2025-02-28", topics=["prices", "economy"], kind="numerical"),
            claim(2, "=SUM(A1) is a formula.", place(0x21, "=SUM(A1) & <b>bold</b>")),
            claim(3, "Everything at once.", place(0x31, whole.strip())),
            claim(4, "Prices doubled in China.", place(0x41, "物价上涨了一倍")),
            claim(5, "Prices doubled in Arabia.", place(0x51, "الأسعار تضاعفت")),
            claim(6, "Letters.", place(0x61, "𝔘𝔫𝔦𝔠𝔬𝔡𝔢")),
            claim(7, "A flag.", place(0x71, "🇺🇦 said 👩🏽‍🚒")),
        ],
    }  # fmt: skip
