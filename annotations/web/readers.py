"""What everyone may read: shared by caches as long as nobody is signed in, and never otherwise."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag


def for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A minute in any cache, with an ETag, for a request that carries no cookie and no token;
    in no cache at all for every other."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["Cookie"])
        known = request.COOKIES or request.headers.get("Authorization") or response.cookies
        if known or response.status_code != 200:
            response["Cache-Control"] = "private, no-store"
            return response
        response["Cache-Control"] = "public, max-age=60"
        set_response_etag(response)
        answered = get_conditional_response(request, etag=response["ETag"], response=response)
        return answered if isinstance(answered, HttpResponse) else response

    return answer
