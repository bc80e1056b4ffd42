"""HTML: what becomes a block, what is absent, what a whole page offers, and hostile pages."""

import datetime
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.rules.canonical import canonical_text
from annotations.rules.html import LONGEST_HTML, canonical_html
from annotations.rules.refusals import Malformed, Problems
from annotations.rules.trees import DEEPEST, MOST_TAGS


def text(html: str) -> str:
    return canonical_html(html)[0].text


def kinds(html: str) -> list[tuple[str, str]]:
    made = canonical_html(html)[0]
    return [(block.kind.value, made.text[block.start : block.end]) for block in made.blocks]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("AT&amp;T", "AT&T"),
        ("&#0;&#x80;&#xD800;", "�€�"),
        ("&lt;b&gt; &hellip; &notit; &amp;lt;", "<b> … ¬it; &lt;"),
        ("<pre>\nx</pre>", "x"),
        ("<pre>a  b\n\n  c<br>d</pre>", "a  b\n\n  c\nd"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<p>a<p>b", "a\n\nb"),
        ("a   b\n\tc", "a b c"),
        ("<b>a</b> <i> b</i>c", "a bc"),
        ("12&nbsp;%\u00a0 x", "12\u00a0%\u00a0 x"),
        ("a<br>b", "a\nb"),
        ("a <br> b", "a\nb"),
        ("a<br><br>b<br>", "a\n\nb"),
        ("<table><tr><td>1</td> <td>2</td><tr><th>3<td>4</table>", "1\t2\n\n3\t4"),
        ("<ul><li>one<li>two<ol><li>three</ol></ul>", "one\n\ntwo\n\nthree"),
        ("<figure><img alt=x><figcaption>A bridge.</figcaption></figure>", "A bridge."),
        ("a<span hidden>b</span><span style='display : none'>c</span>d", "ad"),
        ("a<i style=visibility:hidden>b<b style=visibility:visible>c</b></i>d", "acd"),
        ("a<script>b</script><style>c</style><template>d</template><noscript>e</noscript>", "a"),
        ("a<!-- b --><?c d?><![CDATA[e]]>f", "af"),
        ("<p title='a>b'>c</p><img src=x onerror='d'>", "c"),
        ("<div>a<div>b</div>c</div>", "a\n\nb\n\nc"),
        ("<p>&nbsp;</p><p>a</p><p> </p><p>b</p>", "a\n\nb"),
        ("\ufeffa", "a"),
        ("de\u200bficit \u202e21\u202c Cafe\u0301", "de\u200bficit \u202e21\u202c Cafe\u0301"),
        ("1 < 2 && 3 > 2", "1 < 2 && 3 > 2"),
        ("<b hidden><p>a</p></b>b", "b"),
        ("<a hidden><table><tr><td>a</table></a>b", "b"),
        ("<h2 hidden><div>a</div></h2><ul hidden><p>b</ul>c", "c"),
        ("a<b aria-hidden=true>b</b><details><summary>c</summary>d</details>", "ab\n\nc\n\nd"),
        ("one\x0btwo\x01 &#11;three\x0c", "one\x0btwo\x01 \x0bthree\x0c"),
    ],
)
def test_the_words_are_those_that_a_page_shows(html: str, words: str) -> None:
    assert text(html) == words


def test_blocks_are_what_their_tags_say() -> None:
    html = """<h1>The headline</h1><p>One.</p><h2>A heading</h2><blockquote><p>“Two.”</p>
      </blockquote><ul><li><p>Three</p></li></ul><button>Go</button><nav><h2>Where</h2></nav>"""
    assert kinds(html) == [
        ("headline", "The headline"),
        ("paragraph", "One."),
        ("heading", "A heading"),
        ("quote", "“Two.”"),
        ("list_item", "Three"),
        ("furniture", "Go"),
        ("furniture", "Where"),
    ]


