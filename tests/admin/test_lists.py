"""The opening page and the list of claims: what waits comes first, and nothing is counted twice."""

from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from annotations.actions.claims import set_aside
from annotations.actions.projects import create_project, set_role
from annotations.actions.verdicts import submit_verdict
from annotations.admin.waiting import SHOWN
from annotations.models import Article, Claim, Event, Project, User
from tests.admin.conftest import Enter, judgement, marked

pytestmark = pytest.mark.django_db

LIST = "/admin/annotations/claim/"


@pytest.fixture
def client(enter: Enter, robin: User) -> Client:
    return enter(robin)


def rows(page: Any) -> list[Any]:
    return list(page.context["cl"].result_list)


def test_the_opening_page_counts_the_claims_by_state_disputed_first(
    client: Client, disputed: Claim, agreed: Claim, aside: Claim, others_claim: Claim
) -> None:
    waiting = client.get("/admin/").context["waiting"]
    counted = [(pile.state.value, pile.count) for pile in waiting.piles]
    assert counted[:3] == [("disputed", 1), ("agreed", 1), ("in_review", 0)]
    assert dict(counted)["set_aside"] == 1
    assert sum(count for _, count in counted) == 3
    assert [claim for claim, _ in waiting.claims] == [disputed, agreed]


def test_the_opening_page_says_how_many_of_those_that_wait_it_shows(
    client: Client, article: Article, finch: User, maple: User, disputed: Claim, agreed: Claim
) -> None:
    assert "All that wait" in client.get("/admin/").text
    for words in ("The city", "council spent", "than in the year", "the mayor said", "12% more"):
        claim = marked(article, words, finch)
        submit_verdict(claim.pk, judgement("true"), actor=finch)
        submit_verdict(claim.pk, judgement("true"), actor=maple)
    page = client.get("/admin/")
    assert len(page.context["waiting"].claims) == SHOWN
    assert "6 of 7, all" in strip_tags(page.text)
    assert "All that wait" not in page.text


def test_the_opening_page_asks_a_fixed_number_of_questions(
    client: Client, disputed: Claim, agreed: Claim, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(5):
        client.get("/admin/")


def test_the_list_opens_with_what_waits_disputed_first(
    client: Client, disputed: Claim, agreed: Claim, claim: Claim
) -> None:
    assert rows(client.get(LIST)) == [disputed, agreed]
    assert set(rows(client.get(f"{LIST}?state=all"))) == {disputed, agreed, claim}
    assert rows(client.get(f"{LIST}?state=marked")) == [claim]


def test_a_row_says_what_a_moderator_needs(client: Client, disputed: Claim) -> None:
    text = client.get(LIST).text
    for seen in (disputed.statement, "The council spends more than ever", "Council budget"):
        assert seen in text
    for seen in ("2 of 2", "True", "Misleading", "Finch", "Disputed"):
        assert seen in text


def test_the_list_asks_a_fixed_number_of_questions(
    client: Client,
    article: Article,
    finch: User,
    disputed: Claim,
    django_assert_max_num_queries: Any,
) -> None:
    for words in ("The city", "council spent", "than in the year", "the mayor said"):
        marked(article, words, finch)
    with django_assert_max_num_queries(10):
        assert len(rows(client.get(f"{LIST}?state=all"))) == 5


def test_the_log_says_whose_role_was_changed_and_in_which_project(
    client: Client, project: Project, other_project: Project
) -> None:
    text = strip_tags(client.get("/admin/annotations/event/?verb=set_role").text)
    for seen in ("changed the role of Finch", "changed the role of Maple", "Council budget"):
        assert seen in text
    assert "Harbour works" not in text


def test_a_list_is_narrowed_to_one_of_the_persons_projects(
    client: Client, robin: User, disputed: Claim, stranger: User, others_claim: Claim
) -> None:
    mine = create_project(actor=stranger, slug="second", name="Second project")
    set_role(mine.pk, robin.pk, "moderator", actor=stranger)
    assert rows(client.get(f"{LIST}?state=all&project=council")) == [disputed]
    assert rows(client.get(f"{LIST}?state=all&project=second")) == []


def test_claims_are_set_aside_together_and_each_refusal_is_told(
    client: Client, disputed: Claim, agreed: Claim, published: Claim, claim: Claim
) -> None:
    ticked = [str(one.pk) for one in (disputed, published, claim)]
    sent = {"action": "set_aside_as_duplicate", "_selected_action": ticked}
    answer = client.post(f"{LIST}?state=all", sent, follow=True)
    assert "2 claims set aside." in answer.text
    assert "stays: Only a claim without a ruling can be set aside." in answer.text
    states = dict(Claim.objects.values_list("pk", "state"))
    assert (states[disputed.pk], states[claim.pk]) == ("set_aside", "set_aside")
    assert states[published.pk] == "published"
    assert Event.objects.filter(verb="set_aside").count() == 2


def test_the_database_is_not_asked_to_count_a_big_table(
    client: Client, disputed: Claim, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(10) as asked:
        client.get(f"{LIST}?state=all")
    counts = [one["sql"] for one in asked.captured_queries if "COUNT" in one["sql"]]
    assert len(counts) == 1
    assert "GROUP BY" in counts[0]


def test_an_article_of_ones_own_can_be_searched(client: Client, article: Article) -> None:
    page = client.get("/admin/annotations/article/", {"q": "council"})
    assert rows(page) == [article]


def test_the_log_is_narrowed_by_verb(client: Client, disputed: Claim, robin: User) -> None:
    set_aside(disputed.pk, "opinion", actor=robin)
    page = client.get("/admin/annotations/event/?verb=set_aside")
    assert [event.verb for event in rows(page)] == ["set_aside"]
    assert client.get("/admin/annotations/event/?verb=drop").status_code == 302


def test_an_empty_list_says_what_to_do(client: Client, project: Project) -> None:
    assert "Nothing here." in client.get(LIST).text
    assert "No claim has all its verdicts." in client.get("/admin/").text
