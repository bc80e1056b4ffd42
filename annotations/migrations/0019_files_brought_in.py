"""Files that are brought in, what they gave, and what their words for ratings mean here.

A verdict of a file stands in its reviewer's name, and `brought_in_by` says who brought it: it may
lack what a reviewer here has to give, and it is no second person's beside whoever brought it: not
for a ruling made here. One that comes with its record is held to the people it names.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import annotations.models.ids
import annotations.rules.imports

SAME_PROJECT = [
    # table, columns, the table they point to, its columns, the promise
    ("origin", "project_id, article_id", "article", "project_id, id", "origin_is_of_an_article_of_its_project"),
    ("origin", "project_id, claim_id", "claim", "project_id, id", "origin_stays_in_its_project"),
    ("ratingmap", "project_id, rating_id", "rating", "project_id, id", "map_leads_to_its_projects_scale"),
    ("waitingverdict", "project_id, claim_id", "claim", "project_id, id", "waiting_verdict_stays_in_its_project"),
    ("waitingverdict", "project_id, of_id", "import", "project_id, id", "waiting_verdict_is_of_its_projects_import"),
]  # fmt: skip

BROUGHT_IN = """
CREATE OR REPLACE FUNCTION submitted_evidence_has_a_stance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.brought_in_by_id IS NULL
       AND EXISTS (SELECT FROM annotations_evidence WHERE verdict_id = NEW.id AND stance = '') THEN
        PERFORM refuse('submitted_evidence_has_a_stance', 'a piece has none');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION ruling_follows_the_verdicts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_in text;
    alone boolean;
BEGIN
    SELECT c.state, p.one_person_suffices INTO now_in, alone
      FROM annotations_claim c JOIN annotations_project p ON p.id = c.project_id
     WHERE c.id = NEW.claim_id;
    IF NEW.kind = 'publication' AND now_in NOT IN ('agreed', 'disputed') THEN
        PERFORM refuse('ruling_follows_the_verdicts', 'the claim is ' || now_in);
    END IF;
    IF NEW.kind <> 'publication' AND now_in NOT IN ('published', 'corrected') THEN
        PERFORM refuse('only_a_published_ruling_is_corrected', 'the claim is ' || now_in);
    END IF;
    IF now_in = 'disputed' AND NEW.reason = '' THEN
        PERFORM refuse('ruling_on_a_dispute_gives_a_reason', 'reason is empty');
    END IF;
    IF NOT alone AND NOT EXISTS (
        SELECT FROM annotations_verdict
         WHERE claim_id = NEW.claim_id AND submitted_at IS NOT NULL
           AND superseded_at IS NULL
           AND CASE WHEN NEW.brought_in_by_id IS NULL
                    THEN coalesce(brought_in_by_id, reviewer_id) ELSE reviewer_id END
               <> NEW.made_by_id
    ) THEN
        PERFORM refuse('ruling_needs_a_second_person', 'its maker is the only reviewer');
    END IF;
    RETURN NEW;
