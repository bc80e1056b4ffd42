"""The real pages in a real Chromium: the site with a database of its own, and one browser for all.

`page` is a tab of the desktop's size; what its console says in anger fails the test.
`each_screen` takes it through phone and desktop, light and dark.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect
from pytest_django.live_server_helper import LiveServer

PATIENCE = 15_000  # milliseconds, for a page and for what is expected of it
expect.set_options(timeout=PATIENCE)

# Playwright keeps an event loop in this thread, and Django would refuse its database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = ((1440, 900), (390, 844))

Screens = Callable[[], Iterator[str]]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium, as `CHROMIUM` or the path names it."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    args: dict[str, Any] = {"headless": True, "args": FLAGS}
    return {**args, "executable_path": chromium} if chromium else args


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """In place of pytest-base-url's own fixture, which pytest 9 warns about."""
    return str(live_server.url)


@pytest.fixture(autouse=True)
def _quick_hashes(request: pytest.FixtureRequest) -> None:
    """Accounts are made for every test, and a slow hash for each would be most of its time."""
    if "live_server" in request.fixturenames:
        settings = request.getfixturevalue("settings")
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def window(browser: Browser, base_url: str) -> Iterator[BrowserContext]:
    """A browser as new: no cookie, nothing stored."""
    context = browser.new_context(base_url=base_url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the console said: refused by the policy, thrown, not found. Take out what is meant."""
    return []


@pytest.fixture
def page(window: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A tab; what it complains of fails the test."""
    page = window.new_page()

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.text} {message.location.get('url', '')}".strip())

    def fall(error: Error) -> None:
        complaints.append(str(error))

    page.on("console", hear)
    page.on("pageerror", fall)
    yield page
    assert complaints == []


@pytest.fixture
def page_without_scripts(browser: Browser, base_url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def each_screen(page: Page) -> Screens:
    """Set the tab to each size and theme in turn, and say which it is."""

    def turn() -> Iterator[str]:
        for width, height in SIZES:
            for theme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": height})
                page.emulate_media(
                    color_scheme="dark" if theme == "dark" else "light",
                    reduced_motion="reduce",  # axe looks at once, and not half way through a fade
                )
                yield f"{width} px, {theme}"

    return turn


@pytest.fixture
def sound(page: Page, each_screen: Screens, axe: Callable[[Page], list[str]]) -> Callable[[], None]:
    """Hold that the page as it stands fits every screen, and that axe finds nothing on any."""

    def check() -> None:
        found = {}
        for screen in each_screen():
            problems = axe(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                problems.append("wider than the screen")
            if problems:
                found[screen] = problems
        assert found == {}
        page.set_viewport_size({"width": 1440, "height": 900})

    return check


def tab_to(page: Page, selector: str, most: int = 120) -> None:
    """Press Tab until the focus is there."""
    for _ in range(most):
        if page.evaluate("(there) => document.activeElement.matches(there)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {selector}")


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What axe-core finds on a page: each rule that is broken, with where."""
    checker = Axe()

    def check(page: Page) -> list[str]:
        found = checker.run(page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['target']} {one['help']}" for one in found]

    return check
