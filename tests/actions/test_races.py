"""Locks, each with two real connections: who comes second finds what the first has left.

Two threads reach the action together; where an interleaving matters, one is held inside its
transaction until the other has been seen waiting for it.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from annotations.actions.articles import import_article
from annotations.actions.claims import add_appearance, mark_claim, set_aside, unmark_claim
from annotations.actions.projects import edit_project, set_role
from annotations.actions.ratings import retire_rating
from annotations.actions.revisions import let_go, reattach, revise_article
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import (
    Appearance,
    Article,
    Claim,
    Claimant,
    Event,
    Evidence,
    Membership,
    Project,
    Rating,
    Reattachment,
    Ruling,
    Source,
    User,
    Verdict,
)
from annotations.rules.refusals import Conflict, Malformed, NotFound, Refusal
from annotations.rules.versions import Outdated
from tests.actions.given import judged, judgement, marked, published
from tests.conftest import TEXT

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 3

PATIENCE = 60  # seconds until a thread gives up on another, which it never has to


def together(*acts: Callable[[], object]) -> list[object]:
    """What each act returned, or the refusal it ended in; all begin at once."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            start.wait(PATIENCE)
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def one_after_the_other(first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """`second` begins when `first` is done and not yet committed, and has to wait for it."""
    done, waits = threading.Event(), threading.Event()

    def lead() -> object:
        with transaction.atomic():
            made = first()
            done.set()
            waits.wait(PATIENCE)
            return made

    def follow() -> object:
        done.wait(PATIENCE)
        watcher = threading.Thread(target=let_go_once_waiting, args=(waits, pid()))
        watcher.start()
        try:
            return second()
        finally:
            waits.set()
            watcher.join()

    return together(lead, follow)


def pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number: int = cursor.fetchone()[0]
    return number


def let_go_once_waiting(waits: threading.Event, number: int) -> None:
    """Set `waits` as soon as the backend waits for a lock."""
    try:
        with connection.cursor() as cursor:
            while not waits.wait(0.01):
                cursor.execute("SELECT FROM pg_locks WHERE pid = %s AND NOT granted", [number])
                if cursor.fetchone() is not None:
                    waits.set()
    finally:
        connection.close()


def refusals(results: list[object]) -> list[type[Refusal]]:
    return [type(one) for one in results if isinstance(one, Refusal)]


@pytest.mark.parametrize("first", ["verdict", "owner"])
def test_a_verdict_by_a_rating_that_retires_meanwhile_counts_or_is_refused(
    first: str, article: Article, finch: User, maple: User, birch: User
) -> None:
    claim = judged(marked(article, finch), (maple, "false"))
    rating = Rating.objects.get(project=article.project, slug="misleading").pk
    verdict = lambda: submit_verdict(claim.pk, judgement("misleading"), actor=finch)  # noqa: E731
    owner = lambda: retire_rating(rating, "false", actor=birch)  # noqa: E731
    acts = (verdict, owner) if first == "verdict" else (owner, verdict)
    results = one_after_the_other(*acts)
    claim.refresh_from_db()
    if first == "verdict":
        assert (claim.state, refusals(results)) == ("agreed", [])
    else:
        assert (claim.state, refusals(results)) == ("in_review", [Malformed])


@pytest.mark.parametrize(("other", "then"), [("true", "agreed"), ("false", "disputed")])
@pytest.mark.parametrize("meet", [together, one_after_the_other])
def test_the_last_two_verdicts_at_once_make_the_right_state(
    meet: Callable[..., list[object]], other: str, then: str,
    article: Article, finch: User, maple: User,
) -> None:  # fmt: skip
    claim = marked(article, finch)
    results = meet(
        lambda: submit_verdict(claim.pk, judgement("true"), actor=finch),
        lambda: submit_verdict(claim.pk, judgement(other), actor=maple),
    )
    assert refusals(results) == []
    claim.refresh_from_db()
    assert claim.state == then
    assert Source.objects.count() == 1


@pytest.mark.parametrize("meet", [together, one_after_the_other])
def test_of_two_moderators_who_publish_at_once_one_wins_and_the_other_is_told(
    meet: Callable[..., list[object]], article: Article,
    finch: User, maple: User, robin: User, birch: User,
) -> None:  # fmt: skip
    claim = judged(marked(article, finch), (finch, "true"), (maple, "true"))
    results = meet(lambda: published(claim, robin), lambda: published(claim, birch))
    assert refusals(results) == [Conflict]
    assert "has a ruling" in str(next(one for one in results if isinstance(one, Refusal)))
    assert Ruling.objects.count() == 1
    assert Event.objects.filter(verb="publish").count() == 1


def test_a_verdict_that_waits_for_setting_aside_is_refused(
    article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = marked(article, finch)
    results = one_after_the_other(
        lambda: set_aside(claim.pk, "opinion", actor=robin),
        lambda: submit_verdict(claim.pk, judgement(), actor=maple),
    )
    assert refusals(results) == [Conflict]
    assert not Verdict.objects.exists()


def test_setting_aside_that_waits_for_a_verdict_takes_the_claim_as_it_then_is(
    article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = marked(article, finch)
    results = one_after_the_other(
        lambda: submit_verdict(claim.pk, judgement(), actor=maple),
        lambda: set_aside(claim.pk, "opinion", actor=robin),
    )
    assert refusals(results) == []
    event = Event.objects.get(verb="set_aside")
    assert event.before == {"state": "in_review"}


def test_a_verdict_that_waits_for_unmarking_finds_no_claim(
    article: Article, finch: User, maple: User
) -> None:
    claim = marked(article, finch)
    results = one_after_the_other(
        lambda: unmark_claim(claim.pk, actor=finch),
        lambda: submit_verdict(claim.pk, judgement(), actor=maple),
    )
    assert refusals(results) == [NotFound]
    assert not Claim.objects.exists()
    assert not Verdict.objects.exists()


def test_unmarking_that_waits_for_a_verdict_is_refused(
    article: Article, finch: User, maple: User
) -> None:
    claim = marked(article, finch)
    results = one_after_the_other(
        lambda: submit_verdict(claim.pk, judgement(), actor=maple),
        lambda: unmark_claim(claim.pk, actor=finch),
    )
    assert refusals(results) == [Conflict]
    assert Claim.objects.exists()


def test_unmarking_twice_at_once_is_told_once(article: Article, finch: User, robin: User) -> None:
    claim = marked(article, finch)
    results = together(
        lambda: unmark_claim(claim.pk, actor=finch), lambda: unmark_claim(claim.pk, actor=robin)
    )
    assert refusals(results) == [NotFound]
    assert Event.objects.filter(verb="unmark").count() == 1


def test_a_draft_that_waits_for_unmarking_finds_no_claim(
    article: Article, finch: User, maple: User
) -> None:
    claim = marked(article, finch)
    results = one_after_the_other(
        lambda: unmark_claim(claim.pk, actor=finch),
        lambda: save_draft(claim.pk, judgement(), actor=maple),
    )
    assert refusals(results) == [NotFound]


def test_the_same_new_sources_in_any_order_are_one_row_each_without_a_deadlock(
    article: Article, finch: User, maple: User
) -> None:
    pages = [f"https://example.org/{n}" for n in range(20)]
    for n in range(ROUNDS):
        claims = [marked(article, finch), marked(article, finch)]
        fresh = [f"{page}?{n}" for page in pages]
        results = together(
            lambda: submit_verdict(claims[0].pk, judgement("true", *fresh), actor=finch),  # noqa: B023
            lambda: submit_verdict(claims[1].pk, judgement("true", *fresh[::-1]), actor=maple),  # noqa: B023
        )
        assert refusals(results) == []
        assert Source.objects.count() == len(pages) * (n + 1)
    for verdict in Verdict.objects.filter(reviewer=maple):
        kept = verdict.evidence.order_by("position").values_list("source__address", flat=True)
        assert [address.split("?")[0] for address in kept] == pages[::-1]


@pytest.mark.parametrize("meet", [together, one_after_the_other])
def test_two_tabs_of_one_reviewer_keep_one_draft(
    meet: Callable[..., list[object]], article: Article, finch: User
) -> None:
    claim = marked(article, finch)
    results = meet(
        lambda: save_draft(claim.pk, judgement(rationale="First tab."), actor=finch),
        lambda: save_draft(claim.pk, judgement(rationale="Second tab."), actor=finch),
    )
    assert refusals(results) == []
    draft = Verdict.objects.get()
    assert draft.version == 1
    assert Evidence.objects.get().verdict == draft


def test_two_tabs_that_submit_at_once_leave_two_versions(article: Article, finch: User) -> None:
    claim = marked(article, finch)
    together(
        lambda: submit_verdict(claim.pk, judgement("true"), actor=finch),
        lambda: submit_verdict(claim.pk, judgement("false"), actor=finch),
    )
    assert sorted(Verdict.objects.values_list("version", flat=True)) == [1, 2]
    assert Verdict.objects.current().count() == 1


@pytest.mark.parametrize("meet", [together, one_after_the_other])
def test_of_two_tabs_that_submit_what_they_began_together_one_is_told(
    meet: Callable[..., list[object]], article: Article, finch: User
) -> None:
    claim = marked(article, finch)
    results = meet(
        lambda: submit_verdict(claim.pk, judgement("true"), actor=finch, based_on=""),
        lambda: submit_verdict(claim.pk, judgement("false"), actor=finch, based_on=""),
    )
    assert refusals(results) == [Outdated]
    assert Verdict.objects.get().version == 1


def test_articles_of_one_title_at_once_each_get_a_name(project: Project, robin: User) -> None:
    act = lambda: import_article(project.pk, actor=robin, text="The same headline")  # noqa: E731
    results = together(act, act, act)
    assert refusals(results) == []
    slugs = set(Article.objects.values_list("slug", flat=True))
    assert slugs == {"the-same-headline", "the-same-headline-2", "the-same-headline-3"}


def test_a_claimant_named_at_once_is_one_row(article: Article, finch: User, maple: User) -> None:
    results = together(
        *(
            lambda user=user: mark_claim(article.pk, 0, 11, actor=user, claimant="The mayor")
            for user in (finch, maple)
        )
    )
    assert refusals(results) == []
    assert Claimant.objects.count() == 1


def test_one_place_given_at_once_is_one_appearance(article: Article, finch: User) -> None:
    claim = marked(article, finch)
    act = lambda: add_appearance(claim.pk, article.pk, 0, 11, actor=finch)  # noqa: E731
    assert refusals(together(act, act)) == [Conflict]


def test_two_owners_who_remove_each_other_leave_one(
    project: Project, birch: User, robin: User
) -> None:
    set_role(project.pk, robin.pk, "owner", actor=birch)
    results = together(
        lambda: set_role(project.pk, robin.pk, "reviewer", actor=birch),
        lambda: set_role(project.pk, birch.pk, "reviewer", actor=robin),
    )
    assert len(refusals(results)) == 1
    assert Membership.objects.filter(project=project, role="owner").count() == 1


def test_a_verdict_under_way_counts_when_the_number_of_verdicts_changes(
    article: Article, project: Project, finch: User, birch: User
) -> None:
    claim = marked(article, finch)
    results = one_after_the_other(
        lambda: submit_verdict(claim.pk, judgement("true"), actor=finch),
        lambda: edit_project(project.pk, actor=birch, verdicts_required=1),
    )
    assert refusals(results) == []
    claim.refresh_from_db()
    assert claim.state == "agreed"


def test_a_verdict_that_waits_for_a_change_of_the_number_counts_by_the_new_one(
    article: Article, project: Project, finch: User, birch: User
) -> None:
    claim = marked(article, finch)
    results = one_after_the_other(
        lambda: edit_project(project.pk, actor=birch, verdicts_required=1),
        lambda: submit_verdict(claim.pk, judgement("true"), actor=finch),
    )
    assert refusals(results) == []
    claim.refresh_from_db()
    assert claim.state == "agreed"


# ---------- new texts ----------

REVISED = TEXT.replace("Share\n", "Share\n\nThe council met for six hours.\n")


@pytest.mark.parametrize("meet", [together, one_after_the_other])
def test_of_two_who_revise_at_once_one_wins_and_the_other_is_told_to_look_again(
    meet: Callable[..., list[object]], article: Article, robin: User, birch: User
) -> None:
    based_on = article.revisions.get().pk
    results = meet(
        lambda: revise_article(article.pk, actor=robin, text=REVISED, based_on=based_on),
        lambda: revise_article(
            article.pk, actor=birch, text=TEXT.replace("12%", "13%"), based_on=based_on
        ),
    )
    assert refusals(results) == [Conflict]
    assert any("since you looked" in str(one) for one in results)
    assert article.revisions.count() == 2


def test_a_mark_made_while_a_new_text_lands_is_carried_or_told_never_lost(
    article: Article, finch: User, robin: User
) -> None:
    older = article.revisions.get()
    start = older.text.index("12%")

    def mark() -> object:
        return mark_claim(article.pk, start, start + 3, actor=finch, revision_id=older.pk)

    def revise() -> object:
        return revise_article(article.pk, actor=robin, text=REVISED, based_on=older.pk)

    assert refusals(one_after_the_other(mark, revise)) == []
    newest = article.revisions.latest("number")
    assert Appearance.objects.get(revision=newest).quote == "12%"

    assert newest.number == 2
    start = newest.text.index("Café")
    older, back = newest, TEXT

    def mark_later() -> object:
        return mark_claim(article.pk, start, start + 4, actor=finch, revision_id=older.pk)

    def revise_again() -> object:
        return revise_article(article.pk, actor=robin, text=back, based_on=older.pk)

    assert refusals(one_after_the_other(revise_again, mark_later)) == [Conflict]
    assert not Appearance.objects.filter(quote="Café").exists()
    assert mark_later(), "a second try carries it over"
    assert Appearance.objects.current().filter(quote="Café").exists()


@pytest.mark.parametrize("meet", [together, one_after_the_other])
def test_of_two_who_settle_a_mark_at_once_one_wins_and_the_other_is_told(
    meet: Callable[..., list[object]], article: Article, finch: User, robin: User, birch: User
) -> None:
    marked(article, finch)
    based_on = article.revisions.get().pk
    text = TEXT.replace("12%", "13%")
    revise_article(article.pk, actor=robin, text=text, based_on=based_on)
    one = Reattachment.objects.get()
    results = meet(lambda: reattach(one.pk, actor=robin), lambda: let_go(one.pk, actor=birch))
    assert refusals(results) == [Conflict]
    one.refresh_from_db()
    assert Appearance.objects.current().count() == (one.outcome == "reattached")


@pytest.mark.parametrize("turn", [1, -1])
def test_a_mark_settled_while_a_new_text_lands_is_settled_in_the_one_or_waits_in_the_other(
    turn: int, article: Article, finch: User, robin: User, birch: User
) -> None:
    marked(article, finch)
    based_on = article.revisions.get().pk
    text = TEXT.replace("12%", "13%")
    second = revise_article(article.pk, actor=robin, text=text, based_on=based_on)
    one = Reattachment.objects.get()
    acts = (
        lambda: reattach(one.pk, actor=robin),
        lambda: revise_article(
            article.pk, actor=birch, text=text.replace("Café", "Tea"), based_on=second.pk
        ),
    )
    assert refusals(one_after_the_other(*acts[::turn])) == []
    newest = article.revisions.latest("number")
    assert [place.quote for place in Appearance.objects.filter(revision=newest)] == [
        "spent 13% more in 2024"
    ]
