"""A verdict saves itself as a draft while it is written."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from annotations.actions.claims import mark_claim
from annotations.actions.verdicts import save_draft
from annotations.models import Article, Claim, User, Verdict
from annotations.rules.verdicts import Judgement
from tests.browser.workbench.conftest import Bench, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "Thought about for an hour."


@pytest.fixture
def claim(article: Article, finch: User) -> Claim:
    return mark_claim(article.pk, 42, 63, actor=finch).claim


@pytest.fixture
def at(
    page: Page, window: BrowserContext, base_url: str, article: Article, finch: User, claim: Claim
) -> Bench:
    sign_in(window, base_url, finch)
    return Bench(page, article).open(f"claims/{claim.pk}/")


@pytest.fixture
def elsewhere(browser: Browser, base_url: str, finch: User) -> Iterator[Callable[[str], Page]]:
    """The same person on another machine."""
    context = browser.new_context(base_url=base_url)
    sign_in(context, base_url, finch)

    def open_page(address: str) -> Page:
        page = context.new_page()
        page.goto(address)
        return page

    yield open_page
    context.close()


def saved(at: Bench) -> None:
    expect(at.panel.locator(".kept")).to_contain_text(re.compile(r"Saved \d\d:\d\d"))


def test_what_is_written_here_stands_on_another_machine_without_a_press(
    at: Bench, elsewhere: Callable[[str], Page], claim: Claim
) -> None:
    at.keys("4", "r")
    at.page.keyboard.type(WORDS)
    saved(at)
    there = elsewhere(f"{at.address}claims/{claim.pk}/")
    expect(there.get_by_label("Rationale")).to_have_value(WORDS)
    expect(there.get_by_role("radio", name="Misleading")).to_be_checked()
    draft = Verdict.objects.get()
    assert draft.submitted_at is None
    expect(at.panel.get_by_role("button", name="Discard")).to_be_visible()


def test_going_to_another_claim_saves_what_the_pause_was_too_short_for(
    at: Bench, article: Article, finch: User, claim: Claim
) -> None:
    at.keys("r")
    at.page.keyboard.type(WORDS)
    with at.page.expect_response(re.compile(r"/verdict/$")):
        at.keys("Escape", "Escape")
    at.page.reload()
    at.open(f"claims/{claim.pk}/")
    expect(at.panel.get_by_label("Rationale")).to_have_value(WORDS)
    assert Verdict.objects.get().rationale == WORDS


def test_a_verdict_submitted_while_it_saves_itself_is_taken(at: Bench) -> None:
    at.keys("6", "r")
    at.page.keyboard.type(WORDS)
    at.keys("Escape", "e")
    at.page.keyboard.type("https://example.org/budget")
    at.panel.get_by_role("radio", name="Refutes").check()
    at.hold("/verdict/")
    at.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    at.page.evaluate("dispatchEvent(new Event('online'))")  # what waits is sent now
    at.page.locator("#rationale").focus()
    at.keys("Control+Enter")
    at.let_go()
    expect(at.panel.get_by_text("Your verdict")).to_be_visible()
    verdict = Verdict.objects.get()
    assert (verdict.version, verdict.rationale) == (1, WORDS)
    assert verdict.submitted_at


def test_an_address_half_typed_is_not_saved_and_the_rest_is(at: Bench) -> None:
    at.keys("r")
    at.page.keyboard.type(WORDS)
    at.keys("Escape", "e")
    at.page.keyboard.type("https://example.o")
    with at.page.expect_response(re.compile(r"/verdict/$")) as answer:
        pass
    assert answer.value.status == 200
    draft = Verdict.objects.get()
    assert draft.rationale == WORDS
    assert not draft.evidence.exists()
    at.page.keyboard.type("rg/budget")
    at.keys("Tab")
    with at.page.expect_response(re.compile(r"/verdict/$")):
        at.panel.get_by_role("radio", name="Refutes").check()
    source = Verdict.objects.get().evidence.get().source
    assert source
    assert source.address == "https://example.org/budget"


def test_a_tab_that_was_overtaken_stops_and_compares_when_it_is_sent(
    at: Bench, finch: User, claim: Claim, complaints: list[str]
) -> None:
    at.keys("r")
    at.page.keyboard.type("First")
    saved(at)
    save_draft(claim.pk, Judgement("false", "Of the other tab.", "high"), actor=finch)
    at.page.keyboard.type(", and more.")
    expect(at.panel.locator(".kept")).to_contain_text("Changed in another tab")
    expect(at.panel.get_by_label("Rationale")).to_have_value("First, and more.")
    assert Verdict.objects.get().rationale == "Of the other tab."
    at.panel.get_by_role("button", name="Save draft").click()
    told = at.panel.get_by_role("region", name="Changed meanwhile")
    expect(told).to_be_visible()
    rationale = told.locator(".pair").filter(has_text="Rationale")
    expect(rationale.locator("dd")).to_have_text(
        ["First", "Of the other tab.", "First, and more."], use_inner_text=True
    )
    rationale.get_by_role("button", name="Take what it is now").click()
    expect(at.panel.get_by_label("Rationale")).to_have_value("Of the other tab.")
    at.panel.get_by_label("Rationale").fill("Both together.")
    at.panel.get_by_role("button", name="Save draft").click()
    expect(told).to_be_hidden()
    assert Verdict.objects.get().rationale == "Both together."
    complaints[:] = [one for one in complaints if "status of 409" not in one]


def test_without_a_network_the_words_wait_and_are_saved_when_it_is_back(
    at: Bench, window: BrowserContext, complaints: list[str]
) -> None:
    window.set_offline(True)
    at.keys("r")
    with at.page.expect_event("requestfailed"):
        at.page.keyboard.type(WORDS)
    expect(at.panel.locator(".kept")).to_contain_text("Kept on this device")
    window.set_offline(False)
    saved(at)
    assert Verdict.objects.get().rationale == WORDS
    complaints[:] = [one for one in complaints if "ERR_INTERNET_DISCONNECTED" not in one]
