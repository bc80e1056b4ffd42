"""The log of a project's work: read only, newest first."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.formats import date_format

from annotations.admin.access import person
from annotations.admin.doors import Door
from annotations.admin.filters import ByProject
from annotations.admin.history import DID, entries_of
from annotations.admin.site import desk
from annotations.models import Claim, Event


class ByVerb(admin.SimpleListFilter):
    """What was done, out of the known verbs."""

    title = "what was done"
    parameter_name = "verb"
    template = "admin/parts/picker.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(verb, verb.replace("_", " ").capitalize()) for verb in DID]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        if self.value() not in DID:
            raise IncorrectLookupParameters
        return queryset.filter(verb=self.value())

    def choices(self, changelist: Any) -> Iterator[Any]:
        """One picker: a list of links would be longer than a screen."""
        kept = [(key, one) for key, one in changelist.params.items() if key == "project"]
        for value, display in [("", "Whatever was done"), *self.lookup_choices]:
            yield {
                "value": value,
                "display": display,
                "selected": (self.value() or "") == value,
                "parameter": self.parameter_name,
                "kept": kept,
            }


@admin.register(Event, site=desk)
class EventAdmin(Door):
    """Nobody adds to the log by hand, and the database lets nobody change it."""

    list_display = ("when", "who", "what", "about", "why", "project")
    list_filter = (ByProject, ByVerb)
    list_select_related = ("project", "actor")
    parameters: ClassVar[frozenset[str]] = frozenset({"project", "verb"})
    page_template = "admin/event.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        events = Event.objects.select_related("project", "actor").order_by("-pk")
        mine = Q(project__in=self.projects(request))
        if person(request).is_superuser:
            mine |= Q(project__isnull=True)
        claim = Claim.objects.filter(pk=OuterRef("claim_id")).values("statement")[:1]
        return events.filter(mine).annotate(statement=Subquery(claim))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The page of the list, each event with its words: three queries for all of them."""
        shown = super().get_changelist_instance(request)
        for event, entry in zip(shown.result_list, entries_of(shown.result_list), strict=True):
            event.entry = entry
        return shown

    @admin.display(description="When")
    def when(self, event: Event) -> str:
        return date_format(event.at, "j M Y, H:i")

    @admin.display(description="Claim")
    def about(self, event: Any) -> str:
        told = event.after or event.before or {}
        return str(event.statement or told.get("statement", ""))

    @admin.display(description="Reason")
    def why(self, event: Event) -> str:
        return event.reason

    @admin.display(description="Who")
    def who(self, event: Any) -> str:
        return str(event.entry.who)

    @admin.display(description="What")
    def what(self, event: Any) -> str:
        return f"{event.entry.did} {event.entry.whom}".strip()

    def page(
        self, request: HttpRequest, thing: Any, form: Any, status: int = 200, **more: Any
    ) -> TemplateResponse:
        return super().page(
            request, thing, form, status, title="Event", entries=entries_of([thing])
        )
