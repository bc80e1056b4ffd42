"""What a verdict has to hold, as a draft and when it is submitted."""

import uuid
from dataclasses import replace

import pytest

from annotations.rules.refusals import Malformed, Unprocessable
from annotations.rules.verdicts import (
    MOST_EVIDENCE,
    EvidenceGiven,
    Judgement,
    checked,
    refuse_incomplete,
)

SOURCE = EvidenceGiven(stance="supports", address="https://example.org/a")


def test_an_empty_draft_is_taken() -> None:
    assert checked(Judgement()) == Judgement()


def test_what_is_stored_has_canonical_addresses_and_no_blanks_at_its_ends() -> None:
    made = checked(
        Judgement(
            rationale="  Because\r\nof this.\r",
            evidence=(
                EvidenceGiven(address="HTTPS://Example.org#x", title=" T ", quote=" q\r\n "),
            ),
        )
    )
    assert made.rationale == "Because\nof this."
    assert made.evidence[0].address == "https://example.org/"
    assert (made.evidence[0].title, made.evidence[0].quote) == ("T", "q")


def test_every_problem_is_told_at_once_and_at_its_field() -> None:
    with pytest.raises(Malformed) as refused:
        checked(
            Judgement(
                rationale="a\x00b",
                confidence="sure",
                evidence=(
                    SOURCE,
                    EvidenceGiven(address="javascript:alert(1)", stance="likes", title="a\nb"),
                    EvidenceGiven(address="", quote="x" * 5001, note="\ud800", locator="l" * 301),
                ),
            )
        )
    assert set(refused.value.problems) == {
        "rationale",
        "confidence",
        "evidence.1.address",
        "evidence.1.stance",
        "evidence.1.title",
        "evidence.2.address",
        "evidence.2.quote",
        "evidence.2.note",
        "evidence.2.locator",
    }
    assert all(sentence.endswith(".") for sentence in refused.value.problems.values())


@pytest.mark.parametrize("name", ["title", "publisher", "author", "locator"])
def test_one_line_fields_have_a_longest(name: str) -> None:
    longest = {"publisher": 200, "author": 200}.get(name, 300)
    fits = replace(SOURCE, **{name: "x" * longest})  # type: ignore[arg-type]
    assert getattr(checked(Judgement(evidence=(fits,))).evidence[0], name) == "x" * longest
    too_long = replace(fits, **{name: "x" * (longest + 1)})  # type: ignore[arg-type]
    with pytest.raises(Malformed, match=f"{longest:,} is the most"):
        checked(Judgement(evidence=(too_long,)))


def test_a_known_source_needs_no_address() -> None:
    given = EvidenceGiven(source=uuid.uuid4(), address="javascript:alert(1)")
    assert checked(Judgement(evidence=(given,))).evidence[0].address == ""


def test_a_question_with_its_answer_needs_no_source_and_may_have_one() -> None:
    asked = EvidenceGiven(stance="context", question=" Which month? ", answer="None is given.")
    made = checked(Judgement(evidence=(asked, replace(asked, address="https://example.org"))))
    assert [one.address for one in made.evidence] == ["", "https://example.org/"]
    assert made.evidence[0].question == "Which month?"


@pytest.mark.parametrize(("said", "missing"), [("question", "answer"), ("answer", "question")])
def test_a_question_comes_with_its_answer(said: str, missing: str) -> None:
    for piece in (EvidenceGiven(stance="context"), SOURCE):
        half = replace(piece, **{said: "Half of it."})  # type: ignore[arg-type]
        with pytest.raises(Malformed) as refused:
            checked(Judgement(evidence=(half,)))
        assert set(refused.value.problems) == {f"evidence.0.{missing}"}


def test_fifty_pieces_of_evidence_are_taken_and_one_more_is_not() -> None:
    assert len(checked(Judgement(evidence=(SOURCE,) * MOST_EVIDENCE)).evidence) == MOST_EVIDENCE
    with pytest.raises(Malformed, match="50 pieces of evidence at most"):
        checked(Judgement(evidence=(SOURCE,) * (MOST_EVIDENCE + 1)))


def test_a_submitted_verdict_needs_a_rating_a_rationale_and_evidence() -> None:
    with pytest.raises(Unprocessable) as refused:
        refuse_incomplete(Judgement(), off_the_axis=False)
    assert set(refused.value.problems) == {"rating", "rationale", "evidence"}


def test_a_rating_off_the_axis_needs_no_evidence() -> None:
    refuse_incomplete(Judgement("unproven", "I looked."), off_the_axis=True)
    with pytest.raises(Unprocessable) as refused:
        refuse_incomplete(Judgement("true", "I looked."), off_the_axis=False)
    assert set(refused.value.problems) == {"evidence"}


def test_every_piece_needs_a_stance_that_was_chosen_before_it_is_submitted() -> None:
    unsaid = replace(SOURCE, stance="")
    assert checked(Judgement(evidence=(unsaid,))).evidence == (unsaid,)
    with pytest.raises(Unprocessable, match="supports, refutes") as refused:
        refuse_incomplete(Judgement("true", "See.", "", (SOURCE, unsaid)), off_the_axis=False)
    assert set(refused.value.problems) == {"evidence.1.stance"}


def test_a_complete_verdict_is_taken() -> None:
    refuse_incomplete(Judgement("true", "See.", "high", (SOURCE,)), off_the_axis=False)
