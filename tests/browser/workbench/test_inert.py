"""Hostile words in a real browser: they are read, and nothing runs or is fetched."""

import pytest
from playwright.sync_api import Dialog, Request, expect

from annotations.actions.articles import import_article
from annotations.actions.claims import mark_claim
from annotations.actions.verdicts import submit_verdict
from annotations.models import Project, User
from annotations.rules.verdicts import EvidenceGiven, Judgement
from tests.browser.workbench.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAYLOAD = (
    '"><img src=//evil.example/x.png onerror=alert(1)><script>alert(2)</script>'
    "</textarea></script><svg onload=alert(3)><a href=javascript:alert(4)>x</a>"
)


def test_words_that_would_run_are_shown_as_words(
    bench: Open, project: Project, finch: User, robin: User
) -> None:
    article = import_article(
        project.pk, actor=robin, text=f"{PAYLOAD}\n\nPrices {PAYLOAD} rose.", title=PAYLOAD,
        publisher=PAYLOAD, slug="hostile",
    )  # fmt: skip
    start = article.revisions.get().text.index("Prices")
    mark = mark_claim(
        article.pk, start, start + 40, actor=finch, statement=PAYLOAD, claimant=PAYLOAD
    )
    piece = EvidenceGiven(
        stance="supports",
        address="https://example.org/a", title=PAYLOAD, publisher=PAYLOAD, quote=PAYLOAD,
        note=PAYLOAD,
    )  # fmt: skip
    given = Judgement("true", f"So it is. {PAYLOAD}", "high", (piece,))
    submit_verdict(mark.claim_id, given, actor=finch)

    at = bench(article, finch)
    heard: list[str] = []

    def ask(dialog: Dialog) -> None:
        heard.append(dialog.message)
        dialog.dismiss()

    def fetch(request: Request) -> None:
        if not request.url.startswith(at.page.url.split("/workbench")[0]):
            heard.append(request.url)

    at.page.on("dialog", ask)
    at.page.on("request", fetch)
    at.page.reload()
    expect(at.page.locator(".text h1")).to_have_text(PAYLOAD)
    at.row(1).click()
    expect(at.panel.locator(".statement")).to_have_text(PAYLOAD)
    expect(at.panel.locator(".reason")).to_contain_text(PAYLOAD)
    at.panel.get_by_role("link", name="Revise").click()
    expect(at.panel.get_by_label("Rationale")).to_have_value(f"So it is. {PAYLOAD}")
    at.panel.get_by_role("link", name="Cancel").click()
    at.panel.get_by_role("link", name="Change").click()
    expect(at.panel.get_by_label("Said by")).to_have_value(PAYLOAD)
    at.panel.get_by_label("Said by").press("End")
    at.drag("rose")
    at.page.get_by_role("button", name="Mark claim").click()
    at.keys("Escape")
    assert heard == []
