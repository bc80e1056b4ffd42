"""What is typed to search for is taken apart, or refused with a sentence."""

import pytest

from annotations.rules.refusals import Malformed
from annotations.rules.searching import LONGEST, MOST, sought_of


@pytest.mark.parametrize(
    ("typed", "wanted", "unwanted"),
    [
        ("council", ("council",), ()),
        ("  council   budget ", ("council", "budget"), ()),
        ('"the council" spent', ("the council", "spent"), ()),
        ("„der Rat“ “the council”", ("der Rat", "the council"), ()),
        ('spent -"the mayor" -tax', ("spent",), ("the mayor", "tax")),
        ('spent "the council', ("spent", "the council"), ()),
        ('well-known a-"b c"', ("well-known", "a-", "b c"), ()),
        ('council "" -""', ("council",), ()),
        ("加盟 盟", ("加盟", "盟"), ()),
        ("a & b | !c", ("a", "&", "b", "|", "!c"), ()),
    ],
)
def test_words_phrases_and_what_may_not_be(
    typed: str, wanted: tuple[str, ...], unwanted: tuple[str, ...]
) -> None:
    sought = sought_of(typed)
    assert (sought.wanted, sought.unwanted) == (wanted, unwanted)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "no word in this"),
        ("   ", "no word in this"),
        ('""', "no word in this"),
        ("-council", "no word in this"),
        ("a" * (LONGEST + 1), "201 characters; 200 is the most"),
        ("word " * 10_000, "50,000 characters"),
        ("a " * (MOST + 1), "21 words and phrases; 20 is the most"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(typed: str, said: str) -> None:
    with pytest.raises(Malformed, match=said) as refused:
        sought_of(typed)
    assert set(refused.value.problems) == {"search"}
