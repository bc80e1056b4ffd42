"""What formats say of themselves, as `docs/formats.md`.

`python -m tests.formats.written` writes it anew.
"""

from pathlib import Path

from annotations.formats import jsonl
from annotations.formats.contract import Format, asks_unit, readers, writers
from annotations.formats.offsets import NAMES

DOCUMENT = Path(__file__).resolve().parent.parent.parent / "docs" / "formats.md"
HEAD = """\
# Formats

Made by `.venv/bin/python -m tests.formats.written` out of the modules in `annotations/formats/`; a
test compares. A format is one module there: `contract.py` says what it declares.

```sh
./run export ceasefire-talks --format csv --output claims.csv
./run import ceasefire-talks claims.csv --format csv
```

A file may be packed by gzip or Zstandard. What is wrong in one costs itself alone: it is refused
with its line and a sentence, and the rest comes in. The same file brought in twice changes nothing.
A verdict of a file stands in the name that the file gives, under an account that nobody signs in
with; only the native format brings a corpus back under its own names. A rating that the project
does not know waits until a moderator says what it is here. Where a format has no unit of its own,
the quotes beside the offsets tell which it is; `--unit` has to say it where there are none.

| format | | in | out | ending | offsets |
|---|---|---|---|---|---|
"""
DROPS = """
## What each leaves out
What of a record a format has no place for. `./run export` says how often that was so.

"""


def document() -> str:
    formats = dict(sorted((readers() | writers()).items()))
    out = writers().keys() | {jsonl.SLUG}
    made = HEAD + "".join(
        _row(one, one.SLUG in readers(), slug in out) for slug, one in formats.items()
    )
    return made + DROPS + "\n".join(_left_out(one) for one in formats.values())


def _row(one: Format, reads: bool, writes: bool) -> str:
    units = ", ".join(NAMES[unit] for unit in one.UNITS) or "–"
    units += "; `--unit` says which" if asks_unit(one) else ""
    marks = " | ".join("●" if does else "" for does in (reads, writes))
    return f"| `{one.SLUG}` | {one.NAME} | {marks} | `.{one.ENDING}` | {units} |\n"


def _left_out(one: Format) -> str:
    what = "".join(f"- {sentence}\n" for sentence in one.DROPS) or "Nothing.\n"
    return f"### {one.NAME}\n{what}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), "utf-8")
