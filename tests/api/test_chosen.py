"""What of a thing an answer shows: `fields` and `expand`."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.actions.comments import comment
from annotations.actions.verdicts import submit_verdict
from annotations.api.chosen import MOST_EXPANDED
from annotations.api.expansions import OF, expandable
from annotations.api.shapes.articles import ArticleShape
from annotations.api.shapes.assignments import AssignmentShape, GoldItemShape
from annotations.api.shapes.claims import AppearanceShape, ClaimShape
from annotations.api.shapes.comments import CommentShape
from annotations.api.shapes.exports import FormatShape
from annotations.api.shapes.holds import HoldShape
from annotations.api.shapes.projects import ProjectShape
from annotations.api.shapes.publishers import PublisherCorrectionShape
from annotations.api.shapes.ratings import OnScaleShape
from annotations.api.shapes.revisions import ReattachmentShape, RevisionShape
from annotations.api.shapes.rulings import RulingShape
from annotations.api.shapes.verdicts import EvidenceShape, SourceShape, VerdictShape
from annotations.models import Article, Claim, Ruling, User, Verdict
from tests.api.conftest import Caller, Calling, judgement, mark

LISTS: dict[str, type[Any]] = {
    "articles": ArticleShape, "assignments": AssignmentShape, "appearances": AppearanceShape,
    "claims": ClaimShape, "comments": CommentShape, "evidence": EvidenceShape,
    "formats": FormatShape, "gold": GoldItemShape, "holds": HoldShape, "projects": ProjectShape,
    "projects/council/ratings": OnScaleShape, "publisher-corrections": PublisherCorrectionShape,
    "reattachments": ReattachmentShape, "revisions": RevisionShape, "rulings": RulingShape,
    "sources": SourceShape, "verdicts": VerdictShape,
}  # fmt: skip


@pytest.fixture
def work(published: Ruling, draft: Verdict, half_judged: Claim, robin: User) -> None:
    """Something on most lists; half_judged has a verdict that finch may not know of yet."""
    comment(half_judged.pk, "See the annex.", actor=robin)


@pytest.fixture(params=["finch", "robin", ""])
def caller(request: pytest.FixtureRequest, calling: Calling, work: None) -> Caller:
    """A blind reviewer, a moderator, anybody."""
    return calling(request.getfixturevalue(request.param) if request.param else None)


def rows(caller: Caller, address: str) -> list[dict[str, Any]]:
    answer = caller.get(address)
    assert answer.status == 200, (address, answer.body)
    found: list[dict[str, Any]] = answer.body["results"]
    return found


def places(row: dict[str, Any], path: str) -> Iterator[Any]:
    """What stands in a row at a path."""
    name, _, further = path.partition(".")
    if not further:
        yield row[name]
    elif row[name] is not None:
        for inner in row[name] if isinstance(row[name], list) else [row[name]]:
            yield from places(inner, further)


def key_of(value: Any) -> Any:
    return value["id"] if isinstance(value, dict) else value


def test_each_field_alone_is_what_it_is_in_the_whole(
    calling: Calling, work: None, robin: User
) -> None:
    moderator = calling(robin)
    for name, shape in LISTS.items():
        whole = rows(moderator, f"{name}/")
        for field in shape().fields:
            part = rows(moderator, f"{name}/?fields={field}")
            assert part == [{field: row[field]} for row in whole], (name, field)


def test_fields_reach_into_what_is_nested(calling: Calling, work: None, robin: User) -> None:
    moderator = calling(robin)
    for row in rows(moderator, "claims/?fields=id,appearances.start,ruling.rating"):
        assert set(row) == {"id", "appearances", "ruling"}
        assert all(set(one) == {"start"} for one in row["appearances"])
        assert row["ruling"] is None or set(row["ruling"]) == {"rating"}
    one = rows(moderator, "sources/?fields=title")[0]
    assert set(one) == {"title"}
    slug = rows(moderator, "articles/?fields=slug")[0]["slug"]
    text = moderator.get(f"articles/{slug}/?fields=revision.blocks.kind").body
    assert {frozenset(block) for block in text["revision"]["blocks"]} == {frozenset({"kind"})}


def test_what_is_not_asked_for_is_not_fetched(
    calling: Calling, work: None, robin: User, django_assert_num_queries: Any
) -> None:
    moderator = calling(robin)
    moderator.get("claims/")
    for name, whole, part in (("claims", 5, 3), ("verdicts", 4, 3), ("rulings", 4, 3)):
        with django_assert_num_queries(whole):
            moderator.get(f"{name}/")
        with django_assert_num_queries(part):
            moderator.get(f"{name}/?fields=id,project")
    with django_assert_num_queries(3):
        moderator.get("claims/?fields=statement,claimant.name")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("fields=", "Write names"),
        ("fields=id,,kind", "Write names"),
        ("fields=id,id", "“id” is named twice"),
        ("fields=claimant,claimant.name", "named twice: as a whole and in part"),
        ("fields=claimant.name,claimant", "named twice: as a whole and in part"),
        ("fields=id&fields=kind", "Give it once"),
        ("fields=marked_by_id", "What there is: id, project, statement"),
        ("fields=marked_by__password", "There is no “marked_by__password” here"),
        ("fields=claimant.project", "What there is in it: id, name, role"),
        ("fields=statement.x", "“statement” has no parts"),
        ("fields=ID", "There is no “ID” here"),
        ("fields=" + "id." * 3000, "has no parts"),
        ("fields=" + ",".join(f"a{n}" for n in range(999)), "names are the most"),
        ("fields=verdicts", "There is no “verdicts” here"),
        ("expand=", "Write names"),
        ("expand=project,project", "named twice"),
        ("expand=reviewer", "cannot be expanded. What can be: project, appearances.article"),
        ("expand=verdicts.claim.project", "cannot be expanded"),
        ("expand=marked_by", "cannot be expanded"),
        ("expand=project&fields=id", "not among `fields`"),
        ("expand=appearances.article&fields=appearances.id", "not among `fields`"),
        ("expand=project&fields=project.role.x", "“role” has no parts"),
        ("expand=project&fields=project.owner", "There is no “owner” here"),
        ("expand=" + ",".join([*expandable(ClaimShape)][: MOST_EXPANDED + 1]), "10 things at most"),
    ],
)  # fmt: skip
def test_names_that_there_are_not_are_refused(
    calling: Calling, claim: Claim, finch: User, asked: str, sentence: str
) -> None:
    for address in ("claims/", f"claims/{claim.pk}/"):
        answer = calling(finch).get(f"{address}?{asked}")
        assert answer.status == 400
        assert sentence in answer.field("fields" if sentence in TOLD_AT_FIELDS else asked[:6])


TOLD_AT_FIELDS = {"“role” has no parts", "There is no “owner” here"}


def test_where_nothing_can_be_expanded_that_is_said(anyone: Caller) -> None:
    assert "Nothing can be" in anyone.get("formats/?expand=project").field("expand")


def test_what_is_expanded_is_as_its_own_list_shows_it(caller: Caller) -> None:
    """Every place of every shape, two deep; what the caller may not see is null."""
    own = {name: caller.get(f"{name}/?page_size=200") for name in LISTS}
    at = {LISTS[name]: name for name in LISTS}
    known = {
        name: {one.get("slug" if name in ("projects", "articles") else "id"): one
               for one in answer.body["results"]}
        for name, answer in own.items() if answer.status == 200
    }  # fmt: skip
    looked_at = 0
    for name, shape in LISTS.items():
        if name not in known:
            continue
        for path, reference in OF.get(shape, {}).items():
            plain, full = (rows(caller, f"{name}/{more}") for more in ("", f"?expand={path}"))
            there = known.get(at[reference.shape], {})
            for before, after in zip(plain, full, strict=True):
                if reference.many:
                    assert after[path] == [
                        one for one in there.values() if one["claim"] == after["id"]
                    ]
                    continue
                for was, now in zip(places(before, path), places(after, path), strict=True):
                    assert now == there.get(key_of(was)), (name, path)
                    looked_at += 1
            for further in OF.get(reference.shape, {}):
                if f"{path}.{further}" in expandable(shape):
                    assert len(rows(caller, f"{name}/?expand={path}.{further}")) == len(plain)
    assert looked_at > 10


def test_two_things_deep(calling: Calling, work: None, robin: User) -> None:
    moderator = calling(robin)
    asked = "expand=claim.project,evidence.source&fields=id,claim.project.slug,evidence.source"
    for row in rows(moderator, f"verdicts/?{asked}"):
        assert row["claim"] == {"project": {"slug": "council"}}
        assert {frozenset(one) for one in row["evidence"]} == {frozenset({"source"})}
        assert row["evidence"][0]["source"]["reliability"] == ""
    one = moderator.get(
        f"claims/{rows(moderator, 'claims/')[0]['id']}/?expand=verdicts&fields=verdicts.rating"
    )
    assert all(set(verdict) == {"rating"} for verdict in one.body["verdicts"])


def test_a_blind_reviewer_is_shown_no_verdict_in_a_claim_before_the_own(
    calling: Calling, half_judged: Claim, finch: User, robin: User
) -> None:
    address = f"claims/{half_judged.pk}/?expand=verdicts"
    assert calling(finch).get(address).body["verdicts"] == []
    assert calling(None).get(address).status == 404
    assert len(calling(robin).get(address).body["verdicts"]) == 1
    submit_verdict(half_judged.pk, judgement(), actor=finch)
    assert len(calling(finch).get(address).body["verdicts"]) == 2


def test_a_reader_is_not_shown_whose_evidence_it_is(calling: Calling, published: Ruling) -> None:
    anyone = calling(None)
    assert rows(anyone, "rulings/?expand=claim")[0]["claim"]["id"] == str(published.claim_id)
    assert [one["verdict"] for one in rows(anyone, "evidence/?expand=verdict")] == [None]


def test_the_queries_are_as_many_for_a_long_page(
    calling: Calling, article: Article, work: None, finch: User, robin: User
) -> None:
    moderator = calling(robin)
    moderator.get("claims/")

    def counted(name: str) -> tuple[int, int]:
        every = ",".join([*expandable(LISTS[name])][:MOST_EXPANDED])
        with CaptureQueriesContext(connection) as seen:
            found = rows(moderator, f"{name}/?expand={every}")
        return len(found), len(seen)

    names = ("claims", "verdicts", "evidence", "appearances", "sources")
    before = {name: counted(name) for name in names}
    for word in ("The council", "12% more", "in 2024", "on schools"):
        submit_verdict(mark(article, word, finch).pk, judgement(word=word[-4:]), actor=finch)
    for name in names:
        (few, then), (many, now) = before[name], counted(name)
        assert many >= few + 4
        assert now == then <= 5 + 3 * MOST_EXPANDED, name


def test_the_next_page_is_chosen_alike(calling: Calling, work: None, robin: User) -> None:
    moderator = calling(robin)
    first = moderator.get("claims/?fields=id,project.slug&expand=project&page_size=1").body
    second = moderator.get(first["next"].removeprefix("http://testserver")).body
    assert set(second["results"][0]) == {"id", "project"}
    assert second["results"][0]["project"] == {"slug": "council"}


def test_a_part_is_changed_by_its_own_tag(calling: Calling, claim: Claim, finch: User) -> None:
    caller, address = calling(finch), f"claims/{claim.pk}/"
    part = caller.get(f"{address}?fields=statement")
    assert part.body == {"statement": claim.statement}
    tag = part.headers["ETag"]
    assert tag != caller.get(address).headers["ETag"]
    assert caller.patch(address, {"statement": "S."}, If_Match=tag).status == 200
    assert caller.patch(address, {"statement": "T."}, If_Match=tag).status == 412
