"""The verdict as a form: what was typed, what is wrong with it, and the judgement it makes.

Evidence comes as rows: the field `evidence` lists the rows' numbers in order, and the fields of
row 3 are `evidence-3-address` and so on; its `form` is `passage` or `question`. Rows are numbered
anew in what goes out.
"""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.http import QueryDict

from annotations.models import Evidence, Verdict
from annotations.rules.refusals import Malformed, Problems
from annotations.rules.verdicts import EvidenceGiven, Judgement

FIELDS = ("stance", "address", "type", "title", "publisher", "author", "date", "quote", "locator",
          "note", "form", "question", "answer")  # fmt: skip
CHOSEN = ("stance", "form")  # by a press: alone they make no evidence


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One row as typed: `values` by field name, and the sentence for each that was refused."""

    n: int
    values: Mapping[str, str]
    problems: Mapping[str, str]

    @property
    def day(self) -> str:
        """The date as people write it, where one was typed."""
        try:
            day = datetime.date.fromisoformat(self.values.get("date", ""))
        except ValueError:
            return ""
        return f"{day.day} {day:%B %Y}"

    @property
    def asks(self) -> bool:
        """Whether it is given as a question; else what was typed for one is left out."""
        return self.values.get("form") == "question"

    @property
    def is_new(self) -> bool:
        """Whether its fields stand open: nothing typed yet, or something to mend."""
        given = self.values.get("address") or (self.asks and self.values.get("question"))
        return bool(self.problems) or not given


@dataclass(frozen=True, slots=True)
class VerdictForm:
    """`based_on` says beside which verdict of the reviewer's it was begun (`save_draft`)."""

    rating: str = ""
    rationale: str = ""
    confidence: str = ""
    rows: tuple[EvidenceRow, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    based_on: str | None = ""

    @property
    def elsewhere(self) -> list[str]:
        """The sentences that belong to no field of the form."""
        return [
            sentence
            for name, sentence in self.problems.items()
            if name not in ("rating", "rationale", "confidence", "evidence")
            and not name.startswith("evidence.")
        ]

    def with_problems(self, problems: Mapping[str, str]) -> "VerdictForm":
        """The same words, with the sentences of a refusal at their fields."""
        rows = tuple(
            EvidenceRow(
                row.n,
                row.values,
                {
                    name.split(".", 2)[2]: sentence
                    for name, sentence in problems.items()
                    if name.startswith(f"evidence.{row.n}.")
                },
            )
            for row in self.rows
        )
        return replace(self, rows=rows, problems=problems)

    def judgement(self) -> Judgement:
        """What the form says, for an action; refuses a date that is none."""
        problems = Problems()
        evidence = tuple(
            EvidenceGiven(
                stance=row.values.get("stance", ""),
                address=row.values.get("address", ""),
                type=row.values.get("type", ""),
                title=row.values.get("title", ""),
                publisher=row.values.get("publisher", ""),
                author=row.values.get("author", ""),
                quote=row.values.get("quote", ""),
                locator=row.values.get("locator", ""),
                note=row.values.get("note", ""),
                question=row.values.get("question", "") if row.asks else "",
                answer=row.values.get("answer", "") if row.asks else "",
                date=problems.attempt(lambda row=row: _date(row), None),  # type: ignore[misc]
                date_is_inferred=row.values.get("date_is_inferred") == "1",
            )
            for row in self.rows
        )
        problems.refuse()
        return Judgement(self.rating, self.rationale, self.confidence, evidence)


def typed(posted: QueryDict) -> VerdictForm:
    """The form as it was sent, rows numbered anew; a row with nothing typed in it is left out."""
    rows: list[EvidenceRow] = []
    for number in posted.getlist("evidence"):
        if not re.fullmatch(r"\d{1,4}", number):
            continue
        values = {name: posted.get(f"evidence-{number}-{name}", "") for name in FIELDS}
        values["date_is_inferred"] = posted.get(f"evidence-{number}-date_is_inferred", "")
        if any(values[name].strip() for name in FIELDS if name not in CHOSEN):
            rows.append(EvidenceRow(len(rows), values, {}))
    return VerdictForm(
        rating=posted.get("rating", ""),
        rationale=posted.get("rationale", ""),
        confidence=posted.get("confidence", ""),
        rows=tuple(rows),
        based_on=posted.get("based_on"),
    )


def with_new_row(form: VerdictForm) -> VerdictForm:
    """The form with one more empty row, for a browser without scripts."""
    empty = EvidenceRow(len(form.rows), {}, {})
    return replace(form, rows=(*form.rows, empty))


def shown(verdict: Verdict | None, evidence: Iterable[Evidence]) -> VerdictForm:
    """A saved verdict as a form."""
    if verdict is None:
        return VerdictForm()
    return VerdictForm(
        rating=verdict.rating.counts_as.slug if verdict.rating else "",
        rationale=verdict.rationale,
        confidence=verdict.confidence,
        rows=tuple(EvidenceRow(n, _values(one), {}) for n, one in enumerate(evidence)),
        based_on=verdict.saved_at.isoformat(),
    )


def words_of(form: VerdictForm, scale: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """What a form says, as a person reads it; a piece of evidence is a line."""
    named = {one["slug"]: one["name"] for one in scale}
    return {
        "rating": named.get(form.rating, form.rating),
        "rationale": form.rationale.replace("\r\n", "\n"),
        "evidence": "\n".join(_line(row.values) for row in form.rows),
        "confidence": form.confidence.capitalize(),
    }


def _line(values: Mapping[str, str]) -> str:
    quote = values.get("quote", "")
    said = (values.get("question", ""), values.get("answer", ""), f"“{quote}”" if quote else "")
    stance = values.get("stance", "").capitalize()
    return " ".join(one for one in (stance, values.get("address", ""), *said) if one)


def _values(one: Evidence) -> dict[str, str]:
    return {
        "stance": one.stance,
        "address": one.source.address if one.source else "",
        "type": one.type,
        "title": one.title,
        "publisher": one.publisher,
        "author": one.author,
        "date": one.date.isoformat() if one.date else "",
        "date_is_inferred": "1" if one.date_is_inferred else "",
        "quote": one.quote,
        "locator": one.locator,
        "note": one.note,
        "form": "question" if one.question else "passage",
        "question": one.question,
        "answer": one.answer,
    }


def _date(row: EvidenceRow) -> datetime.date | None:
    value = row.values.get("date", "").strip()
    if not value:
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise Malformed(
            "This is not a date. Write it as year, month, day: 2025-03-17.",
            field=f"evidence.{row.n}.date",
        ) from None
