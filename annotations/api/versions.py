"""Which version a change was made on: ETag out, If-Match in (RFC 9110, sections 8.8.3 and 13.1.1).

The tag of a thing names what can be changed of it, and nothing that others do beside it.
"""

import re
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from annotations.rules.refusals import Malformed, Refusal


class VersionMissing(Refusal):
    """A change that does not say which version it was made on."""

    status = 428
    title = "Say which version"

    def __init__(self) -> None:
        super().__init__(
            "Say which version you change: read it first, and send its ETag as If-Match. "
            "If-Match: * changes it whatever it is."
        )


def if_match(request: Request) -> str | None:
    """The version that a change was made on; None where any will do. It has to be said."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise VersionMissing
    if header == "*":
        return None
    # A proxy that packs the answer may have weakened the tag; it still names the same version.
    tag = re.fullmatch(r'(?:W/)?"([\x21\x23-\x7e]{1,100})"', header)
    if tag is None:
        raise Malformed(
            "If-Match takes one ETag as it was sent, in its quotes, or *.", field="If-Match"
        )
    return tag.group(1)


def versioned(data: Any, version: str, status: int = 200) -> Response:
    """An answer with one thing, and its version as the ETag."""
    return Response(data, status=status, headers={"ETag": f'"{version}"'})
