"""The moderator's pages for a new text: what they show, what they do, and what they refuse."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from annotations.actions.claims import mark_claim
from annotations.actions.revisions import let_go, revise_article
from annotations.actions.verdicts import submit_verdict
from annotations.models import Appearance, Article, Claim, Reattachment, Revision, User
from tests.conftest import TEXT
from tests.web.conftest import judgement

Read = Callable[[bytes | str], Any]
Mark = Callable[..., Claim]

SPENT = "spent 12% more in 2024"
CAFE = "Café prices doubled"
CHANGED = TEXT.replace("12%", "13%")


def at(article: Article, *parts: object) -> str:
    return "/".join(["/workbench", article.slug, *map(str, parts), ""])


def newest(article: Article) -> Revision:
    return article.revisions.latest("number")


def revised(article: Article, text: str, robin: User) -> Revision:
    return revise_article(article.pk, actor=robin, text=text, based_on=newest(article).pk)


def waiting(article: Article) -> Reattachment:
    return Reattachment.objects.waiting().get(article=article)


def kept(text: str, media_type: str = "text/plain") -> str:
    return json.dumps([text, media_type])


@pytest.fixture
def moderator(client: Client, robin: User) -> Client:
    """Robin's browser."""
    client.force_login(robin)
    return client


def accept(client: Client, article: Article, text: str, **given: Any) -> Any:
    """Press the preview's main button."""
    sent = {"do": "accept", "kept": kept(text), "based_on": newest(article).pk} | given
    return client.post(at(article, "revise"), sent)


def settle(client: Client, article: Article, one: Reattachment, **given: Any) -> Any:
    sent = {"revision": newest(article).pk} | given
    return client.post(at(article, "reattachments", one.pk), sent)


def said(page: Any) -> str:
    """The sentences of refusal on the page."""
    return " ".join(" ".join(one.text.split()) for one in page.all("p", class_="refused"))


# ---------- the preview ----------


def test_the_preview_shows_what_changes_and_writes_nothing(
    moderator: Client, article: Article, mark: Mark, read: Read
) -> None:
    mark(article, SPENT)
    mark(article, CAFE)
    answer = moderator.post(at(article, "revise"), {"text": CHANGED, "media_type": "text/plain"})
    assert answer.status_code == 200
    page = read(answer.content)
    assert [one.text for one in page.all("del")] == ["12%", "12%"]  # in the list, and beside
    assert [one.text for one in page.all("ins")] == ["13%", "13%"]
    words = " ".join(answer.content.decode().split())
    assert "“12%” became “13%”." in words
    assert "Needs nothing from you" in words
    assert page.one("span", class_="meta num").text == "1 would wait"
    assert len(page.all("summary", class_="fold")) == 2
    assert newest(article).number == 1


def test_the_text_is_kept_to_the_last_line_end(
    moderator: Client, article: Article, read: Read
) -> None:
    raw = "\n\nA\r\nB\rC\n\n“D”  \n"
    file = SimpleUploadedFile("new.txt", raw.encode())
    page = read(moderator.post(at(article, "revise"), {"file": file}).content)
    sent = {
        "kept": page.one("input", name="kept").attributes["value"],
        "based_on": page.one("input", name="based_on").attributes["value"],
        "do": "accept",
    }
    moderator.post(at(article, "revise"), sent)
    assert newest(article).raw == raw


def test_a_page_may_be_brought_in_as_html(
    moderator: Client, article: Article, mark: Mark, read: Read
) -> None:
    claim = mark(article, SPENT)
    html = "".join(f"<p>{one}</p>" for one in TEXT.split("\n\n"))
    file = SimpleUploadedFile("page.HTML", html.encode())
    page = read(moderator.post(at(article, "revise"), {"file": file}).content)
    accept(moderator, article, html, kept=page.one("input", name="kept").attributes["value"])
    assert newest(article).raw_media_type == "text/html"
    assert claim.appearances.filter(revision=newest(article)).exists()


