"""Marks on the text: highlights, lanes, tints, and the boxes that stand in for them."""

from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WORDS = (
    "The U.S. and Ukraine have put forward a proposal for a 30-day ceasefire, "
    "which has yet to be accepted."
)

PAINT = """async (marks) => {
  const { createPainter } = await import('/static/annotations/js/paint.js');
  window.painter = await createPainter(text, document.querySelector('.galley'));
  painter.paint(marks);
}"""
NAMES = "() => [...CSS.highlights].map(([name, h]) => [name, h.size]).sort()"


def mark(n: int, start: int, end: int, line: str = "plain", **more: Any) -> dict[str, Any]:
    return {"id": f"a{n}", "n": n, "start": start, "end": end, "line": line, **more}


def paint(page: Page, *marks: dict[str, Any]) -> Page:
    page.evaluate(PAINT, list(marks))
    return page


def test_every_line_and_lane_has_its_own_highlight(open_text):
    page = open_text([{"text": WORDS}])
    paint(page, mark(1, 0, 71, "mostly-true"), mark(2, 4, 20, "true"), mark(3, 78, 90, "true"))
    assert page.evaluate(NAMES) == [["mostly-true-1", 1], ["true-0", 2]]


def test_painting_leaves_the_text_alone(open_text):
    page = open_text([{"text": WORDS}])
    before = page.evaluate("document.querySelector('article').innerHTML")
    paint(page, mark(1, 0, 71, "false", on=True), mark(2, 4, 20, "true", stale=True))
    assert page.evaluate("document.querySelector('article').innerHTML") == before
    assert page.evaluate("document.querySelector('p').childNodes.length") == 1


def test_the_open_claim_is_tinted_and_a_stale_one_shown(open_text):
    page = open_text([{"text": WORDS}])
    paint(page, mark(1, 0, 12, "false", on=True), mark(2, 13, 20, stale=True))
    assert page.evaluate(NAMES) == [["false-0", 1], ["open-false", 1], ["plain-0", 1], ["stale", 1]]


def test_opening_another_claim_moves_the_tint(open_text):
    page = paint(open_text([{"text": WORDS}]), mark(1, 0, 12, "false", on=True), mark(2, 13, 20))
    page.evaluate("painter.open(2)")
    assert page.evaluate(NAMES) == [["false-0", 1], ["open-plain", 1], ["plain-0", 1]]


def test_a_repaint_forgets_what_was_painted_before(open_text):
    page = paint(open_text([{"text": WORDS}]), mark(1, 0, 12, "false"), mark(2, 13, 20, "true"))
    page.evaluate("(m) => painter.paint([m])", mark(3, 0, 4, "unproven"))
    assert page.evaluate(NAMES) == [["unproven-0", 1]]


def test_pointing_and_selecting_paint_and_go_away(open_text):
    page = paint(open_text([{"text": WORDS}]), mark(1, 0, 12, "false"), mark(1, 13, 20, "false"))
    page.evaluate("() => { painter.hover(1); painter.select({start: 30, end: 40}) }")
    assert page.evaluate(NAMES) == [["false-0", 2], ["hover-false", 2], ["selecting", 1]]
    page.evaluate("() => { painter.hover(null); painter.select(null) }")
    assert page.evaluate(NAMES) == [["false-0", 2]]


def test_one_appearance_deleted_leaves_its_neighbours(open_text):
    marks = [mark(1, 0, 10), mark(2, 5, 15), mark(3, 2, 8), mark(4, 0, 10)]
    page = paint(open_text([{"text": WORDS}]), *marks)
    page.evaluate("(m) => painter.paint(m)", marks[:1] + marks[2:])
    places = page.evaluate("painter.marks.map((m) => [m.n, text.take(m.range).quote])")
    assert places == [[1, WORDS[0:10].strip()], [3, WORDS[2:8].strip()], [4, WORDS[0:10].strip()]]


@pytest.mark.parametrize(
    ("marks", "lanes"),
    [
        ([(0, 10), (20, 30)], [0, 0]),
        ([(0, 30), (5, 10)], [1, 0]),
        ([(0, 10), (5, 16)], [0, 1]),
        ([(0, 30), (5, 20), (6, 8)], [2, 1, 0]),
        ([(0, 40), (0, 30), (5, 20), (6, 8)], [2, 2, 1, 0]),
        ([(0, 10), (10, 20)], [0, 0]),
        ([(0, 10), (0, 10), (0, 10), (0, 10)], [0, 1, 2, 2]),
    ],
    ids=["apart", "nested", "crossing", "three deep", "four deep", "touching", "identical"],
)
def test_the_shortest_mark_lies_next_to_the_words(open_text, marks, lanes):
    page = open_text([{"text": WORDS}])
    paint(page, *(mark(i, start, end) for i, (start, end) in enumerate(marks)))
    assert page.evaluate("painter.marks.map((m) => m.lane)") == lanes


