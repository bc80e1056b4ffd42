"""Ruling on a claim, correcting a ruling, withdrawing it. A ruling is never changed."""

import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from annotations.actions.access import lock_claim
from annotations.actions.log import record
from annotations.models import Claim, Evidence, Rating, Ruling, RulingEvidence, User, Verdict
from annotations.rules import words
from annotations.rules.claims import CorrectionKind, RulingKind
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Conflict, Malformed, NotAllowed, Problems, Unprocessable
from annotations.rules.states import State
from annotations.rules.versions import Outdated, version_of

NO_SOURCE = (
    "A ruling needs at least one passage of evidence with a source. "
    "Tick one, or leave it in review."
)


@transaction.atomic
def publish_ruling(
    claim_id: uuid.UUID,
    *,
    actor: User,
    rating: str,
    summary: str,
    evidence: Sequence[uuid.UUID],
    reason: str = "",
    version: str | None = None,
) -> Ruling:
    """Publish the project's conclusion on a claim whose verdicts are in.

    `version` is that of the verdicts which were read (`version_of_verdicts`); others are refused.
    """
    claim = lock_claim(claim_id, actor, Verb.RULE)
    refuse_other_verdicts(claim, version)
    if claim.gold.exists():
        raise Conflict(
            "This claim is a gold item, whose verdicts make no ruling. Take it out of the gold "
            "items first."
        )
    _refuse_own(claim, actor)
    problems = Problems()
    if claim.state == State.DISPUTED and not reason.strip():
        problems["reason"] = (
            "The reviewers disagreed, so the ruling needs your reason. "
            "Write a sentence and publish again."
        )
    ruling = Ruling(kind=RulingKind.PUBLICATION, reason=words.prose(reason, "reason"))
    return _rule(claim, ruling, State.PUBLISHED, actor, rating, summary, evidence, problems)


@transaction.atomic
def correct_ruling(
    claim_id: uuid.UUID,
    *,
    actor: User,
    rating: str,
    summary: str,
    evidence: Sequence[uuid.UUID],
    note: str,
    correction: str,
    follows: int | None = None,
) -> Ruling:
    """Follow a published ruling with a new one; `note` is public and says what changed.

    `follows`, here and below, is the number of the ruling that was read when the words were begun;
    another one in force is refused. None asks nothing.
    """
    claim = lock_claim(claim_id, actor, Verb.CORRECT)
    _refuse_followed(claim, follows)
    _refuse_own(claim, actor)
    problems = Problems()
    if correction not in set(CorrectionKind):
        kinds = ", ".join(kind.replace("_", " ") for kind in CorrectionKind)
        problems["correction"] = f"Say of which kind the correction is: {kinds}."
        correction = CorrectionKind.SUBSTANTIAL
    ruling = Ruling(kind=RulingKind.CORRECTION, correction=correction)
    words.refuse_unstorable(note, "note")
    ruling.note = problems.attempt(lambda: _note(note), "")
    _refuse_the_same(claim, ruling, rating, summary, evidence, problems)
    return _rule(claim, ruling, State.CORRECTED, actor, rating, summary, evidence, problems)


@transaction.atomic
def withdraw_ruling(
    claim_id: uuid.UUID, *, actor: User, note: str, follows: int | None = None
) -> Ruling:
    """Take a published ruling back; its page says so, with the note and the date."""
    claim = lock_claim(claim_id, actor, Verb.WITHDRAW)
    _refuse_followed(claim, follows)
    _refuse_own(claim, actor)
    ruling = Ruling(kind=RulingKind.WITHDRAWAL, note=_note(note))
    return _save(claim, ruling, State.WITHDRAWN, actor, [])


def version_of_verdicts(verdicts: Iterable[Verdict]) -> str:
    """The version of what a ruling is made from: which verdicts are in force."""
    return version_of({"verdicts": sorted(str(one.pk) for one in verdicts)})


def refuse_other_verdicts(claim: Claim, version: str | None) -> None:
    """Refuse what was decided on other verdicts than those in force; None asks nothing.

    Expects the claim's lock, and somebody who may see them all.
    """
    if version is None:
        return
    verdicts = Verdict.objects.current().filter(claim=claim).select_related("reviewer", "rating")
    current = list(verdicts.order_by("-submitted_at", "-id"))
    now = version_of_verdicts(current)
    if version == now:
        return
    raise Outdated(
        f"{current[0].reviewer.pseudonym} submitted a verdict after you opened this claim. "
        "Read it beside what you wrote, then send yours again.",
        offers={
            "version": now,
            "current": {
                "verdicts": [
                    {
                        "id": one.pk,
                        "reviewer": one.reviewer.pseudonym,
                        "version": one.version,
                        "rating": one.rating.slug if one.rating else None,
                        "submitted_at": one.submitted_at,
                    }
                    for one in current
                ]
            },
        },
    )


def _note(value: str) -> str:
    made = words.prose(value, "note")
    if not made:
        raise Unprocessable(
            "Readers need to know what changed. Write a sentence for them.", field="note"
        )
    return made


