"""History is told from the events: who, what, from what to what, when, and why."""

import pytest
from django.test import Client

from annotations.actions.articles import edit_article
from annotations.actions.claims import edit_claim, restore, set_aside
from annotations.actions.verdicts import save_draft
from annotations.admin import history
from annotations.models import Article, Claim, Project, User
from tests.admin.conftest import Enter, address, judgement

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(enter: Enter, robin: User) -> Client:
    return enter(robin)


def test_a_claims_history_has_its_verdicts_and_rulings_newest_first(
    client: Client, published: Claim
) -> None:
    page = client.get(address(published, "history"))
    did = [(entry.who, entry.did) for entry in page.context["entries"]]
    assert did == [
        ("Robin", "published a ruling"),
        ("Maple", "submitted a verdict"),
        ("Finch", "submitted a verdict"),
        ("Finch", "marked the claim"),
    ]
    for seen in ("They did not double.", "The budget says so.", "agreed", "published", "False"):
        assert seen in page.text


def test_a_change_is_told_from_what_to_what_and_why(
    client: Client, claim: Claim, robin: User
) -> None:
    edit_claim(claim.pk, actor=robin, statement="The budget grew by 12%.", claimant="The mayor")
    set_aside(claim.pk, "not_checkable", actor=robin, note="No figures are public.")
    restore(claim.pk, actor=robin)
    back, aside, edited, _ = client.get(address(claim, "history")).context["entries"]
    told = {change.name: (change.was, change.now) for change in edited.changes}
    assert told == {
        "Statement": ("12% more in 2024", "The budget grew by 12%."),
        "Claimant": ("", "The mayor"),
    }
    told = {change.name: (change.was, change.now) for change in aside.changes}
    assert told["State"] == ("marked", "set aside")
    assert told["Set aside as"] == ("", "not checkable")
    assert told["Reason"] == ("", "No figures are public.")
    assert back.changes[0].now == "marked"


def test_a_draft_leaves_no_trace(client: Client, claim: Claim, finch: User) -> None:
    save_draft(claim.pk, judgement("true", "Still thinking."), actor=finch)
    page = client.get(address(claim, "history"))
    assert len(page.context["entries"]) == 1
    assert "Still thinking." not in page.text


def test_a_long_history_has_pages(
    client: Client, claim: Claim, robin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "A_PAGE", 2)
    for n in range(3):
        edit_claim(claim.pk, actor=robin, statement=f"Wording {n}")
    first = client.get(address(claim, "history"))
    assert [entry.changes[0].now for entry in first.context["entries"]] == [
        "Wording 2",
        "Wording 1",
    ]
    rest = client.get(address(claim, "history"), {"before": first.context["older"]})
    assert [entry.did for entry in rest.context["entries"]][-1] == "marked the claim"
    assert rest.context["older"] is None
    for bad in ("\x00", "-1", "٣", "9" * 30, "x"):
        assert client.get(address(claim, "history"), {"before": bad}).status_code == 200


def test_an_article_and_a_project_have_a_history(
    client: Client, article: Article, project: Project, robin: User
) -> None:
    edit_article(article.pk, actor=robin, publisher="The Courier")
    page = client.get(f"/admin/annotations/article/{article.pk}/history/")
    assert "changed the article’s details" in page.text
    assert "The Courier" in page.text
    page = client.get(f"/admin/annotations/project/{project.pk}/history/")
    assert "set up the project" in page.text


def test_one_event_is_told_in_words(client: Client, disputed: Claim) -> None:
    page = client.get("/admin/annotations/event/")
    event = page.context["cl"].result_list[0]
    page = client.get(f"/admin/annotations/event/{event.pk}/change/")
    assert "submitted a verdict" in page.text
    assert "Maple doubts it." in page.text


def test_every_verb_that_the_actions_record_has_its_words(seeded: Project) -> None:
    verbs = set(seeded.events.values_list("verb", flat=True))
    assert verbs <= history.DID.keys()
