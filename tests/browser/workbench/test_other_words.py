"""Other words for a marked claim: by keys, by handles, by selecting anew, in every script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from annotations.actions.articles import import_article
from annotations.actions.claims import add_appearance, mark_claim
from annotations.actions.revisions import revise_article
from annotations.models import Appearance, Article, Project, User
from tests.browser.conftest import Screens
from tests.browser.workbench.conftest import Bench, Open, place, sign_in, text_of
from tests.conftest import TEXT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "spent 12% more"
SELECTED = "() => getSelection().toString()"


def marked(article: Article, finch: User, words: str = WORDS) -> Appearance:
    return mark_claim(article.pk, *place(article, words), actor=finch, statement="It rose.")


def quote(mark: Appearance) -> str:
    mark.refresh_from_db()
    return mark.quote


@pytest.fixture
def mark(article: Article, finch: User) -> Appearance:
    return marked(article, finch)


@pytest.fixture
def opened(bench: Open, article: Article, mark: Appearance, finch: User) -> Bench:
    """Finch's claim, open in the panel."""
    return bench(article, finch, f"claims/{mark.claim_id}/")


def kept(at: Bench) -> None:
    expect(at.toast).to_contain_text("Words changed")
    expect(at.page.locator(".handle:visible")).to_have_count(0)
    expect(at.page.locator("#panel")).not_to_have_attribute("aria-busy", "true")


def draw(page: Page, handle: Locator, x: float, y: float) -> None:
    """Draw a handle by its middle until the middle of its line stands at a point."""
    box = handle.bounding_box()
    assert box
    line = handle.evaluate("(h) => parseFloat(h.style.getPropertyValue('--line'))")
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] - 6)
    page.mouse.move(*at)
    page.mouse.down()
    grip = at[1] - (box["y"] + line / 2)
    page.mouse.move((at[0] + x) / 2, y + grip, steps=3)
    page.mouse.move(x, y + grip, steps=3)
    page.mouse.up()


# ---------- by keys ----------


def test_by_keys_either_end_moves_and_the_claim_is_kept(opened: Bench, mark: Appearance) -> None:
    at = opened
    at.keys("u")
    expect(at.page.locator(".handle:visible")).to_have_count(2)
    assert at.page.evaluate(SELECTED) == WORDS
    # A word out and in at each end, and by characters.
    at.keys("]", "]", "}", "[", "[", "{", "Shift+ArrowRight", "Shift+ArrowLeft")
    at.keys("Alt+Shift+ArrowRight", "Alt+Shift+ArrowLeft")
    assert at.page.evaluate(SELECTED) == "council spent 12% more in"
    at.keys("Enter")
    kept(at)
    assert quote(mark) == "council spent 12% more in"
    expect(at.heading).to_have_text("Claim 1")
    expect(at.panel.locator(".statement")).to_have_text("It rose.")
    expect(at.row(1).locator(".q")).to_have_text("council spent 12% more in")
    at.keys("Control+z")
    expect(at.row(1).locator(".q")).to_have_text(WORDS)
    assert quote(mark) == WORDS
    at.keys("Control+z")
    expect(at.row(1).locator(".q")).to_have_text("council spent 12% more in")


def test_escape_leaves_the_mark_as_it_was(opened: Bench, mark: Appearance) -> None:
    at = opened
    at.keys("u", "]", "]", "Escape")
    expect(at.page.locator(".handle:visible")).to_have_count(0)
    assert at.page.evaluate(SELECTED) == ""
    expect(at.heading).to_have_text("Claim 1")
    assert quote(mark) == WORDS


def test_a_mark_across_blocks_moves_at_both_ends(
    bench: Open, article: Article, finch: User
) -> None:
    text = text_of(article)
    start, end = text.index("Tuesday."), text.index("never spent")
    mark = mark_claim(article.pk, start, end - 1, actor=finch)
    at = bench(article, finch, f"claims/{mark.claim_id}/")
    at.keys("u", "[", "]", "Enter")
    kept(at)
    assert quote(mark) == "on Tuesday.\n\n“We have never"


