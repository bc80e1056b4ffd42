"""Marking claims, changing what they say, removing a mark, setting a claim aside."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce

from annotations.actions.access import article_for, lock_claim, promise_of
from annotations.actions.log import record
from annotations.actions.versions import refuse_outdated
from annotations.models import Appearance, Article, Claim, Claimant, User, Verdict
from annotations.models.ids import uuid7
from annotations.rules import words
from annotations.rules.anchors import anchor_at, refuse_furniture
from annotations.rules.canonical import Block, Kind
from annotations.rules.carrying import carry
from annotations.rules.claims import ClaimKind
from annotations.rules.permissions import CLOSED, Verb
from annotations.rules.reattaching import CameBy
from annotations.rules.refusals import Conflict, Malformed, NotFound
from annotations.rules.states import (
    SET_ASIDE_REASONS,
    State,
    state_of,
)
from annotations.rules.work import worth

NEWER = (
    "The article has got a new text since, and these words are not as they were. "
    "Reload it and mark them there."
)
MOST_TOPICS = 20
MOST_PLACES = 50

KNOWN_OR_NEW_CLAIMANT = """
WITH known AS (
    SELECT * FROM annotations_claimant
     WHERE project_id = %(project)s AND name = %(name)s AND %(role)s IN ('', role)
     ORDER BY id LIMIT 1
), made AS (
    INSERT INTO annotations_claimant (id, project_id, name, role, wikidata_id)
    SELECT %(id)s, %(project)s, %(name)s, %(role)s, '' WHERE NOT EXISTS (SELECT FROM known)
    ON CONFLICT (project_id, name, role) DO UPDATE SET name = excluded.name
    RETURNING *
)
SELECT * FROM known UNION ALL SELECT * FROM made
"""


def says(claim: Claim) -> dict[str, Any]:
    """What of a claim can be changed; its version is made of it."""
    return {
        "statement": claim.statement,
        "kind": claim.kind,
        "claimant": claim.claimant_id,
        "said_on": claim.said_on,
        "topics": claim.topics,
    }


def said(claim: Claim) -> dict[str, Any]:
    """What a claim says, for the log."""
    return says(claim) | {"state": claim.state}


def stands(appearance: Appearance) -> dict[str, Any]:
    """Where an appearance stands, for the log."""
    return {
        "revision": appearance.revision_id,
        "start": appearance.start,
        "end": appearance.end,
        "quote": appearance.quote,
    }


@transaction.atomic
def mark_claim(
    article_id: uuid.UUID | str,
    start: int,
    end: int,
    *,
    actor: User,
    quote: str | None = None,
    revision_id: uuid.UUID | None = None,
    statement: str = "",
    kind: str = ClaimKind.FACTUAL,
    claimant: str = "",
    claimant_role: str = "",
    said_on: datetime.date | None = None,
    topics: Sequence[str] = (),
    further: Sequence[tuple[int, int]] = (),
) -> Appearance:
    """A new claim on `[start, end)` code points of the article's newest revision, and on the
    `further` places that it stands in: all of them or nothing.

    The statement is the quote, shortened if need be, unless one is given. Takes no lock: the rows
    are new, and the database holds the quote to the text.
    """
    article = article_for(article_id, actor, Verb.MARK)
    claim = Claim(
        project=article.project,
        kind=_kind(kind),
        said_on=said_on,
        topics=_topics(topics),
        marked_by=actor,
    )
    if len(further) >= MOST_PLACES:
        raise Malformed(f"A claim is marked in {MOST_PLACES} places at once at most.", field="end")
    appearance = _appearance(article, claim, start, end, quote, revision_id, actor)
    places = {(appearance.start, appearance.end): appearance}
    for first, last in dict.fromkeys(further):
        place = _appearance(article, claim, first, last, None, revision_id, actor)
        places.setdefault((place.start, place.end), place)
    claim.statement = _statement(statement or words.shortened(appearance.quote, words.STATEMENT))
    claim.claimant = _claimant(article.project_id, claimant, claimant_role)
    claim.worth = _worth(claim)
    claim.save(force_insert=True)
    _save_in_the_newest_text(*places.values())
    record(
        "mark",
        claim,
        actor=actor,
        project=article.project_id,
        claim=claim.pk,
        after=said(claim) | {"appearance": stands(appearance) | {"id": appearance.pk}},
    )
    for place in list(places.values())[1:]:
        _tell_of_place(place, actor)
    return appearance


@transaction.atomic
def add_appearance(
    claim_id: uuid.UUID,
    article_id: uuid.UUID | str,
    start: int,
    end: int,
    *,
    actor: User,
    quote: str | None = None,
    revision_id: uuid.UUID | None = None,
) -> Appearance:
    """A further place where the claim stands, in the same project.

    Readers see a place of a published claim at once, so there it takes a moderator.
    """
    claim = lock_claim(claim_id, actor, Verb.MARK)
    article = article_for(article_id, actor, Verb.MARK)
    if article.project_id != claim.project_id:
        raise Malformed(
            "The claim and the article are of different projects. Mark a new claim instead.",
            field="claim",
        )
    appearance = _appearance(article, claim, start, end, quote, revision_id, actor)
    _save_in_the_newest_text(appearance)
    _tell_of_place(appearance, actor)
    return appearance


@transaction.atomic
def edit_claim(
    claim_id: uuid.UUID,
    *,
    actor: User,
    statement: str | None = None,
    kind: str | None = None,
    claimant: str | None = None,
    claimant_role: str = "",
    said_on: datetime.date | None = None,
    topics: Sequence[str] | None = None,
    clear_said_on: bool = False,
    places: Mapping[uuid.UUID, tuple[int, int, str | None]] | None = None,
    revision_id: uuid.UUID | None = None,
    version: str | None = None,
) -> Claim:
    """Change what a claim says; what is None stays as it is. Not possible once it is published.

    `places` moves some of its appearances as well (`move_appearance`), in the same transaction:
    start, end and version of each.
    `version`, here and in every action that takes one, is that of the thing the change was made on
    (`actions.versions`): one made on an older version is refused.
    """
    claim = lock_claim(claim_id, actor, Verb.EDIT_CLAIM)
    refuse_outdated(claim, version, says(claim), "edit_claim")
    before = said(claim)
    if statement is not None:
        claim.statement = _statement(statement)
    if kind is not None:
        claim.kind = _kind(kind)
    if claimant is not None:
        claim.claimant = _claimant(claim.project_id, claimant, claimant_role)
    if said_on is not None or clear_said_on:
        claim.said_on = said_on
    if topics is not None:
        claim.topics = _topics(topics)
    after = said(claim)
    if after != before:
        claim.worth = _worth(claim)
        claim.save(update_fields=["statement", "kind", "claimant", "said_on", "topics", "worth"])
        record(
            "edit_claim",
            claim,
            actor=actor,
            project=claim.project_id,
            claim=claim.pk,
            before=before,
            after=after,
        )
    for place, (start, end, seen) in (places or {}).items():
        move_appearance(place, start, end, actor=actor, revision_id=revision_id, version=seen)
    return claim


@transaction.atomic
def unmark_claim(claim_id: uuid.UUID, *, actor: User, version: str | None = None) -> dict[str, Any]:
    """Remove a claim that nobody else has worked on; the log keeps what it was.

    Returns what is needed to mark it again, so that a page can offer to undo. A draft is in no log
    and would not come back, so one that says anything is thrown away first, by itself.
    """
    claim = lock_claim(claim_id, actor, Verb.UNMARK)
    refuse_outdated(claim, version, says(claim), "edit_claim")
    mine = Verdict.objects.filter(claim=claim, reviewer=actor, submitted_at__isnull=True)
    others = Verdict.objects.filter(claim=claim).exclude(pk__in=mine.values("pk"))
    if others.exists() or claim.comments.exists():
        raise Conflict(CLOSED[Verb.UNMARK][State.IN_REVIEW])
    if claim.holds.exists():
        raise Conflict("A legal hold is on this claim, so it stays in the record.")
    if mine.with_words().exists():
        raise Conflict(
            "You have a draft verdict on this claim, which would be lost. Discard the draft first, "
            "then remove the mark."
        )
    places = list(claim.appearances.order_by("-id"))
    before = said(claim) | {"appearances": [stands(place) for place in places]}
    claimant = claim.claimant
    again = {
        "article": str(places[0].article_id) if places else "",
        "start": places[0].start if places else 0,
        "end": places[0].end if places else 0,
        "quote": places[0].quote if places else "",
        "statement": claim.statement,
        "kind": claim.kind,
        "claimant": claimant.name if claimant else "",
        "claimant_role": claimant.role if claimant else "",
    }
    record("unmark", claim, actor=actor, project=claim.project_id, claim=claim.pk, before=before)
    mine.delete()
    claim.appearances.all().delete()
    claim.delete()
    return again


@transaction.atomic
def remove_appearance(appearance_id: uuid.UUID, *, actor: User, version: str | None = None) -> None:
    """Take away one of several places; the last one goes with its claim (`unmark_claim`)."""
    claim, appearance = _place_to_change(appearance_id, actor, Verb.REMOVE_PLACE)
    refuse_outdated(appearance, version, stands(appearance), "move_appearance")
    if claim.appearances.current().count() == 1:
        raise Conflict("This is the claim's only place. Remove the claim itself.")
    record(
        "remove_appearance",
        appearance,
        actor=actor,
        project=claim.project_id,
        claim=claim.pk,
        before=stands(appearance),
    )
    appearance.delete()


@transaction.atomic
def move_appearance(
    appearance_id: uuid.UUID,
    start: int,
    end: int,
    *,
    actor: User,
    quote: str | None = None,
    revision_id: uuid.UUID | None = None,
    version: str | None = None,
) -> Appearance:
    """Mark other words for the same place of a claim, in the article's newest text."""
    claim, place = _place_to_change(appearance_id, actor, Verb.MOVE_PLACE)
    refuse_outdated(place, version, stands(place), "move_appearance")
    article = article_for(place.article_id, actor, Verb.MARK)
    made = _appearance(article, claim, start, end, quote, revision_id, actor)
    if (made.start, made.end) == (place.start, place.end):
        return place
    before = stands(place)
    changed = ["start", "end", "quote", "prefix", "suffix"]
    for name in changed:
        setattr(place, name, getattr(made, name))
    if place.carried:
        place.carried = CameBy.SETTLED  # a person chose these words
    _save_in_the_newest_text(place, update_fields=[*changed, "carried"])
    record(
        "move_appearance",
        place,
        actor=actor,
        project=claim.project_id,
        claim=claim.pk,
        before=before,
        after=stands(place),
    )
    return place


