"""A signed-in tab on the workbench of an article, and what a hand does there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, expect

from annotations.models import Article, User

# Where a place of the text is drawn: the boxes of its first and of its last character.
BOXES = """([start, end]) => {
  const box = (code) => {
    const el = [...document.querySelectorAll('[data-start]')].find(
      ({ dataset }) => Number(dataset.start) <= code && code < Number(dataset.end));
    const node = el.firstChild;
    const before = [...node.data].slice(0, code - Number(el.dataset.start)).join('').length;
    const range = new Range();
    range.setStart(node, before);
    range.setEnd(node, before + String.fromCodePoint(node.data.codePointAt(before)).length);
    const { left, right, top, bottom } = range.getBoundingClientRect();
    return { left, right, y: (top + bottom) / 2, rtl: getComputedStyle(el).direction === 'rtl' };
  };
  const main = document.querySelector('#main');
  const { y } = box(start);
  const { top, height } = main.getBoundingClientRect();
  if (y < top + 80 || y > top + height * 0.3) main.scrollTop += y - top - 120;
  return [box(start), box(end - 1)];
}"""

HOLD = """(part) => {
  const { fetch } = window;
  const gate = new Promise((open) => { window.letGo = open; });
  window.fetch = async (address, ...more) => {
    if (address.includes(part)) await gate;
    return fetch(address, ...more);
  };
}"""


# Words are kept on the device only, so that no test depends on whether a pause was long enough
# for them to be saved; test_saved_by_itself.py is without it.
ON_THE_DEVICE_ALONE = """
const { fetch } = window;
window.fetch = (address, how) =>
  how?.body instanceof FormData && how.body.has("auto")
    ? Promise.reject(new TypeError("no network"))
    : fetch(address, how);
"""


def sign_in(context: BrowserContext, base_url: str, user: User) -> None:
    """The session of a person in the browser, as signing in would leave it."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base_url}])


def text_of(article: Article) -> str:
    return article.revisions.latest("number").text


def place(article: Article, words: str) -> tuple[int, int]:
    """Code points of the words' first place."""
    start = text_of(article).index(words)
    return start, start + len(words)


@dataclass
class Bench:
    """The workbench of an article in a tab."""

    page: Page
    article: Article

    @property
    def address(self) -> str:
        return f"/workbench/{self.article.slug}/"

    def open(self, rest: str = "") -> "Bench":
        self.page.goto(self.address + rest)
        # The modules have run once the numbers stand beside the lines and the help sheet is full.
        expect(self.page.locator("#keys dt").first).to_be_attached()
        return self

    @property
    def panel(self) -> Locator:
        return self.page.locator("#panel")

    @property
    def heading(self) -> Locator:
        return self.page.locator("#panel-h")

    @property
    def toast(self) -> Locator:
        return self.page.locator(".toast")

    def row(self, n: int) -> Locator:
        return self.page.locator(f".row[data-n='{n}']")

    @property
    def focused(self) -> Locator:
        return self.page.locator(":focus")

    def hold(self, part: str) -> None:
        """Keep back what the page asks for at such an address from now on, until `let_go`."""
        self.page.evaluate(HOLD, part)

    def let_go(self) -> None:
        self.page.evaluate("letGo()")

    def boxes(self, words: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(BOXES, list(place(self.article, words)))
        return found

    def drag(self, words: str) -> None:
        """Select the words with the mouse, from their first edge to their last."""
        first, last = self.boxes(words)
        begin, end = ("right", "left") if first["rtl"] else ("left", "right")
        inward = -1 if first["rtl"] else 1
        self.page.mouse.move(first[begin] + inward, first["y"])
        self.page.mouse.down()
        self.page.mouse.move((first[begin] + last[end]) / 2, last["y"], steps=4)
        self.page.mouse.move(last[end] - inward * 0.5, last["y"], steps=4)
        self.page.mouse.up()

    def click_on(self, words: str) -> None:
        """Click on the first of the words in the text."""
        box = self.boxes(words)[0]
        self.page.mouse.click((box["left"] + box["right"]) / 2, box["y"])

    def keys(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)


Open = Callable[..., Bench]


@pytest.fixture
def bench(page: Page, window: BrowserContext, base_url: str) -> Open:
    """Open an article's workbench as somebody, whose drafts do not save themselves."""
    window.add_init_script(ON_THE_DEVICE_ALONE)

    def show(article: Article, person: User, rest: str = "") -> Bench:
        sign_in(window, base_url, person)
        return Bench(page, article).open(rest)

    return show