def test_of_several_places_each_has_its_turn(
    bench: Open, article: Article, mark: Appearance, finch: User
) -> None:
    second = add_appearance(mark.claim_id, article.pk, *place(article, "never spent"), actor=finch)
    at = bench(article, finch, f"claims/{mark.claim_id}/")
    at.keys("u")
    assert at.page.evaluate(SELECTED) == WORDS
    at.keys("u")
    assert at.page.evaluate(SELECTED) == "never spent"
    at.keys("]", "u")
    kept(at)
    assert (quote(mark), quote(second)) == (WORDS, "never spent this")
    at.drag("on Tuesday")  # it shares no words with either
    expect(at.page.locator(".pop")).to_be_visible()
    expect(at.page.get_by_role("button", name="Use for claim 1")).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "text", "words", "keys", "after"),
    [
        pytest.param(
            "ar",
            "ارتفاع\n\nقال الوزير إن الأسعار ارتفعت بنسبة كبيرة في عام 2024.",
            "الأسعار ارتفعت",
            ["]", "[", "Shift+ArrowRight"],
            "إن الأسعار ارتفعت بنسب",
            id="Arabic",
        ),
        pytest.param(
            "ja",
            "値上げ\n\n𠮷野家は牛丼を値上げした。",
            "野家は牛丼",
            ["Alt+Shift+ArrowLeft", "Shift+ArrowRight", "Shift+ArrowRight"],
            "𠮷野家は牛丼を値",
            id="Japanese",
        ),
        pytest.param(
            "en",
            "Aid\n\nThe 👨‍👩‍👧‍👦 tax cut 🇺🇦🇵🇱 rose.",
            "tax cut",
            ["Shift+ArrowRight", "Shift+ArrowRight", "Alt+Shift+ArrowLeft", "Alt+Shift+ArrowLeft"],
            "👨‍👩‍👧‍👦 tax cut 🇺🇦",
            id="emoji",
        ),
    ],
)
def test_ends_move_in_every_script_by_whole_characters(
    language: str, text: str, words: str, keys: list[str], after: str,
    bench: Open, project: Project, robin: User, finch: User,
) -> None:  # fmt: skip
    article = import_article(project.pk, actor=robin, text=text, language=language, slug="far")
    mark = marked(article, finch, words)
    at = bench(article, finch, f"claims/{mark.claim_id}/")
    at.keys("u", *keys, "Enter")
    kept(at)
    assert quote(mark) == after


# ---------- by handles ----------


@pytest.mark.parametrize("which", ["start", "end"])
def test_a_handle_is_drawn_and_the_words_follow(
    which: str, opened: Bench, mark: Appearance
) -> None:
    at = opened
    at.panel.get_by_role("button", name="Other words").click()
    handle = at.page.locator(f".handle.{which}")
    box = handle.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 24
    first, last = at.boxes("council spent 12% more in 2024")
    draw(at.page, handle, first["left"] if which == "start" else last["right"], last["y"])
    after = {"start": "council spent 12% more", "end": "spent 12% more in 2024"}[which]
    assert at.page.evaluate(SELECTED) == after
    at.page.get_by_role("button", name="Use for claim 1").click()
    kept(at)
    assert quote(mark) == after


def test_a_handle_never_cuts_a_character_nor_turns_the_words_round(
    bench: Open, article: Article, finch: User
) -> None:
    mark = marked(article, finch, "Café prices")
    at = bench(article, finch, f"claims/{mark.claim_id}/")
    at.keys("u")
    flag = at.boxes("🇦🇵🇱 in")[0]  # the second half of the first flag
    draw(at.page, at.page.locator(".handle.end"), flag["right"], flag["y"])
    assert at.page.evaluate(SELECTED) in ("Café prices doubled ", "Café prices doubled 🇺🇦")
    first = at.boxes("Café")[0]
    draw(at.page, at.page.locator(".handle.end"), first["left"], first["y"] - 1)
    assert at.page.evaluate(SELECTED).startswith("C")


def test_handles_follow_from_right_to_left(
    bench: Open, project: Project, robin: User, finch: User
) -> None:
    text = "ارتفاع\n\nقال الوزير إن الأسعار ارتفعت بنسبة كبيرة."
    article = import_article(project.pk, actor=robin, text=text, language="ar", slug="far")
    mark = marked(article, finch, "الأسعار ارتفعت")
    at = bench(article, finch, f"claims/{mark.claim_id}/")
    at.keys("u")
    start, end = (at.page.locator(f".handle.{one}").bounding_box() for one in ("start", "end"))
    assert start
    assert end
    assert start["x"] > end["x"]
    box = at.boxes("بنسبة")[1]
    draw(at.page, at.page.locator(".handle.end"), box["left"], box["y"])
    at.keys("Enter")
    kept(at)
    assert quote(mark) == "الأسعار ارتفعت بنسبة"


