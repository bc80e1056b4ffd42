"""JSON in one spelling only: the JSON Canonicalization Scheme, RFC 8785.

Names in the order of their UTF-16 code units, numbers as ECMAScript prints them, no blanks, no
escape that is not needed: equal values give equal bytes, in every language that has a library.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

QUOTED = json.JSONEncoder(ensure_ascii=False)
EXACT = 2**53 - 1  # whole numbers beyond it are not told apart by a double


def canonical(value: Any) -> str:
    """The one spelling of a value of dicts, lists, strings, numbers, booleans and None.

    Raises ValueError for what JSON cannot hold or doubles cannot tell apart: NaN, infinities,
    whole numbers beyond 2⁵³ - 1, lone surrogates, names that are no strings.
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int):
        if abs(value) > EXACT:
            raise ValueError(f"{value} is beyond the whole numbers that JSON holds exactly")
        return str(int(value))
    if isinstance(value, float):
        return number(value)
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    raise ValueError(f"JSON holds no {type(value).__name__}")


def number(value: float) -> str:
    """A double as ECMAScript's Number::toString prints it: the shortest digits that read back."""
    if not math.isfinite(value):
        raise ValueError(f"JSON holds no {value}")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, power = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(power or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if 0 < point <= 21:
        if len(digits) <= point:
            return sign + digits.ljust(point, "0")
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{point - 1:+d}"


def _string(value: str) -> str:
    """Quoted; json escapes exactly what RFC 8785, section 3.2.2.2, wants, and in its spelling."""
    try:
        value.isascii() or value.encode()
    except UnicodeEncodeError:
        raise ValueError("a lone surrogate is no character") from None
    return QUOTED.encode(value)


def _object(value: Mapping[Any, Any]) -> str:
    if not all(isinstance(name, str) for name in value):
        raise ValueError("the names of a JSON object are strings")
    names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(f"{_string(name)}:{canonical(value[name])}" for name in names) + "}"
