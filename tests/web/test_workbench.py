"""The reviewer's page: what it holds, for whom, and in how many queries."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from annotations.actions.articles import import_article
from annotations.actions.claims import mark_claim
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import Appearance, Article, Claim, Project, User, Verdict
from annotations.rules.verdicts import Judgement

Read = Callable[[bytes | str], Any]
HTMX = {"HX-Request": "true"}


def bench(article: Article, *parts: object) -> str:
    return "/".join(["/workbench", article.slug, *map(str, parts), ""])


def place(article: Article, words: str) -> dict[str, int]:
    start = article.revisions.latest("number").text.index(words)
    return {"start": start, "end": start + len(words)}


def evidence(n: int = 0, **values: str) -> dict[str, str]:
    typed = {"stance": "supports", "address": "https://example.org/report", "quote": "It did."}
    return {"evidence": str(n)} | {
        f"evidence-{n}-{name}": value for name, value in (typed | values).items()
    }


@pytest.fixture
def claim(article: Article, finch: User) -> Claim:
    """A claim that Finch marked, without a verdict."""
    at = place(article, "spent 12% more")
    return mark_claim(article.pk, at["start"], at["end"], actor=finch).claim


@pytest.fixture
def bird(client: Client, finch: User) -> Client:
    """Finch's browser."""
    client.force_login(finch)
    return client


def test_the_page_holds_text_list_and_marks(
    bird: Client, article: Article, claim: Claim, read: Read
) -> None:
    page = read(bird.get(bench(article)).content)
    assert page.one("h1").text == "The council spends more than ever"
    assert [one.text for one in page.all("p", class_="furniture")] == ["Share"]
    assert page.one("a", data_claim=str(claim.pk)).attributes["href"] == bench(
        article, "claims", claim.pk
    )
    marks = json.loads(page.one("script", id="marks").text)["marks"]
    assert [(one["claim"], one["line"], one["judge"]) for one in marks] == [
        (str(claim.pk), "plain", True)
    ]


def test_the_words_of_the_blocks_are_the_text(bird: Client, article: Article, read: Read) -> None:
    text = article.revisions.latest("number").text
    page = read(bird.get(bench(article)).content)
    blocks = [one for one in page.elements if "data-start" in one.attributes]
    assert blocks
    for one in blocks:
        start, end = int(one.attributes["data-start"]), int(one.attributes["data-end"])
        assert one.text == text[start:end]


