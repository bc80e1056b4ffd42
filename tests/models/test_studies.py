"""Which verdicts a study of agreement is made of, and which it says it leaves out."""

import datetime
from collections.abc import Callable

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from annotations.actions.claims import set_aside
from annotations.actions.gold import set_gold
from annotations.actions.projects import edit_project, set_role
from annotations.actions.verdicts import save_draft
from annotations.models import Article, Claim, GoldItem, Project, User, Verdict
from annotations.models.agreement import study_in, units_in
from annotations.rules.refusals import Malformed
from annotations.rules.study import Study
from annotations.rules.wanted import LeftOut, Versions, Wanted
from tests.actions.given import judged, judgement, marked, published

CURRENT = Wanted(Versions.CURRENT)
Marking = Callable[[str], Claim]


@pytest.fixture
def claim(article: Article, finch: User) -> Claim:
    return marked(article, finch)


def counted(project: Project, wanted: Wanted = Wanted()) -> list[dict[str, int]]:  # noqa: B008 (frozen)
    return [dict(unit.given) for unit in units_in(project, wanted)[0]]


def test_a_claim_comes_with_what_each_reviewer_submitted(
    project: Project, claim: Claim, finch: User, maple: User, article: Article
) -> None:
    judged(claim, (finch, "true"), (maple, "false"))
    (unit,), _ = units_in(project, Wanted())
    assert unit.claim == claim.pk
    assert unit.given == {"Finch": 0, "Maple": 4}
    assert list(unit.articles) == [article.slug]
    assert unit.month == f"{datetime.datetime.now(datetime.UTC):%Y-%m}"


def test_the_first_version_counts_unless_the_current_one_is_asked_for(
    project: Project, claim: Claim, finch: User, maple: User
) -> None:
    judged(claim, (finch, "true"), (maple, "false"), (finch, "false"))
    assert counted(project) == [{"Finch": 0, "Maple": 4}]
    assert counted(project, CURRENT) == [{"Finch": 4, "Maple": 4}]
    assert study_in(project, Wanted()).left_out == {LeftOut.REVISED: 1}
    assert study_in(project, CURRENT).left_out == {LeftOut.SUPERSEDED: 1}


def test_a_draft_leaves_no_trace(project: Project, claim: Claim, finch: User, maple: User) -> None:
    judged(claim, (finch, "true"))
    before = study_in(project, Wanted())
    save_draft(claim.pk, judgement("false"), actor=maple)
    assert study_in(project, Wanted()) == before
    assert before.single == 1
    assert not before.left_out


def test_who_could_see_the_others_verdict_does_not_count(
    project: Project, claim: Claim, finch: User, maple: User, robin: User
) -> None:
    """A moderator sees every verdict; one who came first saw none."""
    judged(claim, (finch, "true"), (robin, "true"), (maple, "false"))
    assert counted(project) == [{"Finch": 0, "Maple": 4}]
    assert study_in(project, Wanted()).left_out == {LeftOut.NOT_INDEPENDENT: 1}
    assert counted(project, CURRENT) == [{"Finch": 0, "Robin": 0, "Maple": 4}]


def test_a_moderator_who_came_first_counts(
    project: Project, claim: Claim, finch: User, robin: User
) -> None:
    judged(claim, (robin, "true"), (finch, "false"))
    assert counted(project) == [{"Finch": 4, "Robin": 0}]


def test_in_an_open_project_only_the_first_verdict_is_independent(
    project: Project, claim: Claim, finch: User, maple: User, birch: User
) -> None:
    edit_project(project.pk, actor=birch, blind=False)
    judged(claim, (finch, "true"), (maple, "true"))
    study = study_in(project, Wanted())
    assert study.measured.claims == 0
    assert study.single == 1
    assert study.left_out == {LeftOut.NOT_INDEPENDENT: 1}


