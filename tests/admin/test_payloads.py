"""Markup in what people wrote is text on every page of the admin."""

import pytest
from django.test import Client

from annotations.actions.articles import edit_article, import_article
from annotations.actions.claims import set_aside
from annotations.actions.projects import edit_project
from annotations.actions.rulings import correct_ruling, publish_ruling
from annotations.actions.tokens import make_token
from annotations.actions.verdicts import submit_verdict
from annotations.models import Claim, Project, Rating, User
from annotations.rules.verdicts import EvidenceGiven, Judgement
from tests.admin.conftest import Enter, address, evidence_on, marked

pytestmark = pytest.mark.django_db

PAYLOADS = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 }}{% now 'Y' %}"]


@pytest.fixture(params=PAYLOADS, ids=["script", "img", "template"])
def payload(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def poisoned(
    payload: str, project: Project, robin: User, birch: User, finch: User, maple: User
) -> Claim:
    """A published claim with the payload in everything that somebody wrote."""
    edit_project(project.pk, actor=birch, name=payload, description=payload)
    text = f"{payload}\n\nBefore {payload} the words after."
    article = import_article(project.pk, actor=robin, text=text, title=payload)
    edit_article(article.pk, actor=robin, publisher=payload, author=payload, note=payload)
    Rating.objects.filter(project=project).update(name=payload[:60], definition=payload)
    User.objects.filter(pk=finch.pk).update(pseudonym=payload)
    claim = marked(article, "the words", finch, statement=payload, claimant=payload)
    piece = EvidenceGiven(
        stance="supports",
        address="https://example.org/", title=payload, publisher=payload, author=payload,
        quote=payload, locator=payload, note=payload,
    )  # fmt: skip
    for reviewer, rating in ((finch, "true"), (maple, "false")):
        submit_verdict(claim.pk, Judgement(rating, payload, "low", [piece]), actor=reviewer)
    words = {"actor": robin, "rating": "true", "summary": payload, "evidence": evidence_on(claim)}
    publish_ruling(claim.pk, reason=payload, **words)  # type: ignore[arg-type]
    words["summary"] = payload + "."
    correct_ruling(claim.pk, note=payload, correction="typo", **words)  # type: ignore[arg-type]
    return claim


def inert(client: Client, where: str, payload: str, *, shown: bool = True) -> None:
    page = client.get(where)
    assert page.status_code == 200, where
    assert "<script>alert" not in page.text, where
    assert "<img" not in page.text, where
    if shown:
        assert ("7" in payload) == ("{{ 7 }}" in page.text), where
        assert "alert(1)" in page.text or "{{ 7 }}" in page.text, where


def test_it_is_inert_on_every_page(
    enter: Enter, birch: User, poisoned: Claim, payload: str
) -> None:
    client = enter(birch)
    place = poisoned.appearances.get()
    source = poisoned.verdicts.all()[0].evidence.get().source_id
    token, _ = make_token(birch, payload, actor=birch)
    event = poisoned.project.events.filter(claim_id=poisoned.pk).first()
    assert event is not None
    pages = [
        address(poisoned),
        address(poisoned, "history"),
        "/admin/annotations/claim/?state=all",
        "/admin/annotations/article/",
        f"/admin/annotations/article/{place.article_id}/change/",
        f"/admin/annotations/article/{place.article_id}/history/",
        "/admin/annotations/source/",
        f"/admin/annotations/source/{source}/change/",
        "/admin/annotations/project/",
        f"/admin/annotations/project/{poisoned.project_id}/change/",
        f"/admin/annotations/project/{poisoned.project_id}/history/",
        "/admin/annotations/event/",
        f"/admin/annotations/event/{event.pk}/change/",
        "/admin/annotations/token/",
        f"/admin/annotations/token/{token.pk}/change/",
        "/admin/annotations/article/add/",
    ]
    for page in pages:
        inert(client, page, payload)
    inert(client, "/admin/", payload, shown=False)


def test_it_is_inert_in_a_refusal_and_in_a_message(
    enter: Enter, robin: User, poisoned: Claim, payload: str, finch: User
) -> None:
    client = enter(robin)
    sent = {"rating": payload, "summary": payload, "note": payload, "correction": payload}
    answer = client.post(address(poisoned, "correct"), sent)
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    ticked = {"action": "set_aside_as_opinion", "_selected_action": [str(poisoned.pk)]}
    answer = client.post("/admin/annotations/claim/?state=all", ticked, follow=True)
    assert "stays:" in answer.text
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text


def test_it_is_inert_in_a_note_of_setting_aside(
    enter: Enter, robin: User, claim: Claim, payload: str
) -> None:
    set_aside(claim.pk, "opinion", actor=robin, note=payload)
    inert(enter(robin), address(claim, "history"), payload)


def test_it_is_inert_in_an_address_and_a_search(
    enter: Enter, robin: User, claim: Claim, payload: str
) -> None:
    page = enter(robin).get("/admin/annotations/claim/", {"q": payload, "state": "all"})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
