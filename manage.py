#!/usr/bin/env python
"""Django's command line, with the environment as it is. `./run WORD` supplies a local one first."""

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line, get_commands

from factcheck.words import no_such

DJANGOS_OWN = ("help", "version")


def main(words: list[str]) -> None:
    """Run one command; a setting that is missing is told in its sentence, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    try:
        django.setup()
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))
    if words and not words[0].startswith("-") and words[0] not in {*get_commands(), *DJANGOS_OWN}:
        sys.exit(no_such(words[0], get_commands()))
    execute_from_command_line(["manage.py", *words])


if __name__ == "__main__":
    main(sys.argv[1:])
