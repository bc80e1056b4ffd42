"""The forms of a moderator's steps, and the actions they lead to."""

import uuid
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.http import QueryDict

from annotations.actions.asking import ask_again, ask_for_another
from annotations.actions.claims import restore, says, set_aside
from annotations.actions.rulings import (
    correct_ruling,
    publish_ruling,
    version_of_verdicts,
    withdraw_ruling,
)
from annotations.actions.versions import version_now
from annotations.admin.doors import Sentences
from annotations.models import User
from annotations.models.bench import Bench
from annotations.rules.claims import CorrectionKind
from annotations.rules.states import SET_ASIDE_REASONS
from annotations.rules.steps import Step

TICK_AGAIN = (
    "One of these passages is not evidence of a submitted verdict on this claim. "
    "Reload the claim and tick again."
)


def prose() -> forms.CharField:
    """Text that only the action judges: a refusal is the action's, and what was typed stays."""
    return forms.CharField(required=False, strip=False, widget=forms.Textarea)


class Read(forms.Form):
    """A step made on what was read: that goes with it, under the form's `on`."""

    on = ""

    def read(self, bench: Bench) -> Any:
        """What `bench` shows of it now."""
        raise NotImplementedError

    def go_on_from(self, bench: Bench) -> None:
        """Sent again, it is made on what its page now shows."""
        sent = cast(QueryDict, self.data).copy()
        sent[self.on] = str(self.read(bench))
        self.data = sent


class OnVerdicts(Read):
    version = forms.CharField(required=False, widget=forms.HiddenInput)
    on = "version"

    def read(self, bench: Bench) -> str:
        return version_of_verdicts(bench.verdicts)


class OnWords(OnVerdicts):
    def read(self, bench: Bench) -> str:
        return version_now(says(bench.claim))


class Following(Read):
    follows = forms.IntegerField(required=False, widget=forms.HiddenInput)
    on = "follows"

    def read(self, bench: Bench) -> int | str:
        return bench.ruling.number if bench.ruling else ""


class RulingForm(Sentences, forms.Form):
    """A ruling: its rating, its summary, and what it rests on."""

    rating = forms.CharField(required=False)
    summary = prose()
    evidence = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": TICK_AGAIN}
    )

    def __init__(self, *args: Any, bench: Bench, **kwargs: Any):
        super().__init__(*args, **kwargs)
        ticks = cast(forms.MultipleChoiceField, self.fields["evidence"])
        ticks.choices = [(str(one.pk), "") for one in bench.evidence]

    @property
    def rests_on(self) -> list[uuid.UUID]:
        return [uuid.UUID(one) for one in self.cleaned_data["evidence"]]

    @property
    def ticked(self) -> frozenset[str]:
        return frozenset(str(one) for one in self["evidence"].value() or ())


class PublishForm(OnVerdicts, RulingForm):
    reason = prose()


class CorrectForm(Following, RulingForm):
    """A ruling that follows a published one."""

    correction = forms.CharField(required=False)
    note = prose()

    kinds = [(one.value, one.value.replace("_", " ").capitalize()) for one in CorrectionKind]


class WithdrawForm(Sentences, Following):
    note = prose()


class AskAgainForm(Sentences, forms.Form):
    question = prose()


class AskForAnotherForm(Sentences, OnVerdicts):
    """A button."""


class SetAsideForm(Sentences, OnWords):
    set_aside_reason = forms.CharField(required=False)
    note = prose()

    reasons = list(SET_ASIDE_REASONS.items())


class RestoreForm(Sentences, OnWords):
    """A button."""


def publish(claim: uuid.UUID, form: Any, actor: User) -> str:
    given = form.cleaned_data
    publish_ruling(
        claim,
        actor=actor,
        rating=given["rating"],
        summary=given["summary"],
        reason=given["reason"],
        evidence=form.rests_on,
        version=read_by(form),
    )
    return "The ruling is published."


