"""The workbench after a new text: what is stale says so, what has no place waits at the end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.actions.claims import mark_claim
from annotations.actions.revisions import reattach, revise_article
from annotations.actions.verdicts import submit_verdict
from annotations.models import Article, Claim, Reattachment, User, Verdict
from annotations.rules.verdicts import Judgement
from tests.browser.conftest import Screens
from tests.browser.workbench.conftest import Open, place
from tests.conftest import TEXT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STALE = "() => CSS.highlights.get('stale')?.size ?? 0"
HELD = "“We have never spent this much on schools,” she told reporters."
NEW = TEXT.replace("12%", "13%").replace(HELD, "She took no questions.")


@pytest.fixture
def revised(article: Article, finch: User, maple: User, robin: User) -> Article:
    """Three claims of Finch's that are judged: whole, on a corrected figure, and on words gone."""
    for words in ("Café prices doubled", "spent 12% more in 2024", "never spent this much"):
        claim = mark_claim(article.pk, *place(article, words), actor=finch).claim
        for one in (finch, maple):
            submit_verdict(claim.pk, Judgement("unproven", "Nothing was found."), actor=one)
    revise_article(article.pk, actor=robin, text=NEW, based_on=article.revisions.get().pk)
    changed = Reattachment.objects.waiting().get(claim__statement__contains="12%")
    reattach(changed.pk, actor=robin, ask_again=True)
    return article


def test_a_stale_verdict_is_seen_and_stands_at_one_press(
    bench: Open, revised: Article, finch: User
) -> None:
    at = bench(revised, finch)
    expect(at.row(1)).to_contain_text("Words changed")
    assert at.page.evaluate(STALE) == 1
    at.row(1).click()
    notice = at.panel.locator(".notice")
    expect(notice.locator("del")).to_have_text("12%")
    expect(notice.locator("ins")).to_have_text("13%")
    notice.get_by_role("button", name="My verdict stands").click()
    expect(at.toast).to_contain_text("Your verdict stands")
    expect(at.panel.get_by_text("Your verdict, version 2")).to_be_visible()
    expect(at.row(1)).not_to_contain_text("Words changed")
    assert at.page.evaluate(STALE) == 0
    assert Verdict.objects.current().get(reviewer=finch, version=2)


def test_a_stale_verdict_is_revised(bench: Open, revised: Article, finch: User) -> None:
    at = bench(revised, finch)
    at.row(1).click()
    at.panel.locator(".notice").get_by_role("link", name="Revise").click()
    at.panel.get_by_label("Rationale").fill("Now it says 13%.")
    expect(at.panel.locator(".notice")).to_contain_text("stands until you submit")
    at.keys("Control+Enter")
    expect(at.toast).to_contain_text("Verdict submitted")
    expect(at.panel.locator(".notice")).to_have_count(0)


def test_a_claim_without_a_place_opens_from_the_end_of_the_list(
    bench: Open, revised: Article, finch: User, robin: User
) -> None:
    lost = Claim.objects.get(statement="never spent this much")
    at = bench(revised, finch)
    expect(at.page.locator(".rows > li")).to_contain_text(
        ["spent 13%", "Café", "Not in this text", "Gone"]
    )
    at.row(3).click()
    expect(at.heading).to_have_text("Claim 3")
    expect(at.row(3)).to_have_attribute("aria-current", "true")
    expect(at.panel.locator(".notice")).to_contain_text("Waits for a moderator")
    expect(at.panel.get_by_role("link", name="Find its place")).to_have_count(0)
    expect(at.panel.get_by_role("button", name="Other words")).to_have_count(0)
    at.keys("k")
    expect(at.heading).to_have_text("Claim 2")
    at = bench(revised, robin, f"claims/{lost.pk}/")
    expect(at.panel.get_by_role("link", name="Find its place")).to_be_visible()


def test_the_notices_pass_on_every_screen(
    bench: Open,
    revised: Article,
    finch: User,
    axe: Callable[[Page], list[str]],
    each_screen: Screens,
) -> None:
    at = bench(revised, finch)
    for claim in Claim.objects.all():
        for screen in each_screen():
            at.open(f"claims/{claim.pk}/")
            assert axe(at.page) == [], (screen, claim.statement)
            wide = at.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, screen
