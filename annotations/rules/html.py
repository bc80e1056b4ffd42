"""HTML becomes canonical text with its blocks; nothing in it is ever fetched.

What HTML shows and how it stands in the text:

| in the page | in the text |
|---|---|
| headings, paragraphs, quotes, list items, captions, table rows, `<pre>` | a block each |
| between two blocks | two line ends |
| `<br>` | one line end; two in a row part two blocks |
| between two cells of a table's row | a tab |
| white space in a block | one blank; as it is in `<pre>`; no-break spaces are kept |
| `hidden`, `display: none`, `popover`, scripts, styles, templates | absent |
| `visibility: hidden` | absent, but for what in it is visible again |
| `<noscript>` | absent: a reader's browser runs scripts |
| `aria-hidden` | there: it is hidden from no eye |
| what a closed `<details>` holds | there: its reader opens it |
| navigation, forms, buttons | blocks of the kind furniture |

The tree is built as the HTML standard says (`rules/trees.py`).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from justhtml import Element as Tag
from justhtml import Text

from annotations.rules.canonical import (
    Block,
    CanonicalText,
    Kind,
    is_headline,
    named_furniture,
    refuse_empty_or_too_long,
    refuse_too_many_blocks,
)
from annotations.rules.furniture import is_furniture
from annotations.rules.languages import language_of
from annotations.rules.pages import READABLE, PageFacts, read_page, squeezed
from annotations.rules.refusals import Malformed
from annotations.rules.trees import tree_of
from annotations.rules.words import refuse_unstorable

LONGEST_HTML = 5_000_000

UNSEEN = frozenset(
    {
        "area", "base", "datalist", "embed", "frame", "frameset", "head", "iframe", "link", "meta",
        "meter", "noembed", "noframes", "noscript", "object", "param", "progress", "rp", "script",
        "style", "template", "title", "audio", "video", "canvas",
    }
)  # fmt: skip
# Elsewhere in a drawing, a formula or a list to choose from, words are not shown.
WORDED = {
    "svg": frozenset({"text", "tspan", "textPath", "foreignObject"}),
    "math": frozenset({"mi", "mn", "mo", "ms", "mtext"}),
}
DRAWN = WORDED["svg"] | {"svg", "g", "a", "switch"}
UNDRAWN = frozenset({"annotation", "annotation-xml", "mphantom"})
STYLE = re.compile(
    r"(?:^|;)\s*+(display|visibility|content-visibility)\s*+:\s*+([a-z-]++)", re.IGNORECASE
)
BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd",
        "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer",
        "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend",
        "li", "listing", "main", "menu", "nav", "ol", "optgroup", "option", "p", "plaintext", "pre",
        "search", "section", "select", "summary", "table", "tbody", "textarea", "tfoot", "thead",
        "tr", "ul", "xmp",
    }
)  # fmt: skip
CELLS = frozenset({"td", "th"})
KEEPS_BLANKS = frozenset({"pre", "textarea", "listing", "xmp", "plaintext"})
KINDS = {
    "h1": Kind.HEADLINE,
    **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), Kind.HEADING),
    "blockquote": Kind.QUOTE,
    **dict.fromkeys(("li", "dd", "dt"), Kind.LIST_ITEM),
    **dict.fromkeys(("nav", "form", "button", "select", "textarea", "search"), Kind.FURNITURE),
}
ROLES = {"navigation", "banner", "contentinfo", "search", "form", "dialog", "alertdialog", "menu"}
WHITE = re.compile(r"[ \t\n\r]+")
WHOLE_PAGE = re.compile(r"<(?:html|head|body)[\s>]", re.IGNORECASE)


@dataclass(slots=True)
class Element:
    """An open element, and what holds for the words in it."""

    tag: str
    kind: Kind = Kind.PARAGRAPH
    unseen: bool = False  # with all that is in it
    visible: bool = True  # unless something in it says otherwise
    worded: bool = True  # whether it is a place for words
    keeps_blanks: bool = False
    number: int = 0  # of the innermost block
    around: int = 0  # of the block around that

    def look(self, attributes: Mapping[str, str], namespace: str) -> None:
        """Take in what a page shows of this element."""
        style = dict(STYLE.findall(attributes.get("style", "").casefold()))
        absent = namespace == "html" and (
            "hidden" in attributes
            or "popover" in attributes
            or (self.tag == "dialog" and "open" not in attributes)
        )
        self.unseen = (
            self.unseen
            or self.tag in UNSEEN
            or style.get("display", "none" if absent else "") == "none"
            or style.get("content-visibility") == "hidden"
            or (namespace == "svg" and self.tag not in DRAWN)
            or (namespace == "math" and self.tag in UNDRAWN)
        )
        self.visible = style.get("visibility", "visible" if self.visible else "") == "visible"
        if namespace in WORDED:
            self.worded = self.tag in WORDED[namespace]
        elif self.tag in ("select", "option"):
            self.worded = self.tag == "option"


@dataclass(slots=True)
class Stretch:
    """The words of one block, before it is known where they stand."""

    words: str
    kind: Kind
    around: int


@dataclass(slots=True)
class Reading:
    """What a tree says, element after element."""

    stretches: list[Stretch] = field(default_factory=list)
    language: str = ""
    elements: int = 0
    most_attributes: int = 0
    open: list[Element] = field(default_factory=lambda: [Element("")])
    words: list[str] = field(default_factory=list)
    of: Element = field(default_factory=lambda: Element(""))  # whose words they are
    gap: str = ""  # the white space that the next word needs before it

    def start(self, tag: str, attributes: Mapping[str, str], namespace: str) -> None:
        self.elements += 1
        self.most_attributes = max(self.most_attributes, len(attributes))
        above = self.open[-1]
        here = replace(above, tag=tag)
        self.open.append(here)
        here.look(attributes, namespace)
        if tag == "html":
            self.language = self.language or attributes.get("lang", "")
        if here.unseen:
            return
        if tag == "br":
            self.break_line()
        elif tag in CELLS and self.words:
            self.gap = "\t"
        elif tag in BLOCKS:
            self.cut()
            here.number, here.around = self.elements, above.number
            here.keeps_blanks = above.keeps_blanks or tag in KEEPS_BLANKS
            if above.kind != Kind.FURNITURE:
                page = attributes.get("role", "").casefold() in ROLES
                here.kind = Kind.FURNITURE if page else KINDS.get(tag, above.kind)

    def end(self) -> None:
        here = self.open.pop()
        if not here.unseen and here.tag in BLOCKS:
            self.cut()

    def data(self, words: str) -> None:
        here = self.open[-1]
        if here.unseen or not (here.visible and here.worded):
            return
        if here.keeps_blanks:
            self.say(words.replace("\r", "\n"))
            return
        words = WHITE.sub(" ", words)
        if words.startswith(" "):
            self.gap = self.gap or " "
        if core := words.strip(" "):
            self.say(core)
        if core and words.endswith(" "):
            self.gap = " "

    def say(self, words: str) -> None:
        if not self.words:
            self.of, self.gap = self.open[-1], ""
            words = words if self.stretches else words.lstrip("\ufeff")
        if words:
            self.words += [self.gap, words]
            self.gap = ""

    def break_line(self) -> None:
        if self.open[-1].keeps_blanks:
            self.say("\n")
        elif self.gap == "\n":
            self.cut()
        elif self.words:
            self.gap = "\n"

    def cut(self) -> None:
        """Here a block ends."""
        words = "".join(self.words)
        if self.of.keeps_blanks:
            words = words.strip("\n")
        if words.strip():
            self.stretches.append(Stretch(words, self.of.kind, self.of.around))
        self.words, self.gap = [], ""


def canonical_html(
    raw: str, *, furniture: Collection[str] = (), field: str = "text"
) -> tuple[CanonicalText, PageFacts]:
    """The canonical text of a page or of a part of one, and what a whole page says of itself.

    Refuses what is too large, with its line and column what no text can hold, and what shows
    no words.
    """
    if len(raw) > LONGEST_HTML:
        raise Malformed(
            f"This page has {len(raw):,} characters; {LONGEST_HTML:,} is the most. "
            "Take only the article out of it.",
            field=field,
        )
    refuse_unstorable(raw, field)
    reading = read(raw.removeprefix("\ufeff"), field)
    text = "\n\n".join(one.words for one in reading.stretches)
    refuse_empty_or_too_long(text, field)
    refuse_too_many_blocks(len(reading.stretches), field)
    facts = PageFacts(language=language_of(reading.language))
    if WHOLE_PAGE.search(raw[:20_000]):
        readable = reading.elements <= READABLE.elements and len(text) <= READABLE.characters
        if readable and reading.most_attributes <= READABLE.attributes:
            facts = read_page(raw, language=facts.language)
        grey_what_is_not_the_article(reading.stretches, facts)
    named = named_furniture(furniture)
    for n, one in enumerate(reading.stretches):
        place = (n + 1) / len(reading.stretches)
        if is_furniture(one.words, named=named, place=place):
            one.kind = Kind.FURNITURE
    choose_the_headline(reading.stretches, facts.title)
    return CanonicalText(text, tuple(blocks_of(reading.stretches))), facts


def read(html: str, field: str) -> Reading:
    """The page's words as they stand in its tree."""
    reading = Reading()
    path = [iter(tree_of(html, field).children or ())]
    while path:
        for node in path[-1]:
            if isinstance(node, Text):
                reading.data(node.data or "")
            elif isinstance(node, Tag):
                attributes = {name: said or "" for name, said in node.attrs.items()}
                reading.start(node.name, attributes, node.namespace or "")
                path.append(iter(node.children))
                break
        else:
            path.pop()
            if path:
                reading.end()
    reading.cut()
    return reading


