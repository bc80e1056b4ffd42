"""The desk: what waits for a person, and nothing of what others have given."""

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from annotations.actions.claims import mark_claim
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import Article, Project, User
from annotations.rules.verdicts import Judgement

NOTHING_FOUND = Judgement(rating="unproven", rationale="Nothing was found.")


def test_what_waits_comes_with_ones_drafts_first(
    client: Client, finch: User, article: Article
) -> None:
    mark_claim(article.pk, 0, 3, actor=finch, statement="The first.")
    second = mark_claim(article.pk, 4, 11, actor=finch, statement="The second.")
    save_draft(second.claim_id, Judgement(rationale="So far."), actor=finch)
    client.force_login(finch)
    page = client.get("/desk/").content.decode()
    assert page.index("The second.") < page.index("The first.")
    assert "2 to judge" in page
    assert f"/workbench/{article.slug}/claims/{second.claim_id}/" in page


def test_what_one_has_judged_no_longer_waits(client: Client, finch: User, article: Article) -> None:
    mark = mark_claim(article.pk, 0, 3, actor=finch, statement="The first.")
    submit_verdict(mark.claim_id, NOTHING_FOUND, actor=finch)
    client.force_login(finch)
    page = client.get("/desk/").content.decode()
    assert "The first." not in page
    assert "Nothing waits for you" in page


def test_only_a_moderator_is_shown_what_waits_for_a_ruling(
    client: Client, finch: User, maple: User, robin: User, article: Article
) -> None:
    mark = mark_claim(article.pk, 0, 3, actor=finch, statement="The first.")
    for one in (finch, maple):
        submit_verdict(mark.claim_id, NOTHING_FOUND, actor=one)
    for person, shown in ((robin, True), (finch, False)):
        client.force_login(person)
        assert (b"Waits for a ruling" in client.get("/desk/").content) is shown


def test_a_stranger_sees_only_their_own_projects(
    client: Client, stranger: User, other_project: Project, article: Article
) -> None:
    client.force_login(stranger)
    page = client.get("/desk/").content.decode()
    assert "Harbour works" in page
    assert "Council" not in page
    assert "council" not in page


def test_somebody_without_a_project_is_told_what_to_do(client: Client, db: None) -> None:
    lone = User.objects.create_user(username="lone", pseudonym="Lone", password=None)
    client.force_login(lone)
    page = client.get("/desk/").content.decode()
    assert "Ask an owner to add you" in page


def test_the_desk_takes_as_many_queries_for_many_claims_as_for_one(
    client: Client,
    robin: User,
    article: Article,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(20):
        mark_claim(article.pk, n, n + 3, actor=robin, claimant=f"Person {n}")
    client.force_login(robin)
    with django_assert_max_num_queries(8):
        assert client.get("/desk/").status_code == 200
    assert client.get("/desk/", {"after": "\0nonsense"}).status_code in (200, 400)
