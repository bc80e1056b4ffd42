"""Who a request comes from, before any view is asked: for everything below the API's addresses.

It takes Django's request, so that what speaks another protocol beside the API can ask it too.
"""

from django.conf import settings
from django.http import HttpRequest

from annotations.models import Token
from annotations.rules.limits import Policy, client_address

LOOKED_UP = "annotations.token"


def secret_of(request: HttpRequest) -> str | None:
    """The secret of `Authorization: Bearer …`; None where the header says something else."""
    scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def token_of(request: HttpRequest) -> Token | None:
    """The usable token that a request came with, looked up once."""
    if LOOKED_UP not in request.META:
        secret = secret_of(request)
        request.META[LOOKED_UP] = None if secret is None else Token.objects.with_secret(secret)
    found: Token | None = request.META[LOOKED_UP]
    return found


def counted(request: HttpRequest) -> tuple[str, Policy]:
    """Whom a request is counted for, and how often they may ask.

    All tokens and sessions of a person are that person. Whoever is nobody, or has sent a token
    that is not usable, is the address that the request came from.
    """
    token = token_of(request)
    person = token.user if token else request.user if secret_of(request) is None else None
    if person is not None and person.pk is not None:
        return str(person.pk), Policy("person", settings.RATE_LIMIT_PERSON)
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.TRUST_PROXY else ""
    address = client_address(request.META.get("REMOTE_ADDR", ""), forwarded)
    return address, Policy("address", settings.RATE_LIMIT_ADDRESS)
