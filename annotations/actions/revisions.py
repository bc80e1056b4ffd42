"""New texts of an article: what becomes of each place, seen before and done in one transaction."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations.actions.access import article_for, lock_claim
from annotations.actions.articles import PLAIN, canonical_of, make_revision
from annotations.actions.claims import stands
from annotations.actions.log import Told, record, record_all
from annotations.models import Appearance, Article, Reattachment, Revision, User
from annotations.models.ids import uuid7
from annotations.rules import words
from annotations.rules.anchors import anchor_at, refuse_furniture
from annotations.rules.canonical import CanonicalText, Kind
from annotations.rules.carrying import Carried, Place, Result, carry
from annotations.rules.graphemes import widened
from annotations.rules.permissions import Verb
from annotations.rules.reattaching import CameBy, Outcome, Waits
from annotations.rules.refusals import Conflict, Malformed, NotFound

MOST_PLACES = 20
OCCUPIED = "The claim stands on these words already, by another of its places."
CUT = "The words stand, and a character at their edge became part of another one."


@dataclass(frozen=True, slots=True)
class Becomes:
    """A place and what becomes of it; `waited` is the row of one that waits already."""

    place: Appearance
    fate: Carried
    waited: Reattachment | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A new text beside the article's newest one (`article.text`), and what becomes of each place.

    The places come in the order of the old text, those that waited already after them.
    """

    article: Article
    canonical: CanonicalText
    becomes: tuple[Becomes, ...]

    @property
    def counts(self) -> dict[str, int]:
        return counts_of(self.becomes)


def counts_of(becomes: Collection[Becomes]) -> dict[str, int]:
    """How many places have which result, each result named."""
    found = dict.fromkeys((result.value for result in Result), 0)
    for one in becomes:
        found[one.fate.result.value] += 1
    return found


def preview_revision(
    article_id: uuid.UUID | str,
    *,
    actor: User,
    text: str,
    media_type: str = PLAIN,
    furniture: Collection[str] = (),
) -> Preview:
    """What `revise_article` would do with this text. Nothing is written."""
    article = article_for(article_id, actor, Verb.REVISE_ARTICLE)
    return _preview(article, text, media_type, furniture)


@transaction.atomic
def revise_article(
    article_id: uuid.UUID | str,
    *,
    actor: User,
    text: str,
    based_on: uuid.UUID,
    media_type: str = PLAIN,
    furniture: Collection[str] = (),
) -> Revision:
    """A new text of an article, `based_on` the revision that its preview was made from.

    Places whose words and neighbourhood are whole, or that were moved as they are, are carried
    over; the others wait for a moderator. The article is locked: of two who revise at once, the
    second is told. The new revision has `becomes`, as `Preview` has.
    """
    article = article_for(article_id, actor, Verb.REVISE_ARTICLE)
    Article.objects.select_for_update().get(pk=article.pk)
    article = article_for(article.pk, actor, Verb.REVISE_ARTICLE)
    if article.revision_id != based_on:
        raise Conflict(
            f"The article has got revision {article.revision_number} since you looked. "
            "Look at the preview again: it now shows what your text changes in that one.",
            field="based_on",
            offers=_newest(article),
        )
    preview = _preview(article, text, media_type, furniture)
    number = article.revision_number + 1
    revision = make_revision(article, number, preview.canonical, text, media_type, actor)
    record(
        "revise_article",
        article,
        actor=actor,
        project=article.project_id,
        before={"revision": article.revision_id, "number": article.revision_number},
        after={"revision": revision.pk, "number": revision.number, "sha256": revision.sha256}
        | preview.counts,
    )
    _carry_over(preview, revision, actor)
    revision.becomes = preview.becomes
    return revision


@transaction.atomic
def reattach(
    reattachment_id: uuid.UUID,
    *,
    actor: User,
    places: Sequence[tuple[int, int]] = (),
    quote: str | None = None,
    ask_again: bool = False,
    revision_id: uuid.UUID | None = None,
) -> list[Appearance]:
    """Give a place that waits its new place, or several, in the article's newest text.

    Without `places`, the one that was proposed. `quote`, where it is given, has to be the text of
    the first. With `ask_again` the verdicts given so far stay stale until they are given anew.
    `revision_id`, where it is given, is the text that the places were chosen in.
    """
    waiting, article = _waiting(reattachment_id, actor, revision_id)
    given = list(dict.fromkeys(places))
    if not given and waiting.why == Waits.REVIEW:
        given = [(start, end) for start, end in waiting.places[:1]]
    if not given:
        raise Malformed("Say where the claim stands now, or let the mark go.", field="places")
    if len(given) > MOST_PLACES:
        raise Malformed(f"{MOST_PLACES} places at once are the most.", field="places")
    newest = Revision.objects.get(pk=article.revision_id)
    made = []
    for n, (start, end) in enumerate(given):
        anchor = anchor_at(article.text, start, end, quote if n == 0 else None)
        refuse_furniture(newest.cut(), anchor)
        made.append(
            _stands_anew(waiting.appearance, newest, anchor.start, anchor.end, CameBy.SETTLED)
        )
    try:
        Appearance.objects.bulk_create(made)
    except IntegrityError as error:
        raise Conflict("The claim is marked on these words already.", field="places") from error
    _settle(waiting, Outcome.REATTACHED, actor, asks_again=ask_again)
    for place in made:
        record("reattach", place, actor=actor, project=waiting.project_id, claim=waiting.claim_id,
               before=stands(waiting.appearance),
               after=stands(place) | {"asks_again": ask_again})  # fmt: skip
    return made


