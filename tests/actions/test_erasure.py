"""A person who is erased leaves no name anywhere, and the log still holds."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from annotations.actions.claims import set_aside
from annotations.actions.erasure import erase_person
from annotations.actions.log import record
from annotations.actions.people import edit_account, make_account, set_password
from annotations.actions.projects import set_role
from annotations.actions.rulings import withdraw_ruling
from annotations.actions.tokens import make_token
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import (
    Article,
    Event,
    Evidence,
    Link,
    Project,
    SubjectKey,
    Token,
    User,
    Verdict,
)
from annotations.rules.chain import SITE, Verifier
from annotations.rules.refusals import Conflict, NotAllowed, NotFound, Refusal
from tests.actions.given import claim_in, judgement, marked
from tests.models.past_the_orm import run


@pytest.fixture
def root(db: None) -> User:
    user = User(username="root", pseudonym="Root", is_staff=True, is_superuser=True)
    user.set_unusable_password()
    user.save()
    return user


def dump() -> str:
    """Everything that our tables hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'annotations\\_%%'"
        )
        tables = [name for (name,) in cursor.fetchall()]
    return "\n".join(str(run(f"SELECT t::text FROM {one} t")) for one in tables)  # noqa: S608


def holds() -> bool:
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")
    return not list(Verifier().findings(Link.objects.stream()))


def test_nothing_is_left_of_the_person_and_the_work_stays(
    article: Article, finch: User, maple: User, robin: User, root: User
) -> None:
    made = make_account(
        actor=root, username="wren.w", pseudonym="Zaunkönig", email="wren@example.org",
        password="a long enough one", is_staff=True,
    )  # fmt: skip
    set_role(article.project_id, made.pk, "moderator", actor=User.objects.get(username="birch"))
    aside = marked(article, finch)
    set_aside(aside.pk, "opinion", actor=made, note="The reason of Wren.")
    claim = claim_in("agreed", article, first=finch, second=made, moderator=robin)
    save_draft(marked(article, finch).pk, judgement(rationale="A canary."), actor=made)
    make_token(made, "the token of Wren", actor=made)
    browser = Client()
    browser.force_login(made)
    event = Event.objects.get(verb="set_aside")
    assert event.reason == "The reason of Wren."
    assert "The reason of Wren." not in str(run("SELECT t::text FROM annotations_event t"))
    assert browser.get("/desk/").status_code == 200

    erase_person(made.pk, actor=root)

    left = dump()
    for word in ("Zaunkönig", "wren.w", "wren@example.org", "the token of Wren", "A canary."):
        assert word not in left
    assert browser.get("/desk/").status_code == 302
    event = Event.objects.get(pk=event.pk)
    assert (event.reason, event.opened.lost) == ("", True)
    assert event.actor is not None
    assert event.actor.pseudonym.startswith("Erased ")
    assert Verdict.objects.filter(claim=claim, reviewer=made).exists()
    assert not Verdict.objects.filter(submitted_at=None).exists()
    assert not Evidence.objects.filter(verdict__submitted_at=None).exists()
    assert not Token.objects.filter(user=made).exists()
    assert not made.memberships.exists()
    told = Event.objects.get(verb="erase_person")
    assert (told.object_id, told.project, told.actor) == (made.subject, article.project, root)
    assert holds()


def test_an_owner_erases_who_works_nowhere_else(
    project: Project, other_project: Project, finch: User, maple: User,
    birch: User, robin: User, stranger: User, root: User,
) -> None:  # fmt: skip
    set_role(other_project.pk, maple.pk, "reviewer", actor=stranger)
    refused: list[tuple[User, User, type[Refusal]]] = [
        (maple, birch, NotAllowed),
        (finch, robin, NotAllowed),
        (root, birch, NotAllowed),
        (birch, birch, Conflict),
        (birch, root, Conflict),
    ]
    for account, actor, refusal in refused:
        with pytest.raises(refusal):
            erase_person(account.pk, actor=actor)
    with pytest.raises(NotFound):
        erase_person(0, actor=root)
    erase_person(finch.pk, actor=birch)
    finch.refresh_from_db()
    assert not finch.is_active
    acts: list[Any] = [
        lambda: erase_person(finch.pk, actor=root),
        lambda: edit_account(finch.pk, actor=root, pseudonym="Back"),
        lambda: set_password(finch.pk, "a long enough one", actor=root),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="erased"):
            act()


def test_pseudonyms_in_the_log_of_accounts_are_sealed_and_shown_whole(root: User) -> None:
    made = make_account(actor=root, username="wren", pseudonym="Wren", password="a long enough one")
    edit_account(made.pk, actor=root, pseudonym="Zaunkönig")
    event = Event.objects.get(verb="edit_account")
    assert "pseudonym" not in (event.after or {})
    assert event.whole("before")["pseudonym"] == "Wren"
    assert event.whole("after")["pseudonym"] == "Zaunkönig"
    assert set(SubjectKey.objects.values_list("pk", flat=True)) == {made.subject}


def test_a_reason_that_nobody_gave_is_the_sites_own(project: Project) -> None:
    record("restate", project, actor=None, project=project.pk, reason="It lapsed.")
    assert Event.objects.get(verb="restate").reason == "It lapsed."
    assert SubjectKey.objects.get().subject == SITE


def test_with_another_key_of_the_site_a_reason_cannot_be_read_and_nothing_breaks(
    article: Article, finch: User, robin: User, settings: Any
) -> None:
    set_aside(marked(article, finch).pk, "opinion", actor=robin, note="Sealed.")
    settings.LOG_KEY = b"x" * 32
    event = Event.objects.get(verb="set_aside")
    assert (event.reason, event.opened.lost) == ("", True)
    assert holds()


def test_the_log_calls_people_by_their_subjects_alone(
    article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = claim_in("published", article, first=finch, second=maple, moderator=robin)
    submit_verdict(claim.pk, judgement("false"), actor=maple)
    withdraw_ruling(claim.pk, actor=robin, note="It rests on a forged page.")
    told = str(run("SELECT t::text FROM annotations_event t"))
    for person in (finch, maple, robin):
        assert str(person.subject) in told
        assert person.username not in told.lower()
