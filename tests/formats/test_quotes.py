"""A quote without its text is found where it is meant, or refused: never beside it."""

import time
from contextlib import suppress

import pytest

from annotations.formats.given import ClaimGiven, PlaceGiven, QuoteGiven, Unit
from annotations.formats.quotes import Quotes
from annotations.rules.refusals import Unprocessable

TEXT = "💩 Aid rose 4%.\n\nIt rose 4% in May,\nand rose 4% in June. Linus said: “no”."
BOTH = (Unit.CODEPOINT, Unit.UTF16)


def found(given: QuoteGiven, text: str = TEXT) -> str:
    """The words found, between the four characters before and the four after them."""
    one = Quotes(text).place(given)
    return f"{text[one.start - 4 : one.start]}|{text[one.start : one.end]}|{text[one.end :][:4]}"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (QuoteGiven("Linus"), "ne. |Linus| sai"),
        (QuoteGiven("rose 4%", prefix="It "), "\nIt |rose 4%| in "),
        (QuoteGiven("rose 4%", prefix="and ", suffix=" in"), "and |rose 4%| in "),
        (QuoteGiven("rose 4%", suffix=" in  June"), "and |rose 4%| in "),
        (QuoteGiven("rose 4%", prefix="elsewhere", suffix=" in June"), "and |rose 4%| in "),
        (QuoteGiven("rose 4%", start=6, end=13, units=BOTH), "Aid |rose 4%|.\n\nI"),
        (QuoteGiven("rose 4%", start=7, end=14, units=BOTH), "Aid |rose 4%|.\n\nI"),
        (QuoteGiven("rose 4%", suffix=" in", start=19, end=26, units=BOTH), "\nIt |rose 4%| in "),
        (QuoteGiven("rose 4%", prefix="and", start=0, end=7, units=BOTH), "and |rose 4%| in "),
        (QuoteGiven("4%. It\u00a0rose"), "ose |4%.\n\nIt rose| 4% "),
        (QuoteGiven("May, and"), " in |May,\nand| ros"),
        (QuoteGiven("\nIt rose"), "4%.\n|\nIt rose| 4% "),
        (QuoteGiven(start=2, end=5, units=(Unit.CODEPOINT,)), "|Aid| ros"),
        (QuoteGiven(start=3, end=6, units=(Unit.UTF16,)), "|Aid| ros"),
    ],
)
def test_words_are_found_by_what_stands_around_them_and_then_by_offsets(
    given: QuoteGiven, expected: str
) -> None:
    assert found(given) == expected


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (QuoteGiven("rose 4%"), "stands 3 times"),
        (QuoteGiven("rose 4%", suffix=" in"), "stands 3 times"),
        (QuoteGiven("rose 4%", prefix="no such words"), "stands 3 times"),
        (QuoteGiven("Linus", prefix="the kernel of "), "between other words"),
        (QuoteGiven("rose 5%"), "does not stand"),
        (QuoteGiven("Rose 4%"), "does not stand"),
        (QuoteGiven("“no", start=3, end=5, units=BOTH, prefix="x"), "between other words"),
        (QuoteGiven(start=0, end=1000, units=BOTH), "neither in code points nor UTF-16"),
        (QuoteGiven(start=1, end=3, units=(Unit.UTF16,)), "not in UTF-16"),
        (QuoteGiven(" \n"), "neither words nor offsets"),
    ],
)
def test_what_stays_open_is_refused(given: QuoteGiven, says: str) -> None:
    with pytest.raises(Unprocessable, match=says):
        found(given)


def test_a_twin_whose_neighbourhood_went_is_never_taken() -> None:
    with pytest.raises(Unprocessable):
        found(QuoteGiven("rose 4%", prefix="In the north, ", suffix=" at once"), "It rose 4% now.")


def test_a_claim_gets_its_places_and_a_statement_where_it_has_none() -> None:
    given = ClaimGiven("k", "", (), quotes=(QuoteGiven("4%.\n\nIt"), QuoteGiven("Linus")))
    claim = Quotes(TEXT).claim(given)
    assert claim.places == (PlaceGiven(11, 18), PlaceGiven(56, 61))
    assert (claim.statement, claim.quotes) == ("4%. It Linus", ())
    assert (
        Quotes(TEXT).claim(ClaimGiven("k", "Said.", (), quotes=given.quotes)).statement == "Said."
    )


HOSTILE = {
    "a long context": QuoteGiven("a", prefix="a" * 9000),
    "a long quote": QuoteGiven("a a " * 9000, suffix="a"),
    "a place of many": QuoteGiven("a", start=6, end=7, units=BOTH),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a44_hostile_text_takes_no_more_than_linear_time(name: str) -> None:
    given = HOSTILE[name]
    quotes = Quotes("a " * 500_000 + "a" * 500_000)
    begun = time.process_time()
    for _ in range(3):
        with suppress(Unprocessable):
            assert quotes.place(given) == PlaceGiven(6, 7)
    assert time.process_time() - begun < 15, "quadratic work takes minutes"
