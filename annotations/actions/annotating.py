"""Web Annotations written by a person: a mark with what it says, and one's own verdict on it.

An annotation is claimed as a whole or refused as a whole. What it says of a rating is the actor's
own verdict, whatever creator it names: a whole one is submitted, one that lacks something waits as
the actor's draft, and nobody else sees it.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.db import transaction

from annotations.actions.access import article_for, lock_claim, require
from annotations.actions.bringing_in import ratings_of
from annotations.actions.claims import (
    MOST_PLACES,
    add_appearance,
    edit_claim,
    mark_claim,
    move_appearance,
    unmark_claim,
)
from annotations.actions.verdicts import as_judged, discard_draft, save_draft, submit_verdict
from annotations.formats import pages, webannotation
from annotations.formats.annotated import KEPT, claims_of, each, iri, several, types
from annotations.formats.contract import ReadAsked
from annotations.formats.given import ArticleGiven, ClaimGiven, Found, Refused, VerdictGiven
from annotations.formats.quotes import Quotes
from annotations.models import AnnotationName, Appearance, Article, Claim, Project, User
from annotations.models.annotated import annotation, annotations_in, tag_of, with_all
from annotations.rules.imports import heard
from annotations.rules.iris import refuse_no_iri
from annotations.rules.permissions import CLOSED, Verb
from annotations.rules.refusals import Conflict, Malformed, NotFound, Refusal, Unprocessable
from annotations.rules.states import State
from annotations.rules.verdicts import EvidenceGiven, Judgement, checked
from annotations.rules.versions import Outdated

CONTEXTS = ("http://www.w3.org/ns/anno.jsonld", "https://www.w3.org/ns/anno.jsonld")
MOST_KEPT = 10_000  # bytes of what is kept as it is given
STAYS = "This stays as it was when the annotation was made. Send it as you read it."
OF_NO_ARTICLE = (
    "The project has no article at “{}”. Name the article's address, or its page here, as the "
    "source of the target; a moderator brings an article in first."
)


class OtherContext(Refusal):
    """JSON-LD whose names may mean something else than the model's."""

    status = 415
    title = "Not readable here"


@dataclass(frozen=True, slots=True)
class Place:
    """Words of an article's newest text; `quote` is None where only offsets were given."""

    article: uuid.UUID
    revision: uuid.UUID
    start: int
    end: int
    quote: str | None


@transaction.atomic
def annotate(
    project: str, given: Mapping[str, Any], *, actor: User, site: str, name: str = ""
) -> uuid.UUID:
    """Mark the claim of an annotation where its targets say, judge it if its bodies do.

    `site` is the address under which the client knows this site; `name` what it would like the
    annotation to be called, which is left aside where another is or was called so.
    """
    found = Project.objects.of(actor).filter(slug=project).first()
    if found is None:
        raise NotFound("There is no such project, or you may not know of it.")
    require(found.role, Verb.MARK)
    kept = _kept(given)
    said = _said(found, given)
    first, *others = _places(found, said, actor, site)
    here = [one for one in others if one.article == first.article]
    claim = mark_claim(
        first.article,
        first.start,
        first.end,
        actor=actor,
        quote=first.quote,
        revision_id=first.revision,
        statement=said[0].claims[0].statement,
        topics=said[0].claims[0].topics,
        further=[(one.start, one.end) for one in here],
    ).claim
    for one in others:
        if one not in here:
            add_appearance(claim.pk, one.article, one.start, one.end, actor=actor,
                           quote=one.quote, revision_id=one.revision)  # fmt: skip
    if kept:
        claim.kept = {webannotation.SLUG: kept}
        claim.save(update_fields=["kept"])
    if name:
        called = AnnotationName(project=found, name=name, claim=claim.pk)
        AnnotationName.objects.bulk_create([called], ignore_conflicts=True)
    judged = _judgement(found, said, Judgement())
    if judged != Judgement():
        _judge(claim.pk, judged, actor, based_on=None)
    made: uuid.UUID = claim.pk
    return made


