"""CoNLL-2003 columns with marks in IOB2 (Tjong Kim Sang & De Meulder 2003): a token a line.

The columns are the token, `-X-` for the part of speech and `O` for the chunk, which are not known,
and the mark: `B-false` where a claim begins, `I-false` where it goes on, `O` elsewhere. A claim is
called by its rating: the ruling in force, else what all its verdicts say, else `CLAIM`. A blank
line ends a sentence, `-DOCSTART-` begins an article, with comments before it.

No token has two marks. Of places that overlap the longest stands, of two as long the first; how
many were dropped is said in the comment `# dropped:` of their article.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from annotations.formats import record
from annotations.formats.contract import Record, WriteAsked
from annotations.formats.offsets import Unit
from annotations.formats.record import Part
from annotations.formats.tokens import Stretch, sentences, tokens

SLUG = "iob2"
NAME = "CoNLL-2003 columns with marks in IOB2"
MEDIA_TYPE = "text/plain"
ENDING = "conll"
LOSSLESS = False
NO_TEXT = "Articles whose text is not shown are left out."
NO_HEAD = "Of an article its id and its text have a place, and nothing else."
NO_CLAIM = "Of a claim its places and one rating have a place, and nothing else."
NO_PAST = "Older texts, verdicts and rulings, and claims that stand only there, have no place."
NO_BLANKS = "Of the text the tokens are written, and not the blanks between them."
NO_OVERLAP = "Of places that overlap the longest stands, and the others are dropped."
NO_LONG = "A place that runs over the end of a sentence begins again in the next."
NO_DISPUTE = "A claim whose verdicts differ is called CLAIM, as one without any."
DROPS = (NO_TEXT, NO_HEAD, NO_CLAIM, NO_PAST, NO_BLANKS, NO_OVERLAP, NO_LONG, NO_DISPUTE)
UNITS: tuple[Unit, ...] = ()

Mark = tuple[int, int, str]  # start, end, label


def write(records: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    for one in records:
        revision = record.newest(one)
        if revision is None:
            asked.dropped[NO_TEXT] += 1
            continue
        marks, dropped = _chosen(_marks(one, asked))
        for sentence, count in (
            (NO_HEAD, 1), (NO_BLANKS, 1), (NO_CLAIM, len(one["claims"])),
            (NO_PAST, record.past(one)), (NO_OVERLAP, dropped),
        ):  # fmt: skip
            if count:
                asked.dropped[sentence] += count
        yield f"# article: {one['article']['id']}\n# dropped: {dropped}\n".encode()
        yield b"-DOCSTART- -X- O O\n\n"
        yield "".join(_lines(revision["text"], marks, asked)).encode()


def _marks(one: Record, asked: WriteAsked) -> list[Mark]:
    return [
        (place["start"], place["end"], label)
        for claim, places in record.standing(one)
        for label in [_label(claim, asked)]
        for place in places
    ]


def _label(claim: Part, asked: WriteAsked) -> str:
    ratings = {one["rating"] for one in record.said(claim)}
    if len(ratings) > 1:
        asked.dropped[NO_DISPUTE] += 1
    return str(ratings.pop()) if len(ratings) == 1 else "CLAIM"


def _chosen(marks: Sequence[Mark]) -> tuple[list[Mark], int]:
    """The marks that stand, in the order of the text, and how many do not."""
    standing: list[Mark] = []
    for one in sorted(marks, key=lambda mark: (mark[0] - mark[1], mark)):
        at = bisect_left(standing, one)
        before, after = standing[at - 1 : at], standing[at : at + 1]
        if (before and before[0][1] > one[0]) or (after and after[0][0] < one[1]):
            continue
        standing.insert(at, one)
    return standing, len(marks) - len(standing)


def _lines(text: str, marks: Sequence[Mark], asked: WriteAsked) -> Iterator[str]:
    n = 0
    for sentence in sentences(text):
        began = -1
        for start, end in tokens(text, sentence, _edges(marks, sentence)):
            while n < len(marks) and marks[n][1] <= start:
                n += 1
            tag = "O"
            if n < len(marks) and marks[n][0] <= start:
                tag = f"{'I' if began == n else 'B'}-{marks[n][2]}"
                began = n
            yield f"{text[start:end]} -X- O {tag}\n"
        if began == n and marks[n][1] > sentence[1] and text[sentence[1] : marks[n][1]].strip():
            asked.dropped[NO_LONG] += 1
        yield "\n"


def _edges(marks: Sequence[Mark], within: Stretch) -> list[int]:
    """Where marks begin and end within a sentence, in order."""
    first = max(0, bisect_left(marks, within[0], key=lambda one: one[0]) - 1)
    found: list[int] = []
    for n in range(first, len(marks)):
        if marks[n][0] >= within[1]:
            break
        found += marks[n][:2]
    return [one for one in found if within[0] < one < within[1]]
