"""The readers' side in a real browser: what is seen, what is painted, and what axe finds."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from playwright.sync_api import Page

from annotations.actions.claims import mark_claim
from annotations.actions.rulings import publish_ruling
from annotations.actions.verdicts import submit_verdict
from annotations.models import Article, Claim, Evidence, Project, User
from annotations.rules.states import State
from annotations.rules.verdicts import EvidenceGiven, Judgement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Screens = Callable[[], Iterator[str]]
Check = Callable[[Page], list[str]]
ARTICLE = "/articles/peace-deal-must-exclude-ukraine-from-nato/"


def addresses() -> list[str]:
    claims = {one.state: one.pk for one in Claim.objects.public(AnonymousUser())}
    corrected = claims[State.CORRECTED]
    return [
        "/",
        ARTICLE,
        f"/claims/{claims[State.PUBLISHED]}/",
        f"/claims/{corrected}/",
        f"/claims/{corrected}/rulings/1/",
        f"/claims/{claims[State.WITHDRAWN]}/",
        "/how-we-judge/",
        "/login/",
    ]


def test_axe_finds_nothing_on_any_page(
    page: Page, seeded: Project, each_screen: Screens, axe: Check
) -> None:
    found = {}
    for screen in each_screen():
        for address in addresses():
            page.goto(address)
            if problems := axe(page):
                found[screen, address] = problems
    assert found == {}


def test_axe_finds_nothing_on_what_says_no(
    page: Page, db: None, each_screen: Screens, axe: Check, complaints: list[str]
) -> None:
    for screen in each_screen():
        page.goto("/")
        assert axe(page) == [], screen
        page.goto("/nothing/here/")
        assert axe(page) == [], screen
        page.goto("/login/")
        page.get_by_label("Account name").fill("nobody")
        page.get_by_label("Password", exact=True).fill("nothing")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_text("do not go together").wait_for()
        assert axe(page) == [], screen
    # Chromium puts every answer of 400 and above into the console.
    assert all("404" in one or "422" in one for one in complaints)
    complaints.clear()


def test_nothing_runs_over_the_edge(page: Page, seeded: Project, each_screen: Screens) -> None:
    for screen in each_screen():
        for address in [*addresses(), "/?after=00000000-0000-0000-0000-000000000000"]:
            page.goto(address)
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, (screen, address)


def test_marks_are_painted_and_notes_stand_beside_their_lines(page: Page, seeded: Project) -> None:
    page.goto(ARTICLE)
    page.locator(".notes.placed").first.wait_for()
    painted = page.evaluate("[...CSS.highlights.keys()].sort()")
    assert painted == ["misleading-0", "true-0"]
    assert page.evaluate(
        "[...CSS.highlights.get('misleading-0')].map((one) => one.toString())"
    ) == ["Putin claims Russia has since regained full control"]
    tops = page.evaluate(
        """[...document.querySelectorAll('.note')].map((note) => {
          const line = [...CSS.highlights.values()].flatMap((one) => [...one])
            .map((range) => range.getClientRects()[0].top);
          const top = note.getBoundingClientRect().top;
          return Math.min(...line.map((one) => Math.abs(one - top)));
        })"""
    )
    assert len(tops) == 3
    assert max(tops) < 24
    assert page.locator(".gutter a").count() == 3


def test_a_note_leads_to_its_claim_and_back(page: Page, seeded: Project) -> None:
    page.goto(ARTICLE)
    page.locator("#note-3 a").click()
    page.get_by_role("heading", level=1).wait_for()
    assert "Kursk" in page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Peace Deal Must Exclude").first.click()
    page.wait_for_url(f"**{ARTICLE}")


def test_everything_is_said_without_scripts(page_without_scripts: Page, seeded: Project) -> None:
    page = page_without_scripts
    page.goto(ARTICLE)
    notes = page.locator(".note")
    assert notes.count() == 3
    assert "Misleading" in notes.nth(2).inner_text()
    assert "General Staff spoke of 86% retaken" in notes.nth(2).inner_text()
    assert "Putin claims Russia has since regained" in notes.nth(2).inner_text()
    assert page.locator(".theme").is_hidden()
    page.locator("#note-3 a").click()
    assert page.locator("mark").inner_text() == (
        "Putin claims Russia has since regained full control"
    )


def test_everything_is_said_without_the_highlight_api(page: Page, seeded: Project) -> None:
    page.add_init_script("delete CSS.highlights; delete CSS.__proto__.highlights")
    page.goto(ARTICLE)
    page.locator(".boxes i").first.wait_for()
    assert page.locator(".note").count() == 3


def test_the_theme_one_chose_is_kept(page: Page, db: None) -> None:
    page.goto("/how-we-judge/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.locator(".theme label", has_text="Dark").click()
    dark = page.evaluate(ground)
    assert dark != light
    page.goto("/")
    assert page.evaluate(ground) == dark
    assert page.locator(".theme input[value=dark]").is_checked()
    page.locator(".theme label", has_text="System").click()
    assert page.evaluate(ground) == light


def test_the_page_works_by_keyboard(page: Page, seeded: Project) -> None:
    page.goto(ARTICLE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the main text"
    page.keyboard.press("Enter")
    while "note" not in page.evaluate("document.activeElement.closest('[id]')?.id ?? ''"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/claims/**")


def test_paper_has_addresses_and_no_controls(page: Page, seeded: Project) -> None:
    corrected = Claim.objects.get(state=State.CORRECTED)
    page.goto(f"/claims/{corrected.pk}/")
    page.emulate_media(media="print")
    for control in (".mast nav", ".theme", ".skip"):
        assert page.locator(control).is_hidden()
    written = page.evaluate("getComputedStyle(document.querySelector('.src a'), '::after').content")
    assert "attr(href)" in written or "https://" in written
    page.goto(ARTICLE)
    assert page.locator(".gutter").is_hidden()
    assert page.locator(".note").first.is_visible()


def test_the_demos_accounts_sign_in_at_one_click_and_out_again(
    page: Page, seeded: Project, complaints: list[str]
) -> None:
    page.goto("/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("button", name="Heron").click()
    page.wait_for_url("**/desk/")
    page.goto("/")
    page.get_by_role("link", name="Heron’s desk").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").wait_for()


BREAK_OUTS = [
    "</script><script>window.hit = 1</script>",
    "<!--<script>window.hit = 1",
    "<!-- --> <script> </SCRIPT > Tom & Jerry &amp; \u2028",
    "<img src=x onerror='window.hit = 1'>",
]


@pytest.mark.parametrize("payload", BREAK_OUTS)
def test_a19_a_browser_reads_one_json_ld_and_runs_nothing(
    page: Page, article: Article, finch: User, maple: User, robin: User, payload: str
) -> None:
    statement = payload.replace("\u2028", "").strip()
    claim = mark_claim(
        article.pk, 0, 11, actor=finch, statement=statement, claimant=statement
    ).claim
    piece = EvidenceGiven(
        stance="supports", address="https://example.org/", quote=payload, publisher=statement
    )
    for person in (finch, maple):
        submit_verdict(claim.pk, Judgement("true", payload, "high", (piece,)), actor=person)
    evidence = list(Evidence.objects.values_list("pk", flat=True)[:1])
    publish_ruling(claim.pk, actor=robin, rating="true", summary=payload, evidence=evidence)
    page.goto(f"/claims/{claim.pk}/")
    found: list[Any] = page.evaluate(
        """[...document.querySelectorAll('script[type="application/ld+json"]')]
             .map((one) => one.textContent)"""
    )
    assert len(found) == 1
    review = json.loads(found[0])
    claim.refresh_from_db()
    assert review["claimReviewed"] == claim.statement
    assert page.evaluate("document.scripts.length") == 3
    assert page.locator("h1").inner_text().split() == claim.statement.split()
    page.goto("/")
    page.goto(f"/articles/{article.slug}/")
    assert page.evaluate("window.hit") is None
    assert settings.SITE_URL in review["url"]
