"""What a verdict has to hold: always, and when it is submitted."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from annotations.rules import words
from annotations.rules.addresses import canonical_address
from annotations.rules.claims import Confidence, SourceType, Stance
from annotations.rules.refusals import Problems, Unprocessable

MOST_EVIDENCE = 50
SHORTEST_RATIONALE = 3
STANCE = "Say whether the source supports, refutes or gives context."


@dataclass(frozen=True, slots=True)
class EvidenceGiven:
    """A piece of evidence as it was given: a source by address, or by the id of a known one.

    `stance` is empty as long as its reviewer has not chosen one. A question with its answer may
    come without a source: there may be no document that answers it.
    """

    stance: str = ""
    address: str = ""
    source: uuid.UUID | None = None
    type: str = ""
    title: str = ""
    publisher: str = ""
    author: str = ""
    date: datetime.date | None = None
    date_is_inferred: bool = False
    quote: str = ""
    locator: str = ""
    note: str = ""
    question: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reviewer says of a claim; `rating` is a slug of the project's scale or empty."""

    rating: str = ""
    rationale: str = ""
    confidence: str = ""
    evidence: Sequence[EvidenceGiven] = field(default_factory=tuple)


def checked(given: Judgement) -> Judgement:
    """The judgement in its stored form; refuses with every problem at once, each at its field.

    Fields of evidence are named `evidence.0.address`, counting from 0.
    """
    problems = Problems()
    if given.confidence and given.confidence not in set(Confidence):
        problems["confidence"] = "Confidence is low, medium or high."
    if len(given.evidence) > MOST_EVIDENCE:
        problems["evidence"] = f"A verdict holds {MOST_EVIDENCE} pieces of evidence at most."
        problems.refuse()
    made = replace(
        given,
        rationale=problems.attempt(lambda: words.prose(given.rationale, "rationale"), ""),
        evidence=tuple(
            _evidence(piece, f"evidence.{n}.", problems) for n, piece in enumerate(given.evidence)
        ),
    )
    problems.refuse()
    return made


def refuse_incomplete(given: Judgement, *, off_the_axis: bool) -> None:
    """Refuse to submit what a reader could not follow.

    `off_the_axis` says that the rating stands off the scale's axis (unproven): nothing was found,
    so nothing has to be shown.
    """
    problems = Problems()
    if not given.rating:
        problems["rating"] = "A verdict needs a rating. Choose one on the scale."
    if not given.rationale:
        problems["rationale"] = "A verdict needs a rationale. Write what the evidence shows."
    elif len(given.rationale) < SHORTEST_RATIONALE:
        problems["rationale"] = "A reader needs more than this. Write what the evidence shows."
    if not given.evidence and not off_the_axis:
        problems["evidence"] = "A verdict needs at least one piece of evidence. Add a source."
    for n, piece in enumerate(given.evidence):
        if not piece.stance:
            problems[f"evidence.{n}.stance"] = STANCE
    problems.refuse(Unprocessable)


def same_moment(written: str, moment: datetime.datetime | None) -> bool:
    """Whether a text names the moment, as ISO 8601 has it; the empty one stands for none."""
    if not written or moment is None:
        return not written and moment is None
    try:
        return datetime.datetime.fromisoformat(written) == moment
    except ValueError:
        return False


def _evidence(given: EvidenceGiven, at: str, problems: Problems) -> EvidenceGiven:
    if given.stance and given.stance not in set(Stance):
        problems[at + "stance"] = STANCE
    if given.type and given.type not in set(SourceType):
        problems[at + "type"] = "Choose what kind of source it is from the list, or leave it out."

    def line(name: str, longest: int) -> str:
        value = str(getattr(given, name))
        return problems.attempt(lambda: words.line(value, at + name, longest=longest), "")

    def prose(name: str) -> str:
        value = str(getattr(given, name))
        return problems.attempt(lambda: words.prose(value, at + name, longest=words.QUOTE), "")

    question, answer = prose("question"), prose("answer")
    if answer and not question:
        problems[at + "question"] = "Write the question that this answers."
    if question and not answer:
        problems[at + "answer"] = "Write the answer, or that none was found."
    asked = question or answer
    return replace(
        given,
        address=""
        if given.source is not None or (asked and not given.address.strip())
        else problems.attempt(lambda: canonical_address(given.address, at + "address"), ""),
        title=line("title", 300),
        publisher=line("publisher", 200),
        author=line("author", 200),
        locator=line("locator", 300),
        quote=prose("quote"),
        note=prose("note"),
        question=question,
        answer=answer,
    )
