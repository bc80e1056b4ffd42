"""`./run export PROJECT --format F`: a project's corpus, to a file or to the terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.formats import packing
from annotations.formats.contract import WriteAsked
from annotations.formats.offsets import Unit
from annotations.management.commands import owner_of
from annotations.models.exports import exported, exports
from annotations.rules.narrowing import narrowed_of
from annotations.rules.refusals import Refusal

NARROWED = {
    "state": "claims in these states, with commas between them",
    "rating": "claims of which the ruling or a verdict gives one of these ratings",
    "claimant": "claims of whoever has this name",
    "language": "articles in these languages",
    "from": "articles of this day or later, as 2025-03-17",
    "to": "articles of this day or earlier",
    "after": "the id of the article that came last: goes on behind it",
}


class Command(BaseCommand):
    help = "Write a project's corpus as its owner sees it. What the format drops is told."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="its slug, such as ceasefire-talks")
        parser.add_argument("--format", required=True, help=f"one of: {', '.join(exports())}")
        parser.add_argument("--output", type=Path, help="a file; else it goes to the terminal")
        parser.add_argument("--unit", choices=[*Unit], help="what offsets count")
        parser.add_argument(
            "--site", default=settings.SITE_URL, help="the address that links begin with"
        )
        parser.add_argument("--packed", choices=packing.WAYS, default="", help="as it is written")
        for name, what in NARROWED.items():
            parser.add_argument(f"--{name}", default="", help=what)
        parser.add_argument("--as", dest="name", default="", help="the account; else an owner's")

    def handle(self, *args: Any, **options: Any) -> None:
        project, person = owner_of(options["project"], options["name"])
        unit = Unit(options["unit"]) if options["unit"] else None
        asked = WriteAsked(unit=unit, site=options["site"].rstrip("/"), desk=project.name)
        try:
            wanted = narrowed_of({name: options[name] for name in NARROWED})
            pieces = exported(project, person, options["format"], asked, wanted)
            if options["packed"]:
                pieces = packing.packed(pieces, options["packed"])
            with opened(options["output"]) as file:
                for piece in pieces:
                    file.write(piece)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror}.") from None
        for what, often in asked.dropped.items():
            self.stderr.write(f"Left out, {often:,} times: {what}")


@contextmanager
def opened(path: Path | None) -> Iterator[BinaryIO]:
    """The file to write to: it has its name once it is whole."""
    if path is None:
        yield sys.stdout.buffer
        return
    partial = path.with_name(path.name + ".part")
    with partial.open("wb") as file:
        yield file
    partial.replace(path)
