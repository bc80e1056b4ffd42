"""Hostile input of a megabyte takes no more than linear time.

The bound is far above what a slow machine needs and far below what quadratic work takes there:
each of these took half a minute or longer when the work was quadratic.
"""

import time
from collections.abc import Callable

import pytest

from annotations.rules import words
from annotations.rules.addresses import canonical_address
from annotations.rules.anchors import anchor_at, difference, find_once
from annotations.rules.canonical import MOST_BLOCKS, canonical_text
from annotations.rules.refusals import Problems
from annotations.rules.verdicts import EvidenceGiven, Judgement, checked

MILLION = 1_000_000
SECONDS = 5


def marks(size: int) -> str:
    """Combining marks in the order that sorting them takes longest for."""
    return "\u0316\u0300" * (size // 2)


HOSTILE: dict[str, Callable[[], object]] = {
    "blank lines": lambda: canonical_text("x" + "\n" * MILLION),
    "blanks without an end": lambda: canonical_text("x\n" + " " * MILLION),
    "lines of blanks": lambda: canonical_text("x" + "\n \t" * (MILLION // 3) + "y"),
    "half blank lines": lambda: canonical_text(("\n" + " " * 999 + "x") * 1000),
    "carriage returns": lambda: canonical_text("x\r\r\n" * (MILLION // 4)),
    "short blocks": lambda: canonical_text("x\n\n" * (MILLION // 3)),
    "as many blocks as a text may have": lambda: canonical_text("“x”\n\n" * MOST_BLOCKS),
    "one long block": lambda: canonical_text("x" * MILLION),
    "quotation marks": lambda: canonical_text("“" * MILLION + "”"),
    "full stops": lambda: canonical_text("“" + "." * MILLION),
    "bullets": lambda: canonical_text("- " * (MILLION // 2)),
    "digits and blanks": lambda: canonical_text("x\n\n" + ("1. " + " " * 997) * 1000),
    "a NUL at the end": lambda: canonical_text("\n" * MILLION + "\x00"),
    "a surrogate at the end": lambda: words.prose("\n" * MILLION + "\ud800", "text"),
    "furniture of a megabyte": lambda: canonical_text("x\n\ny", furniture=["f" * MILLION] * 3),
    "a quote of repetitions": lambda: find_once("a" * MILLION, "a" * 10_000),
    "a quote that almost stands": lambda: find_once("a" * MILLION, "a" * 5_000 + "b" + "a" * 5_000),
    "a periodic quote": lambda: find_once("ab" * (MILLION // 2), "ab" * 5_000 + "c"),
    "a prefix of repetitions": lambda: find_once("a" * MILLION, "a" * 9_000 + "b", "a" * 9_000),
    "a quote of marks": lambda: difference(marks(MILLION), marks(MILLION)[::-1]),
    "a quote of a megabyte": lambda: anchor_at("a" * MILLION, 0, 20_000, "a" * MILLION),
    "a quote of marks at an anchor": lambda: anchor_at(marks(MILLION), 0, 20_000, marks(20_002)),
    "a line of blanks": lambda: words.line(" " * MILLION + "x" + " " * MILLION, "title"),
    "an address of dots": lambda: canonical_address("https://" + "a." * MILLION + "org"),
    "an address at its longest": lambda: canonical_address("https://" + "é." * 990 + "org"),
    "a host of one label": lambda: canonical_address("https://" + "ü" * 1_900 + ".org"),
    "evidence by the hundred thousand": lambda: checked(
        Judgement(evidence=(EvidenceGiven(address="x"),) * 100_000)
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_answered_in_linear_time(name: str) -> None:
    began = time.process_time()
    problems = Problems()
    problems.attempt(HOSTILE[name], None)
    assert time.process_time() - began < SECONDS
    assert all(len(sentence) < 1_000 for sentence in problems.values())