def test_by_touch_on_a_phone(
    browser: Browser, base_url: str, article: Article, mark: Appearance, finch: User
) -> None:
    phone = browser.new_context(
        base_url=base_url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    sign_in(phone, base_url, finch)
    at = Bench(phone.new_page(), article).open(f"claims/{mark.claim_id}/")
    at.panel.get_by_role("button", name="Other words").tap()
    expect(at.panel).to_be_hidden()
    handle = at.page.locator(".handle.end")
    box, last = handle.bounding_box(), at.boxes("more in 2024")[1]
    box = handle.bounding_box()
    assert box
    assert box["width"] >= 44
    line = handle.evaluate("(h) => parseFloat(h.style.getPropertyValue('--line'))")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] - 10
    grip = y - (box["y"] + line / 2)
    finger = phone.new_cdp_session(at.page)
    for kind, point in (
        ("touchStart", (x, y)),
        ("touchMove", ((x + last["right"]) / 2, last["y"] + grip)),
        ("touchMove", (last["right"], last["y"] + grip)),
        ("touchEnd", None),
    ):
        points = [{"x": point[0], "y": point[1]}] if point else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert at.page.evaluate(SELECTED) == "spent 12% more in 2024"
    # Not tapped: at once after another touch the browser would take it for a double tap.
    at.page.get_by_role("button", name="Use for claim 1").click()
    kept(at)
    assert quote(mark) == "spent 12% more in 2024"
    expect(at.panel).to_be_visible()
    phone.close()


# ---------- by selecting anew ----------


def test_words_selected_anew_take_the_marks_place(opened: Bench, mark: Appearance) -> None:
    at = opened
    at.drag("never spent this much")
    expect(at.page.get_by_role("button", name="Add to claim 1")).to_be_visible()
    at.page.get_by_role("button", name="Use for claim 1").click()
    kept(at)
    assert Appearance.objects.get() == mark
    assert quote(mark) == "never spent this much"
    at.toast.get_by_role("button", name="Undo").click()
    expect(at.row(1).locator(".q")).to_have_text(WORDS)


def test_who_may_not_change_the_mark_is_not_offered_it(
    bench: Open, article: Article, mark: Appearance, maple: User
) -> None:
    at = bench(article, maple, f"claims/{mark.claim_id}/")
    expect(at.panel.get_by_role("button", name="Other words")).to_have_count(0)
    at.drag("never spent this much")
    expect(at.page.get_by_role("button", name="Add to claim 1")).to_be_visible()
    expect(at.page.get_by_role("button", name="Use for claim 1")).to_be_hidden()
    at.keys("Escape", "u")
    expect(at.toast).to_contain_text("whose mark you may change")


# ---------- refused ----------


def test_a_refusal_is_said_in_the_bar_and_the_words_stay_selected(
    opened: Bench, complaints: list[str], article: Article, mark: Appearance, robin: User
) -> None:
    at = opened
    at.panel.get_by_label("Rationale").fill("The budget says so.")
    at.keys("Escape")
    newest = article.revisions.get()
    text = TEXT.replace("Share\n", "Share\n\nThe council met for six hours.\n")
    revise_article(article.pk, actor=robin, text=text, based_on=newest.pk)
    at.keys("u", "]", "Enter")
    expect(at.page.locator(".pop [role=alert]")).to_contain_text("older text")
    assert at.page.evaluate(SELECTED) == "spent 12% more in"
    expect(at.panel.get_by_label("Rationale")).to_have_value("The budget says so.")
    assert quote(mark) == WORDS
    at.keys("]")
    expect(at.page.locator(".pop [role=alert]")).to_have_count(0)
    complaints[:] = [one for one in complaints if "409" not in one]


def test_words_already_marked_for_the_claim_are_refused_in_the_bar(
    bench: Open, complaints: list[str], article: Article, mark: Appearance, finch: User
) -> None:
    add_appearance(mark.claim_id, article.pk, *place(article, "12% more in"), actor=finch)
    at = bench(article, finch, f"claims/{mark.claim_id}/")
    at.keys("u", "{", "]", "Enter")
    expect(at.page.locator(".pop [role=alert]")).to_contain_text("already marked on these words")
    complaints[:] = [one for one in complaints if "409" not in one]


def test_nothing_is_amiss_while_words_are_changed(
    opened: Bench, axe: Callable[[Page], list[str]], each_screen: Screens
) -> None:
    at = opened
    for screen in each_screen():
        at.page.reload()
        expect(at.page.locator("#keys dt").first).to_be_attached()
        at.keys("u", "]")
        expect(at.page.locator(".pop")).to_be_visible()
        assert axe(at.page) == [], screen
        wide = at.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, screen
