"""What a study says of its units, and what may be asked of it."""

import datetime
import uuid
from collections.abc import Mapping

import pytest

from annotations.rules.ratings import STANDARD_SCALE
from annotations.rules.refusals import Malformed
from annotations.rules.study import Study, Unit, study_of
from annotations.rules.wanted import Versions, Wanted, wanted_of

SCALE = [
    {"slug": one.slug, "name": one.name, "look": one.look, "value": one.value}
    for one in STANDARD_SCALE
]
TRUE, MOSTLY, FALSE, UNPROVEN = 0, 1, 4, 5


def unit(month: str = "2026-01", article: str = "one", **given: int) -> Unit:
    return Unit(uuid.UUID(int=0), month, given, (article,))


def study(*units: Unit) -> Study:
    return study_of(Versions.FIRST, units, SCALE, {"one": "One", "two": "Two"}, {})


def test_a_claim_with_one_verdict_is_told_and_not_measured() -> None:
    found = study(unit(Finch=TRUE), unit(Finch=TRUE, Maple=TRUE), unit(Finch=FALSE, Maple=FALSE))
    assert found.single == 1
    assert found.measured.claims == 2
    assert found.measured.verdicts == 4
    assert found.measured.nominal.value == 1


def test_no_claim_with_two_verdicts_says_what_is_needed() -> None:
    found = study(unit(Finch=TRUE))
    assert found.measured.nominal.value is None
    assert "at least two verdicts on a claim" in found.measured.nominal.why
    assert not found.pairs
    assert not found.months


def test_a_rating_off_the_axis_has_no_place_in_the_ordinal_figure() -> None:
    found = study(
        unit(Finch=TRUE, Maple=UNPROVEN),
        unit(Finch=TRUE, Maple=TRUE),
        unit(Finch=FALSE, Maple=FALSE),
    ).measured
    assert found.off_the_axis == 1
    assert found.ordinal.value == 1
    assert found.nominal.value is not None
    assert found.nominal.value < 1


def test_steps_count_on_the_axis_wherever_the_other_rating_stands() -> None:
    scale = [SCALE[TRUE], SCALE[UNPROVEN], SCALE[MOSTLY], SCALE[FALSE]]
    units = [unit(Finch=0, Maple=2), unit(Finch=2, Maple=2), unit(Finch=3, Maple=3)]
    other = [unit(Finch=0, Maple=1), unit(Finch=1, Maple=1), unit(Finch=2, Maple=2)]
    here = study_of(Versions.FIRST, units, scale, {"one": "One"}, {})
    without = study_of(Versions.FIRST, other, [scale[0], *scale[2:]], {"one": "One"}, {})
    assert here.pairs[0].weighted.value == without.pairs[0].weighted.value
    assert here.measured.interval == without.measured.interval


def test_few_claims_have_a_figure_and_no_interval() -> None:
    found = study(unit(Finch=TRUE, Maple=TRUE), unit(Finch=FALSE, Maple=FALSE)).measured.nominal
    assert found.value == 1
    assert found.low is found.high is None
    assert found.why == "An interval needs at least 10 claims, so this has none."


def test_the_interval_lies_about_the_figure_and_is_the_same_each_time() -> None:
    units = [unit(Finch=n % 5, Maple=(n % 5 if n % 3 else 1)) for n in range(60)]
    found = study(*units).measured
    for figure in (found.nominal, found.ordinal, found.interval, found.fleiss, found.share):
        assert figure.value is not None
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low < figure.value < figure.high
        assert not figure.why
    assert study(*reversed(units)).measured == found


def test_each_month_and_article_has_its_own_figure() -> None:
    found = study(
        unit("2026-02", "two", Finch=TRUE, Maple=FALSE),
        unit("2026-01", "one", Finch=TRUE, Maple=TRUE),
        unit("2026-01", "one", Finch=FALSE, Maple=FALSE),
    )
    assert [(one.month, one.claims, one.share) for one in found.months] == [
        ("2026-01", 2, 1.0),
        ("2026-02", 1, 0.0),
    ]
    assert [(one.title, one.claims, one.alpha) for one in found.articles][0] == ("One", 2, 1.0)


def test_two_reviewers_who_never_met_are_no_pair() -> None:
    found = study(unit(Finch=TRUE, Maple=TRUE), unit(Maple=TRUE, Robin=FALSE))
    assert {one.reviewers for one in found.pairs} == {("Finch", "Maple"), ("Maple", "Robin")}
    assert found.pairs[0].kappa.why == (
        "Both gave one and the same rating throughout, so there is no kappa."
    )


def test_an_address_says_what_is_wanted() -> None:
    assert wanted_of({}) == Wanted()
    assert wanted_of(
        {"versions": "current", "article": "a", "reviewers": " Finch ,Maple", "from": "2026-01-31",
         "to": "2026-02-01"}
    ) == Wanted(
        Versions.CURRENT, "a", ("Finch", "Maple"), datetime.date(2026, 1, 31),
        datetime.date(2026, 2, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"versions": "last"}, "versions", "This is one of: first, current."),
        ({"reviewers": "Finch"}, "reviewers", "Name at least two reviewers"),
        ({"reviewers": "a," * 21}, "reviewers", "Name 20 reviewers at most"),
        ({"from": "2026-02-30"}, "from", "a day written as 2025-03-17"),
        ({"to": "20260201"}, "to", "a day written as 2025-03-17"),
        ({"to": "٢٠٢٦-٠١-٠١"}, "to", "a day written as 2025-03-17"),
        ({"from": "2026-02-02", "to": "2026-02-01"}, "to", "comes before the first one"),
        ({"article": "a\0"}, "article", "NUL"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    given: Mapping[str, str], field: str, sentence: str
) -> None:
    with pytest.raises(Malformed) as refused:
        wanted_of(given)
    assert sentence in refused.value.problems[field]
