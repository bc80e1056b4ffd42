"""A request sent twice is done once: the Idempotency-Key header.

The key is claimed, the thing is done and the answer is kept in one transaction; of many that come
at once with one key, one does it and the others get its answer. A refusal keeps nothing, so that
what was mended can be sent under the same key.
"""

import hashlib
import re
from collections.abc import Callable
from typing import Any

import orjson
from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.answers import begin_answer, keep_answer
from annotations.models import User
from annotations.rules.refusals import Malformed

Handler = Callable[..., Response]
Sent = Callable[[Request], bytes]


def key_of(request: Request) -> str:
    """The key of a request, empty if it has none."""
    key: str = request.headers.get("Idempotency-Key", "")
    if key and not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        raise Malformed(
            "An Idempotency-Key has 1 to 255 visible ASCII characters, such as a UUID.",
            field="Idempotency-Key",
        )
    return key


def once(handler: Handler, user: User, key: str, sent: Sent) -> Handler:
    """The handler of a request, done once for a person's key; `sent` is the body, or its digest."""

    def answered(request: Request, *args: Any, **kwargs: Any) -> Response:
        digest = digest_of(request, sent(request))
        with transaction.atomic():
            answer, is_given = begin_answer(user, key, digest)
            if is_given:
                return again(answer.status, answer.etag, bytes(answer.body))
            response = handler(request, *args, **kwargs)
            keep_answer(
                answer,
                status=response.status_code,
                etag=response.headers.get("ETag", ""),
                body=b"" if response.data is None else orjson.dumps(response.data, default=str),
            )
        return response

    return answered


def digest_of(request: Request, sent: bytes) -> str:
    """What was asked: the method, the address with its parameters, the body."""
    asked = f"{request.method} {request.get_full_path()}\n".encode() + sent
    return hashlib.sha256(asked).hexdigest()


def again(status: int, etag: str, body: bytes) -> Response:
    """An answer that was given before."""
    headers = {"Idempotency-Replayed": "true"} | ({"ETag": etag} if etag else {})
    return Response(orjson.loads(body) if body else None, status=status, headers=headers)
