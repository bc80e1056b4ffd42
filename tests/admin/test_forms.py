"""Articles, projects, tokens and accounts: each form ends in an action."""

import re

import pytest
from django.test import Client

from annotations.actions.tokens import make_token
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import (
    Article,
    Claim,
    Event,
    LegalHold,
    Membership,
    Project,
    Rating,
    Source,
    Token,
    User,
)
from annotations.rules.verdicts import EvidenceGiven, Judgement
from tests.admin.conftest import SOURCE, Enter, judgement, marked

pytestmark = pytest.mark.django_db

ADD = "/admin/annotations/{}/add/"
CHANGE = "/admin/annotations/{}/{}/change/"
SETTINGS = {
    "name": "Council", "description": "", "verdicts_required": "3", "blind": "on",
    "lease_minutes": "45", "queue_order": "random", "gold_every": "0", "gold_mode": "measuring",
}  # fmt: skip
FACTS = {"title": "Spending", "publisher": "The Courier", "language": "en", "date": "2025-01-07"}


def test_an_owner_places_a_hold_and_lifts_it(
    enter: Enter, article: Article, birch: User, robin: User
) -> None:
    sent = {
        "article": str(article.pk), "kind": "withhold", "authority": "A court", "ground": "",
        "ordered_on": "2026-02-11", "notice": "We have appealed.",
    }  # fmt: skip
    owner = enter(birch)
    assert enter(robin).post(ADD.format("legalhold"), sent).status_code == 403
    refused = owner.post(ADD.format("legalhold"), sent)
    assert refused.status_code == 400
    assert "We have appealed.</textarea>" in refused.text
    assert owner.post(ADD.format("legalhold"), sent | {"ground": "A law"}).status_code == 302
    hold = LegalHold.objects.get()
    page = CHANGE.format("legalhold", hold.pk)
    assert "Lift the hold" in owner.get(page).text
    assert "Lift the hold" not in enter(robin).get(page).text
    assert owner.post(page, {"because": ""}).status_code == 422
    assert owner.post(page, {"because": "It was set aside."}).status_code == 302
    assert "Lift the hold" not in owner.get(page).text
    assert last().verb == "lift_hold"


def last() -> Event:
    found = Event.objects.order_by("-pk").first()
    assert found is not None
    return found


def test_a_moderator_brings_an_article_in(enter: Enter, robin: User, project: Project) -> None:
    sent = {
        "project": str(project.pk),
        "text": "A headline\n\nShare\n\nThe first paragraph.",
        "furniture": "Share\n\n",
        "language": "en",
    }
    answer = enter(robin).post(ADD.format("article"), sent)
    article = Article.objects.get()
    assert answer.headers["Location"] == CHANGE.format("article", article.pk)
    assert (article.title, article.imported_by) == ("A headline", robin)
    kinds = [kind for kind, _, _ in article.revisions.get().blocks]
    assert kinds == ["headline", "furniture", "paragraph"]
    assert (last().verb, last().actor) == ("import_article", robin)


def test_a_moderator_brings_a_page_in_as_html(enter: Enter, robin: User, project: Project) -> None:
    page = "<html lang=uk><body><h1>AT&amp;T</h1><p>One.</p></body></html>"
    sent = {"project": str(project.pk), "text": page, "is_html": "on", "language": ""}
    assert enter(robin).post(ADD.format("article"), sent).status_code == 302
    article = Article.objects.get()
    assert (article.title, article.language) == ("AT&T", "uk")
    assert (article.revisions.get().text, article.revisions.get().raw) == ("AT&T\n\nOne.", page)


def test_a_refused_import_keeps_the_text(enter: Enter, robin: User, project: Project) -> None:
    sent = {"project": str(project.pk), "text": "A text of mine.", "title": "x" * 301}
    answer = enter(robin).post(ADD.format("article"), sent | {"language": "en"})
    assert answer.status_code == 400
    assert answer.context["form"]["title"].errors
    assert "A text of mine.</textarea>" in answer.text
    empty = enter(robin).post(ADD.format("article"), {"project": str(project.pk), "language": "en"})
    assert empty.status_code in (400, 422)
    assert not Article.objects.exists()


def test_no_import_into_a_project_of_others(
    enter: Enter, robin: User, project: Project, other_project: Project
) -> None:
    sent = {"project": str(other_project.pk), "text": "A headline\n\nText.", "language": "en"}
    answer = enter(robin).post(ADD.format("article"), sent)
    assert answer.status_code == 422
    assert answer.context["form"]["project"].errors
    assert not Article.objects.exists()