def test_the_words_are_on_the_page_as_they_are_in_the_text(
    moderator: Client, article: Article, read: Read
) -> None:
    page = read(moderator.post(at(article, "revise"), {"text": CHANGED}).content)
    for one in page.all("p"):
        if (start := int(one.attributes.get("data-start", -1))) >= 0:
            text, shift = (CHANGED, 10_000_000) if start >= 10_000_000 else (TEXT, 0)
            assert one.text == text[start - shift : int(one.attributes["data-end"]) - shift]


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"text": TEXT}, 409, "This is the text of revision 1, character for character."),
        ({"text": "  "}, 400, "There is no text here."),
        ({"text": "Half\x00way"}, 400, "NUL character at line 1, column 5"),
        ({"text": "More", "media_type": "text/x"}, 400, "Say whether the text is plain or HTML."),
        ({"kept": "{"}, 400, "Bring the text in again."),
        ({"kept": kept("More"), "do": "accept"}, 400, "Look at the preview first."),
    ],
)
def test_a_text_that_cannot_be_brought_in_is_refused_at_its_field(
    moderator: Client,
    article: Article,
    read: Read,
    sent: dict[str, str],
    status: int,
    sentence: str,
) -> None:
    answer = moderator.post(at(article, "revise"), sent)
    page = read(answer.content)
    assert answer.status_code == status
    assert sentence in said(page)
    if "text" in sent:
        assert page.one("textarea", id="text").text.removeprefix("\n") == sent["text"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("page.docx", b"PK", "ends in .txt or .html"),
        ("new.txt", b"Fine\nCaf\xe9", "0xe9 at line 2, column 4"),
    ],
)
def test_a_file_that_is_no_text_is_refused_at_its_field(
    moderator: Client, article: Article, read: Read, name: str, content: bytes, sentence: str
) -> None:
    answer = moderator.post(at(article, "revise"), {"file": SimpleUploadedFile(name, content)})
    page = read(answer.content)
    assert answer.status_code == 400
    assert sentence in said(page)
    assert page.one("input", id="file").attributes["aria-describedby"] == "h-file p-file"


class Unread:
    """The body of a request that nobody may read."""

    def read(self, *_: int) -> bytes:
        pytest.fail("The body is read.")

    readline = read


def test_fifty_megabytes_are_refused_before_they_are_read(
    robin: User, article: Article, read: Read
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(robin)
    body: dict[str, Any] = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(50 * 2**20)}
    kind = "multipart/form-data; boundary=x"
    answer = client.generic("POST", at(article, "revise"), content_type=kind, **body)
    assert answer.status_code == 413
    assert "This is 50 MB; 10 MB is the most." in said(read(answer.content))


def test_a_form_from_elsewhere_is_refused(robin: User, article: Article) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(robin)
    assert accept(client, article, CHANGED).status_code == 403
    assert newest(article).number == 1


def test_a_text_can_be_changed_after_its_preview(
    moderator: Client, article: Article, read: Read
) -> None:
    answer = moderator.post(at(article, "revise"), {"do": "change", "kept": kept(CHANGED)})
    assert read(answer.content).one("textarea", id="text").text.removeprefix("\n") == CHANGED


# ---------- bringing it in ----------


def test_the_main_button_brings_the_text_in_and_leads_to_what_waits(
    moderator: Client, article: Article, mark: Mark
) -> None:
    mark(article, SPENT)
    answer = accept(moderator, article, CHANGED)
    assert (answer.status_code, answer["Location"]) == (302, at(article, "revisions", 2))
    assert newest(article).text == CHANGED
    assert b"Revision 2 is in." in moderator.get(answer["Location"]).content


def test_who_was_slower_sees_the_preview_against_the_newest_text(
    moderator: Client, article: Article, birch: User, read: Read
) -> None:
    seen = newest(article).pk
    theirs = revised(article, CHANGED, birch)
    mine = TEXT.replace("Tuesday", "Monday")
    answer = accept(moderator, article, mine, based_on=seen)
    page = read(answer.content)
    assert answer.status_code == 409
    assert "The article has got revision 2 since you looked." in said(page)
    assert [one.text for one in page.all("ins")] == ["12%", "Monday"]
    assert page.one("input", name="based_on").attributes["value"] == str(theirs.pk)
    assert json.loads(page.one("input", name="kept").attributes["value"])[0] == mine
    assert accept(moderator, article, mine).status_code == 302


def test_who_was_slower_with_the_same_text_is_told_so(
    moderator: Client, article: Article, birch: User, read: Read
) -> None:
    seen = newest(article).pk
    revised(article, CHANGED, birch)
    answer = accept(moderator, article, CHANGED, based_on=seen)
    assert answer.status_code == 409
    assert "This is the text of revision 2" in said(read(answer.content))


# ---------- what waits ----------


