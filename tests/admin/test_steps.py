"""Every button of a claim's page, through to the database and the log."""

import uuid

import pytest
from django.test import Client

from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import Claim, Event, Membership, Ruling, User
from tests.admin.conftest import Enter, address, evidence_on, judgement, last_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(enter: Enter, robin: User) -> Client:
    return enter(robin)


def ruling_on(claim: Claim, **more: object) -> dict[str, object]:
    start = {"rating": "misleading", "summary": "It was 12.1%, before inflation.", "reason": "So."}
    return {**start, "evidence": [str(evidence_on(claim)[0])], **more}


def test_publishing_an_agreed_claim_needs_no_reason(
    client: Client, agreed: Claim, robin: User
) -> None:
    answer = client.post(address(agreed, "publish"), ruling_on(agreed, reason=""), follow=True)
    assert answer.redirect_chain == [(address(agreed), 302)]
    assert "The ruling is published." in answer.text
    ruling = Ruling.objects.get(claim=agreed)
    assert (ruling.made_by, ruling.rating.slug) == (robin, "misleading")  # type: ignore[union-attr]
    assert list(ruling.rests_on.values_list("evidence", flat=True)) == evidence_on(agreed)[:1]
    agreed.refresh_from_db()
    assert agreed.state == "published"
    event = last_event(agreed)
    assert (event.verb, event.actor) == ("publish", robin)


def test_publishing_a_disputed_claim_without_a_reason_is_refused_and_keeps_what_was_typed(
    client: Client, disputed: Claim
) -> None:
    before = Event.objects.count()
    sent = ruling_on(disputed, reason=" ", summary="  A summary\nof two lines & <more>")
    answer = client.post(address(disputed, "publish"), sent)
    assert answer.status_code == 422
    assert "The reviewers disagreed, so the ruling needs your reason." in answer.text
    assert "A summary\nof two lines &amp; &lt;more&gt;" in answer.text
    assert 'value="misleading" checked' in answer.text
    assert f'value="{evidence_on(disputed)[0]}" checked' in answer.text
    assert answer.context["ruling"]["reason"].errors
    assert (Ruling.objects.count(), Event.objects.count()) == (0, before)


def test_a_reason_publishes_a_disputed_claim(client: Client, disputed: Claim) -> None:
    answer = client.post(address(disputed, "publish"), ruling_on(disputed))
    assert answer.status_code == 302
    assert Ruling.objects.get(claim=disputed).reason == "So."


def test_an_empty_ruling_is_refused_at_every_field(client: Client, agreed: Claim) -> None:
    answer = client.post(address(agreed, "publish"), {})
    assert answer.status_code == 422
    for field in ("rating", "summary", "evidence"):
        assert answer.context["ruling"][field].errors, field
    assert "A ruling needs a rating. Choose one on the scale." in answer.text


def test_an_unknown_rating_is_refused_at_the_scale(client: Client, agreed: Claim) -> None:
    answer = client.post(address(agreed, "publish"), ruling_on(agreed, rating="splendid"))
    assert answer.status_code == 400
    assert "is not on this project’s scale" in answer.text.replace("&#x27;", "’")


@pytest.mark.parametrize("tick", ["nonsense", "\x00", str(uuid.UUID(int=7))])
def test_a_tick_that_is_no_evidence_here_is_refused(
    client: Client, agreed: Claim, tick: str
) -> None:
    answer = client.post(address(agreed, "publish"), ruling_on(agreed, evidence=[tick]))
    assert answer.status_code == 422
    assert "Reload the claim and tick again." in answer.text
    assert not Ruling.objects.exists()


def test_evidence_of_another_projects_claim_is_refused(
    client: Client, agreed: Claim, others_claim: Claim
) -> None:
    theirs = [str(one) for one in evidence_on(others_claim)]
    answer = client.post(address(agreed, "publish"), ruling_on(agreed, evidence=theirs))
    assert answer.status_code == 422
    assert not Ruling.objects.exists()


@pytest.mark.parametrize("typed", ["\x00", "x" * 20_001])
def test_what_no_text_can_hold_is_refused_at_its_field(
    client: Client, agreed: Claim, typed: str
) -> None:
    answer = client.post(address(agreed, "publish"), ruling_on(agreed, summary=typed))
    assert answer.status_code in (400, 422)
    assert answer.context["ruling"]["summary"].errors


