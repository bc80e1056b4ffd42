"""Webhooks in a real browser: an owner sets one up, tries it, looks at what came of it, by keys."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from annotations.models import Project, User, Webhook
from tests.browser.conftest import tab_to
from tests.browser.workbench.conftest import sign_in
from tests.hooks import worked
from tests.receiver import Receiver, receiving

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "a-path-that-nobody-would-ever-have-thought-of-" * 6


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOKS_TO_LOOPBACK = True
    with receiving() as made:
        yield made


def test_an_owner_sets_a_webhook_up_tries_it_and_switches_it_off_by_keys(
    page: Page, window: BrowserContext, base_url: str, project: Project, birch: User,
    receiver: Receiver, sound: Callable[[], None], complaints: list[str],
) -> None:  # fmt: skip
    receiver.status, receiver.body = 500, f"<b>{LONG}</b>".encode()
    sign_in(window, base_url, birch)
    page.goto("/desk/")
    tab_to(page, "a[href$='/webhooks/']")
    page.keyboard.press("Enter")
    page.get_by_text("Nobody is told yet.").wait_for()
    tab_to(page, "#address")
    page.keyboard.insert_text(f"{receiver.address}?{LONG}")
    tab_to(page, "button[value=make]")
    page.keyboard.press("Enter")
    expect(page.locator("#p-kinds")).to_be_visible()
    assert all("status of 4" in one for one in complaints)
    complaints.clear()
    sound()
    tab_to(page, "input[value='ruling.published']")
    page.keyboard.press("Space")
    tab_to(page, "button[value=make]")
    page.keyboard.press("Enter")
    expect(page.locator("code.secret")).to_contain_text("whsec_")
    sound()

    tab_to(page, "button[value=test]")
    page.keyboard.press("Enter")
    page.get_by_text("A test is on its way.").wait_for()
    worked()
    page.reload()
    tab_to(page, "details summary")
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("<b>a-path")
    sound()
    tab_to(page, "button[value=off]")
    page.keyboard.press("Enter")
    page.get_by_text("An owner of the project switched it off.").wait_for()
    sound()
    assert not Webhook.objects.get().is_on
