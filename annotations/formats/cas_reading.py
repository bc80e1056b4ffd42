"""UIMA CAS as it is read; what its layers mean is told in `annotations.formats.cas`."""

import datetime
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from annotations.formats import archives
from annotations.formats.archives import Entry
from annotations.formats.contract import ReadAsked
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    PlaceGiven,
    Refused,
    VerdictGiven,
)
from annotations.formats.lines import Bytes
from annotations.formats.offsets import Unit, shortened
from annotations.formats.raw import Raw
from annotations.rules.refusals import Malformed, Unprocessable

CLAIM = "webanno.custom.Claim"
DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
META = DKPRO + "metadata.type.DocumentMetaData"
SENTENCE, TOKEN = DKPRO + "segmentation.type.Sentence", DKPRO + "segmentation.type.Token"
SOFA, INITIAL = "uima.cas.Sofa", "_InitialView"
STRINGS = {
    META: ("documentTitle", "documentId", "documentUri", "collectionId", "documentBaseUri"),
    SENTENCE: ("id",),
    TOKEN: ("id",),
    CLAIM: (
        "identifier", "statement", "rating", "rationale", "kind", "claimant", "claimantRole",
        "saidOn", "firstAddress", "topics", "reviewer", "saidAt", "ruling",
    ),
}  # fmt: skip
# What every document has, and nobody misses.
EXPECTED = (META, SENTENCE, TOKEN, SOFA, "uima.tcas.DocumentAnnotation", "uima.cas.NULL")
UNKNOWN = "x-unspecified"  # UIMA's word for a language that nobody said
MOST_MARKS = 100_000  # of one document

UNITS = (Unit.UTF16,)
NOT_READ = "Of a ruling the rating alone is written, and it is not read again."
OTHER_LAYERS = f"Annotations of other layers than {CLAIM}."
OTHER_FEATURES = "What marks say in features of somebody's own."
NOT_INDEXED = "Annotations that were taken out of their document's index."
NO_RATING = "Rationales without a rating."


@dataclass(slots=True)
class Document:
    """What a file says, as it says it: `marks` are of the layer Claim, with their id first."""

    sofas: dict[str, tuple[str, object]] = field(default_factory=dict)  # id → name, text
    members: set[str] = field(default_factory=set)
    meta: Mapping[str, object] = field(default_factory=dict)
    marks: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def add(self, name: str, key: str, told: Mapping[str, object], asked: ReadAsked) -> None:
        """Take a feature structure of the type `name`; a reference to the text is in `sofa`."""
        if name == SOFA:
            self.sofas[key] = (str(told.get("sofaID", "")), told.get("sofaString"))
        elif name == META:
            self.meta = dict(told)
        elif name == CLAIM:
            if len(self.marks) == MOST_MARKS:
                raise Malformed(f"The document has more than {MOST_MARKS:,} marks. Split it.")
            self.marks.append((key, dict(told)))
        elif name not in EXPECTED:
            asked.left_out[OTHER_LAYERS] += 1

    def initial(self) -> tuple[str, str]:
        """The id of the text and the text: of the initial view, or of the only one that has one."""
        named = {name: key for key, (name, _) in self.sofas.items()}
        with_text = [key for key, (_, text) in self.sofas.items() if isinstance(text, str)]
        key = named.get(INITIAL, "")
        if key not in with_text and len(with_text) == 1:
            key = with_text[0]
        if key not in with_text:
            raise Malformed("The document has no text: its first view has no sofaString.")
        return key, str(self.sofas[key][1])


def read(
    file: Bytes,
    asked: ReadAsked,
    ending: str,
    parse: Callable[[bytes, ReadAsked], Document],
    *,
    expected: tuple[str, ...] = (),
) -> Iterator[Found | Refused]:
    """Each document with the ending in an archive, or the one that the file is, as an article.

    Its key is the id at the end of its name, else its `documentId`, else its path.
    """
    bare = asked.name.rpartition("/")[2].removesuffix(f".{ending}") or "document"
    taken: set[str] = set()
    for entry in archives.entries(file, alone=f"{bare}.{ending}"):
        if isinstance(entry, Refused):
            yield entry
        elif entry.ending == ending:
            reading = _Reading(entry, asked)
            try:
                article = reading.article(parse(entry.content(), asked), taken)
            except Malformed as refusal:
                name = shortened(entry.name)
                yield Refused(entry.number, f"“{name}” cannot be read. {refusal.sentence}")
                continue
            yield from reading.refused
            yield Found(entry.number, article)
        elif entry.ending not in expected:
            asked.left_out[f"Files that do not end in .{ending}."] += 1


