"""`./run load_seeds`: the articles under seeds/ with their fact checks, for the demo."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from annotations.actions.seeds import load_seed, make_people
from annotations.formats.seed import read_seed


class Command(BaseCommand):
    help = "Bring the seeds in. Loading twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The seeds' verdicts belong to the demo's accounts, which exist nowhere else. "
                "Start the demo (./run demo), or import articles of your own."
            )
        people = make_people(os.environ.get("DEMO_PASSWORD", ""))
        for folder in sorted(one.parent for one in settings.SEEDS.glob("*/article.json")):
            made = load_seed(read_seed(folder), people)
            if made or options["verbosity"] > 1:
                self.stdout.write(f"{folder.name}: {made} claims made")
