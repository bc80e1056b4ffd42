"""Who gets in, and what a reviewer who is staff sees of verdicts: nothing."""

import pytest
from django.test import Client

from annotations.admin.site import desk
from annotations.models import Claim, Membership, Project, User
from tests.admin.conftest import Enter, address

pytestmark = pytest.mark.django_db

PAGES = [
    "/admin/",
    "/admin/annotations/",
    *(f"/admin/annotations/{model._meta.model_name}/" for model in desk._registry),
]


def test_the_moderator_and_the_owner_get_in(enter: Enter, robin: User, disputed: Claim) -> None:
    for person in (robin, User.objects.get(username="birch")):
        page = enter(person).get("/admin/")
        assert page.status_code == 200
        assert disputed.statement in page.text


def test_nobody_gets_in_without_signing_in(disputed: Claim) -> None:
    for page in [*PAGES, address(disputed), address(disputed, "publish")]:
        answer = Client().get(page)
        assert answer.status_code == 302
        assert "next=" in answer.headers["Location"]


@pytest.mark.parametrize("where", PAGES)
def test_an_account_that_is_not_staff_is_shut_out(
    enter: Enter, finch: User, disputed: Claim, where: str
) -> None:
    assert enter(finch).get(where, follow=True).status_code == 403


@pytest.mark.parametrize("where", PAGES)
def test_a_reviewer_who_is_staff_is_shut_out(
    enter: Enter, maple: User, disputed: Claim, where: str
) -> None:
    User.objects.filter(pk=maple.pk).update(is_staff=True)
    answer = enter(maple).get(where, follow=True)
    assert answer.status_code == 403
    assert "Finch" not in answer.text


@pytest.mark.parametrize("step", ["change", "history", "publish"])
def test_a_staff_reviewer_elsewhere_moderator_reads_no_verdict_here(
    enter: Enter, maple: User, claim: Claim, disputed: Claim, other_project: Project, step: str
) -> None:
    User.objects.filter(pk=maple.pk).update(is_staff=True)
    Membership.objects.create(project=other_project, user=maple, role="moderator")
    client = enter(maple)
    assert client.get(address(disputed, step)).status_code == 404
    assert disputed.statement not in client.get("/admin/").text
    assert disputed.statement not in client.get("/admin/annotations/claim/?state=all").text
    assert "Finch" not in client.get("/admin/annotations/event/").text


def test_a_superuser_who_is_a_reviewer_stays_blind(
    enter: Enter, maple: User, disputed: Claim
) -> None:
    User.objects.filter(pk=maple.pk).update(is_staff=True, is_superuser=True)
    client = enter(maple)
    assert client.get(address(disputed)).status_code == 404
    assert disputed.statement not in client.get("/admin/annotations/claim/?state=all").text


def test_a_superuser_reads_and_has_no_step_without_a_role(
    enter: Enter, root: User, disputed: Claim
) -> None:
    client = enter(root)
    page = client.get(address(disputed))
    assert page.status_code == 200
    assert "Maple doubts it." in page.text
    assert "Publish ruling" not in page.text
    answer = client.post(address(disputed, "set-aside"), {"set_aside_reason": "opinion"})
    assert answer.status_code == 404
    disputed.refresh_from_db()
    assert disputed.state == "disputed"


def test_a_demotion_holds_at_the_next_request(enter: Enter, robin: User, disputed: Claim) -> None:
    client = enter(robin)
    assert client.get(address(disputed)).status_code == 200
    Membership.objects.filter(user=robin).update(role="reviewer")
    assert client.get(address(disputed), follow=True).status_code == 403


def test_only_what_is_registered_here_can_be_reached(enter: Enter, root: User) -> None:
    client = enter(root)
    assert "annotations.admin" in {type(one).__module__[:17] for one in desk._registry.values()}
    for page in (
        "password_change/",
        "auth/group/",
        "procrastinate/procrastinatejob/",
        "annotations/verdict/",
    ):
        assert client.get(f"/admin/{page}").status_code == 404


def test_people_are_named_by_their_pseudonyms(enter: Enter, robin: User, disputed: Claim) -> None:
    User.objects.update(first_name="Realname", email="someone@example.org")
    client = enter(robin)
    pages = ["/admin/", "/admin/annotations/claim/", "/admin/annotations/event/"]
    for page in [*pages, address(disputed), address(disputed, "history")]:
        text = client.get(page).text
        for private in ("finch", "maple", "Realname", "someone@example.org"):
            assert private not in text
