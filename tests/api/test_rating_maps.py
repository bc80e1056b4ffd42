"""What foreign ratings are on a project's scale, said over the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.actions.imports import run_import, start_import
from annotations.actions.rating_maps import bring_mapped
from annotations.models import Project, RatingMap, User, Verdict, WaitingVerdict
from tests.api.conftest import Caller, Calling

HERE = "projects/council/rating-maps/"
FILE = (
    "statement,rating,by\nPrices doubled.,Pants on Fire!,Ann\nRents fell.,pants  on fire!,Ann\n"
    "Nobody noticed.,Meh,Ann\n"
)


@pytest.fixture
def moderator(calling: Calling, project: Project, robin: User) -> Caller:
    """Robin, after a file with two foreign ratings has come in."""
    job = start_import(project.pk, actor=robin, format="csv", name="x.csv", content=[FILE.encode()])
    assert run_import(job.pk).waiting == 3
    return calling(robin)


def test_what_waits_is_told_and_comes_in_with_its_map(moderator: Caller) -> None:
    before = moderator.get(HERE).body
    assert (before["results"], before["next"]) == ([], None)
    assert before["unmapped"] == [
        {"word": "Pants on Fire!", "verdicts": 2},
        {"word": "Meh", "verdicts": 1},
    ]
    made = moderator.post(HERE, {"word": "PANTS ON FIRE!", "rating": "false"})
    assert made.status == 201
    assert (made.body["rating"], made.body["made_by"]) == ("false", "Robin")
    assert bring_mapped(made.body["id"]) == 2
    assert set(Verdict.objects.values_list("rating__slug", flat=True)) == {"false"}
    after = moderator.get(HERE).body
    assert after["results"] == [made.body]
    assert after["unmapped"] == [{"word": "Meh", "verdicts": 1}]
    assert after["unmapped_in_all"] == 1


def test_a_rating_that_means_nothing_here_is_left_out(moderator: Caller) -> None:
    assert moderator.post(HERE, {"word": "meh", "rating": None}).body["rating"] is None
    assert WaitingVerdict.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({"rating": "false"}, "word", "missing"),
        ({"word": "Meh"}, "rating", "missing"),
        ({"word": " ", "rating": "false"}, "word", "missing"),
        ({"word": "Meh", "rating": "pants"}, "rating", "Choose one of: true"),
        ({"word": 1, "rating": "false"}, "word", "text"),
        ({"word": "a\nb", "rating": "false"}, "word", "one line"),
        ({"word": "x" * 201, "rating": "false"}, "word", "200 is the most"),
        ({"word": "Meh", "rating": "false", "project": "x"}, "project", "cannot be set"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(
    moderator: Caller, body: dict[str, object], field: str, says: str
) -> None:
    answer = moderator.post(HERE, body)
    assert answer.status == 400
    assert says in answer.field(field)
    assert not RatingMap.objects.exists()


def test_a_map_is_taken_away_as_it_was_looked_at(moderator: Caller, calling: Calling,
                                                 birch: User) -> None:  # fmt: skip
    body = {"word": "Meh", "rating": "false"}
    here = f"rating-maps/{moderator.post(HERE, body).body['id']}/"
    seen = moderator.get(here).headers["ETag"]
    assert calling(birch).post(HERE, body | {"rating": "misleading"}).status == 201
    assert moderator.delete(here, If_Match="").status == 428
    late = moderator.delete(here, If_Match=seen)
    assert late.status == 412
    assert late.body["detail"].startswith("Birch changed this on ")
    assert late.body["current"] == {"word": "Meh", "rating": "misleading"}
    newest = moderator.get(here).headers["ETag"]
    assert newest.startswith(f'"{late.body["version"]}/')
    assert moderator.delete(here, If_Match=newest).status == 204
    assert moderator.get(here).status == 404
    assert moderator.delete(here).status == 404


def test_maps_are_the_moderators(
    moderator: Caller, calling: Calling, finch: User, stranger: User
) -> None:
    body = {"word": "Meh", "rating": "false"}
    here = f"rating-maps/{moderator.post(HERE, body).body['id']}/"
    for user, status in ((finch, 403), (stranger, 404), (None, 401)):
        caller = calling(user)
        answers = [caller.get(HERE), caller.post(HERE, body), caller.get(here), caller.delete(here)]
        assert [one.status for one in answers] == [status] * 4
        if user == finch:
            assert all("moderators" in one.body["detail"] for one in answers)
    assert RatingMap.objects.exists()


def test_the_list_costs_the_same_however_many_maps_there_are(
    moderator: Caller, project: Project, robin: User
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert moderator.get(HERE).status == 200
        return len(asked)

    moderator.get("projects/")
    few = cost()
    for n in range(10):
        moderator.post(HERE, {"word": f"Word {n}", "rating": "false" if n % 2 else None})
    assert cost() == few <= 5
