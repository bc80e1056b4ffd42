"""Days in UTC: when each begins and ends."""

import datetime


def begins(day: datetime.date) -> datetime.datetime:
    """The first moment of a day."""
    return datetime.datetime.combine(day, datetime.time.min, datetime.UTC)


def ends(day: datetime.date) -> datetime.datetime:
    """The last moment of a day that the database tells from the next one."""
    return datetime.datetime.combine(day, datetime.time.max, datetime.UTC)