@transaction.atomic
def let_go(
    reattachment_id: uuid.UUID,
    *,
    actor: User,
    note: str = "",
    revision_id: uuid.UUID | None = None,
) -> Reattachment:
    """Leave a place that waits in the older text: the newest one does not say this any more.

    The claim, its verdicts and its rulings stay, and so does the mark in the older text.
    """
    waiting, _ = _waiting(reattachment_id, actor, revision_id)
    reason = words.prose(note, "note")
    _settle(waiting, Outcome.LET_GO, actor)
    record("let_go", waiting.appearance, actor=actor, project=waiting.project_id,
           claim=waiting.claim_id, before=stands(waiting.appearance), reason=reason)  # fmt: skip
    return waiting


def _preview(article: Article, text: str, media_type: str, furniture: Collection[str]) -> Preview:
    theirs = (article.text[s:e] for kind, s, e in article.blocks if kind == Kind.FURNITURE)
    canonical, _ = canonical_of(text, media_type, {*furniture, *theirs})
    if canonical.text == article.text:
        raise Conflict(
            f"This is the text of revision {article.revision_number}, character for character. "
            "There is nothing to bring in.",
            field="text",
        )
    return Preview(article, canonical, tuple(_becomes(article, canonical.text)))


def _becomes(article: Article, new: str) -> list[Becomes]:
    """What becomes of the places in the newest text, and of those that wait since an older one."""
    places = list(
        Appearance.objects.filter(revision=article.revision_id)
        .select_related("claim")
        .order_by("start", "end", "id")
    )
    found = _fates(article.text, new, places, {})
    waiting = (
        Reattachment.objects.waiting()
        .filter(article=article)
        .select_related("claim", "appearance__revision", "appearance__claim")
        .order_by("id")
    )
    by_text: dict[uuid.UUID, list[Reattachment]] = defaultdict(list)
    for one in waiting:
        by_text[one.appearance.revision_id].append(one)
    for group in by_text.values():
        stood = [one.appearance for one in group]
        found += _fates(
            stood[0].revision.text, new, stood, {one.appearance_id: one for one in group}
        )
    return _without_collisions(found)


def _fates(
    old: str, new: str, places: Sequence[Appearance], waited: dict[uuid.UUID, Reattachment]
) -> list[Becomes]:
    fates = carry(old, new, [(place.start, place.end) for place in places])
    return [
        Becomes(place, _whole(new, fate), waited.get(place.pk))
        for place, fate in zip(places, fates, strict=True)
    ]


def _whole(new: str, fate: Carried) -> Carried:
    """The fate, unless the place cuts a character of the new text: then a person decides."""
    at = fate.place
    if at is None or fate.result.waits:
        return fate
    start, end = widened(new, at.start, at.end)
    if (start, end) == (at.start, at.end):
        return fate
    return Carried(Result.REVIEW, CUT, Place(start, end, new[start:end]))


def _without_collisions(found: list[Becomes]) -> list[Becomes]:
    """No two places of a claim on the same words: those that stayed before those that moved."""
    taken: set[tuple[uuid.UUID, int, int]] = set()
    kept: dict[uuid.UUID, Becomes] = {}
    for one in sorted(found, key=lambda one: one.fate.result != Result.EXACT):
        at = one.fate.place
        where = (one.place.claim_id, at.start, at.end) if at else None
        if where and not one.fate.result.waits:
            if where in taken:
                one = Becomes(one.place, Carried(Result.ORPHAN, OCCUPIED), one.waited)
            taken.add(where)
        kept[one.place.pk] = one
    return [kept[one.place.pk] for one in found]


