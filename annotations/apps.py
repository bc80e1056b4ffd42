"""The one app: articles, their claims, the verdicts on them and the rulings."""

from django.apps import AppConfig


class AnnotationsConfig(AppConfig):
    name = "annotations"
    verbose_name = "Fact checks"
    default_auto_field = "django.db.models.BigAutoField"
