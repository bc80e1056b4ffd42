"""A46: names that pass for another's."""

import pytest

from annotations.rules.names import refuse_disguised, skeleton
from annotations.rules.refusals import Malformed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Heron", "hеrоn"),  # Cyrillic е and о
        ("Heron", "Ｈｅｒｏｎ"),
        ("Heron", "H e r o n"),
        ("Heron", "Héron"),
        ("Heron", "𝐇𝐞𝐫𝐨𝐧"),
        ("Wren", "VVren"),
        ("Alder", "A1der"),
        ("Alder", "AIder"),
        ("Robin", "R0bin"),
        ("Arne", "Ame"),
        ("Οδός", "Οδος"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Heron", "Herons"), ("Larch", "March"), ("雪", "雨"), ("Олена", "Олег")]
)
def test_names_that_do_not_have_two(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Hеron", "Cyrillic and Latin"),
        ("Ηeron", "Greek and Latin"),
        ("Heron\u202e", "RLO"),
        ("He\u200bron", "ZWSP"),
        ("Heron\U000e0041", "TAG"),
    ],
)
def test_a_disguised_name_is_refused_with_what_is_in_it(name: str, why: str) -> None:
    with pytest.raises(Malformed, match=why) as refused:
        refuse_disguised(name, "pseudonym")
    assert list(refused.value.problems) == ["pseudonym"]


@pytest.mark.parametrize(
    "name",
    ["Heron", "Цапля", "Ερωδιός", "مالك الحزين", "鷺 42", "サギ鷺さぎ", "백로", "Żółw", "O’Neill"],
)
def test_an_honest_name_of_any_script_is_taken(name: str) -> None:
    refuse_disguised(name, "pseudonym")
