"""What the tests of the pages share: a claim published the long way, and a page taken apart."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from annotations.actions.claims import mark_claim
from annotations.actions.rulings import publish_ruling
from annotations.actions.verdicts import submit_verdict
from annotations.models import Article, Claim, Evidence, User
from annotations.rules.verdicts import EvidenceGiven, Judgement

Publish = Callable[..., Claim]

REPORT = EvidenceGiven(
    stance="supports",
    address="https://example.org/report",
    publisher="Example Gazette",
    quote="Spending rose by 12%.",
)


def judgement(rating: str = "true", *, rationale: str = "The report says so.") -> Judgement:
    return Judgement(rating=rating, rationale=rationale, confidence="high", evidence=(REPORT,))


@pytest.fixture
def mark(finch: User) -> Publish:
    """Mark the words of an article's text as a claim, without a verdict."""

    def make(article: Article, words: str, **facts: str) -> Claim:
        text = article.revisions.latest("number").text
        start = text.index(words)
        return mark_claim(article.pk, start, start + len(words), actor=finch, **facts).claim  # type: ignore[arg-type]

    return make


@pytest.fixture
def publish(mark: Publish, finch: User, maple: User, robin: User) -> Publish:
    """Mark the words, judge them twice and rule: the claim, published."""

    def make(
        article: Article,
        words: str,
        *,
        rating: str = "true",
        second: str = "",
        given: Judgement | None = None,
        summary: str = "The report bears it out.",
        reason: str = "",
        **facts: str,
    ) -> Claim:
        claim = mark(article, words, **facts)
        verdict = submit_verdict(claim.pk, given or judgement(rating), actor=finch)
        submit_verdict(claim.pk, judgement(second or rating), actor=maple)
        evidence = Evidence.objects.filter(verdict=verdict).values_list("pk", flat=True)
        publish_ruling(
            claim.pk,
            actor=robin,
            rating=rating,
            summary=summary,
            evidence=list(evidence),
            reason=reason,
        )
        claim.refresh_from_db()
        return claim

    return make


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    text: str = ""


@dataclass
class Page:
    """Every element with the text in it, in the order in which they begin."""

    elements: list[Element] = field(default_factory=list)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        wanted = {name.rstrip("_").replace("_", "-"): one for name, one in attributes.items()}
        return [
            one
            for one in self.elements
            if one.tag == tag and wanted.items() <= one.attributes.items()
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, (tag, attributes, len(found))
        return found[0]


class Reader(HTMLParser):
    VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "use", "path", "circle"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.page.elements.append(element)
        if tag not in self.VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


@pytest.fixture
def read() -> Callable[[bytes | str], Page]:
    """Take a page apart."""

    def parse(content: bytes | str) -> Page:
        reader = Reader()
        reader.feed(content.decode() if isinstance(content, bytes) else content)
        return reader.page

    return parse
