"""The page on which a moderator rules: the verdicts side by side, and what may be done."""

import uuid
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotations.actions.asking import ask_again, ask_for_another, ask_no_more
from annotations.actions.claims import restore, says, set_aside
from annotations.actions.rulings import publish_ruling, version_of_verdicts
from annotations.actions.versions import version_now
from annotations.models import Claim, User
from annotations.models.bench import Bench, bench_of, spread_of
from annotations.rules.permissions import SENTENCES, Verb, may
from annotations.rules.refusals import Conflict, NotAllowed, NotFound, Refusal
from annotations.rules.states import (
    PUBLIC,
    SET_ASIDE_REASONS,
    VERDICTS_ARE_IN,
    State,
)
from annotations.rules.steps import open_steps
from annotations.web.access import person_of
from annotations.web.axis import number
from annotations.web.judged import ordinal
from annotations.web.refusals import refusals_answered
from annotations.web.rows import icon_of
from annotations.web.talking import Talk, talk_of, talked

TEMPLATE = "annotations/bench/page.html"
TICK_AGAIN = (
    "One of these passages is not evidence of a submitted verdict on this claim. "
    "Reload the claim and tick again."
)
JUDGED_NOT = "One of these has given no verdict on this claim. Tick again."


def prose() -> forms.CharField:
    """Text that only the action judges: a refusal is the action's, and what was typed stays."""
    return forms.CharField(required=False, strip=False, widget=forms.Textarea)


class Step(forms.Form):
    """What a moderator may do; the action judges it, and its refusals stand at the fields."""

    def take(self, refusal: Refusal) -> None:
        for name, sentence in refusal.problems.items():
            self.add_error(name if name in self.fields else None, sentence)

    def do(self, claim: uuid.UUID, actor: User) -> str:
        """Do it; returns the sentence that says so."""
        raise NotImplementedError


