"""Agreement over the API: for those who see every verdict, and for nobody else."""

import pytest

from annotations.models import Claim, Project, Ruling, User
from tests.api.conftest import Caller, Calling

PATH = "projects/council/agreement/"


def test_nobody_but_moderators_and_owners_is_told(
    calling: Calling, anyone: Caller, agreed: Claim, finch: User, robin: User, birch: User,
    stranger: User,
) -> None:  # fmt: skip
    """Blindness: a reviewer learns nothing, whatever is asked for; a stranger not even of that."""
    for query in ("", "?format=csv", "?reviewers=Finch,Maple", "?versions=current", "?from=x"):
        assert anyone.get(PATH + query).status == 401
        assert calling(stranger).get(PATH + query).status == 404
        refused = calling(finch).get(PATH + query)
        assert refused.status == 403
        assert refused.body["detail"] == "Seeing every verdict is for moderators."
    for person in (robin, birch):
        assert calling(person).get(PATH).status == 200


def test_the_figures_come_with_what_they_are_of(
    calling: Calling, published: Ruling, half_judged: Claim, robin: User
) -> None:
    told = calling(robin).get(PATH).body
    assert told["versions"] == "first"
    assert (told["claims"], told["verdicts"], told["single"]) == (1, 2, 1)
    assert told["figures"]["share"]["value"] == 1
    assert told["figures"]["alpha_nominal"]["value"] is None
    assert told["figures"]["alpha_nominal"]["why"].startswith("Every verdict here gave the same")
    assert told["confusion"] == [{"first": "false", "second": "false", "count": 1}]
    assert told["pairs"][0]["reviewers"] == ["Finch", "Maple"]
    assert told["pairs"][0]["ratings"] == [{"first": "false", "second": "false", "count": 1}]
    assert told["reference"]["kappa"] == 0.62
    assert told["left_out"] == []


def test_the_ratings_come_as_a_table(
    calling: Calling, agreed: Claim, robin: User, project: Project
) -> None:
    for answer in (
        calling(robin).get(f"{PATH}?format=csv"),
        calling(robin).get(PATH, Accept="text/csv"),
    ):
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert 'filename="council-agreement.csv"' in answer.headers["Content-Disposition"]
        head, row = answer.raw.decode("utf-8-sig").splitlines()
        assert head == "claim,statement,articles,month,Finch,Maple"
        assert row.startswith(f"{agreed.pk},Café prices doubled,council-spends-more,")
        assert row.endswith(",false,false")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("versions=last", "versions"),
        ("article=nowhere", "article"),
        ("reviewers=Finch", "reviewers"),
        ("reviewers=Finch,Nobody", "reviewers"),
        ("from=yesterday", "from"),
        ("from=2026-02-02&to=2026-02-01", "to"),
        ("format=xml", "format"),
        ("reviewer=Finch", "reviewer"),
        ("article=a%00", "article"),
    ],
)
def test_what_is_asked_wrongly_is_said_at_its_name(
    calling: Calling, project: Project, robin: User, query: str, field: str
) -> None:
    for accept in ("application/json", "text/csv, application/json;q=0.5"):
        answer = calling(robin).get(f"{PATH}?{query}", Accept=accept)
        assert answer.status == 400
        assert answer.field(field)
