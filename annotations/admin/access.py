"""Who gets in, and what everyone finds closed: the ground that each page of the admin stands on.

Django's own table of permissions is not asked. What a person sees are the things of the projects
that the person moderates or owns (`Project.objects.moderated_by`); what a person may do is what
the table of role and verb in `annotations.rules.permissions` says, asked again by the actions.
"""

import uuid
from typing import Any, ClassVar, NoReturn, cast

from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.forms import Media
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property

from annotations.models import Membership, Project, User
from annotations.rules.permissions import Role, Verb, may

ROLES = "factcheck.roles"
MOST_ROWS = 1_000


def person(request: HttpRequest) -> User:
    """Who asks. The site lets nobody in who is not signed in."""
    return cast(User, request.user)


def roles(request: HttpRequest) -> dict[uuid.UUID, str]:
    """The person's role in each project the person works in: one query a request."""
    if ROLES not in request.META:
        mine = Membership.objects.filter(user=person(request).pk)
        request.META[ROLES] = dict(mine.values_list("project", "role"))
    return cast(dict[uuid.UUID, str], request.META[ROLES])


def moderates_somewhere(request: HttpRequest) -> bool:
    return any(role != Role.REVIEWER for role in roles(request).values())


def may_somewhere(request: HttpRequest, verb: Verb) -> bool:
    return any(may(role, verb) for role in roles(request).values())


class BoundedPaginator(Paginator[Any]):
    """Counts no further than a person pages: the whole of a big table is never counted."""

    @cached_property
    def count(self) -> int:
        rows = cast("QuerySet[Any]", self.object_list)
        return len(rows.order_by().values_list("pk", flat=True)[:MOST_ROWS])


class Closed(admin.ModelAdmin[Any]):
    """A list to read, of one's projects, in which nothing can be written.

    A subclass opens a door by leading a form to an action (`annotations.admin.doors`). Whatever
    Django itself would save or remove ends in `unsaved`.
    """

    actions: tuple[Any, ...] = ()
    sortable_by: ClassVar[Any] = ()
    show_facets = ShowFacets.NEVER
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 50
    paginator = BoundedPaginator
    view_on_site = False
    empty_value_display = ""
    media: ClassVar[Any] = Media()
    # The parameters a list takes besides its search; any other is refused, so that no filter asks
    # what the page does not show.
    parameters: ClassVar[frozenset[str]] = frozenset()

    def projects(self, request: HttpRequest) -> QuerySet[Project]:
        """The projects whose things the person sees here."""
        return Project.objects.moderated_by(person(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(project__in=self.projects(request))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        found = super().get_object(request, object_id, None)
        if found is None:
            raise Http404
        return found

    def get_action_choices(
        self, request: HttpRequest, default_choices: Any = (("", "With the ticked ones…"),)
    ) -> list[tuple[str, str]]:
        return super().get_action_choices(request, list(default_choices))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in self.parameters

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return person(request).is_superuser or moderates_somewhere(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def unsaved(self, *args: Any, **kwargs: Any) -> NoReturn:
        """What Django would write past the actions is a mistake of ours."""
        raise NotImplementedError("The admin writes through the actions only.")

    save_model = delete_model = delete_queryset = save_formset = save_related = unsaved
    log_addition = log_change = log_deletions = unsaved


def role_in(request: HttpRequest, thing: Model) -> str | None:
    """The person's role in the project a thing is of."""
    return roles(request).get(getattr(thing, "project_id", thing.pk))