def test_an_articles_details_are_changed_and_its_words_are_not(
    enter: Enter, robin: User, article: Article
) -> None:
    words = article.revisions.get().text
    sent = {**FACTS, "text": "Other words.", "slug": "other", "imported_by": "1"}
    answer = enter(robin).post(CHANGE.format("article", article.pk), sent)
    assert answer.status_code == 302
    now = Article.objects.get()
    assert (now.title, now.publisher, str(now.date)) == ("Spending", "The Courier", "2025-01-07")
    assert (now.slug, now.imported_by) == (article.slug, robin)
    assert now.revisions.get().text == words
    assert last().verb == "edit_article"


@pytest.mark.parametrize("bad", ["javascript:alert(1)", "ftp://example.org/", "http://user@x.org/"])
def test_an_address_that_is_no_link_is_refused_at_its_field(
    enter: Enter, robin: User, article: Article, bad: str
) -> None:
    sent = {**FACTS, "address": bad, "title": "Kept as typed"}
    answer = enter(robin).post(CHANGE.format("article", article.pk), sent)
    assert answer.status_code == 400
    assert answer.context["form"]["address"].errors
    assert "Kept as typed" in answer.text
    assert bad in answer.text
    assert Article.objects.get().title == article.title


def test_a_moderator_gives_the_desks_view_of_a_source_and_changes_nothing_else(
    enter: Enter, robin: User, disputed: object
) -> None:
    source = Source.objects.get()
    client, there = enter(robin), CHANGE.format("source", source.pk)
    assert source.address in client.get(there).text
    sent = {"reliability": "mixed", "reliability_note": "Corrects itself late.", "title": "x"}
    assert client.post(there, sent).status_code == 302
    source.refresh_from_db()
    assert (source.reliability, source.reliability_note) == ("mixed", "Corrects itself late.")
    assert source.title == ""
    assert (last().verb, last().actor) == ("edit_source", robin)
    assert "gave the desk’s view" in client.get(there.replace("change", "history")).text


def test_a_view_that_is_none_is_refused_at_its_field_with_the_note_kept(
    enter: Enter, robin: User, disputed: object
) -> None:
    there = CHANGE.format("source", Source.objects.get().pk)
    answer = enter(robin).post(there, {"reliability": "", "reliability_note": "Kept as typed"})
    assert answer.status_code == 400
    assert answer.context["form"]["reliability"].errors
    assert "Kept as typed" in answer.text


def test_a_source_of_drafts_alone_is_nobody_elses(
    enter: Enter, robin: User, disputed: Claim, maple: User
) -> None:
    piece = EvidenceGiven(address="https://draft.example.org/")
    save_draft(disputed.pk, Judgement(evidence=[piece]), actor=maple)
    drafted = Source.objects.get(address=piece.address)
    client = enter(robin)
    assert "draft.example.org" not in client.get("/admin/annotations/source/").text
    assert client.get(CHANGE.format("source", drafted.pk)).status_code == 404


def test_what_a_draft_calls_a_source_is_nobody_elses(
    enter: Enter, article: Article, finch: User, maple: User, robin: User
) -> None:
    """The draft named it first; a submitted verdict then uses the same page, and says nothing."""
    claim = marked(article, "12% more", finch)
    titled = EvidenceGiven(stance="refutes", address=SOURCE, title="A leaked memo")
    save_draft(claim.pk, Judgement("false", "Not yet.", "", (titled,)), actor=maple)
    submit_verdict(claim.pk, judgement("true"), actor=finch)
    client, source = enter(robin), Source.objects.get()
    for page in ("/admin/annotations/source/", CHANGE.format("source", source.pk)):
        shown = client.get(page).text
        assert "Statistics office" in shown
        assert "A leaked memo" not in shown
        assert "Maple" not in shown
    assert "Statistics office" not in client.get("/admin/annotations/source/?q=leaked").text
    assert "Statistics office" in client.get("/admin/annotations/source/?q=statistics+office").text


def test_an_owner_changes_the_settings(enter: Enter, birch: User, project: Project) -> None:
    answer = enter(birch).post(CHANGE.format("project", project.pk), SETTINGS)
    assert answer.status_code == 302
    project.refresh_from_db()
    assert (project.name, project.verdicts_required) == ("Council", 3)
    assert (project.lease_minutes, project.queue_order) == (45, "random")
    assert (last().verb, last().actor) == ("edit_project", birch)


