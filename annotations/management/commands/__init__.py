"""What commands have in common: in whose name they act."""

from django.core.management.base import CommandError

from annotations.models import Project, User
from annotations.rules.permissions import Role


def owner_of(slug: str, name: str) -> tuple[Project, User]:
    """The project, and the account of that name, or its first owner's."""
    project = Project.objects.filter(slug=slug).first()
    if project is None:
        some = ", ".join(Project.objects.order_by("pk").values_list("slug", flat=True)[:10])
        raise CommandError(f"There is no project “{slug}”. There are: {some or 'none yet'}.")
    people = User.objects.filter(is_active=True)
    found = (
        people.filter(username=name)
        if name
        else people.filter(memberships__project=project, memberships__role=Role.OWNER)
    )
    person = found.order_by("pk").first()
    if person is None:
        raise CommandError(
            f"There is no account “{name}”." if name else "The project has no owner."
        )
    return project, person
