"""The addresses: each door keeps its own list."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from annotations.admin import desk
from annotations.api.problems import BELOW, refused
from annotations.web.refusals import bad_request

urlpatterns = [
    path("admin/", desk.urls),
    path("api/v1/", include("annotations.api.urls")),
    path("annotations/", include("annotations.api.annotated.urls")),
    path("", include("annotations.web.urls")),
]


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What no view was asked about is refused by the door whose address it has."""
    answer = refused if request.path.startswith(BELOW) else bad_request
    return answer(request, exception)


handler403 = "annotations.web.refusals.forbidden"
handler404 = "annotations.web.refusals.not_found"
handler500 = "annotations.web.refusals.broken"