def test_a_changed_mark_is_shown_with_what_rests_on_it(
    moderator: Client, article: Article, mark: Mark, maple: User, robin: User, read: Read
) -> None:
    claim = mark(article, SPENT)
    submit_verdict(claim.pk, judgement(), actor=maple)
    revised(article, CHANGED, robin)
    page = read(moderator.get(at(article, "revisions", 2)).content)
    (why,) = page.all("p", class_="why")
    assert " ".join(why.text.split()) == (
        "“12%” became “13%”. 1 verdict is stale until you decide."
    )
    assert "0 of 1 decided" in page.one("header", class_="bar").text


@pytest.mark.parametrize("asks", [False, True])
def test_a_new_place_is_accepted_with_or_without_asking_again(
    moderator: Client, article: Article, mark: Mark, robin: User, asks: bool
) -> None:
    claim = mark(article, SPENT)
    revised(article, CHANGED, robin)
    one = waiting(article)
    start, end = one.places[0]
    given = {"places": f"{start}-{end}"} | ({"ask_again": "1"} if asks else {})
    answer = settle(moderator, article, one, **given)
    assert answer.status_code == 302
    assert claim.appearances.get(revision=newest(article)).quote == "spent 13% more in 2024"
    one.refresh_from_db()
    assert (one.outcome, one.asks_again) == ("reattached", asks)
    after = moderator.get(answer["Location"]).content.decode()
    assert "1 of 1 decided" in after
    assert "All 1 are decided" in after
    assert "Open the article" in after


def test_a_mark_is_let_go_and_its_claim_stays(
    moderator: Client, article: Article, mark: Mark, robin: User
) -> None:
    claim = mark(article, SPENT)
    revised(article, CHANGED, robin)
    one = waiting(article)
    settle(moderator, article, one, do="let-go", next=str(claim.pk))
    one.refresh_from_db()
    assert one.outcome == "let_go"
    assert Claim.objects.filter(pk=claim.pk).exists()


def test_candidates_are_shown_and_both_can_be_chosen(
    moderator: Client, article: Article, mark: Mark, robin: User, read: Read
) -> None:
    claim = mark(article, CAFE)
    paragraph = next(one for one in TEXT.split("\n\n") if CAFE in one)
    revised(article, TEXT.replace(paragraph, f"{paragraph}\n\n{paragraph}"), robin)
    one = waiting(article)
    assert one.why == "ambiguous"
    page = read(moderator.get(at(article, "revisions", 2)).content)
    buttons = [found for found in page.all("button") if found.attributes.get("name") == "places"]
    assert [found.text for found in buttons] == ["Block 5", "Block 6", "Both"]
    settle(moderator, article, one, places=buttons[-1].attributes["value"])
    assert claim.appearances.filter(revision=newest(article)).count() == 2


def test_a_lost_mark_gets_its_place_by_its_words(
    moderator: Client, article: Article, mark: Mark, robin: User, read: Read
) -> None:
    claim = mark(article, SPENT)
    revised(article, TEXT.replace(SPENT, "met"), robin)
    one = waiting(article)
    page = read(moderator.get(at(article, "revisions", 2), {"place": str(one.pk)}).content)
    assert page.one("textarea", id="quote")
    assert page.one("article", class_="text")
    # The browser sends line ends as CR LF.
    quote = "The city council met than in the year before, the mayor said on Tuesday.\r\n\r\n“We"
    settle(moderator, article, one, quote=quote, by_hand="1")
    assert claim.appearances.get(revision=newest(article)).quote == quote.replace("\r", "")


def test_a_lost_mark_gets_its_place_by_selected_words(
    moderator: Client, article: Article, mark: Mark, robin: User
) -> None:
    claim = mark(article, SPENT)
    new = revised(article, TEXT.replace(SPENT, "met"), robin)
    start = new.text.index("more than")
    place = {"places": f"{start}-{start + 9}", "quote": "more than"}
    assert settle(moderator, article, waiting(article), by_hand="1", **place).status_code == 302
    assert claim.appearances.get(revision=new).start == start


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"quote": "not there at all"}, 422, "The quote does not stand in the text"),
        ({"quote": "the"}, 422, "The quote stands more than once"),
        ({"quote": ""}, 400, "The quote is missing."),
        ({"quote": "Share"}, 422, "These words belong to the page"),
        ({"quote": "more", "places": "3-7"}, 422, "The quote is not the text at these offsets"),
        ({"places": "3-999999999"}, 400, "the text ends at"),
        ({"places": "7-3"}, 400, "the start has to come first"),
    ],
)
def test_words_that_are_no_place_are_refused_and_kept(
    moderator: Client, article: Article, mark: Mark, robin: User, read: Read,
    sent: dict[str, str], status: int, sentence: str,
) -> None:  # fmt: skip
    mark(article, SPENT)
    revised(article, TEXT.replace(SPENT, "met"), robin)
    answer = settle(moderator, article, waiting(article), by_hand="1", **sent)
    page = read(answer.content)
    assert answer.status_code == status
    assert sentence in said(page)
    assert page.one("textarea", id="quote").text.removeprefix("\n") == sent.get("quote", "")
    assert waiting(article)


