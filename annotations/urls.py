"""The addresses: each door keeps its own list."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("annotations.api.urls")),
    path("", include("annotations.web.urls")),
]

handler400 = "annotations.web.refusals.bad_request"
handler403 = "annotations.web.refusals.forbidden"
handler404 = "annotations.web.refusals.not_found"
handler500 = "annotations.web.refusals.broken"
