"""The page on which a moderator rules, in every state of the claim, without scripts."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotations.actions.asking import ask_for_another
from annotations.actions.comments import comment
from annotations.actions.projects import edit_project
from annotations.actions.verdicts import submit_verdict
from annotations.models import Addressee, Article, Claim, Comment, Event, Ruling, User
from annotations.rules.states import State
from tests.actions.given import claim_in, evidence_on, judged, judgement, marked, published

Given = dict[str, object]


@pytest.fixture
def disputed(article: Article, finch: User, maple: User, robin: User) -> Claim:
    return claim_in("disputed", article, first=finch, second=maple, moderator=robin)


@pytest.fixture
def desk(robin: User) -> Client:
    """The moderator's browser."""
    client = Client()
    client.force_login(robin)
    return client


def there(claim: Claim) -> str:
    return reverse("adjudicate", args=[claim.pk])


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def send(desk: Client, claim: Claim, do: str, **given: object) -> Any:
    answer = desk.post(there(claim), {"do": do} | given)
    claim.refresh_from_db()
    return answer


def ruling(claim: Claim, **changes: object) -> Given:
    """A whole ruling, but for the changes."""
    whole: Given = {
        "rating": "false",
        "summary": "The budget says 11 %.",
        "reason": "The later table is the complete one.",
        "evidence": [str(evidence_on(claim)[0].pk)],
    }
    return whole | changes


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_page(
    state: str, article: Article, finch: User, maple: User, robin: User, desk: Client
) -> None:
    claim = claim_in(state, article, first=finch, second=maple, moderator=robin)
    answer = desk.get(there(claim))
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("max-age=0")
    assert (b"Publish ruling" in answer.content) == (state in ("agreed", "disputed"))


def test_the_page_is_for_those_who_rule(
    disputed: Claim, finch: User, stranger: User, client: Client
) -> None:
    assert client.get(there(disputed)).status_code == 302
    for person, status in ((finch, 403), (stranger, 404)):
        client.force_login(person)
        assert client.get(there(disputed)).status_code == status
        assert client.post(there(disputed), {"do": "restore"}).status_code == status


def test_a_dispute_is_ruled_on(disputed: Claim, desk: Client) -> None:
    answer = send(desk, disputed, "publish", **ruling(disputed))
    assert answer.status_code == 302
    assert disputed.state == State.PUBLISHED
    shown = text(desk.get(there(disputed)))
    assert "The ruling is published." in shown
    assert "Readers see the ruling" in shown


def test_a_refusal_stands_at_its_field_with_all_that_was_typed(
    disputed: Claim, desk: Client
) -> None:
    answer = send(desk, disputed, "publish", **ruling(disputed, reason="", rating=""))
    assert answer.status_code == 422
    shown = text(answer)
    assert "The reviewers disagreed, so the ruling needs your reason." in shown
    assert "A ruling needs a rating." in shown
    assert "The budget says 11 %." in shown
    assert "Rests on 1 passage from 1 source" in shown
    assert disputed.state == State.DISPUTED


def test_a_ruling_may_start_from_a_verdict(disputed: Claim, desk: Client) -> None:
    chosen = disputed.verdicts.get(reviewer__pseudonym="Maple")
    shown = text(desk.get(there(disputed) + f"?from={chosen.pk}"))
    assert "Started from Maple’s rationale." in shown
    assert 'value="false" checked' in shown


def test_what_somebody_else_ruled_meanwhile_stands_beside_what_was_typed(
    disputed: Claim, desk: Client, robin: User
) -> None:
    published(disputed, robin)
    answer = send(desk, disputed, "publish", **ruling(disputed, summary="Mine."))
    assert answer.status_code == 409
    shown = text(answer)
    assert "This claim has a ruling. Correct it instead." in shown
    assert "The budget says so." in shown
    assert "What you wrote" in shown
    assert "Mine." in shown
    assert Ruling.objects.count() == 1


def test_a_verdict_that_came_meanwhile_is_read_before_the_ruling(
    disputed: Claim, desk: Client, maple: User
) -> None:
    answer = desk.get(there(disputed))
    version = answer.context["ruling"]["version"].value()
    submit_verdict(disputed.pk, judgement("misleading"), actor=maple)
    answer = desk.post(there(disputed), {"do": "publish", "version": version} | ruling(disputed))
    assert answer.status_code == 409
    assert "Maple submitted a verdict after you opened this claim." in text(answer)
    version = answer.context["ruling"]["version"].value()
    assert send(desk, disputed, "publish", version=version, **ruling(disputed)).status_code == 302


def test_a_third_verdict_is_asked_for_and_the_page_says_what_is_missing(
    disputed: Claim, desk: Client
) -> None:
    assert b"Ask for a third verdict" in desk.get(there(disputed)).content
    send(desk, disputed, "ask_for_another")
    shown = text(desk.get(there(disputed)))
    assert "2 of 3 verdicts are in" in shown
    assert "One more is missing." in shown
    send(desk, disputed, "ask_no_more")
    assert disputed.state == State.DISPUTED