@pytest.mark.parametrize(
    "line",
    ["plain", "aside", "true", "mostly-true", "needs-context", "misleading", "false", "unproven"],
)
@pytest.mark.parametrize("lane", [0, 1, 2])
def test_every_line_has_a_rule_for_every_lane(open_text, line, lane):
    page = open_text([{"text": WORDS}])
    style = page.evaluate(
        """([line, lane]) => {
          const p = document.querySelector('p');
          const style = getComputedStyle(p, `::highlight(${line}-${lane})`);
          return [style.textDecorationLine, style.textDecorationStyle, style.textUnderlineOffset];
        }""",
        [line, lane],
    )
    assert style[0].startswith("underline")
    assert style[2] == ["4px", "9px", "13px"][lane]


def test_three_thousand_marks_are_painted_without_a_wait(open_text):
    page = open_text([{"text": WORDS + " \U0001f4a9 " + WORDS} for _ in range(1000)])
    paint(page)
    length = len(WORDS) * 2 + 5
    marks = [
        mark(i, i // 3 * length + i % 3 * 20, i // 3 * length + i % 3 * 20 + 30 + i % 50, "true")
        for i in range(3000)
    ]
    spent = page.evaluate(
        """
        (marks) => {
          const began = performance.now();
          painter.paint(marks);
          return performance.now() - began;
        }
        """,
        marks,
    )
    assert spent < 500
    assert page.evaluate("[...CSS.highlights.values()].reduce((sum, h) => sum + h.size, 0)") == 3000


def test_five_thousand_marks_on_a_megabyte_are_painted(open_text, capsys):
    words = (WORDS + " ") * (1000 // (len(WORDS) + 1))
    page = open_text(
        [{"text": words} for _ in range(1_000_000 // len(words))],
        around='{}<div class="gutter"></div><div class="minimap"></div>',
    )
    paint(page)
    length = len(words) + 2
    marks = [
        mark(i, i // 5 * length + i % 5 * 150, i // 5 * length + i % 5 * 150 + 40 + i % 200, line)
        for i, line in enumerate(["plain", "true", "false", "misleading", "unproven"] * 1000)
    ]
    painted, twins, shown = page.evaluate(
        """async (marks) => {
          const at = (name) => import(`/static/annotations/js/${name}.js`);
          const [gutter, minimap, { measure }] = await Promise.all(
            ['gutter', 'minimap', 'measure'].map(at));
          const [galley, numbers, map, main, article] =
            ['.galley', '.gutter', '.minimap', 'main', 'article'].map(
              (name) => document.querySelector(name));
          const drawn = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
          await drawn();
          const began = performance.now();
          painter.paint(marks);
          const painted = performance.now() - began;
          const spots = measure(painter.marks, galley);
          const frame = minimap.frameOf(map, main, article);
          gutter.fillGutter(numbers, painter.marks, () => '');
          minimap.fillMinimap(map, painter.marks);
          gutter.placeGutter(numbers, spots);
          minimap.placeMinimap(map, main, article, spots, frame);
          const twins = performance.now() - began - painted;
          await drawn();
          return [painted, twins, performance.now() - began];
        }""",
        marks,
    )
    with capsys.disabled():
        print(  # noqa: T201
            f"\n5,000 marks on 1 MB, ms a thousand: {painted / 5:.1f} to paint, "
            f"{twins / 5:.1f} for numbers and minimap, {shown / 5:.1f} in all until they are seen"
        )
    assert page.evaluate("painter.marks.length") == 5000


def test_lanes_of_a_crowd_take_no_quadratic_time(open_text):
    page = open_text([{"text": WORDS}])
    spent = page.evaluate(
        """async () => {
          const { assignLanes } = await import('/static/annotations/js/lanes.js');
          const marks = Array.from({ length: 30000 }, (_, i) => {
            const start = i * 7 % 99991;
            return { start, end: start + 5 + i % 200, lane: 0 };
          });
          const began = performance.now(); assignLanes(marks); return performance.now() - began;
        }"""
    )
    assert spent < 1000


def test_without_the_api_marks_are_boxes_over_the_lines(open_text, page: Page):
    page = open_text([{"text": WORDS * 3}])
    page.evaluate("dropHighlights()")
    paint(page, mark(1, 0, 200, "false", on=True), mark(2, 4, 20, "true"))
    boxes = page.evaluate("[...document.querySelectorAll('.boxes i')].map((i) => i.className)")
    assert boxes.count("true") == 1
    assert boxes.count("false") >= 2
    assert boxes.count("open false") >= 2
    assert page.evaluate("document.querySelector('p').childNodes.length") == 1


def test_boxes_lie_on_their_words_and_follow_the_layout(open_text, page: Page):
    page = open_text([{"text": WORDS * 3}])
    page.evaluate("dropHighlights()")
    paint(page, mark(1, 130, 150, "true"))
    gap = """() => {
      const drawn = box('.boxes .true');
      const words = painter.marks[0].range.getBoundingClientRect();
      return Math.abs(drawn.left - words.left) + Math.abs(drawn.top - words.top);
    }"""
    assert page.evaluate(gap) < 1
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_function(f"() => ({gap})() < 1")


def test_boxes_let_the_mouse_through_to_the_words(open_text, page: Page):
    page = open_text([{"text": WORDS}])
    page.evaluate("dropHighlights()")
    paint(page, mark(1, 4, 20, "true"))
    hit = page.evaluate(
        """
        () => {
          const b = document.querySelector('.boxes i').getBoundingClientRect();
          return document.elementFromPoint(b.left + 3, b.top + 3).tagName;
        }
        """
    )
    assert hit == "P"
