"""Claims in the states that a moderator meets, made by the actions."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotations.actions.claims import mark_claim, set_aside
from annotations.actions.rulings import publish_ruling
from annotations.actions.verdicts import submit_verdict
from annotations.models import Article, Claim, Event, Evidence, Rating, User
from annotations.rules.verdicts import EvidenceGiven, Judgement

SOURCE = "https://statistics.example.org/budget"

Enter = Callable[[User], Client]


def judgement(rating: str, rationale: str = "The budget says so.") -> Judgement:
    piece = EvidenceGiven(
        stance="supports", address=SOURCE, publisher="Statistics office", quote="12.1 per cent"
    )
    return Judgement(rating=rating, rationale=rationale, confidence="high", evidence=[piece])


def marked(article: Article, quote: str, actor: User, **more: Any) -> Claim:
    """A claim on the first place of these words."""
    text = article.revisions.get().text
    start = text.index(quote)
    return mark_claim(article.pk, start, start + len(quote), actor=actor, **more).claim


def address(claim: Claim, step: str = "change") -> str:
    return reverse(f"admin:annotations_claim_{step}", args=[claim.pk])


def last_event(claim: Claim) -> Event:
    """The newest thing in the log about a claim."""
    found = Event.objects.of_claim(claim.pk).first()
    assert isinstance(found, Event)
    return found


def evidence_on(claim: Claim) -> list[uuid.UUID]:
    return list(Evidence.objects.filter(verdict__claim=claim).values_list("pk", flat=True))


@pytest.fixture
def enter() -> Enter:
    """A browser in which this person is signed in."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def claim(article: Article, finch: User) -> Claim:
    """Marked, without a verdict."""
    return marked(article, "12% more in 2024", finch)


@pytest.fixture
def disputed(article: Article, finch: User, maple: User) -> Claim:
    claim = marked(article, "spent 12% more", finch)
    submit_verdict(claim.pk, judgement("true", "Finch counted it."), actor=finch)
    submit_verdict(claim.pk, judgement("misleading", "Maple doubts it."), actor=maple)
    claim.refresh_from_db()
    return claim


@pytest.fixture
def agreed(article: Article, finch: User, maple: User) -> Claim:
    claim = marked(article, "Café prices doubled", finch)
    submit_verdict(claim.pk, judgement("false"), actor=finch)
    submit_verdict(claim.pk, judgement("false"), actor=maple)
    claim.refresh_from_db()
    return claim


@pytest.fixture
def published(agreed: Claim, robin: User) -> Claim:
    publish_ruling(
        agreed.pk,
        actor=robin,
        rating="false",
        summary="They did not double.",
        evidence=evidence_on(agreed)[:1],
    )
    agreed.refresh_from_db()
    return agreed


@pytest.fixture
def aside(claim: Claim, robin: User) -> Claim:
    set_aside(claim.pk, "opinion", actor=robin)
    claim.refresh_from_db()
    return claim


@pytest.fixture
def others_claim(other_article: Article, stranger: User) -> Claim:
    """An agreed claim of another project."""
    claim = marked(other_article, "costs 3 million", stranger)
    submit_verdict(claim.pk, judgement("true", "Osprey’s secret."), actor=stranger)
    claim.refresh_from_db()
    assert Rating.objects.filter(project=claim.project).exists()
    return claim


@pytest.fixture
def root(db: None) -> User:
    """A superuser who works in no project."""
    user = User(username="root", pseudonym="Root", is_staff=True, is_superuser=True)
    user.set_password("a long enough one")
    user.save()
    return user
