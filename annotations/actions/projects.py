"""Setting up projects: the project itself, its scale, who works in it."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, connection, transaction

from annotations.actions.access import project_for
from annotations.actions.assignments import end_all_of
from annotations.actions.claims import state_by_verdicts
from annotations.actions.log import record
from annotations.actions.versions import refuse_outdated
from annotations.models import Claim, Membership, Project, Rating, RatingScale, User
from annotations.models.claims import ClaimQuerySet
from annotations.rules import words, work
from annotations.rules.permissions import Role, Verb, may_found
from annotations.rules.ratings import STANDARD_SCALE, RatingOnScale
from annotations.rules.refusals import Conflict, Malformed, NotAllowed, NotFound
from annotations.rules.states import JUDGED


class Settings(TypedDict, total=False):
    """What an owner may change about a project."""

    name: str
    description: str
    verdicts_required: int
    blind: bool
    one_person_suffices: bool
    lease_minutes: int
    queue_order: str
    gold_every: int
    gold_mode: str


def settings_of(project: Project) -> dict[str, Any]:
    """What of a project its owner can change, for the log."""
    return {name: getattr(project, name) for name in Settings.__annotations__}


@transaction.atomic
def create_project(
    *,
    actor: User,
    slug: str,
    name: str,
    description: str = "",
    verdicts_required: int = 2,
    blind: bool = True,
    scale: Sequence[RatingOnScale] = STANDARD_SCALE,
) -> Project:
    """A new project with a scale; its maker becomes its owner."""
    slug = slug_in(slug, 60)
    project = Project(
        slug=slug,
        name=words.line(name, "name", longest=200, required=True),
        description=words.prose(description, "description"),
        verdicts_required=_required(verdicts_required),
        blind=blind,
    )
    try:
        with transaction.atomic():
            project.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(f"There is a project “{slug}” already.", field="slug") from error
    made = RatingScale.objects.create(project=project, name="Scale")
    Rating.objects.bulk_create(
        Rating(
            project=project,
            scale=made,
            slug=one.slug,
            name=one.name,
            definition=one.definition,
            position=n,
            value=one.value,
            look=one.look,
        )
        for n, one in enumerate(scale, 1)
    )
    Membership.objects.create(project=project, user=actor, role=Role.OWNER)
    record(
        "create_project",
        project,
        actor=actor,
        project=project.pk,
        after={"slug": slug, "verdicts_required": verdicts_required, "blind": blind},
    )
    return project


@transaction.atomic
def edit_project(
    project_id: uuid.UUID,
    *,
    actor: User,
    version: str | None = None,
    **settings: Unpack[Settings],
) -> Project:
    """Change a project's settings; what is not given stays."""
    project_for(project_id, actor, Verb.EDIT_PROJECT)
    if "verdicts_required" in settings:
        let_verdicts_finish()
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    before = settings_of(project)
    refuse_outdated(project, version, before, "edit_project")
    for field, value in settings.items():
        setattr(project, field, CHECKED[field](value) if field in CHECKED else value)
    after = settings_of(project)
    if after != before:
        project.save(update_fields=list(after))
        record("edit_project", project, actor=actor, project=project.pk, before=before, after=after)
    if after["verdicts_required"] != before["verdicts_required"]:
        restate_claims(Claim.objects.filter(project=project), project, actor)
    return project


@transaction.atomic
def set_role(project_id: uuid.UUID, user_id: int, role: str | None, *, actor: User) -> None:
    """Give a person a role in the project, change it, or (None) end the membership."""
    project = project_for(project_id, actor, Verb.MANAGE_MEMBERS)
    if role is not None and role not in set(Role):
        raise Malformed(f"The role is one of: {', '.join(Role)}.", field="role")
    Project.objects.select_for_update().get(pk=project.pk)
    person = User.objects.filter(pk=user_id).first()
    if person is None:
        raise NotFound("There is no such account.", field="user")
    member = Membership.objects.filter(project=project, user=person).first()
    before = {"role": member.role if member else None}
    if before["role"] == role:
        return
    owners = Membership.objects.filter(project=project, role=Role.OWNER)
    if before["role"] == Role.OWNER and owners.count() == 1:
        raise Conflict("A project needs an owner. Make somebody else one first.", field="role")
    if role is None:
        Membership.objects.filter(project=project, user=person).delete()
        end_all_of(person, project)
    else:
        Membership.objects.update_or_create(project=project, user=person, defaults={"role": role})
    record(
        "set_role",
        person,
        actor=actor,
        project=project.pk,
        before=before,
        after={"role": role},
    )


@transaction.atomic
def set_role_of(
    project_id: uuid.UUID,
    pseudonym: str,
    role: str | None,
    *,
    actor: User,
    field: str = "pseudonym",
) -> None:
    """`set_role` of who has a pseudonym, which stands at `field`."""
    project_for(project_id, actor, Verb.MANAGE_MEMBERS)
    person = User.objects.filter(pseudonym__iexact=pseudonym).first()
    if person is None:
        raise NotFound("Nobody has this pseudonym. Ask the person for it.", field=field)
    set_role(project_id, person.pk, role, actor=actor)


def found_project(*, actor: User, **given: Any) -> Project:
    """A new project of somebody who may begin one."""
    roles = Membership.objects.filter(user=actor).values_list("role", flat=True)
    if not may_found(roles, is_superuser=actor.is_superuser):
        raise NotAllowed("Projects are begun by the owners of others. Ask one of them.")
    return create_project(actor=actor, **given)


def slug_in(value: str, longest: int) -> str:
    """The slug in a text; refuses what an address does not hold as it is."""
    slug = words.line(value, "slug", longest=longest, required=True)
    try:
        validate_slug(slug)
    except ValidationError:
        raise Malformed("A slug has only letters, digits, - and _.", field="slug") from None
    return slug


def let_verdicts_finish() -> None:
    """Wait for everyone who has a claim locked, and hold up those who come after.

    A verdict that is under way counts by what was asked for, or was on the scale, as it began;
    restated before it is in, its claim would stay in the wrong state.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE annotations_claim IN EXCLUSIVE MODE")


def restate_claims(claims: ClaimQuerySet, project: Project, actor: User) -> None:
    """Move those of the project's claims that are judged to the state their verdicts make now."""
    judged = claims.filter(state__in=sorted(JUDGED)).order_by("pk")
    for claim in judged.select_for_update(no_key=True).iterator(chunk_size=1000):
        claim.project = project
        before, claim.state = claim.state, state_by_verdicts(claim)
        if claim.state != before:
            claim.save(update_fields=["state"])
            record(
                "restate",
                claim,
                actor=actor,
                project=project.pk,
                claim=claim.pk,
                before={"state": before},
                after={"state": claim.state},
            )


def _required(value: int) -> int:
    if not 1 <= value <= 9:
        raise Malformed(
            "A project asks for one to nine verdicts a claim.", field="verdicts_required"
        )
    return value


CHECKED: dict[str, Callable[[Any], object]] = {
    "name": lambda name: words.line(name, "name", longest=200, required=True),
    "description": lambda description: words.prose(description, "description"),
    "verdicts_required": _required,
    "lease_minutes": work.lease_minutes,
    "queue_order": work.queue_order,
    "gold_every": work.gold_every,
    "gold_mode": work.gold_mode,
}
