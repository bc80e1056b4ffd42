"""Marks in the text and their twins: told apart, picked, walked through, many of them."""

import json
import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from annotations.actions.articles import import_article
from annotations.actions.claims import mark_claim
from annotations.actions.verdicts import submit_verdict
from annotations.models import Article, Project, User
from annotations.rules.verdicts import Judgement
from tests.browser.workbench.conftest import Bench, Open, place, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINES = "() => [...CSS.highlights.keys()].filter((name) => /-\\d$/.test(name)).sort()"
SENTENCE = "The city council spent 12% more in 2024 than in the year before"
BOX_NEAR = """(y) => {
  const { top, height } = document.querySelector('.boxes i.plain')?.getBoundingClientRect() ?? {};
  return height > 0 && Math.abs(top + height / 2 - y) < 20;
}"""
INNER = "spent 12% more in 2024"
CROSSING = "2024 than in the year before, the mayor said"


@pytest.fixture
def stack(article: Article, finch: User) -> Article:
    """Four marks on the same words: nested, crossing, and two on the very same place."""
    for words in (SENTENCE, INNER, INNER, CROSSING):
        mark_claim(article.pk, *place(article, words), actor=finch)
    return article


def opened(at: Bench) -> str:
    return at.page.locator(".row[aria-current]").get_attribute("data-n") or ""


def test_marks_that_overlap_lie_in_lanes_and_a_click_goes_through_them(
    bench: Open, stack: Article, finch: User
) -> None:
    at = bench(stack, finch)
    assert at.page.evaluate(LINES) == ["plain-0", "plain-1", "plain-2"]
    seen = []
    for _ in range(5):
        at.click_on("2024 than")
        expect(at.page.locator("#panel")).not_to_have_attribute("aria-busy", "true")
        expect(at.heading).to_have_text(f"Claim {opened(at)}")
        seen.append(opened(at))
    # The two identical ones, the crossing one, the whole sentence, and round again.
    assert seen == ["2", "3", "4", "1", "2"]


def test_words_that_are_marked_already_are_said_to_be_and_two_claims_on_them_told_apart(
    bench: Open, stack: Article, finch: User
) -> None:
    at = bench(stack, finch)
    page, panel = at.page, at.panel
    at.drag(INNER)
    at.keys("m")
    said = panel.locator("#h-same")
    expect(said).to_contain_text("These words are marked already")
    expect(said.get_by_role("listitem")).to_have_text([f"claim {n}, {INNER}" for n in (2, 3)])
    expect(panel.get_by_label("Statement")).to_have_accessible_description(
        re.compile("These words are marked already")
    )
    said.get_by_role("link", name="claim 3").click()
    expect(at.heading).to_have_text("Claim 3")
    expect(at.row(3)).to_have_attribute("aria-current", "true")
    at.drag(INNER)
    at.keys("m")
    expect(said).to_be_visible()
    panel.get_by_label("Statement").fill("The mayor named the year 2024.")
    panel.get_by_role("button", name="Mark claim").click()
    expect(at.heading).to_have_text("Claim 4")
    expect(at.row(4)).to_contain_text("The mayor named the year 2024.")
    expect(page.locator(".gutter a.same")).to_have_count(3)
    expect(page.locator(".gutter a[data-same='3']")).to_have_attribute("data-n", "2")


def test_arrow_keys_go_outwards_and_inwards(bench: Open, stack: Article, finch: User) -> None:
    at = bench(stack, finch)
    at.click_on("12% more")
    expect(at.heading).to_have_text("Claim 2")
    for key, n in (("ArrowUp", 3), ("ArrowUp", 4), ("ArrowUp", 1), ("ArrowDown", 4)):
        at.keys(key)
        expect(at.heading).to_have_text(f"Claim {n}")


def test_a_claim_opens_from_list_text_and_number(bench: Open, stack: Article, finch: User) -> None:
    at = bench(stack, finch)
    at.row(4).click()
    expect(at.heading).to_have_text("Claim 4")
    at.page.locator(".gutter a[data-n='1']").click()
    expect(at.heading).to_have_text("Claim 1")
    expect(at.row(1)).to_have_attribute("aria-current", "true")
    at.page.go_back()
    expect(at.heading).to_have_text("Claim 4")
    expect(at.row(4)).to_have_attribute("aria-current", "true")
    at.page.go_forward()
    expect(at.heading).to_have_text("Claim 1")


def test_pointing_at_words_lights_the_row_and_at_a_row_the_words(
    bench: Open, stack: Article, finch: User
) -> None:
    at = bench(stack, finch)
    box = at.boxes(CROSSING)[1]
    at.page.mouse.move(box["left"] + 2, box["y"])
    expect(at.page.locator(".row.hover")).to_have_attribute("data-n", "4")
    assert at.page.evaluate("getComputedStyle(document.querySelector('.text')).cursor") == "pointer"
    at.row(1).hover()
    expect(at.row(1)).to_have_class("row hover")
    assert at.page.evaluate("CSS.highlights.get('hover-plain').size") == 1


