"""Reads: what each person gets from the QuerySets, beside the rule stated again in plain Python."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from annotations.actions.projects import edit_project, set_role
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import (
    Appearance,
    Article,
    Claim,
    Event,
    Evidence,
    Project,
    Source,
    User,
    Verdict,
)
from annotations.rules.states import State
from tests.actions.given import claim_in, judgement, marked, published

DOES = ["nothing", "draft", "verdict"]
ROLES = ["reviewer", "moderator", "owner", "stranger", "anonymous"]
HIDDEN_STATES = {"marked", "in_review", "agreed", "disputed"}
RULED = {"published", "corrected", "withdrawn"}
TWO = {"agreed", "disputed", "published", "corrected", "withdrawn"}


class Looker:
    """Somebody who looks at a claim that Finch and Maple have judged."""

    def __init__(self, role: str, does: str, user: User | AnonymousUser) -> None:
        self.role, self.does, self.user = role, does, user
        self.member = role in ("reviewer", "moderator", "owner")

    def sees_verdicts(self, *, blind: bool) -> bool:
        """The rule, in words: moderators and owners; else in the open, or after one's own."""
        if not self.member:
            return False
        return self.role != "reviewer" or not blind or self.does == "verdict"


@pytest.fixture
def looker(
    request: pytest.FixtureRequest, project: Project, birch: User
) -> Callable[[str, str], Looker]:
    """A new person of a role; what they do to the claim is done by `act`."""
    from tests.conftest import person

    def make(role: str, does: str) -> Looker:
        if role == "anonymous":
            return Looker(role, does, AnonymousUser())
        user = person("looker", "Looker")
        if role == "stranger":
            return Looker(role, does, user)
        set_role(project.pk, user.pk, role, actor=birch)
        return Looker(role, does, user)

    return make


def act(claim: Claim, who: Looker) -> None:
    assert isinstance(who.user, User)
    if who.does == "draft":
        save_draft(claim.pk, judgement("false", "https://own.example/"), actor=who.user)
    if who.does == "verdict":
        submit_verdict(claim.pk, judgement("true", "https://own.example/"), actor=who.user)


CASES = [
    (role, does, blind)
    for role, does, blind in itertools.product(ROLES, DOES, [True, False])
    if does == "nothing" or role in ("reviewer", "moderator", "owner")
]


@pytest.mark.parametrize(("role", "does", "blind"), CASES)
def test_nobody_sees_what_is_not_for_them(
    role: str, does: str, blind: bool, looker: Callable[[str, str], Looker],
    project: Project, article: Article, other_project: Project,
    finch: User, maple: User, robin: User, birch: User,
) -> None:  # fmt: skip
    who = looker(role, does)
    if isinstance(who.user, User) and role == "stranger":
        set_role(other_project.pk, who.user.pk, "owner", actor=other_project.memberships.get().user)
    edit_project(project.pk, actor=birch, blind=blind)
    for state in State:
        claim = claim_in(state, article, first=finch, second=maple, moderator=robin)
        if does == "draft" or (does == "verdict" and state not in ("set_aside", "withdrawn")):
            if state in ("set_aside", "withdrawn"):
                continue
            act(claim, who)
            claim.refresh_from_db()
        save_draft_of_birch = state not in ("set_aside", "withdrawn")
        if save_draft_of_birch:
            save_draft(claim.pk, judgement("false", "https://draft.example/"), actor=birch)
        check(claim, who, blind=blind)


def check(claim: Claim, who: Looker, *, blind: bool) -> None:
    own_is_in = who.does == "verdict" and Verdict.objects.filter(
        claim=claim, reviewer=who.user.pk, submitted_at__isnull=False
    ).exists()  # fmt: skip
    sees = who.member and (who.role != "reviewer" or not blind or own_is_in)

    expected = {
        verdict.pk
        for verdict in Verdict.objects.filter(claim=claim)
        if who.member
        and (verdict.reviewer_id == who.user.pk or (verdict.submitted_at is not None and sees))
    }
    on_it: Any = Verdict.objects.filter(claim=claim)
    assert set(on_it.visible_to(who.user).values_list("pk", flat=True)) == expected
    evidence: Any = Evidence.objects.filter(verdict__claim=claim)
    assert set(evidence.visible_to(who.user).values_list("verdict", flat=True)) == {
        pk for pk in expected if Evidence.objects.filter(verdict=pk).exists()
    }

    told = claim.state not in HIDDEN_STATES if who.member else claim.state in RULED
    may_know = told or sees
    state = Claim.objects.with_shown_state(who.user).get(pk=claim.pk).shown_state
    if who.member or who.role == "anonymous":
        assert state == (claim.state if may_know else None)
    readable = Claim.objects.readable_by(who.user).filter(pk=claim.pk).exists()
    assert readable == (who.member or claim.state in RULED)
    assert Claim.objects.of(who.user).filter(pk=claim.pk).exists() == who.member
    assert Claim.objects.public(AnonymousUser()).filter(pk=claim.pk).exists() == (
        claim.state in RULED
    )

    place = claim.appearances.get()
    if who.member:
        seen = Appearance.objects.on_revision(place.revision_id, who.user).get(pk=place.pk)
        assert seen.shown_state == (claim.state if may_know else None)
        assert seen.own_submitted == own_is_in
        assert seen.own_has_draft == (who.does == "draft" and bool(expected))
    public = (
        Appearance.objects.public_on(place.revision_id, AnonymousUser())
        .filter(pk=place.pk)
        .exists()
    )
    assert public == (claim.state in ("published", "corrected"))

    events = Event.objects.of(who.user).filter(claim_id=claim.pk)
    assert events.exists() == (who.role in ("moderator", "owner"))


