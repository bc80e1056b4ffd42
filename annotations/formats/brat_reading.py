"""brat standoff as it is read; what its lines mean is told in `annotations.formats.brat`."""

import datetime
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from annotations.formats import archives
from annotations.formats.archives import Archive, Entry
from annotations.formats.contract import ReadAsked
from annotations.formats.given import ArticleGiven, ClaimGiven, Found, PlaceGiven, Refused
from annotations.formats.given import VerdictGiven as Verdict
from annotations.formats.lines import Bytes
from annotations.formats.offsets import Offsets, Unit, shortened
from annotations.formats.raw import Raw
from annotations.rules.claims import ClaimKind
from annotations.rules.refusals import Malformed, Unprocessable
from annotations.rules.words import refuse_unstorable

UNITS = (Unit.CODEPOINT, Unit.UTF16)
NOT_READ = "Of a ruling the rating alone is written, and it is not read again."
BLANK = re.compile(r"\s")
MARK = re.compile(r"(\S+) (\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*) *")
NAMED = re.compile(r"([TAMREN#]\d{1,9}|\*)\t([^\t]*)(?:\t(.*))?", re.DOTALL)
MOST_LINES = 100_000  # of one file of marks
RATIONALE = "AnnotatorNotes"
NOTES = ("Id", "Statement", "Claimant", "Role", "SaidOn", "FirstAddress", "Topic")
ONCE = NOTES[:-1]

LEFT_OUT = "Relations, events, normalisations and equivalences, with what is said of them."
OTHER_MARKS = "Marks of another type than “Claim”, with what is said of them."
ON_ATTRIBUTES = "Notes on another attribute than “Verdict”."
OTHER_FILES = "Files that are neither .txt nor .ann, nor a configuration of brat."
LONE_TEXTS = "Texts without a file of marks (.ann) beside them."


def read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    with archives.opened(file) as archive:
        yield from archive.refused
        taken: set[str] = set()
        for marks, text in _pairs(archive, asked):
            if text is None:
                name = shortened(marks.name)
                yield Refused(
                    marks.number,
                    f"There is no text beside “{name}”: pack the file that is called the same, "
                    "with the ending .txt.",
                )
                continue
            document = _Document(marks, asked, taken)
            try:
                found = document.article(text)
            except Malformed as refusal:
                yield Refused(marks.number, refusal.sentence)
                continue
            yield from document.refused
            yield Found(marks.number, found)


def _pairs(archive: Archive, asked: ReadAsked) -> Iterator[tuple[Entry, Entry | None]]:
    """Each file of marks with its text, in the order of the archive."""
    texts = {one.name[:-4]: one for one in archive.entries if one.ending == "txt"}
    lone = set(texts)
    for one in archive.entries:
        if one.ending == "ann":
            lone.discard(one.name[:-4])
            yield one, texts.get(one.name[:-4])
        elif one.ending not in {"txt", "conf"}:
            asked.left_out[OTHER_FILES] += 1
    if lone:
        asked.left_out[LONE_TEXTS] += len(lone)


@dataclass(slots=True)
class _Said:
    """What the lines say of one mark or attribute."""

    places: tuple[PlaceGiven, ...] = ()
    words: str = ""
    target: str = ""
    kind: str = ""
    value: str | bool = True
    attributes: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def all_of(self, kind: str) -> list[str]:
        return [words for one, words in self.notes if one == kind]

    def first(self, kind: str) -> str:
        return next(iter(self.all_of(kind)), "")

    def others(self, known: Iterable[str]) -> list[list[str]]:
        return [[kind, words] for kind, words in self.notes if kind not in known]


