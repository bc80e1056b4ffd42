"""What is said of a person in the log, sealed so that it can be forgotten.

AES-256-GCM under a key of that person, the subject; that key is kept wrapped in the site's own.
Whoever destroys the subject's key makes all of it unreadable, in every copy of the log.

A secret of the site's own, such as that of a webhook, is sealed under a key of the site alone.
"""

import base64
import hashlib
import os
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes


def key_of(secret: str, purpose: str = "log") -> bytes:
    """The site's key for a purpose out of its secret, which is long and random."""
    return hashlib.sha256(f"factcheck {purpose}\0{secret}".encode()).digest()


def close(site: bytes, owner: uuid.UUID, secret: bytes) -> bytes:
    """A secret sealed under the site's key; it opens for nothing but its owner."""
    return _closed(site, owner, secret)


def reopen(site: bytes, owner: uuid.UUID, closed: bytes) -> bytes | None:
    """What was closed; None where the site's key is another than it was closed under."""
    try:
        return _open(site, owner, closed)
    except InvalidTag:
        return None


def new_key(site: bytes, subject: uuid.UUID) -> bytes:
    """A new key of a subject, wrapped in the site's."""
    return _closed(site, subject, AESGCM.generate_key(256))


def seal(site: bytes, wrapped: bytes, subject: uuid.UUID, told: str) -> str:
    """What is told, sealed for a subject, as base64."""
    key = _open(site, subject, wrapped)
    return base64.b64encode(_closed(key, subject, told.encode())).decode()


def unseal(site: bytes, wrapped: bytes, subject: uuid.UUID, sealed: str) -> str | None:
    """What was sealed; None where the site's key is another than it was sealed under."""
    try:
        key = _open(site, subject, wrapped)
        return _open(key, subject, base64.b64decode(sealed)).decode()
    except InvalidTag:
        return None


def _closed(key: bytes, subject: uuid.UUID, told: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, told, subject.bytes)


def _open(key: bytes, subject: uuid.UUID, closed: bytes) -> bytes:
    if len(closed) <= NONCE:
        raise InvalidTag
    return AESGCM(key).decrypt(closed[:NONCE], closed[NONCE:], subject.bytes)
