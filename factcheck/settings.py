"""The settings: one file, read from the environment, failing loudly.

| variable | what it is |
|---|---|
| `SECRET_KEY` | signs sessions; required outside the demo |
| `ALLOWED_HOSTS` | host names the site answers to, by commas; required outside the demo |
| `DATABASE_URL` | `postgres://user:password@host:port/name`, a socket folder as `?host=` |
| `MIGRATION_DATABASE_URL` | the same database for the owner of its tables, whom `migrate` acts as |
| `DATABASE_PREPARE` | `0` behind a pooler that does not follow prepared statements |
| `FACTCHECK_DEMO` | `1` makes this the demo: loopback only, accounts with one-click login |
| `SITE_URL` | the address readers use, such as `https://check.example.org` |
| `LOG_KEY` | seals words of the log, webhooks' secrets and cursors; `SECRET_KEY` if not set |
| `LOG_HEADS_FILE` | a file to which the hourly heads of the log are added as well |
| `STATIC_ROOT` | where `collectstatic` puts the static files; `staticfiles/` if not set |
| `TRUST_PROXY` | `1` when a proxy stands in front: it sets `X-Forwarded-Proto` itself, and adds \
the address that it saw to `X-Forwarded-For` |
| `RATE_LIMIT_PERSON` | requests to the API that a person may make in a minute; 1200 if not set |
| `STATEMENT_TIMEOUT` | seconds that a statement of the web server may take in the database; 15 if \
not set, `0` for any |
| `RATE_LIMIT_ADDRESS` | those that an address may make without signing in; 240 if not set |
"""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from annotations.rules.sealing import key_of

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DEMO = os.environ.get("FACTCHECK_DEMO") == "1"
DEBUG = False
SEEDS = BASE_DIR / "seeds"

REFUSALS = {
    "SECRET_KEY": "SECRET_KEY is not set. Make one with "
    "`python -c 'import secrets; print(secrets.token_urlsafe(50))'` and keep it secret.",
    "ALLOWED_HOSTS": "ALLOWED_HOSTS is not set. "
    "Name the hosts this site answers to, separated by commas: ALLOWED_HOSTS=check.example.org.",
    "DATABASE_URL": "DATABASE_URL is not set. "
    "Give the PostgreSQL database: DATABASE_URL=postgres://user:password@host:5432/name.",
}


# Values travel beside a statement, not in it, and one that comes again is not planned again.
STATEMENTS = {
    "server_side_binding": True,
    "prepare_threshold": 5 if os.environ.get("DATABASE_PREPARE", "1") == "1" else None,
}


def refuse_if_missing(environ: dict[str, str]) -> None:
    """Refuse to start with one sentence for each required variable that is not set."""
    missing = [sentence for name, sentence in REFUSALS.items() if not environ.get(name, "").strip()]
    if missing:
        raise ImproperlyConfigured("\n".join(missing))


def read_database(address: str, variable: str = "DATABASE_URL") -> dict[str, Any]:
    """Django's database entry out of a `postgres://` address; refuses any other scheme."""
    parts = urlsplit(address)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"{variable} does not start with postgres://. Factcheck keeps its promises with "
            "PostgreSQL's own constraints, so no other database will do."
        )
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "factcheck.database",
        "NAME": unquote(parts.path.lstrip("/")) or "factcheck",
        "USER": unquote(parts.username or "") or query.pop("user", ""),
        "PASSWORD": unquote(parts.password or "") or query.pop("password", ""),
        "HOST": query.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": STATEMENTS | query,
    }


def read_limit(variable: str, usual: int) -> int:
    """A number of requests in a minute; refuses what is none."""
    return read_number(variable, usual, "number of requests in a minute")


def read_number(variable: str, usual: int, what: str, *, least: int = 1) -> int:
    said = os.environ.get(variable, "").strip() or str(usual)
    if not re.fullmatch("[0-9]{1,9}", said) or int(said) < least:
        raise ImproperlyConfigured(f"{variable} is no {what}. Give a whole one, such as {usual}.")
    return int(said)


refuse_if_missing(dict(os.environ))

