"""Two reviewers at one queue with the keyboard alone, and the moderator's page of who has what."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from annotations.actions.assignments import skip, take
from annotations.actions.gold import set_gold
from annotations.actions.handing_out import assign_article
from annotations.actions.projects import edit_project
from annotations.models import Article, Assignment, Claim, Project, Skip, User, Verdict
from tests.actions.given import judged, marked
from tests.browser.conftest import Screens
from tests.browser.workbench.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def claims(project: Project, article: Article, robin: User, birch: User) -> list[Claim]:
    """Two claims of one verdict each."""
    edit_project(project.pk, actor=birch, verdicts_required=1)
    return [marked(article, robin), marked(article, robin, "Café prices doubled")]


@pytest.fixture
def other_page(browser: Browser, base_url: str, maple: User) -> Iterator[Page]:
    """Maple's browser, beside Finch's."""
    context = browser.new_context(base_url=base_url)
    sign_in(context, base_url, maple)
    yield context.new_page()
    context.close()


def keys_are_on(page: Page) -> None:
    """The modules have run once the help sheet tells of the keys."""
    expect(page.locator("#keys dt", has_text="Skip the claim")).to_be_attached()


def desk(page: Page) -> None:
    page.goto("/desk/")
    keys_are_on(page)


def test_two_reviewers_work_their_queue_with_the_keyboard_alone(
    page: Page, other_page: Page, window: BrowserContext, base_url: str, claims: list[Claim],
    finch: User, maple: User,
) -> None:  # fmt: skip
    sign_in(window, base_url, finch)
    for tab, claim in ((page, claims[0]), (other_page, claims[1])):
        desk(tab)
        tab.keyboard.press("n")
        expect(tab).to_have_url(f"{base_url}/workbench/council-spends-more/claims/{claim.pk}/")
        expect(tab.get_by_text("Lent to you until")).to_be_visible()

    # Maple skips with a reason; the claim is Finch's to take.
    keys_are_on(other_page)
    other_page.keyboard.press("x")
    expect(other_page.get_by_role("radio").first).to_be_focused()
    other_page.keyboard.press("Control+Enter")
    expect(other_page.get_by_text("Say why")).to_be_visible()
    other_page.keyboard.press("ArrowDown")
    other_page.keyboard.press("Control+Enter")
    expect(other_page).to_have_url(f"{base_url}/desk/")
    expect(other_page.get_by_role("heading", name="In hand")).to_have_count(0)
    assert Skip.objects.get().claim == claims[1]

    # Finch judges the one and takes the other from the queue.
    keys_are_on(page)
    page.keyboard.press("6")
    page.keyboard.press("r")
    page.keyboard.insert_text("Nobody has published the figures.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Your verdict")).to_be_visible()
    assert Verdict.objects.current().get().reviewer == finch
    assert Assignment.objects.get(reviewer=finch).how == "finished"
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page).to_have_url(f"{base_url}/desk/")
    keys_are_on(page)
    page.keyboard.press("n")
    expect(page).to_have_url(f"{base_url}/workbench/council-spends-more/claims/{claims[1].pk}/")
    desk(other_page)
    other_page.keyboard.press("n")
    expect(other_page.get_by_role("alert")).to_contain_text("Nothing is left for you")


def test_the_desk_works_without_scripts(
    page_without_scripts: Page, base_url: str, claims: list[Claim], finch: User
) -> None:
    sign_in(page_without_scripts.context, base_url, finch)
    page_without_scripts.goto("/desk/")
    page_without_scripts.get_by_role("button", name="Take the next claim").click()
    page_without_scripts.locator("[data-skips]").click()
    page_without_scripts.get_by_label("It is unclear what is claimed").check()
    page_without_scripts.get_by_role("button", name="Skip it").click()
    expect(page_without_scripts).to_have_url(f"{base_url}/desk/")
    page_without_scripts.get_by_role("button", name="Take the next claim").click()
    page_without_scripts.get_by_role("button", name="Give back").click()
    expect(page_without_scripts.get_by_text("In hand")).to_have_count(0)


def test_axe_finds_nothing_on_any_page_of_work_and_nothing_runs_over(
    page: Page, window: BrowserContext, base_url: str, each_screen: Screens,
    axe: Callable[[Page], list[str]], claims: list[Claim], article: Article, project: Project,
    finch: User, maple: User, robin: User, birch: User,
) -> None:  # fmt: skip
    edit_project(project.pk, actor=birch, gold_every=5)
    gold = marked(article, robin, "We have never spent this much on schools")
    set_gold(gold.pk, "mostly-true", "The budget of 2024 says so, on page 12.", actor=robin)
    judged(gold, (finch, "true"), (maple, "false"))
    take(claims[0].pk, actor=robin)
    assign_article(article.pk, robin.pk, actor=birch)
    skip(claims[1].pk, "unclear", actor=finch, note="Which year?", for_all=True)
    sign_in(window, base_url, robin)
    there = "/workbench/council-spends-more/claims/"
    pages = {
        "desk": "/desk/", "work": "/projects/council/work/", "gold": "/projects/council/gold/",
        "lent": f"{there}{claims[0].pk}/", "skip": f"{there}{claims[0].pk}/skip/",
    }  # fmt: skip
    for name, address in pages.items():
        for screen in each_screen():
            page.goto(address)
            assert axe(page) == [], (name, screen)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (name, screen)


def test_a_gold_item_teaches_after_the_verdict(
    page: Page, window: BrowserContext, base_url: str, article: Article, claims: list[Claim],
    finch: User, robin: User, axe: Callable[[Page], list[str]],
) -> None:  # fmt: skip
    set_gold(claims[0].pk, "false", "It spent 11% more.", actor=robin)
    judged(claims[0], (finch, "true"))
    sign_in(window, base_url, finch)
    page.goto(f"/workbench/{article.slug}/claims/{claims[0].pk}/")
    expect(page.get_by_text("It spent 11% more.")).to_be_visible()
    assert axe(page) == []
