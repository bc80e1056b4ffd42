"""After a new text: verdicts on changed words, claims without a place, and marks moved by hand."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from annotations.actions.claims import add_appearance
from annotations.actions.revisions import let_go, reattach, revise_article
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import Appearance, Article, Claim, Project, Reattachment, User, Verdict
from annotations.rules.verdicts import Judgement
from tests.actions.given import SPENT_MORE, judgement, marked
from tests.conftest import TEXT
from tests.web.conftest import Page

Read = Callable[[bytes | str], Page]
HTMX = {"HX-Request": "true"}
CORRECTED = TEXT.replace("12%", "13%")
WITHOUT = TEXT.replace("spent 12% more in 2024 than in the year before, the mayor", "met, she")


@pytest.fixture
def bird(client: Client, finch: User) -> Client:
    client.force_login(finch)
    return client


@pytest.fixture
def claim(article: Article, finch: User) -> Claim:
    """Finch's claim, which Finch has judged."""
    made = marked(article, finch)
    submit_verdict(made.pk, judgement("true"), actor=finch)
    return made


def revise(article: Article, text: str, robin: User) -> None:
    newest = article.revisions.latest("number")
    revise_article(article.pk, actor=robin, text=text, based_on=newest.pk)


def bench(article: Article, *rest: object) -> str:
    return f"/workbench/{article.slug}/" + "".join(f"{part}/" for part in rest)


def waiting() -> Reattachment:
    return Reattachment.objects.waiting().get()


# ---------- one's own verdict on words that changed ----------


@pytest.fixture
def changed(article: Article, claim: Claim, robin: User) -> Claim:
    """The figure was corrected, the new place is settled, and the reviewers are asked again."""
    revise(article, CORRECTED, robin)
    reattach(waiting().pk, actor=robin, ask_again=True)
    return claim


def test_the_row_the_mark_and_the_panel_say_that_the_words_changed(
    bird: Client, article: Article, changed: Claim, read: Read
) -> None:
    page = read(bird.get(bench(article, "claims", changed.pk)).content)
    assert page.one("a", data_claim=str(changed.pk)).text.endswith("True·Words changed")
    marks = json.loads(page.one("script", id="marks").text)["marks"]
    assert [one["stale"] for one in marks] == [True]
    assert page.one("del").text == "12%"
    assert page.one("ins").text == "13%"
    assert "Revision 1 became revision 2" in page.one("section", class_="notice").text
    assert page.all("p", class_="stale") == []  # the notice says so


def test_a_verdict_that_stands_is_so_at_one_press(
    bird: Client, article: Article, changed: Claim, finch: User, read: Read
) -> None:
    address = bench(article, "claims", changed.pk, "verdict", "confirm")
    based_on = Verdict.objects.get().saved_at.isoformat()
    answer = bird.post(address, {"based_on": based_on}, headers=HTMX)
    assert answer.headers["HX-Trigger"] == "claims-changed, verdict-confirmed"
    assert "Your verdict, version 2" in answer.content.decode()
    assert "changed since" not in answer.content.decode()
    whole = read(bird.get(bench(article)).content)
    assert "Words changed" not in whole.one("a", data_claim=str(changed.pk)).text


def test_a_verdict_that_cannot_stand_says_why_in_the_notice(
    bird: Client, article: Article, changed: Claim, finch: User, read: Read
) -> None:
    save_draft(changed.pk, Judgement(rationale="Perhaps not."), actor=finch)
    answer = bird.post(bench(article, "claims", changed.pk, "verdict", "confirm"), headers=HTMX)
    assert answer.status_code == 409
    page = read(answer.content)
    assert "Submit it, or discard it first" in page.one("section", class_="notice").text
    assert page.one("textarea", id="rationale").text == "Perhaps not."


def test_without_scripts_a_verdict_stands_too(
    bird: Client, article: Article, changed: Claim
) -> None:
    answer = bird.post(bench(article, "claims", changed.pk, "verdict", "confirm"))
    assert answer.status_code == 302
    assert not Verdict.objects.stale().exists()


def test_who_sees_anothers_verdict_sees_that_it_is_stale(
    client: Client, article: Article, changed: Claim, maple: User, robin: User
) -> None:
    for person, shown in ((robin, True), (maple, False)):
        client.force_login(person)
        answer = client.get(bench(article, "claims", changed.pk), headers=HTMX)
        assert ("Given before the words changed" in answer.content.decode()) is shown
        assert "My verdict stands" not in answer.content.decode()


