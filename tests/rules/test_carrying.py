"""Carrying marks over: the cases, edits that try to mislead, and properties over random edits.

`CASES=1000000 ./run test tests/rules/test_carrying.py -n 0 -s` is the long form, with its count.
"""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.rules.carrying import Carried, Place, Result, carry, described
from tests.rules.edits import Draft, marks_of, truth_of

FILE = Path(__file__).parent.parent / "cases" / "anchoring.json"
CASES: list[dict[str, Any]] = json.loads(FILE.read_text("utf-8"))["carryings"]
MARKS = 50  # of one text: as many cases
LONG = int(os.environ.get("CASES", "0"))
EXAMPLES = max(60, LONG // (2 * MARKS))  # for each of the two properties over edits
long_or_short = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck)
)

storable = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
counted: Counter[str] = Counter()


@pytest.fixture(autouse=True, scope="module")
def count(request: pytest.FixtureRequest) -> Iterator[None]:
    """In the long form, how many marks were carried and what became of them."""
    yield
    if LONG:
        print(f"\n{counted.total():,} marks carried: {dict(counted)}")  # noqa: T201


def ranges(places: tuple[Place, ...]) -> list[list[int]]:
    return [[place.start, place.end] for place in places]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']}: {case['claim']}")
def test_case(case: dict[str, Any]) -> None:
    [carried] = carry(case["old"], case["new"], [tuple(case["mark"])])
    expected = case["expected"]
    assert carried.result == expected["result"], carried
    assert (carried.place and [carried.place.start, carried.place.end]) == expected.get("place")
    assert ranges(carried.candidates) == expected.get("candidates", [])
    assert ranges(carried.fragments) == expected.get("fragments", [])
    assert expected.get("reason", carried.reason) == carried.reason
    assert carried.reason.endswith(".")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']}: {case['claim']}")
def test_reverting_an_edit_brings_exact_back(case: dict[str, Any]) -> None:
    """Case 42: what is carried is the appearance's own recorded place, on its own text."""
    mark = tuple(case["mark"])
    [back] = carry(case["old"], case["old"], [mark])
    assert (back.result, back.place) == (
        Result.EXACT,
        Place(mark[0], mark[1], case["old"][slice(*mark)]),
    )


def test_nested_identical_and_overlapping_marks_are_each_their_own() -> None:
    """Case 29."""
    old = "The council spends more than ever on schools and on roads."
    marks = [(0, 10), (5, 15), (4, 11), (4, 11), (0, len(old))]
    new = "Now: " + old
    for mark, carried in zip(marks, carry(old, new, marks), strict=True):
        assert carried.result is Result.EXACT
        assert carried.place == Place(mark[0] + 5, mark[1] + 5, old[slice(*mark)])


def consistent(old: str, new: str, mark: tuple[int, int], carried: Carried) -> None:
    """What holds of every result, whatever the texts are."""
    places = [*filter(None, [carried.place]), *carried.candidates, *carried.fragments]
    assert all(new[one.start : one.end] == one.text for one in places)
    assert (carried.place is None) == (carried.result in (Result.AMBIGUOUS, Result.ORPHAN))
    assert bool(carried.candidates) == (carried.result is Result.AMBIGUOUS)
    if not carried.result.waits:
        assert carried.place is not None
        assert carried.place.text == old[slice(*mark)]
    counted[carried.result] += 1


@long_or_short
@given(st.text(storable, min_size=1, max_size=300), st.data())
def test_every_result_is_consistent_over_all_of_unicode(old: str, data: st.DataObject) -> None:
    new = old
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(new)))
        end = data.draw(st.integers(start, len(new)))
        new = new[:start] + data.draw(st.text(storable, max_size=20)) + new[end:]
    dice = random.Random(data.draw(st.integers(0, 1 << 30)))  # noqa: S311
    marks = []
    for _ in range(MARKS):
        start = dice.randrange(len(old))
        marks.append((start, dice.randint(start + 1, len(old))))
    for mark, carried in zip(marks, carry(old, new, marks), strict=True):
        consistent(old, new, mark, carried)
    assert all(one.result is Result.EXACT for one in carry(old, old, marks))


