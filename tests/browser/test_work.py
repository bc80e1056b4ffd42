"""Work that is lent, in a real browser: a reviewer's claim from the queue, a moderator's pages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from annotations.actions.assignments import skip, take_next
from annotations.actions.gold import set_gold
from annotations.models import Article, Assignment, User
from tests.actions.given import marked
from tests.browser.conftest import tab_to
from tests.browser.workbench.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "A-word-of-the-statement-that-nobody-ever-wrote-" * 6


def test_a_claim_is_taken_from_the_queue_and_given_back_by_keys(
    page: Page, window: BrowserContext, base_url: str, article: Article, maple: User, finch: User,
    sound: Callable[[], None],
) -> None:  # fmt: skip
    claim = marked(article, maple)
    sign_in(window, base_url, finch)
    page.goto("/desk/")
    page.keyboard.press("n")
    page.wait_for_url(f"**/claims/{claim.pk}/")
    page.goto("/desk/")
    sound()
    tab_to(page, "form[action$='/give-back/'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("In hand")).to_have_count(0)
    assert Assignment.objects.get().how == "given_back"


def test_a_moderator_lends_moves_and_takes_back_by_keys(
    page: Page, window: BrowserContext, base_url: str, article: Article, finch: User, maple: User,
    robin: User, sound: Callable[[], None], complaints: list[str],
) -> None:  # fmt: skip
    first = marked(article, maple, statement=f"The city spent {LONG}")
    other = marked(article, maple, "never spent", statement=LONG)
    take_next(article.project_id, actor=finch)
    skip(other.pk, "other", actor=maple, note=LONG, for_all=True)
    sign_in(window, base_url, robin)
    page.goto("/projects/council/work/")
    sound()
    tab_to(page, "#thing")
    page.locator("#thing").select_option(str(first.pk))
    tab_to(page, "#reviewer")
    page.keyboard.type("Finch")
    tab_to(page, "#hours")
    page.keyboard.type("8 hours")
    tab_to(page, "button[value=assign]")
    page.keyboard.press("Enter")
    expect(page.locator("#p-reviewer")).to_have_text("Finch has it already.")
    expect(page.locator("#hours")).to_have_value("8")
    assert all("status of 4" in one for one in complaints)
    complaints.clear()
    sound()
    tab_to(page, "button[value=hold-back]")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Out of the queue").wait_for()
    tab_to(page, "button[value=take-back]")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing is lent now.").wait_for()
    sound()
    assert Assignment.objects.get().how == "taken_back"


def test_a_gold_item_is_made_and_unmade_by_keys(
    page: Page, window: BrowserContext, base_url: str, article: Article, maple: User, robin: User,
    sound: Callable[[], None], complaints: list[str],
) -> None:  # fmt: skip
    claim = marked(article, maple)
    set_gold(marked(article, maple, "never spent").pk, "false", LONG, actor=robin)
    sign_in(window, base_url, robin)
    page.goto(f"/projects/council/gold/?claim={claim.pk}")
    tab_to(page, "#rating")
    page.keyboard.type("Misleading")
    tab_to(page, "button[value=set]")
    page.keyboard.press("Enter")
    expect(page.locator("#p-explanation")).to_be_visible()
    expect(page.locator("#rating")).to_have_value("misleading")
    assert all("status of 4" in one for one in complaints)
    complaints.clear()
    sound()
    tab_to(page, "#explanation")
    page.keyboard.type("The budget says so.")
    tab_to(page, "button[value=set]")
    page.keyboard.press("Enter")
    expect(page.locator("button[value=unset]")).to_have_count(2)
    tab_to(page, "button[value=unset]")
    page.keyboard.press("Enter")
    expect(page.locator("button[value=unset]")).to_have_count(1)