def test_the_desk_has_the_verdicts_on_changed_words_in_a_group(
    client: Client, article: Article, changed: Claim, finch: User, maple: User
) -> None:
    client.force_login(finch)
    assert b"Words changed</h2>" in client.get("/desk/").content
    client.force_login(maple)
    assert b"Words changed</h2>" not in client.get("/desk/").content
    save_draft(changed.pk, Judgement(rationale="Perhaps not."), actor=finch)
    client.force_login(finch)
    page = client.get("/desk/").content
    assert b"Words changed</h2>" not in page  # it is in hand
    assert b"<strong>Draft</strong>" in page


# ---------- claims that wait for a place ----------


def test_a_claim_without_a_place_is_listed_last_with_its_old_words(
    bird: Client, article: Article, claim: Claim, finch: User, robin: User, read: Read
) -> None:
    other = marked(article, finch, "never spent this much")
    revise(article, WITHOUT, robin)
    page = read(bird.get(bench(article)).content)
    assert [
        one.attributes["data-claim"] for one in page.all("a") if "data-n" in one.attributes
    ] == [
        str(other.pk),
        str(claim.pk),
    ]
    assert page.one("li", class_="group").text == "Not in this text"
    assert page.one("a", data_claim=str(claim.pk)).text == f"2{SPENT_MORE}Gone·True"
    marks = json.loads(page.one("script", id="marks").text)["marks"]
    assert [one["claim"] for one in marks] == [str(other.pk)]


def test_a_waiting_claim_opens_and_takes_a_verdict(
    client: Client, article: Article, claim: Claim, maple: User, robin: User
) -> None:
    revise(article, WITHOUT, robin)
    client.force_login(maple)
    page = client.get(bench(article, "claims", claim.pk)).content.decode()
    assert "Waits for a moderator" in page
    assert "Not in this text" in page
    assert 'value="submit"' in page
    assert "Find its place" not in page
    client.force_login(robin)
    page = client.get(bench(article, "claims", claim.pk), headers=HTMX).content.decode()
    assert f'href="{bench(article)}revisions/2/"' in page


def test_proposed_words_are_shown_while_they_wait(
    bird: Client, article: Article, claim: Claim, robin: User, read: Read
) -> None:
    revise(article, CORRECTED, robin)
    page = read(bird.get(bench(article, "claims", claim.pk)).content)
    assert (page.one("del").text, page.one("ins").text) == ("12%", "13%")
    assert page.one("a", data_claim=str(claim.pk)).text.endswith("Text changed·True")


def test_what_was_let_go_or_stands_elsewhere_is_not_listed(
    bird: Client, article: Article, claim: Claim, finch: User, robin: User
) -> None:
    both = marked(article, finch, "the year before")
    start = TEXT.index("Café")
    add_appearance(both.pk, article.pk, start, start + 4, actor=finch)
    revise(article, WITHOUT, robin)
    let_go(Reattachment.objects.waiting().get(claim=claim).pk, actor=robin)
    page = bird.get(bench(article)).content.decode()
    assert "Not in this text" not in page
    panel = bird.get(bench(article, "claims", both.pk), headers=HTMX).content.decode()
    assert "Waits for a moderator" in panel  # one of its two places


@pytest.mark.parametrize("claims", [1, 25])
def test_waiting_claims_cost_no_query_each(
    claims: int,
    bird: Client,
    article: Article,
    project: Project,
    finch: User,
    robin: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(claims):
        made = marked(article, finch, "spent 12% more in 2024 than in the year before"[n:])
        submit_verdict(made.pk, judgement("true"), actor=finch)
    revise(article, WITHOUT, robin)
    with django_assert_max_num_queries(4):
        answer = bird.get(bench(article))
    assert answer.content.count(b'class="row"') == claims
    with django_assert_max_num_queries(11):
        bird.get(bench(article, "claims", made.pk), headers=HTMX)


# ---------- marks moved by hand ----------


def at(text: str, words: str) -> dict[str, str]:
    start = text.index(words)
    return {"start": str(start), "end": str(start + len(words)), "quote": words}


@pytest.fixture
def mark(article: Article, finch: User) -> Appearance:
    return marked(article, finch).appearances.get()


def test_other_words_keep_the_claim(bird: Client, article: Article, mark: Appearance) -> None:
    sent = at(TEXT, "12% more") | {"revision": str(mark.revision_id)}
    answer = bird.post(bench(article, "places", mark.pk), sent, headers=HTMX)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["HX-Trigger"] == "claims-changed, words-moved"
    mark.refresh_from_db()
    assert mark.quote == "12% more"


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"start": "3", "end": "3"}, 400, "has to come first"),
        ({"start": "x", "end": "3"}, 400, "Select the words"),
        ({"start": "0", "end": "3", "quote": "nay"}, 422, "not the text"),
        ({"start": "35", "end": "40"}, 422, "belong to the page"),
    ],
)
def test_words_that_cannot_be_are_refused_with_a_sentence(
    sent: dict[str, str],
    status: int,
    sentence: str,
    bird: Client,
    article: Article,
    mark: Appearance,
) -> None:
    answer = bird.post(bench(article, "places", mark.pk), sent, headers=HTMX)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    mark.refresh_from_db()
    assert mark.quote == SPENT_MORE


