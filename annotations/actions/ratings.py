"""What the ratings of a project's scale are called, mean and look like."""

import uuid
from typing import Any

from django.db import transaction

from annotations.actions.access import project_for
from annotations.actions.log import record
from annotations.actions.versions import refuse_outdated
from annotations.models import Project, Rating, RatingScale, User
from annotations.rules import words
from annotations.rules.permissions import Verb
from annotations.rules.ratings import Look
from annotations.rules.refusals import Conflict, NotFound, Problems

FACTS = ("name", "definition", "look")


def described(rating: Rating) -> dict[str, Any]:
    """What a rating says of itself, for the log."""
    return {name: getattr(rating, name) for name in FACTS}


@transaction.atomic
def edit_rating(
    rating_id: uuid.UUID, *, actor: User, version: str | None = None, **facts: str
) -> Rating:
    """Change a rating's `FACTS`. Its slug, value and place stay: verdicts and rulings rest on them.

    The scale is locked, so that no two of its ratings come to bear one name.
    """
    mine = Rating.objects.filter(project__in=Project.objects.of(actor))
    found = mine.filter(pk=rating_id).first()
    if found is None:
        raise NotFound("There is no such rating.")
    project_for(found.project_id, actor, Verb.MANAGE_SCALE)
    RatingScale.objects.select_for_update().get(pk=found.scale_id)
    rating = Rating.objects.get(pk=rating_id)
    before = described(rating)
    refuse_outdated(rating, version, before, "edit_rating")
    _describe(rating, before | facts)
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
    others = Rating.objects.filter(scale=rating.scale_id).exclude(pk=rating.pk)
    if others.filter(name__iexact=rating.name).exists():
        raise Conflict("Another rating of the scale has this name. Choose another.", field="name")
