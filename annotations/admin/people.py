"""Accounts: a superuser makes them, says what they may enter, and sets passwords."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from annotations.actions.erasure import erase_person
from annotations.actions.people import edit_account, make_account, set_password, shown
from annotations.admin.access import person
from annotations.admin.doors import NOT_READ, Door, Fact, Sentences, dated, on
from annotations.admin.fields import line, secret, tick
from annotations.admin.history import Told
from annotations.admin.site import desk
from annotations.models import Event, Membership, User
from annotations.rules.refusals import Malformed, Refusal


class AccountForm(Sentences, forms.Form):
    username = line("Account name", "To sign in with. Nobody else sees it.", autocomplete="off")
    pseudonym = line("Pseudonym", "The only thing about the account that others see.")
    email = line("Mail address", "For the desk. Nobody else sees it.", autocomplete="off")
    is_active = tick("May sign in")
    is_staff = tick("May enter the admin", "As moderator or owner of a project.")
    is_superuser = tick("Superuser", "Manages accounts, and sees every project.")


class NewAccountForm(AccountForm):
    password = secret("Password", "12 characters or more. Not a common one.")
    field_order = ("username", "pseudonym", "email", "password")


class PasswordForm(Sentences, forms.Form):
    password = secret("New password", "12 characters or more. The account’s sessions end.")


class EraseForm(Sentences, forms.Form):
    pseudonym = line("Pseudonym", "Type it, so that nobody else is erased.", autocomplete="off")


@admin.register(User, site=desk)
class UserAdmin(Told, Door):
    """For superusers alone."""

    list_display = ("pseudonym", "username", "enters", dated("last_login", "Last here", "never"))
    search_fields = ("pseudonym", "username")
    search_help_text = "Pseudonym or account name"
    add_form = NewAccountForm
    change_form = AccountForm
    page_template = "admin/account.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        everyone = User.objects.order_by("pseudonym", "pk")
        return everyone if person(request).is_superuser else everyone.none()

    @admin.display(description="May enter")
    def enters(self, account: User) -> str:
        if not account.is_active:
            return "nothing"
        if account.is_superuser:
            return "everything"
        return "the site and the admin" if account.is_staff else "the site"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return person(request).is_superuser

    has_add_permission = has_change_permission = has_view_permission

    def form_for(self, request: HttpRequest, thing: Any, sent: Any = None) -> Any:
        if thing is None:
            return NewAccountForm(sent, initial={"is_active": True})
        if thing.erased_at:
            return None
        return super().form_for(request, thing, sent)

    def add(self, request: HttpRequest, given: dict[str, Any]) -> User:
        return make_account(actor=person(request), **given)

    def values(self, thing: Any) -> dict[str, Any]:
        return shown(thing)

    def change(self, request: HttpRequest, thing: User, given: dict[str, Any]) -> str:
        edit_account(thing.pk, actor=person(request), **given)
        return "The account is kept."

    def facts(self, request: HttpRequest, thing: User) -> list[Fact]:
        works = Membership.objects.filter(user=thing).select_related("project")
        return [
            Fact("Since", on(thing.date_joined)),
            Fact("Last here", on(thing.last_login, "never")),
            *([Fact("Erased", on(thing.erased_at))] if thing.erased_at else []),
            *(Fact(one.project.name, one.get_role_display()) for one in works),
        ]

    def events(self, thing: User) -> QuerySet[Event]:
        return Event.objects.about("user", thing.subject)

    def page(
        self, request: HttpRequest, thing: Any, form: Any, status: int = 200, **more: Any
    ) -> TemplateResponse:
        forms_beside = {
            "password": PasswordForm(auto_id="new-%s"),
            "erasure": EraseForm(auto_id="erase-%s"),
        }
        more = {**forms_beside, **more}
        return super().page(request, thing, form, status, **more)

    def get_urls(self) -> list[URLPattern]:
        mine = [
            path(
                f"<int:user_id>/{word}/",
                self.admin_site.admin_view(view),
                name=f"annotations_user_{word}",
            )
            for word, view in (("password", self.new_password), ("erase", self.erase))
        ]
        return [*mine, *super().get_urls()]

    def new_password(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Set a person's password."""
        account = self.get_object(request, str(user_id))
        if request.method != "POST":
            return redirect(self.address("change", account.pk))
        form = PasswordForm(request.POST, auto_id="new-%s")
        status = NOT_READ
        if form.is_valid():
            try:
                set_password(account.pk, form.cleaned_data["password"], actor=person(request))
            except Refusal as refusal:
                status = form.take(refusal)
            else:
                messages.success(request, "The new password is set.")
                return redirect(self.address("change", account.pk))
        return self.page(request, account, self.form_for(request, account), status, password=form)

    def erase(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Erase a person, whose pseudonym is typed to be sure."""
        account = self.get_object(request, str(user_id))
        if request.method != "POST":
            return redirect(self.address("change", account.pk))
        form = EraseForm(request.POST, auto_id="erase-%s")
        status = NOT_READ
        if form.is_valid():
            try:
                if form.cleaned_data["pseudonym"].strip() != account.pseudonym:
                    raise Malformed("This is not the pseudonym of the account.", field="pseudonym")
                erase_person(account.pk, actor=person(request))
            except Refusal as refusal:
                status = form.take(refusal)
            else:
                messages.success(request, "The person is erased. Verdicts and rulings stay.")
                return redirect(self.address("change", account.pk))
        return self.page(request, account, self.form_for(request, account), status, erasure=form)