def test_j_and_k_keep_focus_where_it_was(bench: Open, stack: Article, finch: User) -> None:
    at = bench(stack, finch)
    at.page.locator("#main").focus()
    at.keys("j")
    expect(at.heading).to_have_text("Claim 1")
    expect(at.page.locator("#main")).to_be_focused()
    at.keys("F6")
    expect(at.heading).to_be_focused()
    at.keys("j")
    expect(at.heading).to_have_text("Claim 2")
    expect(at.heading).to_be_focused()
    at.row(2).focus()
    at.keys("j", "j")
    expect(at.heading).to_have_text("Claim 4")
    expect(at.row(4)).to_be_focused()
    at.keys("k")
    expect(at.row(3)).to_be_focused()
    at.keys("Enter")
    expect(at.heading).to_be_focused()


def test_keys_pressed_faster_than_the_server_answers_end_at_the_last_claim(
    bench: Open, stack: Article, finch: User
) -> None:
    at = bench(stack, finch)
    at.keys("j", "j", "j", "j", "k")
    expect(at.heading).to_have_text("Claim 3")
    expect(at.row(3)).to_have_attribute("aria-current", "true")
    expect(at.page.locator(".row[aria-current]")).to_have_count(1)


def test_a_given_rating_has_its_line_and_glyph_and_one_set_aside_its_dots(
    bench: Open, seeded: Project
) -> None:
    at = bench(Article.objects.get(), User.objects.get(username="reviewer"))
    lines = at.page.evaluate(LINES)
    assert {"true-0", "misleading-0", "aside-0", "plain-0"} <= set(lines)
    expect(at.page.locator(".gutter svg.r-misleading").first).to_be_attached()


def test_without_the_highlight_api_the_marks_are_boxes(
    page: Page, window: BrowserContext, base_url: str, stack: Article, finch: User
) -> None:
    page.add_init_script("delete CSS.highlights; delete Object.getPrototypeOf(CSS).highlights;")
    sign_in(window, base_url, finch)
    at = Bench(page, stack).open()
    assert page.evaluate("'highlights' in CSS") is False
    expect(page.locator(".boxes i.plain").first).to_be_visible()
    first = at.boxes(INNER)[0]
    page.wait_for_function(BOX_NEAR, arg=first["y"])  # they are made anew as fonts arrive
    at.click_on(INNER)
    expect(page.locator(".boxes i.open").first).to_be_visible()


def test_a_thousand_claims_are_painted_and_listed(
    page: Page, window: BrowserContext, base_url: str, project: Project, robin: User, finch: User,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    sentence = "Prices rose by four per cent in the month of May according to the office. "
    body = "\n\n".join(sentence * 10 for _ in range(100))
    article = import_article(project.pk, actor=robin, text=f"Prices\n\n{body}", slug="prices")
    text = article.revisions.get().text
    at = 0
    for n in range(1000):
        at = text.index("rose by four", at + 1)
        mark = mark_claim(article.pk, at, at + 12 + n % 20, actor=finch)
        if n % 9 == 0:
            submit_verdict(mark.claim_id, Judgement("unproven", "Nothing found."), actor=finch)
    sign_in(window, base_url, finch)
    bench = Bench(page, article).open()
    expect(page.locator(".row")).to_have_count(1000)
    spent = page.evaluate(
        """async () => {
          const { ArticleText } = await import('/static/annotations/js/text.js');
          const { createPainter } = await import('/static/annotations/js/paint.js');
          const text = new ArticleText(document);
          const painter = await createPainter(text, document.querySelector('.galley'));
          const { marks } = JSON.parse(document.getElementById('marks').textContent);
          const began = performance.now();
          painter.paint(marks);
          return performance.now() - began;
        }"""
    )
    # What a key costs from press to panel, with all rows in the list.
    began = page.evaluate("performance.now()")
    bench.keys("j")
    expect(bench.heading).to_have_text("Claim 1")
    walked = page.evaluate("performance.now()") - began
    with capsys.disabled():
        print(f"\n1,000 marks: {spent:.0f} ms to paint, {walked:.0f} ms to open")  # noqa: T201
    bench.keys("k")
    page.locator(".rows").evaluate("(rows) => { rows.scrollTop = rows.scrollHeight }")
    bench.row(1000).click()
    expect(bench.heading).to_have_text("Claim 1000")
    assert json.loads(page.locator("#marks").text_content() or "{}")["marks"][-1]["n"] == 1000
