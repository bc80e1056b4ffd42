"""Keys over a project and an id are looked up by both.

An index on the project alone said nothing that the one on both does not. On a table whose size the
planner did not know yet it was taken for the keys, and each check of one read the whole project.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0024_words_of_what_is_there"),
    ]

    operations = [
        migrations.AlterField(
            model_name="article",
            name="project",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="articles",
                to="annotations.project",
            ),
        ),
        migrations.AlterField(
            model_name="claim",
            name="project",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claims",
                to="annotations.project",
            ),
        ),
        migrations.AlterField(
            model_name="claimant",
            name="project",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="claimants",
                to="annotations.project",
            ),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="project",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.project",
            ),
        ),
        migrations.AlterField(
            model_name="revision",
            name="project",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.project",
            ),
        ),
        migrations.AlterField(
            model_name="ruling",
            name="project",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.project",
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="project",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sources",
                to="annotations.project",
            ),
        ),
        migrations.AlterField(
            model_name="verdict",
            name="project",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.project",
            ),
        ),
    ]
