"""Bytes to text, once: a byte order mark says which encoding it is, and without one it is UTF-8."""

import codecs

from annotations.rules.refusals import Malformed

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decoded(raw: bytes, *, field: str) -> str:
    """The text of a file, without its byte order mark; refused with the place of what is none."""
    mark, encoding = next(
        ((mark, name) for mark, name in MARKS if raw.startswith(mark)), (b"", "utf-8")
    )
    raw = raw[len(mark) :]
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode(encoding)
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise Malformed(
            f"The file is not {encoding.upper()}: the byte {raw[error.start]:#04x} at line {line}, "
            f"column {column} is no part of a character. Save it as UTF-8 and bring it again.",
            field=field,
        ) from None
