"""Asking a publisher for a correction in a real browser, and what readers see of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from annotations.models import Article, PublisherCorrection, User
from tests.actions.given import claim_in, corrected, judged, marked, published
from tests.browser.conftest import tab_to
from tests.browser.workbench.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "An-extraordinarily-long-word-" * 8


def test_a_publisher_is_asked_and_its_answer_recorded_by_keys(
    page: Page, window: BrowserContext, base_url: str, article: Article, finch: User, maple: User,
    robin: User, sound: Callable[[], None], complaints: list[str],
) -> None:  # fmt: skip
    claim = claim_in("published", article, first=finch, second=maple, moderator=robin)
    sign_in(window, base_url, robin)
    page.goto(f"/claims/{claim.pk}/publisher/")
    tab_to(page, "#new-publisher")
    page.keyboard.type("The Courier")
    tab_to(page, "#new-asked")
    page.keyboard.insert_text(f"To give the figure of the budget. {LONG}")
    tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("#new-reached-r")).to_be_visible()
    expect(page.locator("#new-asked")).to_have_value(f"To give the figure of the budget. {LONG}")
    assert all("status of 4" in one for one in complaints)
    complaints.clear()
    sound()
    tab_to(page, "input[name=reached]")
    page.keyboard.press("Space")
    tab_to(page, "#new-asked_on")
    page.keyboard.type("04022025")
    tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_text("The request is noted.").wait_for()

    tab_to(page, ".requests summary")
    page.keyboard.press("Enter")
    tab_to(page, ".requests input[name=outcome]")
    page.keyboard.press("ArrowDown")
    tab_to(page, ".requests input[name=outcome_on]")
    page.keyboard.type("04092025")
    sound()
    tab_to(page, ".requests button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_text("The request is changed.").wait_for()
    one = PublisherCorrection.objects.get()
    assert (one.publisher, one.outcome, str(one.outcome_on)) == (
        "The Courier", "corrected", "2025-04-09",
    )  # fmt: skip

    window.clear_cookies()
    page.goto(f"/claims/{claim.pk}/")
    page.get_by_text("We asked The Courier for a correction").wait_for()
    sound()


def test_the_page_of_corrections_leads_to_each_ruling_before(
    page: Page, article: Article, finch: User, maple: User, robin: User,
    sound: Callable[[], None],
) -> None:  # fmt: skip
    claim_in("withdrawn", article, first=finch, second=maple, moderator=robin)
    long = marked(article, finch, "never spent", statement=f"The council never spent so {LONG}")
    published(judged(long, (finch, "true"), (maple, "true")), robin)
    corrected(long, robin)
    page.goto("/corrections/")
    expect(page.locator(".changes li")).to_have_count(2)
    sound()
    tab_to(page, f"a[href='/claims/{long.pk}/rulings/1/']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/claims/{long.pk}/rulings/1/")
    sound()
