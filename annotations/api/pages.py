"""Lists, a page at a time: newest first or in their order, by an opaque cursor, with no count and
no offset.

The cursor is the identifier of the last thing of the page before, so the thousandth page costs
what the first one does.
"""

import base64
import binascii
import uuid
from typing import Any

from django.db.models import IntegerField, Model, QuerySet
from django.utils.http import urlencode
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.chosen import chosen, lean, shown
from annotations.api.given import A_PAGE, MOST_A_PAGE
from annotations.models.searching import Search
from annotations.rules.refusals import Malformed


def page(
    rows: QuerySet[Any, Any],
    wanted: dict[str, Any],
    shape: type[serializers.Serializer[Any]],
    request: Request,
    *,
    oldest_first: bool = False,
    search: Search | None = None,
) -> Response:
    """One page of `rows`, and the address of the next: as many queries as `rows` itself takes, and
    three at most for a `search` among them.
    """
    choice = chosen(shape, wanted)
    rows = lean(rows, shape, choice)
    size = size_of(wanted)
    further, order = ("pk__gt", "pk") if oldest_first else ("pk__lt", "-pk")
    place = place_of(wanted["cursor"]) if wanted.get("cursor") else None
    if place and not search:
        is_numbered = isinstance(rows.model._meta.pk, IntegerField)
        rows = rows.filter(**{further: place.int if is_numbered else place})
    found: list[Model] = (
        search.newest(rows, size + 1, before=place)
        if search
        else list(rows.order_by(order)[: size + 1])
    )
    here = found[:size]
    has_more = len(found) > size
    following = address_with(request, cursor=cursor_of(here[-1].pk)) if has_more else None
    return Response({"next": following, "results": shown(shape, here, choice, request)})


def size_of(wanted: dict[str, Any]) -> int:
    """How many things a page has at most."""
    return min(wanted.get("page_size") or A_PAGE, MOST_A_PAGE)


def address_with(request: Request, **further: str) -> str:
    """The address that was asked, with these parameters in the place of their like."""
    kept = request.query_params.dict() | further
    return f"{request.build_absolute_uri(request.path)}?{urlencode(kept)}"


def cursor_of(last: uuid.UUID | int) -> str:
    place = last if isinstance(last, uuid.UUID) else uuid.UUID(int=last)
    return base64.urlsafe_b64encode(place.bytes).decode().rstrip("=")


def place_of(cursor: str) -> uuid.UUID:
    """The identifier that a cursor stands for."""
    try:
        return uuid.UUID(bytes=base64.b64decode(cursor + "==", altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        raise Malformed(
            "This is not a cursor. Follow `next` as it stands in the page before.", field="cursor"
        ) from None