def test_a_claim_without_its_verdicts_cannot_be_published(client: Client, claim: Claim) -> None:
    answer = client.post(address(claim, "publish"), {"rating": "true", "summary": "Yes."})
    assert answer.status_code == 409
    assert "A ruling follows from the verdicts." in answer.text
    assert "Yes." in answer.text
    claim.refresh_from_db()
    assert claim.state == "marked"


def test_the_second_of_two_moderators_keeps_what_was_typed(
    client: Client, enter: Enter, birch: User, agreed: Claim
) -> None:
    assert client.post(address(agreed, "publish"), ruling_on(agreed)).status_code == 302
    late = enter(birch).post(address(agreed, "publish"), ruling_on(agreed, summary="My own words."))
    assert late.status_code == 409
    assert "This claim has a ruling. Correct it instead." in late.text
    assert "My own words." in late.text
    assert Ruling.objects.count() == 1


def test_a_moderator_does_not_rule_on_a_claim_only_they_judged(
    enter: Enter, claim: Claim, robin: User, finch: User
) -> None:
    claim.project.verdicts_required = 1
    claim.project.save()
    submit_verdict(claim.pk, judgement("true"), actor=robin)
    answer = enter(robin).post(address(claim, "publish"), ruling_on(claim))
    assert answer.status_code == 403
    assert "another moderator must rule on it" in answer.text
    assert "It was 12.1%" in answer.text
    assert not Ruling.objects.exists()


def test_correcting_adds_a_ruling_with_a_public_note(client: Client, published: Claim) -> None:
    sent = ruling_on(published, note="The figure was wrong.", correction="rating_changed")
    answer = client.post(address(published, "correct"), sent, follow=True)
    assert "The correction is published." in answer.text
    first, second = Ruling.objects.filter(claim=published).order_by("number")
    assert first.superseded_at is not None
    assert (second.kind, second.note) == ("correction", "The figure was wrong.")
    published.refresh_from_db()
    assert published.state == "corrected"
    assert last_event(published).verb == "correct"


def test_a_correction_without_a_note_is_refused_at_the_note(
    client: Client, published: Claim
) -> None:
    sent = ruling_on(published, note="", correction="typo")
    answer = client.post(address(published, "correct"), sent)
    assert answer.status_code == 422
    assert answer.context["ruling"]["note"].errors
    assert 'value="typo" checked' in answer.text


def test_a27_a_correction_of_a_ruling_that_was_followed_is_kept_beside_the_other(
    client: Client, enter: Enter, birch: User, published: Claim
) -> None:
    """Sent again, knowingly, it follows the other."""
    first = {"note": "The figure was wrong.", "correction": "rating_changed", "follows": "1"}
    sent = ruling_on(published, summary="The words of the first.", **first)
    assert client.post(address(published, "correct"), sent).status_code == 302
    other = enter(birch)
    mine = ruling_on(published, summary="My own words.", rating="true", **first)
    late = other.post(address(published, "correct"), mine)
    assert late.status_code == 409
    assert "Ruling 2 by Robin has followed the one that you read." in late.text
    assert "The words of the first." in late.text
    assert "My own words.</textarea>" in late.text
    assert f'value="{evidence_on(published)[0]}" checked' in late.text
    assert late.context["ruling"]["follows"].value() == "2"
    withdrawn = other.post(address(published, "withdraw"), {"note": "Mine.", "follows": "1"})
    assert withdrawn.status_code == 409
    assert withdrawn.context["withdrawing"]["follows"].value() == "2"
    again = other.post(address(published, "correct"), mine | {"follows": "2"})
    assert again.status_code == 302
    assert Ruling.objects.current().get().summary == "My own words."


def test_a_correction_starts_from_the_ruling(client: Client, published: Claim) -> None:
    page = client.get(address(published))
    assert "They did not double.</textarea>" in page.text
    assert 'value="false" checked' in page.text


def test_withdrawing_says_why_to_readers(client: Client, published: Claim) -> None:
    refused = client.post(address(published, "withdraw"), {"note": " "})
    assert refused.status_code == 422
    assert refused.context["withdrawing"]["note"].errors
    answer = client.post(address(published, "withdraw"), {"note": "The source was forged."})
    assert answer.status_code == 302
    published.refresh_from_db()
    assert published.state == "withdrawn"
    assert last_event(published).verb == "withdraw"
    assert "Nothing follows." in client.get(address(published)).text


