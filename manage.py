#!/usr/bin/env python
"""Django's command line, with the environment as it is. `./run WORD` supplies a local one first."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main(words: list[str]) -> None:
    """Run one command; a setting that is missing is told in its sentence, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    try:
        settings.INSTALLED_APPS  # noqa: B018 (the settings are read here, so that they refuse here)
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))
    execute_from_command_line(["manage.py", *words])


if __name__ == "__main__":
    main(sys.argv[1:])