class MadeOn(Step):
    """A step made on the verdicts that were read: their version goes with it."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def made_on(self) -> str | None:
        """The version on which the form was opened; None where it does not say."""
        return self.cleaned_data["version"] or None

    @staticmethod
    def read(bench: Bench) -> str:
        return version_of_verdicts(bench.verdicts)


class OnWords(MadeOn):
    """One made on what the claim says."""

    @staticmethod
    def read(bench: Bench) -> str:
        return version_now(says(bench.claim))


class Publish(MadeOn):
    rating = forms.CharField(required=False)
    summary = prose()
    reason = prose()
    evidence = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": TICK_AGAIN}
    )

    def __init__(self, *args: Any, bench: Bench, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticks: Any = self.fields["evidence"]
        ticks.choices = [(str(one.pk), "") for one in bench.evidence]

    @property
    def ticked(self) -> frozenset[str]:
        return frozenset(str(one) for one in self["evidence"].value() or ())

    def do(self, claim: uuid.UUID, actor: User) -> str:
        given = dict(self.cleaned_data)
        evidence = [uuid.UUID(one) for one in given.pop("evidence")]
        del given["version"]
        publish_ruling(claim, actor=actor, evidence=evidence, version=self.made_on, **given)
        return "The ruling is published."


class AskAgain(Step):
    question = prose()
    reviewers = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": JUDGED_NOT}
    )

    def __init__(self, *args: Any, bench: Bench, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticks: Any = self.fields["reviewers"]
        ticks.choices = [(name, name) for name in bench.reviewers]

    @property
    def ticked(self) -> list[str]:
        return list(self["reviewers"].value() or ())

    def do(self, claim: uuid.UUID, actor: User) -> str:
        given = self.cleaned_data
        made = ask_again(claim, given["question"], actor=actor, reviewers=given["reviewers"])
        names = [one.person.pseudonym for one in made.addressees.select_related("person")]
        return f"Asked again: {', '.join(names)}. The answer comes as a reply or a new verdict."


class AskForAnother(MadeOn):
    def do(self, claim: uuid.UUID, actor: User) -> str:
        required = ask_for_another(claim, actor=actor, version=self.made_on).required
        return f"The claim waits for a {ordinal(required)} verdict."


class AskNoMore(MadeOn):
    def do(self, claim: uuid.UUID, actor: User) -> str:
        ask_no_more(claim, actor=actor, version=self.made_on)
        return "The verdicts that are in suffice."


class SetAside(OnWords):
    set_aside_reason = forms.CharField(required=False)
    note = prose()

    reasons = list(SET_ASIDE_REASONS.items())

    def do(self, claim: uuid.UUID, actor: User) -> str:
        why, note = self.cleaned_data["set_aside_reason"], self.cleaned_data["note"]
        set_aside(claim, why, actor=actor, note=note, version=self.made_on)
        return "The claim is set aside."


class Restore(OnWords):
    def do(self, claim: uuid.UUID, actor: User) -> str:
        made = restore(claim, actor=actor, version=self.made_on)
        return f"The claim is back in review: {made.get_state_display().lower()}."


STEPS: dict[str, type[Step]] = {
    "publish": Publish,
    "ask_again": AskAgain,
    "ask_for_another": AskForAnother,
    "ask_no_more": AskNoMore,
    "set_aside": SetAside,
    "restore": Restore,
}


def steps_on(claim: Claim, bench: Bench, person: User) -> set[str]:
    """What the page offers to do to a claim in its state."""
    now_open = open_steps(claim.role, claim.state)
    steps = {name for name in STEPS if name in now_open}
    if not others_on(bench, person):
        steps.discard("ask_again")
    if claim.verdicts_wanted is None or claim.state != State.IN_REVIEW:
        steps.discard("ask_no_more")
    return steps


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_answered
def adjudicate(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """A claim before the ruling, and after it; the button says what to do."""
    person = person_of(request)
    claim = claim_to_rule(claim_id, person)
    if request.method != "POST":
        return page(request, claim)
    asked = request.POST.get("do", "")
    if asked not in STEPS:
        return answer_talk(request, claim)
    form = form_of(asked, claim, person, bench_of(claim), sent=request.POST)
    if form.is_valid():
        try:
            messages.success(request, form.do(claim_id, person))
            return redirect("adjudicate", claim_id=claim_id)
        except NotFound:
            raise
        except Refusal as refusal:
            form.take(refusal)
            status, moved = refusal.status, isinstance(refusal, Conflict)
    else:
        status, moved = 422, False
    return page(request, claim_to_rule(claim_id, person), {asked: form}, status=status, moved=moved)


def answer_talk(request: HttpRequest, claim: Claim) -> HttpResponse:
    """Write, change or remove a comment; refused, its words stay in their form."""
    refused = talked(request, claim.pk)
    if refused is None:
        return redirect(f"{request.path}#comments")
    return page(request, claim, talk_refused=refused, status=refused.refusal.status)


def claim_to_rule(claim_id: uuid.UUID, person: User) -> Claim:
    """The claim, if the person may rule in its project; with `role`."""
    rows = Claim.objects.of(person).select_related("project", "claimant", "marked_by")
    claim = rows.filter(pk=claim_id).first()
    if claim is None:
        raise NotFound("There is no such claim in your projects. Start from your desk.")
    if not may(claim.role, Verb.RULE):
        raise NotAllowed(SENTENCES[Verb.RULE])
    return claim


def form_of(name: str, claim: Claim, person: User, bench: Bench, **kwargs: Any) -> Any:
    """The form of a step, as it was sent or with a start."""
    kind: Callable[..., Step] = STEPS[name]
    more = {"bench": bench} if name in ("publish", "ask_again") else {}
    sent = kwargs.pop("sent", None)
    form = kind(sent, auto_id=f"{name}-%s", **more, **kwargs)
    if isinstance(form, MadeOn):
        form.fields["version"].initial = form.read(bench)
    return form


def start_of(name: str, bench: Bench, person: User, begun_from: str) -> dict[str, Any]:
    """What a form holds before anybody typed; `begun_from` is a verdict's id."""
    if name == "ask_again":
        return {"reviewers": others_on(bench, person)}
    if name != "publish":
        return {}
    start: dict[str, Any] = {}
    chosen = next((one for one in bench.verdicts if str(one.pk) == begun_from), None)
    ratings = {one.rating.counts_as.slug for one in bench.verdicts if one.rating}
    if chosen is not None and chosen.rating:
        mine = [str(one.pk) for one in bench.evidence if one.verdict_id == chosen.pk]
        start |= {
            "rating": chosen.rating.counts_as.slug,
            "summary": chosen.rationale,
            "evidence": mine,
        }
    elif len(ratings) == 1:
        everything = [str(one.pk) for one in bench.evidence]
        start |= {"rating": ratings.pop(), "evidence": everything}
    return start


