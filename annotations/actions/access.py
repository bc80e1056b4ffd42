"""Fetch and authorise in one call: what an action works on, if the actor may.

A thing of a project the actor does not work in is not found; a thing the actor sees and may not
touch is refused with the sentence of the permission table.
"""

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import IntegrityError
from psycopg.errors import QueryCanceled

from annotations.models import Article, Claim, Project, Revision, User
from annotations.models.kept import Kept
from annotations.rules.permissions import SENTENCES, Verb, closed, may, taken
from annotations.rules.refusals import Conflict, NotAllowed, NotFound
from annotations.rules.scopes import refuse_outside, taken_by

HELD: ContextVar[Collection[str] | None] = ContextVar("scopes of the token", default=None)

# Every mark begins with one of the first two, and every other write on a claim with the last.
NEWEST_BY_ID, NEWEST_BY_SLUG = (
    Kept(
        lambda article, person: Revision.objects.newest_of(article, User(pk=person)),
        article=named_by,
        person=int,
    )
    for named_by in (uuid.UUID, str)
)
TO_LOCK = Kept(
    lambda claim, person: (
        Claim.objects.of(User(pk=person))
        .select_related("project", "claimant")
        .select_for_update(of=("self",))
        .filter(pk=claim)
    ),
    claim=uuid.UUID,
    person=int,
)


def require(role: str | None, verb: Verb, *, own: bool = True) -> None:
    """Refuse with the table's sentence unless a member with `role` may do `verb`.

    Within `bounded_by` the verb's scope has to be held as well.
    """
    if not may(role, verb, own=own):
        raise NotAllowed(SENTENCES[verb])
    if (held := HELD.get()) is not None:
        refuse_outside(held, taken_by(verb, own=own))


@contextmanager
def bounded_by(scopes: Collection[str] | None) -> Iterator[None]:
    """What is done in here is done with a token of these scopes; None bounds nothing."""
    before = HELD.set(scopes)
    try:
        yield
    finally:
        HELD.reset(before)


def project_for(project_id: uuid.UUID, actor: User, verb: Verb) -> Project:
    """The project, if the actor may do `verb` in it: one query."""
    project = Project.objects.of(actor).filter(pk=project_id).first()
    if project is None:
        raise NotFound("There is no such project.")
    require(project.role, verb)
    return project


def article_for(article: uuid.UUID | str, actor: User, verb: Verb) -> Article:
    """The article (its id or its slug) with its newest text, if the actor may do `verb` to it.

    One query.
    """
    newest = NEWEST_BY_ID if isinstance(article, uuid.UUID) else NEWEST_BY_SLUG
    revision = newest.first(article=article, person=actor.pk)
    if revision is None:
        raise NotFound("There is no such article.", field="article")
    require(revision.role, verb)
    found: Article = revision.article
    found.role = revision.role
    found.revision_id, found.revision_number = revision.pk, revision.number
    found.text, found.blocks = revision.text, revision.blocks
    return found


def lock_claim(
    claim_id: uuid.UUID, actor: User, verb: Verb, *, in_any_state: bool = False
) -> Claim:
    """The claim with its project, locked until the transaction ends: one query.

    Every change to a claim, its verdicts and its rulings takes this lock first. Refuses who may
    not do `verb`, then a state in which nobody may, unless it is to be done `in_any_state`.
    """
    claim = TO_LOCK.first(claim=claim_id, person=actor.pk)
    if claim is None:
        raise NotFound("There is no such claim.", field="claim")
    require(claim.role, taken(verb, claim.state), own=claim.marked_by_id == actor.pk)
    why_not = None if in_any_state else closed(verb, claim.state)
    if why_not is not None:
        raise Conflict(why_not)
    return claim


def promise_of(error: IntegrityError) -> str:
    """The name of the database's promise that an insert or update would have broken."""
    said = getattr(error.__cause__, "diag", None)
    return getattr(said, "constraint_name", None) or ""


def was_stopped(error: BaseException | None) -> bool:
    """Whether the database stopped a statement that took longer than one may."""
    return error is not None and isinstance(error.__cause__, QueryCanceled)
