"""No update is lost in the admin: a form says which version it was opened on (A27)."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from annotations.actions.articles import edit_article
from annotations.actions.claims import edit_claim
from annotations.actions.projects import edit_project
from annotations.actions.ratings import edit_rating
from annotations.actions.verdicts import submit_verdict
from annotations.models import Article, Claim, Project, Rating, Ruling, User
from tests.admin.conftest import address as step_of
from tests.admin.conftest import evidence_on, judgement


def hidden(page: str, name: str) -> str:
    """What a page's form carries along under that name."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


@pytest.fixture
def desk(client: Client, birch: User) -> Client:
    client.force_login(birch)
    return client


@pytest.fixture
def address(article: Article) -> str:
    return reverse("admin:annotations_article_change", args=[article.pk])


def opened(desk: Client, address: str) -> dict[str, str]:
    page = desk.get(address).content.decode()
    return {name: hidden(page, name) for name in ("version", "base")}


FACTS = {"title": "The council spends more than ever", "language": "en"}


def test_a_form_that_was_opened_before_another_saved_is_not_taken(
    desk: Client, address: str, article: Article, robin: User
) -> None:
    carried = opened(desk, address)
    edit_article(article.pk, actor=robin, publisher="The Courier", note="Seen by Robin.")
    answer = desk.post(address, FACTS | carried | {"publisher": "Gazette", "author": "A. Reporter"})
    assert answer.status_code == 409
    page = html.unescape(answer.content.decode())
    assert "Robin changed this on" in page
    assert 'value="Gazette"' in page
    assert "The Courier" in page
    assert "Seen by Robin." in page
    article.refresh_from_db()
    assert (article.publisher, article.author) == ("The Courier", "")


def test_sent_again_the_form_keeps_ones_own_and_what_the_other_made_of_the_rest(
    desk: Client, address: str, article: Article, robin: User
) -> None:
    carried = opened(desk, address)
    edit_article(article.pk, actor=robin, publisher="The Courier", note="Seen by Robin.")
    told = desk.post(address, FACTS | carried | {"publisher": "Gazette"})
    form = told.context["form"]
    again = {name: form[name].value() or "" for name in form.fields}
    carried = {name: hidden(told.content.decode(), name) for name in ("version", "base")}
    ticks = {"date_is_inferred"}
    sent = {name: str(value) for name, value in again.items() if name not in ticks}
    assert desk.post(address, sent | carried).status_code == 302
    article.refresh_from_db()
    assert (article.publisher, article.note) == ("Gazette", "Seen by Robin.")


def test_a_form_refused_for_another_reason_is_still_of_the_version_it_was_opened_on(
    desk: Client, address: str, article: Article, robin: User
) -> None:
    carried = opened(desk, address)
    edit_article(article.pk, actor=robin, publisher="The Courier")
    refused = desk.post(address, FACTS | carried | {"date": "no date"})
    assert refused.status_code == 422
    assert hidden(refused.content.decode(), "version") == carried["version"]
    assert desk.post(address, FACTS | carried).status_code == 409


def test_a_rating_and_a_projects_settings_are_kept_from_it_too(
    desk: Client, project: Project, birch: User
) -> None:
    rating = Rating.objects.in_use(project)[0]
    there = reverse("admin:annotations_rating_change", args=[rating.pk])
    carried = opened(desk, there)
    facts = {"name": "Right", "definition": "As it says.", "look": rating.look}
    assert desk.post(there, facts | carried).status_code == 302
    assert desk.post(there, facts | carried | {"name": "Correct"}).status_code == 409
    there = reverse("admin:annotations_project_change", args=[project.pk])
    carried = opened(desk, there)
    edit_project(project.pk, actor=birch, name="Other")
    settings = {
        "name": "Mine",
        "verdicts_required": "2",
        "blind": "on",
        "lease_minutes": "30",
        "queue_order": "oldest",
        "gold_every": "0",
        "gold_mode": "training",
    }
    answer = desk.post(there, settings | carried)
    assert answer.status_code == 409
    project.refresh_from_db()
    assert project.name == "Other"


