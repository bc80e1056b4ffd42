"""The page of corrections: every ruling that was corrected or withdrawn, newest first."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from annotations.actions.rulings import correct_ruling, withdraw_ruling
from annotations.models import Article, Claim, Evidence, User

pytestmark = pytest.mark.django_db

Publish = Callable[..., Claim]
SPENT = "spent 12% more in 2024"
NEVER = "never spent this much on schools"


def correct(claim: Claim, actor: User, rating: str, note: str, kind: str) -> None:
    evidence = Evidence.objects.filter(rulings__claim=claim).values_list("pk", flat=True)
    correct_ruling(
        claim.pk, actor=actor, rating=rating, summary=f"So: {note}", evidence=list(set(evidence)),
        note=note, correction=kind,
    )  # fmt: skip


def test_nothing_corrected_is_said(client: Client, article: Article, publish: Publish) -> None:
    publish(article, SPENT)
    answer = client.get("/corrections/")
    assert answer.status_code == 200
    assert b"No ruling has been corrected or withdrawn yet." in answer.content


def test_each_is_dated_with_its_kind_and_its_note_newest_first(
    client: Client, article: Article, publish: Publish, robin: User, read: Callable[..., Any]
) -> None:
    spent = publish(article, SPENT, statement="The city spent more.")
    never = publish(article, NEVER, statement="They never spent as much.")
    correct(spent, robin, "true", "We misspelt the mayor.", "typo")
    correct(spent, robin, "false", "The month was another.", "rating_changed")
    withdraw_ruling(never.pk, actor=robin, note="The report was taken back.")
    page = read(client.get("/corrections/").content)
    told = [" ".join(one.text.split()) for one in page.all("li")]
    assert len(told) == 3
    withdrawn, changed, misprint = told
    assert "Withdrawn" in withdrawn
    assert "They never spent as much. The report was taken back." in withdrawn
    assert "Corrected from “True” to “False”" in changed
    assert "Rating changed" in changed
    assert "The month was another." in changed
    assert "Corrected: a misprint Typo" in misprint
    assert len(page.all("time")) == 3
    before = [one.attributes["href"] for one in page.all("a") if "before" in one.text]
    assert before == [
        f"/claims/{never.pk}/rulings/1/",
        f"/claims/{spent.pk}/rulings/2/",
        f"/claims/{spent.pk}/rulings/1/",
    ]
    for address in before:
        assert "Read what holds now" in client.get(address).content.decode()


def test_it_is_a_page_by_cursor_and_one_query_and_shared_by_caches(
    client: Client, article: Article, publish: Publish, robin: User, read: Callable[..., Any],
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    claim = publish(article, SPENT)
    for n in range(31):
        correct(claim, robin, "true", f"Note {n:02d}.", "clarification")
    with django_assert_num_queries(1):
        answer = client.get("/corrections/")
    assert answer["Cache-Control"] == "public, max-age=60"
    first = read(answer.content)
    assert "Note 30." in first.all("li")[0].text
    older = read(
        client.get(f"/corrections/{first.one('a', rel='next').attributes['href']}").content
    )
    assert "Note 00." in older.one("li").text
    assert not older.all("a", rel="next")


def test_every_public_page_leads_to_it(client: Client) -> None:
    for address in ("/", "/how-we-judge/", "/corrections/", "/login/"):
        assert b'href="/corrections/"' in client.get(address).content, address


def test_no_address_makes_it_fail(client: Client, article: Article) -> None:
    for after in ("x", "%00", "00000000-0000-0000-0000-000000000000"):
        assert client.get(f"/corrections/?after={after}").status_code == 200
