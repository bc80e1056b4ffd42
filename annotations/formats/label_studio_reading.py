"""Label Studio's JSON as it is read; what its parts mean is told in `label_studio`."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from annotations.formats import columns
from annotations.formats.contract import ReadAsked
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    PlaceGiven,
    Refused,
    VerdictGiven,
)
from annotations.formats.hypertext import Hypertext
from annotations.formats.items import beginning, listed
from annotations.formats.lines import Bytes
from annotations.formats.moments import moment
from annotations.formats.offsets import Offsets, Unit, shortened
from annotations.formats.told import Told, squeezed
from annotations.rules.addresses import canonical_address
from annotations.rules.claims import ClaimKind
from annotations.rules.refusals import Malformed, Unprocessable
from annotations.rules.verdicts import EvidenceGiven

UNITS = (Unit.CODEPOINT, Unit.UTF16)
PREDICTIONS = "Predictions: what a model says is no verdict."
DRAFTS = "Drafts of annotations."
CANCELLED = "Annotations that were cancelled (skipped)."
RELATIONS = "Relations between regions."
OTHER = "Results that are neither a stretch of the text, nor choices or words on one."

MARKED = "Claim"
RATING, KIND, STATEMENT, RATIONALE, SOURCES = "rating", "kind", "statement", "rationale", "sources"
CONFIG = "label_config"  # within a task's `meta`
ADDRESS = re.compile(r"\s*+(?:https?|s3|gs|azure-blob)://\S*+\s*+", re.IGNORECASE)
LABELS = ("labels", "hypertextlabels", "htmllabels")
WHOLE = "text"  # the key of the claim that a text as a whole is
NO_DATA = (
    "A task has its text in “data”; there is none. Export from Label Studio as JSON, not as "
    "JSON-MIN or CSV."
)
BY_ADDRESS = (
    "The task names its text by an address, and nothing is fetched. Bring the text itself in, as "
    "“text” in “data”."
)
NO_UNIT = (
    "The region {start} to {end} has no words of its own by which to tell what its offsets count, "
    "and it makes a difference here. Say it with the file: code points (unit codepoint) for an "
    "export since 2021, UTF-16 (unit utf16) for an older one."
)


def read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    seen: Counter[str] = Counter()
    for item in listed(file):
        if isinstance(item, Refused):
            yield item
            continue
        number, told = item
        task = Told(told, [])
        article = _article(task, asked, seen)
        what = beginning(told) if task.problems else ""
        for problem in task.problems:
            yield Refused(number, problem, what)
        if article is not None:
            yield Found(number, article)


def _article(task: Told, asked: ReadAsked, seen: Counter[str]) -> ArticleGiven | None:
    data = task.inside("data")
    if (key := _key_of_the_text(data)) is None:
        return None
    written = data.text(key)
    try:
        text: _Text = Hypertext(written) if _is_marked_as_a_page(task) else _Plain(written)
    except Malformed as refusal:
        task.problems.append(refusal.sentence)
        return None
    _leave_out(task, asked)
    claims = _Claims(text, asked)
    for name in ("annotations", "completions"):
        for one in task.objects(name):
            claims.annotation(one)
    found = columns.read(data.told, {key})
    meta = {name: one for name, one in task.inside("meta").told.items() if name != CONFIG}
    kept = {"data": found.rest, "meta": meta}
    return ArticleGiven(
        key=found.key(written, seen),
        text=text.text,
        date=found.date,
        claims=tuple(claims.made()),
        kept={name: one for name, one in kept.items() if one},
        **found.head,
    )


def _key_of_the_text(data: Told) -> str | None:
    """Where in `data` the text is; None, with a problem, where nobody can tell."""
    if not data.told:
        data.problems.append(NO_DATA)
        return None
    texts = [name for name, one in data.told.items() if isinstance(one, str) and one.strip()]
    named = [name for name in ("text", "$undefined$") if name in texts]
    key = next(iter(named or (texts if len(texts) == 1 else ())), None)
    if key is None:
        there = ", ".join(f"“{shortened(name)}”" for name in list(data.told)[:20])
        data.problems.append(
            f"Which of {there} in “data” is the text? Name the key of the text “text”."
        )
    elif ADDRESS.fullmatch(data.text(key)):
        data.problems.append(BY_ADDRESS)
        return None
    return key


def _is_marked_as_a_page(task: Told) -> bool:
    """Whether regions are named by their way through the elements of a page."""
    unheard = Told(task.told, [])
    return any(
        isinstance(result.inside("value").told.get("start"), str)
        for name in ("annotations", "completions")
        for one in unheard.objects(name)
        for result in one.objects("result")
    )


def _leave_out(task: Told, asked: ReadAsked) -> None:
    for name, sentence in (("predictions", PREDICTIONS), ("drafts", DRAFTS)):
        if found := task.items(name):
            asked.left_out[sentence] += len(found)


class _Text(Protocol):
    """A text on which regions stand."""

    text: str

    def place(self, start: int, end: int, quote: str, units: tuple[Unit, ...]) -> PlaceGiven: ...


class _Plain:
    """A text as it is; the words of a region have their line ends as they are, or as `\\n`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offsets = Offsets(text)

    def place(self, start: int, end: int, quote: str, units: tuple[Unit, ...]) -> PlaceGiven:
        if not quote:
            return self._unquoted(start, end, units)
        try:
            return self.offsets.place(start, end, quote=quote, units=units)
        except Unprocessable:
            if "\\n" not in quote:
                raise
            unescaped = quote.replace("\\n", "\n")
            return self.offsets.place(start, end, quote=unescaped, units=units)

    def _unquoted(self, start: int, end: int, units: tuple[Unit, ...]) -> PlaceGiven:
        found = {self.offsets.read(start, unit) for unit in units}
        if len(found | {self.offsets.read(end, unit) for unit in units}) > 2:
            raise Unprocessable(NO_UNIT.format(start=start, end=end), field="offsets")
        return self.offsets.place(start, end, units=units)