def test_setting_aside_and_taking_back(client: Client, disputed: Claim, robin: User) -> None:
    refused = client.post(address(disputed, "set-aside"), {"note": "A matter of taste."})
    assert refused.status_code == 400
    assert "A matter of taste." in refused.text
    sent = {"set_aside_reason": "opinion", "note": "A matter of taste."}
    assert client.post(address(disputed, "set-aside"), sent).status_code == 302
    disputed.refresh_from_db()
    assert (disputed.state, disputed.set_aside_reason) == ("set_aside", "opinion")
    assert last_event(disputed).reason == "A matter of taste."
    answer = client.post(address(disputed, "restore"), follow=True)
    assert "back in review: disputed." in answer.text
    disputed.refresh_from_db()
    assert (disputed.state, disputed.set_aside_reason) == ("disputed", "")


def test_only_the_open_steps_are_offered(
    client: Client, disputed: Claim, published: Claim, aside: Claim
) -> None:
    def offered(claim: Claim) -> set[str]:
        context = client.get(address(claim)).context
        names = {"ruling", "withdrawing", "setting_aside", "restoring"}
        return {name for name in names if context[name]}

    assert offered(disputed) == {"ruling", "setting_aside"}
    assert offered(published) == {"ruling", "withdrawing"}
    assert offered(aside) == {"restoring"}


def test_the_verdicts_stand_side_by_side_with_their_evidence(
    client: Client, disputed: Claim
) -> None:
    page = client.get(address(disputed))
    for seen in ("Finch", "Maple", "Finch counted it.", "Maple doubts it.", "High confidence"):
        assert seen in page.text
    assert "3 steps apart" in page.text
    assert 'rel="noopener noreferrer nofollow"' in page.text
    assert [len(row.cells) for row in page.context["comparison"]] == [2]
    assert "<mark>spent 12% more</mark> in 2024" in page.text


def test_a_ruling_starts_from_a_verdict(client: Client, disputed: Claim, maple: User) -> None:
    verdict = disputed.verdicts.get(reviewer=maple)
    page = client.get(address(disputed), {"from": str(verdict.pk)})
    assert "Maple doubts it.</textarea>" in page.text
    assert 'value="misleading" checked' in page.text
    assert page.text.count(" checked") == 2
    assert client.get(address(disputed), {"from": "\x00' nonsense"}).status_code == 200


def test_a_draft_is_not_on_the_page(client: Client, disputed: Claim, finch: User) -> None:
    save_draft(disputed.pk, judgement("false", "An unfinished thought."), actor=finch)
    assert "An unfinished thought." not in client.get(address(disputed)).text


def test_the_page_takes_the_same_number_of_queries_for_more_verdicts(
    client: Client, disputed: Claim, claim: Claim, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(18):  # type: ignore[operator]
        client.get(address(disputed))


def test_reading_a_step_leads_back_to_the_claim(client: Client, disputed: Claim) -> None:
    answer = client.get(address(disputed, "publish"))
    assert (answer.status_code, answer.headers["Location"]) == (302, address(disputed))


def test_a_demoted_moderator_is_refused_by_the_action(
    client: Client, disputed: Claim, robin: User
) -> None:
    Membership.objects.filter(user=robin).update(role="reviewer")
    assert client.post(address(disputed, "publish"), ruling_on(disputed)).status_code == 302
    assert not Ruling.objects.exists()


def test_a_claim_is_sent_back_with_a_question_to_its_reviewers(
    client: Client, disputed: Claim
) -> None:
    refused = client.post(address(disputed, "ask-again"), {"question": " "})
    assert refused.status_code == 400
    assert refused.context["asking_again"]["question"].errors
    answer = client.post(address(disputed, "ask-again"), {"question": "Which?"}, follow=True)
    assert "The reviewers are asked again." in answer.text
    disputed.refresh_from_db()
    assert (disputed.state, last_event(disputed).verb) == ("disputed", "ask_again")


def test_a_further_verdict_is_asked_for_once(client: Client, disputed: Claim) -> None:
    answer = client.post(address(disputed, "ask-for-another"), follow=True)
    assert "The claim waits for a further verdict: 3 in all." in answer.text
    disputed.refresh_from_db()
    assert (disputed.state, last_event(disputed).verb) == ("in_review", "ask_for_another")
    again = client.post(address(disputed, "ask-for-another"))
    assert again.status_code == 409
    assert "This claim waits for a verdict already." in again.text
