"""Articles in other scripts: what is selected is what is marked, and the page is set for them."""

import unicodedata

import pytest
from playwright.sync_api import expect

from annotations.actions.articles import import_article
from annotations.models import Appearance, Article, Project, User
from annotations.rules.graphemes import widened
from tests.browser.workbench.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Language, text, the words to drag over, and what W, W, ] takes from the second block.
TEXTS = [
    pytest.param(
        "ar",
        "ارتفاع الأسعار\n\nقال الوزير إن الأسعار ارتفعت بنسبة 12% في عام 2024، وفق GDP الرسمي.",
        "الأسعار ارتفعت بنسبة 12%",
        "قال الوزير",
        id="Arabic",
    ),
    pytest.param(
        "he",
        "מחירים\n\nהמחירים עלו ב-12% בשנת 2024, אמר השר.",
        "עלו ב-12% בשנת",
        "המחירים עלו",
        id="Hebrew",
    ),
    pytest.param(
        "ja",
        "値上げ\n\n𠮷野家は牛丼を値上げした。来月から500円になる。",
        "牛丼を値上げした",
        "𠮷野家は",
        id="Japanese",
    ),
    pytest.param(
        "zh", "物价上涨\n\n去年物价上涨了百分之四。", "物价上涨了", "去年物价", id="Chinese"
    ),
    pytest.param(
        "hi",
        "मूल्य वृद्धि\n\nअनुच्छेद 370 हटाया गया, मंत्री ने कहा।",
        "370 हटाया गया",
        "अनुच्छेद 370",
        id="Hindi",
    ),
    pytest.param(
        "en",
        "Family cut\n\nThe 👨‍👩‍👧‍👦 tax cut 🇺🇦🇵🇱 cost 4% — cafe\u0301 owners said.",
        "tax cut 🇺🇦🇵🇱 cost",
        "The tax",
        id="emoji",
    ),
]


@pytest.fixture
def article(request: pytest.FixtureRequest, project: Project, robin: User) -> Article:
    language, text = request.getfixturevalue("language"), request.getfixturevalue("text")
    return import_article(project.pk, actor=robin, text=text, language=language, slug="elsewhere")


@pytest.mark.parametrize(("language", "text", "dragged", "stepped"), TEXTS)
def test_words_dragged_over_are_the_quote_exactly(
    language: str, text: str, dragged: str, stepped: str, bench: Open, article: Article, finch: User
) -> None:
    at = bench(article, finch)
    at.drag(dragged)
    at.page.get_by_role("button", name="Mark claim").click()
    expect(at.panel.get_by_label("Statement")).to_have_value(dragged)
    at.keys("Control+Enter")
    expect(at.heading).to_have_text("Claim 1")
    mark = Appearance.objects.get()
    assert mark.quote == dragged
    assert mark.start == text.index(dragged)


@pytest.mark.parametrize(("language", "text", "dragged", "stepped"), TEXTS)
def test_words_taken_with_keys_are_the_quote_exactly(
    language: str, text: str, dragged: str, stepped: str, bench: Open, article: Article, finch: User
) -> None:
    at = bench(article, finch)
    # The headline's sentence, then the next one's first word and one more.
    at.keys("s", "s", "w", "]", "m")
    expect(at.panel.get_by_label("Statement")).to_be_focused()
    at.keys("Control+Enter")
    expect(at.heading).to_have_text("Claim 1")
    mark = Appearance.objects.get()
    body = text.index("\n\n") + 2
    assert mark.start == body
    assert mark.quote == text[mark.start : mark.end]
    if language != "en":
        assert stepped.startswith(mark.quote)  # where Japanese words end is a matter of opinion
    # No character of a reader is cut in two.
    after = text[mark.end : mark.end + 1]
    assert not after or not unicodedata.combining(after)


@pytest.mark.parametrize(("language", "text", "dragged", "stepped"), TEXTS)
def test_characters_taken_with_keys_are_whole_ones(
    language: str, text: str, dragged: str, stepped: str, bench: Open, article: Article, finch: User
) -> None:
    at = bench(article, finch)
    on, back = ("Left", "Right") if language in ("ar", "he") else ("Right", "Left")
    # The second character of the second block; three more, one less; and the first one too.
    at.keys("s", "s", "c", "c", *[f"Shift+Arrow{on}"] * 3, f"Shift+Arrow{back}")
    at.keys(f"Alt+Shift+Arrow{back}", "m")
    expect(at.panel.get_by_label("Statement")).to_be_focused()
    at.keys("Control+Enter")
    expect(at.heading).to_have_text("Claim 1")
    mark = Appearance.objects.get()
    start = end = text.index("\n\n") + 2
    for _ in range(4):
        _, end = widened(text, end, end + 1)
    assert (mark.start, mark.quote) == (start, text[start:end].rstrip())


@pytest.mark.parametrize(("language", "text", "dragged", "stepped"), [TEXTS[0], TEXTS[1]])
def test_a_text_from_right_to_left_has_its_numbers_on_the_right(
    language: str, text: str, dragged: str, stepped: str, bench: Open, article: Article, finch: User
) -> None:
    at = bench(article, finch)
    at.drag(dragged)
    pop, words = at.page.locator(".pop").bounding_box(), at.page.locator(".text").bounding_box()
    assert pop
    assert words
    assert pop["y"] < at.boxes(dragged)[0]["y"]
    at.keys("m")
    expect(at.panel.get_by_label("Statement")).to_be_focused()
    at.keys("Control+Enter")
    expect(at.heading).to_have_text("Claim 1")
    number = at.page.locator(".gutter a").bounding_box()
    assert number
    assert number["x"] >= words["x"] + words["width"] - 1
    headline = at.page.locator(".text h1")
    assert headline.evaluate("(h) => getComputedStyle(h).letterSpacing") == "normal"
    assert headline.evaluate("(h) => getComputedStyle(h).direction") == "rtl"
    expect(at.page.locator("html")).to_have_attribute("dir", "ltr")
    for part in (".statement", ".row .q"):
        assert at.page.locator(part).evaluate("(el) => getComputedStyle(el).direction") == "rtl"


@pytest.mark.parametrize(("language", "text", "dragged", "stepped"), [TEXTS[2], TEXTS[4]])
def test_other_scripts_take_no_letter_spacing(
    language: str, text: str, dragged: str, stepped: str, bench: Open, article: Article, finch: User
) -> None:
    at = bench(article, finch)
    spacing = "(h) => getComputedStyle(h).letterSpacing"
    assert at.page.locator(".text h1").evaluate(spacing) == "normal"