def test_a_question_goes_to_those_that_are_ticked(disputed: Claim, desk: Client) -> None:
    send(desk, disputed, "ask_again", question="Which table?", reviewers=["Maple"])
    assert Addressee.objects.get().person.pseudonym == "Maple"
    shown = text(desk.get(there(disputed)))
    assert "Waits for Maple" in shown
    refused = send(desk, disputed, "ask_again", question="", reviewers=["Maple"])
    assert refused.status_code == 400
    assert "This is empty. Write a sentence." in text(refused)
    for names in ([], ["Nobody"]):
        refused = send(desk, disputed, "ask_again", question="Which?", reviewers=names)
        assert refused.status_code in (400, 422)
        assert "Which?" in text(refused)


def test_a_claim_is_set_aside_and_taken_back(disputed: Claim, desk: Client) -> None:
    assert send(desk, disputed, "set_aside").status_code == 400
    send(desk, disputed, "set_aside", set_aside_reason="opinion", note="A view.")
    assert disputed.state == State.SET_ASIDE
    send(desk, disputed, "restore")
    assert disputed.state == State.DISPUTED


@pytest.mark.parametrize("do", ["ask_for_another", "ask_no_more", "ask_again", "set_aside"])
def test_a_step_that_is_not_open_is_refused_and_the_page_stays(
    do: str, disputed: Claim, desk: Client, robin: User
) -> None:
    published(disputed, robin)
    answer = send(
        desk, disputed, do, question="Which?", reviewers=["Maple"], set_aside_reason="opinion"
    )
    assert answer.status_code == 409
    assert disputed.state == State.PUBLISHED


def test_who_gave_the_only_verdict_is_told_that_another_must_rule(
    article: Article, finch: User, robin: User, birch: User, desk: Client
) -> None:
    edit_project(article.project_id, actor=birch, verdicts_required=1)
    claim = judged(marked(article, finch), (robin, "true"))
    assert "so another moderator must rule on it" in text(desk.get(there(claim)))
    assert send(desk, claim, "publish", **ruling(claim)).status_code == 403
    assert claim.state == State.AGREED


def test_who_gave_one_of_the_verdicts_is_told_that_readers_see_it(
    article: Article, finch: User, robin: User, desk: Client
) -> None:
    claim = judged(marked(article, finch), (finch, "true"), (robin, "true"))
    assert "One of these verdicts is yours." in text(desk.get(there(claim)))
    assert send(desk, claim, "publish", **ruling(claim, rating="true")).status_code == 302


def test_nine_verdicts_stand_side_by_side(
    disputed: Claim, birch: User, robin: User, desk: Client
) -> None:
    from annotations.actions.projects import set_role

    for n in range(7):
        one = User.objects.create(username=f"r{n}", pseudonym=f"Reed {n}")
        set_role(disputed.project_id, one.pk, "reviewer", actor=birch)
        ask_for_another(disputed.pk, actor=robin)
        submit_verdict(disputed.pk, judgement("misleading"), actor=one)
    shown = text(desk.get(there(disputed)))
    assert "cols-9" in shown
    assert shown.count('class="verdict"') == 9


def test_the_way_leads_to_the_disputed_claims_before_and_after(
    article: Article, finch: User, maple: User, robin: User, desk: Client
) -> None:
    first, second, third = (
        claim_in("disputed", article, first=finch, second=maple, moderator=robin) for _ in "123"
    )
    shown = text(desk.get(there(second)))
    assert "2 of 3 disputed" in shown
    assert f'href="{there(first)}"' in shown
    assert f'href="{there(third)}"' in shown


def test_comments_are_written_answered_changed_and_removed(
    disputed: Claim, desk: Client, finch: User
) -> None:
    said = comment(disputed.pk, "Look at the annex.", actor=finch)
    send(desk, disputed, "comment", comment=str(said.pk), text="Which page?")
    mine = Comment.objects.get(parent=said)
    send(desk, disputed, "edit_comment", comment=str(mine.pk), text="Which page of it?")
    shown = text(desk.get(there(disputed)))
    assert "Which page of it?" in shown
    refused = send(desk, disputed, "remove_comment", comment=str(said.pk), text="")
    assert refused.status_code == 400
    assert "Say why you remove it" in text(refused)
    send(desk, disputed, "remove_comment", comment=str(said.pk), text="Not about the claim.")
    shown = text(desk.get(there(disputed)))
    assert "Look at the annex." not in shown
    assert "Removed by Robin." in shown


NOTHING_TO_DO = [{"do": "comment", "text": " "}, {"do": "comment", "comment": "x"}, {"do": "?"}, {}]


@pytest.mark.parametrize("given", NOTHING_TO_DO)
def test_what_the_page_cannot_send_is_refused_in_a_sentence(
    given: dict[str, str], disputed: Claim, desk: Client
) -> None:
    before = Event.objects.count()
    answer = desk.post(there(disputed), given)
    assert answer.status_code == 400
    assert Event.objects.count() == before
