"""`./run publish_log_head`: the head of each chain of the log, to be kept elsewhere."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.actions.heads import append_heads, publish_heads
from annotations.formats.heads import head_line
from annotations.models import PublishedHead


class Command(BaseCommand):
    help = "Publish the head of each chain of the log, and print them as JSON lines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", metavar="FILE", help="add them to this file as well")

    def handle(self, *args: Any, **options: Any) -> None:
        publish_heads()
        heads = PublishedHead.objects.newest()
        if options["to"]:
            try:
                append_heads(Path(options["to"]), heads)
            except OSError as error:
                raise CommandError(f"{options['to']} cannot be written: {error}") from None
        for head in heads:
            self.stdout.write(head_line(head))
