"""Signatures of webhooks, and how a receiver verifies them: Standard Webhooks, symmetric.

What is signed is `id.timestamp.body`. `webhook-signature` may hold several signatures with a blank
between them, one for each secret that is in use; one that is right is enough.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

PREFIX = "whsec_"
BYTES = 32
VERSION = "v1"
TOLERANCE = timedelta(minutes=5)


class Forged(Exception):
    """A message that is not from who shares the secret, or not from now."""


def new_secret() -> bytes:
    return secrets.token_bytes(BYTES)


def written(secret: bytes) -> str:
    """The secret as people are shown it."""
    return PREFIX + base64.b64encode(secret).decode()


def read(secret: str) -> bytes:
    """The secret out of what people are shown."""
    return base64.b64decode(secret.removeprefix(PREFIX))


def signature(secret: bytes, identifier: str, stamp: int, body: bytes) -> str:
    """`v1,` and the signature in base64."""
    told = f"{identifier}.{stamp}.".encode() + body
    made = hmac.new(secret, told, hashlib.sha256).digest()
    return f"{VERSION},{base64.b64encode(made).decode()}"


def headers(keys: Sequence[bytes], identifier: str, now: datetime, body: bytes) -> dict[str, str]:
    """The headers of a message, signed with each of the secrets."""
    stamp = int(now.timestamp())
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(stamp),
        "webhook-signature": " ".join(signature(one, identifier, stamp, body) for one in keys),
    }


def verify(secret: bytes, received: Mapping[str, str], body: bytes, now: datetime) -> None:
    """As a receiver does it: the names of headers are in lower case. `Forged` if it is not ours."""
    try:
        identifier, stamp = received["webhook-id"], int(received["webhook-timestamp"])
        sent = datetime.fromtimestamp(stamp, UTC)
        signatures = [one.partition(",") for one in received["webhook-signature"].split()]
    except (KeyError, ValueError, OverflowError, OSError):
        raise Forged("The headers of a webhook are missing.") from None
    if abs(now - sent) > TOLERANCE:
        raise Forged("It was sent too long ago, or is yet to be.")
    due = signature(secret, identifier, stamp, body).partition(",")[2]
    right = [
        hmac.compare_digest(due.encode(), one.encode())
        for version, _, one in signatures
        if version == VERSION
    ]
    if not any(right):
        raise Forged("No signature is right.")
