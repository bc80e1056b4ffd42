"""Who gets in, and what a reviewer may know before giving a verdict."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from annotations.actions.claims import mark_claim
from annotations.actions.rulings import publish_ruling
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import Article, Claim, Evidence, Project, User, Verdict
from annotations.rules.verdicts import EvidenceGiven, Judgement

HTMX = {"HX-Request": "true"}
SECRET = EvidenceGiven(
    stance="supports",
    address="https://heron.example/annual-report",
    title="The annual report nobody else has read",
    publisher="Weekly Heron",
    quote="spending grew by a tenth",
    note="page forty-one",
)
WORDS = (
    "heron.example", "annual report nobody", "Weekly Heron", "grew by a tenth", "forty-one",
    "Zebra crossing", "Disputed", "Agreed", "In review", "s-disputed", "s-agreed", "s-in-review",
)  # fmt: skip


@pytest.fixture
def claim(article: Article, finch: User) -> Claim:
    return mark_claim(article.pk, 52, 64, actor=finch).claim


def routes(article: Article, claim: Claim) -> Iterator[str]:
    """Every address of the workbench, from the URL patterns themselves."""
    from annotations.web.urls import urlpatterns

    known = {
        "slug:slug": article.slug,
        "uuid:claim_id": str(claim.pk),
        "uuid:place_id": str(claim.appearances.get().pk),
        "uuid:reattachment_id": str(claim.pk),
        "int:number": "1",
    }
    for one in urlpatterns:
        route = str(one.pattern)
        if route.startswith("workbench/"):
            yield "/" + re.sub(r"<([^>]+)>", lambda found: known[found[1]], route)


def ask(client: Client, method: str, address: str) -> Any:
    sent = {"start": "52", "end": "64", "statement": "Mine.", "do": "draft", "rationale": "x"}
    return client.generic(
        method,
        address,
        "&".join(f"{name}={value}" for name, value in sent.items()) if method == "POST" else "",
        content_type="application/x-www-form-urlencoded",
    )


def test_a_stranger_finds_nothing_at_any_address_by_any_method(
    client: Client, stranger: User, article: Article, claim: Claim
) -> None:
    client.force_login(stranger)
    before = list(Claim.objects.values_list("pk", "statement"))
    addresses = list(routes(article, claim))
    assert len(addresses) == 17
    for address in addresses:
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            answer = ask(client, method, address)
            assert answer.status_code in (404, 405), (method, address)
            assert claim.statement.encode() not in answer.content
    assert list(Claim.objects.values_list("pk", "statement")) == before
    assert not Verdict.objects.exists()


def test_a_claim_of_another_article_is_not_found_in_this_one(
    client: Client, finch: User, article: Article, other_article: Article, stranger: User
) -> None:
    foreign = mark_claim(other_article.pk, 0, 7, actor=stranger).claim
    client.force_login(finch)
    for address in routes(article, foreign):
        if str(foreign.pk) in address:
            for method in ("GET", "POST"):
                assert ask(client, method, address).status_code in (404, 405), address
    assert Claim.objects.filter(pk=foreign.pk).exists()


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(
    client: Client, article: Article, claim: Claim
) -> None:
    for address in [*routes(article, claim), "/desk/"]:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith(f"/{settings.LOGIN_URL}/?next=")


def test_a_request_of_the_panel_gets_a_plain_401(
    client: Client, article: Article, claim: Claim
) -> None:
    for address in routes(article, claim):
        answer = client.get(address, headers=HTMX)
        assert (answer.status_code, answer.headers["Content-Type"]) == (401, "text/plain")


def test_a_form_of_another_site_is_refused(finch: User, article: Article, claim: Claim) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(finch)
    for address in routes(article, claim):
        answer = client.post(address, {"statement": "Mine."}, headers=HTMX)
        assert answer.status_code in (403, 405), address
    plain = client.post(
        f"/workbench/{article.slug}/marks/", '{"start": 1}', content_type="text/plain"
    )
    assert plain.status_code == 403
    assert Claim.objects.count() == 1


def everything(client: Client, article: Article, claim: Claim) -> Iterator[tuple[str, str]]:
    """What a reviewer can get out of the workbench and the desk by looking."""
    for address in [*routes(article, claim), "/desk/"]:
        for query in ("", "?show=mine", "?show=to-judge", "?revise", "?claimant=z"):
            for headers in ({}, HTMX):
                answer = client.get(address + query, headers=headers)
                yield address + query, answer.content.decode()


@pytest.mark.parametrize("second", ["true", "false"])
def test_a_blind_reviewer_finds_nothing_of_the_verdict_of_another(
    second: str, client: Client, maple: User, finch: User, robin: User, article: Article,
    claim: Claim,
) -> None:  # fmt: skip
    """Whatever the others did, every answer is the same as if they had done nothing."""
    client.force_login(maple)

    def seen() -> list[tuple[str, str]]:
        hidden = r'value="[A-Za-z0-9]{64}"'  # tokens are masked anew for each answer
        return [
            (address, re.sub(hidden, "", content))
            for address, content in everything(client, article, claim)
        ]

    before = seen()
    given = Judgement("true", "Zebra crossing", "high", (SECRET,))
    submit_verdict(claim.pk, given, actor=finch)
    submit_verdict(claim.pk, Judgement(second, "Zebra crossing", "low", (SECRET,)), actor=robin)
    after = seen()
    assert after == before
    text = " ".join(content for _, content in after)
    assert [word for word in WORDS if word in text] == []


def test_saving_a_draft_does_not_open_the_others_and_submitting_does(
    client: Client, maple: User, finch: User, article: Article, claim: Claim
) -> None:
    submit_verdict(claim.pk, Judgement("true", "Zebra crossing", "high", (SECRET,)), actor=finch)
    client.force_login(maple)
    at = f"/workbench/{article.slug}/claims/{claim.pk}/verdict/"
    for sent in (
        {"do": "draft", "rating": "false", "rationale": "So far."},
        {"do": "submit", "rating": "false"},
        {"do": "add-evidence"},
        {"do": "discard"},
    ):
        content = client.post(at, sent, headers=HTMX).content.decode()
        assert [word for word in WORDS if word in content] == []
    given = {"do": "submit", "rating": "unproven", "rationale": "Nothing found."}
    content = client.post(at, given, headers=HTMX).content.decode()
    assert "Zebra crossing" in content
    assert "Disputed" in content


def test_a_published_claim_shows_its_ruling_and_not_the_verdicts(
    client: Client, maple: User, finch: User, robin: User, birch: User, article: Article,
    claim: Claim,
) -> None:  # fmt: skip
    verdict = submit_verdict(
        claim.pk, Judgement("true", "Zebra crossing", "high", (SECRET,)), actor=finch
    )
    submit_verdict(claim.pk, Judgement("true", "Zebra crossing", "high", (SECRET,)), actor=birch)
    publish_ruling(
        claim.pk,
        actor=robin,
        rating="true",
        summary="The budget bears it out.",
        evidence=list(Evidence.objects.filter(verdict=verdict).values_list("pk", flat=True)),
    )
    client.force_login(maple)
    content = client.get(f"/workbench/{article.slug}/claims/{claim.pk}/").content.decode()
    assert "The budget bears it out." in content
    assert "Zebra crossing" not in content


def test_a_draft_is_only_its_writers(
    client: Client, finch: User, maple: User, robin: User, article: Article, claim: Claim
) -> None:
    save_draft(claim.pk, Judgement("false", "Canary in a draft", "", (SECRET,)), actor=finch)
    for other in (maple, robin):
        client.force_login(other)
        for address, content in everything(client, article, claim):
            assert "Canary" not in content, address
            assert "Weekly Heron" not in content, address


def test_in_an_open_project_the_state_and_the_verdicts_are_seen_by_all(
    client: Client, project: Project, maple: User, finch: User, article: Article, claim: Claim
) -> None:
    Project.objects.filter(pk=project.pk).update(blind=False)
    submit_verdict(claim.pk, Judgement("true", "Zebra crossing", "high", (SECRET,)), actor=finch)
    client.force_login(maple)
    content = client.get(f"/workbench/{article.slug}/claims/{claim.pk}/").content.decode()
    assert "Zebra crossing" in content
    assert "Blind:" not in content
