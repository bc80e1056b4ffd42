"""Kept queries: each finds what the QuerySet finds that it stands for, for everyone."""

import datetime
import threading
import uuid
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations.actions import access, verdicts
from annotations.actions.holds import place_hold
from annotations.actions.tokens import make_token, revoke_token
from annotations.actions.verdicts import save_draft
from annotations.models import Article, Claim, Project, Rating, Revision, Token, User, Verdict
from annotations.models.kept import Kept
from annotations.models.people import WITH_DIGEST
from tests.actions.given import judged, judgement, marked


def found(kept: Kept[Any], rows: QuerySet[Any], **values: Any) -> int:
    """How many a kept query finds: by one query, and in all that they hold as the QuerySet's."""
    with CaptureQueriesContext(connection) as asked:
        ours = kept(**values)
    assert len(asked) == 1
    assert [held(one) for one in ours] == [held(one) for one in rows]
    return len(ours)


def held(thing: Model) -> dict[str, Any]:
    """All that an object holds, with the objects that came with it."""
    own = {name: value for name, value in vars(thing).items() if name != "_state"}
    came = {name: held(one) for name, one in thing._state.fields_cache.items() if one}
    return own | came | {"is new": thing._state.adding}


@pytest.fixture
def everyone(finch: User, robin: User, birch: User, stranger: User) -> list[User]:
    return [finch, robin, birch, stranger]


@pytest.fixture
def claim(article: Article, finch: User) -> Claim:
    return marked(article, finch, claimant="The mayor")


def withhold(claim: Claim, owner: User) -> None:
    day = datetime.date(2025, 3, 17)
    place_hold(
        actor=owner, kind="withhold", authority="A court", ground="An order", ordered_on=day,
        claim=claim.pk,
    )  # fmt: skip


def test_a_claim_under_its_lock(
    claim: Claim, article: Article, birch: User, everyone: list[User]
) -> None:
    withheld = marked(article, birch, "Café prices doubled")
    withhold(withheld, birch)

    def of(one: uuid.UUID) -> list[int]:
        return [
            found(
                access.TO_LOCK,
                Claim.objects.of(who).select_related("project", "claimant").filter(pk=one),
                claim=one,
                person=who.pk,
            )
            for who in everyone
        ]

    assert of(claim.pk) == [1, 1, 1, 0]
    assert of(withheld.pk) == [0, 1, 1, 0]
    assert of(uuid.uuid4()) == [0, 0, 0, 0]


def test_the_newest_text_of_an_article_by_its_id_and_by_its_slug(
    article: Article, everyone: list[User]
) -> None:
    for kept, named in (
        (access.NEWEST_BY_ID, article.pk),
        (access.NEWEST_BY_SLUG, article.slug),
    ):
        newest = [
            found(kept, Revision.objects.newest_of(named, who), article=named, person=who.pk)
            for who in everyone
        ]
        assert newest == [1, 1, 1, 0]
    assert access.NEWEST_BY_SLUG(article="another", person=everyone[0].pk) == []


def test_the_token_of_a_secret(finch: User, robin: User) -> None:
    tokens = [make_token(one, "a script", actor=one) for one in (finch, finch, robin)]
    revoke_token(tokens[1][0].pk, actor=finch)
    robin.is_active = False
    robin.save()
    now = timezone.now()

    def usable(at: datetime.datetime) -> list[int]:
        return [
            found(
                WITH_DIGEST,
                Token.objects.usable(at).filter(digest=digest),
                digest=digest,
                now=at,
            )
            for digest in (Token.digest_of(secret) for _, secret in tokens)
        ]

    assert usable(now) == [1, 0, 0]
    assert usable(now + Token.LIFE) == [0, 0, 0]


def test_a_rating_by_its_slug(project: Project, other_project: Project) -> None:
    for one in (project, other_project):
        for slug, there in (("false", 1), ("no such", 0), ("", 0)):
            rows = Rating.objects.in_use(one).filter(slug=slug)
            assert found(verdicts.ON_SCALE, rows, project=one.pk, slug=slug) == there


def test_ones_newest_versions(claim: Claim, finch: User, maple: User) -> None:
    judged(claim, (finch, "true"), (finch, "false"))
    save_draft(claim.pk, judgement("true"), actor=finch)
    for who, many in ((finch, 2), (maple, 0)):
        rows = Verdict.objects.filter(claim=claim, reviewer=who).order_by("-version")[:2]
        assert found(verdicts.NEWEST_TWO, rows, claim=claim.pk, reviewer=who.pk) == many


def test_a_query_is_put_together_once(project: Project, other_project: Project) -> None:
    asked = []

    def put_together(project: uuid.UUID) -> QuerySet[Project]:
        asked.append(project)
        return Project.objects.filter(pk=project)

    kept = Kept(put_together, project=uuid.UUID)
    assert kept.first(project=project.pk) == project
    assert kept.first(project=other_project.pk) == other_project
    assert kept.first(project=uuid.uuid4()) is None
    assert len(asked) == 1


def test_a_value_that_a_query_does_not_ask_for_is_noticed(project: Project) -> None:
    kept = Kept(lambda project, other: Project.objects.filter(pk=project), project=uuid.UUID,
                other=uuid.UUID)  # fmt: skip
    with pytest.raises(ValueError, match="asks nothing of other"):
        kept(project=project.pk, other=project.pk)


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_not_taken_outside_of_a_transaction(claim: Claim, finch: User) -> None:
    with transaction.atomic():
        assert access.TO_LOCK(claim=claim.pk, person=finch.pk) == [claim]
    with pytest.raises(TransactionManagementError):
        access.TO_LOCK(claim=claim.pk, person=finch.pk)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection(claim: Claim, finch: User) -> None:
    backends: list[int] = []

    def ask() -> None:
        with transaction.atomic():
            assert access.TO_LOCK(claim=claim.pk, person=finch.pk) == [claim]
            backends.append(connection.connection.info.backend_pid)
        connection.close()

    ask()
    other = threading.Thread(target=ask)
    other.start()
    other.join()
    assert len(set(backends)) == 2
