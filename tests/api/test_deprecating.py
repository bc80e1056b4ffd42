"""What is on its way out says so, and stays for as long as was promised."""

import datetime
from typing import Any

import pytest
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from annotations.api.deprecating import deprecated
from annotations.api.doors import Door
from annotations.api.openapi import reads
from annotations.api.shapes.problems import Problem
from annotations.rules.refusals import NotFound

SINCE, UNTIL = datetime.date(2026, 3, 1), datetime.date(2026, 9, 1)


class Old(Door):
    """A door whose reading is on its way out, and its change is not."""

    authentication_classes = ()

    @deprecated(since=SINCE, until=UNTIL, about="versions")
    @reads(Problem, "old", "Something old")
    def get(self, request: Request) -> Response:
        if "refuse" in request.query_params:
            raise NotFound("There is nothing here.")
        return Response({}, headers={"Link": '</new/>; rel="successor-version"'})

    @reads(Problem, "new", "Something that stays")
    def patch(self, request: Request) -> Response:
        return Response({})


def answer(method: str, address: str = "/old/") -> Response:
    asked = getattr(APIRequestFactory(), method)(address)
    made = Old.as_view(permission_classes=())(asked)
    assert isinstance(made, Response)
    return made


@pytest.mark.parametrize("method", ["get", "head"])
def test_an_answer_says_since_when_until_when_and_what_instead(method: str) -> None:
    told = answer(method)
    assert told["Deprecation"] == "@1772323200"
    assert told["Sunset"] == "Tue, 01 Sep 2026 00:00:00 GMT"
    assert told["Link"] == (
        '</new/>; rel="successor-version", '
        '</api/v1/docs/#versions>; rel="deprecation"; type="text/html"'
    )


def test_a_refusal_says_so_too() -> None:
    refused = answer("get", "/old/?refuse=1")
    assert (refused.status_code, refused["Deprecation"]) == (404, "@1772323200")


def test_what_stays_says_nothing() -> None:
    assert not {"Deprecation", "Sunset", "Link"} & set(answer("patch").headers)


def test_the_document_says_so() -> None:
    patterns = [path("old/", Old.as_view())]
    there: Any = SchemaGenerator(patterns=patterns).get_schema(public=True)  # type: ignore[no-untyped-call]
    operations = there["paths"]["/old/"]
    assert operations["get"]["deprecated"] is True
    assert "deprecated" not in operations["patch"]


def test_nothing_goes_sooner_than_was_promised() -> None:
    with pytest.raises(ValueError, match="180 days"):
        deprecated(since=SINCE, until=SINCE + datetime.timedelta(days=179), about="versions")
