"""No door of Django's writes past the actions, and none opens on another project's things."""

import datetime
import uuid
from typing import Any

import pytest
from django.contrib.admin import ModelAdmin
from django.test import Client

from annotations.actions.holds import place_hold
from annotations.actions.imports import start_import
from annotations.actions.tokens import make_token
from annotations.admin.access import Closed
from annotations.admin.doors import Door
from annotations.admin.site import desk
from annotations.models import (
    Article,
    Claim,
    Event,
    Import,
    LegalHold,
    Membership,
    Project,
    Rating,
    Ruling,
    Source,
    Token,
    User,
    Verdict,
)
from tests.admin.conftest import Enter, address, evidence_on

pytestmark = pytest.mark.django_db

ADMINS = list(desk._registry.values())
WRITES = (
    "save_model",
    "delete_model",
    "delete_queryset",
    "save_formset",
    "save_related",
    "log_addition",
    "log_change",
    "log_deletions",
)


def everything() -> dict[str, Any]:
    """What the admin could change, as it stands."""
    models = (
        Article,
        Claim,
        Event,
        Import,
        LegalHold,
        Membership,
        Project,
        Rating,
        Ruling,
        Source,
        Token,
        User,
        Verdict,
    )
    found = {model.__name__: list(model.objects.order_by("pk").values()) for model in models}
    for user in found["User"]:
        user["last_login"] = None  # signing in is no write of the admin's
    return found


def name_of(admin: ModelAdmin[Any]) -> str:
    return str(admin.opts.model_name)


@pytest.fixture
def things(disputed: Claim, article: Article, root: User, birch: User) -> dict[str, Any]:
    """One of each model that is registered."""
    return {
        "claim": disputed,
        "article": article,
        "source": Source.objects.get(),
        "project": article.project,
        "rating": Rating.objects.filter(project=article.project).first(),
        "event": Event.objects.filter(project=article.project).first(),
        "token": make_token(root, "nightly export", actor=root)[0],
        "user": root,
        "import": start_import(
            article.project_id, actor=birch, format="csv", name="x.csv", content=[b"statement"]
        ),
        "legalhold": place_hold(
            actor=birch, claim=disputed.pk, kind="restrict", authority="A court", ground="A law",
            ordered_on=datetime.date(2026, 2, 11),
        ),
    }  # fmt: skip


@pytest.mark.parametrize("admin", ADMINS, ids=name_of)
def test_every_write_of_djangos_is_closed(admin: ModelAdmin[Any]) -> None:
    assert isinstance(admin, Closed)
    for write in WRITES:
        assert getattr(type(admin), write) is Closed.unsaved
        with pytest.raises(NotImplementedError):
            getattr(admin, write)()
    assert not admin.list_editable
    assert not admin.inlines


