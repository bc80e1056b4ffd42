"""Sources: read here, made by the verdicts that use them."""

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest

from annotations.admin.doors import Door, Fact, dated, on
from annotations.admin.filters import ByProject
from annotations.admin.site import desk
from annotations.models import Source


@admin.register(Source, site=desk)
class SourceAdmin(Door):
    """The sources of the projects that a person moderates."""

    list_display = ("__str__", "publisher", "site", dated("date", "Date"), "project")
    list_filter = (ByProject,)
    list_select_related = ("project",)
    parameters: ClassVar[frozenset[str]] = frozenset({"project"})
    search_fields = ("address", "title", "publisher")
    search_help_text = "Words of the title, the publisher or the address"

    def facts(self, request: HttpRequest, thing: Source) -> list[Fact]:
        return [
            Fact("Address", thing.address, href=thing.address),
            Fact("Publisher", thing.publisher),
            Fact("Author", thing.author),
            Fact("Date", on(thing.date)),
            Fact("Project", thing.project.name),
            Fact("Added by", thing.added_by.pseudonym),
            Fact("Added on", on(thing.added_at)),
        ]
