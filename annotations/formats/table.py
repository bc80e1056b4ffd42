"""The table of claims that spreadsheets get: a row a verdict, and one for a claim without any.

Every row is whole by itself, with its article and that article's text, so that a table may be
sorted, filtered and cut before it is brought in again. The columns are `COLUMNS`, in that order:

- `article…`, `claim`: the ids of both, and what is known of the article. Days are `2025-03-17`.
- `topics`: one on each line of the cell.
- `ruling`, `ruling_summary`, `ruled_at`: what is published, if anything is.
- `reviewer`, `rating`, `rationale`, `judged_at`: the verdict. Times are ISO 8601 with their zone.
- `evidence`: an address on each line of the cell, after `supports`, `refutes` or `context`.
- `start`, `end`, `quote`: where the claim stands in `text`, from 0, the end not included;
  `more_places` is a JSON list of `[start, end, quote]` where it stands in more than one place.
- `other`: a JSON object of columns that the claim's own file had and this table has not.
"""

import json
from collections.abc import Iterator

from annotations.formats.contract import Record, WriteAsked
from annotations.formats.offsets import Offsets, Unit
from annotations.formats.record import Part, kept, newest, ruling, standing, verdicts

ARTICLE = (
    "article", "article_title", "article_publisher", "article_author", "article_address",
    "article_language", "article_date",
)  # fmt: skip
CLAIM = (
    "claim", "statement", "kind", "claimant", "claimant_role", "said_on", "first_address", "topics",
)  # fmt: skip
RULING = ("ruling", "ruling_summary", "ruled_at")
VERDICT = ("reviewer", "rating", "rationale", "judged_at", "evidence")
PLACES = ("start", "end", "quote", "more_places")
COLUMNS = ("project", *ARTICLE, *CLAIM, "state", *RULING, *VERDICT, *PLACES, "other", "text")
UNITS = (Unit.CODEPOINT, Unit.UTF16)

UNMARKED = "Articles in whose newest text nothing is marked."
OLDER = "Older texts of an article, and the claims that stand only in them."
CITED = (
    "What a verdict says of a piece of evidence beyond its stance and its address, and evidence "
    "that is a question with its answer."
)
REPLACED = "Verdicts and rulings that others replaced."
ASKED = "What the publishers of articles were asked to correct."
DROPS = (
    UNMARKED, OLDER, CITED, REPLACED, ASKED,
    "How sure a reviewer was, the evidence and the reasons of a ruling, and why a claim was set "
    "aside.",
    "The blocks of a text, how places came over from an older text, who marked what when, the "
    "project's scale, notes on articles, claimants and sources, and what was kept of a file for "
    "another format.",
)  # fmt: skip


def rows(record: Record, slug: str, asked: WriteAsked) -> Iterator[list[str]]:
    """The rows of a record, each a cell for each of `COLUMNS`, for the format `slug`."""
    count_dropped(record, asked)
    revision = newest(record)
    text = revision["text"] if revision else ""
    offsets, unit = Offsets(text), asked.unit_of(UNITS)
    article = _article(record["article"])
    for claim, here in standing(record):
        before = [record["project"]["slug"], *article, *_claim(claim), claim["state"] or ""]
        before += _ruling(ruling(claim))
        after = [*_places(here, offsets, unit), _other(kept(claim, slug)), text]
        judged = [_verdict(one) for one in verdicts(claim)]
        for verdict in judged or [[""] * len(VERDICT)]:
            yield [*before, *verdict, *after]


def count_dropped(record: Record, asked: WriteAsked) -> None:
    """Count what this very record has and no row shows."""
    shown = [claim for claim, _ in standing(record)]
    judged = [one for claim in shown for one in verdicts(claim)]
    left = {
        UNMARKED: int(not shown),
        OLDER: max(0, len(record["revisions"]) - 1) + len(record["claims"]) - len(shown),
        CITED: sum(_is_cited(piece) for one in judged for piece in one["evidence"]),
        REPLACED: sum(
            len(claim["verdicts"]) - len(verdicts(claim))
            + len(claim["rulings"]) - (ruling(claim) is not None)
            for claim in shown
        ),
        ASKED: sum(len(claim["publisher_corrections"]) for claim in shown),
    }  # fmt: skip
    asked.dropped.update({sentence: n for sentence, n in left.items() if n})


def _is_cited(piece: Part) -> bool:
    plain = ("id", "stance", "source", "date_is_inferred")
    return piece["source"] is None or any(piece[name] for name in piece if name not in plain)


def _article(article: Part) -> list[str]:
    names = ("id", "title", "publisher", "author", "address", "language", "date")
    return [article[name] or "" for name in names]


def _claim(claim: Part) -> list[str]:
    who = claim["claimant"] or {"name": "", "role": ""}
    return [
        claim["id"], claim["statement"], claim["kind"], who["name"], who["role"],
        claim["said_on"] or "", claim["first_address"], "\n".join(claim["topics"]),
    ]  # fmt: skip


def _ruling(settled: Part | None) -> list[str]:
    if settled is None:
        return [""] * len(RULING)
    return [settled["rating"] or "", settled["summary"], settled["made_at"]]


def _verdict(one: Part) -> list[str]:
    sources = (
        f"{piece['stance']} {piece['source']['address']}".strip()
        for piece in one["evidence"]
        if piece["source"]
    )
    said = [one["reviewer"], one["rating"] or "", one["rationale"], one["submitted_at"]]
    return [*said, "\n".join(sources)]


def _places(here: list[Part], offsets: Offsets, unit: Unit) -> list[str]:
    written = [
        (offsets.written(one["start"], unit), offsets.written(one["end"], unit), one["quote"])
        for one in here
    ]
    (start, end, quote), *more = written
    return [str(start), str(end), quote, json.dumps(more, ensure_ascii=False) if more else ""]


def _other(kept: Part) -> str:
    """What was kept of a file, less its ruling: a record's own has columns for itself."""
    found = {column: cell for column, cell in kept.items() if column not in RULING}
    return json.dumps(found, ensure_ascii=False) if found else ""