@transaction.atomic
def annotate_anew(
    claim_id: uuid.UUID,
    given: Mapping[str, Any],
    *,
    actor: User,
    site: str,
    version: str | None = None,
) -> None:
    """Put an annotation in the place of the one that there is: its statement and topics, its place
    if it has one, and the actor's own verdict. What did not change is not touched, so that whoever
    may only judge sends the rest as it was read.
    """
    claim, now, current = _locked(claim_id, actor, site, version)
    _refuse_what_stays(given, current)
    said = _said(claim.project, given)
    _say(claim, given, said[0].claims[0], actor)
    if given["target"] != current["target"]:
        _move(now.places, _places(claim.project, said, actor, site), actor)
    own = next(iter(now.own), None)
    shown = _shown(now)
    judged = _judgement(claim.project, said, shown)
    if checked(judged) == checked(shown):
        return
    if now.ruling_now is not None:
        raise Conflict(CLOSED[Verb.EDIT_CLAIM][State.PUBLISHED])
    based_on = None if version is None else own.saved_at.isoformat() if own else ""
    if judged.rating or judged.rationale or judged.evidence:
        _judge(claim.pk, judged, actor, based_on=based_on)
    elif own is not None and own.submitted_at is None:
        discard_draft(claim.pk, actor=actor, based_on=based_on)
    else:
        raise Conflict(
            "You have submitted a verdict on this claim, and it stays in the record. Send its "
            "bodies as you read them, or others to revise it."
        )


@transaction.atomic
def remove_annotation(
    claim_id: uuid.UUID, *, actor: User, site: str, version: str | None = None
) -> None:
    """Remove the mark, with the actor's own draft on it, which is a part of what was read."""
    claim, now, _ = _locked(claim_id, actor, site, version)
    own = next(iter(now.own), None)
    require(claim.role, Verb.UNMARK, own=claim.marked_by_id == actor.pk)
    if own is not None and own.submitted_at is None:
        discard_draft(claim.pk, actor=actor)
    unmark_claim(claim.pk, actor=actor)


def _locked(
    claim_id: uuid.UUID, actor: User, site: str, version: str | None
) -> tuple[Claim, Any, dict[str, Any]]:
    """The claim, locked, as the actor reads it, and as an annotation; refuses one that is not as it
    was read.
    """
    claim = lock_claim(claim_id, actor, Verb.JUDGE, in_any_state=True)
    now = with_all(annotations_in(claim.project.slug, actor).filter(pk=claim.pk), actor).get()
    current = annotation(now, site)
    if version is not None and version != tag_of(current):
        raise Outdated(
            "This annotation has changed since you read it. Compare the two, then send yours "
            "again with the new ETag.",
            offers={"version": tag_of(current), "current": current},
        )
    return claim, now, current


def _said(project: Project, given: Mapping[str, Any]) -> list[ArticleGiven]:
    """What an annotation says of each article it marks; refuses one of which a part is wrong."""
    contexts = several(given.get("@context"))
    if contexts and not any(one in CONTEXTS for one in contexts):
        raise OtherContext(
            f"The names in this JSON-LD are those of another context. Use {CONTEXTS[0]}.",
            field="@context",
        )
    asked = ReadAsked(ratings=ratings_of(project))
    found: list[ArticleGiven] = []
    for one in claims_of(given, asked):
        if isinstance(one, Refused):
            raise Malformed(one.sentence)
        if isinstance(one, Found):
            found.append(one.article)
    if sum(len(one.claims[0].quotes) for one in found) > MOST_PLACES:
        raise Malformed(
            f"A claim is marked in {MOST_PLACES} places at once at most.", field="target"
        )
    return found


def _places(project: Project, said: Sequence[ArticleGiven], actor: User, site: str) -> list[Place]:
    """Where the targets stand in the newest texts, each once."""
    places: dict[tuple[uuid.UUID, int, int], Place] = {}
    for one in said:
        article = article_for(_article(project, one, site), actor, Verb.MARK)
        quotes = Quotes(article.text)
        for quote in one.claims[0].quotes:
            at = quotes.place(quote)
            words = article.text[at.start : at.end] if quote.quote else None
            place = Place(article.pk, article.revision_id, at.start, at.end, words)
            places.setdefault((place.article, at.start, at.end), place)
    return list(places.values())


def _article(project: Project, given: ArticleGiven, site: str) -> uuid.UUID:
    """The project's article at its page here, or of that address."""
    mine = Article.objects.filter(project=project)
    own = [one for one in (given.key, given.address) if one.startswith(f"{site}/")]
    slugs = [slug for one in own if (slug := pages.article_in(one))]
    found = (
        mine.filter(slug__in=slugs).first() or mine.at_address(given.address).order_by("id").first()
    )
    if found is None:
        raise Unprocessable(OF_NO_ARTICLE.format(given.address[:200]), field="target")
    return found.pk


