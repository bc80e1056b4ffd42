"""Identifiers are of version 7, in the order in which they are made."""

import uuid

from annotations.models.ids import uuid7


def test_an_identifier_is_of_version_7_and_of_the_rfcs_variant() -> None:
    made = uuid7()
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_identifiers_are_their_own_and_rise_with_time() -> None:
    made = [uuid7() for _ in range(10_000)]
    assert len(set(made)) == len(made)
    assert [one.int >> 64 for one in made] == sorted(one.int >> 64 for one in made)
