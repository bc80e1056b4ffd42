"""The log of a project's work: read only, newest first."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from annotations.admin.access import person
from annotations.admin.doors import Door
from annotations.admin.filters import ByProject
from annotations.admin.history import DID, did, entries_of
from annotations.admin.site import desk
from annotations.models import Event


class ByVerb(admin.SimpleListFilter):
    """What was done, out of the known verbs."""

    title = "what was done"
    parameter_name = "verb"
    template = "admin/parts/choices.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(verb, verb.replace("_", " ").capitalize()) for verb in DID]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        if self.value() not in DID:
            raise IncorrectLookupParameters
        return queryset.filter(verb=self.value())


@admin.register(Event, site=desk)
class EventAdmin(Door):
    """Nobody adds to the log by hand, and the database lets nobody change it."""

    list_display = ("at", "who", "what", "reason", "project")
    list_filter = (ByProject, ByVerb)
    list_select_related = ("project", "actor")
    parameters: ClassVar[frozenset[str]] = frozenset({"project", "verb"})
    page_template = "admin/event.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        events = Event.objects.select_related("project", "actor").order_by("-pk")
        mine = Q(project__in=self.projects(request))
        if person(request).is_superuser:
            mine |= Q(project__isnull=True)
        return events.filter(mine)

    @admin.display(description="Who")
    def who(self, event: Event) -> str:
        return event.actor.pseudonym if event.actor else "Factcheck"

    @admin.display(description="What")
    def what(self, event: Event) -> str:
        return did(event)

    def page(
        self, request: HttpRequest, thing: Any, form: Any, status: int = 200, **more: Any
    ) -> TemplateResponse:
        return super().page(
            request, thing, form, status, title="Event", entries=entries_of([thing])
        )
