"""Nothing that is not published is on any page, and nobody but by pseudonym."""

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from annotations.actions.claims import set_aside
from annotations.actions.publishers import ask_publisher
from annotations.actions.rulings import correct_ruling
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import Article, Claim, Evidence, Project, User
from annotations.rules.publishers import Asking
from annotations.rules.verdicts import EvidenceGiven, Judgement

pytestmark = pytest.mark.django_db

Publish = Callable[..., Claim]
GIVEN = Judgement(
    "true",
    "canary: a rationale",
    "high",
    (
        EvidenceGiven(stance="supports", address="https://example.org/used", quote="It rose."),
        EvidenceGiven(
            stance="supports",
            address="https://canary.example.org/",
            quote="canary: evidence no ruling rests on",
        ),
    ),
)


@pytest.fixture
def pages(
    client: Client,
    article: Article,
    other_article: Article,
    project: Project,
    publish: Publish,
    mark: Publish,
    finch: User,
    maple: User,
    robin: User,
) -> Callable[[], dict[str, bytes]]:
    """All that a reader gets while there is a canary in everything that is not public."""
    for n, user in enumerate(User.objects.all()):
        User.objects.filter(pk=user.pk).update(
            username=f"canary-account-{n}",
            email=f"canary{n}@canary.example.org",
            first_name="Canaryfirst",
            last_name="Canarylast",
        )
    claim = publish(
        article,
        "spent 12% more",
        second="false",
        given=replace(GIVEN, evidence=GIVEN.evidence[:1]),
        reason="canary: the reason of the first ruling",
    )
    submit_verdict(claim.pk, GIVEN, actor=maple)
    save_draft(claim.pk, GIVEN, actor=finch)
    used = Evidence.objects.filter(rulings__claim=claim).values_list("pk", flat=True)
    correct_ruling(
        claim.pk,
        actor=robin,
        rating="mostly-true",
        summary="It rose by 11%.",
        evidence=list(used),
        note="We had rounded up.",
        correction="rating_changed",
    )
    asking = Asking("Example Times", "editors", datetime.date(2026, 3, 2), "To say 11%.")
    ask_publisher(claim.pk, asking, actor=robin)
    drafted = mark(article, "never spent this much", statement="canary: a claim with a draft")
    save_draft(drafted.pk, GIVEN, actor=finch)
    judged = mark(article, "Café prices doubled", statement="canary: a claim in review")
    submit_verdict(judged.pk, GIVEN, actor=finch)
    aside = mark(article, "more than ever", statement="canary: a claim set aside")
    set_aside(aside.pk, "opinion", actor=robin, note="canary: why it was set aside")
    hidden = [drafted, judged, aside]
    addresses = [
        "/",
        "/?after=0",
        "/articles/council-spends-more/",
        f"/articles/{other_article.slug}/",
        f"/claims/{claim.pk}/",
        f"/claims/{claim.pk}/rulings/1/",
        f"/claims/{claim.pk}/publisher/",
        *(f"/claims/{one.pk}/" for one in hidden),
        *(f"/claims/{one.pk}/rulings/1/" for one in hidden),
        "/corrections/",
        "/api/v1/publisher-corrections/",
        "/how-we-judge/",
        "/login/",
        "/nothing/here/",
    ]

    def fetch() -> dict[str, bytes]:
        answers = {address: client.get(address) for address in addresses}
        return {
            address: repr(answer.headers).encode() + answer.content
            for address, answer in answers.items()
        }

    return fetch


def test_a52_no_canary_reaches_a_reader(pages: Callable[[], dict[str, bytes]]) -> None:
    for address, answer in pages().items():
        assert b"canary" not in answer.lower(), address


def test_a53_reviewers_are_named_by_pseudonym_only(
    pages: Callable[[], dict[str, bytes]],
) -> None:
    claim = next(answer for address, answer in pages().items() if "/claims/" in address)
    assert b"Finch and Maple" in claim
    assert b"canary-account" not in claim


def test_a_signed_in_reader_sees_no_more_on_the_public_side(
    client: Client, stranger: User, pages: Callable[[], dict[str, bytes]]
) -> None:
    client.force_login(stranger)
    for address, answer in pages().items():
        assert b"canary" not in answer.lower(), address


def test_no_page_of_a_reader_tells_how_many_claims_wait(
    pages: Callable[[], dict[str, bytes]],
) -> None:
    found = pages()
    assert b"1 passage checked" in found["/"]
    assert b"1 passage checked" in found["/articles/council-spends-more/"]