def _refuse_followed(claim: Claim, follows: int | None) -> None:
    """Expects the claim's lock. What is in force now stands beside the sentence, for programs."""
    now = Ruling.objects.current().select_related("rating", "made_by").get(claim=claim)
    if follows is None or follows == now.number:
        return
    raise Conflict(
        f"Ruling {now.number} by {now.made_by.pseudonym} has followed the one that you read. "
        "Compare the two, then send yours again to follow it.",
        offers={
            "in_force": {
                "id": now.pk,
                "number": now.number,
                "rating": now.rating.slug if now.rating else None,
                "summary": now.summary,
                "note": now.note,
            }
        },
    )


def _refuse_the_same(
    claim: Claim,
    ruling: Ruling,
    rating: str,
    summary: str,
    evidence: Sequence[uuid.UUID],
    problems: Problems,
) -> None:
    """Collect what would tell readers of a change where there is none, or of none."""
    old = Ruling.objects.current().select_related("rating__replaced_by").get(claim=claim)
    now = old.rating.counts_as if old.rating else None
    if now is None or now.slug != rating:
        if rating and ruling.correction == CorrectionKind.TYPO:
            problems["correction"] = (
                f"A typo leaves the rating at “{now}”. Choose that rating, or another "
                "kind of correction."
            )
        return
    if ruling.correction == CorrectionKind.RATING_CHANGED:
        problems["correction"] = (
            f"The rating is “{old.rating_name}” already. Choose another rating, or another kind."
        )
    rests_on = set(old.rests_on.values_list("evidence", flat=True))
    if old.summary == summary.strip() and rests_on == set(evidence):
        problems["summary"] = (
            "Rating, summary and evidence are those of the ruling in force. Change one of them."
        )


def _refuse_own(claim: Claim, actor: User) -> None:
    """The two-person rule: the maker of a ruling is not the claim's only reviewer."""
    if claim.project.one_person_suffices:
        return
    if not Verdict.objects.current().filter(claim=claim).of_others_than(actor).exists():
        raise NotAllowed(
            "Yours is the only verdict on this claim, so another moderator must rule on it."
        )


def _rule(
    claim: Claim,
    ruling: Ruling,
    state: State,
    actor: User,
    rating: str,
    summary: str,
    evidence: Sequence[uuid.UUID],
    problems: Problems,
) -> Ruling:
    """Fill a ruling with what every published one needs, and save it; `problems` has some."""
    words.refuse_unstorable(rating, "rating")
    on_scale = {one.slug: one for one in Rating.objects.in_use(claim.project)}
    if not rating:
        problems["rating"] = "A ruling needs a rating. Choose one on the scale."
    elif rating not in on_scale:
        raise Malformed(
            f"“{rating[:60]}” is not on this project's scale. Choose one of: "
            f"{', '.join(on_scale)}.",
            field="rating",
        )
    ruling.summary = words.prose(summary, "summary")
    if not ruling.summary:
        problems["summary"] = "A ruling needs a summary. Write what readers should know."
    if not evidence:
        problems["evidence"] = NO_SOURCE
    problems.refuse(Unprocessable)
    ruling.rating = one = on_scale[rating]
    ruling.rating_name, ruling.rating_definition = one.name, one.definition
    ruling.rating_look = one.look
    return _save(claim, ruling, state, actor, _evidence(claim, evidence))


def _evidence(claim: Claim, wanted: Sequence[uuid.UUID]) -> list[Evidence]:
    """The evidence of those ids, in that order; all of submitted verdicts on the claim."""
    found = {
        one.pk: one
        for one in Evidence.objects.filter(
            pk__in=wanted, verdict__claim=claim, verdict__submitted_at__isnull=False
        ).select_related("source")
    }
    wanted = list(dict.fromkeys(wanted))
    if len(found) != len(wanted):
        raise Malformed(
            "One of these passages is not evidence of a submitted verdict on this claim. "
            "Reload the claim and tick again.",
            field="evidence",
        )
    if not any(one.source_id for one in found.values()):
        raise Unprocessable(NO_SOURCE, field="evidence")
    return [found[one] for one in wanted]


def _save(
    claim: Claim, ruling: Ruling, state: State, actor: User, evidence: list[Evidence]
) -> Ruling:
    """Write the ruling, close the one before it, and move the claim. Expects the claim's lock."""
    last = Ruling.objects.filter(claim=claim).aggregate(n=Max("number"))["n"] or 0
    Ruling.objects.current().filter(claim=claim).update(superseded_at=timezone.now())
    ruling.project_id, ruling.claim, ruling.made_by = claim.project_id, claim, actor
    ruling.number = last + 1
    ruling.save(force_insert=True)
    RulingEvidence.objects.bulk_create(
        RulingEvidence(project_id=claim.project_id, ruling=ruling, evidence=one, position=n)
        for n, one in enumerate(evidence)
    )
    before = claim.state
    if before != state:
        claim.state = state
        claim.save(update_fields=["state"])
    record(
        {
            RulingKind.PUBLICATION: "publish",
            RulingKind.CORRECTION: "correct",
            RulingKind.WITHDRAWAL: "withdraw",
        }[RulingKind(ruling.kind)],
        ruling,
        actor=actor,
        project=claim.project_id,
        claim=claim.pk,
        before={"state": before},
        after={
            "state": state,
            "number": ruling.number,
            "rating": ruling.rating.slug if ruling.rating else None,
            "summary": ruling.summary,
            "note": ruling.note,
            "correction": ruling.correction,
            "evidence": [one.pk for one in evidence],
        },
        reason=ruling.reason,
    )
    return ruling