def grey_what_is_not_the_article(stretches: list[Stretch], facts: PageFacts) -> None:
    """On a page whose article is known, what stands neither in it nor beside it is the page's."""
    if not facts.article:
        return
    ours = [facts.holds(one.words) for one in stretches]
    beside = {one.around for one, its in zip(stretches, ours, strict=True) if its}
    for one, its in zip(stretches, ours, strict=True):
        if not (its or one.around in beside or one.kind == Kind.HEADLINE):
            one.kind = Kind.FURNITURE


def choose_the_headline(stretches: list[Stretch], title: str) -> None:
    """One headline: the page's title, or its first `<h1>`, or a short first block."""
    told = [one for one in stretches if one.kind == Kind.HEADLINE]
    for one in told:
        one.kind = Kind.HEADING
    first = next((one for one in stretches if one.kind != Kind.FURNITURE), None)
    titled = [one for one in told if title and squeezed(one.words) == squeezed(title)]
    if chosen := next(iter(titled + told), None):
        chosen.kind = Kind.HEADLINE
    elif first and first.kind in (Kind.HEADING, Kind.PARAGRAPH) and is_headline(first.words):
        first.kind = Kind.HEADLINE


def blocks_of(stretches: list[Stretch]) -> list[Block]:
    """Where the stretches stand, two line ends apart; the blanks at their ends are of no block."""
    blocks, at = [], 0
    for one in stretches:
        lead = len(one.words) - len(one.words.lstrip())
        blocks.append(Block(one.kind, at + lead, at + len(one.words.rstrip())))
        at += len(one.words) + 2
    return blocks
