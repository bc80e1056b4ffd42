"""Projects: their settings, their members, the scale they judge by."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from annotations.actions.projects import (
    edit_project,
    found_project,
    set_role_of,
    settings_of,
)
from annotations.admin.access import may_somewhere, person, role_in, roles
from annotations.admin.doors import NOT_READ, Door, Fact, Sentences, on
from annotations.admin.fields import choice, line, number, prose, tick
from annotations.admin.history import Told
from annotations.admin.site import desk
from annotations.models import Membership, Project, Rating
from annotations.models.exports import exports
from annotations.rules.permissions import Role, Verb, may, may_found
from annotations.rules.refusals import Refusal
from annotations.rules.work import GoldMode, QueueOrder

MOST_MEMBERS = 500
QUEUE_ORDERS = [
    (QueueOrder.OLDEST, "Oldest first"),
    (QueueOrder.MOST_WORTHY, "Most check-worthy first"),
    (QueueOrder.RANDOM, "By lot"),
]
GOLD_MODES = [
    (GoldMode.TRAINING, "training: the answer is shown after the verdict"),
    (GoldMode.MEASURING, "measuring: nothing is shown"),
]


class NewProjectForm(Sentences, forms.Form):
    name = line("Name")
    slug = line("Short name", "For addresses: letters, digits, - and _. It stays.")
    description = prose("Description", "What is checked here, and by which guidelines.")
    verdicts_required = number("Verdicts a claim needs", "1 to 9.", initial=2)
    blind = tick("Blind", "Nobody sees another’s verdict before submitting their own.")


class SettingsForm(Sentences, forms.Form):
    name = line("Name")
    description = prose("Description", "What is checked here, and by which guidelines.")
    verdicts_required = number("Verdicts a claim needs", "1 to 9.")
    blind = tick("Blind", "Nobody sees another’s verdict before submitting their own.")
    one_person_suffices = tick(
        "One person suffices", "A moderator may rule on a claim whose only verdict is their own."
    )
    lease_minutes = number("Minutes a claim is lent", "5 to 1,440. Working on it prolongs it.")
    queue_order = choice("Order of the queue", QUEUE_ORDERS)
    gold_every = number(
        "One gold item in every so many claims", "By lot. 0 mixes in none; up to 100."
    )
    gold_mode = choice("Gold items are for", GOLD_MODES)


class MemberForm(Sentences, forms.Form):
    """A role for one person, who is named by the pseudonym; no role ends the membership."""

    user = line("Pseudonym")
    role = forms.ChoiceField(
        label="Role",
        required=False,
        choices=[("", "No member")] + [(role.value, role.label) for role in Role],
    )


@admin.register(Project, site=desk)
class ProjectAdmin(Told, Door):
    """The projects that a person moderates or owns; owners change them."""

    list_display = ("name", "slug", "asks_for", "judged")
    add_form = NewProjectForm
    change_form = SettingsForm
    add_says = "Set the project up"
    change_says = "Save settings"
    page_template = "admin/project.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        return Project.objects.moderated_by(person(request)).order_by("name", "pk")

    @admin.display(description="Verdicts a claim")
    def asks_for(self, project: Project) -> int:
        return project.verdicts_required

    @admin.display(description="Verdicts are given")
    def judged(self, project: Project) -> str:
        return "blind" if project.blind else "in the open"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_found(roles(request).values(), is_superuser=person(request).is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return may_somewhere(request, Verb.EDIT_PROJECT)
        return may(role_in(request, obj), Verb.EDIT_PROJECT)

    def form_for(self, request: HttpRequest, thing: Any, sent: Any = None) -> Any:
        if thing is None:
            return NewProjectForm(sent, initial={"blind": True})
        return super().form_for(request, thing, sent)

    def add(self, request: HttpRequest, given: dict[str, Any]) -> Project:
        return found_project(actor=person(request), **given)

    def values(self, thing: Any) -> dict[str, Any]:
        return settings_of(thing)

    def change(self, request: HttpRequest, thing: Project, given: dict[str, Any]) -> str:
        edit_project(thing.pk, actor=person(request), **given)
        return "The project’s settings are kept."

    def facts(self, request: HttpRequest, thing: Project) -> list[Fact]:
        return [
            Fact("Short name", thing.slug),
            Fact("Since", on(thing.created_at)),
            Fact("Your role", roles(request).get(thing.pk, "none")),
        ]

    def get_urls(self) -> list[URLPattern]:
        members = self.admin_site.admin_view(self.members)
        mine = path("<uuid:project_id>/members/", members, name="annotations_project_members")
        return [mine, *super().get_urls()]

    def members(self, request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
        """Give somebody a role, change it, or end it."""
        project = self.get_object(request, str(project_id))
        there = self.address("change", project.pk)
        if request.method != "POST":
            return redirect(there)
        form = MemberForm(request.POST)
        status = NOT_READ
        if form.is_valid():
            try:
                name, role = form.cleaned_data["user"], form.cleaned_data["role"] or None
                set_role_of(project.pk, name, role, actor=person(request), field="user")
            except Refusal as refusal:
                status = form.take(refusal)
            else:
                messages.success(request, "The members are as you set them.")
                return redirect(there)
        open_to = self.is_open(request, project)
        settings = self.form_for(request, project) if open_to else None
        return self.page(request, project, settings, status, member=form)

    def page(
        self, request: HttpRequest, thing: Any, form: Any, status: int = 200, **more: Any
    ) -> TemplateResponse:
        if thing is None:
            return super().page(request, thing, form, status)
        members = Membership.objects.filter(project=thing).select_related("user")
        more = {
            "member": MemberForm(),
            "members": members.order_by("user__pseudonym")[:MOST_MEMBERS],
            "manages": may(role_in(request, thing), Verb.MANAGE_MEMBERS),
            "roles": [(role.value, role.label) for role in Role],
            "manages_scale": may(role_in(request, thing), Verb.MANAGE_SCALE),
            "exports": exports().values(),
            "scale": Rating.objects.of_scale(thing.pk),
            **more,
        }
        return super().page(request, thing, form, status, **more)
