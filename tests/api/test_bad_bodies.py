"""What cannot be read is refused with its place: never a 500."""

from typing import Any

import pytest
from pytest_django import Settings

from annotations.models import Article, Claim, User
from tests.api.conftest import Answer, Caller, Calling


@pytest.fixture
def reviewer(calling: Calling, finch: User, article: Article) -> Caller:
    return calling(finch)


def is_a_problem(answer: Answer, status: int = 400) -> None:
    assert answer.status == status, answer.raw
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body["status"] == status
    assert answer.body["detail"].endswith((".", "…"))


UNREADABLE = {
    "not JSON": b"{not json}",
    "empty": b" ",
    "cut off": b'{"article": "x"',
    "two values": b"{} {}",
    "single quotes": b"{'article': 1}",
    "not UTF-8": b'{"article": "\xff\xfe"}',
    "UTF-16": '{"article": "x"}'.encode("utf-16"),
    "BOM": b'\xef\xbb\xbf{"article": "x"}',
    "deep lists": b"[" * 100_000,
    "deep whole lists": b"[" * 500 + b"]" * 500,
    "deep objects": b'{"a":' * 100_000,
    "NaN": b'{"start": NaN}',
    "Infinity": b'{"start": Infinity}',
    "endless number": b'{"start": ' + b"9" * 10_000 + b"}",
    "huge exponent": b'{"start": 1e999}',
    "a list": b"[]",
    "a text": b'"x"',
    "a number": b"1",
    "null": b"null",
    "NUL as a name": b'{"\\u0000": 1}',
    "half a pair as a name": b'{"\\ud800": 1}',
}


@pytest.mark.parametrize("raw", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_object_in_json_is_refused(reviewer: Caller, raw: bytes) -> None:
    """A40, A41."""
    is_a_problem(reviewer.post("claims/", raw=raw))


def test_a_name_given_twice_is_refused_at_that_name(reviewer: Caller) -> None:
    answer = reviewer.post("claims/", raw=b'{"start": 1, "start": 2}')
    is_a_problem(answer)
    assert "twice" in answer.field("start")


@pytest.mark.parametrize("poison", ["\\u0000", "\\ud800", "\\udfff\\ud800"])
def test_what_no_text_can_hold_is_refused_at_its_field(reviewer: Caller, poison: str) -> None:
    """A40: stock DRF on PostgreSQL answers 500."""
    raw = f'{{"claimant": {{"name": "a{poison}"}}, "topics": ["ok", "{poison}"]}}'.encode()
    answer = reviewer.post("claims/", raw=raw)
    is_a_problem(answer)
    assert "column 2" in answer.field("claimant.name")
    nested = reviewer.post("claims/", raw=f'{{"topics": ["ok", "{poison}"]}}'.encode())
    assert nested.field("topics.1")


ODD = [1.0, "12", "١٢", True, None, -1, 2**31, 2**63, 1e3, [], {}, [1]]


@pytest.mark.parametrize("value", ODD, ids=repr)
@pytest.mark.parametrize("name", ["start", "end"])
def test_an_offset_is_a_whole_number_and_nothing_like_one(
    reviewer: Caller, article: Article, name: str, value: Any
) -> None:
    """A41."""
    body = {"article": article.slug, "start": 0, "end": 3} | {name: value}
    answer = reviewer.post("claims/", body)
    is_a_problem(answer)
    assert answer.field(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("article", 12),
        ("article", None),
        ("article", ["a"]),
        ("quote", 3),
        ("statement", True),
        ("kind", "nonsense"),
        ("kind", 1),
        ("kind", []),
        ("kind", {}),
        ("claimant", "The mayor"),
        ("claimant", []),
        ("said_on", "17.3.2025"),
        ("said_on", "2025-02-30"),
        ("said_on", "٢٠٢٥-٠١-٠١"),
        ("said_on", "20250101"),
        ("said_on", 20250101),
        ("topics", "budget"),
        ("topics", [1]),
        ("topics", ["a"] * 101),
        ("revision", "1"),
        ("revision", 7),
        ("revision", "{0195a5f0-0000-7000-8000-000000000000}"),
    ],
)
def test_a_field_takes_what_it_says(
    reviewer: Caller, article: Article, name: str, value: Any
) -> None:
    body = {"article": article.slug, "start": 0, "end": 3} | {name: value}
    answer = reviewer.post("claims/", body)
    is_a_problem(answer)
    assert any(one["field"].startswith(name) for one in answer.body["errors"])


