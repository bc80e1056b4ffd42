"""Legal holds in a real browser: placed and lifted by an owner, met by a reader."""

import datetime
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from annotations.actions.holds import place_hold
from annotations.models import Article, LegalHold, User
from tests.actions.given import claim_in
from tests.browser.conftest import tab_to
from tests.browser.workbench.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Oberlandesgerichtspräsidentenstellvertreterin" * 3


def test_a_hold_is_placed_met_by_a_reader_and_lifted_by_keys(
    page: Page, window: BrowserContext, base_url: str, article: Article, finch: User, maple: User,
    robin: User, birch: User, sound: Callable[[], None], complaints: list[str],
) -> None:  # fmt: skip
    claim = claim_in("published", article, first=finch, second=maple, moderator=robin)
    sign_in(window, base_url, birch)
    page.goto(f"/admin/annotations/claim/{claim.pk}/change/")
    tab_to(page, f"a[href$='legalhold/add/?claim={claim.pk}']")
    page.keyboard.press("Enter")
    expect(page.locator(".on-what")).to_have_text(claim.statement)
    tab_to(page, "input[name=kind]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    tab_to(page, "input[name=authority]")
    page.keyboard.insert_text(LONG)
    page.keyboard.press("Enter")
    page.get_by_text("Readers are told when this was demanded. Give the day.").wait_for()
    expect(page.locator(".on-what")).to_have_text(claim.statement)
    expect(page.locator("input[name=authority]")).to_have_value(LONG)
    assert all("status of 4" in one for one in complaints)
    sound()
    tab_to(page, "input[name=ground]")
    page.keyboard.type("Interim injunction 4 O 12/26")
    tab_to(page, "input[name=ordered_on]")
    page.keyboard.type("02112026")
    tab_to(page, "textarea[name=notice]")
    page.keyboard.type("We have appealed.")
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_text("Legal hold added.").wait_for()
    hold = LegalHold.objects.get()
    assert (hold.claim, hold.kind) == (claim, "restrict")
    sound()
    page.goto("/admin/annotations/legalhold/")
    expect(page.get_by_text("in force")).to_be_visible()
    sound()

    window.clear_cookies()
    told = page.goto(f"/claims/{claim.pk}/")
    assert told is not None
    assert told.status == 451
    page.get_by_text("We have appealed.").wait_for()
    expect(page.locator(".mast .word")).to_be_visible()
    sound()

    sign_in(window, base_url, birch)
    page.goto(f"/admin/annotations/claim/{claim.pk}/change/")
    tab_to(page, f"a[href$='legalhold/{hold.pk}/change/']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{hold.pk}/change/")
    tab_to(page, "textarea[name=because]")
    page.keyboard.type("The court set it aside.")
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_text("The hold is lifted.").wait_for()
    window.clear_cookies()
    read = page.goto(f"/claims/{claim.pk}/")
    assert read is not None
    assert read.status == 200
    complaints.clear()


def test_what_was_withdrawn_leaves_a_notice_in_its_place(
    page: Page, article: Article, finch: User, maple: User, robin: User, birch: User,
    sound: Callable[[], None], complaints: list[str],
) -> None:  # fmt: skip
    claim = claim_in("published", article, first=finch, second=maple, moderator=robin)
    place_hold(
        actor=birch, article=article.pk, kind="withdraw", authority="A person in the article",
        ground="GDPR, article 17", ordered_on=datetime.date(2026, 2, 11), notice=LONG * 4,
    )  # fmt: skip
    for address in (f"/claims/{claim.pk}/", f"/articles/{article.slug}/"):
        gone = page.goto(address)
        assert gone is not None
        assert gone.status == 410
    page.get_by_role("heading", name="Withdrawn for legal reasons").wait_for()
    sound()
    tab_to(page, "main a")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing is published yet").wait_for()
    complaints.clear()
