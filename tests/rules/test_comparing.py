"""Two texts side by side: which block became which, and which of its words stay."""

from hypothesis import given
from hypothesis import strategies as st

from annotations.rules.canonical import canonical_text
from annotations.rules.comparing import Comparison, Side, between
from annotations.rules.diffs import Change

OLD = """The council spends more

The council met on Tuesday and talked about the budget for the coming year.

The city spent 12% more in 2024 than in the year before, the mayor said.

Nobody from the opposition was there when the figures were read out.
"""
MET = "The council met on Tuesday and talked about the budget for the coming year."


def compared(old: str, new: str) -> Comparison:
    a, b = canonical_text(old), canonical_text(new)
    return Comparison(a.text, a.blocks, b.text, b.blocks)


def numbers(comparison: Comparison) -> list[tuple[int, int]]:
    """The blocks that stand side by side; 0 for none."""
    return [
        (pair.old.n if pair.old else 0, pair.new.n if pair.new else 0) for pair in comparison.pairs
    ]


def words(side: Side | None, *, stays: bool) -> list[str]:
    assert side
    return [piece.words for piece in side.pieces if piece.stays is stays]


def test_a_changed_figure_is_all_that_differs() -> None:
    comparison = compared(OLD, OLD.replace("12%", "13%"))
    assert numbers(comparison) == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert [pair.is_same for pair in comparison.pairs] == [True, True, False, True]
    changed = comparison.pairs[2]
    assert words(changed.old, stays=False) == ["12%"]
    assert words(changed.new, stays=False) == ["13%"]


def test_a_paragraph_put_in_has_nothing_beside_it() -> None:
    put_in = "Reporters were told to wait outside.\n\n"
    assert numbers(compared(OLD, OLD.replace("The city", put_in + "The city"))) == [
        (1, 1), (2, 2), (0, 3), (3, 4), (4, 5),
    ]  # fmt: skip


def test_a_paragraph_taken_out_has_nothing_beside_it() -> None:
    without = OLD.replace(f"{MET}\n\n", "")
    assert numbers(compared(OLD, without)) == [(1, 1), (2, 0), (3, 2), (4, 3)]


def test_a_paragraph_that_was_split_stands_beside_its_first_part() -> None:
    split = OLD.replace("year before, the", "year before.\n\nThe")
    assert numbers(compared(OLD, split)) == [(1, 1), (2, 2), (3, 3), (0, 4), (4, 5)]


def test_paragraphs_that_were_joined_stand_beside_the_whole() -> None:
    joined = OLD.replace("mayor said.\n\nNobody", "mayor said. Nobody")
    assert numbers(compared(OLD, joined)) == [(1, 1), (2, 2), (3, 3), (4, 0)]


def test_a_block_that_became_furniture_is_not_the_same() -> None:
    a = canonical_text(OLD)
    b = canonical_text(OLD, furniture=[MET])
    pairs = Comparison(a.text, a.blocks, b.text, b.blocks).pairs
    assert [pair.is_same for pair in pairs] == [True, False, True, True]


def test_words_that_changed_are_told_as_one_run() -> None:
    assert between("spent 12% more", "spent 13% more") == [
        (Change.EQUAL, "spent "),
        (Change.DELETED, "12%"),
        (Change.INSERTED, "13%"),
        (Change.EQUAL, " more"),
    ]


texts = st.lists(
    st.sampled_from(["One fine day.", "Two", "“Three.”", "Four 4 four.", "Share", "Five\nfive"]),
    min_size=1,
).map("\n\n".join)


@given(texts, texts)
def test_every_block_stands_once_with_all_its_words(old: str, new: str) -> None:
    comparison = compared(old, new)
    for text, sides in (
        (old, [pair.old for pair in comparison.pairs if pair.old]),
        (new, [pair.new for pair in comparison.pairs if pair.new]),
    ):
        assert [side.n for side in sides] == list(range(1, len(sides) + 1))
        assert len(sides) == len(canonical_text(text).blocks)
        for side in sides:
            whole = "".join(piece.words for piece in side.pieces)
            assert whole == text[side.block.start : side.block.end]