def test_what_is_made_of_the_carried_text_is_inert(
    desk: Client, address: str, article: Article, robin: User
) -> None:
    carried = opened(desk, address) | {"base": '{"publisher": "<script>alert(1)</script>"}'}
    edit_article(article.pk, actor=robin, publisher="The Courier")
    answer = desk.post(address, FACTS | carried | {"publisher": "<b>"})
    assert answer.status_code == 409
    assert b"<script>alert" not in answer.content
    for base in ("", "[", "[1]", '{"publisher": 1}', "\x00", "\ud800".encode("utf-8", "replace")):
        answer = desk.post(address, FACTS | carried | {"base": base})
        assert answer.status_code == 409


def form_at(desk: Client, page: str, action: str) -> dict[str, str]:
    """The version that the form of a step carries along."""
    shown = desk.get(page).content.decode()
    form = shown[shown.index(f'action="{action}"') :]
    return {"version": hidden(form, "version")}


def test_a_ruling_is_not_made_on_verdicts_that_came_since_its_form_was_opened(
    desk: Client, disputed: Claim, maple: User
) -> None:
    there, publish = step_of(disputed), step_of(disputed, "publish")
    carried = form_at(desk, there, publish)
    submit_verdict(disputed.pk, judgement("true", "Maple counted again."), actor=maple)
    sent = {
        "rating": "true", "summary": "As I read it.", "reason": "Counted.",
        "evidence": [str(one) for one in evidence_on(disputed)[:1]],
    }  # fmt: skip
    late = desk.post(publish, sent | carried)
    assert late.status_code == 409
    assert "Maple submitted a verdict after you opened this claim." in late.text
    assert "As I read it." in late.text
    assert "Maple counted again." in late.text
    assert not Ruling.objects.exists()
    assert desk.post(publish, sent | form_at(desk, there, publish)).status_code == 302


@pytest.mark.parametrize("step", ["ask-for-another", "set-aside", "restore"])
def test_no_step_is_taken_on_what_was_changed_meanwhile(
    desk: Client, disputed: Claim, maple: User, robin: User, step: str
) -> None:
    there, at = step_of(disputed), step_of(disputed, step)
    sent = {"set_aside_reason": "opinion"} if step == "set-aside" else {}
    if step == "restore":
        desk.post(step_of(disputed, "set-aside"), {"set_aside_reason": "opinion"})
    carried = form_at(desk, there, at)
    if step == "ask-for-another":
        submit_verdict(disputed.pk, judgement("false"), actor=maple)
    else:
        edit_claim(disputed.pk, actor=robin, kind="numerical")
    late = desk.post(at, sent | carried)
    assert late.status_code == 409
    assert ("Maple" if step == "ask-for-another" else "Robin changed this on") in late.text
    form = late.text[late.text.index(f'action="{at}"') :]
    assert desk.post(at, sent | {"version": hidden(form, "version")}).status_code == 302


def test_a_rating_is_not_retired_as_something_else_than_was_read(
    desk: Client, project: Project, birch: User
) -> None:
    rating = Rating.objects.get(project=project, slug="misleading")
    there = reverse("admin:annotations_rating_change", args=[rating.pk])
    retire = reverse("admin:annotations_rating_retire", args=[rating.pk])
    carried = form_at(desk, there, retire)
    edit_rating(rating.pk, actor=birch, name="Half true")
    late = desk.post(retire, carried | {"replaced_by": "needs-context"})
    assert late.status_code == 409
    assert "Birch changed this on" in late.text
    form = late.text[late.text.index(f'action="{retire}"') :]
    again = {"version": hidden(form, "version"), "replaced_by": "needs-context"}
    assert desk.post(retire, again).status_code == 302
