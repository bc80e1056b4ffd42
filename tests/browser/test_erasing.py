"""Erasing a person in a real browser: nobody goes by a slip of the hand."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from annotations.models import Project, User
from tests.browser.conftest import tab_to
from tests.browser.workbench.conftest import sign_in
from tests.conftest import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_person_is_erased_by_keys_once_the_pseudonym_is_right(
    page: Page, window: BrowserContext, base_url: str, project: Project, finch: User,
    sound: Callable[[], None], complaints: list[str],
) -> None:  # fmt: skip
    keeper = person("keeper", "Yew", staff=True)
    keeper.is_superuser = True
    keeper.save()
    sign_in(window, base_url, keeper)
    page.goto(f"/admin/annotations/user/{finch.pk}/change/")
    tab_to(page, "#erase-pseudonym")
    page.keyboard.type("Finsh")
    page.keyboard.press("Enter")
    page.get_by_text("This is not the pseudonym of the account.").wait_for()
    expect(page.locator("#erase-pseudonym")).to_have_value("Finsh")
    assert all("status of 4" in one for one in complaints)
    complaints.clear()
    sound()
    tab_to(page, "#erase-pseudonym")
    page.keyboard.press("Control+a")
    page.keyboard.type("Finch")
    tab_to(page, "form[action$='/erase/'] button")
    page.keyboard.press("Enter")
    page.get_by_text("The person is erased. Verdicts and rulings stay.").wait_for()
    finch.refresh_from_db()
    assert finch.erased_at is not None
    assert page.get_by_text("Erase this person").count() == 0
    sound()
