"""The text of an HTML article has the words that Chromium shows of it, in their order."""

import unicodedata
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from annotations.rules.html import canonical_html
from annotations.rules.refusals import Malformed

Shown = Callable[[str], list[str]]

# A closed `<details>` is opened, as its reader may do.
SHOW = """html => {
  const page = document.querySelector("iframe").contentDocument;
  page.open(); page.write(html); page.close();
  for (const one of page.querySelectorAll("details")) one.open = true;
  return page.documentElement.innerText;
}"""


INLINE = ["b", "big", "i", "s", "small", "strike", "tt", "u"]
BLOCKS = ["dl", "form", "h2", "pre", "ul"]


@pytest.fixture(scope="module")
def shown(browser: Browser) -> Iterator[Shown]:
    context = browser.new_context()
    page = context.new_page()
    page.set_content("<!doctype html><iframe width=1200 height=800></iframe>")
    yield lambda html: folded(page.evaluate(SHOW, html))
    context.close()


def folded(text: str) -> list[str]:
    """The words; a formula's slanted letters as letters."""
    return unicodedata.normalize("NFKC", text).split()


def words(html: str) -> list[str]:
    try:
        return folded(canonical_html(html)[0].text)
    except Malformed as refused:
        return [] if "no text" in refused.problems["text"] else [str(refused)]


@pytest.mark.browser
@pytest.mark.parametrize(
    "html",
    [
        *(f"<{tag} hidden>a<p>b</p>c</{tag}>d" for tag in INLINE),
        *(f"<{tag} hidden><div>a</div><p>b</{tag}>c" for tag in BLOCKS),
        "<a hidden><table><tr><td>a</table>b</a>c",
        "<b hidden>a<p>b</b>c</p>d",
        "<i hidden>a<p>b<p>c</i>d<p>e",
        "<p hidden>a<table><tr><td>b</table>c",
        "<a hidden>a<a>b</a>c",
        "<nobr hidden>a<nobr>b",
        "<table>a<tr hidden><td>b<tr><td>c<div>d</table>e",
        "<table><caption>a<tr><td>1<td>2<tr><td>3</table>",
        "<td>a<td>b",
        "<ul><li>a<ol><li hidden>b<li>c</ol><li>d</ul>e",
        "<details><summary>a</summary>b<p hidden>c</details>d",
        "a <template>b<p>c</template> <noscript>d<p>e</noscript> <iframe>f</iframe> g",
        "<noscript><!--</noscript>a-->b",
        "<svg>a<title>b</title><text>c<tspan>d</tspan></text><desc>e</desc></svg> f",
        "<svg hidden><g><text>a</text></g><foreignObject><p>b</p></foreignObject></svg>",
        "<svg><style><p>a",
        "<math><mi> x </mi> <mn> 1 </mn>a<annotation>b</annotation></math> c",
        "<math><mphantom><mi>a</mi></mphantom></math>b",
        "<select>a<option>b</select>",
        "a <button>b</button> c <label>d<input value=e></label>",
        "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字",
        "a<br>b<wbr>c<hr>d",
        "a<span style='display: none'>b</span><b style='DISPLAY:NONE;display:inline'>c</b>",
        "a<p hidden style='display:block'>b<p hidden=until-found>c<p popover>d",
        "<p style='visibility:hidden'>a <b style='visibility:visible'>b</b> <i>c</i></p>",
        "<p aria-hidden=true>a",
        "a<dialog>b</dialog><dialog open>c</dialog>",
        "a<meter>b</meter><progress>c</progress><audio>d</audio><object data=x>e</object>",
        "<xmp><b>a</b></xmp><listing>\n\n b</listing>",
        "a\x0bb\x01c &#11;d &#12;e &#127;f",
        "<div>" * 450 + "<p hidden>a<b>b</b></p>c",
        "<p>a<b>b<i>c</b>d</i><p>e",
        "<frameset><frame></frameset>a",
        "<head><p>a</head><body hidden>b",
    ],
)  # fmt: skip
def test_what_is_hidden_is_absent_and_what_is_shown_is_there(html: str, shown: Shown) -> None:
    assert words(html) == shown(html)


FLOW = [
    "a", "article", "b", "big", "blockquote", "caption", "center", "code", "dd", "details", "div",
    "dl", "dt", "em", "fieldset", "figcaption", "figure", "font", "form", "h1", "h2", "i", "legend",
    "li", "nobr", "ol", "p", "pre", "s", "section", "small", "span", "strike", "strong", "summary",
    "table", "tbody", "td", "th", "thead", "tr", "tt", "u", "ul",
]  # fmt: skip
ALL = [
    "address", "applet", "annotation", "button", "col", "colgroup", "desc", "dialog", "dir",
    "foreignObject", "g", "head", "label", "listing", "main", "math", "menu", "mi", "mn", "mtext",
    "nav", "noscript", "object", "rb", "rt", "ruby", "style", "svg", "template", "text", "title",
    "tspan", "xmp",
]  # fmt: skip
HIDDEN = ["", "", "", "", " hidden", " style='display:none'"]
SHOWN_AGAIN = [*HIDDEN, " open", " style='visibility:hidden'", " style='visibility:visible'"]


def soups(tags: list[str], attributes: list[str], said: list[str]) -> st.SearchStrategy[str]:
    """Tags in any order, and numbered words between them."""
    starts = st.builds("<{}{}>".format, st.sampled_from(tags), st.sampled_from(attributes))
    ends = st.sampled_from(tags).map("</{}>".format)
    void = st.sampled_from(["<br>", "<hr>", "<wbr>", "<img>"])
    parts = st.one_of(starts, starts, ends, st.sampled_from(said), st.sampled_from(said), void)
    return st.lists(parts, max_size=16).map(numbered)


def numbered(parts: list[str]) -> str:
    return "".join(
        part.replace("w", f"w{n}") if "<" not in part else part for n, part in enumerate(parts)
    )


of_many = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.browser
@of_many
@given(html=soups(FLOW, HIDDEN, ["w", " w", "w "]))
def test_any_soup_of_tags_has_the_words_of_the_page(html: str, shown: Shown) -> None:
    assert words(html) == shown(html)


@pytest.mark.browser
@of_many
@given(html=soups(FLOW + ALL, SHOWN_AGAIN, [" w "]))
def test_any_soup_of_all_tags_has_the_words_of_the_page(html: str, shown: Shown) -> None:
    """Words stand apart here: `innerText` joins what is in two boxes of one line."""
    assert words(html) == shown(html)