@dataclass(slots=True)
class _Said:
    """What one annotation says of one claim: labels, and by their controls' names what was chosen
    and what was written.
    """

    labels: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    written: dict[str, list[str]] = field(default_factory=dict)

    def hear(self, result: Told, value: Told) -> bool:
        """Take the result in; False for one of another kind."""
        name = result.text("from_name")
        labels = [one for key in LABELS for one in value.texts(key)]
        self.labels += labels
        if "choices" in value.told:
            self.choices.setdefault(name, []).extend(value.texts("choices"))
        elif result.text("type") == "textarea":
            self.written.setdefault(name, []).extend(value.texts("text"))
        elif not labels:
            return False
        return True

    def kind(self) -> str:
        return next((one for one in self.choices.get(KIND, ()) if one in set(ClaimKind)), "")

    def statement(self) -> str:
        return squeezed(" ".join(self.written.get(STATEMENT, ())))

    def rationale(self) -> str:
        others = [
            one for name, several in self.written.items()
            if name not in (STATEMENT, SOURCES) for one in several
        ]  # fmt: skip
        return "\n\n".join(self.written.get(RATIONALE, others))

    def rating(self) -> str:
        """The one rating; empty where there is none. Refuses several."""
        chosen = {name: one for name, one in self.choices.items() if name != KIND and one}
        if len(chosen) > 1 and RATING not in chosen:
            names = " and ".join(f"“{shortened(name)}”" for name in chosen)
            raise Unprocessable(
                f"There are choices of {names}, and nobody can tell which is the rating: name its "
                f"control “{RATING}”. The claim is brought in without one."
            )
        labels = [one for one in self.labels if one != MARKED]
        found = dict.fromkeys(chosen.get(RATING) or next(iter(chosen.values()), labels))
        if len(found) > 1:
            raise Unprocessable(
                f"One person gave several ratings, {' and '.join(map(shortened, found))}: a "
                "verdict has one. The claim is brought in without."
            )
        return next(iter(found), "")


@dataclass(slots=True)
class _Mark:
    """A claim as it comes together out of one annotation after the other."""

    places: dict[PlaceGiven, None] = field(default_factory=dict)
    statement: str = ""
    kind: str = ""
    verdicts: list[VerdictGiven] = field(default_factory=list)


