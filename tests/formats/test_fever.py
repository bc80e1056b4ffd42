"""FEVER: three labels, and evidence that speaks for them."""

import json
from typing import Any

import pytest

from annotations.formats import fever
from annotations.formats.contract import WriteAsked
from tests.formats.records import claim, evidence, hard_record, place, seed_record, verdict


def written(*records: Any, asked: WriteAsked | None = None) -> list[dict[str, Any]]:
    raw = b"".join(fever.write(iter(records), asked or WriteAsked()))
    return [json.loads(line) for line in raw.splitlines()]


def judged(*verdicts: Any) -> dict[str, Any]:
    return {**hard_record(), "claims": [claim(1, "It “rained”.", place(1, "😀"),
                                              verdicts=list(verdicts))]}  # fmt: skip


ONE = evidence(1, "https://a.example/", stance="supports")
TWO = evidence(2, "https://b.example/", stance="refutes")
ASKED = evidence(3, "", question="Did it?", answer="Yes.", stance="supports")


def test_a_claim_is_a_line_as_the_data_set_has_it() -> None:
    asked = WriteAsked()
    (line,) = written(judged(verdict(1, "Finch", "mostly-true", "", ONE, TWO, ASKED)), asked=asked)
    assert line == {
        "id": "0193a0de-0000-7000-8000-000000000c01",
        "verifiable": "VERIFIABLE",
        "label": "SUPPORTS",
        "claim": "It “rained”.",
        "evidence": [[[None, ONE["id"], "https://a.example/", None]]],
    }
    assert asked.dropped[fever.OTHER] == 2
    assert asked.dropped[fever.CITED] == 1


def test_two_reviewers_with_one_source_make_one_page() -> None:
    two = (verdict(n, who, "false", "", TWO) for n, who in enumerate(["Finch", "Maple"]))
    (line,) = written(judged(*two))
    assert line["label"] == "REFUTES"
    assert line["evidence"] == [[[None, TWO["id"], "https://b.example/", None]]]


def test_what_is_unproven_has_no_evidence() -> None:
    (line,) = written(judged(verdict(1, "Finch", "unproven", "", TWO)))
    assert (line["label"], line["verifiable"]) == ("NOT ENOUGH INFO", "NOT VERIFIABLE")
    assert line["evidence"] == [[[None, None, None, None]]]


@pytest.mark.parametrize(
    ("verdicts", "why"),
    [
        ([], fever.UNSETTLED),
        ([verdict(1, "Finch", "true", ""), verdict(2, "Maple", "false", "")], fever.UNSETTLED),
        ([verdict(1, "Finch", "misleading", "")], fever.BETWEEN),
        ([verdict(1, "Finch", "needs-context", "")], fever.BETWEEN),
        ([verdict(1, "Finch", "no-slug-of-the-scale", "")], fever.BETWEEN),
    ],
)
def test_a_claim_without_one_of_the_labels_is_left_out_and_counted(
    verdicts: list[Any], why: str
) -> None:
    asked = WriteAsked()
    assert written(judged(*verdicts), asked=asked) == []
    assert asked.dropped[why] == 1


def test_every_claim_of_a_record_is_written_or_counted() -> None:
    asked = WriteAsked()
    lines = written(seed_record(), hard_record(), asked=asked)
    left = asked.dropped[fever.UNSETTLED] + asked.dropped[fever.BETWEEN]
    claims = seed_record()["claims"] + hard_record()["claims"]
    assert lines
    assert len(lines) + left == len(claims)
    assert set(asked.dropped) <= set(fever.DROPS)
