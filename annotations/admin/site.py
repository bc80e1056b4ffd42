"""The admin's own site: closed to all but moderators and owners, opening with what waits.

It is a site of its own so that only what is registered here can be reached: the tables of Django
and of other packages, which are written past our actions, are not.
"""

from typing import Any, NoReturn

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotations.actions.people import end_sessions
from annotations.admin.access import moderates_somewhere, person
from annotations.admin.waiting import what_waits

ORDER = ("claim", "article", "source", "project", "import", "legalhold", "event", "token", "user")


class Desk(AdminSite):
    """Moderation in Django's admin."""

    site_header = "Factcheck"
    site_title = "Factcheck"
    index_title = "Moderation"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = person(request)
        if not (user.is_active and user.is_staff):
            return False
        return user.is_superuser or moderates_somewhere(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Django's pages answer whatever they are sent; here only what they were written for."""
        return super().admin_view(require_http_methods(["GET", "HEAD", "POST"])(view), cacheable)

    @method_decorator(never_cache)
    @login_not_required
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one page to sign in at; whoever is signed in and comes here may not enter."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", ""), resolve_url(settings.LOGIN_URL))

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        if request.method == "POST":
            end_sessions(person(request))
        return super().logout(request, extra_context)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> NoReturn:
        """Django's own page would save past the actions, so it is not here."""
        raise Http404

    password_change_done = password_change

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda one: ORDER.index(one["object_name"].lower()))
        return apps

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        waiting = what_waits(person(request))
        return super().index(request, {"waiting": waiting, **(extra_context or {})})


desk = Desk(name="admin")