@pytest.mark.parametrize("claims", [0, 1, 30])
def test_opening_an_article_takes_four_queries_whatever_its_claims(
    claims: int,
    bird: Client,
    finch: User,
    article: Article,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(claims):
        made = mark_claim(article.pk, n, n + 3, actor=finch, claimant=f"Person {n}")
        save_draft(made.claim_id, Judgement(rating="true"), actor=finch)
    with django_assert_max_num_queries(4):
        answer = bird.get(bench(article))
    assert answer.content.count(b'class="row"') == claims


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("claimant", ["", "The mayor"])
def test_marking_takes_eight_queries(
    claimant: str,
    bird: Client,
    article: Article,
) -> None:
    sent = place(article, "spent 12% more") | {"statement": "It did.", "claimant": claimant}
    with CaptureQueriesContext(connection) as asked:
        answer = bird.post(bench(article, "marks"), sent, headers=HTMX)
    queries = [one["sql"] for one in asked if one["sql"] not in ("BEGIN", "COMMIT")]
    assert len(queries) <= 8, queries
    assert answer.status_code == 200
    assert b"It did." in answer.content


def test_a_marked_claim_is_shown_as_when_it_is_opened(
    bird: Client, article: Article, read: Read
) -> None:
    sent = place(article, "spent 12% more") | {"statement": "It did.", "claimant": "The mayor"}
    marked = bird.post(bench(article, "marks"), sent, headers=HTMX)
    opened = bird.get(bench(article, "claims", Claim.objects.get().pk), headers=HTMX)
    assert marked.headers["HX-Push-Url"] == bench(article, "claims", Claim.objects.get().pk)
    assert marked.headers["HX-Trigger"] == "claims-changed, claim-marked"

    def without_tokens(content: bytes) -> str:
        plain = re.sub(r'value="[A-Za-z0-9]{64}"|<span hidden.*?</span>', "", content.decode())
        return re.sub(r"\s+", " ", plain)

    assert without_tokens(marked.content) == without_tokens(opened.content)


def test_a_place_is_told_by_paragraph_and_characters(
    bird: Client, article: Article, claim: Claim
) -> None:
    at = claim.appearances.get()
    answer = bird.get(bench(article, "claims", claim.pk), headers=HTMX)
    assert f"Paragraph 1, characters {at.start} to {at.end}" in answer.content.decode()


def test_the_form_for_a_new_claim_is_filled_in_from_the_words(
    bird: Client, article: Article, read: Read
) -> None:
    page = read(bird.get(bench(article, "marks"), place(article, "spent 12% more")).content)
    assert page.one("textarea", id="statement").text == "spent 12% more"
    assert page.one("blockquote").text.strip() == "spent 12% more"


def test_rows_that_would_show_the_same_passage_say_what_is_claimed(
    bird: Client, article: Article, claim: Claim, finch: User, read: Read
) -> None:
    at = place(article, "spent 12% more")
    mark_claim(article.pk, at["start"], at["end"], actor=finch, statement="Another claim.")
    mark_claim(article.pk, 0, 11, actor=finch, statement="A statement.")
    page = read(bird.get(bench(article, "list"), headers=HTMX).content)
    assert [one.text for one in page.all("span", class_="q")] == [
        "The council",
        "spent 12% more",
        "Another claim.",
    ]


def test_the_form_for_words_that_are_marked_already_names_their_claims(
    bird: Client, article: Article, claim: Claim, finch: User, read: Read
) -> None:
    mark_claim(article.pk, 0, 3, actor=finch)
    at = place(article, "spent 12% more")
    page = read(bird.get(bench(article, "marks"), at, headers=HTMX).content)
    assert " ".join(page.one("div", id="h-same").text.split()).startswith(
        "These words are marked already: claim 2, spent 12% more Open it"
    )
    other = bird.get(bench(article, "marks"), at | {"end": at["end"] + 1}, headers=HTMX)
    assert b"marked already" not in other.content


def test_claimants_are_completed(bird: Client, article: Article, finch: User) -> None:
    mark_claim(article.pk, 0, 3, actor=finch, claimant="Vera Lind", claimant_role="Mayor")
    answer = bird.get(bench(article, "claimants"), {"claimant": "lin"}, headers=HTMX)
    assert '<option value="Vera Lind">Mayor</option>' in answer.content.decode()
    assert bird.get(bench(article, "claimants"), {"claimant": "\0"}).status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Leave it empty"),
        ("lin", "New claimant"),
        ("vera lind", "New claimant"),
        (" Vera Lind ", "Known claimant"),
        ("<i>", "New claimant"),
    ],
)
def test_a_claimant_that_is_new_is_said_to_be(
    typed: str, said: str, bird: Client, article: Article, finch: User, read: Read
) -> None:
    for name in ("Vera Lind", *(f"A{n}. Vera Lind" for n in range(30))):
        mark_claim(article.pk, 0, 3, actor=finch, claimant=name)
    page = read(bird.get(bench(article, "claimants"), {"claimant": typed}, headers=HTMX).content)
    assert page.one("p", id="h-claimant").text.startswith(said)
    assert page.all("i") == []


def test_a_verdict_is_drafted_submitted_and_revised(
    bird: Client, article: Article, claim: Claim, finch: User
) -> None:
    at = bench(article, "claims", claim.pk, "verdict")
    bird.post(at, {"do": "draft", "rationale": "So far."}, headers=HTMX)
    assert Verdict.objects.get().submitted_at is None
    given = {"do": "submit", "rating": "true", "rationale": "The report says so."} | evidence()
    answer = bird.post(at, given, headers=HTMX)
    assert answer.headers["HX-Trigger"] == "claims-changed, verdict-submitted"
    assert b"Revise" in answer.content
    answer = bird.post(at, given | {"rating": "mostly-true"}, headers=HTMX)
    page = answer.content.decode()
    assert "Your verdict, version 2" in page
    assert "Earlier versions of yours" in page
    assert list(Verdict.objects.order_by("version").values_list("rating__slug", flat=True)) == [
        "true",
        "mostly-true",
    ]


