"""The page of agreement in a real browser: every size and theme, by keys, and without scripts."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from annotations.models import Article, User
from tests.actions.given import judged, marked
from tests.browser.workbench.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATH = "/projects/council/agreement/"
WORDS = (
    "The city", "council spent", "12%", "more in", "2024", "the year", "before", "the mayor",
    "on Tuesday", "We have", "never spent", "on schools",
)  # fmt: skip


@pytest.fixture
def compared(article: Article, finch: User, maple: User) -> Article:
    """Twelve claims: two reviewers agree on nine."""
    for n, words in enumerate(WORDS):
        rating = ("true", "false", "misleading")[n % 3]
        other = "needs-context" if n < 3 else rating
        judged(marked(article, (finch, maple)[n % 2], words), (finch, rating), (maple, other))
    return article


def test_it_fits_every_screen_and_axe_finds_nothing(
    page: Page, window: BrowserContext, base_url: str, compared: Article, robin: User,
    each_screen: Callable[[], Iterator[str]], axe: Callable[[Page], list[str]],
) -> None:  # fmt: skip
    sign_in(window, base_url, robin)
    for screen in each_screen():
        page.goto(PATH)
        assert axe(page) == [], screen
        width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, screen


def test_a_pair_is_looked_at_by_keys_alone(
    page: Page, window: BrowserContext, base_url: str, compared: Article, robin: User
) -> None:
    sign_in(window, base_url, robin)
    page.goto(PATH)
    pair = page.get_by_role("link", name="Finch and Maple")
    pair.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Reviewers", exact=True)).to_have_value("Finch,Maple")
    page.get_by_label("From", exact=True).fill("2999-01-01")
    page.keyboard.press("Enter")
    expect(page.get_by_text("no claim here has two")).to_be_visible()
    expect(page.get_by_label("From", exact=True)).to_have_value("2999-01-01")


def test_everything_is_there_without_scripts(
    page_without_scripts: Page, base_url: str, compared: Article, robin: User
) -> None:
    page = page_without_scripts
    sign_in(page.context, base_url, robin)
    page.goto(PATH)
    expect(page.get_by_role("img", name="Alpha 0.")).to_be_visible()
    page.get_by_label("As they are now").check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("What each reviewer says now")).to_be_visible()
