"""Marks that a new text did not carry by itself, as a page lists them: what the words were and
are, why the mark waits, and what may be done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotations.actions.revisions import Becomes, places_of
from annotations.models import Appearance, Reattachment
from annotations.rules.anchors import CONTEXT
from annotations.rules.canonical import Block
from annotations.rules.comparing import Comparison, between
from annotations.rules.diffs import Change
from annotations.rules.reattaching import Outcome, Waits
from annotations.web.side_by_side import Mark, Span, blocks_at, name_of

ICONS = {Waits.REVIEW: "i-pencil", Waits.AMBIGUOUS: "i-split", Waits.ORPHAN: "i-unlink"}
MOST = 100  # marks that a page lists at once


@dataclass(frozen=True, slots=True)
class Choice:
    """A place that may be chosen: its words with those around them."""

    label: str
    span: Span
    block: str
    before: str
    words: str
    after: str

    @property
    def place(self) -> str:
        """As a form sends it."""
        return "{}-{}".format(*self.span)


@dataclass(frozen=True, slots=True)
class Item:
    """A mark that waits, or that waited: then `settled` says what became of it."""

    n: int
    why: Waits
    icon: str
    appearance: Appearance
    words: list[tuple[Change, str]]
    reason: str
    block: str
    choices: list[Choice] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    waiting: Reattachment | None = None
    rests: str = ""
    settled: str = ""

    @property
    def title(self) -> str:
        """Why it waits, in two words."""
        same = all(change is Change.EQUAL for change, _ in self.words)
        return "Surroundings changed" if same and self.why == Waits.REVIEW else self.why.label

    @property
    def both(self) -> str:
        return "Both" if len(self.choices) == 2 else f"All {len(self.choices)}"


@dataclass(frozen=True, slots=True)
class Texts:
    """What the places are looked up in: the compared texts, the newer one's words and blocks."""

    comparison: Comparison
    old_revision: Any
    text: str
    blocks: Sequence[Block]

    def item(
        self,
        n: int,
        appearance: Appearance,
        why: Waits,
        reason: str,
        spans: Sequence[Sequence[int]],
        **more: Any,
    ) -> Item:
        places = [(start, end) for start, end in spans]
        proposed = places[0] if places else None
        whole = places[1:] if why == Waits.REVIEW else places
        old_block = blocks_at(self.comparison.old_blocks, (appearance.start, appearance.end))
        return Item(
            n=n,
            why=why,
            icon=ICONS[why],
            appearance=appearance,
            words=self.words(appearance, why, proposed),
            reason=reason,
            block=self.block(proposed)
            if proposed
            else name_of(old_block[0], newer=False)
            if old_block and appearance.revision_id == self.old_revision
            else "",
            choices=self.choices(places if why == Waits.AMBIGUOUS else places[:1]),
            pieces=[f"{start}-{end}" for start, end in whole] if why == Waits.REVIEW else [],
            **more,
        )

    def shown(self, items: Iterable[Item]) -> dict[str, list[Span]]:
        """Where the page shows the texts though they did not change there (`laid_out`)."""
        old, new = [], []
        for item in items:
            if item.appearance.revision_id == self.old_revision and not item.choices:
                old.append((item.appearance.start, item.appearance.end))
            new += [choice.span for choice in item.choices]
        return {"old_shown": old, "new_shown": new}

    def words(
        self, appearance: Appearance, why: Waits, proposed: Span | None
    ) -> list[tuple[Change, str]]:
        """What the words were, with what went and came; of a lost one, which of them are gone."""
        if why == Waits.REVIEW and proposed:
            return between(appearance.quote, self.text[slice(*proposed)])
        if why == Waits.ORPHAN and appearance.revision_id == self.old_revision:
            return [
                (Change.EQUAL if piece.stays else Change.DELETED, piece.words)
                for piece in self.comparison.old.pieces(appearance.start, appearance.end)
            ]
        return [(Change.EQUAL, appearance.quote)]

    def block(self, span: Span) -> str:
        return name_of(next(iter(blocks_at(self.blocks, span)), 0), newer=True)

    def choices(self, places: Sequence[Span]) -> list[Choice]:
        """Each with its block's number, and where a block holds several with theirs in it."""
        numbers = [next(iter(blocks_at(self.blocks, place)), 0) for place in places]
        made = []
        for i, (start, end) in enumerate(places):
            n = numbers[i]
            which = f", {numbers[: i + 1].count(n)}" if numbers.count(n) > 1 else ""
            made.append(
                Choice(
                    f"Block {n}{which}",
                    (start, end),
                    name_of(n, newer=True),
                    self.text[max(0, start - CONTEXT) : start],
                    self.text[start:end],
                    self.text[end : end + CONTEXT],
                )
            )
        return made


