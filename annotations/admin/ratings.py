"""Ratings: what those of a project's scale are called, mean and look like."""

import uuid
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from annotations.actions.ratings import add_rating, described, edit_rating, retire_rating
from annotations.actions.versions import version_now
from annotations.admin.access import may_somewhere, person, role_in, roles
from annotations.admin.doors import NOT_READ, Door, Fact, Sentences, on
from annotations.admin.fields import Looks, decimal, line
from annotations.admin.history import Told
from annotations.admin.site import desk
from annotations.models import Project, Rating
from annotations.models.projects import choices
from annotations.rules.permissions import Verb, may
from annotations.rules.ratings import Look
from annotations.rules.refusals import Refusal


class RatingForm(Sentences, forms.Form):
    name = line("Name", "Verdicts show a new name at once. Rulings keep the one they came with.")
    definition = line("Definition", "What it says of a claim, for readers.")
    look = forms.ChoiceField(
        label="Look",
        choices=choices(Look),
        widget=Looks,
        help_text="Colour, glyph and line together.",
        error_messages={"required": "Choose how the rating looks."},
    )


class NewRatingForm(RatingForm):
    project = forms.ChoiceField(label="Project")
    name = line("Name", "What reviewers and readers read.")
    slug = line("Short name", "For addresses: letters, digits, - and _. It stays.")
    value = decimal(
        "Value",
        "Higher is better. It says between which ratings this one stands; none: off the axis.",
    )
    field_order = ("project", "name", "slug", "definition", "value", "look")

    def __init__(self, *args: Any, projects: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["project"]).choices = projects


class RetireForm(Sentences, forms.Form):
    """Which rating stands for the retired one, as it was when the form was opened."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    replaced_by = forms.ChoiceField(
        label="Counts as",
        required=False,
        help_text="Verdicts and rulings stay as they were given. Drafts get the other rating.",
    )

    def __init__(self, sent: Any, rating: Rating):
        super().__init__(sent, initial={"version": version_now(described(rating))})
        cast(forms.ChoiceField, self.fields["replaced_by"]).choices = others_than(rating)

    def go_on_from(self, rating: Rating) -> None:
        """Sent again, it is made on the rating that its page now shows."""
        sent = cast(QueryDict, self.data).copy()
        sent["version"] = version_now(described(rating))
        self.data = sent


@admin.register(Rating, site=desk)
class RatingAdmin(Told, Door):
    """The ratings of the projects that a person moderates; a project's page leads here."""

    list_display = ("name", "definition", "project")
    list_select_related = ("project", "replaced_by")
    add_form = NewRatingForm
    change_form = RatingForm
    add_says = "Add to the scale"
    change_says = "Save the rating"
    page_template = "admin/rating.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return may_somewhere(request, Verb.MANAGE_SCALE)
        return may(role_in(request, obj), Verb.MANAGE_SCALE) and obj.retired_at is None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_somewhere(request, Verb.MANAGE_SCALE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rating]:
        rows: QuerySet[Rating] = super().get_queryset(request)
        return rows.select_related("project", "replaced_by")

    def form_for(self, request: HttpRequest, thing: Any, sent: Any = None) -> Any:
        if thing is not None:
            return super().form_for(request, thing, sent)
        owned = [pk for pk, role in roles(request).items() if may(role, Verb.MANAGE_SCALE)]
        named = Project.objects.filter(pk__in=owned).values_list("pk", "name")
        projects = [(str(pk), name) for pk, name in named]
        return NewRatingForm(
            sent, initial={"project": request.GET.get("project")}, projects=projects
        )

    def add(self, request: HttpRequest, given: dict[str, Any]) -> Rating:
        return add_rating(uuid.UUID(given.pop("project")), actor=person(request), **given)

    def values(self, thing: Any) -> dict[str, Any]:
        return described(thing)

    def change(self, request: HttpRequest, thing: Rating, given: dict[str, Any]) -> str:
        edit_rating(thing.pk, actor=person(request), **given)
        return "The rating is saved."

    def facts(self, request: HttpRequest, thing: Rating) -> list[Fact]:
        said = [Fact("Name", thing.name), Fact("Definition", thing.definition)]
        in_the_form = self.has_change_permission(request, thing)
        return [
            *(() if in_the_form else said),
            Fact("Short name", thing.slug),
            Fact("Value", "off the axis" if thing.value is None else f"{thing.value:g}"),
            Fact("Project", thing.project.name),
            Fact("Retired on", on(thing.retired_at)),
            Fact("Counts as", thing.replaced_by or ""),
        ]

    def get_urls(self) -> list[URLPattern]:
        retire = self.admin_site.admin_view(self.retire)
        mine = path("<uuid:rating_id>/retire/", retire, name="annotations_rating_retire")
        return [mine, *super().get_urls()]

    def retire(self, request: HttpRequest, rating_id: uuid.UUID) -> HttpResponse:
        """Take a rating out of use for another."""
        rating = self.get_object(request, str(rating_id))
        there = self.address("change", rating.pk)
        if request.method != "POST":
            return redirect(there)
        form = RetireForm(request.POST, rating)
        status = NOT_READ
        if form.is_valid():
            try:
                given = form.cleaned_data
                other, version = given["replaced_by"], given["version"] or None
                retire_rating(rating.pk, other, actor=person(request), version=version)
            except Refusal as refusal:
                status = form.take(refusal)
                rating = self.get_object(request, str(rating_id))
                form.go_on_from(rating)
            else:
                messages.success(request, "The rating is retired.")
                return redirect(there)
        settings = self.form_for(request, rating) if self.is_open(request, rating) else None
        return self.page(request, rating, settings, status, retiring=form)

    def page(
        self, request: HttpRequest, thing: Any, form: Any, status: int = 200, **more: Any
    ) -> TemplateResponse:
        if thing is not None and form is not None:
            more = {"retiring": RetireForm(None, thing), **more}
        return super().page(request, thing, form, status, **more)


def others_than(rating: Rating) -> list[tuple[str, str]]:
    """The ratings that could stand for this one."""
    others = Rating.objects.in_use(rating.project).exclude(pk=rating.pk)
    return [("", "Choose a rating"), *others.values_list("slug", "name")]
