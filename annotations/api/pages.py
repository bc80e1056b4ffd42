"""Lists, a page at a time: newest first, by an opaque cursor, with no count and no offset.

The cursor is the identifier of the last thing of the page before, so the thousandth page costs
what the first one does.
"""

import base64
import binascii
import uuid
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.http import urlencode
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.given import A_PAGE, MOST_A_PAGE
from annotations.rules.refusals import Malformed


def page(
    rows: QuerySet[Any, Any],
    wanted: dict[str, Any],
    shape: type[serializers.BaseSerializer[Any]],
    request: Request,
) -> Response:
    """One page of `rows`, and the address of the next: as many queries as `rows` itself takes."""
    size = min(wanted.get("page_size") or A_PAGE, MOST_A_PAGE)
    if wanted.get("cursor"):
        rows = rows.filter(pk__lt=place_of(wanted["cursor"]))
    found: list[Model] = list(rows.order_by("-pk")[: size + 1])
    here = found[:size]
    shown = shape(here, many=True, context={"request": request}).data
    following = address_of_next(request, here[-1].pk) if len(found) > size else None
    return Response({"next": following, "results": shown})


def address_of_next(request: Request, last: uuid.UUID) -> str:
    """The address of this list from after `last` on."""
    kept = request.query_params.dict() | {"cursor": cursor_of(last)}
    return f"{request.build_absolute_uri(request.path)}?{urlencode(kept)}"


def cursor_of(last: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(last.bytes).decode().rstrip("=")


def place_of(cursor: str) -> uuid.UUID:
    """The identifier that a cursor stands for."""
    try:
        return uuid.UUID(bytes=base64.b64decode(cursor + "==", altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        raise Malformed(
            "This is not a cursor. Follow `next` as it stands in the page before.", field="cursor"
        ) from None
