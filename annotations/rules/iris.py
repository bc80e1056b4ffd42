"""IRIs that are kept as they are given, and are never asked for anything."""

import re

from annotations.rules.refusals import Malformed

LONGEST = 2_000
SCRIPTS = ("javascript:", "data:", "vbscript:")
IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20\x7f-\x9f]+")


def refuse_no_iri(value: object, field: str) -> None:
    """Refuse what is no absolute IRI, is too long, or would run where somebody opens it."""
    fits = isinstance(value, str) and len(value) <= LONGEST and IRI.fullmatch(value)
    if not fits or str(value).lower().startswith(SCRIPTS):
        raise Malformed(
            f"This has to be an IRI of at most {LONGEST:,} characters, such as https://….",
            field=field,
        )
