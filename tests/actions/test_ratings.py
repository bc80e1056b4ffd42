"""A scale in use gains ratings, and loses one only for another, as which what carries it counts."""

import pytest

from annotations.actions.gold import set_gold
from annotations.actions.ratings import add_rating, edit_rating, retire_rating
from annotations.actions.rulings import correct_ruling
from annotations.actions.verdicts import confirm_verdict, save_draft, submit_verdict
from annotations.models import (
    Article,
    Claim,
    Event,
    GoldItem,
    Project,
    Rating,
    Ruling,
    User,
    Verdict,
)
from annotations.models.agreement import study_in, units_in
from annotations.models.gold import figures_of
from annotations.rules.refusals import (
    Conflict,
    Malformed,
    NotAllowed,
    NotFound,
    Refusal,
    Unprocessable,
)
from annotations.rules.wanted import Wanted
from tests.actions.given import evidence_on, judged, judgement, marked, published, told


@pytest.fixture
def claim(article: Article, finch: User) -> Claim:
    return marked(article, finch)


def rating(project: Project, slug: str) -> Rating:
    found: Rating = Rating.objects.get(project=project, slug=slug)
    return found


def on_scale(project: Project) -> list[str]:
    return list(Rating.objects.in_use(project).values_list("slug", flat=True))


def half_true(project: Project, actor: User, value: float | None = 2.5, **other: str) -> Rating:
    facts = {
        "slug": "half-true",
        "name": "Half true",
        "definition": "As much is right as wrong.",
        "look": "needs-context",
    }
    return add_rating(project.pk, actor=actor, value=value, **facts | other)


def retire(project: Project, slug: str, other: str, actor: User) -> Rating:
    return retire_rating(rating(project, slug).pk, other, actor=actor)


@pytest.mark.parametrize(("value", "place"), [(9, 0), (2.5, 3), (-1, 5), (None, 6)])
def test_a_new_rating_stands_where_its_value_puts_it(
    value: float | None, place: int, project: Project, birch: User
) -> None:
    before = on_scale(project)
    half_true(project, birch, value)
    assert on_scale(project) == [*before[:place], "half-true", *before[place:]]
    event = Event.objects.get(verb="add_rating")
    assert (event.after["slug"], event.after["value"]) == ("half-true", value)


def test_a_new_rating_is_given_at_once(
    project: Project, claim: Claim, finch: User, birch: User
) -> None:
    half_true(project, birch)
    assert judged(claim, (finch, "half-true")).state == "in_review"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"slug": "true"}, "slug"),
        ({"slug": "half true"}, "slug"),
        ({"name": "tRUE"}, "name"),
        ({"name": ""}, "name"),
        ({"look": "green"}, "look"),
        ({"value": 2}, "value"),
        ({"value": float("nan")}, "value"),
        ({"value": 1e9}, "value"),
    ],
)
def test_a_new_rating_is_told_from_every_other(
    wrong: dict[str, object], field: str, project: Project, birch: User
) -> None:
    with pytest.raises(Refusal) as refusal:
        half_true(project, birch, **wrong)  # type: ignore[arg-type]
    assert list(refusal.value.problems) == [field]


def test_a_scale_has_a_key_for_each_rating_and_two_at_least(project: Project, birch: User) -> None:
    for n in (6, 7, 8):
        half_true(project, birch, n, slug=f"more-{n}", name=f"More {n}")
    with pytest.raises(Conflict, match="9 ratings at most"):
        half_true(project, birch)
    first, second, *others = on_scale(project)
    for one in others:
        retire(project, one, first, birch)
    with pytest.raises(Conflict, match="2 ratings at least"):
        retire(project, second, first, birch)


def test_verdicts_agree_by_what_their_ratings_count_as(
    project: Project, claim: Claim, finch: User, maple: User, birch: User
) -> None:
    judged(claim, (finch, "misleading"), (maple, "false"))
    assert claim.state == "disputed"
    retire(project, "misleading", "false", birch)
    claim.refresh_from_db()
    assert claim.state == "agreed"
    assert told(claim)[-1] == "restate"
    kept = Verdict.objects.current().get(claim=claim, reviewer=finch)
    assert kept.rating == rating(project, "misleading"), "a submitted verdict keeps what was given"
    event = Event.objects.get(verb="retire_rating")
    assert event.after == {"name": "Misleading", "replaced_by": "false"}


def test_what_a_retired_rating_counts_as_follows_when_that_retires_too(
    project: Project, claim: Claim, finch: User, maple: User, birch: User
) -> None:
    judged(claim, (finch, "needs-context"), (maple, "false"))
    retire(project, "needs-context", "misleading", birch)
    claim.refresh_from_db()
    assert claim.state == "disputed"
    retire(project, "misleading", "false", birch)
    claim.refresh_from_db()
    assert claim.state == "agreed"
    assert rating(project, "needs-context").counts_as.slug == "false"


