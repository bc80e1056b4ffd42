"""Requests to the API are counted, by person or by address, in a table that is not logged."""

from django.db import migrations, models

# It is written with every request: nothing of it goes to the disk, and a row is changed in its page.
UNLOGGED = "ALTER TABLE annotations_counter SET UNLOGGED, SET (fillfactor = 50)"


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0019_files_brought_in"),
    ]

    operations = [
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("who", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("used", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("used__gte", 1)), name="counter_has_counted"
                    )
                ],
            },
        ),
        migrations.RunSQL(UNLOGGED, migrations.RunSQL.noop),
    ]
