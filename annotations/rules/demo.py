"""The demo's four people: their accounts, and what each may do in its project."""

from typing import NamedTuple

from annotations.rules.permissions import Role


class DemoPerson(NamedTuple):
    """Who signs in under an account of the demo. `is_staff`: may enter the admin."""

    pseudonym: str
    role: Role
    is_staff: bool = False


PEOPLE = {
    "reviewer": DemoPerson("Heron", Role.REVIEWER),
    "reviewer2": DemoPerson("Larch", Role.REVIEWER),
    "moderator": DemoPerson("Wren", Role.MODERATOR, is_staff=True),
    "owner": DemoPerson("Alder", Role.OWNER, is_staff=True),
}