def test_a_mark_in_an_older_text_stays(
    bird: Client, article: Article, mark: Appearance, robin: User
) -> None:
    revise(article, TEXT.replace("Share\n", "Share\n\nThe council met for six hours.\n"), robin)
    answer = bird.post(bench(article, "places", mark.pk), at(TEXT, "12% more"), headers=HTMX)
    assert answer.status_code == 409
    assert "older text" in answer.content.decode()


def test_another_reviewer_may_not_move_the_mark(
    client: Client, article: Article, mark: Appearance, maple: User, robin: User
) -> None:
    client.force_login(maple)
    address = bench(article, "places", mark.pk)
    assert client.post(address, at(TEXT, "12% more"), headers=HTMX).status_code == 403
    panel = bench(article, "claims", mark.claim_id)
    assert b"data-may-edit" not in client.get(panel, headers=HTMX).content
    client.force_login(robin)
    assert b"data-may-edit" in client.get(panel, headers=HTMX).content
    assert client.post(address, at(TEXT, "12% more"), headers=HTMX).status_code == 204


def typed(page: Page) -> dict[str, str | list[str]]:
    """What the form for changing a claim sends as it stands."""
    sent: dict[str, str | list[str]] = {
        str(one.attributes["name"]): str(one.attributes.get("value") or "")
        for one in page.all("input")
        if "name" in one.attributes and one.attributes.get("type") != "radio"
    }
    was = [str(one.attributes["value"]) for one in page.all("input", name="was")]
    return sent | {
        "was": was,
        "statement": page.one("textarea", id="statement").text,
        "kind": "factual",
    }


def test_without_scripts_the_words_are_changed_by_their_numbers(
    bird: Client, article: Article, mark: Appearance, read: Read
) -> None:
    address = bench(article, "claims", mark.claim_id, "edit")
    sent = typed(read(bird.get(address).content))
    assert sent[f"start-{mark.pk}"] == str(mark.start)
    sent[f"end-{mark.pk}"] = str(mark.start + 14)
    answer = bird.post(address, sent)
    assert answer.status_code == 302
    mark.refresh_from_db()
    assert mark.quote == "spent 12% more"


@pytest.mark.parametrize("number", ["x", "", "1", "99999"])
def test_numbers_that_make_no_place_are_refused_where_they_were_typed(
    number: str, bird: Client, article: Article, mark: Appearance, read: Read
) -> None:
    address = bench(article, "claims", mark.claim_id, "edit")
    sent = typed(read(bird.get(address).content))
    sent |= {f"end-{mark.pk}": number, "statement": "Said otherwise."}
    answer = bird.post(address, sent)
    assert answer.status_code == 400
    page = read(answer.content)
    assert page.one("input", name=f"end-{mark.pk}").attributes["value"] == number
    assert page.one("textarea", id="statement").text == "Said otherwise."
    assert len(page.all("p", class_="refused")) == 1
    mark.refresh_from_db()
    assert mark.quote == SPENT_MORE
    assert mark.claim.statement != "Said otherwise."  # all or nothing


def test_a_form_left_open_does_not_take_the_mark_back(
    bird: Client, article: Article, mark: Appearance, read: Read
) -> None:
    address = bench(article, "claims", mark.claim_id, "edit")
    sent = typed(read(bird.get(address).content))
    bird.post(bench(article, "places", mark.pk), at(TEXT, "12% more"), headers=HTMX)
    bird.post(address, sent | {"statement": "Said otherwise."})
    mark.refresh_from_db()
    assert (mark.quote, mark.claim.statement) == ("12% more", "Said otherwise.")
