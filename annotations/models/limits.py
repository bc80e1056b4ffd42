"""What is counted of the requests to the API: how many, by whom, since when."""

from typing import ClassVar

from django.db import models


class Counter(models.Model):
    """The requests of one person or one address in the window that began at `since`.

    `who` is a digest: nobody's address stands here. The table is not logged: what is in it is
    worth a minute, and no request waits for the disk because of it.
    """

    who = models.UUIDField(primary_key=True, editable=False)
    since = models.DateTimeField()
    used = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(used__gte=1), name="counter_has_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.used} since {self.since}"
