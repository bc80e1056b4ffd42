"""What lies on a moderator's bench for one claim: the passage, the verdicts, their evidence.

Everything that the page of a claim and the admin show is put in order here; six queries, whatever
the number of verdicts.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q

from annotations.models.appearances import Appearance
from annotations.models.claims import Claim
from annotations.models.projects import Rating
from annotations.models.rulings import Ruling
from annotations.models.verdicts import Evidence, Verdict

MOST_PASSAGES = 20


@dataclass(frozen=True, slots=True)
class Passage:
    """Where the claim stands, with the block around it."""

    appearance: Appearance
    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence in the comparison."""

    evidence: Evidence
    ticked: bool
    older: bool


@dataclass(slots=True)
class Cell:
    """What one reviewer takes from one source: nothing, or one or more pieces."""

    reviewer: str
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """One source, or the questions without one, with a cell for each reviewer."""

    first: Evidence
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Bench:
    """A claim as a moderator needs it before ruling."""

    claim: Claim
    passages: list[Passage]
    verdicts: list[Verdict]
    evidence: list[Evidence]
    scale: list[Rating]
    ruling: Ruling | None
    rests_on: list[uuid.UUID]

    @property
    def reviewers(self) -> list[str]:
        return [verdict.reviewer.pseudonym for verdict in self.verdicts]

    @property
    def stale(self) -> list[str]:
        """Whose verdicts were given before the words changed."""
        return [one.reviewer.pseudonym for one in self.verdicts if one.is_stale]

    @property
    def columns(self) -> int:
        return min(len(self.verdicts), 9)

    def comparison(self, ticked: Collection[str]) -> list[Row]:
        """The evidence by source, in the order in which the verdicts name them.

        Questions without a source are a row together.
        """
        rows: dict[uuid.UUID | None, Row] = {}
        column = {verdict.reviewer_id: n for n, verdict in enumerate(self.verdicts)}
        for one in self.evidence:
            cells = [Cell(name) for name in self.reviewers]
            row = rows.setdefault(one.source_id, Row(one, cells))
            row.cells[column[one.verdict.reviewer_id]].pieces.append(
                Piece(one, str(one.pk) in ticked, one.verdict.superseded_at is not None)
            )
        return list(rows.values())


def bench_of(claim: Claim) -> Bench:
    """The bench of a claim that the person may moderate; whoever calls has made sure of that."""
    ruling = (
        Ruling.objects.current()
        .filter(claim=claim)
        .select_related("rating__replaced_by", "made_by")
        .first()
    )
    rests_on = list(ruling.rests_on.values_list("evidence_id", flat=True)) if ruling else []
    verdicts = list(
        Verdict.objects.current()
        .with_staleness()
        .filter(claim=claim)
        .select_related("rating__replaced_by", "reviewer")
        .order_by("submitted_at", "id")
    )
    evidence = (
        Evidence.objects.filter(verdict__claim=claim, verdict__submitted_at__isnull=False)
        .filter(Q(verdict__superseded_at__isnull=True) | Q(pk__in=rests_on))
        .select_related("source", "verdict__reviewer")
        .order_by("verdict__submitted_at", "verdict", "position")
    )
    return Bench(
        claim=claim,
        passages=passages_of(claim),
        verdicts=verdicts,
        evidence=list(evidence),
        scale=list(Rating.objects.in_use(claim.project)),
        ruling=ruling,
        rests_on=rests_on,
    )


def passages_of(claim: Claim) -> list[Passage]:
    """The places of the claim, newest article first."""
    places = (
        Appearance.objects.filter(claim=claim)
        .select_related("article", "revision")
        .order_by("-article", "start")[:MOST_PASSAGES]
    )
    return [in_its_block(place) for place in places]


def in_its_block(place: Appearance) -> Passage:
    """The quote inside the block, or the run of blocks, that it stands in."""
    text = place.revision.text
    blocks = [(first, last) for _, first, last in place.revision.blocks]
    start = max((first for first, _ in blocks if first <= place.start), default=place.start)
    end = min((last for _, last in blocks if last >= place.end), default=place.end)
    return Passage(place, text[start : place.start], place.quote, text[place.end : end])


def with_verdicts() -> Prefetch[str]:
    """For a list of claims: each with its current verdicts in `given`, in one query."""
    current = Verdict.objects.current().select_related("rating__replaced_by", "reviewer")
    given = current.order_by("id")
    return Prefetch("verdicts", given, to_attr="given")


@dataclass(frozen=True, slots=True)
class Point:
    """A rating's place on the drawn axis, in the drawing's own units, and who stands there."""

    x: int
    rating: Rating
    who: str


@dataclass(frozen=True, slots=True)
class Spread:
    """How far apart the verdicts are on the scale."""

    points: list[Point]
    axis_end: int
    low: int
    high: int
    sentence: str
    label: str

    @property
    def middle(self) -> int:
        return (self.low + self.high) // 2


LEFT, RIGHT, OFF = 60, 740, 940


def spread_of(scale: Sequence[Rating], verdicts: Sequence[Verdict]) -> Spread | None:
    """The verdicts on the scale's axis; None while there are no two to compare."""
    if len(verdicts) < 2:
        return None
    on_axis = [rating for rating in scale if rating.value is not None]
    step = (RIGHT - LEFT) // max(len(on_axis) - 1, 1)
    at = {rating.pk: LEFT + n * step for n, rating in enumerate(on_axis)}
    points = [Point(at.get(rating.pk, OFF), rating, names_at(rating, verdicts)) for rating in scale]
    taken = [point.x for point in points if point.who and point.x != OFF]
    apart = (max(taken) - min(taken)) // step if taken else 0
    off = any(point.who for point in points if point.x == OFF)
    label = f"{apart} step{'s' if apart != 1 else ''} apart" if apart and not off else ""
    says = "; ".join(f"{point.who}: {point.rating.name}" for point in points if point.who)
    return Spread(
        points=points,
        axis_end=LEFT + step * max(len(on_axis) - 1, 1),
        low=min(taken, default=LEFT),
        high=max(taken, default=LEFT),
        sentence=f"{says}. {label.capitalize()}".strip(". ") + ".",
        label=label,
    )


def names_at(rating: Rating, verdicts: Sequence[Verdict]) -> str:
    return ", ".join(
        one.reviewer.pseudonym for one in verdicts if one.rating and one.rating.counts_as == rating
    )
