"""Heads of the log's chains as JSON lines, to be kept where whoever runs the site cannot write."""

import json
import re
from collections.abc import Iterable
from typing import Any

from annotations.rules.chain import Head

HASH = re.compile(r"[0-9a-f]{64}")


def head_line(head: Head) -> str:
    """`{"at": …, "chain": …, "hash": …, "sequence": …}` on one line."""
    return json.dumps(head._asdict(), sort_keys=True)


def heads_list(heads: Iterable[Head]) -> str:
    """The same as one JSON list, a head a line."""
    lines = ",\n".join(map(head_line, heads))
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def read_heads(text: str) -> list[Head]:
    """The heads of a file of lines, or of one list. Raises ValueError with the place."""
    if text.lstrip().startswith("["):
        return [_head(one, f"number {n}") for n, one in enumerate(json.loads(text), 1)]
    return [_head(line, f"line {n}") for n, line in enumerate(text.splitlines(), 1) if line.strip()]


def _head(told: Any, place: str) -> Head:
    try:
        told = json.loads(told) if isinstance(told, str) else told
        head = Head(str(told["chain"]), int(told["sequence"]), str(told["hash"]), str(told["at"]))
    except (ValueError, TypeError, KeyError):
        raise ValueError(f"{place} is no head") from None
    if not HASH.fullmatch(head.hash):
        raise ValueError(f"{place} has no hash of 64 digits")
    return head
