"""A ruling as its readers see it: how it was judged in sentences, and what changed since."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from annotations.models import Claim, PublisherCorrection, Ruling, Verdict
from annotations.rules.claims import CorrectionKind, RulingKind
from annotations.rules.publishers import Outcome
from annotations.web.axis import ORDINALS, number

ICONS: dict[str, str] = {
    RulingKind.PUBLICATION: "s-published",
    RulingKind.CORRECTION: "s-corrected",
    RulingKind.WITHDRAWAL: "s-withdrawn",
}
CHANGED = {
    CorrectionKind.TYPO: "a misprint",
    CorrectionKind.CLARIFICATION: "a clarification",
    CorrectionKind.SUBSTANTIAL: "the reasoning",
    CorrectionKind.RATING_CHANGED: "the rating",
}

CAME = {
    Outcome.CORRECTED: "corrected on",
    Outcome.REFUSED: "refused on",
    Outcome.REMOVED: "the passage was removed on",
    Outcome.NO_ANSWER: "no answer by",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One step in the life of a ruling."""

    icon: str
    at: datetime.datetime
    what: str
    why: str
    ruling: Ruling
    link: str


def changes(rulings: Sequence[Ruling]) -> list[Change]:
    """The steps, newest first as the rulings come; what is no longer in force has a link."""
    befores = [*rulings[1:], None]
    return [_change(one, before) for one, before in zip(rulings, befores, strict=True)]


def what_changed(ruling: Ruling, was: str) -> str:
    """A step in the life of a ruling in a few words; `was` is the rating before it."""
    if ruling.kind == RulingKind.WITHDRAWAL:
        return "Withdrawn"
    if ruling.kind == RulingKind.PUBLICATION:
        return f"Published as “{ruling.rating_name}”"
    if was != ruling.rating_name:
        return f"Corrected from “{was}” to “{ruling.rating_name}”"
    return f"Corrected: {CHANGED[CorrectionKind(ruling.correction)]}"


def _change(ruling: Ruling, before: Ruling | None) -> Change:
    old = ruling.superseded_at is not None
    return Change(
        ICONS[ruling.kind],
        ruling.made_at,
        what_changed(ruling, before.rating_name if before else ""),
        ruling.note or (ruling.summary if old else ""),
        ruling,
        f"Read the {ordinal(ruling.number)} ruling" if old else "",
    )


def came_of(asked: PublisherCorrection) -> str:
    """What came of a request to a publisher, and when."""
    day = asked.outcome_on
    if day is None:
        return "no answer yet"
    return f"{CAME[Outcome(asked.outcome)]} {day.day} {day:%B %Y}"


def ordinal(n: int) -> str:
    return ORDINALS[n - 1] if n <= len(ORDINALS) else f"no. {n}"


def how(claim: Claim, ruling: Ruling, verdicts: Sequence[Verdict]) -> str:
    """Who judged the claim, whether they knew of each other, whether they agreed, who ruled."""
    names = list(dict.fromkeys(one.reviewer.pseudonym for one in verdicts))
    maker = ruling.made_by.pseudonym
    one_of_them = ", who was one of them," if maker in names and len(names) > 1 else ""
    if not names:
        return f"A moderator, {maker}, made the ruling."
    if len(names) == 1:
        sentence = f"One reviewer, {names[0]}, judged the claim."
        return f"{sentence} A moderator, {maker}, made the ruling from the verdict."
    listed = ", ".join(names[:-1]) + f" and {names[-1]}"
    blind = " blind, none knowing what the others found" if claim.project.blind else ""
    if claim.project.blind and len(names) == 2:
        blind = " blind, neither knowing what the other found"
    agreed = len({one.meant for one in verdicts}) == 1
    return (
        f"{number(len(names)).capitalize()} reviewers, {listed}, judged the claim{blind}. "
        f"They {'agreed' if agreed else 'disagreed'}. "
        f"A moderator, {maker},{one_of_them} made the ruling from their verdicts."
    )
