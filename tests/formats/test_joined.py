"""Marks of one article that follow one another are one article, however many there are."""

from itertools import chain

import pytest

from annotations.formats import joined as joining
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    QuoteGiven,
    Refused,
    VerdictGiven,
)
from annotations.formats.joined import joined


def mark(line: int, article: str, claim: str, said: str = "", words: str = "x") -> Found:
    verdicts = (VerdictGiven("false", said),) if said else ()
    claims = (ClaimGiven(claim, claim, (), quotes=(QuoteGiven(words),), verdicts=verdicts),)
    return Found(line, ArticleGiven(article, address=article, claims=claims))


def test_marks_of_a_claim_are_one_claim_with_the_verdicts_of_all() -> None:
    refused = Refused(3, "No.")
    marks: list[Found | Refused] = [
        mark(1, "A", "1", "So."), mark(2, "A", "2"), refused, mark(4, "A", "1", "No.", "y"),
             mark(5, "A", "1", "So."), mark(6, "B", "1"), mark(7, "A", "3")]  # fmt: skip
    assert [one for one in joined(marks) if one == refused]
    found = [one for one in joined(marks) if isinstance(one, Found)]
    assert [(one.line, one.article.key) for one in found] == [(1, "A"), (6, "B"), (7, "A")]
    first, second = found[0].article.claims
    assert (first.key, second.key) == ("1", "2")
    assert [one.rationale for one in first.verdicts] == ["So.", "No."]
    assert first.quotes == (QuoteGiven("x"), QuoteGiven("y"))


def test_not_all_marks_of_an_endless_article_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "MOST", 10)
    found = list(joined(mark(n, "A", str(n)) for n in range(25)))
    assert all(isinstance(one, Found) for one in found)
    claims = [one.article.claims for one in found if isinstance(one, Found)]
    assert [len(one) for one in claims] == [10, 10, 5]
    assert [one.key for one in chain.from_iterable(claims)] == [str(n) for n in range(25)]