END $$;
"""

BACK = BROUGHT_IN.replace("NEW.brought_in_by_id IS NULL\n       AND ", "").replace(
    "CASE WHEN NEW.brought_in_by_id IS NULL\n                    "
    "THEN coalesce(brought_in_by_id, reviewer_id) ELSE reviewer_id END",
    "reviewer_id",
)


def keys() -> list[migrations.RunSQL]:
    """One foreign key over two columns for each row of the list above."""
    return [
        migrations.RunSQL(
            f"ALTER TABLE annotations_{table} ADD CONSTRAINT {promise} FOREIGN KEY ({columns}) "
            f"REFERENCES annotations_{other} ({others}) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE annotations_{table} DROP CONSTRAINT {promise}",
        )
        for table, columns, other, others, promise in SAME_PROJECT
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0018_webhooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=annotations.models.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("format", models.CharField(max_length=40)),
                ("unit", models.CharField(blank=True, max_length=10)),
                ("name", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "progress",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                        ],
                        default=annotations.rules.imports.Progress["WAITING"],
                        max_length=10,
                    ),
                ),
                ("read", models.PositiveBigIntegerField(default=0)),
                ("bytes_read", models.BigIntegerField(default=0)),
                ("articles", models.PositiveIntegerField(default=0)),
                ("claims", models.PositiveIntegerField(default=0)),
                ("verdicts", models.PositiveIntegerField(default=0)),
                ("waiting", models.PositiveIntegerField(default=0)),
                ("unchanged", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
                ("left_out", models.JSONField(blank=True, default=dict)),
                ("why", models.TextField(blank=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ImportPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="ImportRefusal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("line", models.PositiveBigIntegerField()),
                ("sentence", models.TextField()),
                ("what", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Origin",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("format", models.CharField(max_length=40)),
                ("article_key", models.CharField(max_length=200)),
                ("claim_key", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Outsider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outside",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="RatingMap",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=annotations.models.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("word", models.CharField(max_length=200)),
                ("heard", models.CharField(editable=False, max_length=200)),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
            options={
                "ordering": ["word"],
            },
        ),
        migrations.CreateModel(
            name="WaitingVerdict",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=annotations.models.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("word", models.CharField(max_length=200)),
                ("heard", models.CharField(max_length=200)),
                ("by", models.CharField(blank=True, max_length=200)),
                ("given", models.JSONField()),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="verdict",
            name="submitted_verdict_has_a_rating_and_a_rationale",
        ),
        migrations.AddField(
            model_name="article",
            name="kept",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="claim",
            name="kept",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="ruling",
            name="brought_in_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="verdict",
            name="brought_in_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("submitted_at__isnull", True),
                    models.Q(
                        ("rating__isnull", False),
                        models.Q(
                            models.Q(("rationale", ""), _negated=True),
                            ("brought_in_by__isnull", False),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="submitted_verdict_has_a_rating_and_a_rationale",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="imports",
                to="annotations.project",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="started_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="importpart",
            name="of",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="parts",
                to="annotations.import",
            ),
        ),
        migrations.AddField(
            model_name="importrefusal",
            name="of",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="refusals",
                to="annotations.import",
            ),
        ),
        migrations.AddField(
            model_name="origin",
            name="article",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.article",
            ),
        ),
        migrations.AddField(
            model_name="origin",
            name="claim",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.claim",
            ),
        ),
        migrations.AddField(
            model_name="origin",
            name="project",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.project",
            ),
        ),
        migrations.AddField(
            model_name="outsider",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.project",
            ),
        ),
        migrations.AddField(
            model_name="ratingmap",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ratingmap",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rating_maps",
                to="annotations.project",
            ),
        ),
        migrations.AddField(
            model_name="ratingmap",
            name="rating",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.rating",
            ),
        ),
        migrations.AddField(
            model_name="waitingverdict",
            name="claim",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.claim",
            ),
        ),
        migrations.AddField(
            model_name="waitingverdict",
            name="of",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="waiting_verdicts",
                to="annotations.import",
            ),
        ),
        migrations.AddField(
            model_name="waitingverdict",
            name="project",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.project",
            ),
        ),
        migrations.AddIndex(
            model_name="import",
            index=models.Index(fields=["project", "-id"], name="imports_of_a_project"),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(
                fields=("project", "id"), name="import_is_of_one_project"
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("progress__in", ["waiting", "running", "done", "cancelled", "failed"])
                ),
                name="import_progress_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", True),
                        (
                            "progress__in",
                            [
                                annotations.rules.imports.Progress["RUNNING"],
                                annotations.rules.imports.Progress["WAITING"],
                            ],
                        ),
                    ),
                    models.Q(
                        ("ended_at__isnull", False),
                        models.Q(
                            (
                                "progress__in",
                                [
                                    annotations.rules.imports.Progress["RUNNING"],
                                    annotations.rules.imports.Progress["WAITING"],
                                ],
                            ),
                            _negated=True,
                        ),
                    ),
                    _connector="OR",
                ),
                name="ended_import_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(("bytes_read__gte", 0), ("bytes_read__lte", models.F("size"))),
                name="import_reads_no_more_than_its_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="importpart",
            constraint=models.UniqueConstraint(
                fields=("of", "number"), name="part_has_its_place_in_the_file"
            ),
        ),
        migrations.AddIndex(
            model_name="importrefusal",
            index=models.Index(fields=["of", "id"], name="refusals_of_an_import"),
        ),
        migrations.AddConstraint(
            model_name="origin",
            constraint=models.UniqueConstraint(
                fields=("project", "format", "article_key", "claim_key"),
                name="origin_names_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="origin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claim__isnull", True), ("claim_key", "")),
                    models.Q(models.Q(("claim_key", ""), _negated=True), ("claim__isnull", False)),
                    _connector="OR",
                ),
                name="origin_of_a_claim_names_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="outsider",
            constraint=models.UniqueConstraint(
                fields=("project", "name"), name="outsider_is_known_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ratingmap",
            constraint=models.UniqueConstraint(
                fields=("project", "heard"), name="foreign_rating_is_mapped_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ratingmap",
            constraint=models.CheckConstraint(
                condition=models.Q(("heard", ""), _negated=True), name="rating_map_is_of_a_word"
            ),
        ),
        migrations.AddIndex(
            model_name="waitingverdict",
            index=models.Index(
                fields=["project", "heard", "id"], name="verdicts_that_wait_for_a_map"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingverdict",
            constraint=models.UniqueConstraint(fields=("claim", "by"), name="verdict_waits_once"),
        ),
        *keys(),
        migrations.RunSQL(BROUGHT_IN, BACK),
        # Whoever writes past Django, as the benchmarks' COPY does, keeps nothing.
        migrations.RunSQL(
            "ALTER TABLE annotations_article ALTER kept SET DEFAULT '{}';"
            "ALTER TABLE annotations_claim ALTER kept SET DEFAULT '{}'",
            migrations.RunSQL.noop,
        ),
    ]
