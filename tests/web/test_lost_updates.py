"""No update is lost on the pages: a form says on which version it was opened (A27)."""

import html
import re

import pytest
from django.test import Client

from annotations.actions.claims import edit_claim, mark_claim, move_appearance
from annotations.actions.comments import comment, edit_comment
from annotations.actions.gold import set_gold
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import Appearance, Article, Claim, Comment, GoldItem, User, Verdict
from annotations.rules.verdicts import Judgement
from tests.actions.given import claim_in, judgement


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


def version_in(page: str, do: str) -> str:
    """The version that the form of a page's button carries along."""
    form = page[: page.index(f'value="{do}"')].rsplit("<form", 1)[1]
    return hidden(form)["version"]


@pytest.mark.parametrize("step", ["ask_for_another", "ask_no_more", "set_aside", "restore"])
def test_a_moderators_step_is_not_taken_on_what_was_changed_meanwhile(
    client: Client, article: Article, finch: User, maple: User, robin: User, birch: User, step: str
) -> None:
    claim = claim_in("disputed", article, first=finch, second=maple, moderator=robin)
    client.force_login(birch)
    there = f"/claims/{claim.pk}/adjudicate/"
    sent = {"do": step, "set_aside_reason": "opinion"}
    if step == "ask_no_more":
        client.post(there, {"do": "ask_for_another"})
    if step == "restore":
        client.post(there, sent | {"do": "set_aside"})
    seen = version_in(client.get(there).text, step)
    if step.startswith("ask"):
        submit_verdict(claim.pk, judgement("unproven"), actor=maple)
    else:
        edit_claim(claim.pk, actor=robin, statement="Otherwise said.")
    late = client.post(there, sent | {"version": seen})
    assert late.status_code == 409
    assert ("Maple submitted" if step.startswith("ask") else "Robin changed this on") in late.text
    done = client.post(there, sent | {"version": version_in(late.text, step)})
    assert done.status_code == 302


@pytest.mark.parametrize("step", ["edit_comment", "remove_comment"])
def test_a_comment_that_was_changed_meanwhile_keeps_its_words(
    desk: Client, article: Article, place: Appearance, finch: User, step: str
) -> None:
    said = comment(place.claim_id, "One.", actor=finch)
    there = f"/workbench/{article.slug}/claims/{place.claim_id}/"
    seen = version_in(desk.get(there).text, step)
    edit_comment(said.pk, "From another tab.", actor=finch)
    sent = {"do": step, "comment": str(said.pk), "text": "Mine."}
    late = desk.post(f"{there}comments/", sent | {"version": seen})
    assert late.status_code == 409
    assert "changed this on" in late.text
    assert Comment.objects.get().text == "From another tab."
    done = desk.post(f"{there}comments/", sent | {"version": version_in(late.text, step)})
    assert done.status_code == 302
    assert Comment.objects.get().text == ("Mine." if step == "edit_comment" else "")


def test_a_gold_item_that_a_colleague_made_or_changed_meanwhile_is_shown_first(
    client: Client, place: Appearance, robin: User, birch: User
) -> None:
    client.force_login(birch)
    there, claim = "/projects/council/gold/", str(place.claim_id)
    mine = {"do": "set", "claim": claim, "rating": "false", "explanation": "Mine."}
    begun = version_in(client.get(there).text, "set")
    set_gold(place.claim_id, "true", "Robin’s.", actor=robin)
    late = client.post(there, mine | {"version": begun})
    assert late.status_code == 409
    assert "Robin’s." in html.unescape(late.text)
    assert "Mine." in late.text
    assert client.post(there, mine | {"version": version_in(late.text, "set")}).status_code == 302
    seen = version_in(client.get(there).text, "unset")
    set_gold(place.claim_id, "true", "Robin’s again.", actor=robin)
    unset = {"do": "unset", "claim": claim}
    assert client.post(there, unset | {"version": seen}).status_code == 409
    assert GoldItem.objects.get().explanation == "Robin’s again."
