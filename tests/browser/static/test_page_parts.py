"""The parts beside the text: numbers, minimap, notes, panes, toast, scale, icons."""

import json

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LONG = "Prices rose by 4% in May. " * 12
MODULES = """async () => {
  const names = 'paint gutter minimap measure notes pop panes toast scale theme dialog';
  for (const name of names.split(' '))
    window[name] = await import(`/static/annotations/js/${name}.js`);
}"""


def marks(*places: tuple[int, int], line: str = "true") -> list[dict[str, object]]:
    return [
        {"id": f"a{n}", "n": n, "start": start, "end": end, "line": line}
        for n, (start, end) in enumerate(places, 1)
    ]


BENCH = """<div class="wb">
<header class="bar"><button class="list-btn btn" aria-expanded="false">Claims</button></header>
<div class="wb-grid"><nav class="list" data-pane tabindex="-1"><ol class="rows">
<li><a class="row" href="#c1">One</a></li>
<li><a class="row" href="#c2" aria-current="true">Two</a></li></ol></nav>
<div class="stage">{}<div class="minimap" aria-hidden="true"></div></div>
<aside class="panel" data-pane tabindex="-1"><div class="panel-body">Panel</div></aside>
</div></div>"""
BESIDE = """<div class="gutter" aria-hidden="true" data-icons="/static/annotations/icons.svg"></div>
<div class="pop" role="toolbar" hidden><button type="button">Mark</button>
<span class="len"></span></div>"""
SET_UP = """async ([list, beside]) => {
  document.querySelector('main').dataset.pane = '';
  const galley = document.querySelector('.galley');
  const article = document.querySelector('article');
  galley.insertAdjacentHTML('beforeend', beside);
  window.painter = await paint.createPainter(text, galley);
  painter.paint(list);
  window.numbers = document.querySelector('.gutter');
  window.map = document.querySelector('.minimap');
  gutter.fillGutter(numbers, painter.marks, (m) => `#claim-${m.n}`);
  minimap.fillMinimap(map, painter.marks);
  window.laid = 0;
  measure.onLayout(article, () => {
    gutter.placeGutter(numbers, measure.measure(painter.marks, galley));
    const spots = measure.measure(painter.marks, article);
    minimap.placeMinimap(map, document.querySelector('main'), article, spots);
    laid++;
  });
}"""


@pytest.fixture
def bench(open_text):
    def show(*places: tuple[int, int], blocks: int = 12) -> Page:
        page = open_text([{"text": LONG} for _ in range(blocks)], around=BENCH)
        page.evaluate(MODULES)
        page.evaluate(SET_UP, [marks(*places), BESIDE])
        page.wait_for_function("() => window.laid > 0")
        return page

    return show


TOPS = """() => painter.marks.map((m) => {
  const link = box(`.gutter [data-id="${m.id}"]`);
  const line = m.range.getClientRects()[0];
  return Math.abs(link.top + link.height / 2 - line.top - line.height / 2);
})"""


def test_a_number_stands_beside_its_first_line(bench):
    page = bench((0, 20), (700, 720))
    assert max(page.evaluate(TOPS)) < 2


def test_numbers_follow_when_the_text_is_laid_out_anew(bench):
    page = bench((0, 20), (700, 720))
    page.set_viewport_size({"width": 1250, "height": 900})
    page.wait_for_function(f"() => Math.max(...({TOPS})()) < 2")


def test_numbers_of_one_line_do_not_overlap(bench):
    page = bench((0, 3), (4, 8), (9, 12), (13, 16))
    tops = page.evaluate("[...numbers.children].map((a) => parseFloat(a.style.insetBlockStart))")
    assert tops == sorted(tops)
    assert min(b - a for a, b in zip(tops, tops[1:], strict=False)) >= 14


def test_the_minimap_shows_marks_in_order_and_jumps_when_pressed(bench):
    page = bench((0, 20), (1500, 1600), (3300, 3400))
    tops = page.evaluate(
        "[...map.querySelectorAll('i')].map((i) => parseFloat(i.style.insetBlockStart))"
    )
    assert tops == sorted(tops)
    page.mouse.click(
        *page.evaluate(
            "() => { const b = map.getBoundingClientRect(); return [b.left + 8, b.bottom - 40] }"
        )
    )
    assert page.evaluate("document.querySelector('main').scrollTop") > 300


