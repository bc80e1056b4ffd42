"""Reading a table of claims (columns: `annotations.formats.table`), whatever file it comes from.

Only `statement` is needed; the columns may stand in any order, and what is no column of ours is
kept with its claim. Rows that follow each other in one article make that article; where its rows
are apart it is found again, with its other claims. Where a claim stands is told by

- `text` with `start` and `end`, which `quote` checks, or with `quote` alone, or by the statement's
  own words in the text;
- `article_address` with `quote`, and no `text`: the article that the project has;
- nothing at all: the claim's words are an article of their own.

Keys are the ids in `article` and `claim`; without them a hash of the cells that say what it is.
"""

import datetime
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import orjson

from annotations.formats.cells import as_meant
from annotations.formats.contract import ReadAsked
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    PlaceGiven,
    QuoteGiven,
    Refused,
    VerdictGiven,
)
from annotations.formats.lines import refuse_unstorable_within
from annotations.formats.offsets import Offsets, Unit, shortened
from annotations.formats.quotes import Quotes
from annotations.formats.table import ARTICLE, CLAIM, COLUMNS, PLACES, RULING, UNITS, VERDICT
from annotations.rules.claims import ClaimKind, Stance
from annotations.rules.refusals import Malformed, Refusal
from annotations.rules.verdicts import EvidenceGiven
from annotations.rules.words import UNSTORABLE, name_of

AKind = TypeVar("AKind", list[Any], dict[str, Any])
Cells = dict[str, str]  # of a row, by column; empty cells are left out
Row = tuple[int, list[str]]  # the number that a report names, and the cells

ADDRESS = re.compile(r"https?://\S+")
NUMBER = re.compile(r"[0-9]{1,9}")
DAY = "%Y-%m-%d"
DAYS = ("article_date", "said_on")
MOST_CLAIMS = 2_000  # of one article that are held at a time
MOST_VERDICTS = 100
MOST_REFUSED = 1_000  # of one article that are held at a time
HEADER = (
    "The first row has to name the columns, and there has to be one called “statement”. The others "
    f"may be: {', '.join(one for one in COLUMNS if one != 'statement')}."
)
WHERE = (
    "The row has an article's text, and nothing says where the claim stands in it. Give start and "
    "end, or the words as quote."
)


def articles(rows: Iterator[Row | Refused], asked: ReadAsked) -> Iterator[Found | Refused]:
    """The articles of a table whose first row is its header, each with what is refused of it."""
    waiting: _Article | None = None
    for row in _under_header(rows):
        if waiting and (
            len(waiting.refused) == MOST_REFUSED
            or (not isinstance(row, Refused) and not waiting.holds(row[1]))
        ):
            yield from waiting.found()
            waiting = None
        if not isinstance(row, Refused):
            try:
                waiting = waiting or _Article(*row, asked)
                waiting.add(*row)
                continue
            except Refusal as refusal:
                row = _refused(row[0], refusal, row[1].values())
        if waiting:
            waiting.refused.append(row)
        else:
            yield row
    if waiting:
        yield from waiting.found()


def _under_header(rows: Iterator[Row | Refused]) -> Iterator[tuple[int, Cells] | Refused]:
    """The rows below the header with what they hold; empty ones are passed over."""
    header: list[str] = []
    for row in rows:
        if isinstance(row, Refused):
            yield row
            if not header and not row.line:
                return
        elif header:
            try:
                if cells := checked_row(header, row[1]):
                    yield row[0], cells
            except Refusal as refusal:
                yield _refused(row[0], refusal, row[1])
        elif any(row[1]):
            header = names(row[1])
            if why := wrong_header(header):
                yield Refused(row[0], why, _beginning(row[1]))
                return
    if not header:
        yield Refused(0, f"The table is empty. {HEADER}")


def _refused(line: int, refusal: Refusal, cells: Iterable[str]) -> Refused:
    return Refused(line, refusal.sentence, _beginning(cells))


def _beginning(cells: Iterable[str]) -> str:
    whole = ", ".join(cell[:60] for cell in cells if cell)
    return shortened(whole.encode(errors="replace").decode())


def names(cells: Sequence[str]) -> list[str]:
    """The columns that a header names, however it spells them: `Said on` is `said_on`."""
    return ["_".join(as_meant(cell).strip().lower().split()) for cell in cells]


def wrong_header(header: list[str]) -> str:
    """The sentence for a header that no row can be read by; empty if it will do."""
    if bad := UNSTORABLE.search("".join(header)):
        if bad[0] == "\0":
            return "There is a NUL character in the header: this is no table of text. Save it so."
        return "The header is not UTF-8. Save the table as UTF-8 (in Excel: “CSV UTF-8”)."
    twice = {one for one in header if one and header.count(one) > 1}
    if twice:
        return f"There is more than one column called “{shortened(min(twice))}”. Rename the others."
    return "" if "statement" in header else HEADER