def test_an_owner_says_what_a_rating_is_called_means_and_looks_like(
    enter: Enter, birch: User, robin: User, project: Project
) -> None:
    rating = Rating.objects.get(project=project, slug="false")
    client, there = enter(birch), CHANGE.format("rating", rating.pk)
    assert there in client.get(CHANGE.format("project", project.pk)).text
    sent = {"name": "Untrue", "definition": "The sources say otherwise.", "look": "misleading"}
    assert client.post(there, sent).status_code == 302
    rating.refresh_from_db()
    assert {name: getattr(rating, name) for name in sent} == sent
    assert (rating.slug, rating.value) == ("false", 1)
    assert (last().verb, last().before, last().after) == (
        "edit_rating",
        {"name": "False", "definition": "Contradicted by the evidence.", "look": "false"},
        sent,
    )
    moderator = enter(robin)
    assert there not in moderator.get(CHANGE.format("project", project.pk)).text
    assert moderator.post(there, sent).status_code == 403


def test_an_owner_adds_a_rating_and_retires_another_for_it(
    enter: Enter, birch: User, robin: User, project: Project
) -> None:
    client, page = enter(birch), CHANGE.format("project", project.pk)
    add = f"/admin/annotations/rating/add/?project={project.pk}"
    assert add in client.get(page).text
    assert client.get(add).status_code == 200
    sent = {
        "project": str(project.pk), "name": "Half true", "slug": "half-true", "value": "two",
        "definition": "As much is right as wrong.", "look": "needs-context",
    }  # fmt: skip
    refused = client.post(add, sent)
    assert refused.status_code == 422
    assert "This has to be a number" in refused.text
    assert "Half true" in refused.text
    taken = client.post(add, sent | {"value": "2"})
    assert taken.status_code == 409
    assert "“Misleading” has this value" in taken.text
    assert client.post(add, sent | {"value": "2.5"}).status_code == 302
    old = Rating.objects.get(project=project, slug="misleading")
    there = CHANGE.format("rating", old.pk)
    retire = there.replace("change", "retire")
    assert retire in client.get(there).text
    assert client.get(retire).status_code == 302
    unsaid = client.post(retire, {"replaced_by": ""})
    assert unsaid.status_code == 400
    assert "Choose the rating that stands for it" in unsaid.text
    assert enter(robin).post(retire, {"replaced_by": "half-true"}).status_code == 403
    assert client.post(retire, {"replaced_by": "half-true"}).status_code == 302
    assert last().verb == "retire_rating"
    assert retire not in client.get(there).text
    assert "retired, counts as Half true" in client.get(page).text


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"name": ""}, 400), ({"name": "tRUE"}, 409), ({"definition": "x" * 301}, 400)],
)
def test_what_a_rating_cannot_be_is_refused_at_its_field(
    wrong: dict[str, str], status: int, enter: Enter, birch: User, project: Project
) -> None:
    rating = Rating.objects.get(project=project, slug="false")
    sent = {"name": "Untrue", "definition": "Kept as typed.", "look": "false"} | wrong
    answer = enter(birch).post(CHANGE.format("rating", rating.pk), sent)
    assert answer.status_code == status
    assert answer.context["form"][next(iter(wrong))].errors
    assert sent["definition"] in answer.text


def test_a_moderator_reads_the_settings_and_changes_none(
    enter: Enter, robin: User, project: Project
) -> None:
    client = enter(robin)
    page = client.get(CHANGE.format("project", project.pk))
    assert "Save settings" not in page.text
    assert "Needs context" in page.text
    assert client.post(CHANGE.format("project", project.pk), SETTINGS).status_code == 403
    members = f"/admin/annotations/project/{project.pk}/members/"
    assert client.post(members, {"user": "Robin", "role": "owner"}).status_code == 403
    assert Membership.objects.get(project=project, user=robin).role == "moderator"


@pytest.mark.parametrize("bad", ["0", "10", "x", "", "99999999999999999999"])
def test_a_number_of_verdicts_that_cannot_be_is_refused(
    enter: Enter, birch: User, project: Project, bad: str
) -> None:
    sent = SETTINGS | {"verdicts_required": bad, "name": "Kept as typed"}
    answer = enter(birch).post(CHANGE.format("project", project.pk), sent)
    assert answer.status_code in (400, 422)
    assert answer.context["form"]["verdicts_required"].errors
    assert "Kept as typed" in answer.text


def test_an_owner_sets_up_another_project(enter: Enter, birch: User, project: Project) -> None:
    sent = SETTINGS | {"slug": "schools"}
    assert enter(birch).post(ADD.format("project"), sent).status_code == 302
    made = Project.objects.get(slug="schools")
    assert Membership.objects.get(project=made).user == birch
    assert last().verb == "create_project"
    again = enter(birch).post(ADD.format("project"), sent)
    assert again.status_code == 409
    assert again.context["form"]["slug"].errors