def test_three_thousand_marks_get_their_numbers_without_a_wait(bench):
    page = bench(*((i * 7, i * 7 + 5) for i in range(3000)), blocks=70)
    spent = page.evaluate(
        """() => {
          const galley = document.querySelector('.galley');
          const began = performance.now(); const spots = measure.measure(painter.marks, galley);
          const read = performance.now(); gutter.placeGutter(numbers, spots);
          return [read - began, performance.now() - read];
        }"""
    )
    assert sum(spent) < 1000


def test_the_bar_comes_with_a_selection_and_goes_with_it(bench):
    page = bench((0, 20))
    page.evaluate(
        """
        () => {
          window.last = null;
          pop.followSelection(document.querySelector('.pop'), text, (taken) => { last = taken });
        }
        """
    )
    page.evaluate("() => { select(30, 45) }")
    page.wait_for_function("() => !document.querySelector('.pop').hidden")
    assert page.inner_text(".pop .len") == "15 characters"
    assert page.evaluate("last.quote") == LONG[30:45]
    page.evaluate("getSelection().removeAllRanges()")
    page.wait_for_function("() => document.querySelector('.pop').hidden")


def test_pressing_the_bar_keeps_the_selection(bench):
    page = bench((0, 20))
    page.evaluate(
        "() => { pop.followSelection(document.querySelector('.pop'), text) ; select(330, 345) }"
    )
    page.click(".pop button")
    assert page.evaluate("String(text.take(getSelection()).quote.length)") == "15"


def test_f6_goes_round_the_panes_both_ways(bench):
    page = bench((0, 20))
    where = "() => { panes.nextPane(%d); return document.activeElement.tagName }"
    assert [page.evaluate(where % 1) for _ in range(4)] == ["NAV", "MAIN", "ASIDE", "NAV"]
    assert page.evaluate(where % -1) == "ASIDE"


@pytest.mark.parametrize("width", [1100, 390])
def test_on_a_narrow_page_the_button_brings_the_list_and_takes_it_away(bench, width):
    page = bench((0, 20))
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(
        """
        () => {
          const parts = ['.wb-grid', '.list-btn', '.list'];
          window.close = panes.drawer(...parts.map((part) => document.querySelector(part)));
        }
        """
    )
    assert not page.locator(".list").is_visible()
    page.click(".list-btn")
    assert page.locator(".list").is_visible()
    assert page.get_attribute(".list-btn", "aria-expanded") == "true"
    assert page.evaluate("document.activeElement.textContent") == "Two"
    assert page.evaluate("close()") is True
    assert not page.locator(".list").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Claims"
    assert page.evaluate("close()") is False


NOTES = """<main class="read"><article class="read-body">
<div class="blk">
<div class="text"><p data-start="0" data-end="25">Prices rose by 4% in May.</p></div>
<ol class="notes">
<li class="note" data-n="1"><span class="n">1</span>
<span><a href="#x">True</a><span class="why">{why}</span></span></li>
<li class="note" data-n="2"><span class="n">2</span>
<span><a href="#y">True</a><span class="why">Short</span></span></li></ol></div>
<div class="blk"><div class="text"><p data-start="27" data-end="44">They fell in June</p></div>
<ol class="notes">
<li class="note" data-n="3"><span class="n">3</span>
<span><a href="#z">True</a></span></li></ol></div>
<div class="gutter" aria-hidden="true"></div></article></main>
<script type="application/json" id="marks">{marks}</script>"""


@pytest.fixture
def published(open_body):
    def show(width: int) -> Page:
        page = open_body("")
        page.set_viewport_size({"width": width, "height": 900})
        body = NOTES.replace("{why}", "A long reason. " * 12)
        body = body.replace("{marks}", json.dumps({"marks": marks((0, 6), (7, 11), (27, 31))}))
        page = open_body(
            body, head='<script type="module" src="/static/annotations/js/public.js"></script>'
        )
        page.wait_for_function("() => document.querySelector('.gutter a')?.style.insetBlockStart")
        return page

    return show


