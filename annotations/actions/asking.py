"""What a moderator does instead of ruling: ask for a further verdict, send back with a question."""

import uuid
from collections.abc import Collection

from django.db import transaction

from annotations.actions.access import lock_claim
from annotations.actions.claims import state_by_verdicts
from annotations.actions.comments import write
from annotations.actions.log import record
from annotations.actions.rulings import refuse_other_verdicts
from annotations.models import Claim, Comment, User, Verdict
from annotations.rules.comments import CommentKind
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Conflict, Malformed
from annotations.rules.states import MOST_VERDICTS


@transaction.atomic
def ask_for_another(claim_id: uuid.UUID, *, actor: User, version: str | None = None) -> Claim:
    """Let a claim whose verdicts are in wait for one more, by somebody who has given none.

    `version`, here and below, is that of the verdicts which were read; others are refused.
    """
    claim = lock_claim(claim_id, actor, Verb.ASK_FOR_ANOTHER)
    refuse_other_verdicts(claim, version)
    judged = Verdict.objects.current().filter(claim=claim).values("reviewer")
    wanted = judged.count() + 1
    if wanted > MOST_VERDICTS:
        raise Conflict(f"A claim has {MOST_VERDICTS} verdicts at most. Rule on those there are.")
    if not claim.project.memberships.exclude(user__in=judged).exists():
        raise Conflict(
            "Everyone in the project has judged this claim. Ask the owner to add a reviewer."
        )
    return _wait_for(claim, wanted, actor, "ask_for_another")


@transaction.atomic
def ask_no_more(claim_id: uuid.UUID, *, actor: User, version: str | None = None) -> Claim:
    """Let the verdicts that are in suffice after all, where a further one was asked for."""
    claim = lock_claim(claim_id, actor, Verb.ASK_NO_MORE)
    if claim.verdicts_wanted is None:
        raise Conflict("No further verdict was asked for on this claim.")
    refuse_other_verdicts(claim, version)
    return _wait_for(claim, None, actor, "ask_no_more")


@transaction.atomic
def ask_again(
    claim_id: uuid.UUID,
    question: str,
    *,
    actor: User,
    reviewers: Collection[str] | None = None,
) -> Comment:
    """Send a claim back to its reviewers (pseudonyms; None: to all others than the actor).

    They answer with a new version of the verdict or a reply; the state stays what it is.
    """
    claim = lock_claim(claim_id, actor, Verb.ASK_REVIEWERS)
    judged = User.objects.filter(
        pk__in=Verdict.objects.current().filter(claim=claim).values("reviewer")
    )
    others = {one.pseudonym: one for one in judged.exclude(pk=actor.pk).order_by("pk")}
    if not others:
        raise Conflict("Yours is the only verdict on this claim, so there is nobody to ask.")
    strange = [name for name in reviewers or () if name not in others]
    if strange:
        raise Malformed(
            f"“{strange[0][:60]}” has given no verdict on this claim. "
            f"Who can be asked: {', '.join(others)}.",
            field="reviewers",
        )
    if reviewers is not None and not reviewers:
        raise Malformed("Tick at least one reviewer to ask.", field="reviewers")
    asked = [one for name, one in others.items() if reviewers is None or name in reviewers]
    made = Comment(claim=claim, kind=CommentKind.QUESTION)
    return write(made, question, asked=asked, actor=actor, field="question")


def _wait_for(claim: Claim, wanted: int | None, actor: User, verb: str) -> Claim:
    before = {"state": claim.state, "verdicts_wanted": claim.verdicts_wanted}
    claim.verdicts_wanted = wanted
    claim.state = state_by_verdicts(claim)
    claim.save(update_fields=["state", "verdicts_wanted"])
    record(
        verb,
        claim,
        actor=actor,
        project=claim.project_id,
        claim=claim.pk,
        before=before,
        after={"state": claim.state, "verdicts_wanted": wanted},
    )
    return claim
