"""Hostile words on the reviewer's page: shown as words, and nothing is loaded from elsewhere."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from annotations.actions.articles import import_article
from annotations.actions.claims import mark_claim
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import Project, User
from annotations.rules.verdicts import EvidenceGiven, Judgement

Read = Callable[[bytes | str], Any]
HTMX = {"HX-Request": "true"}
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "{{ 7|add:7 }}{% csrf_token %}",
    '<img src="//evil.example/beacon.png">',
    "' autofocus onfocus=alert(1) x='",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_words_stay_words_wherever_they_stand(
    payload: str,
    client: Client,
    project: Project,
    finch: User,
    robin: User,
    maple: User,
    read: Read,
) -> None:
    article = import_article(
        project.pk, actor=robin, text=f"{payload}\n\nPrices {payload} rose.", title=payload,
        publisher=payload, slug="hostile",
    )  # fmt: skip
    end = len(article.revisions.get().text)
    mark = mark_claim(
        article.pk, 0, end, actor=finch, statement=payload, claimant=payload, claimant_role=payload
    )
    given = Judgement(
        rating="true",
        rationale=f"It is so. {payload}",
        evidence=(
            EvidenceGiven(
                stance="supports",
                address="https://example.org/a",
                title=payload,
                publisher=payload,
                quote=payload,
                note=payload,
                locator=payload,
                author=payload,
            ),
        ),
    )
    submit_verdict(mark.claim_id, given, actor=finch)
    save_draft(mark.claim_id, given, actor=maple)
    home = f"/workbench/{article.slug}/"
    at = f"{home}claims/{mark.claim_id}/"
    pages: list[Any] = []
    for person in (finch, maple, robin):
        client.force_login(person)
        for address in (home, at, at + "?revise", at + "edit/", home + "list/", "/desk/",
                        home + f"marks/?start=0&end={end}", home + "claimants/"):  # fmt: skip
            for headers in ({}, HTMX):
                answer = client.get(address, headers=headers)
                assert answer.status_code in (200, 403), address
                pages.append(read(answer.content))
    scripts = {
        (one.attributes.get("src", "").split("?")[0], one.attributes.get("type"))
        for page in pages
        for one in page.all("script")
    }
    assert all(kind == "application/json" or src.startswith("/static/") for src, kind in scripts)
    for page in pages:
        assert not page.all("img")
        for one in page.elements:
            assert not [name for name in one.attributes if name.startswith("on")], one
            for name in ("src", "href", "action"):
                value = one.attributes.get(name) or "/"
                assert value.startswith(("/", "?", "#", "https://example.org/")), value
                assert not value.startswith("//"), value
