"""A person's sessions rest on a value of the account, so that all of them end together."""

import uuid

import django.contrib.postgres.functions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0016_ratings_retire"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="sessions",
            field=models.UUIDField(
                db_default=django.contrib.postgres.functions.RandomUUID(),
                default=uuid.uuid4,
                editable=False,
            ),
        ),
    ]
