"""Bringing articles in and describing them; projects, their settings, their people; tokens."""

import datetime
import uuid
from typing import Any

import pytest

from annotations.actions.articles import edit_article, import_article
from annotations.actions.claims import edit_claim, remove_appearance
from annotations.actions.projects import create_project, edit_project, set_role
from annotations.actions.tokens import make_token, revoke_token
from annotations.models import Article, Event, Membership, Project, Token, User
from annotations.rules.languages import direction
from annotations.rules.refusals import Conflict, Malformed, NotFound
from tests.actions.given import marked


def test_html_becomes_the_text_it_shows_and_stays_beside_it(project: Project, robin: User) -> None:
    raw = "<h1>AT&amp;T</h1>\r\n<p hidden>no</p><p>One   two.</p>"
    article = import_article(project.pk, actor=robin, text=raw, media_type="text/html")
    revision = article.revisions.get()
    assert (article.title, revision.text) == ("AT&T", "AT&T\n\nOne two.")
    assert (revision.raw, revision.raw_media_type) == (raw, "text/html")


def test_what_a_page_says_of_itself_stands_where_nothing_is_given(
    project: Project, robin: User
) -> None:
    page = """<html lang="uk"><head><meta name="author" content="Ann Author">
      <link rel="canonical" href="https://example.org/council"></head>
      <body><h1>The council</h1><p>The council spent 12% more.</p></body></html>"""
    made = import_article(
        project.pk, actor=robin, text=page, media_type="text/html", author="Another"
    )
    assert (made.language, made.author, made.title) == ("uk", "Another", "The council")
    assert made.address == "https://example.org/council"


def test_a_text_of_another_kind_is_refused(project: Project, robin: User) -> None:
    with pytest.raises(Malformed, match="text/plain, text/html") as refused:
        import_article(project.pk, actor=robin, text="x", media_type="image/png")
    assert list(refused.value.problems) == ["media_type"]


def test_an_article_has_its_text_its_raw_input_and_its_place_in_the_log(
    project: Project, robin: User
) -> None:
    raw = "\ufeffA headline\r\n\r\nA sentence."
    article = import_article(project.pk, actor=robin, text=raw, address="HTTPS://Example.org")
    revision = article.revisions.get()
    assert (revision.number, revision.raw) == (1, raw)
    assert revision.text == "A headline\n\nA sentence."
    assert (article.title, article.slug) == ("A headline", "a-headline")
    assert article.address == "https://example.org/"
    event = Event.objects.about("article", article.pk).get()
    assert (event.verb, event.actor, event.project) == ("import_article", robin, project)
    assert event.after is not None
    assert event.after["sha256"] == revision.sha256


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"text": ""}, {"text"}),
        ({"text": "a\x00"}, {"text"}),
        ({"text": "\ud800"}, {"text"}),
        ({"title": "x" * 1_000_000}, {"title"}),
        ({"title": "a\nb", "publisher": "\x00", "address": "javascript:alert(1)"},
         {"title", "publisher", "address"}),
        ({"language": "English"}, set()),
        ({"language": "en_GB"}, {"language"}),
        ({"language": '"><script>'}, {"language"}),
        ({"note": "\ud800"}, {"note"}),
        ({"text": "x" * 301}, {"title"}),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_article_is_told_at_its_fields(
    given: dict[str, Any], fields: set[str], project: Project, robin: User
) -> None:
    whole: dict[str, Any] = {"text": "A headline"} | given
    if not fields:
        assert import_article(project.pk, actor=robin, **whole).pk
        return
    with pytest.raises(Malformed) as refused:
        import_article(project.pk, actor=robin, **whole)
    assert set(refused.value.problems) == fields
    assert not Article.objects.exists()


def test_articles_of_one_title_have_names_of_their_own(project: Project, robin: User) -> None:
    made = [import_article(project.pk, actor=robin, text="The news").slug for _ in range(3)]
    assert made == ["the-news", "the-news-2", "the-news-3"]
    assert import_article(project.pk, actor=robin, text="値上げ").slug == "article"
    assert import_article(project.pk, actor=robin, text="x", slug="../x").slug == "x"


def test_what_is_known_of_an_article_changes_and_its_words_do_not(
    article: Article, robin: User
) -> None:
    text = article.revisions.get().text
    facts: dict[str, Any] = {
        "title": "Another", "address": "https://example.org", "note": " x ",
        "date": datetime.date(2026, 1, 2), "slug": "other", "project_id": uuid.uuid4(),
    }  # fmt: skip
    edit_article(article.pk, actor=robin, **facts)
    article.refresh_from_db()
    assert (article.title, article.address) == ("Another", "https://example.org/")
    assert (article.slug, article.note) == ("council-spends-more", "x")
    assert article.revisions.get().text == text
    edit_article(article.pk, actor=robin, address="")
    edit_article(article.pk, actor=robin, address="")
    verbs = Event.objects.about("article", article.pk).values_list("verb", flat=True)
    assert list(verbs) == ["edit_article", "edit_article", "import_article"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"slug": "a b"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"slug": "x" * 61}, "slug"),
        ({"name": ""}, "name"),
        ({"description": "\x00"}, "description"),
        ({"verdicts_required": 0}, "verdicts_required"),
        ({"verdicts_required": 10}, "verdicts_required"),
    ],
)
def test_a_project_is_refused_at_its_field(given: dict[str, Any], field: str, finch: User) -> None:
    whole: dict[str, Any] = {"actor": finch, "slug": "new", "name": "New"} | given
    with pytest.raises(Malformed) as refused:
        create_project(**whole)
    assert set(refused.value.problems) == {field}
    assert not Project.objects.exists()