def _kept(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given back as it came: where the annotation comes from, and its rights."""
    kept = {name: given[name] for name in KEPT if given.get(name) is not None}
    if "canonical" in kept:
        refuse_no_iri(kept["canonical"], "canonical")
    via = [*several(kept.get("via")), *([sent] if (sent := iri(given)) else [])]
    for one in via:
        refuse_no_iri(one, "via")
    via = list(dict.fromkeys(via))
    if via:
        kept["via"] = via[0] if len(via) == 1 else via
    if len(orjson.dumps(kept)) > MOST_KEPT:
        raise Malformed(
            f"Beside body and target an annotation keeps {MOST_KEPT:,} bytes: {', '.join(kept)} "
            "have more. Send less."
        )
    return kept


def _refuse_what_stays(given: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Refuse to change what only the making of an annotation sets; what is left out stays."""
    sent = {name: given[name] for name in KEPT if given.get(name) is not None}
    if iri(given):
        sent["id"] = iri(given)
    if changed := [name for name, value in sent.items() if value != now.get(name)]:
        raise Conflict(problems=dict.fromkeys(changed, STAYS))


def _say(claim: Claim, given: Mapping[str, Any], said: ClaimGiven, actor: User) -> None:
    """What the claim says, where it says something else than before."""
    described = any("describing" in types(one, "purpose") for one in each(given.get("body")))
    statement = said.statement if described and said.statement != claim.statement else None
    topics = said.topics if list(said.topics) != claim.topics else None
    if statement is not None or topics is not None:
        edit_claim(claim.pk, actor=actor, statement=statement, topics=topics)


def _move(now: Sequence[Appearance], places: Sequence[Place], actor: User) -> None:
    """Other words for the one place of a claim."""
    before = {(one.article_id, one.start, one.end) for one in now}
    if {(one.article, one.start, one.end) for one in places} == before:
        return
    if len(now) != 1 or len(places) != 1 or now[0].article_id != places[0].article:
        raise Conflict(
            "Of a claim with several places, or one that goes to another article, the places are "
            "changed one by one: on the article's page, or at /api/v1/appearances/.",
            field="target",
        )
    to = places[0]
    move_appearance(now[0].pk, to.start, to.end, actor=actor, quote=to.quote,
                    revision_id=to.revision)  # fmt: skip


def _shown(now: Any) -> Judgement:
    """What the annotation shows of a judgement, with what it has no words for."""
    own = next(iter(now.own), None)
    if now.ruling_now is not None:
        ruling = now.ruling_now
        pieces = [EvidenceGiven(one.stance, one.source.address, quote=one.quote)
                  for one in ruling.pieces if one.source]  # fmt: skip
        return Judgement(ruling.rating.slug, ruling.summary, "", tuple(pieces))
    if own is None:
        return Judgement()
    held = as_judged(own)
    return replace(held, evidence=tuple(
        replace(given, source=None, address=piece.source.address if piece.source else "")
        for given, piece in zip(held.evidence, own.pieces, strict=True)
    ))  # fmt: skip


def _judgement(project: Project, said: Sequence[ArticleGiven], before: Judgement) -> Judgement:
    """What the bodies say, with what the model has no words for as it was before: how sure one
    is, questions with answers, and the details of a source.
    """
    verdicts = said[0].claims[0].verdicts
    if not verdicts:
        return Judgement()
    given: VerdictGiven = verdicts[0]
    word = given.rating.strip()
    known = {(piece.address, piece.quote): piece for piece in before.evidence}
    pieces = [_detailed(one, known.get((one.address, one.quote))) for one in given.evidence]
    asked = [one for one in before.evidence if not one.address]
    return Judgement(
        ratings_of(project).get(heard(word)) or word,
        given.rationale,
        before.confidence,
        (*pieces, *asked),
    )


def _detailed(piece: EvidenceGiven, before: EvidenceGiven | None) -> EvidenceGiven:
    return replace(before, stance=piece.stance or before.stance) if before else piece


def _judge(claim: uuid.UUID, judged: Judgement, actor: User, *, based_on: str | None) -> None:
    """Submit a whole verdict; keep as a draft what lacks something."""
    try:
        submit_verdict(claim, judged, actor=actor, based_on=based_on)
    except Unprocessable:
        save_draft(claim, judged, actor=actor, based_on=based_on)