def checked_row(header: list[str], row: list[str]) -> Cells:
    """The cells of a row that hold something, as they were meant."""
    cells = {}
    for n, cell in enumerate(row):
        if not cell or cell.isspace():
            continue
        if n >= len(header):
            raise Malformed(
                f"This row has {len(row)} cells, and the header has {len(header)}. Put quotation "
                "marks around a cell that holds what stands between cells."
            )
        if bad := UNSTORABLE.search(cell):
            if "\udc80" <= bad[0] <= "\udcff":
                raise Malformed(
                    f"This is not UTF-8: the byte {ord(bad[0]) - 0xDC00:#04x} in "
                    f"“{shortened(cell.encode(errors='replace').decode())}” is no part of a "
                    "character. Save the table as UTF-8 (in Excel: “CSV UTF-8”)."
                )
            raise Malformed(f"There is {name_of(bad[0])} in this row. Remove it.")
        cells[header[n] or f"column {n + 1}"] = as_meant(cell).replace("\r\n", "\n")
    return cells


@dataclass(slots=True)
class _Claim:
    """A claim of whose rows the first was read."""

    line: int
    cells: tuple[str, ...]
    given: ClaimGiven
    verdicts: dict[VerdictGiven, None] = field(default_factory=dict)
    kept: dict[str, dict[Any, None]] = field(default_factory=dict)
    other: dict[str, Any] = field(default_factory=dict)

    def keep(self, cells: Cells, other: dict[str, Any]) -> None:
        """Keep what no column of ours is for, and the ruling, which only a project can make."""
        self.other.update(other)
        for column, cell in cells.items():
            if column in RULING or column not in COLUMNS:
                self.kept.setdefault(column, {})[cell] = None

    def made(self) -> ClaimGiven:
        kept = {column: _one_or_all(list(found)) for column, found in self.kept.items()}
        return replace(self.given, verdicts=tuple(self.verdicts), kept={**self.other, **kept})


class _Article:
    """An article while its rows are read: the first row says which it is."""

    def __init__(self, line: int, cells: Cells, asked: ReadAsked) -> None:
        self.line, self.asked = line, asked
        self.cells = _only(cells, *ARTICLE, "text")
        self.id = _id(cells)
        self.given = _article(cells, self.id)
        self.text = Offsets(self.given.text)
        self.quotes: Quotes | None = None
        self.claims: dict[str, _Claim] = {}
        self.refused: list[Refused] = []

    def holds(self, cells: Cells) -> bool:
        """Whether a row goes on with this article; a long one is begun again between two claims."""
        if _id(cells) != self.id:
            return False
        return _key(cells) in self.claims or len(self.claims) < MOST_CLAIMS

    def add(self, line: int, cells: Cells) -> None:
        """Add what a row says; refuses what is wrong with it, the verdict apart from the claim."""
        if _only(cells, *ARTICLE, "text") != self.cells:
            raise Malformed(
                f"This row says otherwise than line {self.line} what its article is, or what its "
                "text. Make the columns of the article the same in all its rows."
            )
        other = _json(cells, "other", dict)
        key, same = _key(cells), _only(cells, *CLAIM, *PLACES)
        claim = self.claims.get(key)
        if claim is None:
            claim = self.claims[key] = _Claim(line, same, self._claim(key, cells))
        elif claim.cells != same:
            raise Malformed(
                f"This row has the claim “{shortened(cells['claim'])}” otherwise than "
                f"line {claim.line}. Make the columns of the claim the same in all its rows."
            )
        if len(claim.verdicts) == MOST_VERDICTS:
            raise Malformed(f"A claim has {MOST_VERDICTS} verdicts at most. Leave out this row.")
        claim.keep(cells, other)
        if verdict := _verdict(cells):
            claim.verdicts[verdict] = None

    def found(self) -> Iterator[Found | Refused]:
        """The article, then what was refused of its rows."""
        if self.claims:
            made = tuple(claim.made() for claim in self.claims.values())
            yield Found(self.line, replace(self.given, claims=made))
        yield from self.refused

    def _claim(self, key: str, cells: Cells) -> ClaimGiven:
        if not cells.get("statement"):
            raise Malformed("There is no statement in this row. Write what is claimed.")
        kind = cells.get("kind", "").strip().lower()
        if kind and kind not in set(ClaimKind):
            raise Malformed(
                f"There is no kind “{shortened(kind)}”. The kind is one of: {', '.join(ClaimKind)}."
            )
        given = ClaimGiven(
            key=key,
            statement=cells["statement"],
            places=(),
            kind=kind,
            claimant=cells.get("claimant", ""),
            claimant_role=cells.get("claimant_role", ""),
            said_on=_day(cells, "said_on"),
            first_address=cells.get("first_address", ""),
            topics=tuple(_lines(cells.get("topics", ""))),
        )
        return self._placed(given, cells)

    def _placed(self, given: ClaimGiven, cells: Cells) -> ClaimGiven:
        """The claim with its places in this article, or with its quotes where we have no text."""
        told = _told(cells, self.asked)
        if not self.given.text:
            return replace(given, quotes=told)
        if "text" not in cells:
            return replace(given, places=(PlaceGiven(0, len(self.given.text)),))
        return replace(given, places=tuple(self._place(one) for one in told))

    def _place(self, told: QuoteGiven) -> PlaceGiven:
        if told.start is not None and told.end is not None:
            return self.text.place(told.start, told.end, quote=told.quote or None, units=told.units)
        self.quotes = self.quotes or Quotes(self.given.text)
        return self.quotes.place(told)


