"""The scale over the API: read by whoever reads the project, changed by its owner."""

import pytest

from annotations.models import Project, Rating, Ruling, User
from tests.api.conftest import Caller, Calling

HALF_TRUE = {
    "slug": "half-true",
    "name": "Half true",
    "definition": "As much is right as wrong.",
    "look": "needs-context",
    "value": 2.5,
}


def address(slug: str) -> str:
    return f"ratings/{Rating.objects.get(project__slug='council', slug=slug).pk}/"


@pytest.fixture
def owner(calling: Calling, birch: User, project: Project) -> Caller:
    return calling(birch)


def test_an_owner_adds_a_rating_and_retires_another_for_it(
    owner: Caller, anyone: Caller, published: Ruling
) -> None:
    made = owner.post("projects/council/ratings/", HALF_TRUE)
    assert (made.status, made.body["position"], made.body["replaced_by"]) == (201, 4, None)
    retired = owner.post(address("misleading") + "retire/", {"replaced_by": "half-true"})
    assert (retired.status, retired.body["replaced_by"]) == (200, "half-true")
    assert retired.body["retired_at"] is not None
    scale = [one["slug"] for one in anyone.get("projects/council/").body["scale"]]
    assert scale == ["true", "mostly-true", "needs-context", "half-true", "false", "unproven"]
    shown = anyone.get("projects/council/ratings/").body["results"]
    assert {one["slug"] for one in shown if one["retired_at"]} == {"misleading"}
    record = anyone.get(f"articles/{published.claim.appearances.get().article.slug}/record/").body
    assert [one["slug"] for one in record["project"]["scale"] if not one["retired_at"]] == scale


def test_a_change_says_on_which_version_it_was_made(owner: Caller) -> None:
    read = owner.get(address("false"))
    tag = read.headers["ETag"]
    changed = owner.patch(address("false"), {"name": "Untrue"}, If_Match=tag)
    assert (changed.status, changed.body["name"]) == (200, "Untrue")
    late = owner.patch(address("false"), {"definition": "Wrong."}, If_Match=tag)
    assert (late.status, late.body["current"]["name"]) == (412, "Untrue")


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"value": "2"}, 400, "value"),
        ({"value": True}, 400, "value"),
        ({"value": 10**400}, 400, "value"),
        ({"value": 1001}, 400, "value"),
        ({"value": 3}, 409, "value"),
        ({"look": "green"}, 400, "look"),
        ({"slug": "a b"}, 400, "slug"),
        ({"slug": "false"}, 409, "slug"),
        ({"name": "False"}, 409, "name"),
        ({"position": 1}, 400, "position"),
    ],
)
def test_what_is_wrong_with_a_new_rating_is_said_at_its_field(
    wrong: dict[str, object], status: int, field: str, owner: Caller
) -> None:
    answer = owner.post("projects/council/ratings/", HALF_TRUE | wrong)
    assert answer.status == status
    assert answer.field(field)


def test_a_rating_retires_for_another_in_use(owner: Caller) -> None:
    answer = owner.post(address("false") + "retire/", {"replaced_by": "false"})
    assert answer.status == 400
    assert "Choose the rating" in answer.field("replaced_by")
    assert owner.post(address("false") + "retire/", {"replaced_by": "true"}).status == 200
    assert owner.post(address("false") + "retire/", {"replaced_by": "true"}).status == 409
    assert owner.patch(address("false"), {"name": "Wrong"}).status == 409
