"""Answers of the API that are given again: a request sent twice under one key is done once."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

from annotations.models.people import User


class Answer(models.Model):
    """What a person's request under an Idempotency-Key was answered.

    `request` is the digest of what was asked; `body` is JSON as it was sent.
    """

    KEPT = timedelta(days=1)

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    etag = models.CharField(max_length=120, blank=True)
    body = models.BinaryField(default=b"")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["made_at"], name="answers_by_age")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="key_is_used_once_by_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"
