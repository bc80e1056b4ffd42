"""The addresses of the Web Annotation Protocol."""

from django.urls import path

from annotations.api.annotated.container import Container
from annotations.api.annotated.one import OneAnnotation

app_name = "annotated"

urlpatterns = [
    path("<slug:slug>/", Container.as_view(), name="container"),
    path("<slug:slug>/<str:name>", OneAnnotation.as_view(), name="annotation"),
]
