"""The addresses: each door keeps its own list."""

from django.urls import include, path

from annotations.admin import desk

urlpatterns = [
    path("admin/", desk.urls),
    path("api/v1/", include("annotations.api.urls")),
    path("", include("annotations.web.urls")),
]

handler400 = "annotations.web.refusals.bad_request"
handler403 = "annotations.web.refusals.forbidden"
handler404 = "annotations.web.refusals.not_found"
handler500 = "annotations.web.refusals.broken"
