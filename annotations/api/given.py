"""What a request gives, read once: a body or the parameters of the address, by an allow-list.

A name that is not on the list is refused, so no write can set what its action does not take, and
no filter can reach a column that was not meant to be asked about.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import DateTimeField, Q, QuerySet
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from annotations.api.fields import Day, Id, WholeInAddress, Words
from annotations.api.problems import refuse_unknown
from annotations.models import User
from annotations.models.projects import in_project
from annotations.models.searching import Search
from annotations.rules.days import begins, ends
from annotations.rules.refusals import Malformed
from annotations.rules.searching import sought_of

Rows = TypeVar("Rows", bound=QuerySet[Any, Any])

MOST_A_PAGE = 200
A_PAGE = 50


class Given(serializers.Serializer[Any]):
    """An object of which every name is known."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError(
                {"non_field_errors": ["This has to be an object in curly brackets."]}
            )
        strange = [str(name) for name in data if name not in self.fields]
        if strange:
            allowed = ", ".join(self.fields) or "nothing"
            sentence = f"This cannot be set here. What can be: {allowed}."
            raise serializers.ValidationError({name[:100]: [sentence] for name in strange[:50]})
        return super().to_internal_value(data)


class OneOfMany(Given):
    """One of many things that are changed by one request."""

    id = Id()
    version = Words(
        required=False, default="", help_text="Its ETag, as in If-Match, or * for whatever it is."
    )


class SearchedFor(serializers.Serializer[Any]):
    """A list whose things are found by their words."""

    search = Words(
        required=False,
        help_text=(
            'Words that all stand in it, `"phrases"`, and `-words` that do not, whatever their '
            "case and accents; of a script without spaces, any run of one or more characters."
        ),
    )


class NothingGiven(Given):
    """A write that needs no more than its address."""


class Asked(serializers.Serializer[Any]):
    """What every list can be asked: where to go on, and how much."""

    cursor = Words(required=False, help_text="Where the next page begins, out of `next`.")
    page_size = WholeInAddress(
        required=False,
        default=A_PAGE,
        min_value=1,
        help_text=f"How many at most; {MOST_A_PAGE} is the most there is.",
    )
    fields = Words(required=False)  # type: ignore[assignment]  # what they mean: chosen.py
    expand = Words(required=False)


def search(wanted: dict[str, Any], request: Request) -> Search | None:
    """What is searched for among the things of a list, if anything is."""
    if "search" not in wanted:
        return None
    return Search(sought_of(wanted["search"]), request.user, wanted.get("project"))


def narrowed(rows: Rows, wanted: dict[str, Any], columns: Mapping[str, str]) -> Rows:
    """Those of the project that was asked for, and those whose `columns` are what was asked for by
    the names of these.
    """
    if "project" in wanted:
        rows = rows.filter(in_project(wanted["project"]))
    return rows.filter(**{columns[name]: wanted[name] for name in columns if name in wanted})


class InDays(serializers.Serializer[Any]):
    """The first and the last day, in UTC, of what is asked for."""

    def get_fields(self) -> dict[str, Any]:
        about = {"from": "Of this day or later, as 2025-03-17.", "to": "Of this day or earlier."}
        days = {name: Day(required=False, help_text=told) for name, told in about.items()}
        return super().get_fields() | days


def in_days(rows: Rows, wanted: dict[str, Any], column: str) -> Rows:
    """Those whose day, or moment in UTC, is among the days that are asked for."""
    first, last = wanted.get("from"), wanted.get("to")
    if isinstance(rows.model._meta.get_field(column), DateTimeField):
        first, last = first and begins(first), last and ends(last)
    if first:
        rows = rows.filter(Q((f"{column}__gte", first)))
    if last:
        rows = rows.filter(Q((f"{column}__lte", last)))
    return rows


def body(given: type[Given], request: Request) -> dict[str, Any]:
    """The checked content of a request's body."""
    if not isinstance(request.data, Mapping):
        raise Malformed("The body has to be an object in curly brackets.")
    return checked(given, request.data)


def checked(given: type[Given], data: Any) -> dict[str, Any]:
    """The checked content of a body, or of one of many in it."""
    serializer = given(data=data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def asked(known: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The checked parameters of a request's address; refuses one that is unknown or repeated."""
    serializer = known(data=request.query_params.dict())
    refuse_unknown(
        request.query_params,
        serializer.fields,
        "There is no such filter. What there is: {allowed}.",
    )
    twice = [name for name, values in request.query_params.lists() if len(values) > 1]
    if twice:
        raise Malformed("This is given twice. Give it once.", field=twice[0])
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def actor(request: Request) -> User:
    """The person who writes."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user
