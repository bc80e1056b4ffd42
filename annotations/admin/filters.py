"""What a list can be narrowed by: the project, the state, the verb. Nothing else can be asked."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest

from annotations.admin.access import person
from annotations.admin.waiting import WAITING, piles
from annotations.models import Project
from annotations.models.projects import in_project
from annotations.rules.states import State

MOST_PROJECTS = 200


class ByProject(admin.SimpleListFilter):
    """The projects that the person moderates, by their slugs."""

    title = "project"
    parameter_name = "project"
    template = "admin/parts/choices.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        mine = Project.objects.moderated_by(person(request))
        return list(mine.values_list("slug", "name")[:MOST_PROJECTS])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        slug = self.value()
        if slug is None:
            return queryset
        if slug not in {known for known, _ in self.lookup_choices}:
            raise IncorrectLookupParameters
        return queryset.filter(in_project(slug))


class ByState(admin.SimpleListFilter):
    """The states as tabs with their counts; what waits for a ruling comes first, and unasked."""

    title = "state"
    parameter_name = "state"
    template = "admin/parts/tabs.html"
    all = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.piles = piles(person(request))
        return [(pile.state.value, pile.state.label) for pile in self.piles]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.value()
        if wanted is None:
            return queryset.filter(state__in=WAITING)
        if wanted == self.all:
            return queryset
        if wanted not in set(State):
            raise IncorrectLookupParameters
        return queryset.filter(state=wanted)

    def choices(self, changelist: Any) -> Iterator[Any]:
        waiting = sum(pile.count for pile in self.piles if pile.waits)
        yield self.tab(changelist, None, "Waiting for a ruling", waiting)
        for pile in self.piles:
            yield self.tab(changelist, pile.state.value, pile.state.label, pile.count, pile.icon)
        everything = sum(pile.count for pile in self.piles)
        yield self.tab(changelist, self.all, "All", everything)

    def tab(
        self, changelist: Any, value: str | None, name: str, count: int, icon: str = ""
    ) -> dict[str, Any]:
        """One tab: where it leads, what it says, and how many claims are behind it."""
        asked = {self.parameter_name: value} if value else {}
        unasked = [] if value else [self.parameter_name]
        return {
            "selected": self.value() == value,
            "query_string": changelist.get_query_string(asked, unasked),
            "display": name,
            "count": count,
            "icon": icon,
        }