@pytest.mark.parametrize("role", ["reviewer", "moderator"])
@pytest.mark.parametrize("blind", [True, False])
def test_a_source_is_known_by_the_verdicts_that_may_be_seen(
    role: str, blind: bool, looker: Callable[[str, str], Looker],
    project: Project, article: Article, finch: User, maple: User, birch: User,
) -> None:  # fmt: skip
    edit_project(project.pk, actor=birch, blind=blind)
    who = looker(role, "nothing")
    assert isinstance(who.user, User)
    claim = marked(article, finch)
    page = "https://example.org/{}".format
    submit_verdict(claim.pk, judgement("true", page("submitted")), actor=finch)
    save_draft(claim.pk, judgement("true", page("let-go")), actor=maple)
    save_draft(claim.pk, judgement("true", page("draft")), actor=maple)
    own = marked(article, finch)
    save_draft(own.pk, judgement("true", page("own-draft")), actor=who.user)

    def known() -> set[str]:
        sources = Source.objects.of(who.user).values_list("address", flat=True)
        return {address.rsplit("/", 1)[1] for address in sources}

    sees = role == "moderator" or not blind
    assert known() == ({"own-draft", "submitted"} if sees else {"own-draft"})
    submit_verdict(claim.pk, judgement("true", page("own")), actor=who.user)
    assert known() == {"own-draft", "own", "submitted"}


def test_a_reader_knows_the_sources_of_rulings_alone(
    article: Article, finch: User, maple: User, robin: User
) -> None:
    claim = marked(article, finch)
    submit_verdict(claim.pk, judgement("true", "https://a.example/"), actor=finch)
    submit_verdict(claim.pk, judgement("true", "https://b.example/"), actor=maple)
    anybody = AnonymousUser()
    assert not Source.objects.readable_by(anybody).exists()
    published(claim, robin)
    addresses = Source.objects.readable_by(anybody).values_list("address", flat=True)
    assert list(addresses) == ["https://a.example/"]


def test_who_leaves_a_project_sees_nothing_of_it_not_even_their_own(
    project: Project, article: Article, finch: User, birch: User
) -> None:
    claim = marked(article, finch)
    submit_verdict(claim.pk, judgement(), actor=finch)
    set_role(project.pk, finch.pk, None, actor=birch)
    assert not Verdict.objects.visible_to(finch).exists()
    assert not Claim.objects.readable_by(finch).exists()
    assert not Article.objects.readable_by(finch).exists()
    assert not Source.objects.of(finch).exists()
    assert not Project.objects.of(finch).exists()


@pytest.mark.parametrize("state", State)
def test_an_article_is_public_by_its_published_rulings(
    state: State, article: Article, finch: User, maple: User, robin: User, stranger: User
) -> None:
    claim_in(state, article, first=finch, second=maple, moderator=robin)
    public = state in ("published", "corrected")
    assert Article.objects.public(AnonymousUser()).exists() == public
    for person in (AnonymousUser(), stranger):
        assert Article.objects.readable_by(person).filter(pk=article.pk).exists() == public
    assert Article.objects.readable_by(finch).filter(pk=article.pk).exists()


def test_open_states_are_hidden_from_readers_even_in_an_open_project(
    project: Project, article: Article, finch: User, birch: User
) -> None:
    edit_project(project.pk, actor=birch, blind=False)
    marked(article, finch)
    assert Claim.objects.with_shown_state(AnonymousUser()).get().shown_state is None