@dataclass(slots=True)
class _Claim:
    """A claim as its marks are read one by one; what the first says of it holds."""

    told: dict[str, str]
    said_on: datetime.date | None
    words: str
    places: dict[PlaceGiven, None] = field(default_factory=dict)
    verdicts: dict[VerdictGiven, None] = field(default_factory=dict)

    def given(self, key: str) -> ClaimGiven:
        told = self.told
        return ClaimGiven(
            key=key,
            statement=told["statement"] or self.words,
            places=tuple(sorted(self.places, key=lambda one: (one.start, one.end))),
            kind=told["kind"],
            claimant=told["claimant"],
            claimant_role=told["claimantRole"],
            said_on=self.said_on,
            first_address=told["firstAddress"],
            topics=tuple(one for one in told["topics"].split("\n") if one),
            verdicts=tuple(self.verdicts),
        )


class _Reading:
    """One document of an archive."""

    def __init__(self, entry: Entry, asked: ReadAsked) -> None:
        self.entry, self.asked = entry, asked
        self.refused: list[Refused] = []
        self.claims: dict[str, _Claim] = {}

    def article(self, document: Document, taken: set[str]) -> ArticleGiven:
        self.sofa, text = document.initial()
        for sentence in document.refused:
            self._refuse(sentence, "")
        self.raw = Raw(text)
        for key, told in document.marks:
            if key not in document.members:
                self.asked.left_out[NOT_INDEXED] += 1
                continue
            try:
                self._mark(told)
            except (Malformed, Unprocessable) as refusal:
                what = shortened(str(told.get("statement") or ""))
                self._refuse(f"Mark {shortened(key)}: {refusal.sentence}", what)
        meta = {key: value for key, value in document.meta.items() if isinstance(value, str)}
        language = meta.get("language", "")
        address = meta.get("documentUri", "")
        return ArticleGiven(
            key=self._key(meta.get("documentId", ""), taken),
            text=self.raw.text,
            title=meta.get("documentTitle", ""),
            address=address if re.match("https?://", address) else "",
            language="" if language == UNKNOWN else language,
            claims=tuple(one.given(key) for key, one in self.claims.items()),
        )

    def _refuse(self, sentence: str, what: str) -> None:
        sentence = f"“{shortened(self.entry.name)}”: {sentence}"
        self.refused.append(Refused(self.entry.number, sentence, what))

    def _key(self, said: str, taken: set[str]) -> str:
        path = archives.key_of(self.entry.name)
        named = path if archives.ID.search(path) else said or path
        return archives.untaken(named, self.entry.name.rpartition(".")[0], taken)

    def _mark(self, said: Mapping[str, object]) -> None:
        told = {name: _text(said, name) for name in STRINGS[CLAIM]}
        if str(said.get("sofa", self.sofa)) != self.sofa:
            raise Malformed("It stands on another text than that of the document's first view.")
        found = self.raw.offsets.place(
            _whole(said, "begin"), _whole(said, "end"), units=self.asked.units_of(UNITS)
        )
        place = self.raw.moved(found)
        said_on = _parsed(datetime.date.fromisoformat, told["saidOn"], "saidOn", "2025-03-01")
        at = _parsed(_moment, told["saidAt"], "saidAt", "2025-03-01T10:00:00+00:00")
        words = " ".join(self.raw.text[place.start : place.end].split())
        known = {*STRINGS[CLAIM], "begin", "end", "sofa"}
        if any(name.isidentifier() and name not in known for name in said):
            self.asked.left_out[OTHER_FEATURES] += 1
        if told["ruling"]:
            self.asked.left_out[NOT_READ] += 1
        key = told["identifier"] or _named_after(told["statement"] or words, place)
        claim = self.claims.setdefault(key, _Claim(told, said_on, words))
        if claim.told["statement"] != told["statement"]:
            raise Malformed("A mark before it has the same identifier and another statement.")
        claim.places[place] = None
        if told["rating"]:
            verdict = VerdictGiven(told["rating"], told["rationale"], by=told["reviewer"], at=at)
            claim.verdicts[verdict] = None
        elif told["rationale"]:
            self.asked.left_out[NO_RATING] += 1


def _named_after(statement: str, place: PlaceGiven) -> str:
    told = f"{place.start} {place.end} {statement}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _text(said: Mapping[str, object], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str | None):
        raise Malformed(f"Its feature {name} has to be a text.")
    return (value or "").strip()


def _whole(said: Mapping[str, object], name: str) -> int:
    value = said.get(name)
    if re.fullmatch("[0-9]{1,9}", str(value)) and not isinstance(value, float):
        return int(str(value))
    raise Malformed(f"Its {name} has to be a whole number.")


def _moment(written: str) -> datetime.datetime:
    found = datetime.datetime.fromisoformat(written)
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _parsed(parse: Callable[[str], Any], written: str, name: str, example: str) -> Any:
    try:
        return parse(written) if written else None
    except ValueError:
        raise Malformed(f"Write its {name} as {example}.") from None