@transaction.atomic
def set_aside(
    claim_id: uuid.UUID, why: str, *, actor: User, note: str = "", version: str | None = None
) -> Claim:
    """Take a claim out of review: not checkable, a duplicate, an opinion."""
    claim = lock_claim(claim_id, actor, Verb.SET_ASIDE)
    refuse_outdated(claim, version, says(claim), "edit_claim")
    if why not in SET_ASIDE_REASONS:
        raise Malformed(
            "Say why: not checkable, a duplicate, or an opinion.", field="set_aside_reason"
        )
    before = claim.state
    claim.state, claim.set_aside_reason = State.SET_ASIDE, why
    claim.save(update_fields=["state", "set_aside_reason"])
    record(
        "set_aside",
        claim,
        actor=actor,
        project=claim.project_id,
        claim=claim.pk,
        before={"state": before},
        after={"state": claim.state, "set_aside_reason": why},
        reason=words.prose(note, "note"),
    )
    return claim


@transaction.atomic
def restore(claim_id: uuid.UUID, *, actor: User, version: str | None = None) -> Claim:
    """Take a claim that was set aside back to the state that its verdicts make."""
    claim = lock_claim(claim_id, actor, Verb.RESTORE)
    refuse_outdated(claim, version, says(claim), "edit_claim")
    why = claim.set_aside_reason
    claim.set_aside_reason = ""
    claim.state = state_by_verdicts(claim)
    claim.save(update_fields=["state", "set_aside_reason"])
    record(
        "restore",
        claim,
        actor=actor,
        project=claim.project_id,
        claim=claim.pk,
        before={"state": State.SET_ASIDE, "set_aside_reason": why},
        after={"state": claim.state},
    )
    return claim


