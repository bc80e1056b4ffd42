"""LIAR (Wang 2017): a claim a line, 14 columns with tabs between them, no header, no quoting.

The columns are `COLUMNS`. The label is the rating as the project has it, or as the file has it; it
is in one of six words only where the project's scale has them. The text of an article is not there:
each claim is an article of its own. Keys are the ids of the first column.

The party, the state, the five counts of what the speaker said before and the context have no word
in the workbench. They are kept with the claim and written again, as is the file's own id; a claim
that came from elsewhere has them empty, and counts of 0.
"""

from collections.abc import Iterable, Iterator

from annotations.formats.contract import ReadAsked, Record, WriteAsked
from annotations.formats.given import (
    ArticleGiven,
    ClaimGiven,
    Found,
    PlaceGiven,
    Refused,
    Unit,
    VerdictGiven,
)
from annotations.formats.lines import Bytes, Line, lines
from annotations.formats.offsets import shortened
from annotations.formats.record import Part, agreed, kept, past, standing
from annotations.rules.words import UNSTORABLE, name_of

SLUG = "liar"
NAME = "LIAR, 14 columns"
MEDIA_TYPE = "text/tab-separated-values"
ENDING = "tsv"
LOSSLESS = False
UNSETTLED = "Claims without a rating, and those whose verdicts differ."
ARTICLES = "The articles, and where in them a claim stands."
JUDGED = (
    "Of verdicts and rulings all but the one rating: rationales, evidence, reviewers and times."
)
DETAILS = "A claim's kind, when it was said, and where first."
PAST = "Older texts, verdicts and rulings, and claims that stand only there."
BLANKS = "Tabs and line breaks within a column, and commas within a subject: they become blanks."
DROPS = (UNSETTLED, ARTICLES, JUDGED, DETAILS, PAST, BLANKS)
UNITS: tuple[Unit, ...] = ()

KEPT = (
    "party", "barely_true_count", "false_count", "half_true_count", "mostly_true_count",
    "pants_on_fire_count", "context",
)  # fmt: skip
COLUMNS = ("id", "label", "statement", "subjects", "speaker", "job", "state", *KEPT)
NEW = {column: "0" for column in KEPT if column.endswith("_count")}


def write(records: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    for record in records:
        asked.dropped[ARTICLES] += 1
        if older := past(record):
            asked.dropped[PAST] += older
        written = (_line(claim, asked) for claim, _ in standing(record))
        yield "".join(written).encode()


def _line(claim: Part, asked: WriteAsked) -> str:
    label = agreed(claim)
    if label is None:
        asked.dropped[UNSETTLED] += 1
        return ""
    asked.dropped[JUDGED] += 1
    asked.dropped[DETAILS] += 1
    who = claim["claimant"] or {"name": "", "role": ""}
    own = {**NEW, **kept(claim, SLUG)}
    subjects = ",".join(one.replace(",", " ") for one in claim["topics"])
    told = {
        **own, "id": own.get("id", claim["id"]), "label": label, "statement": claim["statement"],
        "subjects": subjects, "speaker": who["name"], "job": who["role"],
    }  # fmt: skip
    cells = [str(told.get(column, "")) for column in COLUMNS]
    plain = [" ".join(cell.splitlines()).replace("\t", " ") for cell in cells]
    if plain != cells or any("," in one for one in claim["topics"]):
        asked.dropped[BLANKS] += 1
    return "\t".join(plain) + "\n"


def read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    for line in lines(file):
        if isinstance(line, Refused):
            yield line
            continue
        cells = line.text.split("\t")
        if why := _wrong(cells):
            yield Refused(line.number, why, shortened(line.text))
            continue
        yield _found(line, dict(zip(COLUMNS, cells, strict=True)))


def _wrong(cells: list[str]) -> str:
    """The sentence for what is wrong with a line; empty if nothing is."""
    if len(cells) != len(COLUMNS):
        return (
            f"This line has {len(cells)} columns, and LIAR has {len(COLUMNS)}: "
            f"{', '.join(COLUMNS)}. Put a tab between each two, also where they are empty."
        )
    for n, column in enumerate(COLUMNS[:3]):
        if not cells[n].strip():
            return f"The column {n + 1}, the {column}, is empty. It has to be there."
    if bad := UNSTORABLE.search("".join(cells)):
        return f"There is {name_of(bad[0])} in this line. Remove it."
    return ""


def _found(line: Line, told: dict[str, str]) -> Found:
    statement = told["statement"].strip()
    claim = ClaimGiven(
        key=told["id"],
        statement=statement,
        places=(PlaceGiven(0, len(statement)),),
        claimant=told["speaker"],
        claimant_role=told["job"],
        topics=tuple(one.strip() for one in told["subjects"].split(",") if one.strip()),
        verdicts=(VerdictGiven(rating=told["label"]),),
        kept={column: told[column] for column in ("id", "state", *KEPT)},
    )
    return Found(line.number, ArticleGiven(key=told["id"], text=statement, claims=(claim,)))
