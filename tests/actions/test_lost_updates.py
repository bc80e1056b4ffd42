"""R2 in its quick form: two people save one thing at one moment, each by a door of their own."""

import pytest

from annotations.actions.projects import set_role
from annotations.models import Article, Project, User
from tests.actions.given import marked
from tests.drills.lost_updates import race, things_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_save_at_once_one_is_saved_and_the_other_told(
    project: Project, article: Article, robin: User, birch: User, finch: User
) -> None:
    set_role(project.pk, robin.pk, "owner", actor=birch)
    claim = marked(article, finch)
    assert race(24, things_of(article, claim, project), (robin, birch)) == []
