"""Erasure: an account is emptied, and what the log has sealed of the person is lost for good."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from annotations.actions.log import record
from annotations.models import Evidence, Membership, SubjectKey, Token, User, Verdict
from annotations.models.bylines import projects_naming
from annotations.rules.permissions import Role
from annotations.rules.refusals import Conflict, NotAllowed, NotFound


@transaction.atomic
def erase_person(user_id: int, *, actor: User) -> User:
    """Erase a person: a superuser, or who owns every project in which the person works.

    The key goes, and with it the reasons and pseudonyms in the log; so do name, mail address,
    password, tokens, sessions, memberships and drafts. Verdicts, comments, rulings and the chain of
    the log stay, under a pseudonym that says nothing. The account is locked, as by every change.
    """
    account = User.objects.select_for_update().filter(pk=user_id).first()
    if account is None:
        raise NotFound("There is no such account.")
    works = list(Membership.objects.filter(user=account).select_related("project"))
    _refuse(account, works, actor)
    named = projects_naming(account).values_list("pk", flat=True)
    logs = dict.fromkeys([*(one.project_id for one in works), *named])
    for project in logs or (None,):
        record("erase_person", account, actor=actor, project=project)
    drafts = Verdict.objects.filter(reviewer=account, submitted_at=None)
    Evidence.objects.filter(verdict__in=drafts).delete()
    drafts.delete()
    Token.objects.filter(user=account).delete()
    Membership.objects.filter(user=account).delete()
    SubjectKey.objects.filter(pk=account.subject).delete()
    _end_sessions(account)
    _empty(account)
    return account


def _refuse(account: User, works: list[Membership], actor: User) -> None:
    owned = Membership.objects.filter(user=actor, role=Role.OWNER)
    theirs = {one.project_id for one in works}
    owns_all = bool(theirs) and theirs <= set(owned.values_list("project", flat=True))
    if not actor.is_superuser and (account.is_superuser or not owns_all):
        raise NotAllowed(
            "A person is erased by a superuser, or by the owner of all projects they work in."
        )
    if account.pk == actor.pk:
        raise Conflict("You cannot erase yourself. Ask another superuser.")
    if account.erased_at:
        raise Conflict("This account was erased before.")
    for one in works:
        others = Membership.objects.filter(project=one.project, role=Role.OWNER)
        if one.role == Role.OWNER and not others.exclude(user=account).exists():
            raise Conflict(
                f"{account} is the only owner of {one.project.name}. Make somebody else one first."
            )


def _end_sessions(account: User) -> None:
    mine = [
        one.pk for one in Session.objects.iterator()
        if one.get_decoded().get(SESSION_KEY) == str(account.pk)
    ]  # fmt: skip
    Session.objects.filter(pk__in=mine).delete()


def _empty(account: User) -> None:
    nameless = account.subject.hex[:12]
    account.username, account.pseudonym = f"erased-{nameless}", f"Erased {nameless}"
    account.email = account.first_name = account.last_name = ""
    account.is_active = account.is_staff = account.is_superuser = False
    account.last_login, account.erased_at = None, timezone.now()
    account.set_unusable_password()
    account.save()
