"""Accounts that stand for people whom a file names. Nobody signs in with one."""

import unicodedata
import uuid

from django.db import IntegrityError, transaction

from annotations.actions.log import record
from annotations.actions.people import rights
from annotations.models import Membership, Outsider, Project, User
from annotations.rules import words
from annotations.rules.refusals import Conflict, Malformed

SAYS_SO = "{} (brought in)"
NUMBERED = "{} (brought in, {})"
LONGEST = 40  # characters of a name that its pseudonym has room for
PLAIN = frozenset(" .,'’-&@+")
MOST = 1_000  # of one name


def outsider(project: Project, name: str, actor: User) -> User:
    """The account that stands for `name` in the project's files, made when it is first named.

    Its pseudonym says that it was brought in, and so is never that of a person who works here.
    """
    known = Outsider.objects.select_related("person").filter(project=project, name=name).first()
    if known is not None:
        return known.person
    shown = plainly(name)
    for n in range(1, MOST):
        pseudonym = SAYS_SO.format(shown) if n == 1 else NUMBERED.format(shown, n)
        try:
            with transaction.atomic():
                person = _account(pseudonym)
                Outsider.objects.create(person=person, project=project, name=name)
        except IntegrityError:
            if other := Outsider.objects.filter(project=project, name=name).first():
                return other.person
            continue
        record("make_account", person, actor=actor, project=None, after=rights(person))
        return person
    raise Malformed("Too many people of other projects have this name.", field="by")


def plainly(name: str) -> str:
    """A name with letters, digits and a few signs: nothing in it is unseen."""
    composed = unicodedata.normalize("NFC", name)
    seen = (one if unicodedata.category(one)[0] in "LMN" else " " for one in composed)
    kept = (own if own in PLAIN else one for own, one in zip(composed, seen, strict=True))
    return " ".join("".join(kept).split())[:LONGEST].strip() or "Somebody"


def _account(pseudonym: str) -> User:
    person = User(username=f"outsider-{uuid.uuid4().hex}", pseudonym=pseudonym, is_active=False)
    person.set_unusable_password()
    person.save(force_insert=True)
    return person


def restored(project: Project, pseudonym: str, actor: User) -> User:
    """Who bears a pseudonym of a record: a member of the project, or, where nobody here bears it, a
    new account. Refuses the name of somebody who does not work in the project.
    """
    person = User.objects.filter(pseudonym__iexact=pseudonym).first()
    if person is None:
        person = _account(words.line(pseudonym, "reviewer", longest=60, required=True))
        Outsider.objects.create(person=person, project=project, name=pseudonym)
        record("make_account", person, actor=actor, project=None, after=rights(person))
    elif not Membership.objects.filter(user=person, project=project).exists():
        raise Conflict(
            f"{pseudonym} is somebody here who does not work in this project. Make them a member, "
            "then bring the record in again."
        )
    return person
