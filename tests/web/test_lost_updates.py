"""No update is lost on the pages: a form says on which version it was opened (A27)."""

import html
import re

import pytest
from django.test import Client

from annotations.actions.claims import edit_claim, mark_claim, move_appearance
from annotations.actions.verdicts import save_draft
from annotations.models import Appearance, Article, Claim, User, Verdict
from annotations.rules.verdicts import Judgement


@pytest.fixture
def place(article: Article, finch: User) -> Appearance:
    return mark_claim(article.pk, 42, 63, actor=finch)


@pytest.fixture
def desk(client: Client, finch: User) -> Client:
    client.force_login(finch)
    return client


def hidden(page: str) -> dict[str, str]:
    """All that the forms of a page carry along; of two with one name, the first."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in reversed(found)}


def edited(desk: Client, article: Article, claim: Claim) -> tuple[str, dict[str, str]]:
    """The address of a claim's form, and what it holds when it is opened."""
    address = f"/workbench/{article.slug}/claims/{claim.pk}/edit/"
    carried = hidden(desk.get(address, headers={"HX-Request": "true"}).content.decode())
    said = {"statement": claim.statement, "kind": claim.kind}
    return address, said | {name: carried[name] for name in ("version", "base", "revision")}


def test_of_two_who_change_a_claim_the_second_sees_the_three_beside_each_other(
    desk: Client, article: Article, place: Appearance, robin: User
) -> None:
    address, form = edited(desk, article, place.claim)
    edit_claim(place.claim_id, actor=robin, statement="Robin’s words.", claimant="The mayor")
    answer = desk.post(address, form | {"statement": "Finch’s words.", "claimant": ""})
    assert answer.status_code == 409
    page = html.unescape(answer.content.decode())
    assert "Robin changed this on" in page
    told = page.split("Changed meanwhile", 1)[1].split("</section>", 1)[0]
    for words in (place.claim.statement, "Robin’s words.", "Finch’s words.", "The mayor"):
        assert words in told
    assert re.search(r'name="claimant"\s+value="The mayor"', page), "theirs, which finch left alone"
    claim = Claim.objects.get()
    assert claim.statement == "Robin’s words."
    again = form | hidden(answer.content.decode()) | {"claimant": "The mayor"}
    done = desk.post(address, again | {"statement": "Finch’s words."})
    assert done.status_code == 302
    claim.refresh_from_db()
    assert (claim.statement, str(claim.claimant)) == ("Finch’s words.", "The mayor")


def test_a_mark_whose_claim_was_changed_meanwhile_is_not_removed(
    desk: Client, article: Article, place: Appearance, robin: User
) -> None:
    address = f"/workbench/{article.slug}/claims/{place.claim_id}/"
    carried = hidden(desk.get(address, headers={"HX-Request": "true"}).content.decode())
    edit_claim(place.claim_id, actor=robin, statement="Robin’s words.")
    answer = desk.post(f"{address}unmark/", {"version": carried["version"]})
    assert answer.status_code == 409
    assert Claim.objects.exists()


def test_words_that_another_moved_meanwhile_are_not_moved_again_unseen(
    desk: Client, article: Article, place: Appearance, robin: User
) -> None:
    address = f"/workbench/{article.slug}/places/{place.pk}/"
    move_appearance(place.pk, 46, 63, actor=robin)
    late = desk.post(address, {"start": "42", "end": "55", "was": "42-63"})
    assert late.status_code == 409
    place.refresh_from_db()
    assert (place.start, place.end) == (46, 63)
    assert desk.post(address, {"start": "42", "end": "55", "was": "46-63"}).status_code == 302


def test_by_numbers_neither(desk: Client, article: Article, place: Appearance, robin: User) -> None:
    address, form = edited(desk, article, place.claim)
    typed = {"was": f"{place.pk} 42-63", f"start-{place.pk}": "42", f"end-{place.pk}": "55"}
    move_appearance(place.pk, 46, 63, actor=robin)
    assert desk.post(address, form | typed).status_code == 409
    place.refresh_from_db()
    assert (place.start, place.end) == (46, 63)


def test_a_draft_that_saves_itself_says_on_what_the_next_is_based(
    desk: Client, article: Article, place: Appearance, finch: User
) -> None:
    address = f"/workbench/{article.slug}/claims/{place.claim_id}/verdict/"
    sent = {"do": "draft", "auto": "1", "rationale": "One.", "based_on": ""}
    first = desk.post(address, sent)
    assert first.status_code == 200
    knowing = sent | {"based_on": first.json()["based_on"]}
    again = desk.post(address, knowing | {"rationale": "Two."})
    assert again.status_code == 200
    assert Verdict.objects.get().rationale == "Two."
    late = desk.post(address, knowing | {"rationale": "Three."})
    assert late.status_code == 409
    assert "Another draft of yours" in late.json()["sentence"]
    assert Verdict.objects.get().rationale == "Two."


def test_an_overtaken_draft_shows_what_it_was_begun_on_the_other_and_ones_own(
    desk: Client, article: Article, place: Appearance, finch: User
) -> None:
    save_draft(place.claim_id, Judgement("true", "The first words."), actor=finch)
    address = f"/workbench/{article.slug}/claims/{place.claim_id}/"
    carried = hidden(desk.get(address, headers={"HX-Request": "true"}).content.decode())
    save_draft(place.claim_id, Judgement("false", "Of another tab."), actor=finch)
    sent = {"do": "submit", "rating": "true", "rationale": "My own."}
    answer = desk.post(f"{address}verdict/", carried | sent)
    assert answer.status_code == 409
    told = answer.content.decode().split("Changed meanwhile", 1)[1].split("</section>", 1)[0]
    for words in ("The first words.", "Of another tab.", "My own.", "True", "False"):
        assert words in told
    assert Verdict.objects.get().rationale == "Of another tab."
