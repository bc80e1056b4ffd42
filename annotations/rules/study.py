"""What a study of agreement says: the figures of `agreement`, with intervals, cut in every way.

A study is made of units (claims with the verdicts that count) and the scale they were judged on.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from annotations.rules import agreement
from annotations.rules.agreement import Level, Pair, Tally
from annotations.rules.resampling import FEWEST, RESAMPLES, ROUGH, intervals
from annotations.rules.unitizing import Mark, OfMarkers, compared
from annotations.rules.wanted import LeftOut, Versions

# How far people agreed on the verdicts of AVeriTeC, as its paper has it.
REFERENCE = 0.62
REFERENCE_SOURCE = (
    "M. Schlichtkrull, Z. Guo and A. Vlachos: AVeriTeC: A Dataset for Real-world Claim "
    "Verification with Evidence from the Web (2023)"
)
MOST_PAIRS = 20  # of reviewers, those with the most claims in common first
MOST_ARTICLES = 30  # those with the most claims first
MOST_MONTHS = 24  # the newest


@dataclass(frozen=True, slots=True)
class Unit:
    """A claim with its verdicts that count: each reviewer's place on the scale, 0 the best."""

    claim: uuid.UUID
    month: str  # as 2026-03: of the last of the verdicts
    given: Mapping[str, int]
    articles: Sequence[str] = ()  # slugs