def others_on(bench: Bench, person: User) -> list[str]:
    """The pseudonyms of the claim's reviewers but the person."""
    return [one.reviewer.pseudonym for one in bench.verdicts if one.reviewer_id != person.pk]


def page(
    request: HttpRequest,
    claim: Claim,
    sent: dict[str, Any] | None = None,
    *,
    talk_refused: Talk | None = None,
    status: int = 200,
    moved: bool = False,
) -> HttpResponse:
    """The bench with a form for each step that is open; one that was sent stays in view.

    `moved` says that the claim is not as it was when the form was opened.
    """
    person = person_of(request)
    bench = bench_of(claim)
    begun_from = request.GET.get("from", "")
    forms_by_name: dict[str, Any] = {
        name: form_of(name, claim, person, bench, initial=start_of(name, bench, person, begun_from))
        for name in steps_on(claim, bench, person)
    } | (sent or {})
    ruling = forms_by_name.get("publish")
    if moved:
        go_on_from(bench, sent)
    ticked = ruling.ticked if ruling else frozenset()
    resting = [one for one in bench.evidence if str(one.pk) in ticked]
    others = others_on(bench, person)
    state = State(claim.state)
    from_verdict = next((one for one in bench.verdicts if str(one.pk) == begun_from), None)
    context = {
        "person": person,
        "claim": claim,
        "state": state,
        "state_icon": icon_of(state),
        "bench": bench,
        "passages": bench.passages,
        "spread": spread_of(bench.scale, bench.verdicts),
        "comparison": bench.comparison(ticked),
        "ruling": ruling if state in VERDICTS_ARE_IN else None,
        "publishes": state in VERDICTS_ARE_IN,
        "typed": ruling if state not in VERDICTS_ARE_IN else None,
        "steps": forms_by_name,
        "rests_on": len(resting),
        "from_sources": len({one.source_id for one in resting if one.source_id}),
        "begun_from": from_verdict,
        "others": others,
        "asks": asking(others),
        "next_verdict": ordinal(len(bench.verdicts) + 1),
        "given": len(bench.verdicts),
        "missing": number(max(claim.required - len(bench.verdicts), 0)),
        "own": any(one.reviewer_id == person.pk for one in bench.verdicts),
        "may_not": bench.verdicts and not others and not claim.project.one_person_suffices,
        "beside": Claim.objects.beside(claim),
        "is_public": state in PUBLIC,
        "notice": conflict_in(sent) if moved else "",
        "draft_key": f"{person.pk}:ruling:{claim.pk}",
        **talk_of(claim, person, talk_refused),
    }
    return render(request, TEMPLATE, context, status=status)


def go_on_from(bench: Bench, sent: dict[str, Any] | None) -> None:
    """What was sent is made on what its page now shows when it is sent again."""
    for form in (sent or {}).values():
        if isinstance(form, MadeOn):
            again = cast(QueryDict, form.data).copy()
            again["version"] = form.read(bench)
            form.data = again


def conflict_in(sent: dict[str, Any] | None) -> str:
    """What was refused as a whole, because the claim has moved."""
    return " ".join(str(one) for form in (sent or {}).values() for one in form.non_field_errors())


def asking(others: list[str]) -> str:
    """Whom the button asks: one by name, more by their number."""
    if len(others) == 1:
        return others[0]
    return "both" if len(others) == 2 else f"all {number(len(others))}"
