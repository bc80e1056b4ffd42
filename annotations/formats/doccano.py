"""doccano's JSONL: a text a line, with stretches of it that have a label each.

Written is `{"text", "label": [[start, end, "label"]], …}`, a label being the slug of a rating, or
`Claim` where nobody has judged. Read are that, `labels` in its place, `data` for `text`, the form
with `entities` (`{"id", "label", "start_offset", "end_offset"}`) and `relations`, and that of whole
texts with labels (`"label": ["true"]`): the text is the claim then. Stretches from the same place
to the same place are one claim; each label of it but `Claim` is a verdict.

All other columns are kept, and written again; doccano does the same (it calls them meta). So the
columns `title`, `publisher`, `author`, `address`, `language`, `date` are the article's, `article`
is its id, and `claims` says which stretches are of which claim: `[{"id", "label": [[…]]}]`. Without
`article` an article's key is made of its text; without `claims` a claim's of its offsets.

doccano's pages count offsets in UTF-16, or in letters as people see them where the project says so;
programs that make its files mostly count code points. Nothing in a file tells which it was.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from annotations.formats import record as records
from annotations.formats.contract import ReadAsked, Record, WriteAsked
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    PlaceGiven,
    Refused,
    VerdictGiven,
)
from annotations.formats.items import beginning, listed
from annotations.formats.lines import Bytes
from annotations.formats.moments import day
from annotations.formats.offsets import Offsets, Unit
from annotations.formats.record import Part
from annotations.formats.told import Told
from annotations.rules.claims import ClaimKind
from annotations.rules.refusals import Unprocessable
from annotations.rules.words import STATEMENT, shortened

SLUG = "doccano"
NAME = "doccano JSONL"
MEDIA_TYPE = "application/jsonl"
ENDING = "jsonl"
LOSSLESS = False
UNITS = (Unit.UTF16, Unit.CODEPOINT)

NO_TEXT = "Articles whose text is not shown."
STATEMENTS = "A claim's statement, where it is not the words that are marked."
ABOUT = "A claim's kind, claimant, day, first address and topics."
WHY = "Rationales, evidence, and who gave a verdict and when: a mark has labels alone."
SETTLED = "Verdicts beside a ruling in force, and which of the two a label is."
ALIKE = "That several reviewers gave the same rating: a mark has each label once."
NO_PAST = "Older texts, verdicts and rulings, and claims that stand only there."
STATES = "States, and what publishers were asked to correct."
DROPS = (NO_TEXT, STATEMENTS, ABOUT, WHY, SETTLED, ALIKE, NO_PAST, STATES)
RELATIONS = "Relations between marks."

MARKED = "Claim"
HEAD = ("title", "publisher", "author", "address", "language")
FORMS = {"text", "data", "label", "labels", "entities", "annotations", "relations", "claims"}
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Span = tuple[int, int, str]
NO_UNIT = (
    "A doccano file does not say what its offsets count, and has no quotes by which to tell. Say "
    "it with the file: UTF-16 (unit utf16) if the marks were made in doccano's pages, code points "
    "(unit codepoint) if a program made them, as Python does. Marks made with “Count grapheme "
    "clusters as one character” cannot be read."
)
NO_WORDS = "A line has its article's text as “text”; there is none."
NO_MARK = 'is no mark: write a start, an end and a label, as in [0, 5, "true"].'
NO_ENTITY = (
    "is no mark: it needs “start_offset” and “end_offset” as whole numbers, and the name of its "
    "label as “label”."
)


@dataclass(slots=True)
class _Mark:
    """Stretches of a text that are one claim, and their labels in the file's order."""

    places: dict[PlaceGiven, None] = field(default_factory=dict)
    labels: dict[str, None] = field(default_factory=dict)

    def add(self, place: PlaceGiven, label: str) -> None:
        self.places[place] = None
        self.labels[label] = None

    def claim(self, key: str, text: str) -> ClaimGiven:
        places = tuple(self.places)
        return ClaimGiven(
            key=key,
            statement=shortened(text[places[0].start : places[0].end], STATEMENT),
            places=places,
            verdicts=tuple(VerdictGiven(one) for one in self.labels if one != MARKED),
        )


def read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    if asked.unit is None:
        yield Refused(0, NO_UNIT)
        return
    seen: Counter[str] = Counter()
    for item in listed(file):
        if isinstance(item, Refused):
            yield item
            continue
        number, told = item
        problems: list[str] = []
        article = _article(Told(told, problems), (asked.unit,), seen)
        if isinstance(relations := told.get("relations"), list) and relations:
            asked.left_out[RELATIONS] += len(relations)
        for problem in problems:
            yield Refused(number, problem, beginning(told))
        if article is not None:
            yield Found(number, article)


def _article(told: Told, units: tuple[Unit, ...], seen: Counter[str]) -> ArticleGiven | None:
    text = told.text("text") or told.text("data")
    if not text.strip():
        told.problems.append(NO_WORDS)
        return None
    head = {name: one for name in HEAD if isinstance(one := told.told.get(name), str)}
    date, name = day(told.told.get("date")), _id(told.told.get("article"))
    ours = FORMS | set(head) | ({"date"} if date else set()) | ({"article"} if name else set())
    columns = {column: one for column, one in told.told.items() if column not in ours}
    key = name or hashlib.sha256(text.encode()).hexdigest()[:32]
    seen[key] += 1
    return ArticleGiven(
        key=f"{key}-{seen[key]}" if seen[key] > 1 else key,
        text=text,
        date=date,
        claims=tuple(_claims(told, Offsets(text), units)),
        kept={"columns": columns} if columns else {},
        **head,
    )


