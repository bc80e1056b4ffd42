"""What a list can be asked, and that nothing else reaches the database: A1 and A2."""

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db.models import Model

from annotations.actions.articles import edit_article
from annotations.actions.claims import edit_claim
from annotations.models import Article, Claim, Ruling, User, Verdict
from tests.api.conftest import Caller, Calling

LISTS = (
    "projects", "articles", "revisions", "claims", "appearances", "verdicts", "evidence", "sources",
    "rulings", "comments", "assignments", "gold", "holds", "reattachments", "events",
    "publisher-corrections", "tokens",
)  # fmt: skip
NAMES = ("_connector", "_negated", "pk__in", "a.b", 'a"b', "a\x1fb", "project__slug", "id|id")
PARAMETERS = ("ordering", "order_by", "fields", "expand", "sort")


@pytest.fixture
def moderator(calling: Calling, robin: User) -> Caller:
    return calling(robin)


def paths(model: type[Model], hops: int) -> Iterator[str]:
    """The names by which the ORM reaches a person's secrets, and what it reaches within `hops`."""
    for field in model._meta.get_fields():
        if field.name in ("password", "email", "digest", "secret", "wrapped", "private"):
            yield field.name
        if field.is_relation and field.related_model and hops:
            other: Any = field.related_model
            yield from (f"{field.name}__{rest}" for rest in paths(other, hops - 1))


def oracles() -> list[str]:
    """Every way of three hops from anything that is listed to a secret: some hundreds."""
    return sorted({one for model in apps.get_app_config("annotations").get_models()
                   for one in paths(model, 3)})  # fmt: skip


def test_a1_no_list_is_asked_about_what_is_not_its_own(moderator: Caller) -> None:
    secrets = oracles()
    assert len(secrets) > 300
    for n, name in enumerate(secrets):
        at = LISTS[n % len(LISTS)]
        asked = f"{name}__regex=^p" if n % 2 else f"{PARAMETERS[n % len(PARAMETERS)]}={name}"
        answer = moderator.get(f"{at}/?{asked}")
        assert answer.status == 400, (at, asked)
        assert answer.body["errors"], (at, asked)


def test_a2_no_name_is_taken_into_a_query(moderator: Caller) -> None:
    for at in LISTS:
        for name in NAMES:
            assert moderator.get(f"{at}/?{quote(name)}=OR").status == 400, (at, name)


def test_a2_no_name_of_a_body_is_either(moderator: Caller, claim: Claim) -> None:
    for name in NAMES:
        refused = moderator.patch(f"claims/{claim.pk}/", {name: "OR"})
        assert (refused.status, refused.body["errors"][0]["field"]) == (400, name)


def test_claims_are_found_by_topic_day_and_language(
    moderator: Caller, claim: Claim, agreed: Claim, article: Article, robin: User
) -> None:
    day = datetime.date(2025, 3, 17)
    edit_claim(claim.pk, actor=robin, topics=["budget", "schools"], said_on=day)
    one = [str(claim.pk)]
    assert moderator.get("claims/?topic=schools").ids == one
    assert moderator.get("claims/?topic=school").ids == []
    assert moderator.get("claims/?from=2025-03-17&to=2025-03-17").ids == one
    assert moderator.get("claims/?from=2025-03-18").ids == []
    assert moderator.get("claims/?to=2025-03-16").ids == []
    assert moderator.get("claims/?to=9999-12-31").ids == one
    assert moderator.get("claims/?from=yesterday").field("from").startswith("This has to be a day")
    assert moderator.get("claims/?language=uk").ids == []
    edit_article(article.pk, actor=robin, language="uk")
    assert len(moderator.get("claims/?language=uk").ids) == 2


def test_articles_are_found_by_publisher_and_day(
    moderator: Caller, article: Article, robin: User
) -> None:
    edit_article(article.pk, actor=robin, publisher="Times", date=datetime.date(2025, 3, 17))
    one = [str(article.pk)]
    assert moderator.get("articles/?publisher=Times&from=2025-03-01").ids == one
    assert moderator.get("articles/?publisher=Time").ids == []
    assert moderator.get("articles/?to=2025-03-16").ids == []


def test_verdicts_and_rulings_are_found_by_rating_and_day(
    moderator: Caller, published: Ruling, claim: Claim, finch: User
) -> None:
    today = published.made_at.date().isoformat()
    assert moderator.get(f"rulings/?from={today}&to={today}").ids == [str(published.pk)]
    assert moderator.get("rulings/?to=2020-01-01").ids == []
    given = [str(one.pk) for one in Verdict.objects.order_by("-pk")]
    assert moderator.get(f"verdicts/?rating=false&from={today}").ids == given
    assert moderator.get("verdicts/?rating=true").ids == []
    assert moderator.get("verdicts/?to=2020-01-01").ids == []
