"""Names of annotations that clients chose (`Slug`), kept for good: none is given a second time."""

from typing import ClassVar

from django.db import models

from annotations.models.projects import Project


class AnnotationName(models.Model):
    """What a client called a claim in the addresses of the Web Annotation Protocol.

    It outlives the claim, so that the address of one that was removed never leads to another.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    claim = models.UUIDField(unique=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "name"], name="annotation_has_a_name_of_its_own"
            ),
            models.CheckConstraint(
                condition=models.Q(name__regex=r"^[A-Za-z0-9][A-Za-z0-9._~-]*$"),
                name="annotation_name_fits_into_an_address",
            ),
        ]

    def __str__(self) -> str:
        return self.name
