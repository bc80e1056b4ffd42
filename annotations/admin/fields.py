"""Form fields as our pages draw them. They keep what is typed; the actions judge it."""

from collections.abc import Sequence
from typing import Any

from django import forms


def line(label: str, help_text: str = "", **attrs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "input", "dir": "auto", **attrs})
    return forms.CharField(label=label, help_text=help_text, required=False, widget=widget)


def prose(label: str, help_text: str = "", rows: int = 3, **attrs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"class": "area", "dir": "auto", "rows": rows, **attrs})
    return forms.CharField(
        label=label, help_text=help_text, required=False, strip=False, widget=widget
    )


def day(label: str, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"class": "input", "type": "date"})
    return forms.DateField(label=label, help_text=help_text, required=False, widget=widget)


def number(label: str, help_text: str = "", **limits: int) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "input"})
    return forms.IntegerField(label=label, help_text=help_text, widget=widget, **limits)  # type: ignore[arg-type]


def choice(
    label: str, choices: Sequence[tuple[str, str]], help_text: str = ""
) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "input"})
    return forms.ChoiceField(label=label, help_text=help_text, choices=choices, widget=widget)


class Looks(forms.RadioSelect):
    """The looks of ratings, each as it is drawn."""


def decimal(label: str, help_text: str = "") -> forms.FloatField:
    widget = forms.TextInput(attrs={"class": "input", "inputmode": "decimal"})
    return forms.FloatField(
        label=label,
        help_text=help_text,
        required=False,
        widget=widget,
        error_messages={"invalid": "This has to be a number, such as 2.5."},
    )


def tick(label: str, help_text: str = "", *, initial: bool = False) -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=help_text, required=False, initial=initial)


def secret(label: str, help_text: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password"})
    return forms.CharField(
        label=label, help_text=help_text, required=False, strip=False, widget=widget
    )
