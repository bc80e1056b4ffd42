"""What a desk is run with, over the API: projects begun, roles given, claimants, the log."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.actions.claims import set_aside
from annotations.models import Article, Claim, Event, Membership, Project, User
from tests.api.conftest import Caller, Calling, mark


@pytest.fixture
def owner(calling: Calling, project: Project, birch: User) -> Caller:
    return calling(birch)


@pytest.fixture
def moderator(calling: Calling, project: Project, robin: User) -> Caller:
    return calling(robin)


def test_who_owns_a_project_begins_another_and_owns_it(owner: Caller, birch: User) -> None:
    made = owner.post("projects/", {"slug": "harbour", "name": "The harbour", "blind": False})
    assert (made.status, made.body["role"], made.body["blind"]) == (201, "owner", False)
    assert made.body == owner.get("projects/harbour/").body
    assert made.body["scale"]
    assert Membership.objects.get(project__slug="harbour").user == birch
    again = owner.post("projects/", {"slug": "harbour", "name": "Another"})
    assert (again.status, "harbour" in again.field("slug")) == (409, True)


def test_others_do_not_begin_projects(calling: Calling, moderator: Caller, finch: User) -> None:
    for caller in (moderator, calling(finch)):
        refused = caller.post("projects/", {"slug": "harbour", "name": "The harbour"})
        assert (refused.status, "owners" in refused.body["detail"]) == (403, True)
    assert Project.objects.count() == 1


def test_an_owner_gives_a_role_and_takes_it(owner: Caller, stranger: User) -> None:
    assert owner.post("projects/council/members/", {"pseudonym": "osprey", "role": "reviewer"})
    members = owner.get("projects/council/members/").body["results"]
    assert {"pseudonym": "Osprey", "role": "reviewer"}.items() <= members[-1].items()
    gone = owner.post("projects/council/members/", {"pseudonym": "Osprey", "role": None})
    assert gone.status == 204
    assert not Membership.objects.filter(user=stranger, project__slug="council").exists()


def test_a_role_is_refused_at_its_field(owner: Caller, moderator: Caller) -> None:
    at = "projects/council/members/"
    assert "Nobody" in owner.post(at, {"pseudonym": "Nemo", "role": "owner"}).field("pseudonym")
    assert "one of" in owner.post(at, {"pseudonym": "Finch", "role": "king"}).field("role")
    last = owner.post(at, {"pseudonym": "Birch", "role": "reviewer"})
    assert (last.status, "needs an owner" in last.field("role")) == (409, True)
    refused = moderator.post(at, {"pseudonym": "Nemo", "role": "owner"})
    assert refused.status == 403  # and nothing of whether there is such a person


def test_claimants_are_found_by_letters_of_their_names(
    calling: Calling, finch: User, article: Article
) -> None:
    reviewer = calling(finch)
    for n, name in enumerate(("Minister of Finance", "Zürich % Co", "Mayor")):
        span = {"article": article.slug, "start": 42 + n, "end": 63}
        reviewer.post("claims/", span | {"claimant": {"name": name, "role": ""}})

    def named(like: str) -> list[str]:
        found = reviewer.get(f"projects/council/claimants/?like={like}")
        return [one["name"] for one in found.body["results"]]

    assert named("MIN") == ["Minister of Finance"]
    assert named("%25") == ["Zürich % Co"]
    assert len(named("")) == 3


def test_the_log_is_told_to_moderators_with_its_reasons(
    moderator: Caller, claim: Claim, robin: User
) -> None:
    set_aside(claim.pk, "opinion", actor=robin, note="A view, not a fact.")
    aside, marked = moderator.get(f"events/?claim={claim.pk}").body["results"]
    assert (marked["verb"], marked["actor"], marked["before"]) == ("mark", "Finch", None)
    assert (aside["verb"], aside["actor"]) == ("set_aside", "Robin")
    assert aside["reason"] == "A view, not a fact."
    assert (aside["before"]["state"], aside["after"]["state"]) == ("marked", "set_aside")
    one = moderator.get("events/?verb=mark&page_size=1")
    assert [event["id"] for event in one.body["results"]] == [marked["id"]]


def test_the_log_is_told_to_nobody_else(
    calling: Calling, anyone: Caller, claim: Claim, finch: User, stranger: User
) -> None:
    assert Event.objects.exists()
    assert calling(finch).get("events/").body["results"] == []
    assert calling(stranger).get(f"events/?claim={claim.pk}").body["results"] == []
    assert anyone.get("events/").status == 401


def test_a_page_of_the_log_costs_the_same_however_much_is_on_it(
    moderator: Caller, article: Article, finch: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert moderator.get("events/").status == 200
        return len(asked)

    moderator.get("events/")
    mark(article, "12% more", finch)
    few = queries()
    for words in ("The city", "in 2024", "schools"):
        mark(article, words, finch)
    assert queries() == few
