"""brat standoff (brat.nlplab.org/standoff.html): a zip of `.txt` and `.ann` pairs.

A claim is a line `T1⇥Claim 0 5;9 12⇥words`, each stretch of it a place; a place that runs over line
breaks is cut at them, since brat writes marks in lines, and one again when it is read. A verdict is
`A1⇥Verdict T1 false`; `#1⇥AnnotatorNotes T1⇥…` is its rationale, and stands on `A1` where the claim
has several verdicts. What else is known of a claim are notes of other types, which brat shows as
they are, and `Kind`. `A2⇥Ruling T1 true` is what was published, and is not read.

A document's key is the id in its name, else its path; a claim's is its note `Id`, else `T1`.
Offsets count code points in the file as it is; where the words do not fit, they are tried as if
line ends were one character and a byte order mark none, and in UTF-16, which some tools count.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from annotations.formats import archives, record
from annotations.formats.brat_reading import NOT_READ, ONCE, RATIONALE, UNITS, read
from annotations.formats.contract import Record, WriteAsked
from annotations.formats.offsets import Offsets
from annotations.formats.record import Part
from annotations.rules.claims import ClaimKind

__all__ = ["UNITS", "read", "write"]

SLUG = "brat"
NAME = "brat standoff, a zip of .txt and .ann files"
MEDIA_TYPE = "application/zip"
ENDING = "zip"
LOSSLESS = False
NO_TEXT = "Articles whose text is not shown have no file."
NO_HEAD = "An article's title, publisher, author, address, language and date have no place."
NO_PAST = "Older texts, verdicts and rulings, and claims that stand only there, have no place."
NO_STATE = "States, confidence and what publishers were asked to correct have no place."
NO_EVIDENCE = "Evidence has no place."
NO_BREAKS = "Line breaks and tabs in what is written of a claim become blanks."
NO_GAPS = "Places of one claim that overlap, or have only blanks between them, become one."
NO_EDGES = "Line breaks at the ends of a place are left out, and a claim of nothing but them."
DROPS = (
    NO_TEXT, NO_HEAD, NO_PAST, NO_STATE, NO_EVIDENCE, NO_BREAKS, NO_GAPS, NO_EDGES, NOT_READ,
)  # fmt: skip

# What brat's own reader takes for the end of a line.
BREAK = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
BREAKS_AND_TABS = re.compile("[\n\r\t\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


def write(records: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    return archives.packed(_parts(records, asked))


def _parts(records: Iterable[Record], asked: WriteAsked) -> Iterator[tuple[str, list[bytes]]]:
    ratings: dict[str, None] = {}
    for one in records:
        revision = record.newest(one)
        if revision is None:
            asked.dropped[NO_TEXT] += 1
            continue
        asked.dropped[NO_HEAD] += 1
        if one["claims"]:
            asked.dropped[NO_STATE] += len(one["claims"])
        if past := record.past(one):
            asked.dropped[NO_PAST] += past
        ratings.update(dict.fromkeys(record.scale(one)))
        name = archives.name_of(one["article"]["slug"], one["article"]["id"])
        yield f"{name}.txt", [revision["text"].encode()]
        marks = _Marks(revision["text"], asked)
        for claim, places in record.standing(one):
            marks.claim(claim, places)
        yield f"{name}.ann", ["".join(f"{line}\n" for line in marks.lines).encode()]
    yield "annotation.conf", [_configuration(ratings).encode()]


def _configuration(ratings: Iterable[str]) -> str:
    values = "|".join(ratings)
    verdicts = f", Value:{values}" if values else ""
    return (
        "[entities]\nClaim\n\n"
        "[relations]\n<OVERLAP> Arg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>\n\n"
        "[events]\n\n"
        f"[attributes]\nVerdict Arg:Claim{verdicts}\nRuling Arg:Claim{verdicts}\n"
        f"Kind Arg:Claim, Value:{'|'.join(ClaimKind)}\n"
    )


class _Marks:
    """The lines of one `.ann` file, as its claims are added."""

    def __init__(self, text: str, asked: WriteAsked) -> None:
        self.lines: list[str] = []
        self.offsets, self.asked = Offsets(text), asked
        self.unit = asked.unit_of(UNITS)
        self.number = {kind: itertools.count(1) for kind in "TA#"}

    def claim(self, claim: Part, places: Sequence[Part]) -> None:
        stretches = self._stretches(places)
        if not stretches:
            return
        counted = ";".join(
            f"{self.offsets.written(start, self.unit)} {self.offsets.written(end, self.unit)}"
            for start, end in stretches
        )
        words = " ".join(self.offsets.text[start:end] for start, end in stretches)
        mark = self._line("T", f"Claim {counted}\t{words}")
        self._line("A", f"Kind {mark} {claim['kind']}")
        for kind, words in _notes(claim):
            self._note(kind, mark, words)
        self._verdicts(claim, mark)
        if ruling := record.ruling(claim):
            self._line("A", f"Ruling {mark} {ruling['rating']}")
            self.asked.dropped[NOT_READ] += 1
        kept = record.kept(claim, SLUG)
        for kind, value in kept.get("attributes", ()):
            self._line("A", f"{kind} {mark}" if value is True else f"{kind} {mark} {value}")
        for kind, words in kept.get("notes", ()):
            self._note(kind, mark, words)

    def _verdicts(self, claim: Part, mark: str) -> None:
        verdicts = record.verdicts(claim)
        for one in verdicts:
            if one["evidence"]:
                self.asked.dropped[NO_EVIDENCE] += len(one["evidence"])
            attribute = self._line("A", f"Verdict {mark} {one['rating']}")
            self._note(RATIONALE, attribute if len(verdicts) > 1 else mark, one["rationale"])
            self._note("By", attribute, one["reviewer"])
            self._note("At", attribute, one["submitted_at"])

    def _stretches(self, places: Sequence[Part]) -> list[tuple[int, int]]:
        """The places without line breaks, in order, none upon another."""
        found: list[tuple[int, int]] = []
        text = self.offsets.text
        for place in sorted(places, key=lambda one: (one["start"], one["end"])):
            last = found[-1][1] if found else -1
            start, end = max(last, place["start"]), place["end"]
            within = list(_between_breaks(text, start, end))
            joins = last >= 0 and not text[last:start].strip()
            if joins:
                self.asked.dropped[NO_GAPS] += 1
            elif not within or (start, end) != (within[0][0], within[-1][1]):
                self.asked.dropped[NO_EDGES] += 1
            if found and within and within[0][0] == last:
                within[0] = (found.pop()[0], within[0][1])
            found += within
        return found

    def _note(self, kind: str, target: str, words: str) -> None:
        if not words:
            return
        line = BREAKS_AND_TABS.sub(" ", words)
        if line != words:
            self.asked.dropped[NO_BREAKS] += 1
        self._line("#", f"{kind} {target}\t{line}")

    def _line(self, kind: str, rest: str) -> str:
        name = f"{kind}{next(self.number[kind])}"
        self.lines.append(f"{name}\t{rest}")
        return name


def _between_breaks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of `text[start:end]` between its line breaks that are not blank."""
    at = start
    for gap in [*BREAK.finditer(text, start, end), None]:
        stop = gap.start() if gap else end
        if text[at:stop].strip():
            yield at, stop
        at = gap.end() if gap else end


def _notes(claim: Part) -> Iterator[tuple[str, str]]:
    who = claim["claimant"] or {"name": "", "role": ""}
    told = (
        claim["id"], claim["statement"], who["name"], who["role"], claim["said_on"] or "",
        claim["first_address"],
    )  # fmt: skip
    yield from zip(ONCE, told, strict=True)
    for topic in claim["topics"]:
        yield "Topic", topic
