"""Questions and comments in the reviewers' own pages: the desk and the panel of a claim."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotations.actions.asking import ask_again
from annotations.actions.comments import comment
from annotations.models import Article, Claim, Comment, User
from tests.actions.given import claim_in, judged, marked, published


@pytest.fixture
def disputed(article: Article, finch: User, maple: User, robin: User) -> Claim:
    return claim_in("disputed", article, first=finch, second=maple, moderator=robin)


@pytest.fixture
def reviewer(finch: User) -> Client:
    client = Client()
    client.force_login(finch)
    return client


def panel(claim: Claim, view: str = "workbench-claim") -> str:
    return reverse(view, args=["council-spends-more", claim.pk])


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def say(client: Client, claim: Claim, **given: str) -> Any:
    return client.post(panel(claim, "workbench-comments"), {"do": "comment"} | given)


def test_a_question_stands_on_the_desk_and_in_the_panel_until_it_is_answered(
    disputed: Claim, robin: User, reviewer: Client
) -> None:
    asked = ask_again(disputed.pk, "Which table do you mean?", actor=robin, reviewers=["Finch"])
    assert "Asked again" in text(reviewer.get("/desk/"))
    shown = text(reviewer.get(panel(disputed)))
    assert "<strong>Robin</strong> asks you:" in shown
    assert "Waits for Finch" in shown
    assert say(reviewer, disputed, comment=str(asked.pk), text="The second.").status_code == 302
    shown = text(reviewer.get(panel(disputed)))
    assert "asks you:" not in shown
    assert "The second." in shown
    assert "Asked again" not in text(reviewer.get("/desk/"))


def test_a_ruling_ends_the_waiting(disputed: Claim, robin: User, reviewer: Client) -> None:
    ask_again(disputed.pk, "Which?", actor=robin)
    published(disputed, robin)
    assert "Asked again" not in text(reviewer.get("/desk/"))
    assert "asks you:" not in text(reviewer.get(panel(disputed)))


def test_a_blind_reviewer_finds_no_comment_of_others_in_the_panel(
    article: Article, finch: User, maple: User, robin: User, reviewer: Client
) -> None:
    """A54."""
    claim = judged(marked(article, maple), (maple, "true"))
    before = text(reviewer.get(panel(claim)))
    comment(claim.pk, "A canary.", actor=maple)
    ask_again(claim.pk, "Which canary?", actor=robin)
    assert "canary" not in text(reviewer.get(panel(claim)))
    assert "canary" not in text(reviewer.get("/desk/"))
    assert text(reviewer.get(panel(claim))).count("comment") == before.count("comment")


def test_a_comment_that_says_nothing_is_refused_in_its_form(
    disputed: Claim, reviewer: Client
) -> None:
    answer = say(reviewer, disputed, text="  ")
    assert answer.status_code == 400
    assert "This is empty. Write a sentence." in text(answer)
    assert say(reviewer, disputed, comment="x", text="A.").status_code == 400
    assert not Comment.objects.exists()


def test_the_panel_alone_comes_back_to_a_script(disputed: Claim, reviewer: Client) -> None:
    answer = reviewer.post(
        panel(disputed, "workbench-comments"),
        {"do": "comment", "text": "See the annex."},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert "See the annex." in text(answer)
    assert "<html" not in text(answer)


def test_the_reason_for_a_choice_is_for_who_judged(
    disputed: Claim, robin: User, birch: User, reviewer: Client
) -> None:
    from annotations.actions.projects import set_role

    published(disputed, robin)
    assert "The budget is the better source." in text(reviewer.get(panel(disputed)))
    fresh = User.objects.create(username="wren", pseudonym="Wren")
    set_role(disputed.project_id, fresh.pk, "reviewer", actor=birch)
    client = Client()
    client.force_login(fresh)
    assert "The budget is the better source." not in text(client.get(panel(disputed)))


def test_another_project_takes_no_comment(disputed: Claim, stranger: User) -> None:
    client = Client()
    client.force_login(stranger)
    assert say(client, disputed, text="Mine.").status_code == 404
    assert not Comment.objects.exists()


def test_a_verdict_in_force_says_no_version_of_the_claim(disputed: Claim, reviewer: Client) -> None:
    assert "Version " not in text(reviewer.get(panel(disputed)))
