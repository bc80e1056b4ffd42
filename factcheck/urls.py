"""Every address of the site."""

from django.urls import include, path

from annotations.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]

urlpatterns = [path("", include("annotations.urls"))]