def _has_article(cells: Cells) -> bool:
    """Whether a row says of which article the claim is, by its text or as one that is known."""
    is_named = "article_address" in cells and ("quote" in cells or "start" in cells)
    return "text" in cells or is_named


def _id(cells: Cells) -> str:
    if not _has_article(cells):
        return _key(cells)
    return cells.get("article") or _hash(_only(cells, *ARTICLE, "text"))


def _key(cells: Cells) -> str:
    return cells.get("claim") or _hash(_only(cells, *ARTICLE[1:], *CLAIM, *PLACES))


def _only(cells: Cells, *columns: str) -> tuple[str, ...]:
    return tuple(cells.get(column, "") for column in columns)


def _hash(cells: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(cells).encode()).hexdigest()[:16]


def _article(cells: Cells, key: str) -> ArticleGiven:
    words = cells.get("text", "") if _has_article(cells) else cells.get("statement", "")
    return ArticleGiven(
        key=key,
        text=words,
        title=cells.get("article_title", ""),
        publisher=cells.get("article_publisher", ""),
        author=cells.get("article_author", ""),
        address=cells.get("article_address", ""),
        language=cells.get("article_language", ""),
        date=_day(cells, "article_date"),
    )


def _told(cells: Cells, asked: ReadAsked) -> tuple[QuoteGiven, ...]:
    """Where the row says that its claim stands; refuses what says so by halves."""
    units = asked.units_of(UNITS)
    start, end = _number(cells, "start"), _number(cells, "end")
    if (start is None) != (end is None):
        raise Malformed("A place needs both start and end. Give both, or the words as quote.")
    quote = cells.get("quote", "")
    if start is None and not quote:
        words = cells["statement"]
        if words not in cells.get("text", words):
            raise Malformed(WHERE)
        quote = words
    return (QuoteGiven(quote, start=start, end=end, units=units), *_more(cells, units))


def _more(cells: Cells, units: tuple[Unit, ...]) -> Iterator[QuoteGiven]:
    for one in _json(cells, "more_places", list):
        match one:
            case [int(start), int(end), str(quote)] if quote and 0 <= start < end < 2**31:
                yield QuoteGiven(quote, start=start, end=end, units=units)
            case _:
                raise Malformed(
                    "In more_places, each place is a list of its start, its end and its words, as "
                    'in [[10, 15, "words"]].'
                )


def _one_or_all(found: list[str]) -> str | list[str]:
    return found[0] if len(found) == 1 else found


def _verdict(cells: Cells) -> VerdictGiven | None:
    if not any(column in cells for column in VERDICT):
        return None
    return VerdictGiven(
        rating=cells.get("rating", ""),
        rationale=cells.get("rationale", ""),
        evidence=tuple(_evidence(line) for line in _lines(cells.get("evidence", ""))),
        by=cells.get("reviewer", ""),
        at=_moment(cells.get("judged_at", "")),
    )


def _evidence(line: str) -> EvidenceGiven:
    """`refutes https://…`, or an address alone."""
    stance, _, address = line.partition(" ")
    if stance not in set(Stance):
        stance, address = "", line
    if not ADDRESS.fullmatch(address):
        raise Malformed(
            f"“{shortened(line)}” is no address. Write one on each line of the cell, such as "
            "https://example.org/report, after supports, refutes or context where that is known."
        )
    return EvidenceGiven(stance=stance, address=address)


def _lines(cell: str) -> Iterator[str]:
    return (line.strip() for line in cell.split("\n") if line.strip())


def _number(cells: Cells, column: str) -> int | None:
    written = cells.get(column, "").strip()
    if not written:
        return None
    if not NUMBER.fullmatch(written):
        raise Malformed(f"The {column} “{shortened(written)}” is no whole number from 0 on.")
    return int(written)


def _day(cells: Cells, column: str) -> datetime.date | None:
    written = cells.get(column, "").strip()
    try:
        return datetime.datetime.strptime(written, DAY).date() if written else None  # noqa: DTZ007
    except ValueError:
        raise Malformed(
            f"The {column} “{shortened(written)}” is no day. Write it as 2025-03-17."
        ) from None


def _moment(written: str) -> datetime.datetime | None:
    if not written:
        return None
    with suppress(ValueError):
        found = datetime.datetime.fromisoformat(written)
        if found.tzinfo:
            return found
    raise Malformed(
        f"“{shortened(written)}” is no moment. Write judged_at as 2025-03-17T10:00:00+00:00, "
        "with its zone."
    )


def _json(cells: Cells, column: str, kind: type[AKind]) -> AKind:
    """What stands in a cell as JSON, empty where nothing does; refuses another kind of value."""
    written = cells.get(column)
    if written is None:
        return kind()
    try:
        found = orjson.loads(written)
        refuse_unstorable_within(found)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, kind):
        raise Malformed(f"The cell under {column} is not the JSON that it has to be.")
    return found
