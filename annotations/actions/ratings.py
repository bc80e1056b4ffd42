"""The ratings of a project's scale: what they are called, which there are, and what replaces one.

A verdict, a ruling and the log rest on a rating's slug and stay as they were given. So a rating is
never taken away: it retires for another, as which it counts from then on.
"""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from annotations.actions.access import project_for
from annotations.actions.gold import rerate_gold
from annotations.actions.log import record
from annotations.actions.projects import let_verdicts_finish, restate_claims, slug_in
from annotations.actions.versions import refuse_outdated
from annotations.models import Claim, Project, Rating, RatingScale, User, Verdict
from annotations.rules import words
from annotations.rules.permissions import Verb
from annotations.rules.ratings import FEWEST, MOST, Look, value_on_axis
from annotations.rules.refusals import Conflict, Malformed, NotFound, Problems

FACTS = ("name", "definition", "look")


def described(rating: Rating) -> dict[str, Any]:
    """What a rating says of itself, for the log."""
    return {name: getattr(rating, name) for name in FACTS}


@transaction.atomic
def add_rating(
    project_id: uuid.UUID, *, actor: User, slug: str, value: float | None, **facts: str
) -> Rating:
    """Add a rating with its `FACTS` to the scale in use; its value says between which it stands.

    The others make room. None stands off the axis, after all that are on it.
    """
    project_for(project_id, actor, Verb.MANAGE_SCALE)
    scale = RatingScale.objects.select_for_update().get(project=project_id, in_use=True)
    on_scale = list(Rating.objects.of_scale(project_id))
    if sum(one.retired_at is None for one in on_scale) >= MOST:
        raise Conflict(f"A scale has {MOST} ratings at most. Retire one first.")
    rating = Rating(project_id=project_id, scale=scale)
    problems = Problems()
    rating.slug = problems.attempt(lambda: slug_in(slug, 40), "")
    rating.value = problems.attempt(lambda: value_on_axis(value), None)
    problems.attempt(lambda: _describe(rating, facts), None)
    problems.refuse()
    problems.attempt(lambda: _refuse_namesake(rating), None)
    for one in on_scale:
        if one.slug == rating.slug:
            problems["slug"] = "A rating of the scale has or had this short name. Choose another."
        if one.retired_at is None and one.value == rating.value is not None:
            problems["value"] = f"“{one.name}” has this value. Choose one above or below it."
    problems.refuse(Conflict)
    worse = (one.position for one in on_scale if _stands_behind(one, rating))
    rating.position = next(worse, len(on_scale) + 1)
    behind = Rating.objects.filter(scale=scale, position__gte=rating.position)
    behind.update(position=F("position") + 1)
    rating.save(force_insert=True)
    record(
        "add_rating",
        rating,
        actor=actor,
        project=project_id,
        after={"slug": rating.slug, "value": rating.value, **described(rating)},
    )
    return rating


@transaction.atomic
def edit_rating(
    rating_id: uuid.UUID, *, actor: User, version: str | None = None, **facts: str
) -> Rating:
    """Change a rating's `FACTS`. Its slug, value and place stay: verdicts and rulings rest on them.

    The scale is locked, so that no two of its ratings come to bear one name.
    """
    rating = _locked(_found(rating_id, actor))
    before = described(rating)
    refuse_outdated(rating, version, before, "edit_rating")
    _describe(rating, before | facts)
    _refuse_namesake(rating)
    after = described(rating)
    if after != before:
        rating.save(update_fields=list(FACTS))
        record(
            "edit_rating",
            rating,
            actor=actor,
            project=rating.project_id,
            before=before,
            after=after,
        )
    return rating


@transaction.atomic
def retire_rating(
    rating_id: uuid.UUID, replaced_by: str, *, actor: User, version: str | None = None
) -> Rating:
    """Take a rating out of use; from now on it counts as another of its scale (a slug).

    There is always another: to ask for one only where a draft carries the rating would tell of the
    draft. Submitted verdicts and rulings stay as they are; drafts and gold items get the other, and
    claims move where verdicts agree by it.
    """
    found = _found(rating_id, actor)
    let_verdicts_finish()
    rating = _locked(found)
    refuse_outdated(rating, version, described(rating), "edit_rating")
    project = Project.objects.get(pk=rating.project_id)
    others = {one.slug: one for one in Rating.objects.in_use(project).exclude(pk=rating.pk)}
    if len(others) < FEWEST:
        raise Conflict(f"A scale needs {FEWEST} ratings at least. Add one first.")
    if replaced_by not in others:
        raise Malformed(
            f"Choose the rating that stands for it from now on: {', '.join(others)}.",
            field="replaced_by",
        )
    other = others[replaced_by]
    rating.retired_at, rating.replaced_by = timezone.now(), other
    rating.save(update_fields=["retired_at", "replaced_by"])
    Rating.objects.filter(replaced_by=rating).update(replaced_by=other)
    Verdict.objects.filter(rating=rating, submitted_at=None).update(rating=other)
    record(
        "retire_rating",
        rating,
        actor=actor,
        project=project.pk,
        after={"name": rating.name, "replaced_by": replaced_by},
    )
    rerate_gold(rating, other, actor=actor)
    carry = Verdict.objects.current().filter(rating__replaced_by=other)
    restate_claims(Claim.objects.filter(pk__in=carry.values("claim")), project, actor)
    return rating


def _found(rating_id: uuid.UUID, actor: User) -> Rating:
    mine = Rating.objects.filter(project__in=Project.objects.of(actor))
    found = mine.filter(pk=rating_id).first()
    if found is None:
        raise NotFound("There is no such rating.")
    project_for(found.project_id, actor, Verb.MANAGE_SCALE)
    return found


def _locked(found: Rating) -> Rating:
    """The rating as it is under the lock of its scale; refuses a retired one."""
    RatingScale.objects.select_for_update().get(pk=found.scale_id)
    rating = Rating.objects.select_related("replaced_by").get(pk=found.pk)
    if rating.replaced_by:
        raise Conflict(
            f"This rating is retired, and counts as “{rating.replaced_by}”. It stays as it was."
        )
    return rating


def _stands_behind(one: Rating, new: Rating) -> bool:
    return new.value is not None and (one.value is None or one.value < new.value)


def _describe(rating: Rating, facts: dict[str, str]) -> None:
    problems = Problems()
    for name, longest in (("name", 60), ("definition", 300)):
        made = problems.attempt(
            lambda name=name, longest=longest: words.line(  # type: ignore[misc]
                facts[name], name, longest=longest, required=True
            ),
            "",
        )
        setattr(rating, name, made)
    rating.look = facts["look"]
    if rating.look not in set(Look):
        problems["look"] = f"The look is one of: {', '.join(Look)}."
    problems.refuse()


def _refuse_namesake(rating: Rating) -> None:
    """Expects the lock of the scale."""
    others = Rating.objects.filter(scale=rating.scale_id).exclude(pk=rating.pk)
    if others.filter(name__iexact=rating.name).exists():
        raise Conflict("Another rating of the scale has this name. Choose another.", field="name")
