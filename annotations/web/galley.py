"""A published article as its readers see it: its blocks, with a note beside each checked passage;
and a passage by itself, for the page of its claim."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from annotations.models import Appearance, Article, Revision
from annotations.rules.canonical import Kind
from annotations.rules.claims import RulingKind


@dataclass(frozen=True, slots=True)
class Note:
    """What stands in the margin: the passage's number, and its ruling."""

    n: int
    place: Appearance
    corrected: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A block: what it is, its place in code points, its words, and the notes on it."""

    kind: str
    start: int
    end: int
    words: str
    ends_the_article: bool
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Galley:
    """The headline, if the text has one, and everything after it."""

    headline: Stretch | None
    stretches: list[Stretch]
    notes: list[Note]
    marks: dict[str, Any]
    tally: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Passage:
    """A block around a passage, in three: the words before it, the passage, the words after."""

    kind: str
    before: str
    passage: str
    after: str


def galley_of(article: Article, places: Sequence[Appearance]) -> Galley:
    """The article (`ArticleQuerySet.with_text`) with its public marks in the order of the text."""
    notes = [
        Note(n, place, corrected=place.ruling_kind == RulingKind.CORRECTION)
        for n, place in enumerate(places, 1)
    ]
    stretches = stretches_of(article)
    _lay(notes, stretches)
    headline = stretches[0] if stretches and stretches[0].kind == Kind.HEADLINE else None
    return Galley(
        headline,
        stretches[1:] if headline else stretches,
        notes,
        {"marks": [_mark(note) for note in notes]},
        tally_of(places),
    )


def stretches_of(article: Article | Revision) -> list[Stretch]:
    """The blocks in order of a revision, or of an article (`ArticleQuerySet.with_text`)."""
    return [
        Stretch(
            kind,
            start,
            end,
            article.text[start:end],
            ends_the_article=bool(n > 1 and kind == Kind.FURNITURE)
            and article.blocks[n - 1][0] != Kind.FURNITURE,
        )
        for n, (kind, start, end) in enumerate(article.blocks)
    ]


def tally_of(places: Sequence[Appearance]) -> list[dict[str, Any]]:
    """How many passages have which rating (`look`, `name`, `n`), the most frequent first."""
    found = Counter((place.ruling_rating, place.ruling_name) for place in places)
    return [{"look": look, "name": name, "n": n} for (look, name), n in found.most_common()]


def passage_of(place: Appearance) -> list[Passage]:
    """The blocks a passage (of `AppearanceQuerySet.places_of`) stands in, cut at its ends.

    A block longer than what comes with the place is cut, and an ellipsis says so.
    """
    first, last = place.around_from, place.around_from + len(place.around)
    made = []
    for kind, start, end in place.blocks:
        if end <= place.start or start >= place.end:
            continue
        head, tail = max(start, first), min(end, last)
        a, b = max(start, place.start), min(end, place.end)
        before, passage, after = (
            place.around[x - first : y - first] for x, y in ((head, a), (a, b), (b, tail))
        )
        made.append(
            Passage(
                kind,
                "…" + before if head > start else before,
                passage,
                after + "…" if tail < end else after,
            )
        )
    return made


def _lay(notes: Sequence[Note], stretches: Sequence[Stretch]) -> None:
    """Give every note to the block in which its passage begins; both are in the text's order."""
    at = 0
    for note in notes:
        while at < len(stretches) - 1 and stretches[at].end <= note.place.start:
            at += 1
        if stretches:
            stretches[at].notes.append(note)


def _mark(note: Note) -> dict[str, Any]:
    place = note.place
    return {
        "id": str(place.pk),
        "n": note.n,
        "start": place.start,
        "end": place.end,
        "line": place.ruling_rating,
    }
