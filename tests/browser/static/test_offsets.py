"""Code points and UTF-16 units."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

USE = "async (it) => { const m = await import('/static/annotations/js/offsets.js'); %s }"


@pytest.fixture
def offsets(open_body, page: Page):
    open_body("")
    return lambda body, it=None: page.evaluate(USE % body, it)


@pytest.mark.parametrize(
    "text", ["", "plain", "\U0001f4a9", "a\U0001f4a9b\U0001d11e", "é한\U00020bb7"]
)
def test_every_code_point_goes_to_its_unit_and_back(offsets, text):
    body = """
      const o = m.offsetsOf(it);
      const there = Array.from({ length: o.length + 1 }, (_, i) => o.toUnits(i));
      return there.map((unit) => [unit, o.toPoints(unit)]);
    """
    units = [len(text[:i].encode("utf-16-le")) // 2 for i in range(len(text) + 1)]
    assert offsets(body, text) == [[unit, i] for i, unit in enumerate(units)]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ("toPoints(1)", "1 lies inside a surrogate pair. Take 0 or 2."),
        ("toPoints(-1)", "-1 lies outside the text, which ends at 25."),
        ("toPoints(26)", "26 lies outside the text, which ends at 25."),
        ("toUnits(25)", "25 lies outside the text, which ends at 24."),
        ("toUnits(0.5)", "0.5 lies outside the text, which ends at 24."),
    ],
)
def test_an_offset_that_is_none_is_refused_with_a_sentence(offsets, call, sentence):
    body = f"try {{ m.offsetsOf(it).{call} }} catch (e) {{ return e.message }}"
    assert offsets(body, "\U0001f4a9This is an annotation. ") == sentence


@pytest.mark.parametrize(
    ("text", "start", "end", "wide"),
    [
        ("\U0001f1fa\U0001f1e6\U0001f1f5\U0001f1f1", 2, 6, [0, 8]),
        ("e\u0301", 0, 1, [0, 2]),
        ("e\u0301", 1, 2, [0, 2]),
        ("\U0001f468\U0001f3fb\u200d\U0001f692!", 4, 5, [0, 7]),
        ("अनु", 0, 2, [0, 3]),
        ("abc", 1, 2, [1, 2]),
        ("", 0, 0, [0, 0]),
    ],
)
def test_ends_inside_a_character_move_out_to_it(offsets, text, start, end, wide):
    body = f"const w = m.widen(it, {start}, {end}); return [w.start, w.end]"
    assert offsets(body, text) == wide


@pytest.mark.parametrize("sign", ["a", "\u00e9", "\U0001f4a9"])
def test_a_megabyte_takes_ten_thousand_conversions_without_a_wait(offsets, sign):
    body = """
      const text = it.repeat(1e6 / it.length), began = performance.now(), o = m.offsetsOf(text);
      for (let i = 0; i < 10000; i++) o.toPoints(o.toUnits(i * 37));
      m.widen(text, 5e5, 5e5 + 2);
      return performance.now() - began"""
    assert offsets(body, sign) < 500