def _id(found: object) -> str | None:
    return found if isinstance(found, str) and ID.fullmatch(found) else None


def _claims(told: Told, offsets: Offsets, units: tuple[Unit, ...]) -> Iterator[ClaimGiven]:
    """The claims that the spans make up, in the order of the file."""
    spans, labels = _spans(told)
    owners = _owners(told.told.get("claims"))
    marks: dict[str, _Mark] = defaultdict(_Mark)
    for start, end, label in spans:
        try:
            place = offsets.place(start, end, units=units)
        except Unprocessable as refusal:
            told.problems.append(refusal.sentence)
            continue
        here = owners.get((start, end), {})
        if not (names := [name for name, known in here.items() if label in known]):
            names = list(here) if len(here) == 1 else [f"{place.start}-{place.end}"]
        for name in names:
            marks[name].add(place, label)
    words = offsets.text.strip()
    start = offsets.text.index(words)
    for label in labels:
        marks["text"].add(PlaceGiven(start, start + len(words)), label)
    for key, mark in marks.items():
        yield mark.claim(key, offsets.text)


def _spans(told: Told) -> tuple[list[Span], list[str]]:
    """The stretches that have a label, as the file counts them, and the labels of the text."""
    spans: list[Span] = []
    labels: list[str] = []
    for key in ("label", "labels"):
        listed = told.texts(key) if isinstance(told.told.get(key), str) else told.items(key)
        for n, one in enumerate(listed):
            if isinstance(one, str):
                labels += [one] if one.strip() else []
            elif _is_span(one):
                spans.append((one[0], one[1], one[2]))
            else:
                told.problems.append(f"“{key}[{n}]” {NO_MARK}")
    for key in ("entities", "annotations"):
        for entity in told.objects(key):
            start, end = entity.whole("start_offset"), entity.whole("end_offset")
            label = entity.text("label")
            if start is None or end is None or not label.strip():
                told.problems.append(f"“{entity.at.removesuffix('.')}” {NO_ENTITY}")
            else:
                spans.append((start, end, label))
    return spans, labels


def _is_span(found: object) -> bool:
    """Whether it is `[start, end, label]`."""
    if not isinstance(found, list) or len(found) != 3:
        return False
    start, end, label = found
    return type(start) is type(end) is int and isinstance(label, str) and bool(label.strip())


def _owners(claims: object) -> dict[tuple[int, int], dict[str, set[str]]]:
    """Of each stretch the ids of the claims that stand there, with the labels they had."""
    found: dict[tuple[int, int], dict[str, set[str]]] = defaultdict(dict)
    for one in claims if isinstance(claims, list) else ():
        if not isinstance(one, dict) or (name := _id(one.get("id"))) is None:
            continue
        spans = one.get("label")
        for span in filter(_is_span, spans if isinstance(spans, list) else ()):
            found[(span[0], span[1])].setdefault(name, set()).add(span[2])
    return found


def write(corpus: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    for record in corpus:
        revision = records.newest(record)
        if revision is None:
            asked.dropped[NO_TEXT] += 1
            continue
        if past := records.past(record):
            asked.dropped[NO_PAST] += past
        yield orjson.dumps(_line(record, revision["text"], asked)) + b"\n"


def _line(record: Record, text: str, asked: WriteAsked) -> dict[str, Any]:
    offsets, unit = Offsets(text), asked.unit_of(UNITS)
    claims = []
    for claim, places in records.standing(record):
        _count(claim, places[0]["quote"], asked.dropped)
        spans = [
            [offsets.written(one["start"], unit), offsets.written(one["end"], unit), label]
            for one in places
            for label in _labels(claim)
        ]
        claims.append({"id": claim["id"], "label": spans})
    article = record["article"]
    head = {name: article[name] for name in (*HEAD, "date") if article[name]}
    return {
        "text": text,
        "label": [span for claim in claims for span in claim["label"]],
        **records.kept(article, SLUG).get("columns", {}),
        **head,
        "article": article["id"],
        "claims": claims,
    }


def _labels(claim: Part) -> list[str]:
    return list(dict.fromkeys(one["rating"] for one in records.said(claim))) or [MARKED]


def _count(claim: Part, quote: str, dropped: Counter[str]) -> None:
    """Count what is lost of a claim."""
    verdicts = records.verdicts(claim)
    about = ("claimant", "said_on", "first_address", "topics")
    lost = {
        STATEMENTS: claim["statement"] != shortened(quote, STATEMENT),
        ABOUT: claim["kind"] != ClaimKind.FACTUAL or any(claim[name] for name in about),
        WHY: bool(verdicts),
        SETTLED: records.ruling(claim) is not None,
        ALIKE: len({one["rating"] for one in verdicts}) < len(verdicts),
        STATES: claim["state"] not in (None, "marked") or bool(claim["publisher_corrections"]),
    }
    dropped.update(sentence for sentence, is_lost in lost.items() if is_lost)
