"""Ratings: what those of a project's scale are called, mean and look like."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from annotations.actions.ratings import described, edit_rating
from annotations.admin.access import may_somewhere, person, role_in
from annotations.admin.doors import Door, Fact, Sentences
from annotations.admin.fields import line
from annotations.admin.history import Told
from annotations.admin.site import desk
from annotations.models import Rating
from annotations.models.projects import choices
from annotations.rules.permissions import Verb, may
from annotations.rules.ratings import Look


class RatingForm(Sentences, forms.Form):
    name = line("Name", "Every verdict and ruling with this rating shows the new name at once.")
    definition = line("Definition", "What it says of a claim, for readers.")
    look = forms.ChoiceField(
        label="Look", choices=choices(Look), help_text="Colour, glyph and line together."
    )


@admin.register(Rating, site=desk)
class RatingAdmin(Told, Door):
    """The ratings of the projects that a person moderates; a project's page leads here."""

    list_display = ("name", "definition", "project")
    list_select_related = ("project",)
    change_form = RatingForm
    change_says = "Keep the rating"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return may_somewhere(request, Verb.MANAGE_SCALE)
        return may(role_in(request, obj), Verb.MANAGE_SCALE)

    def values(self, thing: Any) -> dict[str, Any]:
        return described(thing)

    def change(self, request: HttpRequest, thing: Rating, given: dict[str, Any]) -> str:
        edit_rating(thing.pk, actor=person(request), **given)
        return "The rating is kept."

    def facts(self, request: HttpRequest, thing: Rating) -> list[Fact]:
        return [
            Fact("Name", thing.name),
            Fact("Definition", thing.definition),
            Fact("Short name", thing.slug),
            Fact("Value", "off the axis" if thing.value is None else f"{thing.value:g}"),
            Fact("Project", thing.project.name),
        ]
