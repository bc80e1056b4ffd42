"""Fields that take what they say and nothing that merely looks like it.

DRF reads "12", 1.0 and true as the number 1 or 12, trims texts, and takes Arabic digits in dates.
Here a number is a JSON number, a text is a JSON string kept as it is, and so on; where a value
comes from the address, digits are ASCII.
"""

import datetime
import re
import uuid
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from rest_framework import serializers

from annotations.rules.words import refuse_unstorable

LARGEST = 2**31 - 1
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(  # of this millennium, so that no offset leads out of the calendar
    r"2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
UUID_FORM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
NUMBER = re.compile(r"[0-9]{1,10}")

MISSING: dict[str, Any] = {
    "required": "This is missing.",
    "null": "This cannot be null.",
}


class Words(serializers.CharField):
    """A text, its blanks kept. How long it may be is the rules' to say."""

    default_error_messages = MISSING | {  # noqa: RUF012 (DRF's own way)
        "invalid": "This has to be a text in quotation marks.",
        "blank": "This is empty. Write a few words.",
    }

    def __init__(self, **options: Any):
        options.setdefault("allow_blank", True)
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        refuse_unstorable(data, self.field_name or "")
        return data


class Whole(serializers.IntegerField):
    """A whole number of 0 to 2^31 - 1."""

    default_error_messages = MISSING | {  # noqa: RUF012
        "invalid": "This has to be a whole number, such as 12.",
        "largest": f"This number is too large; {LARGEST:,} is the most.",
        "smallest": "This number is too small; {least} is the least.",
    }

    def __init__(self, **options: Any):
        super().__init__(**{"min_value": 0, "max_value": LARGEST} | options)
        self.validators = []

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        if data > (self.max_value or LARGEST):
            self.fail("largest")
        if data < (self.min_value or 0):
            self.fail("smallest", least=self.min_value)
        return data


class Number(serializers.FloatField):
    """A JSON number."""

    default_error_messages = MISSING | {  # noqa: RUF012
        "invalid": "This has to be a number, such as 2.5."
    }

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class WholeInAddress(Whole):
    """A whole number in a query parameter."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, str) or not NUMBER.fullmatch(data):
            self.fail("invalid")
        return super().to_internal_value(min(int(data), LARGEST))


class Truth(serializers.BooleanField):
    """true or false, and in an address the same two words."""

    default_error_messages = MISSING | {"invalid": "This is true or false."}  # noqa: RUF012

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class TruthInAddress(Truth):
    def to_internal_value(self, data: Any) -> bool:
        if data not in ("true", "false"):
            self.fail("invalid")
        return bool(data == "true")


class Day(serializers.DateField):
    """A day as 2025-03-17."""

    default_error_messages = MISSING | {  # noqa: RUF012
        "invalid": "This has to be a day written as 2025-03-17."
    }

    def to_internal_value(self, data: Any) -> datetime.date:
        if isinstance(data, str) and DAY.fullmatch(data):
            with suppress(ValueError):
                return datetime.date.fromisoformat(data)
        return self.fail("invalid")


class Moment(serializers.DateTimeField):
    """A moment with its offset from UTC, as 2025-03-17T12:00:00Z."""

    default_error_messages = MISSING | {  # noqa: RUF012
        "invalid": "This has to be a moment with its offset, written as 2025-03-17T12:00:00Z."
    }

    def to_internal_value(self, data: Any) -> datetime.datetime:
        if isinstance(data, str) and MOMENT.fullmatch(data):
            with suppress(ValueError):
                return datetime.datetime.fromisoformat(data)
        return self.fail("invalid")


class Id(serializers.UUIDField):
    """An identifier in the one form that the API writes."""

    default_error_messages = MISSING | {  # noqa: RUF012
        "invalid": "This is not an identifier. Copy it from what the API gave you."
    }

    def to_internal_value(self, data: Any) -> uuid.UUID:
        if not isinstance(data, str) or not UUID_FORM.fullmatch(data):
            self.fail("invalid")
        return uuid.UUID(data)


class OneOf(serializers.ChoiceField):
    """One word of a short list."""

    def __init__(self, choices: Iterable[str], **options: Any):
        words = [str(one) for one in choices]
        super().__init__(choices=words, **options)
        self.error_messages |= MISSING | {"invalid_choice": f"This is one of: {', '.join(words)}."}

    def to_internal_value(self, data: Any) -> str:
        if data == "" and self.allow_blank:
            return ""
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice")
        return data


class ListOf(serializers.ListField):
    """A list of at most `most` things, counted before any of them is looked at."""

    default_error_messages = MISSING | {  # noqa: RUF012
        "not_a_list": "This has to be a list in square brackets.",
        "too_long": "This list is too long; {most} is the most.",
    }

    def __init__(self, child: serializers.Field[Any, Any, Any, Any], *, most: int, **options: Any):
        self.most = most
        super().__init__(child=child, **options)

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            self.fail("not_a_list")
        if len(data) > self.most:
            self.fail("too_long", most=self.most)
        return super().to_internal_value(data)
