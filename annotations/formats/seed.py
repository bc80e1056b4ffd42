"""The seeds' own format: a folder with an article, its worked fact check and what is for show.

Reads `article.txt`, `article.json`, `factcheck.json` and `demonstration.json`; see seeds/README.md.
"""

import datetime
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from annotations.rules.publishers import Asking
from annotations.rules.verdicts import EvidenceGiven, Judgement


@dataclass(frozen=True, slots=True)
class SeedRuling:
    rating: str
    summary: str
    evidence: tuple[int, ...]
    reason: str = ""
    note: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SeedComment:
    """A remark, or a question to those whom it `asks`; people by their accounts' names."""

    by: str
    text: str
    asks: tuple[str, ...]
    answers: tuple["SeedComment", ...]


@dataclass(frozen=True, slots=True)
class SeedSkip:
    """A reviewer's request to hold a claim back."""

    by: str
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class SeedClaim:
    """A claim of the worked fact check, and the state the load leaves it in."""

    key: str
    quote: str
    prefix: str
    statement: str
    kind: str
    claimant: str
    claimant_role: str
    worked: Judgement | None
    worked_by: str
    is_draft: bool
    second: Judgement | None
    ruling: SeedRuling | None
    correction: SeedRuling | None
    withdrawal_note: str
    asked_of_publisher: Asking | None
    comments: tuple[SeedComment, ...]
    is_gold: bool
    lent_to: str
    skip: SeedSkip | None
    set_aside: str
    set_aside_note: str
    state: str


@dataclass(frozen=True, slots=True)
class Seed:
    project: dict[str, Any]
    settings: dict[str, Any]
    article: dict[str, Any]
    text: str
    furniture: tuple[str, ...]
    claims: tuple[SeedClaim, ...]


def read_seed(folder: Path) -> Seed:
    """The seed in a folder; raises KeyError or ValueError where a file is not as described."""
    about = json.loads((folder / "article.json").read_text("utf-8"))
    check = json.loads((folder / "factcheck.json").read_text("utf-8"))
    show = json.loads((folder / "demonstration.json").read_text("utf-8"))["claims"]
    given = check["article"]
    article = dict(about["article"])
    return Seed(
        project=about["project"],
        settings=about["settings"],
        article=article
        | {
            "date": datetime.date.fromisoformat(article["date"]),
            "language": given["language"],
            "title": given["title"],
            "note": given["note"],
        },
        text=(folder / given["file"]).read_text("utf-8"),
        furniture=tuple(given["furniture"]),
        claims=tuple(_claim(one, show[one["key"]]) for one in check["claims"]),
    )


def _claim(worked: dict[str, Any], show: dict[str, Any]) -> SeedClaim:
    claimant = worked["claimant"] or {"name": "", "role": ""}
    judgement = _worked(worked) if worked["rating"] else None
    return SeedClaim(
        key=worked["key"],
        quote=worked["quote"],
        prefix=worked.get("prefix", ""),
        statement=worked["statement"],
        kind=worked["kind"],
        claimant=claimant["name"],
        claimant_role=claimant.get("role", ""),
        worked=judgement,
        worked_by=show.get("worked_by", ""),
        is_draft=show.get("draft", False),
        second=_second(judgement, show["second"]) if judgement and "second" in show else None,
        ruling=_ruling(show.get("ruling")),
        correction=_ruling(show.get("correction")),
        withdrawal_note=show.get("withdrawal", {}).get("note", ""),
        asked_of_publisher=_asking(show.get("publisher")),
        comments=_comments(show),
        is_gold=show.get("gold", False),
        lent_to=show.get("lent_to", ""),
        skip=SeedSkip(**show["skip"]) if "skip" in show else None,
        set_aside=show.get("reason", ""),
        set_aside_note=show.get("note", ""),
        state=show["state"],
    )


def _worked(given: dict[str, Any]) -> Judgement:
    return Judgement(
        rating=given["rating"],
        rationale=given["rationale"],
        confidence="high",
        evidence=tuple(_evidence(one) for one in given["evidence"]),
    )


def _evidence(given: dict[str, Any]) -> EvidenceGiven:
    date = given.get("date")
    return EvidenceGiven(
        stance=given["stance"],
        address=given["url"],
        publisher=given["publisher"],
        date=datetime.date.fromisoformat(date) if date else None,
        date_is_inferred=given.get("date_is_inferred", False),
        quote=given["quote"],
    )


def _second(worked: Judgement, given: dict[str, Any]) -> Judgement:
    """The second reviewer's verdict; `evidence` picks from the worked one's by number."""
    return replace(
        worked,
        rating=given["rating"],
        rationale=given["rationale"],
        confidence=given["confidence"],
        evidence=tuple(worked.evidence[n] for n in given["evidence"]),
    )


def _ruling(given: dict[str, Any] | None) -> SeedRuling | None:
    if given is None:
        return None
    return SeedRuling(
        rating=given["rating"],
        summary=given["summary"],
        evidence=tuple(given["evidence"]),
        reason=given.get("reason", ""),
        note=given.get("note", ""),
        kind=given.get("kind", ""),
    )


def _asking(given: dict[str, Any] | None) -> Asking | None:
    """A request to a publisher; its day is that of the load."""
    return Asking(asked_on=None, **given) if given else None


def _comments(given: dict[str, Any], key: str = "comments") -> tuple[SeedComment, ...]:
    return tuple(
        SeedComment(one["by"], one["text"], tuple(one.get("asks", ())), _comments(one, "answers"))
        for one in given.get(key, ())
    )
