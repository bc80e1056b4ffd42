"""A caller of the API, and work in every stage for it to find."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.actions.claims import mark_claim
from annotations.actions.rulings import publish_ruling
from annotations.actions.tokens import make_token
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import Article, Claim, Evidence, Ruling, User, Verdict
from annotations.rules.verdicts import EvidenceGiven, Judgement

V1 = "/api/v1/"


@dataclass
class Answer:
    """What came back: the status, the body as JSON, the headers."""

    status: int
    body: Any
    headers: dict[str, str]
    raw: bytes

    def field(self, name: str) -> str:
        """The sentence at a field of a refusal."""
        told: dict[str, str] = {one["field"]: one["detail"] for one in self.body["errors"]}
        return told[name]

    @property
    def ids(self) -> list[str]:
        return [one["id"] for one in self.body["results"]]


@dataclass
class Caller:
    """Somebody with a token, or (without one) anybody."""

    secret: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        kind: str = "application/json",
        **headers: str,
    ) -> Answer:
        if method != "GET":
            headers.setdefault("If_Match", "*")  # test_lost_updates.py says which version
        if self.secret:
            headers.setdefault("Authorization", f"Bearer {self.secret}")
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        response = self.client.generic(
            method,
            path if path.startswith("/") else V1 + path,
            data,
            content_type=kind,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        streamed = getattr(response, "streaming", False)
        content = b"".join(response) if streamed else response.content
        is_json = "json" in response.headers.get("Content-Type", "") and not streamed
        return Answer(
            response.status_code,
            json.loads(content) if is_json and content else None,
            dict(response.headers),
            content,
        )

    def get(self, path: str, **more: Any) -> Answer:
        return self.send("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.send("POST", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.send("PATCH", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.send("PUT", path, body, **more)

    def delete(self, path: str, **more: Any) -> Answer:
        return self.send("DELETE", path, **more)


Calling = Callable[[User | None], Caller]

AROUND = ("SAVEPOINT", "SET LOCAL", "RELEASE")  # a stream, which has an hour (streams.py)


def of_a_stream(asked: CaptureQueriesContext) -> list[str]:
    """The beginnings of the statements of an export, without the three that give it its time."""
    said = [str(one["sql"])[:80] for one in asked.captured_queries]
    read = [one for one in said if not one.startswith(AROUND)]
    assert len(said) == len(read) + len(AROUND), said
    return read


@pytest.fixture
def calling(db: None) -> Calling:
    """`calling(finch)`: finch with a token. `calling(None)`: anybody."""

    def call(user: User | None) -> Caller:
        return Caller(make_token(user, "test", actor=user)[1] if user else "")

    return call


@pytest.fixture
def anyone(calling: Calling) -> Caller:
    return calling(None)


def judgement(rating: str = "false", word: str = "figures", **more: Any) -> Judgement:
    """A whole verdict with one piece of evidence."""
    piece = EvidenceGiven(
        stance="refutes",
        address=f"https://example.org/{word}",
        title=f"Title {word}",
        publisher=f"Publisher {word}",
        quote=f"Quote {word}",
        note=f"Note {word}",
    )
    return Judgement(rating=rating, rationale=f"Rationale {word}", evidence=(piece,), **more)


def mark(article: Article, words: str, by: User) -> Claim:
    """A claim on the first place where the words stand."""
    start = article.revisions.get(number=1).text.index(words)
    claim: Claim = mark_claim(article.pk, start, start + len(words), actor=by).claim
    return claim


@pytest.fixture
def claim(article: Article, finch: User) -> Claim:
    """A claim that finch marked and nobody judged."""
    return mark(article, "The city council spent 12% more in 2024", finch)


@pytest.fixture
def half_judged(article: Article, finch: User, maple: User) -> Claim:
    """A claim that maple marked and judged; finch, the other reviewer, has a verdict to give."""
    made = mark(article, "We have never spent this much on schools", maple)
    submit_verdict(made.pk, judgement("misleading", "canary"), actor=maple)
    return made


@pytest.fixture
def agreed(article: Article, finch: User, maple: User) -> Claim:
    """A claim on which both reviewers agree; a ruling may follow."""
    made = mark(article, "Café prices doubled", finch)
    submit_verdict(made.pk, judgement("false", "one"), actor=finch)
    submit_verdict(made.pk, judgement("false", "two"), actor=maple)
    return made


def evidence_of(claim: Claim) -> list[str]:
    rows = Evidence.objects.filter(verdict__claim=claim, verdict__submitted_at__isnull=False)
    return [str(one) for one in rows.order_by("id").values_list("pk", flat=True)]


@pytest.fixture
def published(agreed: Claim, robin: User) -> Ruling:
    """The ruling on the agreed claim."""
    rests_on = [Evidence.objects.filter(verdict__claim=agreed).order_by("id")[0].pk]
    return publish_ruling(
        agreed.pk,
        actor=robin,
        rating="false",
        summary="They did not double.",
        evidence=rests_on,
        reason="A word between ourselves.",
    )


@pytest.fixture
def draft(claim: Claim, finch: User) -> Verdict:
    """finch's draft on the claim."""
    return save_draft(claim.pk, judgement("true", "draft"), actor=finch)
