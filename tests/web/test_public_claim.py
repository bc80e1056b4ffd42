"""A claim's page: the ruling in force, what it rests on, who judged, and what changed."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from annotations.actions.ratings import edit_rating
from annotations.actions.revisions import revise_article
from annotations.actions.rulings import correct_ruling, withdraw_ruling
from annotations.actions.sources import edit_source
from annotations.actions.verdicts import submit_verdict
from annotations.models import Article, Claim, Evidence, Source, User
from annotations.rules.verdicts import EvidenceGiven, Judgement

pytestmark = pytest.mark.django_db

Publish = Callable[..., Claim]
Read = Callable[..., Any]
SPENT = "spent 12% more in 2024"


@pytest.fixture
def corrected(article: Article, publish: Publish, robin: User) -> Claim:
    claim = publish(article, SPENT, summary="It did, as first read.")
    evidence = Evidence.objects.filter(verdict__claim=claim).values_list("pk", flat=True)
    correct_ruling(
        claim.pk,
        actor=robin,
        rating="misleading",
        summary="It did, after a year cut short.",
        evidence=list(evidence),
        note="We had read the wrong column.",
        correction="rating_changed",
    )
    return claim


@pytest.fixture
def withdrawn(article: Article, publish: Publish, robin: User) -> Claim:
    claim = publish(article, SPENT, summary="It did, as first read.")
    withdraw_ruling(claim.pk, actor=robin, note="The report was taken back by its authors.")
    return claim


def test_a_rating_renamed_later_changes_nothing_that_was_published(
    client: Client, corrected: Claim, read: Read, birch: User
) -> None:
    rating = corrected.rulings.get(number=2).rating
    assert rating is not None
    edit_rating(
        rating.pk, actor=birch, name="Deceptive", definition="Newly defined.", look="false"
    )  # fmt: skip
    for address in (f"/claims/{corrected.pk}/", "/", "/articles/council-spends-more/"):
        answer = client.get(address).content.decode()
        assert "Misleading" in answer, address
        assert "Deceptive" not in answer, address
        assert "Newly defined" not in answer, address
    page = read(client.get(f"/claims/{corrected.pk}/").content)
    assert json_ld(page)[0]["reviewRating"]["alternateName"] == "Misleading"


def json_ld(page: Any) -> list[Any]:
    return [json.loads(one.text) for one in page.all("script", type="application/ld+json")]


def words(page: Any, tag: str = "main") -> str:
    return " ".join(page.one(tag).text.split())


def test_it_says_how_far_the_desk_relies_on_a_source_once_the_desk_has_said_so(
    client: Client, article: Article, publish: Publish, read: Read, robin: User
) -> None:
    claim = publish(article, SPENT)
    address = f"/claims/{claim.pk}/"
    assert "Desk’s view" not in words(read(client.get(address).content))
    source = Source.objects.get()
    edit_source(source.pk, actor=robin, reliability="mixed", reliability_note="Corrects late.")
    said = words(read(client.get(address).content))
    assert "Desk’s view of this source: mixed . Corrects late." in said.replace("mixed.", "mixed .")


def test_it_says_the_ruling_and_what_it_rests_on(
    client: Client, article: Article, publish: Publish, read: Read
) -> None:
    claim = publish(
        article, SPENT, statement="The city spent 12% more in 2024.", claimant="Ada Quill"
    )
    page = read(client.get(f"/claims/{claim.pk}/").content)
    assert page.one("h1").text == "The city spent 12% more in 2024."
    text = words(page)
    assert "Said by Ada Quill" in text
    assert "Accurate, and nothing that matters is left out." in text
    assert "The report bears it out." in text
    source = page.one("li", class_="source")
    assert "Supports" in source.text
    assert "Spending rose by 12%." in source.text
    assert "Example Gazette" in source.text
    link = next(one for one in page.all("a") if one.text == "example.org")
    assert link.attributes["href"] == "https://example.org/report"
    assert link.attributes["rel"] == "noopener noreferrer nofollow"


def test_a_source_of_which_only_the_address_is_known_is_named_once(
    client: Client, article: Article, publish: Publish, read: Read
) -> None:
    bare = EvidenceGiven(stance="supports", address="https://bare.example/report", locator="page 3")
    given = Judgement(rating="true", rationale="So.", confidence="high", evidence=(bare,))
    claim = publish(article, SPENT, given=given)
    page = read(client.get(f"/claims/{claim.pk}/").content)
    source = page.one("li", class_="source")
    assert source.text.count("bare.example") == 1
    assert "bare.example, page 3" in source.text
    link = next(one for one in page.all("a") if one.text == "bare.example")
    assert link.attributes["href"] == "https://bare.example/report"


def test_the_passage_stands_marked_in_its_paragraph(
    client: Client, article: Article, publish: Publish, read: Read
) -> None:
    claim = publish(article, SPENT)
    page = read(client.get(f"/claims/{claim.pk}/").content)
    assert page.one("mark").text == SPENT
    passage = next(one for one in page.all("blockquote") if SPENT in one.text)
    assert passage.text.startswith("The city council ")
    assert passage.text.endswith("said on Tuesday.")


def test_a_passage_across_paragraphs_is_marked_in_both(
    client: Client, article: Article, publish: Publish, read: Read
) -> None:
    claim = publish(article, "on Tuesday.\n\n“We have never")
    page = read(client.get(f"/claims/{claim.pk}/").content)
    assert [one.text for one in page.all("mark")] == ["on Tuesday.", "“We have never"]


def test_a_passage_that_the_newest_text_no_longer_has_is_said_to_be_of_an_earlier_one(
    client: Client, article: Article, publish: Publish, read: Read, robin: User
) -> None:
    claim = publish(article, SPENT)
    says = "It stood here in an earlier text of the article."
    assert says not in words(read(client.get(f"/claims/{claim.pk}/").content))
    revision = article.revisions.get()
    revise_article(
        article.pk, actor=robin, text=revision.text.replace(SPENT, "met"), based_on=revision.pk
    )
    page = read(client.get(f"/claims/{claim.pk}/").content)
    assert says in words(page)
    assert page.one("mark").text == SPENT
    assert not read(client.get(f"/articles/{article.slug}/").content).all("mark")


def test_who_judged_is_told_by_pseudonym_and_how(
    client: Client, article: Article, publish: Publish, read: Read
) -> None:
    claim = publish(article, SPENT)
    assert (
        "Two reviewers, Finch and Maple, judged the claim blind, neither knowing what the other "
        "found. They agreed. A moderator, Robin, made the ruling from their verdicts."
    ) in words(read(client.get(f"/claims/{claim.pk}/").content))


def test_a_dispute_is_told_and_the_reason_is_not(
    client: Client, article: Article, publish: Publish, read: Read
) -> None:
    claim = publish(article, SPENT, second="false", reason="Finch read the newer report.")
    text = words(read(client.get(f"/claims/{claim.pk}/").content))
    assert "They disagreed." in text
    assert "newer report" not in text


def test_a_verdict_given_after_the_ruling_is_not_in_it(
    client: Client, article: Article, publish: Publish, read: Read, robin: User, maple: User
) -> None:
    claim = publish(article, SPENT)
    late = Judgement(
        "false",
        "Late canary.",
        "low",
        (EvidenceGiven(stance="supports", address="https://late.example.org/"),),
    )
    submit_verdict(claim.pk, late, actor=maple)
    submit_verdict(claim.pk, late, actor=robin)
    text = words(read(client.get(f"/claims/{claim.pk}/").content))
    assert "Two reviewers, Finch and Maple" in text
    assert "They agreed." in text
    assert "anary" not in text


def test_a_rating_off_the_axis_has_no_step(
    client: Client, article: Article, publish: Publish, read: Read
) -> None:
    claim = publish(article, SPENT, rating="unproven")
    page = read(client.get(f"/claims/{claim.pk}/").content)
    drawing = page.all("svg", role="img")[0]
    assert (
        drawing.attributes["aria-label"]
        == "On the scale from true to false: unproven stands apart."
    )
    assert json_ld(page)[0]["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "Unproven",
        "ratingExplanation": "The evidence found neither supports nor refutes it.",
    }


def test_a_correction_is_named_above_the_headline_and_the_old_ruling_stays(
    client: Client, corrected: Claim, read: Read
) -> None:
    content = client.get(f"/claims/{corrected.pk}/").content.decode()
    page = read(content)
    assert content.index("Corrected ") < content.index("<h1")
    text = words(page)
    assert "Corrected from “True” to “Misleading”" in text
    assert "We had read the wrong column." in text
    assert page.one("p", class_="name r-misleading").text == "Misleading"
    old = next(one for one in page.all("a") if one.text == "Read the first ruling")
    assert old.attributes["href"] == f"/claims/{corrected.pk}/rulings/1/"
    assert json_ld(page)[0]["reviewRating"]["alternateName"] == "Misleading"


def test_the_old_ruling_says_that_it_no_longer_holds(
    client: Client, corrected: Claim, read: Read
) -> None:
    page = read(client.get(f"/claims/{corrected.pk}/rulings/1/").content)
    text = words(page)
    assert "It was corrected and is kept as it stood." in text
    assert "It did, as first read." in text
    assert page.one("p", class_="name r-true").text == "True"
    assert page.one("meta", name="robots").attributes["content"] == "noindex"
    assert json_ld(page) == []


def test_the_ruling_in_force_has_one_address(client: Client, corrected: Claim) -> None:
    answer = client.get(f"/claims/{corrected.pk}/rulings/2/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/claims/{corrected.pk}/"
    assert client.get(f"/claims/{corrected.pk}/rulings/3/").status_code == 404


def test_a_withdrawn_ruling_leaves_a_dated_note_and_no_rating_in_force(
    client: Client, withdrawn: Claim, read: Read
) -> None:
    answer = client.get(f"/claims/{withdrawn.pk}/")
    assert answer.status_code == 200
    page = read(answer.content)
    text = words(page)
    assert "There is no rating in force." in text
    assert "The report was taken back by its authors." in text
    assert page.one("p", class_="name").text == "Withdrawn"
    assert page.one("title").text.startswith("Withdrawn: ")
    assert page.all("li", class_="source") == []
    assert json_ld(page) == []
    old = read(client.get(f"/claims/{withdrawn.pk}/rulings/1/").content)
    assert "It was withdrawn and is kept as it stood." in words(old)


def test_a_withdrawn_claims_page_does_not_lead_to_an_article_nobody_may_read(
    client: Client, withdrawn: Claim
) -> None:
    content = client.get(f"/claims/{withdrawn.pk}/").content
    assert b"/articles/" not in content
    assert b"The council spends" not in content


def test_what_is_not_published_is_not_there(
    client: Client, article: Article, mark: Publish
) -> None:
    claim = mark(article, SPENT)
    assert client.get(f"/claims/{claim.pk}/").status_code == 404
    assert client.get(f"/claims/{claim.pk}/rulings/1/").status_code == 404
    assert client.get(f"/claims/{uuid.uuid4()}/").status_code == 404
    assert client.get("/claims/1/").status_code == 404


def test_it_takes_six_queries_however_much_evidence(
    client: Client, corrected: Claim, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        client.get(f"/claims/{corrected.pk}/")


BREAK_OUTS = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<!-- --> <script> </SCRIPT >",
    "Tom & Jerry &amp; &lt;",
    "]]> \u2028 \u2029 “quotes” \\u003c \" '",
]


@pytest.mark.parametrize("payload", BREAK_OUTS)
def test_a19_nothing_breaks_out_of_the_json_ld(
    client: Client, article: Article, publish: Publish, read: Read, payload: str
) -> None:
    shown = " ".join(payload.split())
    claim = publish(
        article, SPENT, statement=payload, summary=f"Read: {shown}", claimant=shown.strip("\u2028")
    )
    content = client.get(f"/claims/{claim.pk}/").content.decode()
    page = read(content)
    assert len(page.all("script")) == 3  # theme-early.js, theme.js, the JSON-LD
    (review,) = json_ld(page)
    assert review["@type"] == "ClaimReview"
    assert review["claimReviewed"] == claim.statement
    assert review["reviewBody"] == f"Read: {shown}"
    raw = page.one("script", type="application/ld+json").text
    assert not set("<>&\u2028\u2029") & set(raw)


def test_the_claim_review_holds_what_is_known_and_nothing_else(
    client: Client, article: Article, publish: Publish, read: Read, settings: Any
) -> None:
    claim = publish(article, SPENT, rating="misleading")
    (review,) = json_ld(read(client.get(f"/claims/{claim.pk}/").content))
    ruling = claim.rulings.get()
    address = f"{settings.SITE_URL}/claims/{claim.pk}/"
    assert review == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "@id": address,
        "url": address,
        "claimReviewed": SPENT,
        "datePublished": ruling.made_at.isoformat(),
        "dateModified": ruling.made_at.isoformat(),
        "reviewBody": "The report bears it out.",
        "author": {
            "@type": "Organization",
            "name": "Council budget",
            "url": f"{settings.SITE_URL}/",
        },
        "reviewRating": {
            "@type": "Rating",
            "alternateName": "Misleading",
            "ratingValue": 2,
            "bestRating": 5,
            "worstRating": 1,
            "ratingExplanation": "Holds a true part, yet leads to a wrong conclusion.",
        },
        "itemReviewed": {
            "@type": "Claim",
            "appearance": [{"@type": "Article", "headline": "The council spends more than ever"}],
        },
    }