def test_a_draft_can_be_discarded(bird: Client, article: Article, claim: Claim) -> None:
    at = bench(article, "claims", claim.pk, "verdict")
    bird.post(at, {"do": "draft", "rationale": "So far."}, headers=HTMX)
    answer = bird.post(at, {"do": "discard"}, headers=HTMX)
    assert b"So far." not in answer.content
    assert not Verdict.objects.exists()


def test_a_mark_taken_back_can_be_made_again_with_all_its_places(
    bird: Client, article: Article, read: Read
) -> None:
    sent = place(article, "spent 12% more") | {
        "statement": "It did.",
        "claimant": "The mayor",
        "said_on": "2025-03-17",
        "kind": "numerical",
    }
    bird.post(bench(article, "marks"), sent, headers=HTMX)
    claim = Claim.objects.get()
    bird.post(
        bench(article, "claims", claim.pk, "passage"),
        place(article, "We have never spent this much"),
        headers=HTMX,
    )
    before = set(Appearance.objects.values_list("start", "end"))
    assert len(before) == 2
    answer = bird.post(bench(article, "claims", claim.pk, "unmark"), headers=HTMX)
    assert not Claim.objects.exists()
    again = json.loads(read(answer.content).one("script", id="again").text)
    bird.post(bench(article, "marks"), again, headers=HTMX)
    made = Claim.objects.get()
    assert set(Appearance.objects.values_list("start", "end")) == before
    assert (made.statement, made.kind, str(made.said_on)) == ("It did.", "numerical", "2025-03-17")
    assert str(made.claimant) == "The mayor"


def test_what_a_claim_says_can_be_changed(bird: Client, article: Article, claim: Claim) -> None:
    at = bench(article, "claims", claim.pk, "edit")
    assert b"spent 12% more" in bird.get(at, headers=HTMX).content
    bird.post(at, {"statement": "The council spent 12% more.", "kind": "numerical"}, headers=HTMX)
    claim.refresh_from_db()
    assert (claim.statement, claim.kind) == ("The council spent 12% more.", "numerical")


def test_a_reviewer_is_not_offered_to_change_the_mark_of_another(
    client: Client, maple: User, article: Article, claim: Claim
) -> None:
    client.force_login(maple)
    page = client.get(bench(article, "claims", claim.pk), headers=HTMX).content
    assert b"Remove mark" not in page
    assert b"Change" not in page
    answer = client.post(
        bench(article, "claims", claim.pk, "edit"), {"statement": "Mine now."}, headers=HTMX
    )
    assert answer.status_code == 403
    assert b"a moderator has to change it" in answer.content


def test_a_moderator_sees_every_verdict_and_the_way_to_the_ruling(
    client: Client, robin: User, finch: User, article: Article, claim: Claim
) -> None:
    words = "Nothing was found anywhere."
    submit_verdict(claim.pk, Judgement(rating="unproven", rationale=words), actor=finch)
    client.force_login(robin)
    page = client.get(bench(article, "claims", claim.pk)).content.decode()
    assert words in page
    assert f"/claims/{claim.pk}/adjudicate/" in page
    assert "Blind:" not in page


def test_the_tabs_show_what_is_left_and_what_is_ones_own(
    bird: Client, article: Article, claim: Claim, finch: User, robin: User
) -> None:
    other = mark_claim(article.pk, 0, 3, actor=robin).claim
    submit_verdict(claim.pk, Judgement(rating="unproven", rationale="Nothing found."), actor=finch)

    def shown(tab: str) -> set[str]:
        page = bird.get(bench(article, "list"), {"show": tab}, headers=HTMX).content.decode()
        return set(re.findall(r'class="row" href="[^"]*" data-n="\d+" data-claim="([^"]+)"', page))

    drafted = mark_claim(article.pk, 4, 9, actor=robin).claim
    save_draft(drafted.pk, Judgement(rationale="So far."), actor=finch)
    judged = mark_claim(article.pk, 4, 11, actor=robin).claim
    submit_verdict(judged.pk, Judgement(rating="unproven", rationale="Nothing."), actor=finch)
    assert shown("all") == {str(one.pk) for one in (claim, other, drafted, judged)}
    assert shown("to-judge") == {str(other.pk), str(drafted.pk)}
    assert shown("mine") == {str(one.pk) for one in (claim, drafted, judged)}
    assert shown("\0nonsense") == shown("all")
    page = bird.get(bench(article)).content.decode()
    assert page.count("Marked or judged by you") == 2, "the tab, and the help"


