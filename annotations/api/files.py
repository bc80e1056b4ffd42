"""A file as the body of a request: taken in piece by piece, whether its length is known or not."""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.http import UnreadablePostError
from rest_framework.request import Request

from annotations.rules.imports import MOST_BYTES, TOO_LARGE
from annotations.rules.refusals import Malformed, Refusal, TooLarge

PIECE = 64 * 1024
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class NoFile(Refusal):
    """A form in the place of a file."""

    status = 415
    title = "Not readable here"

    def __init__(self) -> None:
        super().__init__(
            "The body is the file itself, and not a form: send it with "
            "Content-Type: application/octet-stream."
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """A body that was taken in: on disk where it is large."""

    file: IO[bytes]
    digest: bytes

    def pieces(self) -> Iterator[bytes]:
        self.file.seek(0)
        yield from iter(lambda: self.file.read(PIECE), b"")


def refuse_form(request: Request) -> None:
    """What a form of a page or a plain `curl -d` sends is not the file's own bytes."""
    if request.content_type.partition(";")[0].strip().lower() in FORMS:
        raise NoFile


def taken_in(request: Request) -> Taken:
    """The body of a request. The caller closes its file."""
    kept = tempfile.SpooledTemporaryFile(  # noqa: SIM115 (it outlives this function)
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE, dir=settings.FILE_UPLOAD_TEMP_DIR
    )
    digest = hashlib.sha256()
    try:
        for piece in pieces(request):
            digest.update(piece)
            kept.write(piece)
    except BaseException:
        kept.close()
        raise
    return Taken(kept, digest.digest())


def pieces(request: Request) -> Iterator[bytes]:
    """The body of a request; one that is too large is refused before more of it is read (A43)."""
    announced, count = request.META.get("CONTENT_LENGTH"), 0
    length = int(announced) if announced else None
    if length and length > MOST_BYTES:
        raise TooLarge(TOO_LARGE, field="file")
    in_chunks = length is None and "HTTP_TRANSFER_ENCODING" in request.META
    stream = request.META["wsgi.input"] if in_chunks else request._request
    try:
        while piece := stream.read(PIECE):
            count += len(piece)
            if count > MOST_BYTES:
                raise TooLarge(TOO_LARGE, field="file")
            yield piece
    except UnreadablePostError:
        raise Malformed(f"The file broke off after {count:,} bytes. Send it again.") from None
    if length is not None and count < length:
        raise Malformed(f"The file broke off after {count:,} of {length:,} bytes. Send it again.")
