"""The moderator's whole job in a real browser: from the desk to a ruling that readers see."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from annotations.actions.claims import mark_claim
from annotations.actions.verdicts import submit_verdict
from annotations.models import Article, Claim, User
from annotations.rules.states import State
from annotations.rules.verdicts import EvidenceGiven, Judgement
from tests.browser.workbench.conftest import place, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SUMMARY = "The budget shows 12%, before inflation."
REASON = "Inflation explains most of it."


@pytest.fixture
def disputed(article: Article, finch: User, maple: User) -> Claim:
    at = place(article, "spent 12% more in 2024")
    claim = mark_claim(article.pk, *at, actor=finch, statement="The council spent 12% more.").claim
    for person, rating in ((finch, "true"), (maple, "misleading")):
        piece = EvidenceGiven(
            stance="supports",
            address="https://example.org/budget",
            publisher="Gazette",
            quote=f"So says {person}.",
        )
        submit_verdict(claim.pk, Judgement(rating, "The budget.", "high", (piece,)), actor=person)
    return claim


@pytest.fixture
def other(article: Article, finch: User) -> Claim:
    at = place(article, "We have never spent this much")
    return mark_claim(article.pk, *at, actor=finch, statement="It never spent this much.").claim


def state_of(claim: Claim) -> str:
    claim.refresh_from_db()
    return claim.state


def test_a_moderator_does_the_whole_job_with_the_mouse(
    page: Page, window: BrowserContext, base_url: str, robin: User, disputed: Claim, other: Claim,
    complaints: list[str],
) -> None:  # fmt: skip
    sign_in(window, base_url, robin)
    page.goto("/desk/")
    page.get_by_role("region", name="Waits for a ruling").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(disputed.statement)
    expect(page.get_by_role("region", name=re.compile("^Verdict of"))).to_have_count(2)

    # Without a reason the ruling is refused, and what was typed stays.
    page.get_by_role("checkbox").first.click()
    page.get_by_role("radio", name="Misleading").click()
    page.get_by_label("Summary").fill(SUMMARY)
    page.get_by_label("Reason for the choice").fill(" ")
    page.get_by_role("button", name="Publish ruling").click()
    expect(page.get_by_text("The reviewers disagreed")).to_be_visible()
    expect(page.get_by_label("Summary")).to_have_value(SUMMARY)
    assert state_of(disputed) == State.DISPUTED
    page.get_by_label("Reason for the choice").fill(REASON)
    page.get_by_role("button", name="Publish ruling").click()
    expect(page.get_by_text("The ruling is published.")).to_be_visible()
    assert state_of(disputed) == State.PUBLISHED

    # Another claim, on which nothing else can be done yet, is set aside and taken back.
    page.goto(f"/admin/annotations/claim/{other.pk}/change/")
    page.get_by_label("Opinion").click()
    page.get_by_role("button", name="Set aside").click()
    expect(page.get_by_role("button", name=re.compile("back"))).to_be_visible()
    assert state_of(other) == State.SET_ASIDE
    page.get_by_role("button", name=re.compile("back")).click()
    expect(page.get_by_text("Nobody has given a verdict yet")).to_be_visible()
    assert state_of(other) == State.MARKED

    # The console names the refusal, which was meant. Readers see the ruling.
    complaints[:] = [one for one in complaints if "status of 422" not in one]
    page.context.clear_cookies()
    page.goto(f"/claims/{disputed.pk}/")
    expect(page.get_by_text(SUMMARY).first).to_be_visible()
    expect(page.get_by_text(REASON)).to_have_count(0)


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the control has focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.and_(page.locator(":focus")).count():
            return
    raise AssertionError(f"Tab does not reach {target}")


def test_a_moderator_does_the_whole_job_with_keys_alone(
    page: Page, window: BrowserContext, base_url: str, robin: User, disputed: Claim, other: Claim
) -> None:
    sign_in(window, base_url, robin)
    page.goto("/desk/")
    tab_to(page, page.get_by_role("link", name=disputed.statement))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(disputed.statement)
    tab_to(page, page.get_by_role("checkbox", name="So says Finch."))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("radio", name="True", exact=True))
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_role("textbox", name="Summary"))
    page.keyboard.type(SUMMARY)
    tab_to(page, page.get_by_role("textbox", name="Reason for the choice"))
    page.keyboard.type(REASON)
    tab_to(page, page.get_by_role("button", name="Publish ruling"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("The ruling is published.")).to_be_visible()
    assert state_of(disputed) == State.PUBLISHED
    ruling = disputed.rulings.get()
    assert (ruling.rating and ruling.rating.slug, ruling.summary) == ("misleading", SUMMARY)

    page.goto(f"/admin/annotations/claim/{other.pk}/change/")
    tab_to(page, page.locator("[name=set_aside_reason]"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Set aside"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("back"))).to_be_visible()
    assert state_of(other) == State.SET_ASIDE


def test_no_mouse_is_used_in_the_job_with_keys() -> None:
    code = Path(__file__).read_text()
    body = code.split("def test_a_moderator_does_the_whole_job_with_keys_alone")[1]
    assert not re.search(
        r"\.(click|mouse|hover|tap|check|drag|fill|focus)\(", body.split("\ndef ")[0]
    )