def test_notes_stand_beside_their_lines_and_never_overlap(published):
    page = published(1440)
    boxes = page.evaluate(
        """
        [...document.querySelectorAll('.note')].map((n) =>
          { const b = n.getBoundingClientRect(); return [b.top, b.bottom] })
        """
    )
    assert all(above[1] <= below[0] + 1 for above, below in zip(boxes, boxes[1:], strict=False))
    assert page.evaluate("box('.note').top - box('p').top") < 12


def test_on_a_phone_notes_follow_their_paragraph(published):
    page = published(390)
    assert page.evaluate("getComputedStyle(document.querySelector('.note')).position") == "static"


def test_focus_on_a_note_tints_its_passage(published):
    page = published(1440)
    page.focus(".note a")
    assert page.evaluate("CSS.highlights.get('hover-true').size") == 1
    page.evaluate("document.activeElement.blur()")
    assert page.evaluate("CSS.highlights.has('hover-true')") is False


def test_a_toast_speaks_offers_the_way_back_and_gives_room_to_the_next(open_body):
    page = open_body("")
    page.evaluate(MODULES)
    page.evaluate(
        """
        () => {
          window.undone = 0;
          toast.toast('Mark removed.', { label: 'Undo', run: () => { undone++ } });
        }
        """
    )
    assert page.get_by_role("status").inner_text().startswith("Mark removed.")
    page.evaluate("toast.toast('Draft saved.')")
    assert page.locator(".toast").count() == 1
    page.evaluate("toast.toast('Mark removed.', { label: 'Undo', run: () => { undone++ } })")
    page.click(".toast button")
    assert page.evaluate("undone") == 1
    assert page.locator(".toast").count() == 0


def test_a_chosen_rating_shows_its_definition_and_numbers_choose(open_body):
    page = open_body(
        '<form><div class="scale">'
        '<label><input type="radio" name="rating" value="true">True</label>'
        '<label><input type="radio" name="rating" value="false">False</label></div>'
        '<p class="definition"><span data-of="true">Accurate.</span>'
        '<span data-of="false">Contradicted.</span></p></form>'
    )
    page.evaluate(MODULES)
    assert page.evaluate("scale.rate(2)") is True
    assert page.locator(".definition .on").inner_text() == "Contradicted."
    assert page.evaluate("scale.rate(3)") is False


def test_a_kept_theme_is_set_before_the_page_is_painted_and_can_be_changed(open_body):
    choice = "".join(f'<input type="radio" name="theme" value="{v}">' for v in ("system", "dark"))
    head = (
        '<script src="/static/annotations/js/theme-early.js"></script>'
        '<script type="module" src="/static/annotations/js/theme.js"></script>'
    )
    page = open_body(choice, head=head)
    page.check("[value=dark]")
    page = open_body(choice, head=head)
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert page.is_checked("[value=dark]")
    page.check("[value=system]")
    assert page.evaluate("localStorage.getItem('theme')") is None


def test_a_glyph_of_the_sprite_takes_the_colour_and_the_ground_of_its_place(open_body):
    """An external symbol under our policy: colour and --ko are inherited into it."""
    page = open_body(
        '<svg id="glyph" class="g r-true">'
        '<use href="/static/annotations/icons.svg#r-true"></use></svg>'
    )
    page.wait_for_load_state("networkidle")
    page.evaluate(
        """
        () => {
          const s = document.querySelector('#glyph').style;
          s.width = s.height = '200px';
          s.setProperty('--ko', 'rgb(255, 0, 0)');
          s.color = 'rgb(0, 0, 255)';
        }
        """
    )
    pixels = page.locator("#glyph").screenshot()
    colours = page.evaluate(
        """async (bytes) => {
          const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d', { willReadFrequently: true });
          context.drawImage(image, 0, 0);
          const pixel = (x, y) => context.getImageData(image.width * x, image.height * y, 1, 1);
          const at = (x, y) => [...pixel(x, y).data.slice(0, 3)];
          return [at(0.5, 0.15), at(0.435, 0.665)];
        }""",
        list(pixels),
    )
    assert colours == [[0, 0, 255], [255, 0, 0]]
