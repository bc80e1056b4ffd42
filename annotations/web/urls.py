"""The addresses of the pages: first what everyone may read, then the work."""

from django.urls import path

from annotations.web import status

urlpatterns = [
    path("healthz", status.healthz, name="healthz"),
    path("readyz", status.readyz, name="readyz"),
]