class _Document:
    """A text and the lines that stand off from it."""

    def __init__(self, marks: Entry, asked: ReadAsked, taken: set[str]) -> None:
        self.marks, self.asked, self.taken = marks, asked, taken
        self.refused: list[Refused] = []
        self.said: dict[str, _Said] = {}
        self.passed: set[str] = set()  # marks that are not brought in

    def article(self, text: Entry) -> ArticleGiven:
        self.text = _Text(_decoded(text))
        lines = _decoded(self.marks).removeprefix("\ufeff").split("\n")
        if len(lines) > MOST_LINES:
            raise Malformed(f"“{shortened(self.marks.name)}” has more than {MOST_LINES:,} lines.")
        numbered = [(n, line.rstrip("\r")) for n, line in enumerate(lines, 1) if line.strip()]
        # An attribute may stand before its mark, and a note before either.
        for kinds, take in (("TREN*", self._mark), ("AM", self._attribute), ("#", self._note)):
            for n, line in numbered:
                if line[0] in kinds:
                    self._attempt(n, line, take)
        for n, line in numbered:
            if line[0] not in "TREN*AM#":
                self._refuse(n, line, "This is no line of a brat file.")
        name = self.marks.name
        return ArticleGiven(
            key=archives.untaken(archives.key_of(name), name[:-4], self.taken),
            text=self.text.text,
            claims=tuple(self._claims()),
        )

    def _attempt(self, n: int, line: str, take: Any) -> None:
        parts = NAMED.fullmatch(line)
        try:
            if parts is None:
                raise Malformed("This is no line of a brat file: name, tab, what it says.")
            refuse_unstorable(line, "")
            take(parts[1], parts[2], parts[3] or "")
        except (Malformed, Unprocessable) as refusal:
            self._refuse(n, line, refusal.sentence)
            if parts is not None:
                self.passed.add(parts[1])

    def _refuse(self, n: int, line: str, sentence: str) -> None:
        where = f"Line {n} of “{shortened(self.marks.name)}”: "
        self.refused.append(Refused(self.marks.number, where + sentence, shortened(line)))

    def _mark(self, name: str, told: str, words: str) -> None:
        if not name.startswith("T"):
            self.asked.left_out[LEFT_OUT] += 1
            self.passed.add(name)
            return
        self._refuse_twice(name)
        parts = MARK.fullmatch(told)
        if parts is None:
            raise Malformed("Write a mark as “T1⇥Claim 0 5⇥words”, with whole numbers.")
        if parts[1] != "Claim":
            self.asked.left_out[OTHER_MARKS] += 1
            self.passed.add(name)
            return
        pairs = [one.split(" ") for one in parts[2].split(";")]
        stretches = sorted((int(start), int(end)) for start, end in pairs)
        places = self.text.places(stretches, words, self.asked.units_of(UNITS))
        covered = " ".join(self.text.text[one.start : one.end] for one in places)
        self.said[name] = _Said(places=tuple(places), words=" ".join(covered.split()))

    def _attribute(self, name: str, told: str, _: str) -> None:
        kind, target, value = [*told.split(" ", 2), "", ""][:3]
        if not kind or not target:
            raise Malformed("Write an attribute as “A1⇥Verdict T1 false”.")
        self._refuse_twice(name)
        mark = self._target(name, target)
        if mark is None:
            return
        if kind in {"Verdict", "Kind"} and not value.strip():
            raise Malformed(f"This {kind} says nothing. Write its value after {target}.")
        if kind == "Kind":
            self._kind(mark, target, value.strip())
        if kind == "Ruling":
            self.asked.left_out[NOT_READ] += 1
            self.passed.add(name)
            return
        self.said[name] = _Said(target=target, kind=kind, value=value.strip() or True)
        mark.attributes.append(name)

    def _kind(self, mark: _Said, target: str, value: str) -> None:
        if value not in set(ClaimKind):
            raise Malformed(f"There is no such Kind. There are: {', '.join(ClaimKind)}.")
        if mark.kind:
            raise Malformed(f"{target} has a Kind already. Only the first was read.")
        mark.kind = value

    def _note(self, name: str, told: str, words: str) -> None:
        kind, target = [*told.split(" ", 1), ""][:2]
        if not kind or not target:
            raise Malformed("Write a note as “#1⇥AnnotatorNotes T1⇥words”.")
        said = self._target(name, target)
        if said is None or not words.strip():
            return
        if said.target and said.kind != "Verdict":
            self.asked.left_out[ON_ATTRIBUTES] += 1
            return
        if kind in READ:
            READ[kind](words.strip())
        said.notes.append((kind, words.strip()))

    def _refuse_twice(self, name: str) -> None:
        if name in self.said or name in self.passed:
            raise Malformed(f"There are two lines called {name}. Only the first was read.")

    def _target(self, name: str, target: str) -> _Said | None:
        """What the line is about; None where that was passed over, and this is with it."""
        if target in self.said:
            return self.said[target]
        if target not in self.passed:
            raise Malformed(f"There is no {shortened(target)} in this file.")
        self.passed.add(name)
        return None

    def _claims(self) -> Iterator[ClaimGiven]:
        taken: set[str] = set()
        for name, said in self.said.items():
            if not said.places:
                continue
            key = archives.untaken(said.first("Id") or name, name, taken)
            yield self._claim(key, said)

    def _claim(self, key: str, said: _Said) -> ClaimGiven:
        attributes = [self.said[one] for one in said.attributes]
        verdicts = [one for one in attributes if one.kind == "Verdict"]
        others = [
            [one.kind, one.value] for one in attributes if one.kind not in {"Verdict", "Kind"}
        ]
        of_one = len(verdicts) == 1
        notes = said.others([*NOTES, RATIONALE] if of_one else NOTES)
        kept = {"attributes": others, "notes": notes}
        return ClaimGiven(
            key=key,
            statement=said.first("Statement") or said.words,
            places=said.places,
            kind=said.kind,
            claimant=said.first("Claimant"),
            claimant_role=said.first("Role"),
            said_on=_day(said.first("SaidOn")) if said.first("SaidOn") else None,
            first_address=said.first("FirstAddress"),
            topics=tuple(said.all_of("Topic")),
            verdicts=tuple(
                _verdict(one, said.all_of(RATIONALE) if of_one else []) for one in verdicts
            ),
            kept={name: told for name, told in kept.items() if told},
        )


