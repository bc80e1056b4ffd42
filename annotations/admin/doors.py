"""Forms that end in an action: the only way in which the admin writes.

A refusal of the action stands at its field with everything that was typed, under the status that
the refusal has on every other door.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format

from annotations.actions.versions import version_now
from annotations.admin.access import Closed
from annotations.rules.refusals import Refusal
from annotations.rules.versions import Outdated, changed_at_once, held

NOT_READ = 422


@dataclass(frozen=True, slots=True)
class Fact:
    """What a page says of a thing beside its form."""

    name: str
    value: Any
    href: str = ""


def on(day: datetime.date | None, otherwise: str = "") -> str:
    """A date as our pages write it."""
    return date_format(day, "j F Y") if day else otherwise


def dated(field: str, description: str, otherwise: str = "") -> Callable[[Any], str]:
    """A list's column of dates."""

    @admin.display(description=description)
    def column(thing: Any) -> str:
        return on(getattr(thing, field), otherwise)

    column.__name__ = field
    return column


def typed(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as the fields of a form send them: a tick is `on`, and no value an empty text."""

    def one(value: Any) -> str:
        if isinstance(value, bool):
            return "on" if value else ""
        return "" if value is None else str(value)

    return {name: one(value) for name, value in values.items()}


class Sentences(forms.BaseForm):
    """A form that takes an action's refusal in."""

    def take(self, refusal: Refusal) -> int:
        """Put each sentence at its field, else over the form; returns the answer's status."""
        for name, sentence in refusal.problems.items():
            self.add_error(name if name in self.fields else None, sentence)
        return refusal.status


class Door(Closed):
    """A model whose add and change pages are forms that lead to an action.

    A subclass gives `add_form` or `change_form` and does the work in `add` or `change`; where
    there is no form, or no right to it, the page shows the thing's `facts` and nothing to send.
    """

    add_form: type[forms.Form] | None = None
    change_form: type[forms.Form] | None = None
    add_says = "Add"
    change_says = "Save"
    page_template = "admin/thing.html"

    def facts(self, request: HttpRequest, thing: Any) -> list[Fact]:
        """What a page says of a thing beside its form."""
        return []

    def form_for(self, request: HttpRequest, thing: Any, sent: Any = None) -> Any:
        kind = self.add_form if thing is None else self.change_form
        if kind is None:
            return None
        return kind(sent, initial=None if thing is None else self.start(thing))

    def values(self, thing: Any) -> dict[str, Any]:
        """What of a thing its form changes, as its action makes its version of it."""
        raise NotImplementedError

    def start(self, thing: Any) -> dict[str, Any]:
        """What the form of a thing holds before anybody typed."""
        names = self.change_form.base_fields if self.change_form else ()
        return {name: getattr(thing, name) for name in names}

    def add(self, request: HttpRequest, given: dict[str, Any]) -> Any:
        """Make a new thing; returns it, or an answer of its own."""
        raise NotImplementedError

    def change(self, request: HttpRequest, thing: Any, given: dict[str, Any]) -> str:
        """Change a thing; returns the sentence that says so."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Both pages: to add when there is no id, else to read and to change."""
        thing = None if object_id is None else self.get_object(request, unquote(object_id))
        open_to = self.is_open(request, thing)
        if thing is None and not open_to:
            raise PermissionDenied
        if request.method != "POST":
            return self.page(request, thing, self.form_for(request, thing) if open_to else None)
        if not open_to:
            raise PermissionDenied
        form = self.form_for(request, thing, request.POST)
        status = NOT_READ
        if form.is_valid():
            given = form.cleaned_data
            if thing is not None:
                given = given | {"version": request.POST.get("version")}
            try:
                return self.done(request, thing, given)
            except Outdated as refusal:
                fresh = self.get_object(request, unquote(object_id or ""))
                return self.told(request, fresh, form, refusal)
            except Refusal as refusal:
                status = form.take(refusal)
        return self.page(request, thing, form, status, **self.carried(request))

    def carried(self, request: HttpRequest) -> dict[str, str]:
        """The version that a refused form was made on: the next one is made on it too."""
        return {name: request.POST.get(name, "") for name in ("version", "base")}

    def told(
        self, request: HttpRequest, thing: Any, sent: forms.Form, refusal: Outdated
    ) -> HttpResponse:
        """The page again, with what another made of the thing meanwhile beside what was typed."""
        mine = {name: request.POST.get(name, "") for name in sent.fields}
        rows = changed_at_once(request.POST, typed(self.start(thing)), mine)
        merged = request.POST.dict() | {row.name: row.merged for row in rows}
        form = self.form_for(request, thing, {k: v for k, v in merged.items() if v != ""})
        form.is_valid()
        status = form.take(refusal)
        labels = [(sent.fields[row.name].label, row) for row in rows]
        return self.page(request, thing, form, status, compared=labels)

    def is_open(self, request: HttpRequest, thing: Any) -> bool:
        """Whether the person has a form here at all; the action asks again."""
        if not self.has_view_permission(request, thing):
            raise PermissionDenied
        if thing is None:
            return self.add_form is not None and self.has_add_permission(request)
        return self.change_form is not None and self.has_change_permission(request, thing)

    def done(self, request: HttpRequest, thing: Any, given: dict[str, Any]) -> HttpResponse:
        if thing is None:
            made = self.add(request, given)
            if isinstance(made, HttpResponse):
                return made
            thing, says = made, f"{str(self.opts.verbose_name).capitalize()} added."
        else:
            says = self.change(request, thing, given)
        messages.success(request, says)
        return redirect(self.address("change", thing.pk))

    def address(self, page: str, *args: Any) -> str:
        """The address of one of this model's pages."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    def opened(self, thing: Any, form: Any) -> dict[str, str]:
        """The version on which the form of a thing is opened, and what it holds then."""
        if thing is None or form is None:
            return {}
        return {
            "version": version_now(self.values(thing)),
            "base": held(typed(self.start(thing))),
        }

    def page(
        self, request: HttpRequest, thing: Any, form: Any, status: int = 200, **more: Any
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            **self.opened(thing, form),
            "opts": self.opts,
            "title": f"Add {self.opts.verbose_name}" if thing is None else str(thing),
            "thing": thing,
            "form": form,
            "says": self.add_says if thing is None else self.change_says,
            "facts": self.facts(request, thing) if thing is not None else [],
            **more,
        }
        return TemplateResponse(request, self.page_template, context, status=status)
