"""Legal holds: placed by an owner on a claim or an article, and lifted with a reason."""

import uuid
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from annotations.actions.holds import lift_hold, place_hold, told
from annotations.admin.access import may_somewhere, person, role_in
from annotations.admin.doors import Door, Fact, Sentences, dated, on
from annotations.admin.fields import day, line, prose
from annotations.admin.filters import ByProject
from annotations.admin.history import Told
from annotations.admin.site import desk
from annotations.models import Article, Claim, LegalHold
from annotations.rules.holds import HoldKind
from annotations.rules.permissions import Verb, may

KINDS = {
    HoldKind.RESTRICT: "Restrict: members read it, readers are told why they cannot (451)",
    HoldKind.WITHHOLD: "Withhold: moderators and owners alone read it (451)",
    HoldKind.WITHDRAW: "Withdraw: gone for readers, with a notice that stays (410)",
}


def identifier(label: str, help_text: str) -> forms.UUIDField:
    widget = forms.TextInput(attrs={"class": "input"})
    return forms.UUIDField(label=label, help_text=help_text, required=False, widget=widget)


class HoldForm(Sentences, forms.Form):
    claim = identifier(
        "Claim", "The id in its address. Its page under Claims has a button that fills this in."
    )
    article = identifier(
        "Article", "Or the id of an article: every claim that stands in it is held with it."
    )
    kind = forms.ChoiceField(
        label="Kind",
        choices=[(one.value, KINDS[one]) for one in HoldKind],
        initial=HoldKind.RESTRICT,
        widget=forms.RadioSelect,
    )
    authority = line("Demanded by", "A court, an authority, a person. Public.")
    ground = line("Legal ground", "By which law or order. Public.")
    ordered_on = day("Dated", "When it was demanded. Public.")
    notice = prose("Notice", "What else readers are told in its place.")

    def is_on_what_is_named(self) -> None:
        """The page says what the hold is on, so that nothing is left to type."""
        for name in ("claim", "article"):
            self.fields[name].widget = forms.HiddenInput()


class LiftForm(Sentences, forms.Form):
    because = prose("Why the hold ends", "For the log. Readers see again what they saw before.")


@admin.register(LegalHold, site=desk)
class LegalHoldAdmin(Told, Door):
    """The holds of the projects that a person moderates; owners place and lift them."""

    list_display = (
        "kind", "demanded_by", "on_what", dated("ordered_on", "Dated"),
        dated("lifted_at", "Lifted", "in force"),
    )  # fmt: skip
    list_filter = (ByProject,)
    parameters: ClassVar[frozenset[str]] = frozenset({"project"})
    add_form = HoldForm
    change_form = LiftForm
    add_says = "Place the hold"
    change_says = "Lift the hold"
    page_template = "admin/hold.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[LegalHold]:
        rows: QuerySet[LegalHold] = super().get_queryset(request)
        return rows.select_related("project", "claim", "article", "placed_by", "lifted_by")

    @admin.display(description="Demanded by")
    def demanded_by(self, hold: LegalHold) -> str:
        return hold.authority

    @admin.display(description="On")
    def on_what(self, hold: LegalHold) -> str:
        return str(hold.claim or hold.article)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_somewhere(request, Verb.HOLD)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return may_somewhere(request, Verb.HOLD)
        return may(role_in(request, obj), Verb.HOLD) and obj.stands

    def form_for(self, request: HttpRequest, thing: Any, sent: Any = None) -> Any:
        if thing is None:
            asked = {name: request.GET.get(name, "") for name in ("claim", "article")}
            return HoldForm(sent, initial={name: one for name, one in asked.items() if one})
        return LiftForm(sent)

    def values(self, thing: LegalHold) -> dict[str, Any]:
        return told(thing)

    def start(self, thing: LegalHold) -> dict[str, Any]:
        return {"because": thing.lifted_because}

    def add(self, request: HttpRequest, given: dict[str, Any]) -> LegalHold:
        return place_hold(actor=person(request), **given)

    def change(self, request: HttpRequest, thing: LegalHold, given: dict[str, Any]) -> str:
        lift_hold(thing.pk, actor=person(request), because=given["because"])
        return "The hold is lifted."

    def facts(self, request: HttpRequest, thing: LegalHold) -> list[Fact]:
        return [
            Fact("On", str(thing.claim or thing.article), href=address_of(thing)),
            Fact("Kind", thing.get_kind_display()),
            Fact("Demanded by", thing.authority),
            Fact("Legal ground", thing.ground),
            Fact("Dated", on(thing.ordered_on)),
            Fact("Notice", thing.notice),
            Fact("Project", thing.project.name),
            Fact("Placed by", thing.placed_by.pseudonym),
            Fact("Placed on", on(thing.placed_at)),
            Fact("Lifted by", thing.lifted_by.pseudonym if thing.lifted_by else ""),
            Fact("Lifted on", on(thing.lifted_at)),
            Fact("Lifted because", thing.lifted_because),
        ]

    def page(
        self, request: HttpRequest, thing: Any, form: Any, status: int = 200, **more: Any
    ) -> TemplateResponse:
        if thing is None:
            named = named_in(request)
            if named is not None:
                form.is_on_what_is_named()
                kind = "claim" if isinstance(named, Claim) else "article"
                more["on_what"] = {"kind": kind, "words": str(named)}
            more["title"] = "Place a legal hold"
        return super().page(request, thing, form, status, **more)


def named_in(request: HttpRequest) -> Claim | Article | None:
    """The claim or the article that the page's address names, of the person's own projects."""
    for name, rows in (("claim", Claim.objects), ("article", Article.objects)):
        try:
            wanted = uuid.UUID(request.GET.get(name, ""))
        except ValueError:
            continue
        found: Claim | Article | None = rows.of(person(request)).filter(pk=wanted).first()
        return found
    return None


def address_of(hold: LegalHold) -> str:
    kind = "claim" if hold.claim_id else "article"
    return reverse(f"admin:annotations_{kind}_change", args=[hold.claim_id or hold.article_id])
