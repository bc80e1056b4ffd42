"""How far reviewers agree beyond chance: alpha, the kappas, and plain shares.

A unit is one claim; what it was given is a tuple of places on the scale (0 is the best rating),
one for each reviewer who judged it. Units that were given the same are counted together in a
`Tally`. A figure that cannot be had is None, and `why_none` says in a sentence why.

- Krippendorff, K.: Computing Krippendorff's Alpha-Reliability (2011); Content Analysis (4th ed.,
  2018), chapter 12.
- Cohen, J.: A coefficient of agreement for nominal scales (1960); Weighted kappa (1968).
- Fleiss, J. L.: Measuring nominal scale agreement among many raters (1971).
- Spitzer, R. and Fleiss, J. L.: A re-analysis of the reliability of psychiatric diagnosis (1974),
  for the agreement on one rating.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import combinations

Given = tuple[int, ...]
Pair = tuple[int, int]
Tally = Mapping[Given, int]


class Level(StrEnum):
    NOMINAL = "nominal"  # two ratings are the same or they are not
    ORDINAL = "ordinal"  # how much of all that was given lies between the two
    INTERVAL = "interval"  # how far apart their values are


def tally_of(units: Iterable[Sequence[int]]) -> Counter[Given]:
    """The units that two or more have judged; the same for the same units in any order."""
    found = Counter(tuple(sorted(one)) for one in units if len(one) > 1)
    return Counter(dict(sorted(found.items())))


def alpha(tally: Tally, level: Level, values: Sequence[float] = ()) -> float | None:
    """Krippendorff's alpha: 1 is full agreement, 0 what chance would give.

    Reviewers may have judged different claims, and any number of them. The ordinal level takes
    the ratings in the order of the scale, the interval level their `values`.
    """
    together = coincidences(tally)
    totals: defaultdict[int, float] = defaultdict(float)
    for (one, _), n in together.items():
        totals[one] += n
    apart = _distances(level, totals, values)
    expected = sum(totals[one] * totals[other] * far for (one, other), far in apart.items())
    if not expected:
        return None
    observed = sum(together.get(pair, 0.0) * far for pair, far in apart.items())
    return 1.0 - (sum(totals.values()) - 1.0) * observed / expected


def coincidences(tally: Tally) -> dict[Pair, float]:
    """How often two ratings met on a unit, both ways round; every verdict counts for one."""
    together: defaultdict[Pair, float] = defaultdict(float)
    for given, n in tally.items():
        for one, other in combinations(given, 2):
            together[one, other] += n / (len(given) - 1)
            together[other, one] += n / (len(given) - 1)
    return together


def _distances(
    level: Level, totals: Mapping[int, float], values: Sequence[float]
) -> dict[Pair, float]:
    """The squared difference of every two ratings, the better one first."""
    if level is Level.NOMINAL:
        return dict.fromkeys(combinations(sorted(totals), 2), 1.0)
    place = {one: values[one] for one in totals} if level is Level.INTERVAL else _ranks(totals)
    return {
        (one, other): (place[one] - place[other]) ** 2
        for one, other in combinations(sorted(totals), 2)
    }


def _ranks(totals: Mapping[int, float]) -> dict[int, float]:
    """The mean rank of what was given each rating."""
    ranks, below = {}, 0.0
    for one in sorted(totals):
        ranks[one] = below + totals[one] / 2
        below += totals[one]
    return ranks


def share_of_agreement(tally: Tally) -> float | None:
    """The share of pairs of verdicts on a claim that agree; every claim counts the same."""
    units = sum(tally.values())
    if not units:
        return None
    return sum(n * _agreeing(given) for given, n in tally.items()) / units


def _agreeing(given: Given) -> float:
    alike = sum(n * (n - 1) for n in Counter(given).values())
    return alike / (len(given) * (len(given) - 1))


def most_alike(tally: Tally) -> Counter[Given]:
    """The units with the number of verdicts that most of them have; the larger one of equals."""
    sizes: Counter[int] = Counter()
    for given, n in tally.items():
        sizes[len(given)] += n
    raters = max(sizes, key=lambda size: (sizes[size], size), default=0)
    return Counter({given: n for given, n in tally.items() if len(given) == raters})


def fleiss_kappa(tally: Tally) -> float | None:
    """Fleiss' kappa of units that all have the same number of verdicts."""
    totals: Counter[int] = Counter()
    for given, n in tally.items():
        for one in given:
            totals[one] += n
    if len(totals) < 2:
        return None
    by_chance = sum((n / totals.total()) ** 2 for n in totals.values())
    return ((share_of_agreement(tally) or 0.0) - by_chance) / (1.0 - by_chance)


def cohen_kappa(table: Mapping[Pair, int], *, linear: bool = False) -> float | None:
    """Cohen's kappa of two reviewers: `table` counts (rating of the one, rating of the other).

    `linear` weighs a disagreement by the steps that lie between the ratings.
    """
    rows: Counter[int] = Counter()
    columns: Counter[int] = Counter()
    for (one, other), n in table.items():
        rows[one] += n
        columns[other] += n

    def weight(one: int, other: int) -> int:
        return abs(one - other) if linear else int(one != other)

    expected = sum(rows[one] * columns[other] * weight(one, other)
                   for one in rows for other in columns)  # fmt: skip
    if not expected:
        return None
    observed = sum(n * weight(one, other) for (one, other), n in table.items())
    return 1.0 - rows.total() * observed / expected


def agreement_on(tally: Tally, rating: int) -> float | None:
    """Of those who judged a claim beside a verdict of this rating, the share that gave it too."""
    together = coincidences(tally)
    met = sum(n for (one, _), n in together.items() if one == rating)
    return together.get((rating, rating), 0.0) / met if met else None


def this_or_another(tally: Tally, rating: int) -> Counter[Given]:
    """The tally with only two ratings: this one, and all others as one."""
    made: Counter[Given] = Counter()
    for given, n in tally.items():
        made[tuple(sorted(int(one != rating) for one in given))] += n
    return made


def confusion(tally: Tally) -> Counter[Pair]:
    """How many pairs of verdicts on a claim gave these two ratings, the better one first."""
    met: Counter[Pair] = Counter()
    for given, n in tally.items():
        for one, other in combinations(given, 2):
            met[min(one, other), max(one, other)] += n
    return met


def why_none(tally: Tally) -> str:
    """Why there is no figure beyond chance for a tally; empty if there is one."""
    if not tally:
        return "Agreement needs at least two verdicts on a claim, and no claim here has two."
    if len({one for given in tally for one in given}) < 2:
        return "Every verdict here gave the same rating, so chance cannot be told from agreement."
    return ""