def test_a_moderator_sets_up_none(enter: Enter, robin: User, project: Project) -> None:
    answer = enter(robin).post(ADD.format("project"), SETTINGS | {"slug": "schools"})
    assert answer.status_code == 403
    assert not Project.objects.filter(slug="schools").exists()


def test_a_superuser_sets_up_a_project_and_owns_it(enter: Enter, root: User) -> None:
    sent = SETTINGS | {"slug": "schools"}
    assert enter(root).post(ADD.format("project"), sent).status_code == 302
    assert Membership.objects.get().user == root


def test_members_come_change_and_go(
    enter: Enter, birch: User, project: Project, stranger: User
) -> None:
    client = enter(birch)
    members = f"/admin/annotations/project/{project.pk}/members/"

    def role() -> str | None:
        mine = Membership.objects.filter(project=project, user=stranger)
        return mine.values_list("role", flat=True).first()

    for wanted in ("reviewer", "moderator", ""):
        answer = client.post(members, {"user": "osprey", "role": wanted})
        assert answer.status_code == 302
        assert role() == (wanted or None)
        assert last().verb == "set_role"


def test_a_refused_role_is_told_at_its_field(enter: Enter, birch: User, project: Project) -> None:
    client = enter(birch)
    members = f"/admin/annotations/project/{project.pk}/members/"
    unknown = client.post(members, {"user": "Nobody here", "role": "reviewer"})
    assert unknown.status_code == 404
    assert "Nobody has this pseudonym." in unknown.text
    assert "Nobody here" in unknown.text
    alone = client.post(members, {"user": "Birch", "role": "reviewer"})
    assert alone.status_code == 409
    assert "A project needs an owner." in alone.text
    assert client.post(members, {"user": "Robin", "role": "king"}).status_code == 422


def test_a_tokens_secret_is_shown_once(enter: Enter, robin: User, project: Project) -> None:
    client = enter(robin)
    made = client.post(
        ADD.format("token"), {"name": "nightly export", "days": "30", "review": "on"}
    )
    assert made.status_code == 200
    assert "no-store" in made.headers["Cache-Control"]
    secret = re.search(r"fct_[\w-]{43}", made.text)
    assert secret is not None
    token = Token.objects.get()
    assert Token.objects.with_secret(secret[0]) == token
    assert token.user == robin
    assert token.scopes == ["read", "review"]
    for again in (CHANGE.format("token", token.pk), "/admin/annotations/token/"):
        page = client.get(again)
        assert token.hint in page.text
        assert secret[0] not in page.text
        assert token.digest not in page.text
    assert last().verb == "make_token"
    assert secret[0] not in str(Event.objects.values())


@pytest.mark.parametrize("days", ["0", "366", "x", ""])
def test_a_token_lasts_a_year_at_most(
    enter: Enter, robin: User, project: Project, days: str
) -> None:
    answer = enter(robin).post(ADD.format("token"), {"name": "for ever", "days": days})
    assert answer.status_code == 422
    assert "for ever" in answer.text
    assert not Token.objects.exists()


def test_a_token_is_revoked_by_its_holder(enter: Enter, robin: User, project: Project) -> None:
    client = enter(robin)
    client.post(ADD.format("token"), {"name": "nightly export", "days": "30"})
    token = Token.objects.get()
    answer = client.post(f"/admin/annotations/token/{token.pk}/revoke/", follow=True)
    assert "The token is revoked" in answer.text
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert last().verb == "revoke_token"