def test_furniture_is_known_by_its_words_as_well() -> None:
    made, _ = canonical_html("<p>Share this article</p><p>One.</p><p>Mine</p>", furniture=["mine"])
    assert [block.kind.value for block in made.blocks] == ["furniture", "headline", "furniture"]


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("<p>a\n<p>b\x00", "line 2, column 5"),
        ("a\ud800", "line 1, column 2"),
        ("", "no text"),
        ("<script>a</script><p hidden>b</p>", "no text"),
        (
            "<br>" * (MOST_TAGS + 1) + "x",
            "150,001 tags; 150,000 is the most. Take only the article",
        ),
        ("<div>" * (DEEPEST + 1) + "x", "more than 500 deep. Paste its text instead."),
        ("".join(f"<i a={n}>" for n in range(400)) + "<p>x" * 2_000, "too often. Paste its text"),
        ("<b>" + "<div>" * 400 + "</b>" * 10_000 + "x", "too often. Paste its text"),
        ("x" * (LONGEST_HTML + 1), "5,000,001 characters; 5,000,000 is the most"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(html: str, says: str) -> None:
    with pytest.raises(Malformed) as refused:
        canonical_html(html)
    assert says in refused.value.problems["text"]


PAGE = """<!doctype html><html lang="en_GB"><head>
<title>The council spends more | Example Times</title>
<meta name="author" content="Ann Author"><meta property="og:site_name" content="Example Times">
<meta property="article:published_time" content="2025-03-17T10:00:00Z">
<link rel="canonical" href="https://example.org/council"></head><body>
<header><a href="/">Example Times</a><nav><a href="/news">News</a></nav></header>
<main><article><h1>The council spends more</h1><p class="byline">By Ann Author</p>
<p>The council spent 12% more in 2024 than in the year before, the mayor said on Tuesday.</p>
<blockquote>“We have never spent this much on roads,” she said to the press.</blockquote>
<p>Prices doubled in the same year, according to the statistics office of the region.</p>
<p>It fell.</p></article></main>
<aside><p>Elsewhere the harbour works begin, and they cost three million a year.</p></aside>
<footer>© 2025 Example Times</footer></body></html>"""


def test_of_a_whole_page_the_article_is_told_from_what_stands_around_it() -> None:
    assert [kind for kind, _ in kinds(PAGE)] == [
        "furniture", "furniture", "headline", "paragraph", "paragraph", "quote", "paragraph",
        "paragraph", "furniture", "furniture",
    ]  # fmt: skip


def test_a_whole_page_offers_what_it_says_of_itself() -> None:
    facts = canonical_html(PAGE)[1]
    assert facts.title == "The council spends more"
    assert (facts.author, facts.publisher) == ("Ann Author", "Example Times")
    assert (facts.date, facts.language) == (datetime.date(2025, 3, 17), "en-GB")
    assert facts.address == "https://example.org/council"


def test_a_page_whose_article_is_not_found_keeps_its_words() -> None:
    assert kinds("<html><body><p>One.</p><p>Two.</p></body></html>") == [
        ("headline", "One."),
        ("paragraph", "Two."),
    ]


storable = st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff")
tags = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", "<pre>", "</pre>", "<br>", "<b>", "</b>", "<ul><li>",
     "</ul>", "<table><tr><td>", "<td>", "</table>", "<h1>", "</h1>", "<i hidden>", "</i>",
     "<script>", "</script>", "<!--", "-->", "<a href='", "'>", "&amp;", "&#0;", "&nbsp;",
     "&#13;", "<html>", "<body>", "</body>", "</html>", "<textarea>", "</textarea>", "<svg>",
     "<nav>", "</nav>", "\r\n", "\n", "\t", " "]
)  # fmt: skip
pages = st.lists(st.one_of(tags, st.text(storable, max_size=12)), max_size=25).map("".join)


@settings(deadline=None)  # the first whole page loads what reads it
@given(pages)
def test_blocks_of_any_page_stand_in_order_and_cover_every_word(html: str) -> None:
    try:
        made, _ = canonical_html(html)
    except Malformed:
        return
    at = 0
    for block in made.blocks:
        assert made.text[at : block.start].strip() == ""
        assert at <= block.start < block.end <= len(made.text)
        inside = made.text[block.start : block.end]
        assert inside == inside.strip()
        at = block.end
    assert made.text[at:].strip() == ""
    assert canonical_text(made.text).text == made.text


letters = st.text(st.characters(categories=["L", "N"], max_codepoint=0x2FFF), min_size=1)


@given(st.lists(letters, min_size=1, max_size=6))
def test_plain_words_in_paragraphs_come_out_as_they_are(words: list[str]) -> None:
    assert text("".join(f"<p>{one}</p>" for one in words)) == "\n\n".join(words)


MILLION = 1_000_000
HOSTILE = {
    "a hundred thousand divisions": "<div>" * 100_000 + "x",
    "a hundred thousand links": "<a href=x><p>" * 100_000 + "x",
    "a million attributes": "<p " + " ".join(f"a{n}" for n in range(500_000)) + ">x",
    "a million attributes of a page": "<body " + " ".join(f"a{n}" for n in range(500_000)) + ">x",
    "a million entities": "&amp;" * MILLION,
    "entities of entities": '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]>&c;'
    + "&c;" * 100_000,
    "comments that do not end": "x" + "<!--" * MILLION,
    "tags that do not begin": "x" + "</" * MILLION,
    "ends without a beginning": "x" + "</p></b>" * (MILLION // 2),
    "letters of formatting": "".join(f"<i a={n}>" for n in range(2_000)) + "<p>x" * 20_000,
    "paragraphs in letters": "".join(f"<i a={n}>" for n in range(400)) + "<p>x" * 140_000,
    "letters that end late": "".join(f"<b a={n}>" for n in range(240))
    + "<div>" * 240
    + "</b>" * 140_000,
    "as many tags as a page may have": "<p>x" * MOST_TAGS,
    "tables in tables": "<table><tr><td>" * 100_000 + "x",
    "a page of many blocks": "<html><body>" + "<p>some words of an article</p>" * 49_000,
    "a page of many links": "<html><body>" + "<a href=x>hello</a> " * 100_000,
    "a style of blanks": "<p style='display" + " " * MILLION + "'>x",
    "combining marks": "<p>e" + "\u0301" * MILLION,
    "line breaks": "x" + "<br>" * MILLION,
    "fifty megabytes": "<p>x" * 12_500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_or_refused_in_time(name: str) -> None:
    began = time.process_time()
    problems = Problems()
    problems.attempt(lambda: canonical_html(HOSTILE[name]), None)
    assert time.process_time() - began < 5
    assert all(re.search(r"[A-Z].*\.$", sentence) for sentence in problems.values())
