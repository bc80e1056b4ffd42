"""A33, A34, A51: what somebody may no longer do is gone at the next request."""

from collections.abc import Callable

import pytest
from django.test import Client

from annotations.actions.people import edit_account, set_password
from annotations.actions.projects import set_role
from annotations.actions.tokens import make_token
from annotations.models import Article, Project, User
from tests.conftest import person

Act = Callable[[], object]


@pytest.fixture
def root(db: None) -> User:
    """A superuser, who manages accounts."""
    made = person("root", "Root", staff=True)
    made.is_superuser = True
    made.save()
    return made


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def by_token(user: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_token(user, 'x', actor=user)[1]}"})


def test_a_demoted_moderator_moderates_no_more(
    project: Project, article: Article, robin: User, birch: User
) -> None:
    session, token = signed_in(robin), by_token(robin)
    assert session.get("/admin/").status_code == 200
    assert session.get(f"/workbench/{article.slug}/revise/").status_code == 200
    set_role(project.pk, robin.pk, "reviewer", actor=birch)
    assert session.get("/admin/").status_code in (302, 403)
    assert session.get(f"/workbench/{article.slug}/revise/").status_code == 403
    change = {"publisher": "Taken"}
    answer = token.patch(
        f"/api/v1/articles/{article.slug}/", change, "application/json", headers={"If-Match": "*"}
    )
    assert answer.status_code == 403
    article.refresh_from_db()
    assert article.publisher == ""


def test_a_removed_member_finds_nothing(
    project: Project, article: Article, finch: User, birch: User
) -> None:
    session, token = signed_in(finch), by_token(finch)
    assert session.get(f"/workbench/{article.slug}/").status_code == 200
    set_role(project.pk, finch.pk, None, actor=birch)
    assert session.get(f"/workbench/{article.slug}/").status_code == 404
    assert article.title not in session.get("/desk/").text
    assert token.get(f"/api/v1/articles/{article.slug}/").status_code == 404


def test_a_closed_account_is_out_with_its_session_and_its_token(
    article: Article, finch: User, root: User
) -> None:
    session, token = signed_in(finch), by_token(finch)
    edit_account(finch.pk, actor=root, is_active=False)
    assert session.get("/desk/").status_code == 302
    assert token.get("/api/v1/verdicts/").status_code == 401


def test_a_new_password_ends_every_session(article: Article, finch: User, root: User) -> None:
    one, other = signed_in(finch), signed_in(finch)
    set_password(finch.pk, "a long new password", actor=root)
    assert one.get("/desk/").status_code == other.get("/desk/").status_code == 302
