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

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from annotations.formats import columns
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
FORMS = {"text", "data", "label", "labels", "entities", "annotations", "relations", "claims"}
Span = tuple[int, int, str]
ASKS_UNIT = (
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
            statement=columns.statement(text, places[0]),
            places=places,
            verdicts=tuple(VerdictGiven(one) for one in self.labels if one != MARKED),
        )


def read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    if asked.unit is None:
        yield Refused(0, ASKS_UNIT)
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
        what = beginning(told) if problems else ""
        for problem in problems:
            yield Refused(number, problem, what)
        if article is not None:
            yield Found(number, article)


def _article(told: Told, units: tuple[Unit, ...], seen: Counter[str]) -> ArticleGiven | None:
    text = told.text("text") or told.text("data")
    if not text.strip():
        told.problems.append(NO_WORDS)
        return None
    found = columns.read(told.told, FORMS)
    return ArticleGiven(
        key=found.key(text, seen),
        text=text,
        date=found.date,
        claims=tuple(_claims(told, Offsets(text), units)),
        kept={"columns": found.rest} if found.rest else {},
        **found.head,
    )


def _claims(told: Told, offsets: Offsets, units: tuple[Unit, ...]) -> Iterator[ClaimGiven]:
    """The claims that the spans make up, in the order of the file."""
    spans, labels = _spans(told)
    owners = _owners(told.told.get("claims"))
    marks: dict[str, _Mark] = defaultdict(_Mark)
    for start, end, label in dict.fromkeys(spans):  # each once, however often it stands there
        try:
            place = offsets.place(start, end, units=units)
        except Unprocessable as refusal:
            told.problems.append(refusal.sentence)
            continue
        names = owners.get((start, end, label)) or owners.get((start, end), {})
        if not names or ((start, end, label) not in owners and len(names) > 1):
            names = {f"{place.start}-{place.end}": None}
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


def _owners(claims: object) -> dict[tuple[int, int] | Span, dict[str, None]]:
    """The ids of the claims that a stretch with its label is of, and of those that stand there."""
    found: dict[tuple[int, int] | Span, dict[str, None]] = defaultdict(dict)
    for one in claims if isinstance(claims, list) else ():
        if not isinstance(one, dict) or not (name := columns.id_of(one.get("id"))):
            continue
        spans = one.get("label")
        for span in filter(_is_span, spans if isinstance(spans, list) else ()):
            start, end, label = span
            found[(start, end, label)][name] = None
            found[(start, end)][name] = None
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
    return {
        "text": text,
        "label": [span for claim in claims for span in claim["label"]],
        **records.kept(article, SLUG).get("columns", {}),
        **columns.written(article),
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
