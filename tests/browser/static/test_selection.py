"""What a selection takes of the article: the cases shared with Python, and the ways to select."""

import json
from pathlib import Path
from typing import Any

import pytest

from annotations.rules.canonical import canonical_text
from annotations.rules.html import canonical_html
from annotations.web.shown import shown

pytestmark = pytest.mark.browser

FILE = Path(__file__).resolve().parents[2] / "cases" / "anchoring.json"
TABLE = json.loads(FILE.read_text(encoding="utf-8"))
CASES = TABLE["selections"]
ANCHORS = [case for case in TABLE["anchors"] if "refused" not in case]

SELECT = """([{ from, to }, backwards]) => {
  const article = document.querySelector('article');
  const places = {
    'before': () => [document.querySelector('#before').firstChild, 2],
    'gap-before': () => [article.firstChild, 0],
    'gap': () => [article.children[0].nextSibling, 1],
    'after': () => [document.querySelector('#after').firstChild, 3],
  };
  const point = (at) => {
    if (typeof at === 'string') return places[at]();
    const block = article.children[at[0]];
    return at[1] ? [block.firstChild, at[1]] : [block, 0];
  };
  const ends = [point(from), point(to)];
  if (backwards) ends.reverse();
  getSelection().setBaseAndExtent(...ends[0], ...ends[1]);
  return text.take(getSelection());
}"""
AROUND = '<p id="before">Before the article</p>{}<p id="after">After the article</p>'


@pytest.mark.parametrize("backwards", [False, True], ids=["forward", "backwards"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']}: {case['claim']}")
def test_selection(open_text, case: dict[str, Any], backwards: bool):
    page = open_text(
        case["blocks"], around=AROUND, lang=case.get("lang", "en"), direction=case.get("dir", "ltr")
    )
    taken = page.evaluate(SELECT, [case["select"], backwards])
    expect = case["expect"]
    if "reason" in expect:
        assert taken["place"] is None
        assert expect["reason"] in taken["reason"]
        return
    assert taken == {
        "place": {"start": expect["start"], "end": expect["end"]},
        "quote": expect["quote"],
        "reason": "",
    }


@pytest.mark.parametrize(
    "case", [c for c in CASES if "quote" in c["expect"]], ids=lambda case: case["id"]
)
def test_a_place_becomes_a_range_and_the_range_the_place(open_text, case: dict[str, Any]):
    page = open_text(case["blocks"], lang=case.get("lang", "en"), direction=case.get("dir", "ltr"))
    place = {"start": case["expect"]["start"], "end": case["expect"]["end"]}
    again = page.evaluate("(place) => text.take(text.rangeOf(place))", place)
    assert again["place"] == place
    assert again["quote"] == case["expect"]["quote"]


# Code points counted over the text nodes themselves, beside what the page's own modules do.
SELECT_POINTS = """([start, end, backwards]) => {
  const boundary = (point, isEnd) => {
    for (const el of document.querySelectorAll('[data-start]')) {
      let at = Number(el.dataset.start);
      const walk = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const { data } = walk.currentNode;
        const points = [...data];
        if (point < at + points.length || (isEnd && point === at + points.length))
          return [walk.currentNode, points.slice(0, point - at).join('').length];
        at += points.length;
      }
    }
  };
  const ends = [boundary(start, false), boundary(end, true)];
  if (backwards) ends.reverse();
  getSelection().setBaseAndExtent(...ends[0], ...ends[1]);
  return text.take(getSelection());
}"""


@pytest.mark.parametrize("backwards", [False, True], ids=["forward", "backwards"])
@pytest.mark.parametrize("case", ANCHORS, ids=lambda case: f"{case['id']}: {case['claim']}")
def test_what_is_brought_in_is_selected_as_the_table_says(
    open_text, case: dict[str, Any], backwards: bool
):
    """From what comes in to what is taken: text and HTML, read and set as the workbench does."""
    brought = canonical_html(case["html"])[0] if "html" in case else canonical_text(case["raw"])
    page = open_text(
        [
            {"text": words, "html": shown(words)}
            for words in (brought.text[block.start : block.end] for block in brought.blocks)
        ]
    )
    start, end = case.get("widened", (case["start"], case["end"]))
    words = brought.text[start:end]
    start, end = end - len(words.lstrip()), start + len(words.rstrip())  # the client moves the ends
    taken = page.evaluate(SELECT_POINTS, [case["start"], case["end"], backwards])
    assert taken["place"] == {"start": start, "end": end}, taken["reason"]
    assert taken["quote"] == brought.text[start:end]


def test_a_drag_with_the_mouse_takes_the_words_under_it(open_text):
    page = open_text([{"text": "Prices rose \U0001f4a9 by 4% in May."}])
    box = page.evaluate(
        """
        () => {
          const b = text.rangeOf({start: 7, end: 11}).getBoundingClientRect();
          return [b.left, b.right, b.top + 5];
        }
        """
    )
    page.mouse.move(box[0] + 1, box[2])
    page.mouse.down()
    page.mouse.move(box[1] - 1, box[2], steps=4)
    page.mouse.up()
    assert page.evaluate("() => text.take(getSelection()).quote") == "rose"


def test_a_quote_is_found_through_the_elements_inside_a_block(open_text):
    unseen = '<bdi class="unseen" data-name="ZWSP">\u200b</bdi>'
    html = f"Rate <em>doubled <b>\U0001f4a9</b></em>{unseen} in May"
    page = open_text([{"text": "Rate doubled \U0001f4a9\u200b in May", "html": html}])
    taken = page.evaluate(
        """
        () => {
          const r = new Range();
          r.selectNode(document.querySelector('em'));
          return text.take(r);
        }
        """
    )
    assert taken["place"] == {"start": 5, "end": 14}
    whole = page.evaluate("() => text.rangeOf({start: 5, end: 18}).toString()")
    assert whole == "doubled \U0001f4a9\u200b in"


def test_a_translated_page_is_refused_rather_than_misquoted(open_text):
    page = open_text([{"text": "Prices rose."}, {"text": "They fell again."}])
    reason = page.evaluate(
        """() => {
          document.querySelector('p').textContent = 'Die Preise stiegen.';
          const r = new Range(); r.selectNodeContents(document.querySelector('article'));
          return text.take(r).reason;
        }"""
    )
    assert "translation" in reason


def test_a_block_that_is_not_its_stored_length_says_so(open_text, complaints):
    open_text([{"text": "Prices rose.", "html": "Prices  rose."}])
    assert complaints == ["The block at 0 should end at 12 and ends at 13."]
    complaints.clear()


@pytest.mark.parametrize(
    "place", [{"start": 5, "end": 5}, {"start": 90, "end": 95}, {"start": 12, "end": 14}]
)
def test_a_place_without_text_has_no_range(open_text, place):
    page = open_text([{"text": "Prices rose."}, {"text": "They fell again."}])
    assert page.evaluate("(place) => text.rangeOf(place) === null", place)


def test_a_megabyte_in_five_thousand_blocks_is_read_and_taken(open_text):
    page = open_text(
        [{"text": "Prices rose by \U0001f4a9 4% in May, and fell again. " * 4} for _ in range(5000)]
    )
    spent, quote = page.evaluate(
        """async () => {
          const { ArticleText } = await import('/static/annotations/js/text.js');
          const began = performance.now();
          const text = new ArticleText(document.querySelector('article'));
          const read = performance.now();
          const { quote } = text.take(text.rangeOf({ start: 400007, end: 400020 }));
          return [[read - began, performance.now() - read], quote];
        }"""
    )
    assert sum(spent) < 1000
    assert len(quote) > 5
