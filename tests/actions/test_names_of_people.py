"""A46: nobody gets a name that passes for somebody else's."""

import pytest

from annotations.actions.people import edit_account, make_account
from annotations.models import User
from annotations.rules.refusals import Conflict, Malformed
from tests.conftest import person

PASSWORD = "a long enough password"


@pytest.fixture
def root(db: None) -> User:
    made = person("root", "Root", staff=True)
    made.is_superuser = True
    made.save()
    return made


@pytest.mark.parametrize("pseudonym", ["F1nch", "Fіnсh", "FINCH ", "Fínch"])
def test_a_pseudonym_like_anothers_is_refused(root: User, finch: User, pseudonym: str) -> None:
    with pytest.raises((Conflict, Malformed)) as refused:
        make_account(
            actor=root, password=PASSWORD, username="x", pseudonym=pseudonym, email="x@example.org"
        )
    assert list(refused.value.problems) == ["pseudonym"]
    assert not User.objects.filter(username="x").exists()


def test_an_account_name_like_anothers_is_refused(root: User, finch: User) -> None:
    with pytest.raises(Conflict, match="looks like “finch”"):
        make_account(actor=root, password=PASSWORD, username="f1nch", pseudonym="Plover")


def test_ones_own_name_stays_when_something_else_changes(root: User, finch: User) -> None:
    assert edit_account(finch.pk, actor=root, email="finch@example.org").pseudonym == "Finch"
