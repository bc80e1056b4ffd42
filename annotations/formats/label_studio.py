"""Label Studio's JSON (labelstud.io/guide/task_format): a list of tasks, one a text.

A region on the text is a claim: results with one `id`, of which `labels` has its place, `choices`
its `rating` and `kind`, and `textarea` its `statement`, `rationale` and `sources` (one address a
text). Each reviewer has an annotation; claims that nobody has judged stand in the first. A region's
id is the claim's, with `.2` and so on for its further places.

The labeling configuration for such tasks stands in the first task of each project, as
`meta.label_config`: paste it into the settings of the project there. A second entry of the list
would be a task, and JSON has no comments. Who gave a verdict is `created_username`, which Label
Studio passes over: `completed_by` has to be somebody with an account there.

Read are lists and lines of tasks, exports of all versions: `completions` for `annotations`,
`completed_by` as number or object, `$undefined$` for the key of the text, HTML with its paths
(`hypertext`), choices on a whole text (which is the claim then). The rating of a region is what was
chosen in `rating`, else in the one control of choices there is, else its label, unless that is
`Claim`. Rationales are the words of `rationale`, else of all text areas. Offsets count code points,
in older exports UTF-16: the region's words tell. A task's key is `data.article`, if that is an id,
else made of its text; a claim's is its region's id, if that is ours, else its offsets.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

import orjson

from annotations.formats import columns
from annotations.formats import record as records
from annotations.formats.contract import Record, WriteAsked
from annotations.formats.label_studio_reading import (
    CONFIG,
    KIND,
    MARKED,
    RATING,
    RATIONALE,
    SOURCES,
    STATEMENT,
    UNITS,
    read,
)
from annotations.formats.offsets import Offsets
from annotations.formats.record import Part
from annotations.rules.claims import ClaimKind

__all__ = ["UNITS", "read", "write"]

SLUG = "label-studio"
NAME = "Label Studio JSON"
MEDIA_TYPE = "application/json"
ENDING = "json"
LOSSLESS = False

NO_TEXT = "Articles whose text is not shown."
ABOUT = "A claim's claimant, day, first address and topics."
CITED = "Of evidence all but its address; questions without a source."
TIMES = "When a verdict was given, but for the newest of each reviewer."
RULINGS = "Rulings."
PAST = "Older texts, verdicts and rulings, and claims that stand only there."
STATES = "States, confidence, and what publishers were asked to correct."
DROPS = (NO_TEXT, ABOUT, CITED, TIMES, RULINGS, PAST, STATES)


def write(corpus: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    before, configured = b"[\n", None
    for record in corpus:
        revision = records.newest(record)
        if revision is None:
            asked.dropped[NO_TEXT] += 1
            continue
        task = _task(record, revision["text"], asked)
        if configured != (project := record["project"]["slug"]):
            task["meta"] = {**task["meta"], CONFIG: configuration(records.scale(record))}
            configured = project
        yield before + orjson.dumps(task)
        before = b",\n"
    yield b"[]\n" if before.startswith(b"[") else b"\n]\n"


def configuration(scale: Mapping[str, Part]) -> str:
    """The labeling configuration with the ratings of a scale."""
    ratings = "".join(
        f"    <Choice value={quoteattr(one['name'])} alias={quoteattr(slug)}/>\n"
        for slug, one in scale.items()
    )
    kinds = "".join(f"    <Choice value={quoteattr(one)}/>\n" for one in ClaimKind)
    region = 'toName="text" perRegion="true"'
    areas = "".join(
        f'  <Header value="{name.capitalize()}"/>\n  <TextArea name="{name}" {region}/>\n'
        for name in (STATEMENT, RATIONALE, SOURCES)
    )
    return (
        f'<View>\n  <Labels name="claim" toName="text">\n    <Label value="{MARKED}"/>\n'
        '  </Labels>\n  <Text name="text" value="$text"/>\n'
        f'  <Choices name="{RATING}" {region} choice="single">\n{ratings}  </Choices>\n'
        f'  <Choices name="{KIND}" {region} choice="single">\n{kinds}  </Choices>\n'
        f"{areas}</View>\n"
    )


def _task(record: Record, text: str, asked: WriteAsked) -> dict[str, Any]:
    if past := records.past(record):
        asked.dropped[PAST] += past
    article = record["article"]
    kept = records.kept(article, SLUG)
    regions = _Regions(text, asked)
    return {
        "data": {**kept.get("data", {}), **columns.written(article), "text": text},
        "annotations": list(_annotations(list(records.standing(record)), regions, asked)),
        "meta": dict(kept.get("meta", {})),
    }


Standing = Sequence[tuple[Part, list[Part]]]


def _annotations(claims: Standing, regions: "_Regions", asked: WriteAsked) -> Iterator[Any]:
    """One annotation a reviewer, in the order of the claims."""
    given: dict[str, dict[str, Part]] = {}
    for claim, _ in claims:
        _count(claim, asked)
        for one in records.verdicts(claim):
            given.setdefault(one["reviewer"], {})[claim["id"]] = one
    judged = {name for verdicts in given.values() for name in verdicts}
    for n, (reviewer, verdicts) in enumerate((given or {"": {}}).items()):
        mine = set(verdicts) | ({claim["id"] for claim, _ in claims} - judged if n == 0 else set())
        result = [
            one
            for claim, places in claims
            if claim["id"] in mine
            for one in regions.of(claim, places, verdicts.get(claim["id"]))
        ]
        times = [one["submitted_at"] for one in verdicts.values()]
        if len(set(times)) > 1:
            asked.dropped[TIMES] += len(times) - 1
        if result:
            yield {
                "result": result,
                "was_cancelled": False,
                "ground_truth": False,
                **({"created_username": reviewer, "created_at": max(times)} if times else {}),
            }


class _Regions:
    """The results of one text."""

    def __init__(self, text: str, asked: WriteAsked) -> None:
        self.offsets = Offsets(text)
        self.unit = asked.unit_of(UNITS)

    def of(self, claim: Part, places: Sequence[Part], verdict: Part | None) -> Iterator[Any]:
        """The results that mark a claim, and on its first region what is said of it."""
        for n, place in enumerate(places, 1):
            name = claim["id"] if n == 1 else f"{claim['id']}.{n}"
            yield self._result(name, place, "claim", "labels", [MARKED])
        told: list[tuple[str, str, list[str]]] = [
            (KIND, "choices", [claim["kind"]]),
            (STATEMENT, "textarea", [claim["statement"]]),
        ]
        if verdict:
            sources = [one["source"]["address"] for one in verdict["evidence"] if one["source"]]
            told += [
                (RATING, "choices", [verdict["rating"]]),
                (RATIONALE, "textarea", [verdict["rationale"]] if verdict["rationale"] else []),
                (SOURCES, "textarea", sources),
            ]
        for control, kind, values in told:
            if values:
                yield self._result(claim["id"], places[0], control, kind, values)

    def _result(
        self, name: str, place: Part, control: str, kind: str, values: list[str]
    ) -> dict[str, Any]:
        # The words of a text area stand where those of the region stand otherwise.
        value = {
            "start": self.offsets.written(place["start"], self.unit),
            "end": self.offsets.written(place["end"], self.unit),
            "text": place["quote"],
            "text" if kind == "textarea" else kind: values,
        }
        return {
            "id": name, "from_name": control, "to_name": "text", "type": kind, "value": value,
            "origin": "manual",
        }  # fmt: skip


def _count(claim: Part, asked: WriteAsked) -> None:
    """Count what is lost of a claim."""
    verdicts = records.verdicts(claim)
    lost = {
        ABOUT: any(claim[name] for name in ("claimant", "said_on", "first_address", "topics")),
        CITED: any(one["evidence"] for one in verdicts),
        RULINGS: records.ruling(claim) is not None,
        STATES: claim["state"] not in (None, "marked") or bool(claim["publisher_corrections"]),
    }
    asked.dropped.update(sentence for sentence, is_lost in lost.items() if is_lost)