def test_drafts_and_gold_items_get_the_other_and_the_log_tells_of_no_draft(
    project: Project, claim: Claim, article: Article, finch: User, robin: User, birch: User
) -> None:
    save_draft(claim.pk, judgement("misleading"), actor=finch)
    known = marked(article, robin, "Café prices doubled")
    set_gold(known.pk, "misleading", "It misleads.", actor=robin)
    judged(known, (finch, "misleading"))
    retire(project, "misleading", "false", birch)
    assert Verdict.objects.get(claim=claim).rating == rating(project, "false")
    assert told(claim) == ["mark"]
    assert GoldItem.objects.get().rating == rating(project, "false")
    assert told(known)[-1] == "set_gold"
    assert [one.right for one in figures_of(project)] == [1]


def test_a_retired_rating_is_chosen_no_more_and_stays_as_it_was(
    project: Project, claim: Claim, finch: User, birch: User
) -> None:
    half_true(project, birch)
    old = retire(project, "misleading", "half-true", birch)
    with pytest.raises(Malformed, match="“misleading” is not on this project's scale"):
        submit_verdict(claim.pk, judgement("misleading"), actor=finch)
    frozen = "retired, and counts as “Half true”"
    with pytest.raises(Conflict, match=frozen):
        edit_rating(old.pk, actor=birch, name="Wrong")
    with pytest.raises(Conflict, match=frozen):
        retire_rating(old.pk, "false", actor=birch)
    with pytest.raises(Conflict, match="has or had this short name"):
        half_true(project, birch, 2, slug="misleading", name="Other")


@pytest.mark.parametrize("other", ["", "misleading", "nonsense"])
def test_a_rating_retires_only_for_another_in_use(
    other: str, project: Project, birch: User
) -> None:
    with pytest.raises(Malformed, match="Choose the rating that stands for it") as refusal:
        retire(project, "misleading", other, birch)
    assert list(refusal.value.problems) == ["replaced_by"]
    assert not Event.objects.filter(verb="retire_rating").exists()


def test_the_scale_is_the_owners(
    project: Project, finch: User, robin: User, stranger: User, other_project: Project
) -> None:
    for actor, refusal in ((finch, NotAllowed), (robin, NotAllowed), (stranger, NotFound)):
        with pytest.raises(refusal):
            half_true(project, actor)
        with pytest.raises(refusal):
            retire(project, "misleading", "false", actor)


def test_a_correction_knows_what_the_retired_rating_counts_as(
    project: Project, claim: Claim, finch: User, maple: User, robin: User, birch: User
) -> None:
    judged(claim, (finch, "misleading"), (maple, "misleading"))
    published(claim, robin, "misleading")
    retire(project, "misleading", "false", birch)
    correction = {
        "actor": robin, "rating": "false", "summary": "Now spelt right.", "note": "A misprint.",
        "evidence": [evidence_on(claim)[0].pk],
    }  # fmt: skip
    with pytest.raises(Unprocessable, match="already"):
        correct_ruling(claim.pk, **correction, correction="rating_changed")  # type: ignore[arg-type]
    correct_ruling(claim.pk, **correction, correction="typo")  # type: ignore[arg-type]
    first, second = Ruling.objects.filter(claim=claim).order_by("number")
    assert (first.rating_name, second.rating_name) == ("Misleading", "False")


def test_a_ruling_shows_the_scale_it_was_made_on(
    project: Project, claim: Claim, finch: User, maple: User, robin: User, birch: User
) -> None:
    judged(claim, (finch, "misleading"), (maple, "misleading"))
    before = on_scale(project)
    published(claim, robin, "misleading")
    half_true(project, birch)
    retire(project, "misleading", "half-true", birch)
    (ruling,) = Ruling.objects.on_claim(claim.pk)
    assert [one["slug"] for one in ruling.scale_as_published] == before


def test_a_study_counts_a_retired_rating_as_the_other(
    project: Project, claim: Claim, finch: User, maple: User, birch: User
) -> None:
    judged(claim, (finch, "misleading"), (maple, "true"))
    retire(project, "misleading", "false", birch)
    (unit,), left_out = units_in(project, Wanted())
    assert unit.given == {"Finch": 3, "Maple": 0}
    assert not left_out
    assert [one.rating["slug"] for one in study_in(project, Wanted()).ratings] == on_scale(project)


def test_a_verdict_by_a_retired_rating_is_confirmed_as_the_other(
    project: Project, article: Article, claim: Claim, finch: User, robin: User, birch: User
) -> None:
    from annotations.actions.revisions import revise_article
    from tests.conftest import TEXT

    judged(claim, (finch, "misleading"))
    revise_article(
        article.pk, actor=robin, text=TEXT.replace("12%", "13%"),
        based_on=article.revisions.get().pk,
    )  # fmt: skip
    retire(project, "misleading", "false", birch)
    made = confirm_verdict(claim.pk, actor=finch)
    assert made.rating == rating(project, "false")
