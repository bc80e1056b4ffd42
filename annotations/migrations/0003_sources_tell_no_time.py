"""A source's id comes to hold no time: an early one would tell of another's hidden verdict."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotations", "0002_promises")]

    operations = [
        migrations.AlterField(
            "source",
            "id",
            models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False, serialize=False),
        ),
    ]
