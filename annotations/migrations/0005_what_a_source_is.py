"""A source has a type, and the desk's view of how reliable it is."""

from django.db import migrations, models
from django.db.models import Q

TYPES = [
    ("news_report", "News report"),
    ("official_document", "Official document"),
    ("statistics", "Statistics"),
    ("study", "Study"),
    ("statement", "Statement"),
    ("social_post", "Social post"),
    ("fact_check", "Fact check"),
    ("other", "Other"),
]
VIEWS = [("reliable", "Reliable"), ("mixed", "Mixed"), ("unreliable", "Unreliable")]


class Migration(migrations.Migration):
    dependencies = [("annotations", "0004_stance_is_chosen")]

    operations = [
        *(
            migrations.AddField(
                model, "type", models.CharField(blank=True, choices=TYPES, max_length=20)
            )
            for model in ("source", "evidence")
        ),
        migrations.AddField(
            "source", "reliability", models.CharField(blank=True, choices=VIEWS, max_length=10)
        ),
        migrations.AddField(
            "source", "reliability_note", models.CharField(blank=True, max_length=300)
        ),
        migrations.AddField(
            "source",
            "reliability_at",
            models.DateTimeField(blank=True, editable=False, null=True),
        ),
        *(
            migrations.AddConstraint(
                model,
                models.CheckConstraint(
                    condition=Q(type="") | Q(type__in=[value for value, _ in TYPES]),
                    name=f"{model}_type_is_known",
                ),
            )
            for model in ("source", "evidence")
        ),
        migrations.AddConstraint(
            "source",
            models.CheckConstraint(
                condition=Q(reliability="", reliability_note="", reliability_at__isnull=True)
                | Q(
                    reliability__in=[value for value, _ in VIEWS],
                    reliability_at__isnull=False,
                ),
                name="desks_view_is_known_and_dated",
            ),
        ),
    ]