def test_a_decision_that_a_colleague_took_meanwhile_is_said(
    moderator: Client, article: Article, mark: Mark, robin: User, birch: User, read: Read
) -> None:
    mark(article, SPENT)
    revised(article, CHANGED, robin)
    one = waiting(article)
    let_go(one.pk, actor=birch)
    answer = settle(moderator, article, one, do="let-go")
    page = read(answer.content)
    assert answer.status_code == 409
    assert "Birch has decided this already: let go." in said(page)
    assert "Let go by Birch." in answer.content.decode()


def test_a_decision_about_an_older_text_shows_the_newest(
    moderator: Client, article: Article, mark: Mark, robin: User, read: Read
) -> None:
    mark(article, SPENT)
    seen = revised(article, CHANGED, robin)
    revised(article, CHANGED.replace("Tuesday", "Monday"), robin)
    answer = settle(moderator, article, waiting(article), places="3-7", revision=seen.pk)
    page = read(answer.content)
    assert answer.status_code == 409
    assert "The article has got revision 3 since you looked" in said(page)
    assert "Revision 3" in page.one("title").text


@pytest.mark.parametrize("sent", [{}, {"revision": "x"}, {"do": "let-go", "revision": ""}])
def test_a_decision_that_names_no_text_is_refused(
    moderator: Client, article: Article, mark: Mark, robin: User, sent: dict[str, str]
) -> None:
    mark(article, SPENT)
    revised(article, CHANGED, robin)
    address = at(article, "reattachments", waiting(article).pk)
    assert moderator.post(address, sent).status_code == 400
    assert waiting(article)


# ---------- older texts ----------


def test_an_older_text_is_read_with_its_marks(
    moderator: Client, article: Article, mark: Mark, robin: User, read: Read
) -> None:
    claim = mark(article, SPENT)
    revised(article, CHANGED, robin)
    revised(article, CHANGED.replace("Tuesday", "Monday"), robin)
    page = read(moderator.get(at(article, "revisions", 1, "text")).content)
    assert "Revision 1 of 3, not the newest." in page.one("p", class_="offline").text
    (shown,) = json.loads(page.one("script", id="marks").text)["marks"]
    assert TEXT[shown["start"] : shown["end"]] == SPENT
    assert page.one("a", data_claim=str(claim.pk))
    links = [one.attributes.get("href") for one in page.all("a")]
    for number in (1, 2, 3):
        assert at(article, "revisions", number, "text") in links
    assert at(article, "revisions", 2) in links
    assert not page.all("form")


def test_the_first_revision_changed_nothing_and_leads_to_its_text(
    moderator: Client, article: Article
) -> None:
    answer = moderator.get(at(article, "revisions", 1))
    assert answer["Location"] == at(article, "revisions", 1, "text")


def test_an_older_change_is_shown_without_anything_to_decide(
    moderator: Client, article: Article, mark: Mark, robin: User, read: Read
) -> None:
    mark(article, SPENT)
    revised(article, CHANGED, robin)
    revised(article, CHANGED.replace("Tuesday", "Monday"), robin)
    page = read(moderator.get(at(article, "revisions", 2)).content)
    assert [one.text for one in page.all("ins")] == ["13%"]
    assert not page.all("form")


# ---------- for whom ----------