def test_a_body_has_a_most(reviewer: Caller, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    is_a_problem(reviewer.post("claims/", raw=b'{"statement": "' + b"a" * 2**20 + b'"}'), 413)
    lying = reviewer.client.generic(
        "POST",
        "/api/v1/claims/",
        b"x" * (2**20 + 10),
        content_type="application/json",
        headers={"Authorization": f"Bearer {reviewer.secret}"},
        CONTENT_LENGTH="",
    )
    assert lying.status_code in (400, 411, 413)


def test_a_body_in_chunks_is_asked_for_its_length(reviewer: Caller) -> None:
    answer = reviewer.client.generic(
        "POST",
        "/api/v1/claims/",
        b"",
        headers={"Authorization": f"Bearer {reviewer.secret}", "Transfer-Encoding": "chunked"},
    )
    assert answer.status_code == 411


def test_a_million_characters_in_a_line_are_too_many(
    calling: Calling, robin: User, article: Article
) -> None:
    answer = calling(robin).patch(f"articles/{article.slug}/", {"title": "a" * 1_000_000})
    is_a_problem(answer)
    assert "1,000,000" in answer.field("title")


def test_a_million_pieces_are_counted_before_they_are_read(reviewer: Caller, claim: Claim) -> None:
    body = {"claim": str(claim.pk), "evidence": [{}] * 300_000}
    answer = reviewer.post("verdicts/", body)
    is_a_problem(answer)
    assert len(answer.body["errors"]) == 1


UNSETTABLE = (
    "id", "pk", "status", "state", "author", "is_staff", "is_superuser", "version", "marked_by",
    "marked_by_id", "reviewer", "reviewer_id", "project_id", "submitted_at", "superseded_at",
    "made_by", "number", "role", "shown_state", "_connector", "__class__", "claimant_id",
)  # fmt: skip


@pytest.mark.parametrize("name", UNSETTABLE)
def test_no_write_sets_what_it_does_not_take(
    calling: Calling, robin: User, claim: Claim, article: Article, draft: Any, name: str
) -> None:
    """A21: refused by its name, and nothing is changed."""
    from annotations.models import Event

    caller = calling(robin)
    before = (Event.objects.count(), Claim.objects.values().get(pk=claim.pk))
    writes: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "claims/", {"article": article.slug, "start": 0, "end": 3}),
        ("PATCH", f"claims/{claim.pk}/", {"statement": "Other"}),
        ("POST", f"claims/{claim.pk}/set-aside/", {"set_aside_reason": "opinion"}),
        ("POST", "verdicts/", {"claim": str(claim.pk)}),
        ("PUT", f"verdicts/{draft.pk}/", {"rating": "true"}),
        ("PATCH", f"verdicts/{draft.pk}/", {"rating": "true"}),
        ("POST", "appearances/", {"claim": str(claim.pk), "article": article.slug, "start": 0,
                                  "end": 3}),
        ("PATCH", f"appearances/{claim.appearances.get().pk}/", {"start": 0, "end": 3}),
        ("PATCH", f"articles/{article.slug}/", {"publisher": "Other"}),
        ("POST", f"articles/{article.slug}/revisions/preview/", {"text": "Other"}),
        ("POST", f"articles/{article.slug}/revisions/",
         {"text": "Other", "based_on": str(article.revisions.get().pk)}),
        ("POST", "rulings/", {"claim": str(claim.pk), "rating": "true", "summary": "S",
                              "evidence": []}),
        ("PATCH", f"projects/{article.project.slug}/", {"name": "Other"}),
    ]  # fmt: skip
    for method, path, body in writes:
        answer = caller.send(method, path, body | {name: "x"})
        if name == "author" and path.startswith("articles"):
            continue
        is_a_problem(answer)
        assert "cannot be set" in answer.field(name), path
    if name != "author":
        assert before == (Event.objects.count(), Claim.objects.values().get(pk=claim.pk))
    inner = caller.post(
        "verdicts/", {"claim": str(claim.pk), "evidence": [{"stance": "supports", name: "x"}]}
    )
    if name != "author":
        assert "cannot be set" in inner.field(f"evidence.0.{name}")
