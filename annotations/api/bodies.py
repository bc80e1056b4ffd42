"""What comes in and goes out: JSON, read strictly.

RFC 8259 leaves to the reader what to do with twin keys, lone surrogates, NUL, NaN and endless
nesting; each of them is refused here with its place, before it can reach the database.
"""

import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

import orjson
from django.conf import settings
from rest_framework import parsers, renderers

from annotations.api.problems import BodyTooLarge, LengthMissing
from annotations.rules.refusals import Malformed
from annotations.rules.words import refuse_unstorable

DEEPEST = 20


class JSONRenderer(renderers.JSONRenderer):
    """JSON as orjson writes it: UTF-8, dates in RFC 3339."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=str)


class JSONParser(parsers.JSONParser):
    """A JSON body, or a refusal that names what is wrong with it and where."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return decoded(body_of(stream, parser_context))


def body_of(stream: IO[Any], parser_context: Mapping[str, Any] | None) -> bytes:
    """The bytes of the body, of which no more are read than a body may have."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    request = (parser_context or {}).get("request")
    announced = request.META.get("CONTENT_LENGTH") if request is not None else None
    if announced and announced.isdigit() and int(announced) > most:
        raise BodyTooLarge(most)
    body: bytes = stream.read(most + 1)
    if len(body) > most:
        raise BodyTooLarge(most)
    return body


def refuse_unmeasured(meta: Mapping[str, Any]) -> None:
    """A body sent in chunks would be read as an empty one."""
    if meta.get("HTTP_TRANSFER_ENCODING") and not meta.get("CONTENT_LENGTH"):
        raise LengthMissing


def decoded(body: bytes) -> Any:
    """The value of a JSON text in UTF-8."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(
            f"The body is not UTF-8: byte {error.start + 1} begins no character. Send it as UTF-8."
        ) from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=without_twins,
            parse_constant=refuse_constant,
            parse_float=finite,
        )
    except json.JSONDecodeError as error:
        raise Malformed(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    except RecursionError:
        raise Malformed(TOO_DEEP) from None
    except ValueError:
        raise Malformed("The body holds a number with too many digits.") from None
    refuse_unstorable_text(value, "", 0)
    return value


TOO_DEEP = f"The body is nested too deeply; {DEEPEST} levels are the most."


def without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, unless it gives a name twice: readers differ on which of the two counts."""
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            refuse_unstorable(name, "")
            raise Malformed("This is given twice. Give it once.", field=name[:100])
        made[name] = value
    return made


def refuse_constant(name: str) -> NoReturn:
    raise Malformed(f"The body is not JSON: {name} is no number there. Leave it out or use null.")


def finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise Malformed(f"The number {digits[:20]} is too large.")
    return value


def refuse_unstorable_text(value: Any, at: str, depth: int) -> None:
    """Refuse NUL and lone surrogates in any string of the body, at its place."""
    if depth > DEEPEST:
        raise Malformed(TOO_DEEP)
    if isinstance(value, str):
        refuse_unstorable(value, at)
    elif isinstance(value, dict):
        for name, one in value.items():
            refuse_unstorable(name, at)
            refuse_unstorable_text(one, f"{at}.{name}" if at else name, depth + 1)
    elif isinstance(value, list):
        for n, one in enumerate(value):
            refuse_unstorable_text(one, f"{at}.{n}" if at else str(n), depth + 1)