def test_a_project_has_a_slug_of_its_own_and_its_maker_as_owner(finch: User) -> None:
    made = create_project(actor=finch, slug="new", name="New")
    assert Membership.objects.get(project=made).role == "owner"
    assert made.scales.get(in_use=True).ratings.count() == 6
    with pytest.raises(Conflict, match="There is a project “new” already"):
        create_project(actor=finch, slug="new", name="Other")


def test_settings_change_one_by_one_and_only_changes_are_told(
    project: Project, birch: User
) -> None:
    edit_project(project.pk, actor=birch)
    edit_project(project.pk, actor=birch, name="Council budget", blind=True)
    assert not Event.objects.filter(verb="edit_project").exists()
    edit_project(project.pk, actor=birch, description="x", one_person_suffices=True)
    event = Event.objects.get(verb="edit_project")
    assert event.before is not None
    assert event.after is not None
    changed = {name for name in event.after if event.after[name] != event.before[name]}
    assert changed == {"description", "one_person_suffices"}


def test_a_role_is_one_of_three_and_of_an_account_there_is(
    project: Project, finch: User, birch: User
) -> None:
    with pytest.raises(Malformed, match="reviewer, moderator, owner"):
        set_role(project.pk, finch.pk, "captain", actor=birch)
    with pytest.raises(NotFound, match="no such account"):
        set_role(project.pk, 0, "reviewer", actor=birch)
    before = Event.objects.count()
    set_role(project.pk, finch.pk, "reviewer", actor=birch)
    assert Event.objects.count() == before


@pytest.mark.parametrize("role", ["reviewer", None])
def test_a_project_keeps_an_owner(role: str | None, project: Project, birch: User) -> None:
    with pytest.raises(Conflict, match="needs an owner"):
        set_role(project.pk, birch.pk, role, actor=birch)


def test_an_owner_ends_the_token_of_a_member_and_nobody_else_does(
    project: Project, finch: User, robin: User, birch: User, stranger: User
) -> None:
    token, secret = make_token(finch, "script", actor=finch)
    for other in (robin, stranger):
        with pytest.raises(NotFound):
            revoke_token(token.pk, actor=other)
    assert revoke_token(token.pk, actor=birch).revoked_at is not None
    assert Token.objects.with_secret(secret) is None


def test_what_happens_to_a_token_is_in_the_log_of_each_project_it_opens(
    project: Project, other_project: Project, finch: User, robin: User, birch: User, stranger: User
) -> None:
    token, _ = make_token(finch, "script", actor=finch)
    set_role(other_project.pk, finch.pk, "reviewer", actor=stranger)
    revoke_token(token.pk, actor=birch)
    for reader, verbs in (
        (robin, ["revoke_token", "make_token"]),
        (stranger, ["revoke_token"]),
        (finch, []),
    ):
        told = Event.objects.of(reader).about("token", token.pk)
        assert list(told.values_list("verb", flat=True)) == verbs


def test_the_log_of_a_token_of_somebody_without_a_project_is_in_none(
    finch: User, birch: User, project: Project
) -> None:
    set_role(project.pk, finch.pk, None, actor=birch)
    token, _ = make_token(finch, "script", actor=finch)
    assert Event.objects.about("token", token.pk).get().project is None


def test_a_token_is_kept_as_a_digest_and_ended_by_its_person_alone(
    finch: User, maple: User
) -> None:
    token, secret = make_token(finch, "script", actor=finch)
    assert Token.objects.with_secret(secret) == token
    assert secret not in str(list(Token.objects.values()))
    assert secret not in str(list(Event.objects.values()))
    with pytest.raises(NotFound):
        revoke_token(token.pk, actor=maple)
    revoke_token(token.pk, actor=finch)
    revoke_token(token.pk, actor=finch)
    assert Token.objects.with_secret(secret) is None
    assert Event.objects.filter(verb="revoke_token").count() == 1


def test_a_token_ends_with_its_person_and_with_its_time(finch: User) -> None:
    _, secret = make_token(finch, "script", actor=finch)
    _, ended = make_token(finch, "old", actor=finch, life=-datetime.timedelta(seconds=1))
    assert Token.objects.with_secret(ended) is None
    User.objects.filter(pk=finch.pk).update(is_active=False)
    assert Token.objects.with_secret(secret) is None


def test_a_date_is_given_and_cleared(article: Article, finch: User) -> None:
    claim = marked(article, finch)
    said = datetime.date(2026, 1, 2)
    assert edit_claim(claim.pk, actor=finch, said_on=said).said_on == said
    assert edit_claim(claim.pk, actor=finch).said_on == said
    assert edit_claim(claim.pk, actor=finch, clear_said_on=True).said_on is None


def test_a_place_that_is_not_there_is_not_found(finch: User) -> None:
    with pytest.raises(NotFound, match="no such appearance"):
        remove_appearance(uuid.uuid4(), actor=finch)


@pytest.mark.parametrize(
    ("tag", "runs"),
    [("en", "ltr"), ("ar", "rtl"), ("ar-EG", "rtl"), ("HE", "rtl"), ("arn", "ltr"), ("", "ltr")],
)
def test_a_language_runs_its_way(tag: str, runs: str) -> None:
    assert direction(tag) == runs


def test_a_slug_that_was_asked_for_is_given_or_refused(project: Project, robin: User) -> None:
    import_article(project.pk, actor=robin, text="One text.", slug="mine")
    with pytest.raises(Conflict, match="already") as refused:
        import_article(project.pk, actor=robin, text="Another text.", slug="mine")
    assert set(refused.value.problems) == {"slug"}