@long_or_short
@given(st.integers(0, 1 << 40))
def test_no_mark_is_ever_carried_onto_other_words_than_its_own(seed: int) -> None:
    """Texts full of twins, an edit of whole sentences, and where each code point really went."""
    dice = random.Random(seed)  # noqa: S311
    draft = Draft.of_twins(dice)
    old = draft.text
    edited = draft.edited(dice)
    new = edited.text
    marks = marks_of(draft, dice, MARKS)
    for mark, carried in zip(marks, carry(old, new, marks), strict=True):
        consistent(old, new, mark, carried)
        if old != new and not carried.result.waits:
            assert carried.place is not None
            assert carried.place.start == truth_of(edited, mark), (old, new, mark, carried)


SENTENCE = "This very sentence is repeated. "
MILLION = 1_000_000
WORDS = random.Random(1).choices(  # noqa: S311
    ["council", "budget", "12%", "minister,", "school.", "Łódź", "rose", "water", "in"], k=150_000
)
HOSTILE: dict[str, Callable[[], tuple[str, str]]] = {
    "one repeated sentence": lambda: (SENTENCE * 31_000, "x" + SENTENCE * 30_990 + "y"),
    "one sentence more": lambda: (SENTENCE * 31_000, SENTENCE * 9_000 + "y" + SENTENCE * 22_000),
    "repeated lines": lambda: ((SENTENCE + "\n") * 30_000, "x" + (SENTENCE + "\n") * 29_990 + "y"),
    "combining marks": lambda: ("e" + "\u0301" * MILLION, "e" + "\u0301" * (MILLION - 9) + "x"),
    "one letter": lambda: ("a" * MILLION, "a" * (MILLION // 2) + "b" + "a" * (MILLION // 2)),
    "line breaks": lambda: ("\n" * MILLION, "x" + "\n" * MILLION + "y"),
    "nothing in common": lambda: (" ".join(WORDS), " ".join(reversed(WORDS))),
    "without blanks": lambda: ("".join(WORDS), "".join(reversed(WORDS))),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_of_a_megabyte_take_no_more_than_linear_time(name: str) -> None:
    """The bound is far above what this takes, and far below what quadratic work would."""
    old, new = HOSTILE[name]()
    dice = random.Random(1)  # noqa: S311
    marks = [(start, start + 40) for start in (dice.randrange(len(old) - 40) for _ in range(5_000))]
    start = time.perf_counter()
    result = carry(old, new, marks)
    assert time.perf_counter() - start < 10
    for mark, carried in zip(marks, result, strict=True):
        consistent(old, new, mark, carried)


def test_five_thousand_marks_on_a_megabyte_follow_their_words() -> None:
    """Case 47; how fast it is stands in `./run bench carrying`."""
    dice = random.Random(2)  # noqa: S311
    words = [*{"".join(dice.choices("aeioulnrst", k=dice.randint(2, 9))) for _ in range(4_000)}]
    words.sort()
    text = " ".join(
        word + (".\n\n" if dice.random() < 0.01 else ".") * (dice.random() < 0.1)
        for word in dice.choices(words, k=160_000)
    )
    marks = [(start, start + 40) for start in range(0, len(text) - 40, len(text) // 5_000)]
    middle = text.index(" ", len(text) // 2)
    new = text[:middle] + " and one word more" + text[middle:]
    carried = carry(text, new, marks)
    assert Counter(one.result for one in carried)[Result.EXACT] >= len(marks) - 1


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("last August, briefly holding it", "last August and for long holding it",
         "“briefly” became “and for long”, and 1 more change."),
        ("अनुच्छेद हटाया गया", "अनुच्छेद गया", "“हटाया” was taken out."),
        ("prices rose", "prices\u200brose", "“prices rose” became “prices\\u{200b}rose”."),
    ],
)  # fmt: skip
def test_a_change_is_told_by_its_largest_part_as_people_write_it(
    was: str, now: str, told: str
) -> None:
    assert described(was, now) == told
