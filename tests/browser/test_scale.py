"""The scale of ratings in a real browser: one is added, and another retires for it, by keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from annotations.models import Project, Rating, User
from tests.browser.conftest import tab_to
from tests.browser.workbench.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_rating_is_added_and_another_retires_for_it_by_keys(
    page: Page, window: BrowserContext, base_url: str, project: Project, birch: User,
    sound: Callable[[], None], complaints: list[str],
) -> None:  # fmt: skip
    sign_in(window, base_url, birch)
    page.goto(f"/admin/annotations/project/{project.pk}/change/")
    tab_to(page, "a[href*='rating/add']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rating/add/*")
    tab_to(page, "input[name=name]")
    page.keyboard.type("Half true")
    tab_to(page, "input[name=slug]")
    page.keyboard.type("half-true")
    tab_to(page, "input[name=value]")
    page.keyboard.type("2.5")
    page.keyboard.press("Enter")
    page.get_by_text("Choose how the rating looks.").wait_for()
    expect(page.locator("input[name=name]")).to_have_value("Half true")
    assert all("status of 4" in one for one in complaints)
    complaints.clear()
    sound()
    tab_to(page, "input[name=definition]")
    page.keyboard.type("As much is right as wrong.")
    tab_to(page, "input[name=look]")
    page.keyboard.press("Space")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_text("Rating added.").wait_for()
    half = Rating.objects.get(project=project, slug="half-true")
    assert half.look == "needs-context"

    page.goto(f"/admin/annotations/project/{project.pk}/change/")
    old = Rating.objects.get(project=project, slug="misleading")
    tab_to(page, f"a[href*='{old.pk}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{old.pk}/change/")
    tab_to(page, "select[name=replaced_by]")
    page.keyboard.type("Half")
    sound()
    tab_to(page, "form[action$='/retire/'] button")
    page.keyboard.press("Enter")
    page.get_by_text("The rating is retired.").wait_for()
    old.refresh_from_db()
    assert old.replaced_by == half
    sound()