def test_reviewers_read_and_have_nothing_to_press(
    client: Client, finch: User, article: Article, mark: Mark, maple: User, robin: User, read: Read
) -> None:
    claim = mark(article, SPENT)
    submit_verdict(claim.pk, judgement(), actor=maple)
    revised(article, CHANGED, robin)
    client.force_login(finch)
    answer = client.get(at(article, "revisions", 2))
    page = read(answer.content)
    assert "“12%” became “13%”." in answer.content.decode()
    assert not page.all("form")
    assert "verdict" not in page.one("p", class_="why").text  # blind: not even how many
    assert client.get(at(article, "revisions", 1, "text")).status_code == 200
    assert at(article, "revise") not in client.get(at(article)).content.decode()
    one = waiting(article)
    assert b"<form" not in client.get(at(article, "revisions", 2), {"place": str(one.pk)}).content
    assert client.get(at(article, "revise")).status_code == 403
    assert accept(client, article, "Another text.").status_code == 403
    assert settle(client, article, one, do="let-go").status_code == 403
    assert waiting(article)


def test_for_everybody_else_there_is_nothing(
    client: Client, stranger: User, article: Article, mark: Mark, robin: User
) -> None:
    mark(article, SPENT)
    revised(article, CHANGED, robin)
    pages = [
        at(article, "revise"),
        at(article, "revisions", 2),
        at(article, "revisions", 1, "text"),
    ]
    for address in pages:
        assert client.get(address)["Location"].startswith("/login/")
    client.force_login(stranger)
    for address in pages:
        assert client.get(address).status_code == 404
    assert accept(client, article, "Another text.").status_code == 404
    assert settle(client, article, waiting(article), do="let-go").status_code == 404


def test_what_is_not_there_is_not_found(
    moderator: Client, article: Article, other_article: Article
) -> None:
    for address in (
        at(article, "revisions", 2),
        at(article, "revisions", 0),
        at(article, "revisions", 7, "text"),
        at(other_article, "revisions", 1, "text"),
        at(article, "revisions", 99999999999999999999),
    ):
        assert moderator.get(address).status_code == 404, address
    missing = "01890000-0000-7000-8000-000000000000"
    answer = moderator.post(at(article, "reattachments", missing), {"revision": newest(article).pk})
    assert answer.status_code == 404


def test_moderators_find_the_way_from_the_workbench(moderator: Client, article: Article) -> None:
    page = moderator.get(at(article)).content.decode()
    assert at(article, "revise") in page
    assert at(article, "revisions", 1) in page


# ---------- much of it ----------


@pytest.mark.parametrize("marks", [1, 12])
def test_the_queries_do_not_grow_with_the_marks(
    moderator: Client, article: Article, finch: User, robin: User, marks: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    start = TEXT.index(SPENT)
    for n in range(marks):
        mark_claim(article.pk, start, start + len(SPENT) - n // 2, actor=finch)
    with django_assert_num_queries(6):
        moderator.post(at(article, "revise"), {"text": CHANGED})
    revised(article, CHANGED, robin)
    with django_assert_num_queries(7):
        moderator.get(at(article, "revisions", 2))
    with django_assert_num_queries(5):
        moderator.get(at(article, "revisions", 1, "text"))


def test_a_long_text_is_not_sent_whole_for_one_change(
    moderator: Client, article: Article, robin: User, mark: Mark, read: Read
) -> None:
    blocks = [f"Paragraph {n} says something that no other one says." for n in range(2000)]
    revised(article, "\n\n".join(blocks), robin)
    mark(article, "Paragraph 1000 says something")
    blocks[1500] = "Paragraph 1500 was rewritten."
    revised(article, "\n\n".join(blocks), robin)
    answer = moderator.get(at(article, "revisions", 3))
    page = read(answer.content)
    assert [one.text.strip() for one in page.all("summary", class_="fold")] == [
        "1500 unchanged blocks", "499 unchanged blocks",
    ]  # fmt: skip
    assert "1460 more blocks, the same in both." in answer.content.decode()
    assert len(answer.content) < 100_000
    assert Appearance.objects.filter(revision=newest(article)).count() == 1


def test_words_that_stand_where_all_else_changed_are_not_said_to_have_changed(
    moderator: Client, article: Article, finch: User, robin: User, read: Read
) -> None:
    words = "according to the chamber of commerce"
    start = TEXT.index(words)
    mark_claim(article.pk, start, start + len(words), actor=finch)
    text = TEXT.replace("Café prices doubled 🇺🇦🇵🇱 in the same year, ", "Rents fell by a third, ")
    text = text.replace("the chamber of commerce.", "the chamber of commerce, in all of the city.")
    revised(article, text, robin)
    page = read(moderator.get(at(article, "revisions", 2)).content)
    assert "Surroundings changed" in page.one("main").text
    assert "Text changed" not in page.one("main").text
