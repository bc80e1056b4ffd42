"""What a writer asks of a record: its newest text, what stands there, what was said in the end."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotations.formats.contract import Record
from annotations.formats.given import ArticleGiven, ClaimGiven, PlaceGiven, VerdictGiven
from annotations.formats.given import day as day  # a record's days are read here and by formats
from annotations.rules.verdicts import EvidenceGiven

Part = Mapping[str, Any]

# Fields of a piece of evidence that are the same in a record and as they are given.
SAME = (
    "type", "title", "publisher", "author", "date_is_inferred", "quote", "locator", "note",
    "question", "answer",
)  # fmt: skip


def newest(record: Record) -> Part | None:
    """The newest revision that the record shows; None where it shows none."""
    revisions: Sequence[Part] = record["revisions"]
    return max(revisions, key=lambda one: one["number"], default=None)


def places(claim: Part, revision: Part) -> list[Part]:
    """The appearances of a claim in a revision, in the order of the text."""
    return [one for one in claim["appearances"] if one["revision"] == revision["id"]]


def standing(record: Record) -> Iterator[tuple[Part, list[Part]]]:
    """The claims that stand in the record's newest text, each with its places there."""
    revision = newest(record)
    if revision is None:
        return
    for claim in record["claims"]:
        if here := places(claim, revision):
            yield claim, here


def ruling(claim: Part) -> Part | None:
    """The ruling in force; None where nothing is published, or what was is withdrawn."""
    if claim["state"] == "withdrawn":
        return None
    rulings: Sequence[Part] = claim["rulings"]
    return next((one for one in rulings if one["superseded_at"] is None), None)


def verdicts(claim: Part) -> list[Part]:
    """The verdicts in force: submitted, and not followed by another of the same reviewer."""
    return [
        one
        for one in claim["verdicts"]
        if one["submitted_at"] is not None and one["superseded_at"] is None
    ]


def said(claim: Part) -> list[Part]:
    """What a format with one word for a claim goes by: the ruling in force, else the verdicts."""
    settled = ruling(claim)
    return [settled] if settled else verdicts(claim)


def past(record: Record) -> int:
    """How much the record holds beside what stands and is in force: older texts, verdicts and
    rulings that were followed by others, and claims that stand in older texts alone.
    """
    claims: Sequence[Part] = record["claims"]
    old_texts = max(0, len(record["revisions"]) - 1)
    followed = sum(
        one["superseded_at"] is not None
        for claim in claims
        for one in [*claim["verdicts"], *claim["rulings"]]
    )
    return old_texts + followed + len(claims) - sum(1 for _ in standing(record))


def agreed(claim: Part) -> str | None:
    """The one rating that `said` gives a claim; None where there is none, or more than one."""
    ratings = {one["rating"] for one in said(claim)}
    return ratings.pop() if len(ratings) == 1 else None


def scale(record: Record) -> dict[str, Part]:
    """The project's ratings by slug, the retired ones among them."""
    return {one["slug"]: one for one in record["project"]["scale"]}


def rating_name(record: Record, slug: str | None) -> str:
    """The name of a rating as people read it; the empty string where none was given."""
    found = scale(record).get(slug or "")
    return str(found["name"]) if found else (slug or "")


def kept(part: Part, slug: str) -> Part:
    """What a file of the format `slug` said of an article or a claim beside what the workbench
    has a word for (`ArticleGiven.kept`, `ClaimGiven.kept`); empty where it came from no such file.
    """
    found: Part = part.get("kept", {}).get(slug, {})
    return found


def given(record: Record, slug: str = "") -> ArticleGiven:
    """The record's newest text with its claims, in the shape in which files give theirs, each with
    what is kept of the format `slug`.

    Reading what a format wrote gives this, less what the format drops.
    """
    revision = newest(record)
    article = record["article"]
    return ArticleGiven(
        key=article["id"],
        text=revision["text"] if revision else "",
        title=article["title"],
        publisher=article["publisher"],
        author=article["author"],
        address=article["address"],
        language=article["language"],
        date=day(article["date"]),
        claims=tuple(_claim(claim, here, slug) for claim, here in standing(record)),
        kept=kept(article, slug),
    )


def _claim(claim: Part, here: list[Part], slug: str) -> ClaimGiven:
    who = claim["claimant"] or {"name": "", "role": ""}
    return ClaimGiven(
        key=claim["id"],
        statement=claim["statement"],
        places=tuple(PlaceGiven(one["start"], one["end"]) for one in here),
        kind=claim["kind"],
        claimant=who["name"],
        claimant_role=who["role"],
        said_on=day(claim["said_on"]),
        first_address=claim["first_address"],
        topics=tuple(claim["topics"]),
        verdicts=tuple(
            VerdictGiven(
                rating=one["rating"],
                rationale=one["rationale"],
                evidence=tuple(_evidence(piece) for piece in one["evidence"]),
                by=one["reviewer"],
                at=datetime.datetime.fromisoformat(one["submitted_at"]),
            )
            for one in verdicts(claim)
        ),
        kept=kept(claim, slug),
    )


def _evidence(piece: Part) -> EvidenceGiven:
    return EvidenceGiven(
        stance=piece["stance"],
        address=piece["source"]["address"] if piece["source"] else "",
        date=day(piece["date"]),
        **{name: piece[name] for name in SAME},
    )
