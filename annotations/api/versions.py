"""Which version a change was made on, and whether an answer is still as it was: ETag out, If-Match
and If-None-Match in (RFC 9110, sections 8.8.3, 13.1.1 and 13.1.2).

A tag has two parts, `"version/digest"`. The version names what can be changed of a thing, and
nothing that others do beside it: If-Match asks for that alone. The digest is of the answer's own
bytes, whatever is in them: If-None-Match asks for the whole tag. What cannot be changed has only a
digest. See docs/decisions/013-tags-in-two-parts.md.
"""

import hashlib
import re
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
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
    return version_in(request.headers.get("If-Match", ""), "If-Match")


def version_in(said: str, field: str) -> str | None:
    """The version that an ETag names, in its quotes as it was sent; None for `*`."""
    header = said.strip()
    if not header:
        raise VersionMissing
    if header == "*":
        return None
    # A proxy that packs the answer may have weakened the tag; it still names the same version.
    tag = re.fullmatch(
        r'(?:W/)?"([\x21\x23-\x2e\x30-\x7e]{1,100})(?:/[\x21\x23-\x7e]{0,100})?"', header
    )
    if tag is None:
        raise Malformed(f"{field} takes one ETag as it was sent, in its quotes, or *.", field=field)
    return tag.group(1)


def versioned(data: Any, version: str, status: int = 200) -> Response:
    """An answer with one thing, and its version as the ETag."""
    return Response(data, status=status, headers={"ETag": f'"{version}"'})


def tagged(request: Request, response: HttpResponseBase) -> HttpResponseBase:
    """An answer whose bytes are known, with its tag; 304 without a body where the caller has it.

    A stream goes out as it comes and has none, nor has a refusal.
    """
    reads = request.method in ("GET", "HEAD")
    if not isinstance(response, HttpResponse) or not 200 <= response.status_code < 300:
        return response
    if not reads and "ETag" not in response:
        return response
    version = response.headers.get("ETag", "").strip('"')
    digest = hashlib.sha256(response.content).hexdigest()[:32]
    response.headers["ETag"] = f'"{version}/{digest}"' if version else f'"{digest}"'
    if reads and is_known(request.headers.get("If-None-Match", ""), response.headers["ETag"]):
        return not_modified(response)
    return response


def is_known(header: str, tag: str) -> bool:
    """Whether If-None-Match names a tag, weakened on its way or not."""
    known = [one.removeprefix("W/") for one in parse_etags(header)]
    return known == ["*"] or tag in known


def not_modified(response: HttpResponse) -> HttpResponse:
    """What is said in the place of an answer that the caller has."""
    kept = ("ETag", "Cache-Control", "Vary", "Content-Location", "Link", "Allow",
            "Access-Control-Allow-Origin", "Access-Control-Expose-Headers")  # fmt: skip
    headers = {name: response.headers[name] for name in kept if name in response.headers}
    made = HttpResponse(status=304, headers=headers)
    del made.headers["Content-Type"]
    return made