def correct(claim: uuid.UUID, form: Any, actor: User) -> str:
    given = form.cleaned_data
    correct_ruling(
        claim,
        actor=actor,
        rating=given["rating"],
        summary=given["summary"],
        evidence=form.rests_on,
        note=given["note"],
        correction=given["correction"],
        follows=given["follows"],
    )
    return "The correction is published. The ruling before it stays reachable."


def withdraw(claim: uuid.UUID, form: Any, actor: User) -> str:
    given = form.cleaned_data
    withdraw_ruling(claim, actor=actor, note=given["note"], follows=given["follows"])
    return "The ruling is withdrawn. Its page says so."


def question(claim: uuid.UUID, form: Any, actor: User) -> str:
    ask_again(claim, form.cleaned_data["question"], actor=actor)
    return "The reviewers are asked again. They answer with a reply or a new verdict."


def another(claim: uuid.UUID, form: Any, actor: User) -> str:
    required = ask_for_another(claim, actor=actor, version=read_by(form)).required
    return f"The claim waits for a further verdict: {required} in all."


def put_aside(claim: uuid.UUID, form: Any, actor: User) -> str:
    given = form.cleaned_data
    why, note = given["set_aside_reason"], given["note"]
    set_aside(claim, why, actor=actor, note=note, version=read_by(form))
    return "The claim is set aside."


def take_back(claim: uuid.UUID, form: Any, actor: User) -> str:
    made = restore(claim, actor=actor, version=read_by(form))
    return f"The claim is back in review: {made.get_state_display().lower()}."


def read_by(form: forms.Form) -> str | None:
    """The version on which a form was opened; None where it does not say."""
    return form.cleaned_data["version"] or None


FORMS: dict[Step, type[forms.Form]] = {
    Step.PUBLISH: PublishForm,
    Step.CORRECT: CorrectForm,
    Step.WITHDRAW: WithdrawForm,
    Step.ASK_AGAIN: AskAgainForm,
    Step.ASK_FOR_ANOTHER: AskForAnotherForm,
    Step.SET_ASIDE: SetAsideForm,
    Step.RESTORE: RestoreForm,
}

DO: dict[Step, Callable[[uuid.UUID, Any, User], str]] = {
    Step.PUBLISH: publish,
    Step.CORRECT: correct,
    Step.WITHDRAW: withdraw,
    Step.ASK_AGAIN: question,
    Step.ASK_FOR_ANOTHER: another,
    Step.SET_ASIDE: put_aside,
    Step.RESTORE: take_back,
}


def form_of(
    step: Step,
    bench: Bench,
    *,
    sent: Any = None,
    initial: dict[str, Any] | None = None,
) -> forms.Form:
    """The form of a step, as it was sent or with a start; `form.action` says where it goes."""
    more: dict[str, Any] = {"bench": bench} if issubclass(FORMS[step], RulingForm) else {}
    form = FORMS[step](sent, initial=initial, auto_id=f"{step.word}-%s", **more)
    if isinstance(form, Read):
        form.fields[form.on].initial = form.read(bench)
    return form


def start_of(bench: Bench, begun_from: str) -> dict[str, Any]:
    """What the ruling's form holds before anybody typed.

    `begun_from` is the id of a verdict whose words and evidence to start from; else a published
    ruling is the start of its correction, and verdicts that agree are of theirs.
    """
    chosen = next((one for one in bench.verdicts if str(one.pk) == begun_from), None)
    if chosen is not None:
        mine = [str(one.pk) for one in bench.evidence if one.verdict_id == chosen.pk]
        return {"rating": slug_of(chosen), "summary": chosen.rationale, "evidence": mine}
    if bench.ruling is not None:
        return {
            "rating": slug_of(bench.ruling),
            "summary": bench.ruling.summary,
            "evidence": [str(one) for one in bench.rests_on],
        }
    ratings = {slug_of(one) for one in bench.verdicts}
    if len(ratings) == 1:
        everything = [str(one.pk) for one in bench.evidence]
        return {"rating": ratings.pop(), "evidence": everything}
    return {}


def slug_of(rated: Any) -> str:
    return rated.rating.counts_as.slug if rated.rating else ""