def state_by_verdicts(claim: Claim) -> State:
    """The state that the claim's current verdicts make: one query. Expects the claim's lock."""
    current = Verdict.objects.current().filter(claim=claim)
    ratings = current.values_list(Coalesce("rating__replaced_by", "rating"), flat=True)
    return state_of(list(ratings), claim.required)


def _place_to_change(appearance_id: uuid.UUID, actor: User, verb: Verb) -> tuple[Claim, Appearance]:
    """A place in an article's newest text, and its claim, locked; refuses where a ruling rests."""
    of_the_actors = Appearance.objects.filter(project__memberships__user=actor)
    place = of_the_actors.filter(pk=appearance_id).values("claim_id").first()
    if place is None:
        raise NotFound("There is no such appearance.")
    claim = lock_claim(place["claim_id"], actor, verb)
    appearance = claim.appearances.filter(pk=appearance_id).first()
    if appearance is None:
        raise NotFound("There is no such appearance.")
    if not claim.appearances.current().filter(pk=appearance_id).exists():
        raise Conflict(
            "This mark is in an older text, which stays as it was. "
            "Reload the article and change it in the new one."
        )
    return claim, appearance


def _save_in_the_newest_text(*places: Appearance, **how: Any) -> None:
    """Save places, new ones unless `update_fields` says otherwise.

    Refuses where the claim stands there already, and where a new text came at this moment.
    """
    try:
        for place in places:
            place.save(**(how or {"force_insert": True}))
    except IntegrityError as error:
        if promise_of(error) == "place_is_in_the_newest_text":
            raise Conflict(NEWER, field="revision") from error
        if promise_of(error) == "claim_stands_once_in_a_place":
            raise Conflict("The claim is already marked on these words.", field="start") from error
        raise


