"""Claims: the list by state, and the page on which a moderator rules."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from annotations.actions.claims import set_aside
from annotations.admin.access import Closed, person, role_in
from annotations.admin.doors import NOT_READ
from annotations.admin.filters import ByProject, ByState
from annotations.admin.history import Told
from annotations.admin.rulings import DO, FORMS, Read, form_of, start_of
from annotations.admin.site import desk
from annotations.admin.steps import WHAT_NEXT
from annotations.admin.waiting import Shown, disputed_first
from annotations.models import Claim, Event, LegalHold
from annotations.models.bench import Bench, bench_of, spread_of, with_verdicts
from annotations.rules.permissions import Verb, may
from annotations.rules.refusals import Conflict, Refusal
from annotations.rules.states import SET_ASIDE_REASONS, State
from annotations.rules.steps import Step, open_steps

MOST_AT_ONCE = 100

Act = Callable[[Any, HttpRequest, QuerySet[Claim]], None]


def cell(name: str, claim: Claim) -> SafeString:
    """A column's content, from a template of its own."""
    seen = {"claim": claim, "shown": Shown(State(claim.state))}
    return render_to_string(f"admin/parts/claim_{name}.html", seen)


def aside_as(why: str, name: str) -> Act:
    """A bulk action that sets claims aside, each by itself: one refusal stops no other."""

    @admin.action(description=f"Set aside: {name.lower()}")
    def act(admin: Any, request: HttpRequest, queryset: QuerySet[Claim]) -> None:
        ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(ids) > MOST_AT_ONCE:
            sentence = f"At most {MOST_AT_ONCE} claims are set aside at once. Tick fewer."
            messages.error(request, sentence)
            return
        done = 0
        for pk in ids:
            try:
                set_aside(pk, why, actor=person(request))
                done += 1
            except Refusal as refusal:
                messages.error(request, f"“{Claim.objects.get(pk=pk)}” stays: {refusal.sentence}")
        if done:
            messages.success(request, f"{done} claim{'s' if done > 1 else ''} set aside.")

    act.__name__ = f"set_aside_as_{why}"
    return act


@admin.register(Claim, site=desk)
class ClaimAdmin(Told, Closed):
    """Everything about a claim is read here; what changes it is a step with a name."""

    list_display = ("says", "stands", "verdicts_in", "ratings", "marker")
    list_display_links = None
    list_filter = (ByState, ByProject)
    parameters = frozenset({"state", "project"})
    search_fields = ("statement",)
    search_help_text = "Words of the statement"
    actions = tuple(aside_as(why, name) for why, name in SET_ASIDE_REASONS.items())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        claims: QuerySet[Claim] = super().get_queryset(request)
        return claims.select_related("project", "marked_by", "claimant")

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """Disputed first among those that wait; one state, or all of them, newest first."""
        return ("-id",) if "state" in request.GET else (disputed_first(), "-id")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The page's rows with their verdicts and articles: two queries more, for any number."""
        made = super().get_changelist_instance(request)
        rows = made.result_list
        made.result_list = rows.prefetch_related(with_verdicts(), "appearances__article")
        return made

    @admin.display(description="Claim")
    def says(self, claim: Claim) -> SafeString:
        return cell("says", claim)

    @admin.display(description="State")
    def stands(self, claim: Claim) -> SafeString:
        return cell("state", claim)

    @admin.display(description="Verdicts")
    def verdicts_in(self, claim: Claim) -> SafeString:
        return cell("verdicts", claim)

    @admin.display(description="Ratings")
    def ratings(self, claim: Claim) -> SafeString:
        return cell("ratings", claim)

    @admin.display(description="Marked by")
    def marker(self, claim: Claim) -> str:
        return claim.marked_by.pseudonym

    def events(self, thing: Any) -> QuerySet[Event]:
        return Event.objects.of_claim(thing.pk)

    def get_urls(self) -> list[URLPattern]:
        steps = [
            path(
                f"<uuid:claim_id>/{step.word}/",
                self.admin_site.admin_view(partial(self.take_step, step=step)),
                name=f"annotations_claim_{step.word}",
            )
            for step in FORMS
        ]
        return steps + super().get_urls()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of one claim. Nothing can be sent to it: each step has its own address."""
        if object_id is None:
            raise PermissionDenied
        claim = self.get_object(request, unquote(object_id))
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return self.moderation(request, claim)

    def take_step(self, request: HttpRequest, claim_id: Any, step: Step) -> HttpResponse:
        """Do one step; a refusal shows the page again, with what was typed."""
        claim = self.get_object(request, str(claim_id))
        there = reverse("admin:annotations_claim_change", args=[claim.pk])
        if request.method != "POST":
            return redirect(there)
        form: Any = form_of(step, bench_of(claim), sent=request.POST)
        status = NOT_READ
        if form.is_valid():
            try:
                said = DO[step](claim.pk, form, person(request))
            except Refusal as refusal:
                status = form.take(refusal)
                if isinstance(refusal, Conflict) and isinstance(form, Read):
                    form.go_on_from(bench_of(self.get_object(request, str(claim_id))))
            else:
                messages.success(request, said)
                return redirect(there)
        claim = self.get_object(request, str(claim_id))
        return self.moderation(request, claim, {step: form}, status)

    def moderation(
        self,
        request: HttpRequest,
        claim: Claim,
        sent: dict[Step, forms.Form] | None = None,
        status: int = 200,
    ) -> TemplateResponse:
        """The bench, and a form for each step that is open; one that was sent stays in view."""
        bench = bench_of(claim)
        begin = start_of(bench, request.GET.get("from", ""))
        steps = open_steps(role_in(request, claim), claim.state) & FORMS.keys()
        shown = {step: form_of(step, bench, initial=begin) for step in steps} | (sent or {})
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": claim.statement,
            "claim": claim,
            "shown": Shown(State(claim.state)),
            "bench": bench,
            "what_next": WHAT_NEXT[State(claim.state)],
            "spread": spread_of(bench.scale, bench.verdicts),
            "hold": LegalHold.objects.standing().over_claim(claim.pk).in_order().first(),
            "may_hold": may(role_in(request, claim), Verb.HOLD),
            "stopped": next((form_id(step) for step in sent or ()), ""),
            **seen_by_template(bench, shown),
        }
        return TemplateResponse(request, "admin/claim.html", context, status=status)


def form_id(step: Step) -> str:
    """Where the page has the form of a step."""
    return "ruling" if step in (Step.PUBLISH, Step.CORRECT) else step.word


def seen_by_template(bench: Bench, shown: dict[Step, Any]) -> dict[str, Any]:
    """The forms by name, and the one that rules beside the evidence it ticks."""
    ruling = shown.get(Step.PUBLISH) or shown.get(Step.CORRECT)
    return {
        "ruling": ruling,
        "publishes": Step.PUBLISH in shown,
        "withdrawing": shown.get(Step.WITHDRAW),
        "asking_again": shown.get(Step.ASK_AGAIN),
        "asking_for_another": shown.get(Step.ASK_FOR_ANOTHER),
        "setting_aside": shown.get(Step.SET_ASIDE),
        "restoring": shown.get(Step.RESTORE),
        "comparison": bench.comparison(ruling.ticked if ruling else ()),
    }
