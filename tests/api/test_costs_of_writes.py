"""How many queries a write takes over the API, with a token: told when it is too many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.models import Article, Claim, User
from tests.api.conftest import Caller, Calling

BETWEEN = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")


def cost(caller: Caller, path: str, body: dict[str, object]) -> list[str]:
    """The statements of a POST, without what only opens and closes the transaction."""
    with CaptureQueriesContext(connection) as asked:
        answer = caller.post(path, body)
    assert answer.status == 201, answer.raw
    return [one["sql"] for one in asked if not one["sql"].startswith(BETWEEN)]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"claimant": {"name": "Somebody new", "role": "mayor"}},
        {"quote": "The", "topics": ["a", "b"], "said_on": "2025-01-01", "statement": "S"},
    ],
)
def test_marking_a_claim_takes_eight_queries_at_most(
    calling: Calling, finch: User, article: Article, more: dict[str, object]
) -> None:
    body = {"article": article.slug, "start": 0, "end": 3} | more
    caller = calling(finch)
    first = cost(caller, "claims/", body)
    again = cost(caller, "claims/", body)
    assert len(first) <= 8, f"{len(first)} queries: " + "\n".join(first)
    assert len(again) == len(first) - 1, "the token's last use is noted once a minute"


def test_a_verdict_takes_no_more_queries_with_more_evidence(
    calling: Calling, finch: User, claim: Claim
) -> None:
    def body(pieces: int) -> dict[str, object]:
        return {
            "claim": str(claim.pk),
            "rating": "true",
            "rationale": "So it is.",
            "submit": True,
            "based_on": "*",
            "evidence": [
                {"stance": "supports", "address": f"https://example.org/{n}"} for n in range(pieces)
            ],
        }

    caller = calling(finch)
    caller.get("projects/")
    cost(caller, "verdicts/", body(1))
    one = cost(caller, "verdicts/", body(1))
    fresh = cost(caller, "verdicts/", body(40))
    many = cost(caller, "verdicts/", body(40))
    assert len(many) == len(one), f"{len(one)} with one piece, {len(many)} with forty"
    assert len(fresh) == len(many) + 2, "new sources are kept, and looked for again"
    assert len(many) <= 18, f"{len(many)} queries: " + "\n".join(many)