def _statement(value: str) -> str:
    return words.line(" ".join(value.split()), "statement", longest=words.STATEMENT, required=True)


def _worth(claim: Claim) -> int:
    return worth(claim.statement, claim.kind, named=claim.claimant_id is not None)


def _kind(value: str) -> str:
    if value not in set(ClaimKind):
        raise Malformed(f"The kind is one of: {', '.join(ClaimKind)}.", field="kind")
    return value


def _topics(values: Sequence[str]) -> list[str]:
    if len(values) > MOST_TOPICS:
        raise Malformed(f"A claim has {MOST_TOPICS} topics at most.", field="topics")
    made = (words.line(value, "topics", longest=60, required=True) for value in values)
    return list(dict.fromkeys(made))


def _claimant(project_id: uuid.UUID, name: str, role: str) -> Claimant | None:
    """The claimant of that name (and role, if one is given), new if need be: one query.

    None for an empty name.
    """
    name = words.line(name, "claimant", longest=200)
    role = words.line(role, "claimant_role", longest=200)
    if not name:
        return None
    values = {"id": uuid7(), "project": project_id, "name": name, "role": role}
    return next(iter(Claimant.objects.raw(KNOWN_OR_NEW_CLAIMANT, values)))


def _tell_of_place(place: Appearance, actor: User) -> None:
    """Log a further place of a claim, in the transaction that made it."""
    record(
        "add_appearance",
        place,
        actor=actor,
        project=place.project_id,
        claim=place.claim_id,
        after=stands(place),
    )


def _appearance(
    article: Article,
    claim: Claim,
    start: int,
    end: int,
    quote: str | None,
    revision_id: uuid.UUID | None,
    actor: User,
) -> Appearance:
    if revision_id is not None and revision_id != article.revision_id:
        start, end = _carried_here(article, revision_id, start, end)
    if quote is not None:
        words.refuse_unstorable(quote, "quote")
    anchor = anchor_at(article.text, start, end, quote)
    blocks = (Block(Kind(kind), first, last) for kind, first, last in article.blocks)
    refuse_furniture(blocks, anchor)
    return Appearance(
        project_id=article.project_id,
        claim=claim,
        article=article,
        revision_id=article.revision_id,
        start=anchor.start,
        end=anchor.end,
        quote=anchor.quote,
        prefix=anchor.prefix,
        suffix=anchor.suffix,
        marked_by=actor,
    )


def _carried_here(
    article: Article, revision_id: uuid.UUID, start: int, end: int
) -> tuple[int, int]:
    """Where words of an older text stand in the newest, if they are carried there by themselves."""
    older = article.revisions.filter(pk=revision_id).values_list("text", flat=True).first()
    if older is None:
        raise Malformed(
            "This is not a revision of the article. Reload it and mark the words there.",
            field="revision",
        )
    anchor_at(older, start, end)
    fate = carry(older, article.text, [(start, end)])[0]
    if fate.result.waits or fate.place is None:
        raise Conflict(NEWER, field="revision")
    return fate.place.start, fate.place.end
