"""`./run verify_anchors`: whether every mark of the corpus stands on its words."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.models import Revision
from annotations.rules.anchors import off
from annotations.rules.canonical import CanonicalText


class Command(BaseCommand):
    help = "Check every mark against its text. Ends with 1 and the list if one is off."

    def handle(self, *args: Any, **options: Any) -> None:
        texts = marks = wrong = 0
        for revision in Revision.objects.with_anchors():
            texts += 1
            name = f"{revision.article.slug}, revision {revision.number}"
            if CanonicalText(revision.text, ()).sha256 != revision.sha256:
                wrong += 1
                self.stdout.write(f"{name}: the text is not the one that its SHA-256 names")
            for pk, anchor in revision.anchors():
                marks += 1
                problem = off(revision.text, anchor)
                if problem:
                    wrong += 1
                    place = f"{anchor.start}–{anchor.end}"
                    self.stdout.write(f"{name}, {place} (appearance {pk}): {problem}")
        told = f"{marks:,} marks in {texts:,} texts"
        if wrong:
            raise CommandError(f"{wrong:,} off, of {told}.")
        self.stdout.write(f"{told}: every one stands.")