@dataclass(frozen=True, slots=True)
class Scored:
    """A figure with its interval of 95 %; `why` says why there is none, or no interval."""

    value: float | None
    low: float | None
    high: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one corpus, and of how many claims and verdicts."""

    claims: int
    verdicts: int
    nominal: Scored
    ordinal: Scored
    interval: Scored
    fleiss: Scored
    share: Scored
    fleiss_claims: int
    fleiss_verdicts: int  # on each claim
    off_the_axis: int  # verdicts that the ordinal and the interval figure leave out


@dataclass(frozen=True, slots=True)
class OnRating:
    rating: Mapping[str, Any]
    verdicts: int
    share: float | None
    alpha: float | None


@dataclass(frozen=True, slots=True)
class OfPair:
    reviewers: tuple[str, str]
    claims: int
    share: float | None
    kappa: Scored
    weighted: Scored
    table: Mapping[Pair, int]


@dataclass(frozen=True, slots=True)
class OfMonth:
    month: str
    claims: int
    share: float | None
    alpha: Scored


@dataclass(frozen=True, slots=True)
class OfArticle:
    slug: str
    title: str
    claims: int
    share: float | None
    alpha: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Study:
    versions: Versions
    scale: Sequence[Mapping[str, Any]]
    measured: Measured
    ratings: Sequence[OnRating]
    confusion: Mapping[Pair, int]
    pairs: Sequence[OfPair]
    months: Sequence[OfMonth]
    articles: Sequence[OfArticle]
    pairs_in_all: int
    articles_in_all: int
    left_out: Mapping[LeftOut, int]
    single: int  # claims with one verdict that counts
    markers: Sequence[OfMarkers]
    markers_in_all: int


def study_of(
    versions: Versions,
    units: Iterable[Unit],
    scale: Sequence[Mapping[str, Any]],
    titles: Mapping[str, str],
    left_out: Mapping[LeftOut, int],
    marks: Iterable[Mark] = (),
) -> Study:
    """The study of these units; `scale` is `{slug, name, look, value}`, best first, and `titles`
    are those of the articles, by slug.
    """
    found = list(units)
    judged = [one for one in found if len(one.given) > 1]
    axis = _axis(scale)
    tally = _tally(judged)
    tables = pair_tables(judged)
    parts: defaultdict[str, list[Unit]] = defaultdict(list)
    for one in judged:
        for article in one.articles:
            parts[article].append(one)
    months = sorted({one.month for one in judged})[-MOST_MONTHS:]
    largest = sorted(parts, key=lambda name: (-len(parts[name]), name))[:MOST_ARTICLES]
    markers = compared(marks)
    closest = sorted(tables, key=lambda two: (-sum(tables[two].values()), two))[:MOST_PAIRS]
    return Study(
        versions=versions,
        scale=scale,
        measured=measured(tally, axis),
        ratings=[_on_rating(tally, n, one) for n, one in enumerate(scale)],
        confusion=agreement.confusion(tally),
        pairs=[_of_pair(two, tables[two], axis) for two in closest],
        months=[_of_month(name, [one for one in judged if one.month == name]) for name in months],
        articles=[_of_article(name, titles[name], parts[name]) for name in largest],
        pairs_in_all=len(tables),
        articles_in_all=len(parts),
        left_out=left_out,
        single=len(found) - len(judged),
        markers=markers[:MOST_PAIRS],
        markers_in_all=len(markers),
    )


def _axis(scale: Sequence[Mapping[str, Any]]) -> dict[int, tuple[int, float]]:
    """Of each rating on the axis, its place among those and its value."""
    on = [n for n, one in enumerate(scale) if one["value"] is not None]
    return {n: (place, float(scale[n]["value"])) for place, n in enumerate(on)}


def measured(tally: Tally, axis: Mapping[int, tuple[int, float]]) -> Measured:
    """Every figure of a tally, all intervals from the same resamples."""
    values = [value for _, value in axis.values()]

    def figures(drawn: Tally) -> tuple[float | None, ...]:
        on_axis = _on_the_axis(drawn, axis)
        return (
            agreement.alpha(drawn, Level.NOMINAL),
            agreement.alpha(on_axis, Level.ORDINAL),
            agreement.alpha(on_axis, Level.INTERVAL, values),
            agreement.share_of_agreement(drawn),
        )

    whys = [agreement.why_none(tally), *[agreement.why_none(_on_the_axis(tally, axis))] * 2]
    nominal, ordinal, interval, share = _scored(tally, figures, [*whys, whys[0]])
    alike = agreement.most_alike(tally)
    (fleiss,) = _scored(alike, lambda drawn: [agreement.fleiss_kappa(drawn)], whys[:1])
    return Measured(
        claims=sum(tally.values()),
        verdicts=sum(len(given) * n for given, n in tally.items()),
        nominal=nominal,
        ordinal=ordinal,
        interval=interval,
        fleiss=fleiss,
        share=share,
        fleiss_claims=alike.total(),
        fleiss_verdicts=len(next(iter(alike), ())),
        off_the_axis=sum(n * sum(one not in axis for one in given) for given, n in tally.items()),
    )


def _on_the_axis(tally: Tally, axis: Mapping[int, tuple[int, float]]) -> Counter[tuple[int, ...]]:
    """The tally by places on the axis; a claim that keeps fewer than two verdicts falls away."""
    kept: Counter[tuple[int, ...]] = Counter()
    for given, n in tally.items():
        rest = tuple(axis[one][0] for one in given if one in axis)
        if len(rest) > 1:
            kept[rest] += n
    return kept


def _scored(
    tally: Mapping[Any, int],
    figures: Callable[[Any], Sequence[float | None]],
    whys: Sequence[str],
    resamples: int = RESAMPLES,
) -> list[Scored]:
    """The figures of a tally with their intervals and, where one is missing, why."""
    few = (
        f"An interval needs at least {FEWEST} claims, so this has none."
        if sum(tally.values()) < FEWEST
        else "Too few of the resamples have this figure, so it has no interval."
    )
    return [
        Scored(
            value,
            low=within[0] if within else None,
            high=within[1] if within else None,
            why=why if value is None else "" if within else few,
        )
        for value, within, why in zip(
            figures(tally), intervals(tally, figures, resamples), whys, strict=True
        )
    ]


def _on_rating(tally: Tally, place: int, rating: Mapping[str, Any]) -> OnRating:
    return OnRating(
        rating=rating,
        verdicts=sum(n * given.count(place) for given, n in tally.items()),
        share=agreement.agreement_on(tally, place),
        alpha=agreement.alpha(agreement.this_or_another(tally, place), Level.NOMINAL),
    )


def pair_tables(units: Iterable[Unit]) -> dict[tuple[str, str], Counter[Pair]]:
    """Of every two reviewers, what they gave the claims that both have judged."""
    tables: defaultdict[tuple[str, str], Counter[Pair]] = defaultdict(Counter)
    for unit in units:
        for one, other in combinations(sorted(unit.given), 2):
            tables[one, other][unit.given[one], unit.given[other]] += 1
    return tables


def _of_pair(
    reviewers: tuple[str, str], table: Counter[Pair], axis: Mapping[int, tuple[int, float]]
) -> OfPair:
    def figures(drawn: Mapping[Pair, int]) -> tuple[float | None, float | None]:
        return (
            agreement.cohen_kappa(drawn),
            agreement.cohen_kappa(_steps(drawn, axis), linear=True),
        )

    one_rating = "Both gave one and the same rating throughout, so there is no kappa."
    kappa, weighted = _scored(table, figures, [one_rating, one_rating], ROUGH)
    return OfPair(
        reviewers=reviewers,
        claims=table.total(),
        share=sum(n for (one, other), n in table.items() if one == other) / table.total(),
        kappa=kappa,
        weighted=weighted,
        table=table,
    )


def _steps(table: Mapping[Pair, int], axis: Mapping[int, tuple[int, float]]) -> dict[Pair, int]:
    return {
        (axis[one][0], axis[other][0]): n
        for (one, other), n in table.items()
        if one in axis and other in axis
    }


def _of_month(month: str, units: Sequence[Unit]) -> OfMonth:
    tally = _tally(units)
    share = agreement.share_of_agreement(tally)
    (alpha,) = _scored(
        tally,
        lambda drawn: [agreement.alpha(drawn, Level.NOMINAL)],
        [agreement.why_none(tally)],
        ROUGH,
    )
    return OfMonth(month, len(units), share, alpha)


def _of_article(slug: str, title: str, units: Sequence[Unit]) -> OfArticle:
    tally = _tally(units)
    share, alpha = agreement.share_of_agreement(tally), agreement.alpha(tally, Level.NOMINAL)
    return OfArticle(slug, title, len(units), share, alpha, agreement.why_none(tally))


def _tally(units: Sequence[Unit]) -> Counter[agreement.Given]:
    return agreement.tally_of(list(one.given.values()) for one in units)
