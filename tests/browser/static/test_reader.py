"""Selecting with the keyboard alone."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

BLOCKS = [
    {"text": "Peace talks begin", "tag": "h1"},
    {"text": "Share", "furniture": True},
    {
        "text": "Trump spoke on Sunday. The U.S. President will call on Tuesday. "
        "\U0001f1fa\U0001f1e6 Kyiv waits."
    },
    {"text": "Putin agreed."},
]


@pytest.fixture
def reader(open_text) -> Page:
    page = open_text(BLOCKS)
    page.evaluate(
        """async () => {
          const { Reader } = await import('/static/annotations/js/reader.js');
          window.heard = [];
          window.reader = new Reader(text, (quote) => heard.push(quote));
        }"""
    )
    return page


def selected(page: Page) -> str:
    quote: str = page.evaluate("() => text.take(getSelection()).quote")
    return quote


def test_it_begins_with_the_first_sentence_in_view(reader):
    reader.evaluate("reader.step('sentence', 1)")
    assert selected(reader) == "Peace talks begin"


def test_it_begins_where_the_mouse_left_the_caret(reader):
    reader.evaluate(
        """
        () => {
          getSelection().collapse(document.querySelectorAll('p')[1].firstChild, 25);
          reader.step('sentence', 1);
        }
        """
    )
    assert selected(reader) == "The U.S. President will call on Tuesday."


def test_sentences_follow_each_other_across_blocks_and_past_furniture(reader):
    for _ in range(6):
        reader.evaluate("reader.step('sentence', 1)")
    assert reader.evaluate("heard") == [
        "Peace talks begin",
        "Trump spoke on Sunday.",
        "The U.S. President will call on Tuesday.",
        "\U0001f1fa\U0001f1e6 Kyiv waits.",
        "Putin agreed.",
    ]


def test_sentences_go_back_too(reader):
    reader.evaluate(
        """
        () => {
          times(5, () => reader.step('sentence', 1));
          times(4, () => reader.step('sentence', -1));
        }
        """
    )
    assert selected(reader) == "Peace talks begin"
    assert reader.evaluate("reader.step('sentence', -1)") is False


def test_a_smaller_unit_begins_where_the_larger_one_stood(reader):
    reader.evaluate(
        "() => { reader.step('sentence', 1); reader.step('sentence', 1); reader.step('word', 1) }"
    )
    assert selected(reader) == "Trump"
    reader.evaluate("() => { reader.step('word', 1); reader.step('word', 1) }")
    assert selected(reader) == "on"


def test_ends_move_out_and_in_by_words(reader):
    reader.evaluate(
        """
        () => {
          reader.step('sentence', 1);
          reader.step('sentence', 1);
          reader.step('word', 1);
          reader.step('word', 1);
        }
        """
    )
    reader.evaluate(
        """
        () => {
          reader.move('end', 'word', 1);
          reader.move('end', 'word', 1);
          reader.move('start', 'word', -1);
        }
        """
    )
    assert selected(reader) == "Trump spoke on Sunday"
    reader.evaluate("() => { reader.move('end', 'word', -1); reader.move('start', 'word', 1) }")
    assert selected(reader) == "spoke on"


def test_an_end_moves_by_characters_through_blanks_and_flags(reader):
    reader.evaluate(
        """
        () => {
          times(3, () => reader.step('sentence', 1));
          reader.move('end', 'grapheme', 1);
          reader.move('end', 'grapheme', 1);
        }
        """
    )
    assert selected(reader) == "The U.S. President will call on Tuesday. \U0001f1fa\U0001f1e6"


def test_an_end_moves_into_the_next_block(reader):
    reader.evaluate(
        "() => { times(4, () => reader.step('sentence', 1)); reader.move('end', 'word', 1) }"
    )
    assert selected(reader) == "\U0001f1fa\U0001f1e6 Kyiv waits.\n\nPutin"


def test_an_end_does_not_move_across_furniture(reader):
    assert (
        reader.evaluate(
            "() => { reader.step('sentence', 1); return reader.move('end', 'word', 1) }"
        )
        is False
    )
    assert selected(reader) == "Peace talks begin"


def test_a_selection_never_turns_inside_out(reader):
    reader.evaluate(
        """
        () => {
          reader.step('sentence', 1);
          reader.step('word', 1);
          times(3, () => reader.move('end', 'word', -1));
        }
        """
    )
    assert selected(reader) == "Peace"


def test_a_selection_of_the_mouse_is_taken_up(reader):
    reader.evaluate("() => { reader.step('sentence', 1); select(26, 31) }")
    reader.evaluate("reader.move('end', 'word', 1)")
    assert selected(reader) == "Trump spoke"


def test_the_key_that_points_left_goes_forward_in_arabic(open_text):
    page = open_text([{"text": "ارتفعت الأسعار بنسبة"}], lang="ar", direction="rtl")
    forward = page.evaluate(
        """async () => {
          const { Reader } = await import('/static/annotations/js/reader.js');
          const reader = new Reader(text); reader.step('word', 1);
          return [reader.forward(1), reader.forward(-1)];
        }"""
    )
    assert forward == [-1, 1]


def test_what_is_selected_comes_into_view(open_text):
    page = open_text([{"text": "A sentence. " * 40} for _ in range(20)])
    page.evaluate(
        """async () => {
          document.querySelector('main').style.height = '300px';
          const { Reader } = await import('/static/annotations/js/reader.js');
          new Reader(text).show({ start: 4000, end: 4011 });
        }"""
    )
    inside = page.evaluate(
        """() => {
          const words = getSelection().getRangeAt(0).getBoundingClientRect();
          return words.top >= box('main').top && words.bottom <= box('main').bottom;
        }"""
    )
    assert inside
