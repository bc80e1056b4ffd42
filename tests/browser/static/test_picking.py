"""From a press on the words to the marks under it, and from a mark to its neighbours."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WORDS = "Ukrainian forces launched an incursion last August, briefly capturing some territory."
SETUP = """async (marks) => {
  window.pick = await import('/static/annotations/js/pick.js');
  const { createPainter } = await import('/static/annotations/js/paint.js');
  window.painter = await createPainter(text, document.querySelector('.galley'));
  painter.paint(marks.map(([start, end], i) => ({ id: `a${i}`, n: i, start, end, line: 'plain' })));
}"""
PRESS = """(at) => {
  const { left, top, width, height } = boxOf(at);
  const point = pick.pointUnder(text, left + width / 2, top + height / 2);
  const stack = pick.marksAt(painter.marks, point);
  const next = pick.nextOf(stack);
  painter.open(next && next.n);
  return next && next.n;
}"""


@pytest.fixture
def marked(open_text) -> Page:
    """0: the whole sentence; 1: a part of it; 2: one word of that; 3: crosses the end of 1."""
    page = open_text([{"text": WORDS}])
    page.evaluate(SETUP, [[0, 85], [0, 50], [10, 16], [45, 70]])
    return page


def test_a_press_opens_the_innermost_mark(marked):
    assert marked.evaluate(PRESS, 12) == 2


def test_repeated_presses_go_outwards_and_round(marked):
    assert [marked.evaluate(PRESS, 12) for _ in range(4)] == [2, 1, 0, 2]


def test_a_press_elsewhere_begins_anew(marked):
    marked.evaluate(PRESS, 12)
    assert marked.evaluate(PRESS, 60) == 3


def test_a_press_at_each_letter_finds_the_letter(marked):
    found = marked.evaluate(
        """() => Array.from({ length: 85 }, (_, at) => {
          const { left, top, width, height } = boxOf(at);
          const under = (part) => pick.pointUnder(text, left + width * part, top + height / 2);
          return [0.2, 0.8].every((part) => under(part) === at);
        }).every(Boolean)"""
    )
    assert found


def test_a_press_beside_the_words_picks_nothing(marked):
    point = marked.evaluate(
        """
        () => {
          const b = document.querySelector('p').getBoundingClientRect();
          return pick.pointUnder(text, b.right + 40, b.top + 10);
        }
        """
    )
    assert point is None


def test_a_press_on_an_emoji_finds_it_whole(open_text):
    page = open_text([{"text": "ab\U0001f468\U0001f3fb\u200d\U0001f692cd"}])
    page.evaluate(SETUP, [[2, 6]])
    assert page.evaluate(PRESS, 2) == 0


def test_arrows_go_to_the_next_mark_in_and_out(marked):
    steps = marked.evaluate(
        """
        () =>
          [1, -1].map((step) => pick.neighbour(painter.marks, painter.marks[1], step)?.n ?? null)
        """
    )
    assert steps == [0, 3]
    assert marked.evaluate("() => pick.neighbour(painter.marks, painter.marks[0], 1)") is None
