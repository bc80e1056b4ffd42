"""Every request below the API's addresses is counted, and refused where there are too many.

It is done before the view, so outside of its transaction: a request counts whatever comes of it.
Each answer says what is left.
"""

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from annotations.actions.limits import count
from annotations.api.callers import counted
from annotations.api.problems import BELOW, refused
from annotations.rules.limits import TooMany


class LimitsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(BELOW):
            return self.get_response(request)
        try:
            spent = count(*counted(request))
        except OperationalError as busy:
            return refused(request, busy)
        answer = refused(request, TooMany(spent)) if spent.is_over else self.get_response(request)
        for name, value in spent.headers():
            answer[name] = value
        return answer