def test_the_legend_names_every_rating_and_does_not_rest_on_colour(
    bird: Client, article: Article
) -> None:
    page = bird.get(bench(article, "list"), headers=HTMX).content.decode()
    for name in ("True", "Misleading", "Unproven"):
        assert f"<b>{name}</b>" in page
    assert "Not rated by you" in page
    assert "Set aside" in page


def test_an_article_of_another_direction_is_set_in_it(
    bird: Client, project: Project, robin: User, read: Read
) -> None:
    made = import_article(project.pk, actor=robin, text="عنوان\n\nارتفعت الأسعار.", language="ar")
    page = read(bird.get(bench(made)).content)
    assert page.one("article", lang="ar").attributes["dir"] == "rtl"
    assert page.one("div", dir="rtl").attributes["class"] == "galley"
    assert page.one("html").attributes["dir"] == "ltr"


def test_a_question_is_shown_with_its_answer_and_what_was_typed_for_one_is_left_out_else(
    bird: Client, article: Article, claim: Claim, read: Read
) -> None:
    at, home = bench(article, "claims", claim.pk, "verdict"), bench(article, "claims", claim.pk)
    asked = {"address": "", "quote": "", "question": "Which month?", "answer": "Nobody says."}
    sent = {"do": "draft", "rating": "true", "rationale": "It says so."}
    bird.post(at, sent | evidence(0, form="question", **asked))
    page = read(bird.get(home).content)
    assert (page.one("p", class_="asked").text, page.one("p", class_="answered").text) == (
        "Which month?",
        "Nobody says.",
    )
    assert "checked" in page.all("input", name="evidence-0-form", value="question")[0].attributes
    based = {"based_on": page.all("input", name="based_on")[0].attributes["value"]}
    bird.post(at, sent | based | evidence(form="passage", question="Which?") | {"do": "submit"})
    assert not Verdict.objects.get().evidence.exclude(question="").exists()


def test_every_form_works_without_scripts(bird: Client, article: Article) -> None:
    answer = bird.post(bench(article, "marks"), place(article, "spent 12% more"))
    claim = Claim.objects.get()
    home = bench(article, "claims", claim.pk)
    assert answer.headers["Location"] == home
    edited = bird.post(bench(article, "claims", claim.pk, "edit"), {"statement": "It did."})
    assert edited.headers["Location"] == home
    at = bench(article, "claims", claim.pk, "verdict")
    more = bird.post(at, {"do": "add-evidence", "rationale": "Kept."}).content.decode()
    assert more.count('name="evidence-0-address"') == 1
    assert ">Kept.</textarea>" in more
    given = {"do": "submit", "rating": "true", "rationale": "It says so."} | evidence()
    assert bird.post(at, given).headers["Location"] == home
    assert b"Your verdict" in bird.get(home).content
    other = bird.post(bench(article, "marks"), place(article, "Café prices")).headers["Location"]
    assert bird.post(other + "unmark/").headers["Location"] == bench(article)


def test_the_seeded_article_opens_in_four_queries_for_everyone(
    client: Client,
    seeded: Project,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    article = Article.objects.get(project=seeded)
    for name in ("reviewer", "reviewer2", "moderator", "owner"):
        client.force_login(User.objects.get(username=name))
        with django_assert_max_num_queries(4):
            assert client.get(bench(article)).status_code == 200


def test_nothing_on_the_page_comes_from_elsewhere(client: Client, seeded: Project) -> None:
    client.force_login(User.objects.get(username="moderator"))
    article = Article.objects.get(project=seeded)
    for claim in Claim.objects.all():
        answer = client.get(bench(article, "claims", claim.pk))
        assert (
            re.findall(r"<[^>]*\ssrc(?:set)?=\"(?!/static/)[^\"]*", answer.content.decode()) == []
        )
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "http" not in policy
    assert settings.SECURE_REFERRER_POLICY == "same-origin"
