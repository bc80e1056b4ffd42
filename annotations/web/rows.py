"""How a mark is shown: its row in the list, its line in the text, the words beside it.

A reviewer's own progress comes first; the claim's state is said only where the person may know it.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotations.models import Appearance
from annotations.rules.permissions import Verb, closed
from annotations.rules.reattaching import Waits
from annotations.rules.states import SET_ASIDE_REASONS, State

SEEN = 30  # code points of a passage that fit into a row


@dataclass(frozen=True, slots=True)
class Row:
    """One claim of the article: `line` is a rating's look, `plain` or `aside`.

    `label` is the passage, or the statement where other rows would show the same passage.
    """

    n: int
    claim: uuid.UUID
    label: str
    statement: str
    line: str
    glyph: str
    icon: str
    words: tuple[str, ...]
    strong: bool
    aside: bool
    to_judge: bool
    mine: bool
    stale: bool
    twin: bool = False


def rows_of(
    appearances: Iterable[Appearance], person_id: int, before: int = 0
) -> tuple[list[Row], list[dict[str, Any]]]:
    """The rows, one a claim in the order of the text, and the marks, one an appearance.

    A mark is `{id, n, claim, start, end, line, judge, stale}` with offsets in code points; `judge`
    says that the claim waits for the person's verdict, `stale` that its words changed since the
    person gave one. The rows are numbered from the one after `before`.
    """
    rows: dict[uuid.UUID, Row] = {}
    marks = []
    for one in appearances:
        row = rows.get(one.claim_id)
        if row is None:
            row = rows[one.claim_id] = row_of(one, before + len(rows) + 1, person_id)
        marks.append(
            {
                "id": str(one.pk),
                "n": row.n,
                "claim": str(one.claim_id),
                "start": one.start,
                "end": one.end,
                "line": row.line,
                "judge": row.to_judge,
                "stale": row.stale,
            }
        )
    return told_apart(list(rows.values())), marks


def rows_that_wait(places: Sequence[Appearance], person_id: int, before: int) -> list[Row]:
    """The rows of claims without a place in this text (`AppearanceQuerySet.waiting_in`).

    They say why they wait, and then the person's progress.
    """
    why = {one.claim_id: Waits(one.waits).label for one in places}
    rows, _ = rows_of(places, person_id, before)
    return [
        replace(row, words=(why[row.claim], row.words[0]), strong=False, icon="i-unlink")
        for row in rows
    ]


def told_apart(rows: list[Row]) -> list[Row]:
    """Those whose passages look the same, as far as a row shows them, say what is claimed."""
    seen = Counter(row.label[:SEEN] for row in rows)
    return [
        replace(row, label=row.statement, twin=True) if seen[row.label[:SEEN]] > 1 else row
        for row in rows
    ]


def row_of(one: Appearance, n: int, person_id: int) -> Row:
    """The row of a mark that `AppearanceQuerySet.on_revision` gave."""
    state = State(one.shown_state) if one.shown_state else None
    aside = state == State.SET_ASIDE
    rating = one.own_rating_name or one.ruling_name
    glyph = one.own_rating or one.ruling_rating or one.own_draft or ""
    to_judge = not one.own_submitted and state in (None, State.MARKED, State.IN_REVIEW)
    stale = one.own_is_stale and closed(Verb.JUDGE, one.claim.state) is None
    if aside:
        why = SET_ASIDE_REASONS.get(one.claim.set_aside_reason, "").lower()
        words: tuple[str, ...] = (f"Set aside, {why}",)
    elif stale:
        words = (rating or "", "Words changed")
    elif rating:
        words = (rating, state.label) if state else (rating,)
    elif one.own_has_draft:
        words = (f"{one.own_draft_name}, draft" if one.own_draft_name else "Draft",)
    elif state is None or (to_judge and not one.sees_all):
        words = ("To judge",)
    else:
        words = (state.label,)
    return Row(
        n=n,
        claim=one.claim_id,
        label=one.quote,
        statement=one.claim.statement,
        line="aside" if aside else (one.shown_rating or "plain"),
        glyph="" if aside else glyph,
        icon=icon_of(None if to_judge and not one.sees_all else state),
        words=words,
        strong=stale or state == State.DISPUTED,
        aside=aside,
        to_judge=to_judge,
        mine=one.own_submitted or one.own_has_draft or one.marked_by_id == person_id,
        stale=stale,
    )


def icon_of(state: str | None) -> str:
    """The symbol of a state; of work to do where the state may not be known."""
    return "s-" + state.replace("_", "-") if state else "s-to-judge"
