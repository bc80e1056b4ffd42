"""The trigger's list of moves is the table in rules: all 64 pairs are tried in the database."""

import itertools

import pytest

from annotations.models import Article, Claim, Rating, Ruling, User, Verdict
from annotations.rules.states import TRANSITIONS, State, state_of
from tests.actions.given import marked
from tests.models.past_the_orm import changed, refused_by, run, without_triggers

VERDICTS = {"in_review": ["true"], "agreed": ["true", "true"], "disputed": ["true", "false"]}
RULINGS = {"published": "publication", "corrected": "correction", "withdrawn": "withdrawal"}


def ready_for(state: State, claim: Claim, reviewers: list[User]) -> None:
    """Give the claim the verdicts or the ruling that the state asks for."""
    ratings = {one.slug: one for one in Rating.objects.filter(project=claim.project)}
    for reviewer, slug in zip(reviewers, VERDICTS.get(state, []), strict=False):
        Verdict.objects.create(
            project=claim.project, claim=claim, reviewer=reviewer, version=1,
            rating=ratings[slug], rationale="x", submitted_at=claim.marked_at,
        )  # fmt: skip
    if state in RULINGS:
        with without_triggers("ruling"):
            Ruling.objects.create(
                project=claim.project, claim=claim, number=1, kind=RULINGS[state], note="x",
                rating=ratings["true"], rating_name="True", summary="x", made_by=reviewers[0],
                correction="typo" if state == "corrected" else "",
            )  # fmt: skip


def moved(claim: Claim, state: State) -> None:
    why = "opinion" if state == State.SET_ASIDE else ""
    changed("claim", "state = %s, set_aside_reason = %s", f"id = '{claim.pk}'", state, why)


@pytest.mark.parametrize("old", State)
def test_a_claim_moves_in_the_database_as_in_the_table(
    old: State, article: Article, finch: User, maple: User
) -> None:
    for new in State:
        claim = marked(article, finch)
        with without_triggers("claim"):
            moved(claim, old)
        ready_for(new, claim, [finch, maple])
        if new == old or new in TRANSITIONS[old]:
            moved(claim, new)
        else:
            with refused_by("claim_moves_along_the_table"):
                moved(claim, new)
        claim.refresh_from_db()
        assert claim.state == (new if new == old or new in TRANSITIONS[old] else old)


@pytest.mark.django_db
def test_the_trigger_lists_exactly_the_moves_of_the_table() -> None:
    import re

    [(source,)] = run("SELECT prosrc FROM pg_proc WHERE proname = 'claim_moves_along_the_table'")
    listed = re.findall(r"\('(\w+)', '(\w+)'\)", source)
    table = [(old.value, new.value) for old, news in TRANSITIONS.items() for new in news]
    assert sorted(listed) == sorted(table)
    assert len(list(itertools.product(State, State))) == 64


@pytest.mark.parametrize("slugs", ["", "t", "f", "tt", "tf", "ttt", "ttf"])
def test_the_database_says_which_state_follows_as_the_rules_do(
    slugs: str, article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = marked(article, finch)
    given = [{"t": "true", "f": "false"}[one] for one in slugs]
    for reviewer, slug in zip((finch, maple, robin), given, strict=False):
        Verdict.objects.create(
            project=claim.project, claim=claim, reviewer=reviewer, version=1, rationale="x",
            rating=Rating.objects.get(project=claim.project, slug=slug),
            submitted_at=claim.marked_at,
        )  # fmt: skip
    for wanted in (None, 1, 2, 3, 9):
        [(says,)] = run(
            "SELECT state_by_verdicts(%s, %s, %s::smallint)", claim.pk, claim.project_id, wanted
        )
        assert says == state_of(given, wanted or claim.project.verdicts_required)
    changed("claim", "state = %s", f"id = '{claim.pk}'", state_of(given, 2))
