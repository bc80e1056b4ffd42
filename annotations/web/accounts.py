"""Signing in and out. In the demo, its accounts sign in at one click."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from annotations.actions.people import end_sessions
from annotations.models import User
from annotations.rules.demo import PEOPLE
from annotations.rules.permissions import Role
from annotations.rules.refusals import NotFound
from annotations.web.refusals import refusals_answered

BACKEND = "django.contrib.auth.backends.ModelBackend"
WRONG = (
    "This account name and this password do not go together. Check both and sign in again; "
    "capitals count in the password."
)
MISSING = {
    "username": "The account name is missing. Write it here.",
    "password": "The password is missing. Write it here.",
}
ROLES = {
    Role.REVIEWER: "marks claims and judges them with sources",
    Role.MODERATOR: "rules on what the reviewers found, corrects and withdraws",
    Role.OWNER: "runs the project: its members, scale and settings",
}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    name: str
    pseudonym: str
    role: str
    does: str


@sensitive_post_parameters("password")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form, and the session it begins. What is wrong is said the same way for every account."""
    if request.method != "POST":
        return form(request)
    given = AuthenticationForm(request, data=request.POST)
    if given.is_valid():
        login(request, given.get_user())
        return redirect(destination(request))
    problems = {
        field: sentence
        for field, sentence in MISSING.items()
        if given.has_error(field, code="required")
    }
    return form(request, request.POST.get("username", ""), problems or {"": WRONG})


@never_cache
@login_not_required
@require_POST
@refusals_answered
def sign_in_to_demo(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's people; outside the demo there is no such page."""
    name = request.POST.get("account", "")
    if not settings.DEMO or name not in PEOPLE:
        raise NotFound("There is no page at this address.")
    person = User.objects.filter(username=name, is_active=True).first()
    if person is None:
        raise NotFound("The demo's accounts are not there yet. Load the seeds, and sign in again.")
    login(request, person, backend=BACKEND)
    return redirect(destination(request))


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End every session of the person. A link could be followed for them, so a form does it."""
    if isinstance(request.user, User):
        if request.method != "POST":
            return render(request, "annotations/accounts/logout.html")
        end_sessions(request.user)
    logout(request)
    return redirect("home")


def form(
    request: HttpRequest, name: str = "", problems: dict[str, str] | None = None
) -> HttpResponse:
    """The page, with what was typed but for the password."""
    context = {
        "name": name[:150],
        "problems": problems or {},
        "refused": (problems or {}).get("", ""),
        "next": next_of(request),
        "demo": demo_accounts() if settings.DEMO else [],
    }
    status = 422 if problems else 200
    return render(request, "annotations/accounts/login.html", context, status=status)


def demo_accounts() -> list[DemoAccount]:
    return [
        DemoAccount(name, one.pseudonym, one.role.label, ROLES[one.role])
        for name, one in PEOPLE.items()
    ]


def destination(request: HttpRequest) -> str:
    """Where the person was going, if that is on this site; else the desk."""
    return next_of(request) or reverse("desk")


def next_of(request: HttpRequest) -> str:
    """The path to go on to; empty for what a browser could take for another host."""
    address = request.POST.get("next") or request.GET.get("next", "")
    is_here = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None
    )
    return address if is_here else ""
