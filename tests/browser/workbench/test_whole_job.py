"""The reviewer's whole job in a real browser: with the mouse, with keys alone, by touch."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FloatRect, Page, expect

from annotations.models import Appearance, Article, Claim, User, Verdict
from tests.browser.workbench.conftest import Bench, Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "spent 12% more in 2024"


def test_a_reviewer_does_the_whole_job_with_the_mouse(
    bench: Open, article: Article, finch: User
) -> None:
    at = bench(article, finch)
    page, panel = at.page, at.panel

    # Words become a claim.
    at.drag(WORDS)
    page.get_by_role("button", name="Mark claim").click()
    statement = panel.get_by_label("Statement")
    expect(statement).to_have_value(WORDS)
    expect(statement).to_be_focused()
    statement.fill("The council spent 12% more in 2024 than in 2023.")
    panel.get_by_role("radio", name="Numerical").click()
    panel.get_by_label("Said by").fill("The mayor")
    expect(panel.get_by_label("Said by")).to_have_accessible_description(
        "New claimant: nobody of this name is on the list yet."
    )
    panel.get_by_role("button", name="Mark claim").click()
    expect(at.toast).to_contain_text("Claim marked")
    expect(at.heading).to_have_text("Claim 1")
    claim = Claim.objects.get()
    assert Appearance.objects.get().quote == WORDS
    assert (claim.kind, str(claim.claimant)) == ("numerical", "The mayor")
    expect(at.row(1)).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile(f"/claims/{claim.pk}/$"))

    # The mark is taken back, and the taking back as well.
    at.toast.get_by_role("button", name="Undo").click()
    expect(at.toast).to_contain_text("Mark removed")
    expect(page.locator(".row")).to_have_count(0)
    at.toast.get_by_role("button", name="Undo").click()
    expect(at.row(1)).to_be_visible()
    expect(panel.locator(".statement")).to_have_text(claim.statement)

    # A verdict with two pieces of evidence: drafted, submitted, revised.
    panel.get_by_role("radio", name="Misleading").click()
    expect(panel.locator(".definition .on")).to_have_count(1)
    panel.get_by_label("Rationale").fill("The figure leaves out inflation.")
    expect(panel.get_by_text("32 characters")).to_be_visible()
    for n, address in enumerate(("https://example.org/budget", "https://example.org/prices")):
        panel.get_by_role("button", name="Add evidence").click()
        row = panel.locator("#evidence > li").nth(n)
        row.get_by_label("Address").fill(address)
        row.get_by_label("Passage, word for word").fill(f"Passage {n + 1}.")
        row.get_by_label("Publisher").fill(f"Gazette {n + 1}")
        row.get_by_label("Date").fill("2025-03-17")
        row.get_by_role("radio", name="Refutes").click()
    panel.get_by_role("button", name="Save draft").click()
    expect(at.toast).to_contain_text("Draft saved")
    expect(panel.locator(".kept")).to_contain_text(re.compile(r"Saved \d\d:\d\d"))
    expect(at.row(1)).to_contain_text("Misleading, draft")
    assert Verdict.objects.get().submitted_at is None
    panel.get_by_role("button", name="Submit verdict").click()
    expect(at.toast).to_contain_text("Verdict submitted")
    expect(panel.locator(".verdict .ev")).to_have_count(2)
    expect(at.row(1)).to_contain_text("In review")
    panel.get_by_role("link", name="Revise").click()
    panel.get_by_role("radio", name="Mostly true").click()
    panel.get_by_role("button", name="Submit new version").click()
    expect(panel.get_by_text("Your verdict, version 2")).to_be_visible()
    panel.get_by_text("Earlier versions of yours").click()
    expect(panel.locator("details.earlier .verdict")).to_contain_text("Misleading")

    # The claim is changed, gets a further passage, and is closed.
    panel.get_by_role("link", name="Change").click()
    panel.get_by_label("Statement").fill("The council spent 12% more.")
    panel.get_by_role("button", name="Save claim").click()
    expect(panel.locator(".statement")).to_have_text("The council spent 12% more.")
    at.drag("never spent this much")
    page.get_by_role("button", name="Add to claim 1").click()
    expect(panel.locator(".place")).to_have_count(2)
    expect(page.locator(".gutter a")).to_have_count(2)
    panel.get_by_role("link", name="Close the claim").click()
    expect(panel).to_contain_text("Open a claim from the list")
    expect(page).to_have_url(re.compile(f"{at.address}$"))
    at.click_on("never spent this much")
    expect(at.heading).to_have_text("Claim 1")


def test_a_reviewer_does_the_whole_job_with_keys_alone(
    bench: Open, article: Article, finch: User
) -> None:
    at = bench(article, finch)
    page, panel = at.page, at.panel

    # A sentence, one word less, becomes a claim.
    at.keys("s", "s", "{", "M")
    expect(panel.get_by_label("Statement")).to_be_focused()
    page.keyboard.type("City council spent 12% more in 2024 than in 2023.")
    at.keys("Tab", "ArrowRight", "Tab")
    expect(panel.get_by_label("Said by")).to_be_focused()
    page.keyboard.type("The mayor")
    at.keys("Control+Enter")
    expect(at.heading).to_have_text("Claim 1")
    expect(at.heading).to_be_focused()
    claim = Claim.objects.get()
    quote = Appearance.objects.get().quote
    assert quote.startswith("city council spent")
    assert quote.endswith("Tuesday.")
    assert (claim.kind, str(claim.claimant)) == ("numerical", "The mayor")

    # Undone, and the undoing undone.
    at.keys("Control+z")
    expect(page.locator(".row")).to_have_count(0)
    expect(at.heading).to_be_focused()
    at.keys("Control+z")
    expect(at.row(1)).to_be_visible()
    expect(at.heading).to_be_focused()

    # Rated, reasoned, with two pieces of evidence.
    at.keys("4")
    expect(panel.get_by_role("radio", name="Misleading")).to_be_checked()
    at.keys("r")
    page.keyboard.type("The figure leaves out inflation.")
    at.keys("Escape")
    for n, address in enumerate(("https://example.org/budget", "https://example.org/prices")):
        at.keys("e")
        page.keyboard.type(address)
        at.keys("Tab", "ArrowRight", "Tab", "Tab")
        page.keyboard.type(f"Passage {n + 1}.")
        at.keys("Tab")
        page.keyboard.type(f"Gazette {n + 1}")
        at.keys("Tab")
        page.keyboard.type("03172025")
        at.keys("Escape")
    at.keys("r", "Control+Enter")
    expect(panel.locator(".verdict .ev")).to_have_count(2)
    expect(at.heading).to_be_focused()
    given = Verdict.objects.get()
    assert given.submitted_at
    assert [(one.stance, one.quote, str(one.date)) for one in given.evidence.all()] == [
        ("refutes", "Passage 1.", "2025-03-17"),
        ("refutes", "Passage 2.", "2025-03-17"),
    ]

    # Revised.
    page.locator("#panel").get_by_role("link", name="Revise").focus()
    at.keys("Enter")
    expect(panel.get_by_role("button", name="Submit new version")).to_be_visible()
    at.keys("2", "Control+Enter")
    expect(panel.get_by_text("Your verdict, version 2")).to_be_visible()

    # Round the panes, through the claims, and out.
    at.keys("F6")
    expect(at.row(1)).to_be_focused()
    at.keys("F6")
    expect(page.locator("#main")).to_be_focused()
    at.keys("F6")
    expect(at.heading).to_be_focused()
    at.keys("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    at.keys("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(at.heading).to_be_focused()
    at.keys("Escape")
    expect(panel).to_contain_text("Open a claim from the list")
    expect(page.locator("#main")).to_be_focused()
    at.keys("j")
    expect(at.heading).to_have_text("Claim 1")
    expect(page.locator("#main")).to_be_focused()


def test_no_mouse_is_used_in_the_job_with_keys() -> None:
    code = Path(__file__).read_text()
    body = code.split("def test_a_reviewer_does_the_whole_job_with_keys_alone")[1].split("\ndef ")[
        0
    ]
    assert not re.search(r"\.(click|mouse|hover|tap|check|drag|fill|select_option)\b", body)


def test_a_reviewer_does_the_whole_job_by_touch(
    browser: Browser, base_url: str, article: Article, finch: User
) -> None:
    """A finger's selection is the browser's own; it is set as one, and all else is tapped."""
    context = browser.new_context(
        base_url=base_url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    sign_in(context, base_url, finch)
    page = context.new_page()
    at = Bench(page, article).open()
    panel = at.panel
    height = panel.bounding_box()
    assert height
    assert height["height"] < 100, "an empty panel leaves the text to be read"
    select(page, article, WORDS)
    page.get_by_role("button", name="Mark claim").tap()
    expect(panel.get_by_label("Statement")).to_have_value(WORDS)
    panel.get_by_role("button", name="Mark claim").tap()
    expect(at.heading).to_have_text("Claim 1")
    apart(at.toast.bounding_box(), panel.locator(".panel-foot").bounding_box())
    panel.get_by_role("radio", name="Unproven").tap()
    panel.get_by_label("Rationale").fill("Nothing was found.")
    kept = panel.locator(".kept")
    expect(kept).to_contain_text("Kept on this device")
    box = kept.bounding_box()
    assert box
    assert box["width"] < 80, "the head has room for the time alone"
    panel.get_by_role("button", name="Submit verdict").tap()
    expect(panel.get_by_text("Your verdict")).to_be_visible()

    # The panel folds away and comes back; the list comes in over the text.
    panel.get_by_role("button", name="Fold the panel away").tap()
    expect(panel.locator(".panel-body")).to_be_hidden()
    panel.get_by_role("button", name="Unfold the panel").tap()
    expect(panel.locator(".panel-body")).to_be_visible()
    panel.get_by_role("link", name="Close the claim").tap()
    expect(panel).to_contain_text("Open a claim from the list")
    page.get_by_role("button", name="Claims", exact=True).tap()
    at.row(1).tap()
    expect(at.heading).to_be_focused()
    expect(page.locator("#list")).to_be_hidden()
    assert Verdict.objects.get().submitted_at
    context.close()


def select(page: Page, article: Article, words: str) -> None:
    page.evaluate(
        """(words) => {
          const el = [...document.querySelectorAll('[data-start]')].find(
            ({ textContent }) => textContent.includes(words));
          const at = el.textContent.indexOf(words);
          getSelection().setBaseAndExtent(el.firstChild, at, el.firstChild, at + words.length);
        }""",
        words,
    )


def apart(one: FloatRect | None, other: FloatRect | None) -> None:
    """Two boxes of which one ends above where the other begins."""
    assert one
    assert other
    above, below = sorted((one, other), key=lambda box: box["y"])
    assert above["y"] + above["height"] <= below["y"]
