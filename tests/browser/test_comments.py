"""Comments on a claim in a real browser: a long thread, answered and cleaned up by keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from annotations.actions.comments import comment
from annotations.models import Article, Comment, User
from tests.actions.given import judged, marked
from tests.browser.conftest import tab_to
from tests.browser.workbench.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "https://maps.example/" + "a" * 300


def test_a_comment_is_answered_and_another_removed_by_keys(
    page: Page, window: BrowserContext, base_url: str, article: Article, finch: User, maple: User,
    robin: User, sound: Callable[[], None], complaints: list[str],
) -> None:  # fmt: skip
    claim = judged(marked(article, finch), (finch, "true"), (maple, "false"))
    asked = comment(claim.pk, "Which of the two tables?", actor=finch)
    for n in range(30):
        comment(claim.pk, f"{n}: {LONG}", actor=maple, parent=asked.pk)
    sign_in(window, base_url, robin)
    page.goto(f"/claims/{claim.pk}/adjudicate/")
    sound()
    page.locator(f"#say-comment-{asked.pk}").locator("xpath=ancestor::details/summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("   ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#p-comment")).to_be_visible()
    assert all("status of 4" in one for one in complaints)
    complaints.clear()
    tab_to(page, f"#say-comment-{asked.pk}", most=300)
    page.keyboard.type("The second, by month.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("paragraph").filter(has_text="The second, by month.").wait_for()

    tab_to(page, f"#comment-{asked.pk} summary")
    page.keyboard.press("Enter")
    tab_to(page, f"#why-{asked.pk}")
    page.keyboard.type("Names a private person.")
    page.keyboard.press("Enter")
    page.get_by_text("Removed by Robin.").wait_for()
    asked.refresh_from_db()
    assert asked.removed_because == "Names a private person."
    assert Comment.objects.count() == 32
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