def _carry_over(preview: Preview, revision: Revision, actor: User) -> None:
    """Write what becomes of each place: new ones, those that wait, and what the log is told."""
    text = preview.canonical.text
    now = timezone.now()
    carried: list[Appearance] = []
    wait: list[Reattachment] = []
    waits_on: list[Reattachment] = []
    told: list[Told] = []
    for one in preview.becomes:
        place, fate, waited = one.place, one.fate, one.waited
        if waited is not None:
            waits_on.append(waited)
        if fate.place is not None and not fate.result.waits:
            how = CameBy(fate.result.value)
            made = _stands_anew(place, revision, fate.place.start, fate.place.end, how)
            carried.append(made)
            if waited is not None:
                waited.outcome, waited.settled_by, waited.settled_at = Outcome.CARRIED, actor, now
            if waited is not None or fate.result == Result.MOVED:
                told.append(Told("carry", made, place.claim_id, stands(place), stands(made)))
        elif waited is not None:
            _wait_on(waited, preview.article.text, revision, fate)
        else:
            why, places = Waits(fate.result.value), places_of(fate)
            wait.append(
                Reattachment(
                    project_id=place.project_id, claim_id=place.claim_id, article=preview.article,
                    revision=revision, appearance=place, why=why, reason=fate.reason,
                    places=places, found_at=now,
                )
            )  # fmt: skip
            after = {"why": why, "words": [text[start:end] for start, end in places]}
            told.append(Told("lose_place", place, place.claim_id, stands(place), after))
    Appearance.objects.bulk_create(carried)
    Reattachment.objects.bulk_create(wait)
    Reattachment.objects.bulk_update(
        waits_on,
        ["revision", "why", "reason", "places", "found_at", "outcome", "settled_at", "settled_by"],
    )
    record_all(told, actor=actor, project=revision.project_id)


def places_of(fate: Carried) -> list[list[int]]:
    """`[start, end]` of what may be chosen: what is proposed and its pieces, or the candidates."""
    proposed = (fate.place,) if fate.place else ()
    return [[one.start, one.end] for one in (*proposed, *fate.fragments, *fate.candidates)]


def _wait_on(waited: Reattachment, before: str, revision: Revision, fate: Carried) -> None:
    """A place that waited still waits; where the words proposed are others, it is found anew."""
    was = waited.why, [before[start:end] for start, end in waited.places]
    waited.revision, waited.why = revision, Waits(fate.result.value)
    waited.reason, waited.places = fate.reason, places_of(fate)
    if was != (waited.why, [revision.text[start:end] for start, end in waited.places]):
        waited.found_at = timezone.now()


def _stands_anew(
    place: Appearance, revision: Revision, start: int, end: int, how: CameBy
) -> Appearance:
    """The place in a new text, not saved, on whole characters."""
    anchor = anchor_at(revision.text, start, end)
    return Appearance(
        id=uuid7(),
        project_id=place.project_id,
        claim_id=place.claim_id,
        article_id=place.article_id,
        revision=revision,
        start=anchor.start,
        end=anchor.end,
        quote=anchor.quote,
        prefix=anchor.prefix,
        suffix=anchor.suffix,
        marked_by_id=place.marked_by_id,
        marked_at=place.marked_at,
        carried_from_id=place.pk,
        carried=how,
    )


def _waiting(
    reattachment_id: uuid.UUID, actor: User, revision_id: uuid.UUID | None
) -> tuple[Reattachment, Article]:
    """A place that waits and its article's newest text, both locked against a new text."""
    found = Reattachment.objects.of(actor).filter(pk=reattachment_id).first()
    if found is None:
        raise NotFound("There is no such mark that waits for a place.")
    # In the order of `revise_article`: the article first.
    Article.objects.select_for_update(no_key=True).get(pk=found.article_id)
    lock_claim(found.claim_id, actor, Verb.REATTACH)
    waiting = Reattachment.objects.select_related("appearance", "settled_by").get(pk=found.pk)
    if waiting.settled_by is not None:
        raise Conflict(
            f"{waiting.settled_by.pseudonym} has decided this already: "
            f"{waiting.get_outcome_display().lower()}."
        )
    article = article_for(waiting.article_id, actor, Verb.REATTACH)
    if revision_id not in (None, article.revision_id):
        raise Conflict(
            f"The article has got revision {article.revision_number} since you looked, so nothing "
            "was decided. Look again: what waits is now shown in that text.",
            field="revision",
            offers=_newest(article),
        )
    return waiting, article


def _newest(article: Article) -> dict[str, object]:
    """Which text is the newest, for who has looked at an older one."""
    return {"newest": {"id": str(article.revision_id), "number": article.revision_number}}


def _settle(
    waiting: Reattachment, outcome: Outcome, actor: User, *, asks_again: bool = False
) -> None:
    waiting.outcome, waiting.asks_again = outcome, asks_again
    waiting.settled_by, waiting.settled_at = actor, timezone.now()
    waiting.save(update_fields=["outcome", "asks_again", "settled_by", "settled_at"])