SECRET_KEY = os.environ["SECRET_KEY"]
LOG_KEY = key_of(os.environ.get("LOG_KEY") or SECRET_KEY)
WEBHOOK_KEY = key_of(os.environ.get("LOG_KEY") or SECRET_KEY, "webhooks")
CURSOR_KEY = key_of(os.environ.get("LOG_KEY") or SECRET_KEY, "cursors")
LOG_HEADS_FILE = os.environ.get("LOG_HEADS_FILE", "")
ALLOWED_HOSTS = [host.strip() for host in os.environ["ALLOWED_HOSTS"].split(",") if host.strip()]
DATABASES = {"default": read_database(os.environ["DATABASE_URL"])}
DATABASES["default"]["CONN_MAX_AGE"] = 0
WEB_ROLE = DATABASES["default"]["USER"]
OWNER = DATABASES["default"] | read_database(
    os.environ.get("MIGRATION_DATABASE_URL", "").strip() or os.environ["DATABASE_URL"],
    "MIGRATION_DATABASE_URL",
)
SERVES = bool(os.environ.get("FACTCHECK_SERVES"))  # this is a process of the web server
STATEMENT_TIMEOUT = read_number("STATEMENT_TIMEOUT", 15, "number of seconds", least=0)
if SERVES and STATEMENT_TIMEOUT:  # nobody waits longer for a page; jobs and commands may take long
    own = DATABASES["default"]["OPTIONS"].get("options", "")
    DATABASES["default"]["OPTIONS"]["options"] = (
        f"-c statement_timeout={STATEMENT_TIMEOUT}s {own}".rstrip()
    )
if os.environ.get("DATABASE_POOL", "1" if SERVES else "0") == "1":
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 16, "timeout": 5}

LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "testserver"}
if DEMO and not set(ALLOWED_HOSTS) <= LOOPBACK:
    raise ImproperlyConfigured(
        "FACTCHECK_DEMO is set, and ALLOWED_HOSTS names a public host. The demo's accounts are "
        "open to everyone who reaches it: unset FACTCHECK_DEMO, or keep to 127.0.0.1."
    )

SITE_URL = os.environ.get(
    "SITE_URL", "http://127.0.0.1:8000" if DEMO else f"https://{ALLOWED_HOSTS[0]}"
)
WEBHOOKS_TO_LOOPBACK = DEMO  # a receiver on the same machine, to try them

INSTALLED_APPS = [
    "annotations",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "annotations.api.limits.LimitsMiddleware",
    "annotations.web.session.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "factcheck.urls"
WSGI_APPLICATION = "factcheck.wsgi.application"
AUTH_USER_MODEL = "annotations.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {"shown": "annotations.web.shown"},
        },
    },
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
# The demo serves what it finds; `collectstatic` fills this folder for production.
STATIC_ROOT = None if DEMO else os.environ.get("STATIC_ROOT", BASE_DIR / "staticfiles")
WHITENOISE_USE_FINDERS = DEMO
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "annotations.web.assets.AssetStorage",
    },
}

# No inline script and no inline style anywhere, from the first day; nothing remote is loaded.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "annotations.web.refusals.csrf_refused"
SESSION_COOKIE_AGE = 14 * 24 * 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
if not DEMO:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
TRUST_PROXY = os.environ.get("TRUST_PROXY") == "1"
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

RATE_LIMIT_PERSON = read_limit("RATE_LIMIT_PERSON", 1200)
RATE_LIMIT_ADDRESS = read_limit("RATE_LIMIT_ADDRESS", 240)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "annotations.api.authentication.BearerAuthentication",
        "annotations.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["annotations.api.bodies.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["annotations.api.bodies.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "annotations.api.openapi.Described",
    "EXCEPTION_HANDLER": "annotations.api.problems.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "URL_FORMAT_OVERRIDE": None,  # `?format=` belongs to the export
    "COERCE_DECIMAL_TO_STRING": False,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Factcheck",
    "DESCRIPTION": "Articles, their claims, the verdicts on them and the published rulings.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "GET_LIB_DOC_EXCLUDES": "annotations.api.openapi.undescribed",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "annotations.api.answers.with_what_all_have",
    ],
    "ENUM_NAME_OVERRIDES": {
        "BlockKind": "annotations.api.shapes.articles.BLOCK_KINDS",
        "ClaimKind": "annotations.api.shapes.claims.CLAIM_KINDS",
        "RulingKind": "annotations.api.shapes.claims.RULING_KINDS",
        "DeliveryKind": "annotations.api.shapes.webhooks.TOLD",
        "DeliveryState": "annotations.api.shapes.webhooks.STATES",
        "HoldKind": "annotations.api.shapes.holds.HOLD_KINDS",
        "PublishersOutcome": "annotations.api.shapes.publishers.OUTCOMES",
        "ReattachmentOutcome": "annotations.api.shapes.revisions.OUTCOMES",
        "SkipReason": "annotations.api.shapes.assignments.SKIP_REASONS",
        "WebhookKind": "annotations.api.shapes.webhooks.KINDS",
    },
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"  # the worker's tasks are in annotations/jobs/

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"procrastinate": {"level": "WARNING"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
