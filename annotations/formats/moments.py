"""Moments as files write them: ISO 8601 and what is near it, or the form of mail.

A day that could be read in two ways (`07/10/2020`) is none.
"""

import datetime
from email.utils import parsedate_to_datetime

ZONES = (" UTC", " GMT", " Z")


def moment(written: object) -> datetime.datetime | None:
    """The moment, in UTC where no zone is named; None for what is no moment without doubt."""
    if not isinstance(written, str):
        return None
    text = written.strip()
    for zone in ZONES:
        text = text.removesuffix(zone)
    for read in (datetime.datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
    return None


def day(written: object) -> datetime.date | None:
    """The day of a moment, as its own zone has it."""
    found = moment(written)
    return found.date() if found else None


def in_utc(iso: str) -> str:
    """A record's moment with a `Z`, as XML Schema and W3C's models want it."""
    at = datetime.datetime.fromisoformat(iso).astimezone(datetime.UTC)
    return at.isoformat().replace("+00:00", "Z")