@pytest.mark.parametrize("admin", ADMINS, ids=name_of)
def test_nothing_can_be_deleted(
    admin: ModelAdmin[Any], enter: Enter, root: User, things: dict[str, Any]
) -> None:
    client, thing = enter(root), things[name_of(admin)]
    before = everything()
    there = f"/admin/annotations/{name_of(admin)}/"
    assert client.post(f"{there}{thing.pk}/delete/", {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [str(thing.pk)], "post": "yes"}
    client.post(there, sent)
    assert everything() == before


@pytest.mark.parametrize("admin", ADMINS, ids=name_of)
def test_what_is_open_is_a_form_that_leads_to_an_action(admin: ModelAdmin[Any]) -> None:
    if not isinstance(admin, Door):
        assert type(admin).has_add_permission is Closed.has_add_permission
        assert type(admin).has_change_permission is Closed.has_change_permission
        return
    assert type(admin).changeform_view is Door.changeform_view
    assert (admin.add_form is None) == (type(admin).add is Door.add)
    assert (admin.change_form is None) == (type(admin).change is Door.change)


@pytest.mark.parametrize("admin", ADMINS, ids=name_of)
@pytest.mark.parametrize("who", ["robin", "birch", "root"])
def test_a_forged_post_to_a_page_has_no_effect(
    admin: ModelAdmin[Any], who: str, enter: Enter, things: dict[str, Any]
) -> None:
    """Fields of the model, of an inline and of an edited list: none of them is taken."""
    client, thing = enter(User.objects.get(username=who)), things[name_of(admin)]
    before = everything()
    forged = {
        "state": "published",
        "author": "x",
        "is_superuser": "on",
        "verdicts-TOTAL_FORMS": "1",
        "verdicts-INITIAL_FORMS": "0",
        "verdicts-0-rationale": "Forged.",
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": str(thing.pk),
        "form-0-state": "published",
        "_save": "Save",
    }
    there = f"/admin/annotations/{name_of(admin)}/"
    client.post(there, forged)
    for page in (f"{there}{thing.pk}/change/", f"{there}add/", f"{there}{thing.pk}/history/"):
        assert client.post(page, forged).status_code in (200, 302, 400, 403, 404, 405, 409, 422)
    assert everything() == before


def test_state_and_id_added_to_a_step_are_ignored(
    enter: Enter, robin: User, disputed: Claim, finch: User
) -> None:
    sent = {
        "set_aside_reason": "opinion",
        "state": "published",
        "marked_by": str(robin.pk),
        "statement": "Forged.",
        "id": str(uuid.uuid4()),
    }
    assert enter(robin).post(address(disputed, "set-aside"), sent).status_code == 302
    now = Claim.objects.get(pk=disputed.pk)
    assert (now.state, now.marked_by, now.statement) == ("set_aside", finch, disputed.statement)


@pytest.mark.parametrize("step", ["publish", "correct", "withdraw", "set-aside", "restore"])
def test_no_step_on_another_projects_claim(
    enter: Enter, robin: User, project: Project, others_claim: Claim, step: str
) -> None:
    before = everything()
    sent = {
        "rating": "true",
        "summary": "Taken over.",
        "note": "Taken over.",
        "correction": "typo",
        "set_aside_reason": "opinion",
        "evidence": [str(one) for one in evidence_on(others_claim)],
    }
    answer = enter(robin).post(address(others_claim, step), sent)
    assert answer.status_code == 404
    assert "Osprey’s secret." not in answer.text
    assert everything() == before


@pytest.mark.parametrize("view", ["change", "history", "delete"])
@pytest.mark.parametrize("kind", ["claim", "article", "source", "project", "event", "token"])
def test_another_projects_things_are_not_found(
    enter: Enter,
    robin: User,
    project: Project,
    others_claim: Claim,
    stranger: User,
    kind: str,
    view: str,
) -> None:
    theirs: Any = {
        "claim": others_claim,
        "article": Article.objects.get(project=others_claim.project),
        "source": Source.objects.get(project=others_claim.project),
        "project": others_claim.project,
        "event": Event.objects.filter(project=others_claim.project).first(),
        "token": make_token(stranger, "theirs", actor=stranger)[0],
    }[kind]
    client, before = enter(robin), everything()
    there = f"/admin/annotations/{kind}/{theirs.pk}/{view}/"
    assert client.get(there).status_code == 404
    assert client.post(there, {"name": "Taken over", "title": "Taken over"}).status_code == 404
    assert everything() == before


@pytest.mark.parametrize("where", ["project/{}/members/", "token/{}/revoke/"])
def test_no_further_door_on_another_projects_things(
    enter: Enter, birch: User, project: Project, other_project: Project, stranger: User, where: str
) -> None:
    token, _ = make_token(stranger, "theirs", actor=stranger)
    before = everything()
    thing = other_project if where.startswith("project") else token
    sent = {"user": "Robin", "role": "owner"}
    answer = enter(birch).post("/admin/annotations/" + where.format(thing.pk), sent)
    assert answer.status_code == 404
    assert everything() == before


def test_a_bulk_action_reaches_no_other_project(
    enter: Enter, robin: User, disputed: Claim, others_claim: Claim
) -> None:
    sent = {
        "action": "set_aside_as_opinion",
        "_selected_action": [str(disputed.pk), str(others_claim.pk)],
        "select_across": "1",
    }
    enter(robin).post("/admin/annotations/claim/?state=all", sent)
    assert Claim.objects.get(pk=disputed.pk).state == "set_aside"
    assert Claim.objects.get(pk=others_claim.pk).state == others_claim.state


ORACLES = [
    "claim/?marked_by__password__startswith=pbkdf2",
    "claim/?verdicts__reviewer__password__startswith=p",
    "claim/?verdicts__rationale__contains=doubts",
    "claim/?statement__startswith=The",
    "claim/?id__gt=0",
    "claim/?state__in=disputed",
    "claim/?project__memberships__user__email__contains=a",
    "article/?imported_by__password__regex=^p",
    "source/?added_by__email__contains=a",
    "event/?actor__username=finch",
    "event/?after__rating=true",
    "token/?digest__startswith=a",
    "token/?user__password__startswith=p",
    "user/?password__startswith=pbkdf2",
    "project/?memberships__user__username=finch",
]


@pytest.mark.parametrize("oracle", ORACLES)
@pytest.mark.parametrize("who", ["robin", "root"])
def test_a_look_up_that_no_filter_offers_is_refused(
    enter: Enter, root: User, disputed: Claim, who: str, oracle: str
) -> None:
    client = enter(User.objects.get(username=who))
    answer = client.get(f"/admin/annotations/{oracle}")
    assert answer.status_code == 400 or (who == "robin" and answer.status_code == 403)


@pytest.mark.parametrize(
    "asked",
    ["state=splendid", "state=%00", "project=harbour", "project=%00", "state="],
)
def test_a_filter_takes_only_what_it_offers(
    enter: Enter, robin: User, disputed: Claim, others_claim: Claim, asked: str
) -> None:
    answer = enter(robin).get(f"/admin/annotations/claim/?{asked}")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("?e=1")


@pytest.mark.parametrize("asked", ["o=1", "o=-5.3.9", "o=password", "o=marked_by__password"])
def test_a_list_keeps_its_order(
    enter: Enter, robin: User, disputed: Claim, agreed: Claim, asked: str
) -> None:
    client = enter(robin)
    shown = client.get("/admin/annotations/claim/").context["cl"].result_list
    asked_for = client.get(f"/admin/annotations/claim/?{asked}").context["cl"].result_list
    assert list(asked_for) == list(shown) == [disputed, agreed]


def test_a_search_finds_only_what_the_page_shows(
    enter: Enter, robin: User, disputed: Claim
) -> None:
    client = enter(robin)
    for words, found in (("spent", 1), ("doubts", 0), ("finch", 0), ("pbkdf2", 0), ("%", 1)):
        page = client.get("/admin/annotations/claim/", {"q": words})
        assert page.context["cl"].result_count == found, words
    assert client.get("/admin/annotations/claim/?q=%00").status_code == 200


def test_ids_that_are_none_are_not_found(enter: Enter, robin: User, disputed: Claim) -> None:
    client = enter(robin)
    for kind in ("claim", "article", "event", "token", "project"):
        for bad in ("0", "nonsense", "%00", "9" * 40, str(uuid.uuid4())):
            assert client.get(f"/admin/annotations/{kind}/{bad}/change/").status_code == 404


def test_a_post_without_our_token_is_refused(robin: User, disputed: Claim) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(robin)
    answer = client.post(address(disputed, "set-aside"), {"set_aside_reason": "opinion"})
    assert answer.status_code == 403
    assert Claim.objects.get(pk=disputed.pk).state == "disputed"
