"""Every state of the workbench and the desk, on each screen: axe finds nothing to mend."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from annotations.models import Article, Claim, Project, User
from annotations.rules.states import State
from tests.browser.workbench.conftest import Bench, Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Screens = Callable[[], Iterator[str]]
Check = Callable[[Page], list[str]]
OVERFLOW = """() => [...document.querySelectorAll('body *')].filter((el) => {
  const box = el.getBoundingClientRect();
  return box.width && (box.right > innerWidth + 1 || box.left < -1)
    && getComputedStyle(el).visibility !== 'hidden' && !el.closest('.vh, .minimap, .skip')
    && el.checkVisibility();
}).map((el) => el.outerHTML.slice(0, 120))"""


@pytest.fixture
def heron(seeded: Project) -> User:
    """The demo's first reviewer."""
    return User.objects.get(username="reviewer")


def claim_in(state: State) -> str:
    return f"claims/{Claim.objects.filter(state=state).latest('id').pk}/"


def to_judge() -> str:
    waiting = Claim.objects.waiting_for(User.objects.get(username="reviewer"))
    return f"claims/{next(one for one in waiting if not one.has_draft).pk}/"


def nothing_open(at: Bench) -> None:
    at.open()


def a_claim_to_judge(at: Bench) -> None:
    at.open(to_judge())


def a_given_verdict(at: Bench) -> None:
    at.open(claim_in(State.DISPUTED))


def a_published_claim(at: Bench) -> None:
    at.open(claim_in(State.CORRECTED))


def a_claim_set_aside(at: Bench) -> None:
    at.open(claim_in(State.SET_ASIDE))


def a_new_claim(at: Bench) -> None:
    at.open("marks/?start=600&end=660")


def a_refused_verdict(at: Bench) -> None:
    at.open(to_judge())
    at.panel.get_by_role("button", name="Add evidence").click()
    at.panel.get_by_label("Address").fill("javascript:alert(1)")
    at.panel.get_by_role("button", name="Submit verdict").click()
    expect(at.panel.locator(".refused").first).to_be_visible()


def the_help(at: Bench) -> None:
    at.open()
    at.keys("?")
    expect(at.page.get_by_role("dialog")).to_be_visible()


def the_list_over_the_text(at: Bench) -> None:
    at.open()
    button = at.page.get_by_role("button", name="Claims", exact=True)
    if button.is_visible():
        button.click()
    at.page.get_by_text("How marks look").first.click()


STATES = [
    nothing_open, a_claim_to_judge, a_given_verdict, a_published_claim, a_claim_set_aside,
    a_new_claim, a_refused_verdict, the_help, the_list_over_the_text,
]  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_overflows(
    state: Callable[[Bench], None], page: Page, window: BrowserContext, base_url: str,
    heron: User, each_screen: Screens, axe: Check, complaints: list[str],
) -> None:  # fmt: skip
    sign_in(window, base_url, heron)
    page.emulate_media(reduced_motion="reduce")  # what fades in has not its colours yet
    found = {}
    for screen in each_screen():
        state(Bench(page, Article.objects.get()))
        problems = axe(page) + page.evaluate(OVERFLOW)
        if problems:
            found[screen] = problems
        page.evaluate("localStorage.clear()")
    # The console names every answer that is a refusal; the refusals themselves are meant.
    complaints[:] = [one for one in complaints if "status of 4" not in one]
    assert found == {}


@pytest.mark.parametrize("who", ["reviewer", "moderator"])
def test_axe_finds_nothing_on_the_desk(
    who: str, page: Page, window: BrowserContext, base_url: str, seeded: Project,
    each_screen: Screens, axe: Check,
) -> None:  # fmt: skip
    sign_in(window, base_url, User.objects.get(username=who))
    found = {}
    for screen in each_screen():
        page.goto("/desk/")
        problems = axe(page) + page.evaluate(OVERFLOW)
        if problems:
            found[screen] = problems
    assert found == {}


def test_a_moderators_panel_shows_every_verdict_and_leads_to_the_ruling(
    bench: Open, seeded: Project, axe: Check
) -> None:
    claim = claim_in(State.DISPUTED)
    at = bench(Article.objects.get(), User.objects.get(username="moderator"), claim)
    expect(at.panel.get_by_role("heading", name="Verdicts given")).to_be_visible()
    expect(at.panel.locator(".verdict")).to_have_count(2)
    assert axe(at.page) == []
    at.panel.get_by_role("link", name="Moderate").click()
    expect(at.page).to_have_url(re.compile(r"/claims/[0-9a-f-]{36}/adjudicate/$"))


def test_an_article_without_claims_says_how_to_begin(
    bench: Open, article: Article, finch: User, axe: Check
) -> None:
    at = bench(article, finch)
    expect(at.page.locator("#list")).to_contain_text("No claims yet")
    at.keys("n")
    expect(at.toast).to_contain_text("Nothing else is left to judge")
    assert axe(at.page) == []


def test_the_page_weighs_what_it_weighs(
    bench: Open, heron: User, capsys: pytest.CaptureFixture[str]
) -> None:
    at = bench(Article.objects.get(), heron)
    at.page.wait_for_load_state("networkidle")
    loaded = at.page.evaluate(
        """() => [performance.getEntriesByType('navigation')[0],
                  ...performance.getEntriesByType('resource')]
          .map(({ name, decodedBodySize, encodedBodySize }) =>
            ({ name, decodedBodySize, encodedBodySize }))"""
    )
    kilobytes = sum(one["decodedBodySize"] for one in loaded) / 1024
    with capsys.disabled():
        print(f"\nworkbench: {len(loaded)} requests, {kilobytes:.0f} kB unpacked")  # noqa: T201
    assert all(one["name"].startswith(at.page.url.split("/workbench")[0]) for one in loaded)