def test_an_owner_sees_the_members_tokens_and_a_moderator_only_their_own(
    enter: Enter, robin: User, birch: User, project: Project
) -> None:
    members, _ = make_token(robin, "robins own", actor=robin)
    theirs, _ = make_token(birch, "birches own", actor=birch)
    seen = enter(birch).get("/admin/annotations/token/").text
    assert "robins own" in seen
    assert "birches own" in seen
    client = enter(robin)
    seen = client.get("/admin/annotations/token/").text
    assert "robins own" in seen
    assert "birches own" not in seen
    assert client.post(f"/admin/annotations/token/{theirs.pk}/revoke/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.revoked_at is None
    there = f"/admin/annotations/token/{members.pk}/"
    assert "Revoke token" in enter(birch).get(f"{there}change/").text
    assert "is revoked" in enter(birch).post(f"{there}revoke/", follow=True).text


ACCOUNT = {"username": "wagtail", "pseudonym": "Wagtail", "email": "", "is_active": "on"}


@pytest.fixture
def superuser(enter: Enter, root: User) -> Client:
    return enter(root)


def test_a_superuser_makes_an_account(superuser: Client, root: User) -> None:
    sent = {**ACCOUNT, "password": "a long enough secret"}
    assert superuser.post(ADD.format("user"), sent).status_code == 302
    made = User.objects.get(username="wagtail")
    assert made.check_password("a long enough secret")
    assert (made.is_staff, made.is_superuser) == (False, False)
    assert (last().verb, last().actor) == ("make_account", root)
    assert "wagtail" not in str(last().after)


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("pseudonym", ""),
        ("pseudonym", "rOOt"),
        ("username", "root"),
        ("username", "a b<script>"),
        ("email", "no address"),
        ("password", "short"),
        ("password", "password1234"),
    ],
)
def test_an_account_that_cannot_be_is_refused_at_its_field(
    superuser: Client, field: str, bad: str
) -> None:
    sent = {**ACCOUNT, "password": "a long enough secret", field: bad}
    answer = superuser.post(ADD.format("user"), sent)
    assert answer.status_code in (400, 409)
    assert answer.context["form"][field].errors
    assert User.objects.count() == 1


def test_a_superuser_changes_an_account_and_its_password(
    superuser: Client, enter: Enter, finch: User
) -> None:
    theirs = enter(finch)
    sent = {**ACCOUNT, "username": "finch", "pseudonym": "Goldfinch", "is_staff": "on"}
    assert superuser.post(CHANGE.format("user", finch.pk), sent).status_code == 302
    finch.refresh_from_db()
    assert (finch.pseudonym, finch.is_staff) == ("Goldfinch", True)
    assert last().verb == "edit_account"
    there = f"/admin/annotations/user/{finch.pk}/password/"
    refused = superuser.post(there, {"password": "short"})
    assert refused.status_code == 400
    assert refused.context["password"]["password"].errors
    assert superuser.post(there, {"password": "another long secret"}).status_code == 302
    finch.refresh_from_db()
    assert finch.check_password("another long secret")
    assert last().verb == "set_password"
    assert "_auth_user_id" in theirs.session
    assert theirs.get("/admin/").status_code == 302
    assert "_auth_user_id" not in theirs.session


def test_a_superuser_does_not_shut_themself_out(superuser: Client, root: User) -> None:
    sent = {**ACCOUNT, "username": "root", "pseudonym": "Root", "is_staff": "on"}
    answer = superuser.post(CHANGE.format("user", root.pk), sent)
    assert answer.status_code == 409
    root.refresh_from_db()
    assert root.is_superuser


@pytest.mark.parametrize("who", ["robin", "birch"])
def test_nobody_else_sees_accounts(enter: Enter, project: Project, finch: User, who: str) -> None:
    client = enter(User.objects.get(username=who))
    assert client.get("/admin/annotations/user/").status_code == 403
    assert client.get(CHANGE.format("user", finch.pk)).status_code == 404
    sent = {**ACCOUNT, "is_superuser": "on", "password": "a long enough secret"}
    assert client.post(ADD.format("user"), sent).status_code == 403
    there = f"/admin/annotations/user/{finch.pk}/password/"
    assert client.post(there, {"password": "a long enough secret"}).status_code == 404
    assert not User.objects.filter(is_superuser=True).exists()


def test_a_person_is_erased_by_typing_the_pseudonym(enter: Enter, root: User, finch: User) -> None:
    client, there = enter(root), f"/admin/annotations/user/{finch.pk}/"
    wrong = client.post(f"{there}erase/", {"pseudonym": "Maple"})
    assert wrong.status_code == 400
    assert "This is not the pseudonym of the account." in wrong.text
    assert 'value="Maple"' in wrong.text
    assert client.post(f"{there}erase/", {}).status_code == 400
    assert client.get(f"{there}erase/").status_code == 302
    done = client.post(f"{there}erase/", {"pseudonym": "Finch"}, follow=True)
    assert "The person is erased." in done.text
    assert "Erase this person" not in done.text
    assert "erased the account of" in client.get(f"{there}history/").text
    assert last().verb == "erase_person"


def test_nobody_but_a_superuser_reaches_the_erasing(enter: Enter, birch: User, finch: User) -> None:
    answer = enter(birch).post(f"/admin/annotations/user/{finch.pk}/erase/", {"pseudonym": "Finch"})
    assert answer.status_code in (302, 403, 404)
    finch.refresh_from_db()
    assert finch.is_active
