"""Sources: made by the verdicts that use them; here the desk says how far it relies on one."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from annotations.actions.sources import edit_source, viewed
from annotations.admin.access import may_somewhere, person, role_in
from annotations.admin.doors import Door, Fact, Sentences, dated, on
from annotations.admin.fields import line
from annotations.admin.filters import ByProject
from annotations.admin.history import Told
from annotations.admin.site import desk
from annotations.models import Source
from annotations.models.projects import choices
from annotations.models.verdicts import SourceQuerySet
from annotations.rules.claims import Reliability
from annotations.rules.permissions import Verb, may


class ViewForm(Sentences, forms.Form):
    """The desk's view of a source."""

    reliability = forms.ChoiceField(
        label="The desk’s view",
        required=False,
        choices=[("", "None"), *choices(Reliability)],
        help_text="Readers see it beside every ruling that rests on this source.",
    )
    reliability_note = line("Why", "In a line, for readers.")


@admin.register(Source, site=desk)
class SourceAdmin(Told, Door):
    """The sources of the projects that a person moderates."""

    list_display = ("__str__", "publisher", "site", dated("date", "Date"), "project")
    list_filter = (ByProject,)
    list_select_related = ("project",)
    parameters: ClassVar[frozenset[str]] = frozenset({"project"})
    search_fields = ("address", "cited_title", "cited_publisher")
    search_help_text = "Words of the title, the publisher or the address"
    change_form = ViewForm
    change_says = "Keep the view"

    def get_queryset(self, request: HttpRequest) -> SourceQuerySet:
        return cast(SourceQuerySet, super().get_queryset(request)).submitted()

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Source:
        found: Source = super().get_object(request, object_id, from_field)
        return found.as_cited()

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        made = super().get_changelist_instance(request)
        for source in made.result_list:
            source.as_cited()
        return made

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return may_somewhere(request, Verb.EDIT_SOURCE)
        return may(role_in(request, obj), Verb.EDIT_SOURCE)

    def values(self, thing: Any) -> dict[str, Any]:
        return viewed(thing)

    def change(self, request: HttpRequest, thing: Source, given: dict[str, Any]) -> str:
        edit_source(thing.pk, actor=person(request), **given)
        return "The desk’s view of the source is kept."

    def facts(self, request: HttpRequest, thing: Source) -> list[Fact]:
        return [
            Fact("Address", thing.address, href=thing.address),
            Fact("Kind", thing.get_type_display()),
            Fact("Publisher", thing.publisher),
            Fact("Author", thing.author),
            Fact("Date", on(thing.date)),
            Fact("Project", thing.project.name),
        ]
