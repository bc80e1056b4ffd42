"""`./run import PROJECT FILE --format F`: bring a file into a project, here and now."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.actions.imports import resume_import, run_import, start_import
from annotations.formats.contract import asks_unit, readers
from annotations.management.commands import owner_of
from annotations.models import Import
from annotations.rules.imports import PART, Progress
from annotations.rules.refusals import Refusal

SHOWN = 20  # refusals


class Command(BaseCommand):
    help = "Bring a file into a project. What is refused is told, and the rest comes in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="its slug, such as ceasefire-talks")
        parser.add_argument("file", type=Path, help="packed by gzip or Zstandard or not")
        parser.add_argument("--format", required=True, help=f"one of: {', '.join(readers())}")
        told = ", ".join(slug for slug, one in readers().items() if asks_unit(one))
        parser.add_argument(
            "--unit", default="", help=f"codepoint or utf16, where F cannot tell; {told} needs it"
        )
        parser.add_argument("--as", dest="name", default="", help="the account; else an owner's")
        parser.add_argument("--resume", type=uuid.UUID, help="the import to go on with")

    def handle(self, *args: Any, **options: Any) -> None:
        project, actor = owner_of(options["project"], options["name"])
        try:
            if options["resume"]:
                job = resume_import(options["resume"], actor=actor, by_a_job=False)
            else:
                job = start_import(
                    project.pk,
                    actor=actor,
                    format=options["format"],
                    unit=options["unit"],
                    name=options["file"].name,
                    content=pieces(options["file"]),
                    by_a_job=False,
                )
            self.stderr.write(f"Import {job.pk}")
            job = run_import(job.pk, told=self.tell)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.") from None
        except KeyboardInterrupt:
            raise CommandError(f"Stopped. Go on with: --resume {job.pk}") from None
        self.report(job)

    def tell(self, job: Import) -> None:
        self.stderr.write(f"\r{job.share:3} %  {job.read:,} read", ending="")

    def report(self, job: Import) -> None:
        self.stderr.write("")
        self.stdout.write(
            f"New: {job.articles:,} articles, {job.claims:,} claims, {job.verdicts:,} verdicts. "
            f"There already: {job.unchanged:,}. "
            f"Waiting for a map of their rating: {job.waiting:,}. Refused: {job.refused:,}."
        )
        for one in job.refusals.all()[:SHOWN]:
            self.stdout.write(
                f"  {one.line}: {one.sentence}" + (f" ({one.what})" if one.what else "")
            )
        if job.refused > SHOWN:
            self.stdout.write(
                f"  … and {job.refused - SHOWN:,} more, on the project's page of files."
            )
        for what, often in job.left_out.items():
            self.stdout.write(f"Left out, {often:,} times: {what}")
        if job.progress != Progress.DONE:
            raise CommandError(job.why or f"It was {job.get_progress_display().lower()}.")


def pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(PART), b"")