def test_a_verdict_after_the_ruling_does_not_count(
    project: Project,
    claim: Claim,
    finch: User,
    maple: User,
    robin: User,
    stranger: User,
    birch: User,
) -> None:
    published(judged(claim, (finch, "true"), (maple, "true")), robin)
    set_role(project.pk, stranger.pk, "reviewer", actor=birch)
    judged(claim, (stranger, "true"))
    assert counted(project) == [{"Finch": 0, "Maple": 0}]
    assert study_in(project, Wanted()).left_out == {LeftOut.NOT_INDEPENDENT: 1}


def test_a_claim_that_is_set_aside_does_not_count(
    project: Project, claim: Claim, finch: User, maple: User, robin: User
) -> None:
    judged(claim, (finch, "true"), (maple, "true"))
    set_aside(claim.pk, "opinion", actor=robin)
    for wanted in (Wanted(), CURRENT):
        assert study_in(project, wanted).left_out == {LeftOut.SET_ASIDE: 2}


def test_verdicts_on_a_gold_item_do_not_count_and_those_before_it_became_one_do(
    project: Project, claim: Claim, finch: User, maple: User, robin: User
) -> None:
    set_gold(claim.pk, "true", "The budget says so.", actor=robin)
    judged(claim, (finch, "true"), (maple, "false"))
    for wanted in (Wanted(), CURRENT):
        assert study_in(project, wanted).left_out == {LeftOut.GOLD: 2}
    GoldItem.objects.update(made_at=timezone.now())
    assert narrowed(project, Wanted()) == 1


def narrowed(project: Project, wanted: Wanted) -> int:
    return study_in(project, wanted).measured.claims


def test_a_study_is_narrowed_by_article_reviewers_and_days(
    project: Project, claim: Claim, finch: User, maple: User, robin: User, article: Article
) -> None:
    judged(claim, (finch, "true"), (maple, "false"))
    today = Verdict.objects.dates("submitted_at", "day")[0]
    day = datetime.timedelta(days=1)
    assert narrowed(project, Wanted(article=article.slug)) == 1
    assert narrowed(project, Wanted(reviewers=("finch", "MAPLE"))) == 1
    assert narrowed(project, Wanted(reviewers=("Finch", "Robin"))) == 0
    assert narrowed(project, Wanted(since=today - day, until=today + day)) == 1
    assert narrowed(project, Wanted(since=today + 2 * day)) == 0
    assert narrowed(project, Wanted(until=datetime.date.max)) == 1
    assert narrowed(project, Wanted(until=today - 2 * day)) == 0


def test_what_is_not_of_the_project_is_refused_at_its_field(
    project: Project, other_article: Article, stranger: User
) -> None:
    for wanted, field in (
        (Wanted(article=other_article.slug), "article"),
        (Wanted(reviewers=("Osprey", "Finch")), "reviewers"),
    ):
        with pytest.raises(Malformed) as refused:
            study_in(project, wanted)
        assert field in refused.value.problems


def test_another_projects_verdicts_are_not_in_it(
    project: Project, claim: Claim, other_project: Project, finch: User, maple: User
) -> None:
    judged(claim, (finch, "true"), (maple, "false"))
    assert counted(other_project) == []


def test_a_study_takes_as_many_queries_for_many_claims_as_for_one(
    project: Project, article: Article, finch: User, maple: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for words in ("The city council", "spent 12% more", "Café prices", "schools", "reporters"):
        judged(marked(article, finch, words), (finch, "true"), (maple, "false"))
    with django_assert_max_num_queries(7):
        study: Study = study_in(project, Wanted())
    assert study.measured.claims == 5


def test_marks_are_compared_in_the_newest_text(
    project: Project, article: Article, finch: User, maple: User
) -> None:
    marked(article, finch, "spent 12% more in 2024")
    marked(article, maple, "12% more")
    (two,) = study_in(project, Wanted()).markers
    assert two.people == ("Finch", "Maple")
    assert (two.exact, two.touching) == (0, 1)
    assert two.words == pytest.approx(2 * 8 / (22 + 8))
    assert study_in(project, Wanted(reviewers=("Finch", "Robin"))).markers == []
