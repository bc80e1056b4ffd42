"""A page around a text, served with our static files and our policy: no Django, no database."""

import html
import mimetypes
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "annotations" / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
SHEETS = ["tokens", "base", "text", "controls", "workbench", "public", "print"]
Block = dict[str, Any]
Open = Callable[..., Page]


class Site(ThreadingHTTPServer):
    """Static files under /static/, and the pages a test has put in."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.pages: dict[str, str] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    """One file or one page."""

    server: Site

    def do_GET(self) -> None:  # noqa: N802 (the name http.server calls)
        path = self.path.partition("?")[0]
        file = STATIC / path.removeprefix("/static/")
        if path == "/drive.js":
            self.send((Path(__file__).parent / "drive.js").read_bytes(), "text/javascript")
        elif path in self.server.pages:
            self.send(self.server.pages[path].encode(), "text/html; charset=utf-8")
        elif path.startswith("/static/") and file.is_file():
            self.send(file.read_bytes(), mimetypes.guess_type(path)[0] or "font/woff2")
        else:
            self.send_error(404)

    def send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        if self.path.startswith("/static/"):
            self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (as inherited)
        """Say nothing: the tests say what matters."""


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    server = Site()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def base_url(site: Site) -> str:
    """In place of pytest-base-url's own fixture, which pytest 9 warns about."""
    return site.address


def article(blocks: list[Block], lang: str = "en", direction: str = "ltr") -> str:
    """Blocks as the templates set them: text and nothing else between the tags."""
    at = 0
    parts = []
    for block in blocks:
        tag, text = block.get("tag", "p"), block["text"]
        kind = ' class="furniture"' if block.get("furniture") else ""
        body = block.get("html") or html.escape(text)
        parts.append(f'<{tag}{kind} data-start="{at}" data-end="{at + len(text)}">{body}</{tag}>')
        at += len(text) + 2
    body = "\n".join(parts)
    return f'<article class="text" lang="{lang}" dir="{direction}">\n{body}\n</article>'


def page_around(body: str, *, head: str = "") -> str:
    sheets = "".join(
        f'<link rel="stylesheet" href="/static/annotations/css/{name}.css">' for name in SHEETS
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Text</title>'
        f'<link rel="icon" href="/static/annotations/favicon.svg">'
        f"{sheets}<script src='/drive.js'></script>{head}</head><body>{body}</body></html>"
    )


@pytest.fixture(scope="session")
def tab(browser: Browser) -> Iterator[Page]:
    """One tab for all tests: every test opens its own page in it, which is ten times quicker."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    """The tab as new: the desktop's size, nothing stored."""
    tab.set_viewport_size({"width": 1440, "height": 900})
    yield tab
    tab.evaluate("() => localStorage.clear()")
    tab.goto("about:blank")
    tab.emulate_media()


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the page's console said in anger: refused by the policy, thrown, not found."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            heard.append(message.text)

    def fall(error: Error) -> None:
        heard.append(str(error))

    page.on("console", hear)
    page.on("pageerror", fall)
    yield heard
    page.remove_listener("console", hear)
    page.remove_listener("pageerror", fall)


@pytest.fixture
def open_body(page: Page, site: Site, complaints: list[str]) -> Iterator[Open]:
    """Open a page with this body; a complaint the test has not taken out of the list fails it."""

    def show(body: str, *, head: str = "") -> Page:
        site.pages["/page"] = page_around(body, head=head)
        page.goto(f"{site.address}/page")
        return page

    yield show
    assert complaints == []


@pytest.fixture
def open_text(open_body: Open) -> Open:
    """Open an article of these blocks; `text` is the ArticleText over it."""

    def show(blocks: list[Block], *, around: str = "{}", head: str = "", **words: str) -> Page:
        galley = f'<div class="galley">{article(blocks, **words)}</div>'
        main = f'<main class="scroll" tabindex="0">{galley}</main>'
        page = open_body(around.format(main), head=head)
        page.evaluate(
            """async () => {
              const { ArticleText } = await import('/static/annotations/js/text.js');
              window.text = new ArticleText(document.querySelector('article'));
            }"""
        )
        return page

    return show