def of_preview(texts: Texts, n: int, one: Becomes) -> Item:
    """A mark that would wait."""
    why = Waits(one.fate.result.value)
    return texts.item(n, one.place, why, one.fate.reason, places_of(one.fate))


def of_queue(texts: Texts, n: int, one: Reattachment, *, sees_verdicts: bool) -> Item:
    """A mark that waits or was settled; what rests on it is for those who see every verdict."""
    return texts.item(
        n,
        one.appearance,
        Waits(one.why),
        one.reason,
        one.places,
        waiting=one,
        rests=rests_on(one) if sees_verdicts else "",
        settled=settled(one),
    )


def rests_on(one: Reattachment) -> str:
    """The ruling and the verdicts that stand on the words as they were."""
    ruled = f"Ruled {one.ruling_name}. " if one.ruling_name else ""
    if not one.stale_count:
        return ruled + "No verdict stands on it."
    what = "1 verdict" if one.stale_count == 1 else f"{one.stale_count} verdicts"
    is_or_are = "is" if one.stale_count == 1 else "are"
    stays = "stays" if one.stale_count == 1 else "stay"
    if one.why == Waits.REVIEW:
        return f"{ruled}{what} {is_or_are} stale until you decide."
    return f"{ruled}{what} {stays} with the claim."


def settled(one: Reattachment) -> str:
    """What became of a mark that waited, and who decided it."""
    if one.settled_by is None:
        return ""
    who = one.settled_by.pseudonym
    if one.outcome == Outcome.LET_GO:
        return f"Let go by {who}."
    if one.outcome == Outcome.CARRIED:
        return "A later text brought it back."
    asks = " and asked the reviewers again" if one.asks_again else ""
    return f"{who} gave it its place{asks}."


def proposed(items: Iterable[Item], old_marks: Iterable[Mark]) -> list[Mark]:
    """Where marks that wait may stand in the newer text, as they look in the older one."""
    lines = lines_of(old_marks)
    return [
        {
            "id": f"may-{item.appearance.pk}-{n}",
            "n": item.n,
            "start": choice.span[0],
            "end": choice.span[1],
            "line": lines.get(str(item.appearance.pk), "plain"),
        }
        for item in items
        for n, choice in enumerate(item.choices)
    ]


def lines_of(marks: Iterable[Mark]) -> dict[str, str]:
    """The line under each mark by its id."""
    return {mark["id"]: mark["line"] for mark in marks}


@dataclass(frozen=True, slots=True)
class Moved:
    """A mark that was found elsewhere as it was."""

    n: int
    words: str
    block: str
    to_block: int
    from_block: int


def moved(texts: Texts, n: int, before: Appearance, start: int, end: int) -> Moved:
    """`from_block` is 0 where the mark stood in a still older text."""
    to = next(iter(blocks_at(texts.blocks, (start, end))), 0)
    whence = blocks_at(texts.comparison.old_blocks, (before.start, before.end))
    here = before.revision_id == texts.old_revision
    return Moved(n, before.quote, name_of(to, newer=True), to, next(iter(whence), 0) if here else 0)
