"""A moderator brings in a new text and settles what waits: by mouse, by keys alone, in two tabs."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from annotations.actions.claims import mark_claim
from annotations.actions.revisions import revise_article
from annotations.models import Appearance, Article, Reattachment, User
from tests.browser.workbench.conftest import sign_in
from tests.conftest import TEXT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Screens = Callable[[], Iterator[str]]
Check = Callable[[Page], list[str]]

CHANGED = "spent 12% more in 2024"
GONE = "spends more than ever"
TWICE = "Café prices doubled"
STAYS = "The city council"


def new_text() -> str:
    """One mark's words changed, one's went, one's stand twice, one's stayed."""
    paragraph = next(one for one in TEXT.split("\n\n") if TWICE in one)
    headline = next(one for one in TEXT.split("\n\n") if GONE in one)
    text = TEXT.replace("12%", "13%").replace(headline, "Nobody else was there to see it")
    return text.replace(paragraph, f"{paragraph}\n\n{paragraph}")


@pytest.fixture
def marked(article: Article, finch: User, robin: User) -> Article:
    """The article with four marks."""
    for words in (CHANGED, GONE, TWICE, STAYS):
        start = TEXT.index(words)
        mark_claim(article.pk, start, start + len(words), actor=finch)
    return article


@pytest.fixture
def revised(marked: Article, robin: User) -> Article:
    first = marked.revisions.get()
    revise_article(marked.pk, actor=robin, text=new_text(), based_on=first.pk)
    return marked


@pytest.fixture
def desk(page: Page, window: BrowserContext, base_url: str, robin: User) -> Page:
    """Robin's browser."""
    sign_in(window, base_url, robin)
    return page


def queue(article: Article) -> str:
    return f"/workbench/{article.slug}/revisions/2/"


def now_marked(article: Article) -> list[str]:
    """The words marked in the newest text, in its order."""
    newest = article.revisions.latest("number")
    return [one.quote for one in Appearance.objects.filter(revision=newest).order_by("start")]


def decided(article: Article) -> dict[str, str]:
    found = Reattachment.objects.filter(article=article)
    return {one.why: one.outcome for one in found}


def item(page: Page, why: str) -> Locator:
    found = page.locator(".res[id]", has_text=why)
    expect(found).to_have_count(1)
    return found


def opened(page: Page, address: str) -> None:
    """Go there; the modules have run once the help sheet is full."""
    page.goto(address)
    ready(page)


def ready(page: Page) -> None:
    expect(page.locator("#keys dt").first).to_be_attached()


def test_a_moderator_brings_a_text_in_and_settles_each_kind_by_mouse(
    desk: Page, marked: Article
) -> None:
    desk.goto(f"/workbench/{marked.slug}/")
    desk.get_by_role("link", name="New text").click()
    desk.get_by_label("The text").fill(new_text())
    desk.get_by_role("button", name="Show what changes").click()
    expect(desk.get_by_text("3 would wait")).to_be_visible()
    expect(desk.locator(".diff ins", has_text="13%")).to_be_visible()
    assert marked.revisions.count() == 1
    desk.get_by_role("button", name="Bring in revision 2").click()
    expect(desk.get_by_text("0 of 3 decided")).to_be_visible()

    ready(desk)
    item(desk, "Text changed").get_by_role("button", name="Accept new place").click()
    expect(desk.get_by_text("1 of 3 decided")).to_be_visible()
    item(desk, "Several places fit").get_by_role("button", name="Block 6").click()
    expect(desk.get_by_text("2 of 3 decided")).to_be_visible()

    item(desk, "Gone").get_by_role("link", name="Select its place by hand").click()
    ready(desk)
    words = desk.locator(".text h1")
    words.dblclick(position={"x": 30, "y": 20})
    desk.get_by_role("button", name="Put claim").click()
    expect(desk.get_by_text("All 3 are decided")).to_be_visible()
    expect(desk.get_by_role("link", name="Open the article")).to_be_visible()
    assert now_marked(marked) == ["Nobody", STAYS, "spent 13% more in 2024", TWICE]
    assert set(decided(marked).values()) == {"reattached"}


def test_each_kind_is_settled_by_keys_alone(desk: Page, revised: Article) -> None:
    opened(desk, queue(revised))
    keys = desk.keyboard
    keys.press("j")
    expect(item(desk, "Several places fit")).to_have_attribute("aria-current", "true")
    keys.press("k")
    expect(item(desk, "Text changed").locator("h2 a")).to_be_focused()
    # Enter shows the place in the new text.
    keys.press("Enter")
    expect(desk.locator(".p:target")).to_contain_text("13%")
    keys.press("r")
    expect(desk.get_by_text("1 of 3 decided")).to_be_visible()

    # The next one is open. Neither of its places will do.
    ready(desk)
    expect(item(desk, "Several places fit")).to_have_attribute("aria-current", "true")
    keys.press("l")
    expect(desk.get_by_text("2 of 3 decided")).to_be_visible()

    ready(desk)
    keys.press("p")
    expect(desk.locator("#pick")).to_be_visible()
    ready(desk)
    keys.press("s")
    expect(desk.locator("#reading")).to_have_text("Nobody else was there to see it")
    keys.press("[")
    keys.press("m")
    expect(desk.get_by_text("All 3 are decided")).to_be_visible()
    assert decided(revised) == {
        "review": "reattached",
        "ambiguous": "let_go",
        "orphan": "reattached",
    }
    assert "Nobody else was there to see it" in now_marked(revised)
    assert Reattachment.objects.get(why="review").asks_again


