"""API tokens: one's own, and for an owner the members'. The secret is shown once."""

import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from annotations.actions.tokens import make_token, revoke_token
from annotations.admin.access import person
from annotations.admin.doors import Door, Fact, Sentences, dated, on
from annotations.admin.fields import line, number, tick
from annotations.admin.site import desk
from annotations.models import Token
from annotations.rules.refusals import Refusal
from annotations.rules.scopes import DAYS, MOST_DAYS, Scope


class TokenForm(Sentences, forms.Form):
    name = line("Name", "What it is for, so that you know it again.")
    days = number(
        "Days until it expires",
        f"1 to {MOST_DAYS}.",
        initial=DAYS,
        min_value=1,
        max_value=MOST_DAYS,
    )
    review = tick("May review", "Mark claims, give verdicts, comment and take work.", initial=True)
    moderate = tick("May moderate", "Rule, import, and lead the work of others.", initial=True)
    manage = tick("May manage", "Change projects, scales, webhooks and legal holds.", initial=True)


@admin.register(Token, site=desk)
class TokenAdmin(Door):
    """A list of names and hints; only the digest of a secret is kept."""

    list_display = (
        "name",
        "hint",
        "holder",
        dated("expires_at", "Expires"),
        dated("last_used_at", "Last used", "never"),
        "stands",
    )
    list_select_related = ("user",)
    add_form = TokenForm
    add_says = "Make token"
    page_template = "admin/token.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Token]:
        mine = Token.objects.managed_by(person(request))
        return mine.select_related("user").order_by("-pk")

    @admin.display(description="Of")
    def holder(self, token: Token) -> str:
        return token.user.pseudonym

    @admin.display(description="State")
    def stands(self, token: Token) -> str:
        if token.revoked_at:
            return "Revoked"
        return "Expired" if token.expires_at <= timezone.now() else "In use"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def add(self, request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
        """The answer shows the secret; it cannot be had again, so nothing is redirected to."""
        me = person(request)
        life = timedelta(days=given["days"])
        scopes = [Scope.READ, *(one for one in Scope if given.get(one))]
        token, secret = make_token(me, given["name"], actor=me, life=life, scopes=scopes)
        return self.page(request, token, None, secret=secret)

    def facts(self, request: HttpRequest, thing: Token) -> list[Fact]:
        return [
            Fact("Begins with", thing.hint),
            Fact("Of", thing.user.pseudonym),
            Fact("Scopes", ", ".join(thing.scopes)),
            Fact("Made on", on(thing.created_at)),
            Fact("Expires on", on(thing.expires_at)),
            Fact("Last used", on(thing.last_used_at, "never")),
            Fact("State", self.stands(thing)),
        ]

    def page(
        self, request: HttpRequest, thing: Any, form: Any, status: int = 200, **more: Any
    ) -> TemplateResponse:
        in_use = thing is not None and thing.revoked_at is None
        return super().page(request, thing, form, status, may_revoke=in_use, **more)

    def get_urls(self) -> list[URLPattern]:
        revoke = self.admin_site.admin_view(self.revoke)
        return [
            path("<uuid:token_id>/revoke/", revoke, name="annotations_token_revoke"),
            *super().get_urls(),
        ]

    def revoke(self, request: HttpRequest, token_id: uuid.UUID) -> HttpResponse:
        """End a token at once."""
        token = self.get_object(request, str(token_id))
        if request.method == "POST":
            try:
                revoke_token(token.pk, actor=person(request))
            except Refusal as refusal:
                return self.page(request, token, None, refusal.status, refused=refusal.sentence)
            messages.success(request, "The token is revoked: it opens nothing any more.")
        return redirect(self.address("change", token.pk))
