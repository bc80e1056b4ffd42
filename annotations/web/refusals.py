"""How the pages say no: one place that turns a refusal into an answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was not ours, or its page stood open for longer than the session."""
    return render(request, "annotations/refused.html", status=403)
