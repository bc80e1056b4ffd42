"""Saying once what a foreign rating is on a project's scale; what waited for it comes in then."""

import uuid

from django.db import transaction
from django.db.models import F
from procrastinate.contrib.django import app

from annotations.actions.access import project_for, require
from annotations.actions.bringing_in import bring_waiting
from annotations.actions.log import record
from annotations.actions.versions import refuse_outdated
from annotations.models import Import, Project, Rating, RatingMap, User, WaitingVerdict
from annotations.rules import words
from annotations.rules.imports import OPEN, heard
from annotations.rules.permissions import Verb
from annotations.rules.refusals import Malformed, NotFound, Refusal

JOB = "bring_mapped_verdicts"
AT_ONCE = 100  # verdicts in one transaction


@transaction.atomic
def map_rating(project_id: uuid.UUID, word: str, rating: str, *, actor: User) -> RatingMap:
    """Say that `word` in a file is `rating` (a slug of the scale) here; the empty one leaves
    verdicts of that word out. A word that is mapped already is mapped anew: what came in stays.
    """
    project = project_for(project_id, actor, Verb.MAP_RATINGS)
    word = words.line(word, "word", longest=200, required=True)
    on_scale = Rating.objects.in_use(project).filter(slug=rating).first() if rating else None
    if rating and on_scale is None:
        scale = ", ".join(one.slug for one in Rating.objects.in_use(project))
        raise Malformed(
            f"This is not on the project's scale. Choose one of: {scale}.", field="rating"
        )
    if not heard(word):
        raise Malformed("Give the rating as the file has it.", field="word")
    _wait_for_imports(project)
    made, _ = RatingMap.objects.update_or_create(
        project=project, heard=heard(word),
        defaults={"word": word, "rating": on_scale, "made_by": actor},
    )  # fmt: skip
    record(
        "map_rating",
        made,
        actor=actor,
        project=project.pk,
        after=mapped(made),
    )
    waiting = WaitingVerdict.objects.filter(project=project, heard=made.heard)
    if on_scale is None:
        waiting.delete()
    elif waiting.exists():
        app.configure_task(name=JOB, lock=f"map {made.pk}").defer(map_id=str(made.pk))
    return made


@transaction.atomic
def unmap_rating(map_id: uuid.UUID, *, actor: User, version: str | None = None) -> None:
    """Take a map away: files that come later ask again. What came in by it stays.

    `version` is that of the map as it was looked at; None asks nothing.
    """
    found = RatingMap.objects.of(actor).select_for_update(of=("self",)).filter(pk=map_id).first()
    if found is None:
        raise NotFound("There is no such map.")
    require(found.role, Verb.MAP_RATINGS)
    refuse_outdated(found, version, mapped(found), "map_rating")
    record("unmap_rating", found, actor=actor, project=found.project_id, before=mapped(found))
    found.delete()


def mapped(found: RatingMap) -> dict[str, str | None]:
    """What can be changed of a map, as the log tells it."""
    return {"word": found.word, "rating": found.rating.slug if found.rating else None}


def bring_mapped(map_id: uuid.UUID) -> int:
    """Bring in the verdicts that waited for a map, for the job; returns how many came.

    One that is refused now (its claim was set aside, say) is let go, and told among the refusals
    of its import.
    """
    came = 0
    while True:
        with transaction.atomic():
            maps = RatingMap.objects.select_related("rating__replaced_by", "made_by")
            found = maps.filter(pk=map_id).first()
            if found is None or found.rating is None:
                return came
            waiting = WaitingVerdict.objects.filter(project=found.project_id, heard=found.heard)
            rows = list(
                waiting.select_related("claim", "project").select_for_update(of=("self",))[:AT_ONCE]
            )
            if not rows:
                return came
            came += sum(_bring(row, found.rating.counts_as.slug, found.made_by) for row in rows)


def _bring(waiting: WaitingVerdict, rating: str, actor: User) -> bool:
    try:
        with transaction.atomic():
            bring_waiting(waiting, rating, actor)
    except Refusal as refusal:
        job = waiting.of
        job.refusals.create(line=0, sentence=refusal.sentence, what=waiting.claim.statement[:400])
        Import.objects.filter(pk=job.pk).update(refused=F("refused") + 1)
        waiting.delete()
        return False
    return True


def _wait_for_imports(project: Project) -> None:
    """Let a running import finish what it is at: it may be about to leave verdicts waiting that
    this map covers.
    """
    running = Import.objects.filter(project=project, progress__in=sorted(OPEN))
    list(running.select_for_update().values_list("pk"))
