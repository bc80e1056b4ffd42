"""What people typed stays text on the pages of readers."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from annotations.actions.articles import edit_article, import_article
from annotations.actions.claims import mark_claim
from annotations.actions.verdicts import save_draft
from annotations.models import Article, Claim, Evidence, Project, User
from annotations.rules.refusals import Malformed
from annotations.rules.verdicts import EvidenceGiven, Judgement

pytestmark = pytest.mark.django_db

Publish = Callable[..., Claim]
PAYLOADS = [
    "<script>window.hit=1</script>",
    '"><img src=x onerror=window.hit=1>',
    "'><svg/onload=window.hit=1>",
    "</title></textarea></style><script>window.hit=1</script>",
    "{{ 7*7 }}{% debug %}",
    "javascript:window.hit=1",
    "<a href=//evil.example>x</a>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a18_what_was_typed_is_shown_as_text(
    client: Client,
    project: Project,
    robin: User,
    publish: Publish,
    read: Callable[..., Any],
    payload: str,
) -> None:
    text = f"{payload}\n\nThe council said {payload} on Tuesday."
    made = import_article(
        project.pk,
        actor=robin,
        text=text,
        title=payload,
        slug="payload",
        publisher=payload,
        author=payload,
        date=datetime.date(2025, 3, 17),
    )
    piece = EvidenceGiven(
        stance="supports",
        address="https://example.org/?q=%22%3E",
        title=payload,
        publisher=payload,
        author=payload,
        quote=payload,
        locator=payload,
        note=payload,
    )
    given = Judgement("false", payload, "high", (piece,))
    claim = publish(
        made, "The council said", rating="false", given=given, statement=payload,
        summary=payload, claimant=payload, claimant_role=payload,
    )  # fmt: skip
    own_scripts = {
        "/static/annotations/js/theme-early.js",
        "/static/annotations/js/theme.js",
        "/static/annotations/js/public.js",
    }
    for address in ("/", "/articles/payload/", f"/claims/{claim.pk}/"):
        content = client.get(address).content.decode()
        page = read(content)
        assert payload.strip("\"'>") in page.one("html").text, address
        for element in page.elements:
            assert not [name for name in element.attributes if name.startswith("on")], address
            assert element.tag not in {"img", "iframe", "object", "embed", "base"}, address
            target = element.attributes.get("href") or element.attributes.get("src") or ""
            assert not target.startswith(("javascript:", "//", "data:")), address
        scripts = {one.attributes.get("src") for one in page.all("script")} - {None}
        assert scripts <= own_scripts, address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "https:javascript:alert(1)",
        "//evil.example/",
    ],
)
def test_a17_such_an_address_never_becomes_a_link(
    article: Article, project: Project, finch: User, robin: User, address: str
) -> None:
    claim = mark_claim(article.pk, 0, 11, actor=finch).claim
    with pytest.raises(Malformed):
        save_draft(
            claim.pk,
            Judgement(evidence=(EvidenceGiven(stance="supports", address=address),)),
            actor=finch,
        )
    with pytest.raises(Malformed):
        edit_article(article.pk, actor=robin, address=address)
    assert not Evidence.objects.exists()


def test_a16_nothing_remote_is_loaded(
    client: Client, article: Article, publish: Publish, read: Callable[..., Any]
) -> None:
    claim = publish(article, "spent 12% more")
    loading = {"script": "src", "link": "href", "img": "src", "use": "href", "source": "src"}
    for address in ("/", "/articles/council-spends-more/", f"/claims/{claim.pk}/"):
        for element in read(client.get(address).content).elements:
            if element.tag in loading and loading[element.tag] in element.attributes:
                assert element.attributes[loading[element.tag]].startswith("/static/")
