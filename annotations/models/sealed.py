"""The keys of what the log says of people; without its key, what is sealed is gone for good."""

import json
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from annotations.rules.canonical_json import canonical
from annotations.rules.sealing import new_key, seal, unseal


@dataclass(frozen=True, slots=True)
class Opened:
    """What was sealed, and whether some of it cannot be read any more."""

    told: dict[str, Any] = field(default_factory=dict)
    lost: bool = False


class SubjectKeyQuerySet(models.QuerySet["SubjectKey"]):
    def of(self, subjects: Collection[uuid.UUID]) -> dict[uuid.UUID, bytes]:
        """The wrapped keys of these subjects, as far as there are any: one query, none for none."""
        if not subjects:
            return {}
        found = self.filter(pk__in=subjects).values_list("subject", "wrapped")
        return {subject: bytes(wrapped) for subject, wrapped in found}

    def made_for(self, subjects: Collection[uuid.UUID]) -> dict[uuid.UUID, bytes]:
        """The wrapped keys of these subjects; who has none gets one."""
        keys = self.of(subjects)
        fresh = sorted(set(subjects) - keys.keys())
        if not fresh:
            return keys
        made = [SubjectKey(subject=one, wrapped=new_key(settings.LOG_KEY, one)) for one in fresh]
        self.bulk_create(made, ignore_conflicts=True)
        return keys | self.of(fresh)  # another may have been first

    def opened(self, sealed: Iterable[str | None]) -> list[Opened]:
        """The private parts of events, opened: one query for all of them."""
        parts = [_by_subject(one) for one in sealed]
        keys = self.of({subject for part in parts for subject in part})
        return [_opened(part, keys) for part in parts]


class SubjectKey(models.Model):
    """The key under which the log seals what it says of one subject; the nil id is the site."""

    subject = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField()

    objects: ClassVar = SubjectKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"the key of {self.subject}"


def sealed(told: dict[uuid.UUID, dict[str, Any]], keys: dict[uuid.UUID, bytes]) -> str | None:
    """What is told of each subject, as the private part of an event."""
    if not told:
        return None
    site = settings.LOG_KEY
    return canonical(
        {str(one): seal(site, keys[one], one, canonical(what)) for one, what in told.items()}
    )


def _by_subject(private: str | None) -> dict[uuid.UUID, str]:
    return {uuid.UUID(one): what for one, what in json.loads(private or "{}").items()}


def _opened(part: dict[uuid.UUID, str], keys: dict[uuid.UUID, bytes]) -> Opened:
    told: dict[str, Any] = {}
    lost = False
    for subject, closed in part.items():
        key = keys.get(subject)
        text = unseal(settings.LOG_KEY, key, subject, closed) if key else None
        lost |= text is None
        told |= json.loads(text or "{}")
    return Opened(told, lost)
