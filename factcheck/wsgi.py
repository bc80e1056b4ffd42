"""The web server's way in."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
application = get_wsgi_application()

# What is loaded now stays as long as the process. Looking through it for garbage, again and again,
# held one request in thirty up for a tenth of a second; so all of it is loaded, and left alone.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