class _Claims:
    """The claims of one task."""

    def __init__(self, text: _Text, asked: ReadAsked) -> None:
        self.text, self.asked = text, asked
        self.units = asked.units_of(UNITS)
        self.marks: dict[str, _Mark] = {}

    def annotation(self, told: Told) -> None:
        if told.told.get("was_cancelled") is True:
            self.asked.left_out[CANCELLED] += 1
            return
        said: dict[str, _Said] = {}
        for key, result, value in self._placed(told):
            if not said.setdefault(key, _Said()).hear(result, value):
                self.asked.left_out[OTHER] += 1
        for key, one in said.items():
            self._take(key, one, told)

    def _placed(self, told: Told) -> Iterator[tuple[str, Told, Told]]:
        """The results of an annotation, each with the key of its claim: those of a region have its
        id, and one of them its offsets.
        """
        keys: dict[str, str | None] = {}
        results = [(one, one.inside("value")) for one in told.objects("result")]
        for result, value in results:
            name = _name(result, value)
            if "start" in value.told and name not in keys:
                keys[name] = self._key(name, value)
        for result, value in results:
            if result.text("type") == "relation":
                self.asked.left_out[RELATIONS] += 1
                continue
            key = keys.get(_name(result, value), WHOLE)
            if key is not None:
                yield key, result, value

    def _key(self, name: str, value: Told) -> str | None:
        """The key of the claim that the region marks; None, with a problem, where it does not."""
        try:
            place = self._place(value)
        except Unprocessable as refusal:
            value.problems.append(refusal.sentence)
            return None
        key = columns.id_of(name.partition(".")[0]) or f"{place.start}-{place.end}"
        self.marks.setdefault(key, _Mark()).places[place] = None
        return key

    def _place(self, value: Told) -> PlaceGiven:
        on_page = isinstance(value.told["start"], str)
        counted = value.inside("globalOffsets") if on_page else value
        start, end = counted.whole("start"), counted.whole("end")
        if start is None or end is None:
            raise Unprocessable(
                f"A region {'on a page needs “globalOffsets” with' if on_page else 'needs'} "
                "“start” and “end” as whole numbers."
            )
        quote = value.told.get("text")
        return self.text.place(start, end, quote if isinstance(quote, str) else "", self.units)

    def _take(self, key: str, said: _Said, told: Told) -> None:
        try:
            rating = said.rating()
        except Unprocessable as refusal:
            told.problems.append(refusal.sentence)
            rating = ""
        if key == WHOLE and not rating:
            self.asked.left_out[OTHER] += 1
            return
        mark = self.marks.setdefault(key, _Mark({_whole(self.text.text): None}))
        mark.statement = mark.statement or said.statement()
        mark.kind = mark.kind or said.kind()
        evidence = tuple(_evidence(said.written.get(SOURCES, ()), told))
        rationale = said.rationale()
        if rating or rationale or evidence:
            at = moment(told.told.get("created_at"))
            mark.verdicts.append(VerdictGiven(rating, rationale, evidence, _by(told), at))

    def made(self) -> Iterator[ClaimGiven]:
        for key, mark in self.marks.items():
            first, *_ = mark.places
            yield ClaimGiven(
                key=key,
                statement=mark.statement or columns.statement(self.text.text, first),
                places=tuple(mark.places),
                kind=mark.kind,
                verdicts=tuple(mark.verdicts),
            )


def _name(result: Told, value: Told) -> str:
    """The id of the region; where results have none, its offsets name it."""
    found = result.told.get("id")
    if isinstance(found, str) and found:
        return found
    return str([value.told.get(name) for name in ("start", "startOffset", "end", "endOffset")])


def _whole(text: str) -> PlaceGiven:
    within = text.strip()
    start = text.index(within)
    return PlaceGiven(start, start + len(within))


def _evidence(addresses: Sequence[str], told: Told) -> Iterator[EvidenceGiven]:
    for one in addresses:
        try:
            canonical_address(one)
        except Malformed as refusal:
            told.problems.append(f"The source “{shortened(one)}” is left out. {refusal.sentence}")
            continue
        yield EvidenceGiven(address=one.strip())


def _by(told: Told) -> str:
    """Who made the annotation. Never an address of mail: names are shown to everybody."""
    who = told.told.get("completed_by")
    number: Any = who
    names = [told.told.get("created_username"), who]
    if isinstance(who, dict):
        number = who.get("id")
        parts = [one for one in (who.get("first_name"), who.get("last_name")) if one]
        names = [" ".join(map(str, parts)), who.get("username")]
    for name in names:
        if isinstance(name, str) and name.strip() and "@" not in name:
            return squeezed(name)
    return f"Label Studio user {number}" if type(number) is int else ""