def _verdict(said: _Said, more: list[str]) -> Verdict:
    return Verdict(
        rating=str(said.value),
        rationale="\n".join([*said.all_of(RATIONALE), *more]),
        by=said.first("By"),
        at=_moment(said.first("At")) if said.first("At") else None,
    )


def _day(written: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(written)
    except ValueError:
        raise Malformed("Write the day as 2025-03-01.") from None


def _moment(written: str) -> datetime.datetime:
    try:
        found = datetime.datetime.fromisoformat(written)
    except ValueError:
        raise Malformed("Write the time as 2025-03-01T10:00:00+00:00.") from None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


READ = {"SaidOn": _day, "At": _moment}


def _decoded(entry: Entry) -> str:
    try:
        return entry.content().decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(
            f"“{shortened(entry.name)}” is not UTF-8: the byte at {error.start:,} is no part of a "
            "character. Save it as UTF-8."
        ) from None


class _Text(Raw):
    """The text that marks stand off from; their offsets may count as the file or as `text` does."""

    def __init__(self, raw: str) -> None:
        super().__init__(raw)
        self.bare = Offsets(self.text)

    def places(
        self, stretches: list[tuple[int, int]], words: str, units: tuple[Unit, ...]
    ) -> list[PlaceGiven]:
        """Where the stretches are in the text, those with only blanks between them as one."""
        for (_, end), (start, _) in itertools.pairwise(stretches):
            if start < end:
                raise Unprocessable("The stretches of this mark overlap.")
        found = [
            (one, [offsets.text[place.start : place.end] for place in one], offsets)
            for offsets, one in self._readings(stretches, units)
        ]
        # Exactly as brat has the words, else without blanks: some tools change those.
        for alike in (_exactly, _without_blanks):
            for places, covered, offsets in found:
                same = {alike(" ".join(covered)), alike("".join(covered))}
                if not words.strip() or alike(words) in same:
                    if offsets is self.offsets:
                        places = [self.moved(one) for one in places]
                    return self._joined(places)
        raise Unprocessable(
            f"The text at {_counted(stretches)} is not “{shortened(words)}”. Check that the two "
            "files belong together."
        )

    def _readings(
        self, stretches: list[tuple[int, int]], units: tuple[Unit, ...]
    ) -> Iterator[tuple[Offsets, list[PlaceGiven]]]:
        """The stretches in each way to count in which they are some; refuses if there is none."""
        why: Unprocessable | None = None
        one_fits = False
        for offsets in [self.offsets, self.bare] if self.gone else [self.offsets]:
            for unit in units:
                try:
                    yield offsets, [offsets.place(*one, units=(unit,)) for one in stretches]
                    one_fits = True
                except Unprocessable as refusal:
                    why = why or refusal
        if why and not one_fits:
            raise why

    def _joined(self, places: list[PlaceGiven]) -> list[PlaceGiven]:
        joined: list[PlaceGiven] = []
        for one in places:
            follows = joined and not self.text[joined[-1].end : one.start].strip()
            joined.append(PlaceGiven(joined.pop().start if follows else one.start, one.end))
        return joined


def _exactly(words: str) -> str:
    return BLANK.sub(" ", words)


def _without_blanks(words: str) -> str:
    return "".join(words.split())


def _counted(stretches: list[tuple[int, int]]) -> str:
    return ", ".join(f"{start} to {end}" for start, end in stretches[:3])
