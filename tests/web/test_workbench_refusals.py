"""Bad input on the reviewer's page: a sentence at its field, what was typed kept, never a 500."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from annotations.actions.claims import mark_claim, set_aside, unmark_claim
from annotations.models import Article, Claim, User, Verdict

Read = Callable[[bytes | str], Any]
HTMX = {"HX-Request": "true"}
GIVEN = {
    "do": "submit",
    "rating": "true",
    "rationale": "The report says so.",
    "evidence": "0",
    "evidence-0-stance": "supports",
    "evidence-0-address": "https://example.org/report",
    "evidence-0-quote": "Spending rose.",
}


@pytest.fixture
def bird(client: Client, finch: User) -> Client:
    client.force_login(finch)
    return client


@pytest.fixture
def claim(article: Article, finch: User) -> Claim:
    return mark_claim(article.pk, 52, 64, actor=finch).claim


def judge(client: Client, claim: Claim, article: Article, **changed: str) -> Any:
    at = f"/workbench/{article.slug}/claims/{claim.pk}/verdict/"
    sent = GIVEN | {name.replace("__", "-"): value for name, value in changed.items()}
    return client.post(at, sent, headers=HTMX)


def sentence_at(page: Any, field: str) -> str:
    """The sentence that the field of that id, or the group around it, is described by."""
    described = [
        one
        for one in page.elements
        if "aria-describedby" in one.attributes
        and (one.attributes.get("id") == field or field in one.attributes["aria-describedby"])
    ]
    assert described, field
    names = described[0].attributes["aria-describedby"].split()
    said = [one.text for one in page.elements if one.attributes.get("id") in names]
    return " ".join(" ".join(said).split())


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"rating": ""}, "p-rating", "needs a rating"),
        ({"rating": "green"}, "p-rating", "“green” is not on this project's scale"),
        ({"rating": "tr\0ue"}, "p-rating", "NUL"),
        ({"rationale": ""}, "rationale", "needs a rationale"),
        ({"rationale": "x" * 1_048_576}, "rationale", "20,000 is the most"),
        ({"rationale": "a\0b"}, "rationale", "NUL"),
        ({"evidence": ""}, "p-evidence", "at least one piece of evidence"),
        ({"evidence__0__address": "javascript:alert(1)"}, "ev-0-address", "http"),
        ({"evidence__0__address": "JaVaScRiPt:alert(1)"}, "ev-0-address", "http"),
        ({"evidence__0__address": "data:text/html,x"}, "ev-0-address", "http"),
        ({"evidence__0__address": "a report"}, "ev-0-address", "Copy it again"),
        ({"evidence__0__address": "https://a.example/" + "x" * 3000}, "ev-0-address", "2,000"),
        ({"evidence__0__address": "https://a.example/\0"}, "ev-0-address", ""),
        ({"evidence__0__date": "17 March"}, "ev-0-date", "year, month, day"),
        ({"evidence__0__date": "2025-02-30"}, "ev-0-date", "year, month, day"),
        ({"evidence__0__title": "x" * 301}, "ev-0-title", "300"),
        ({"evidence__0__publisher": "x" * 1_048_576}, "ev-0-publisher", "200"),
        ({"evidence__0__note": "a\0b"}, "ev-0-note", "NUL"),
        ({"evidence__0__stance": "maybe"}, "p-ev-0-stance", "supports, refutes"),
        ({"evidence__0__stance": ""}, "p-ev-0-stance", "supports, refutes"),
        ({"evidence__0__form": "question", "evidence__0__question": "Q"}, "ev-0-answer", "answer"),
        ({"evidence__0__form": "question", "evidence__0__answer": "A"}, "ev-0-question", "Write"),
        ({"confidence": "certain"}, "p-confidence", "low, medium or high"),
    ],
)  # fmt: skip
def test_a_verdict_is_refused_at_the_field_and_what_was_typed_is_kept(
    changed: dict[str, str], field: str, said: str, bird: Client, article: Article, claim: Claim,
    read: Read,
) -> None:  # fmt: skip
    answer = judge(bird, claim, article, **changed)
    assert answer.status_code in (400, 422)
    page = read(answer.content)
    assert said in sentence_at(page, field)
    kept = GIVEN | {name.replace("__", "-"): value for name, value in changed.items()}
    assert page.one("textarea", id="rationale").text == kept["rationale"].replace("\0", "�") or (
        "\0" in kept["rationale"]
    )
    if kept["evidence"]:
        typed = page.one("input", name="evidence-0-address").attributes["value"]
        assert typed == kept["evidence-0-address"] or "\0" in kept["evidence-0-address"]
    assert not Verdict.objects.exists()


def test_every_problem_is_said_at_once(
    bird: Client, article: Article, claim: Claim, read: Read
) -> None:
    page = read(
        judge(
            bird, claim, article, evidence__0__address="x:y", evidence__0__title="x" * 301
        ).content
    )
    assert len(page.all("p", class_="refused")) == 2


def test_a_row_that_was_refused_stands_open_and_the_others_do_not(
    bird: Client, article: Article, claim: Claim, read: Read
) -> None:
    more = {
        "do": "submit",
        "rating": "true",
        "rationale": "The report says so.",
        "evidence": ["0", "3"],
        "evidence-0-stance": "supports",
        "evidence-0-address": "https://example.org/report",
        "evidence-3-stance": "refutes",
        "evidence-3-address": "nowhere",
    }
    at = f"/workbench/{article.slug}/claims/{claim.pk}/verdict/"
    page = read(bird.post(at, more, headers=HTMX).content)
    details = page.all("details", class_="ev-edit")
    assert ["open" in one.attributes for one in details[:2]] == [False, True]
    assert "http" in sentence_at(page, "ev-1-address")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("", ""), ("x", "9"), ("-1", "9"), ("9", "9"), ("9", "3"), ("0", "99999"), ("1.0", "9"),
        ("١٢", "20"), ("0", "9999999999999999999"), ("\0", "9"), ("35", "40"),
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_refused_in_a_sentence(
    start: str, end: str, bird: Client, article: Article
) -> None:
    at = f"/workbench/{article.slug}/marks/"
    for answer in (
        bird.get(at, {"start": start, "end": end}, headers=HTMX),
        bird.post(at, {"start": start, "end": end, "statement": "Typed."}, headers=HTMX),
    ):
        assert answer.status_code in (400, 409, 422)
        assert b'class="refused"' in answer.content
    assert b">Typed.</textarea>" in answer.content
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"statement": "x" * 1_048_576}, "statement", "1,000"),
        ({"statement": "a\0b"}, "statement", "NUL"),
        ({"kind": "rumour"}, "p-kind", "The kind is one of"),
        ({"claimant": "x" * 201}, "claimant", "200"),
        ({"claimant": "The mayor", "claimant_role": "x" * 201}, "claimant_role", "200"),
        ({"said_on": "yesterday"}, "said_on", "year, month, day"),
    ],
)
def test_what_a_claim_says_is_refused_at_the_field(
    typed: dict[str, str], field: str, said: str, bird: Client, article: Article, claim: Claim,
    read: Read,
) -> None:  # fmt: skip
    sent = {"statement": "It did.", "kind": "factual"} | typed
    for form in ("marks/", f"claims/{claim.pk}/edit/"):
        at = f"/workbench/{article.slug}/{form}"
        answer = bird.post(at, {"start": "0", "end": "3"} | sent, headers=HTMX)
        assert answer.status_code in (400, 422)
        page = read(answer.content)
        assert said in sentence_at(page, field)
        if "\0" not in sent["statement"]:
            assert page.one("textarea", id="statement").text == sent["statement"]
    assert Claim.objects.count() == 1


def test_a_quote_that_is_not_the_text_is_refused(bird: Client, article: Article) -> None:
    sent = {"start": "0", "end": "3", "quote": "Not the text", "statement": "It did."}
    answer = bird.post(f"/workbench/{article.slug}/marks/", sent, headers=HTMX)
    assert answer.status_code in (409, 422)
    assert b">It did.</textarea>" in answer.content


@pytest.mark.parametrize("revision", ["x", "00000000-0000-7000-8000-000000000000"])
def test_a_mark_on_another_revision_is_refused(
    revision: str, bird: Client, article: Article
) -> None:
    sent = {"start": "0", "end": "3", "revision": revision, "statement": "It did."}
    answer = bird.post(f"/workbench/{article.slug}/marks/", sent, headers=HTMX)
    assert answer.status_code in (400, 409)
    assert b"eload" in answer.content
    assert b">It did.</textarea>" in answer.content


def test_a_claim_that_somebody_removed_is_said_to_be_gone(
    bird: Client, article: Article, claim: Claim, finch: User
) -> None:
    unmark_claim(claim.pk, actor=finch)
    for answer in (
        bird.get(f"/workbench/{article.slug}/claims/{claim.pk}/", headers=HTMX),
        judge(bird, claim, article),
    ):
        assert answer.status_code == 404
        assert b"no longer here" in answer.content


def test_a_claim_that_was_set_aside_meanwhile_keeps_what_was_typed(
    bird: Client, article: Article, claim: Claim, robin: User
) -> None:
    set_aside(claim.pk, "opinion", actor=robin)
    answer = judge(bird, claim, article, rationale="Long thought about.")
    assert answer.status_code == 409
    assert b"set aside" in answer.content
    assert b"Long thought about." in answer.content


def test_ten_thousand_rows_of_evidence_are_refused_and_not_a_fault(
    bird: Client, article: Article, claim: Claim
) -> None:
    rows = {f"evidence-{n}-address": "https://example.org/" for n in range(60)}
    sent = GIVEN | {"evidence": [str(n) for n in range(60)]} | rows
    at = f"/workbench/{article.slug}/claims/{claim.pk}/verdict/"
    answer = bird.post(at, sent, headers=HTMX)
    assert answer.status_code == 400
    assert b"50 pieces of evidence at most" in answer.content
    many = {f"field-{n}": "x" for n in range(1_100)}
    assert bird.post(at, many, headers=HTMX).status_code == 413


def test_a_form_that_stood_open_too_long_asks_before_it_becomes_a_second_version(
    bird: Client, article: Article, claim: Claim, read: Read
) -> None:
    """Two tabs with the same empty form: one is submitted, then the other, and again."""
    at = f"/workbench/{article.slug}/claims/{claim.pk}/"
    empty = read(bird.get(at, headers=HTMX).content).one("input", name="based_on")
    assert empty.attributes["value"] == ""
    sent = GIVEN | {"based_on": ""}
    assert bird.post(f"{at}verdict/", sent, headers=HTMX).status_code == 200
    late = sent | {"rating": "false", "rationale": "Begun before."}
    for answer in (
        bird.post(f"{at}verdict/", late | {"rating": ""}, headers=HTMX),
        bird.post(f"{at}verdict/", late | {"evidence-0-date": "soon"}, headers=HTMX),
        bird.post(f"{at}verdict/", late, headers=HTMX),
    ):
        assert answer.status_code in (400, 409)
    assert Verdict.objects.count() == 1
    page = read(answer.content)
    assert "You submitted version 1" in page.one("p", class_="refused", role="alert").text
    assert page.one("textarea", id="rationale").text == "Begun before."
    assert "Earlier versions of yours" in page.one("details", class_="field earlier").text
    told = page.one("input", name="based_on").attributes["value"]
    assert bird.post(f"{at}verdict/", late | {"based_on": told}, headers=HTMX).status_code == 200
    assert Verdict.objects.get(version=2).rationale == "Begun before."


def test_a_form_that_is_refused_for_another_reason_still_knows_what_it_was_based_on(
    bird: Client, article: Article, claim: Claim, read: Read
) -> None:
    bad = GIVEN | {"based_on": "", "do": "add-evidence"}
    judge(bird, claim, article)
    at = f"/workbench/{article.slug}/claims/{claim.pk}/verdict/"
    for sent in (bad, bad | {"do": "submit", "evidence-0-date": "soon"}):
        page = read(bird.post(at, sent, headers=HTMX).content)
        assert page.one("input", name="based_on").attributes["value"] == ""
