"""Every address of the site, out of the resolver."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

GIVEN = re.compile(r"<[^>]+>|\^?\(\?P<\w+>[^)]*\)")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def routes() -> dict[str, str]:
    """Each address as a pattern, by its name; by itself where it has none."""
    return dict(walk(get_resolver().url_patterns, "", ""))


def walk(patterns: Any, begins: str, namespace: str) -> Iterator[tuple[str, str]]:
    for one in patterns:
        address = f"{begins}{one.pattern}"
        if isinstance(one, URLResolver):
            inside = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from walk(one.url_patterns, address, inside)
        elif isinstance(one, URLPattern):
            yield (f"{namespace}{one.name}" if one.name else f"/{address}"), f"/{address}"


def filled(pattern: str, things: list[str]) -> str:
    """The address of these things, named in the order of the pattern."""
    rest = iter(things)
    return GIVEN.sub(lambda _: next(rest), pattern).removesuffix("$")


def readable(pattern: str) -> str:
    """The pattern as people write it: `/claims/<claim_id>/`."""
    named = GIVEN.sub(lambda found: re.sub(r".*?(\w+)>.*", r"<\1>", found[0]), pattern)
    return named.removesuffix("$")
