"""A token says what it is for. Those that there are stay good for everything."""

import django.contrib.postgres.fields
from django.db import migrations, models

import annotations.models.people


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0021_names_of_annotations"),
    ]

    operations = [
        migrations.AddField(
            model_name="token",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10),
                default=annotations.models.people.all_scopes,
                editable=False,
                size=None,
            ),
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scopes__contained_by", ["read", "review", "moderate", "manage"]),
                    ("scopes__contains", ["read"]),
                ),
                name="token_has_scopes_and_may_read",
            ),
        ),
    ]