def test_the_help_sheet_tells_the_keys_of_this_page(desk: Page, revised: Article) -> None:
    opened(desk, queue(revised))
    desk.keyboard.press("?")
    sheet = desk.get_by_role("dialog")
    for label in ("Accept the new place", "Ask the reviewers again", "Let the mark go"):
        expect(sheet.get_by_text(label)).to_be_visible()
    expect(sheet.get_by_text("Rate on the scale")).to_have_count(0)


def test_the_second_of_two_tabs_is_told(
    desk: Page, window: BrowserContext, revised: Article, complaints: list[str]
) -> None:
    opened(desk, queue(revised))
    second = window.new_page()
    opened(second, queue(revised))
    item(desk, "Text changed").get_by_role("button", name="Accept new place").click()
    expect(desk.get_by_text("1 of 3 decided")).to_be_visible()
    item(second, "Text changed").get_by_role("button", name="Let go").click()
    expect(second.get_by_text("Robin has decided this already: reattached.")).to_be_visible()
    expect(second.get_by_text("1 of 3 decided")).to_be_visible()
    assert decided(revised)["review"] == "reattached"
    second.close()


def test_who_previews_slower_sees_the_newest_difference(
    desk: Page, marked: Article, birch: User, complaints: list[str]
) -> None:
    opened(desk, f"/workbench/{marked.slug}/revise/")
    desk.get_by_label("The text").fill(TEXT.replace("Tuesday", "Monday"))
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".diff ins")).to_have_text("Monday")
    first = marked.revisions.get()
    revise_article(marked.pk, actor=birch, text=new_text(), based_on=first.pk)
    desk.get_by_role("button", name="Bring in revision 2").click()
    expect(desk.get_by_text("The article has got revision 2 since you looked.")).to_be_visible()
    expect(desk.locator(".diff ins", has_text="Monday")).to_be_visible()
    desk.get_by_role("button", name="Bring in revision 3").click()
    expect(desk.get_by_text("Revision 3 is in.")).to_be_visible()
    assert [one for one in complaints if "409" not in one] == []
    complaints.clear()


def test_everything_is_settled_without_scripts(
    page_without_scripts: Page, base_url: str, robin: User, marked: Article
) -> None:
    page = page_without_scripts
    sign_in(page.context, base_url, robin)
    page.goto(f"/workbench/{marked.slug}/revise/")
    page.get_by_label("The text").fill(new_text())
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_role("button", name="Bring in revision 2").click()
    page.locator("summary", has_text="unchanged block").first.click()
    expect(page.locator(".pair.same").first).to_be_visible()
    page.get_by_role("button", name="Accept new place").click()
    page.get_by_role("button", name="Both").click()
    page.get_by_role("link", name="Select its place by hand").click()
    page.get_by_label("Its words in this text").fill("Nobody else was there")
    page.get_by_role("button", name="Put the mark there").click()
    expect(page.get_by_text("All 3 are decided")).to_be_visible()
    assert now_marked(marked) == [
        "Nobody else was there", STAYS, "spent 13% more in 2024", TWICE, TWICE,
    ]  # fmt: skip


def test_marks_are_drawn_under_both_texts(desk: Page, revised: Article) -> None:
    opened(desk, queue(revised))
    drawn = desk.evaluate(
        """() => [...CSS.highlights].filter(([name]) => name.startsWith('plain-'))
          .flatMap(([, ranges]) => [...ranges].map(String))"""
    )
    assert drawn.count(STAYS) == 2
    assert drawn.count(TWICE) == 3  # where it was, and both places where it may stand
    assert CHANGED in drawn
    assert "spent 13% more in 2024" in drawn


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    desk: Page, revised: Article, each_screen: Screens, axe: Check
) -> None:
    desk.emulate_media(reduced_motion="reduce")  # a colour half way to the other theme has no name
    lost = Reattachment.objects.get(why="orphan")
    pages = [
        f"/workbench/{revised.slug}/revise/",
        queue(revised),
        f"{queue(revised)}?place={lost.pk}",
        f"/workbench/{revised.slug}/revisions/1/text/",
    ]
    for address in pages:
        opened(desk, address)
        for screen in each_screen():
            assert axe(desk) == [], (address, screen)
            wider = desk.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wider <= 0, (address, screen)
    desk.goto(f"/workbench/{revised.slug}/revise/")
    desk.get_by_label("The text").fill(TEXT)
    desk.get_by_role("button", name="Show what changes").click()
    for screen in each_screen():
        assert axe(desk) == [], screen
        assert desk.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, screen
