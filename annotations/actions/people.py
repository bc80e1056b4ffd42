"""Accounts: made and changed by a superuser. The log names people by their pseudonyms alone."""

import uuid
from functools import partial
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from annotations.actions.assignments import end_all_of
from annotations.actions.log import record
from annotations.actions.versions import refuse_outdated
from annotations.models import User
from annotations.models.bylines import projects_naming
from annotations.rules import words
from annotations.rules.names import refuse_disguised, skeleton
from annotations.rules.refusals import Conflict, Malformed, NotAllowed, NotFound, Problems

LOGGED = ("pseudonym", "is_active", "is_staff", "is_superuser")


def rights(account: User) -> dict[str, Any]:
    """What the log keeps of an account: neither its name nor its mail address."""
    return {name: getattr(account, name) for name in LOGGED}


def shown(account: User) -> dict[str, Any]:
    """What of an account a superuser can change; of this its version is made."""
    return rights(account) | {"username": account.username, "email": account.email}


@transaction.atomic
def make_account(*, actor: User, password: str, **facts: Any) -> User:
    """A new account (`username`, `pseudonym`, `email`, `is_staff`, …) with its password."""
    _refuse_others(actor)
    account = User()
    _describe(account, facts)
    _set_password(account, password)
    _save(account)
    record("make_account", account, actor=actor, project=None, after=rights(account))
    return account


@transaction.atomic
def edit_account(user_id: int, *, actor: User, version: str | None = None, **facts: Any) -> User:
    """Change what is known about an account, or what it may do."""
    _refuse_others(actor)
    account = _locked(user_id)
    before = rights(account)
    refuse_outdated(account, version, shown(account), "edit_account")
    if account.pk == actor.pk and not (
        facts.get("is_active", True) and facts.get("is_superuser", True)
    ):
        raise Conflict("You cannot shut yourself out. Ask another superuser.", field="is_active")
    _describe(account, facts)
    _save(account)
    if not account.is_active:
        end_all_of(account)
    after = rights(account)
    record("edit_account", account, actor=actor, project=None, before=before, after=after)
    if after["pseudonym"] != before["pseudonym"]:
        for project in projects_naming(account).values_list("pk", flat=True):
            record("rename_person", account, actor=actor, project=project)
    return account


@transaction.atomic
def set_password(user_id: int, password: str, *, actor: User) -> User:
    """Give an account a new password; its sessions end."""
    _refuse_others(actor)
    account = _locked(user_id)
    _set_password(account, password)
    account.save(update_fields=["password"])
    record("set_password", account, actor=actor, project=None)
    return account


def end_sessions(account: User) -> None:
    """Sign a person out everywhere: a session that was left open or taken ends with the others."""
    User.objects.filter(pk=account.pk).update(sessions=uuid.uuid4())


def _refuse_others(actor: User) -> None:
    if not actor.is_superuser:
        raise NotAllowed("Accounts are managed by a superuser.")


def _locked(user_id: int) -> User:
    account = User.objects.select_for_update().filter(pk=user_id).first()
    if account is None:
        raise NotFound("There is no such account.")
    if account.erased_at:
        raise Conflict("This account was erased. Nothing can be changed about it.")
    return account


def _describe(account: User, facts: dict[str, Any]) -> None:
    problems = Problems()
    for name, longest in (("username", 150), ("pseudonym", 60), ("email", 254)):
        value = facts.pop(name, getattr(account, name))
        made = problems.attempt(
            lambda name=name, value=value, longest=longest: words.line(  # type: ignore[misc]
                value, name, longest=longest, required=name != "email"
            ),
            "",
        )
        setattr(account, name, made)
    for name in ("username", "pseudonym"):
        if name not in problems:
            problems.attempt(partial(refuse_disguised, getattr(account, name), name), None)
    if account.email:
        _check(problems, "email", "This is not a mail address.", validate_email, account.email)
    if account.username:
        _check(
            problems,
            "username",
            "An account name has letters, digits and @ . + - _ only.",
            User.username_validator,
            account.username,
        )
    for name in ("is_active", "is_staff", "is_superuser"):
        setattr(account, name, bool(facts.pop(name, getattr(account, name))))
    problems.refuse()


def _refuse_a_double(account: User, name: str, others: QuerySet[User]) -> None:
    """Refuse a name that looks like another's; one that stays as it was is not asked about."""
    mine = getattr(account, name)
    if User.objects.filter(pk=account.pk, **{name: mine}).exists():
        return
    looks = skeleton(mine)
    for theirs in others.values_list(name, flat=True).iterator():
        if skeleton(theirs) == looks:
            raise Conflict(
                f"This looks like “{theirs}”, which somebody else has. Choose another.", field=name
            )


def _check(problems: Problems, field: str, sentence: str, validate: Any, value: str) -> None:
    try:
        validate(value)
    except ValidationError:
        problems[field] = sentence


def _set_password(account: User, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Malformed(" ".join(error.messages), field="password") from None
    account.set_password(password)


def _save(account: User) -> None:
    taken = User.objects.exclude(pk=account.pk)
    if taken.filter(username=account.username).exists():
        raise Conflict("Another account has this name.", field="username")
    _refuse_a_double(account, "pseudonym", taken)
    _refuse_a_double(account, "username", taken)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise Conflict(
            "Somebody else has this pseudonym. Choose another.", field="pseudonym"
        ) from error
