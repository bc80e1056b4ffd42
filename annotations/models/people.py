"""People and their API tokens. A person is public under a pseudonym and nothing else."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from annotations.models.ids import uuid7
from annotations.models.kept import Kept
from annotations.rules.scopes import ALL, DAYS, Scope


class User(AbstractUser):
    """An account. `pseudonym` is the only thing about it that readers and reviewers see.

    `subject` is what the log calls the person: it tells nothing, and outlives the account's name.
    """

    pseudonym = models.CharField(max_length=60)
    subject = models.UUIDField(
        unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False
    )
    erased_at = models.DateTimeField(null=True, editable=False)
    # Every session of the person rests on it, as it does on the password: another ends them all.
    sessions = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), editable=False)

    REQUIRED_FIELDS: ClassVar = ["email", "pseudonym"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("pseudonym"), name="pseudonym_is_one_persons"),
            models.CheckConstraint(
                condition=~models.Q(pseudonym=""), name="account_has_a_pseudonym"
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None)
                | models.Q(is_active=False, is_staff=False, is_superuser=False, email=""),
                name="erased_account_is_closed_and_empty",
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        rests_on = f"{self.sessions} {super()._get_session_auth_hash(secret)}"  # type: ignore[misc]
        return hashlib.sha256(rests_on.encode()).hexdigest()


class TokenQuerySet(models.QuerySet["Token"]):
    def of(self, person: User) -> "TokenQuerySet":
        """One's own."""
        return self.filter(user=person)

    def managed_by(self, person: User) -> "TokenQuerySet":
        """One's own, those of the members of projects one owns; all for a superuser."""
        from annotations.models.projects import Membership
        from annotations.rules.permissions import Role

        if person.is_superuser:
            return self.all()
        owned = Membership.objects.filter(user=person, role=Role.OWNER).values("project")
        members = Membership.objects.filter(project__in=owned).values("user")
        return self.filter(models.Q(user=person) | models.Q(user__in=members))

    def usable(self, now: datetime) -> "TokenQuerySet":
        """Tokens that are neither revoked nor expired, of people who may still sign in."""
        return self.filter(
            revoked_at=None, expires_at__gt=now, user__is_active=True
        ).select_related("user")

    def ended_before(self, moment: datetime) -> "TokenQuerySet":
        """Tokens that were revoked or had expired by then."""
        return self.filter(models.Q(revoked_at__lt=moment) | models.Q(expires_at__lt=moment))

    def with_secret(self, secret: str) -> "Token | None":
        """The usable token whose secret this is, with its person: one query."""
        return WITH_DIGEST.first(digest=Token.digest_of(secret), now=timezone.now())


WITH_DIGEST = Kept(
    lambda digest, now: Token.objects.usable(now).filter(digest=digest), digest=str, now=datetime
)


def all_scopes() -> list[str]:
    return list(ALL)


class Token(models.Model):
    """A bearer token for the API. Only the SHA-256 of its secret is kept."""

    PREFIX = "fct_"
    LIFE = timedelta(days=DAYS)
    KEPT_AFTER = timedelta(days=90)
    NOTED_EVERY = timedelta(minutes=1)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=12, editable=False)
    scopes = ArrayField(models.CharField(max_length=10), default=all_scopes, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TokenQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="token_is_kept_as_a_digest",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    scopes__contained_by=all_scopes(), scopes__contains=[Scope.READ.value]
                ),
                name="token_has_scopes_and_may_read",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @staticmethod
    def new_secret() -> str:
        """A secret of 256 random bits behind a prefix that scanners of leaks can know."""
        return Token.PREFIX + secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
