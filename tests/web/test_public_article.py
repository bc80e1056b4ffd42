"""A published article: its words to the letter, and a note for every checked passage."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from annotations.actions.articles import import_article
from annotations.actions.rulings import correct_ruling, withdraw_ruling
from annotations.models import Article, Claim, Evidence, Project, User

pytestmark = pytest.mark.django_db

Publish = Callable[..., Claim]
SPENT = "spent 12% more in 2024"
ADDRESS = "/articles/council-spends-more/"


def test_its_words_are_the_canonical_text_to_the_letter(
    client: Client, article: Article, publish: Publish, read: Callable[..., Any]
) -> None:
    publish(article, SPENT)
    text = article.revisions.get().text
    page = read(client.get(ADDRESS).content)
    blocks = [one for one in page.elements if "data-start" in one.attributes]
    assert len(blocks) == 6
    for block in blocks:
        start, end = int(block.attributes["data-start"]), int(block.attributes["data-end"])
        assert block.text == text[start:end]


def test_furniture_stays_and_is_greyed(
    client: Client, article: Article, publish: Publish, read: Callable[..., Any]
) -> None:
    publish(article, SPENT)
    page = read(client.get(ADDRESS).content)
    assert page.one("p", class_="furniture").text == "Share"
    assert page.one("p", class_="furniture end").text == "Leave a Reply"


def test_every_mark_has_a_note_that_says_everything(
    client: Client, article: Article, publish: Publish, read: Callable[..., Any]
) -> None:
    last = publish(article, "Café prices doubled", rating="false", summary="They rose by 4%.")
    first = publish(article, SPENT, statement="Spending rose by 12%.")
    page = read(client.get(ADDRESS).content)
    marks = json.loads(page.one("script", id="marks", type="application/json").text)["marks"]
    assert [(one["n"], one["line"]) for one in marks] == [(1, "true"), (2, "false")]
    text = article.revisions.get().text
    assert text[marks[1]["start"] : marks[1]["end"]] == "Café prices doubled"
    notes = page.all("li", class_="note")
    assert [one.attributes["id"] for one in notes] == ["note-1", "note-2"]
    assert "Spending rose by 12%." in notes[0].text
    assert [one.text for one in page.all("q", class_="of")] == [SPENT, "Café prices doubled"]
    assert "False" in notes[1].text
    assert "They rose by 4%." in notes[1].text
    links = [
        one.attributes["href"] for one in page.all("a") if "/claims/" in one.attributes["href"]
    ]
    assert links == [f"/claims/{first.pk}/", f"/claims/{last.pk}/"]


def test_a_mark_on_the_headline_has_its_note_under_it(
    client: Client, article: Article, publish: Publish, read: Callable[..., Any]
) -> None:
    publish(article, "more than ever")
    page = read(client.get(ADDRESS).content)
    assert "True" in page.one("ol", aria_label="Checks of the headline").text


def test_language_and_direction_are_the_articles(
    client: Client, project: Project, robin: User, publish: Publish, read: Callable[..., Any]
) -> None:
    arabic = import_article(
        project.pk,
        actor=robin,
        text="عنوان المقال\n\nارتفعت الأسعار.",
        language="ar",
        slug="arabic",
    )
    publish(arabic, "ارتفعت الأسعار")
    page = read(client.get("/articles/arabic/").content)
    texts = page.all("div", class_="text")
    assert {(one.attributes["lang"], one.attributes["dir"]) for one in texts} == {("ar", "rtl")}
    assert page.one("h1").attributes["dir"] == "rtl"


def test_a_corrected_passage_says_since_when(
    client: Client, article: Article, publish: Publish, robin: User
) -> None:
    claim = publish(article, SPENT)
    evidence = Evidence.objects.filter(verdict__claim=claim).values_list("pk", flat=True)
    correct_ruling(
        claim.pk,
        actor=robin,
        rating="misleading",
        summary="The year before was cut short.",
        evidence=list(evidence),
        note="We had read the wrong column.",
        correction="rating_changed",
    )
    content = client.get(ADDRESS).content.decode()
    assert "Corrected" in content
    assert "The year before was cut short." in content
    assert "The report bears it out." not in content


def test_what_has_nothing_published_is_not_there(
    client: Client, article: Article, publish: Publish, mark: Publish, robin: User
) -> None:
    assert client.get(ADDRESS).status_code == 404
    mark(article, "Café prices doubled")
    assert client.get(ADDRESS).status_code == 404
    claim = publish(article, SPENT)
    assert client.get(ADDRESS).status_code == 200
    withdraw_ruling(claim.pk, actor=robin, note="It was judged on the wrong year.")
    assert client.get(ADDRESS).status_code == 404


def test_it_takes_four_queries_at_most_however_many_claims(
    client: Client, article: Article, publish: Publish, django_assert_max_num_queries: Any
) -> None:
    for words in (SPENT, "never spent this much", "Café prices doubled", "the mayor said"):
        publish(article, words)
    with django_assert_max_num_queries(4):
        client.get(ADDRESS)


def test_a46_an_override_is_shown_by_its_name_and_offsets_hold(
    client: Client, project: Project, robin: User, publish: Publish, read: Callable[..., Any]
) -> None:
    text = "A headline of its own\n\nThe price is \u202e001\u202c euros, they\u200b said."
    made = import_article(project.pk, actor=robin, text=text, slug="override")
    publish(made, "The price is", statement="It costs \u202e001\u202c euros.")
    page = read(client.get("/articles/override/").content)
    names = [one.attributes["data-name"] for one in page.all("bdi", class_="unseen")]
    assert names == ["RLO", "PDF", "ZWSP"]
    assert next(one for one in page.all("p") if "data-start" in one.attributes).text == text[23:]
    claim = read(client.get(f"/claims/{Claim.objects.get().pk}/").content)
    assert "RLO" in [one.attributes["data-name"] for one in claim.all("bdi")]
