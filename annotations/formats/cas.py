"""What UIMA CAS has of an article, whether as XMI or as JSON: layers as INCEpTION knows them.

An article is a document with DKPro's `DocumentMetaData`, its `Sentence`s and `Token`s, and marks of
the custom layer `webanno.custom.Claim`. A claim is a mark for each of its places, and where several
people judged it, for each of their verdicts: INCEpTION shows them stacked. Marks with the same
`identifier` are one claim; one without is named after its statement and place.

Written through dkpro-cassis, which counts in UTF-16 as UIMA does. Read without it: it puts names
that a file gives into Python source that it runs, and gives a document up for one bad mark.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotations.formats import archives, record
from annotations.formats.cas_reading import CLAIM, META, NOT_READ, SENTENCE, STRINGS, TOKEN, UNKNOWN
from annotations.formats.contract import Record, WriteAsked
from annotations.formats.record import Part
from annotations.formats.tokens import sentences, tokens

LONGEST_CUT = 200_000  # code points: cassis takes a kilobyte for each token
NO_TEXT = "Articles whose text is not shown have no document."
NO_HEAD = "An article's publisher, author and date have no place."
NO_PAST = "Older texts, verdicts and rulings, and claims that stand only there, have no place."
NO_STATE = "States, confidence and what publishers were asked to correct have no place."
NO_EVIDENCE = "Evidence has no place."
NO_TOKENS = f"Texts of more than {LONGEST_CUT:,} characters are not cut into sentences and tokens."
DROPS = (NO_TEXT, NO_HEAD, NO_PAST, NO_STATE, NO_EVIDENCE, NOT_READ, NO_TOKENS)


def written(one: Record, types: Any, asked: WriteAsked, clean: Callable[[str], str] = str) -> Any:
    """The CAS of a record that shows a text; `clean` makes of each text one that can be held."""
    from cassis import Cas

    revision = record.newest(one)
    if revision is None:
        asked.dropped[NO_TEXT] += 1
        return None
    _count(one, asked)
    text = clean(revision["text"])
    cas = Cas(typesystem=types, sofa_string=text, sofa_mime="text/plain")
    told = {
        "language": one["article"]["language"] or UNKNOWN, "documentTitle": one["article"]["title"],
        "documentId": one["article"]["id"], "documentUri": one["article"]["address"],
        "collectionId": one["project"]["slug"],
    }  # fmt: skip
    add = _Adding(cas, types, clean)
    add(META, 0, len(text), told)
    standing = list(record.standing(one))
    edges = sorted(
        {at for _, here in standing for one in here for at in (one["start"], one["end"])}
    )
    if len(text) > LONGEST_CUT:
        asked.dropped[NO_TOKENS] += 1
    for sentence in sentences(text) if len(text) <= LONGEST_CUT else ():
        add(SENTENCE, *sentence, {})
        for token in tokens(text, sentence, edges):
            add(TOKEN, *token, {})
    for claim, places in standing:
        for told in _verdicts(claim):
            for place in places:
                add(CLAIM, place["start"], place["end"], told)
    return cas


def type_system() -> Any:
    """The layers, as cassis has them."""
    from cassis import TypeSystem

    types = TypeSystem()
    for name, features in STRINGS.items():
        supertype = "uima.tcas.DocumentAnnotation" if name == META else "uima.tcas.Annotation"
        made = types.create_type(name, supertype)
        for feature in features:
            types.create_feature(made, feature, "uima.cas.String")
        if name == META:
            types.create_feature(made, "isLastSegment", "uima.cas.Boolean")
    return types


@dataclass(frozen=True, slots=True)
class _Adding:
    cas: Any
    types: Any
    clean: Callable[[str], str]

    def __call__(self, name: str, start: int, end: int, told: Mapping[str, str]) -> None:
        features = {key: self.clean(value) for key, value in told.items() if value}
        self.cas.add(self.types.get_type(name)(begin=start, end=end, **features))


def _count(one: Record, asked: WriteAsked) -> None:
    asked.dropped[NO_HEAD] += 1
    claims = one["claims"]
    evidence = sum(len(each["evidence"]) for claim in claims for each in record.verdicts(claim))
    rulings = sum(record.ruling(claim) is not None for claim in claims)
    for sentence, count in (
        (NO_PAST, record.past(one)), (NO_STATE, len(claims)), (NO_EVIDENCE, evidence),
        (NOT_READ, rulings),
    ):  # fmt: skip
        if count:
            asked.dropped[sentence] += count


def _verdicts(claim: Part) -> Iterator[dict[str, str]]:
    """The features of a claim's marks: once for each verdict, or once where there is none."""
    who = claim["claimant"] or {"name": "", "role": ""}
    ruling = record.ruling(claim)
    told = {
        "identifier": claim["id"], "statement": claim["statement"], "kind": claim["kind"],
        "claimant": who["name"], "claimantRole": who["role"], "saidOn": claim["said_on"] or "",
        "firstAddress": claim["first_address"], "topics": "\n".join(claim["topics"]),
        "ruling": ruling["rating"] if ruling else "",
    }  # fmt: skip
    for one in record.verdicts(claim):
        yield {
            **told, "rating": one["rating"], "rationale": one["rationale"],
            "reviewer": one["reviewer"], "saidAt": one["submitted_at"],
        }  # fmt: skip
    if not record.verdicts(claim):
        yield told


def names(records: Iterable[Record]) -> Iterator[tuple[Record, str]]:
    """Each record with what its document is called."""
    for one in records:
        yield one, archives.name_of(one["article"]["slug"], one["article"]["id"])
