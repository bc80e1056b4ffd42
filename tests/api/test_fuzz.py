"""Whatever is sent, no write answers with a fault of ours."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.actions.revisions import revise_article
from annotations.models import Article, Claim, Ruling, User, Verdict
from tests.api.conftest import Caller, Calling, mark
from tests.conftest import TEXT

TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["", " ", "\u0000", "\ud800", "a\u0000b", "\ufeff", "\u202e", "💩", "x" * 5_000, "true",
         "council", "council-spends-more", "javascript:alert(1)", "https://example.org/",
         "0195a5f0-0000-7000-8000-000000000000", "2025-01-01", "9999-12-31", "0001-01-01",
         "supports", "refutes", "factual", "opinion", "false", "high", "typo"]
    ),
)  # fmt: skip
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.integers(-2, 50),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
NAMES = (
    "article", "start", "end", "quote", "revision", "statement", "kind", "claimant", "said_on",
    "topics", "claim", "rating", "rationale", "confidence", "evidence", "submit", "summary",
    "reason", "note", "correction", "set_aside_reason", "project", "text", "title", "slug",
    "publisher", "author", "address", "language", "date", "date_is_inferred", "furniture", "name",
    "description", "verdicts_required", "blind", "one_person_suffices",
)  # fmt: skip
PIECES = st.dictionaries(
    st.sampled_from(
        ["stance", "address", "source", "title", "date", "quote", "note", "locator", "start", "end"]
    ),
    VALUES,
    max_size=6,
)
FIELDS: dict[str, tuple[str, ...]] = {
    "claims": NAMES[:10],
    "appearances": ("claim", *NAMES[:5]),
    "verdicts": NAMES[10:16],
    "rulings": ("claim", "rating", "summary", "evidence", "reason"),
    "articles": NAMES[21:32],
    "claim": NAMES[5:10],
    "draft": NAMES[11:16],
    "article": NAMES[23:31],
    "project": NAMES[32:],
    "set-aside": ("set_aside_reason", "note"),
    "correct": ("rating", "summary", "evidence", "note", "correction"),
    "withdraw": ("note",),
    "submit": ("submit",),
    "restore": ("state",),
    "appearance": ("start", "end", "quote", "revision"),
    "preview": ("text", "media_type", "furniture"),
    "revise": ("text", "media_type", "furniture", "based_on"),
    "reattach": ("places", "quote", "ask_again", "revision"),
    "let-go": ("note", "revision"),
}


@pytest.fixture
def known(
    article: Article, claim: Claim, draft: Verdict, published: Ruling, finch: User, robin: User
) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Each write: its method, its address, and a body that is right."""
    span = {"article": article.slug, "start": 0, "end": 3}
    piece = {"stance": "supports", "address": "https://example.org/"}
    verdict = {"rating": "true", "rationale": "So it is.", "evidence": [piece]}
    ruling = {"rating": "true", "summary": "S", "evidence": [str(claim.pk)]}
    text = {"text": "A\n\nText."}
    first = article.revisions.get()
    corrected = TEXT.replace("12%", "13%")
    newest = revise_article(article.pk, actor=robin, text=corrected, based_on=first.pk)
    place = mark(article, "The council", finch).appearances.get()
    waits = f"reattachments/{claim.reattachments.get().pk}/"
    return {
        "claims": ("POST", "claims/", span),
        "appearances": ("POST", "appearances/", span | {"claim": str(claim.pk)}),
        "verdicts": ("POST", "verdicts/", verdict | {"claim": str(claim.pk)}),
        "rulings": ("POST", "rulings/", ruling | {"claim": str(claim.pk)}),
        "articles": ("POST", "articles/", {"project": "council", "text": "A\n\nText."}),
        "claim": ("PATCH", f"claims/{claim.pk}/", {}),
        "draft": ("PATCH", f"verdicts/{draft.pk}/", {}),
        "article": ("PATCH", f"articles/{article.slug}/", {}),
        "project": ("PATCH", "projects/council/", {}),
        "set-aside": ("POST", f"claims/{claim.pk}/set-aside/", {}),
        "restore": ("POST", f"claims/{claim.pk}/restore/", {}),
        "correct": ("POST", f"rulings/{published.pk}/correct/", ruling),
        "withdraw": ("POST", f"rulings/{published.pk}/withdraw/", {}),
        "submit": ("POST", f"verdicts/{draft.pk}/submit/", {}),
        "appearance": ("PATCH", f"appearances/{place.pk}/", {"start": 0, "end": 3}),
        "preview": ("POST", f"articles/{article.slug}/revisions/preview/", text),
        "revise": (
            "POST",
            f"articles/{article.slug}/revisions/",
            text | {"based_on": str(newest.pk)},
        ),
        "reattach": ("POST", f"{waits}reattach/", {"places": [{"start": 0, "end": 3}]}),
        "let-go": ("POST", f"{waits}let-go/", {}),
    }


QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def is_no_fault(caller: Caller, method: str, path: str, raw: bytes) -> None:
    answer = caller.send(method, path, raw=raw)
    assert answer.status < 500, (method, path, raw, answer.raw)
    if answer.status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.body["detail"]


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_no_body_makes_a_write_fail(
    calling: Calling, birch: User, finch: User, known: dict[str, Any], name: str
) -> None:
    """A40, A41: by the owner, who may most; a draft by its reviewer."""
    method, path, right = known[name]
    caller = calling(finch if name in ("draft", "submit") else birch)
    parts = st.one_of(VALUES, st.lists(PIECES, max_size=2))

    @settings(max_examples=60, deadline=None, suppress_health_check=QUIET)
    @given(changes=st.dictionaries(st.sampled_from(FIELDS[name]), parts, max_size=4))
    def send(changes: dict[str, Any]) -> None:
        is_no_fault(caller, method, path, json.dumps(right | changes).encode())

    send()


def test_no_bytes_make_a_write_fail(calling: Calling, birch: User, known: dict[str, Any]) -> None:
    caller = calling(birch)
    paths = st.sampled_from([(method, path) for method, path, _ in known.values()])

    @settings(max_examples=150, deadline=None, suppress_health_check=QUIET)
    @given(
        where=paths,
        raw=st.one_of(
            st.binary(max_size=60),
            VALUES.map(lambda value: json.dumps(value).encode()),
            st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
        ),
    )
    def send(where: tuple[str, str], raw: bytes) -> None:
        is_no_fault(caller, *where, raw)

    send()


def test_no_address_makes_a_read_fail(calling: Calling, birch: User, known: dict[str, Any]) -> None:
    from urllib.parse import quote

    caller = calling(birch)
    lists = ("claims", "verdicts", "rulings", "evidence", "sources", "articles", "appearances",
             "revisions", "projects", "projects/council/export", "reattachments",
             "projects/council/export/report", "projects/council/imports",
             "projects/council/rating-maps")  # fmt: skip
    names = ("project", "article", "state", "rating", "claimant", "kind", "marked_by", "claim",
             "revision", "source", "stance", "condition", "reviewer", "current", "cursor",
             "page_size", "format", "offset_unit", "address", "language", "why", "settled",
             "stale")  # fmt: skip

    @settings(max_examples=150, deadline=None, suppress_health_check=QUIET)
    @given(
        where=st.sampled_from(lists),
        asked=st.dictionaries(st.sampled_from(names), TEXTS, min_size=1, max_size=2),
    )
    def read(where: str, asked: dict[str, str]) -> None:
        query = "&".join(
            f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}"
            for name, value in asked.items()
        )
        answer = caller.get(f"{where}/?{query}")
        assert answer.status < 500, (where, query, answer.raw)

    read()
