"""`./run verify_log`: whether the log is the one that was written, or was tampered with."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.formats.heads import read_heads
from annotations.models import Link, Project, PublishedHead
from annotations.rules.chain import SITE, Finding, Head, Tampering, Verifier

MOST_SHOWN = 1000


class Command(BaseCommand):
    help = "Check every link of the log. Ends with 1 and the list if the log was tampered with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--heads",
            metavar="FILE",
            help="heads that were published elsewhere, as publish_log_head writes them; - reads "
            "what is piped in, such as /log/heads.json",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        own = PublishedHead.objects.all_heads()
        names = {str(key): slug for key, slug in Project.objects.values_list("pk", "slug")}
        verifier = Verifier(
            heads=[*own, *(self.given(options["heads"]) if options["heads"] else ())],
            own_heads=frozenset((one.chain, one.sequence, one.hash) for one in own),
            names=names | {str(SITE): "the site"},
        )
        found = 0
        for finding in [*self.beside_the_chain(), *verifier.findings(Link.objects.stream())]:
            found += 1
            if found <= MOST_SHOWN:
                self.stdout.write(str(finding))
        told = f"{verifier.links:,} links in {verifier.chains:,} chains"
        if found:
            more = f", the first {MOST_SHOWN:,} of them shown" if found > MOST_SHOWN else ""
            raise CommandError(f"{found:,} findings{more}, in {told}.")
        self.stdout.write(f"{told}: every one holds.")

    def beside_the_chain(self) -> list[Finding]:
        """What no link can tell: triggers that are off, and rows that no event tells of."""
        off = [
            Finding(Tampering.TRIGGER, table, f"the trigger {name} is off or gone")
            for table, name in Link.objects.missing_keepers()
        ]
        untold = [
            Finding(Tampering.ROW, f"{kind} {key}", "no event tells of it with this rating")
            for kind, key in Link.objects.untold()
        ]
        return off + untold

    def given(self, name: str) -> list[Head]:
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
            return read_heads(text)
        except (OSError, ValueError) as error:
            raise CommandError(f"{name} holds no heads that can be read: {error}") from None
