"""Work is lent by a queue: leases that lapse by themselves, skips, gold items, and the project's
settings for them.

How many a claim may be lent to is held by a trigger, which takes the claim's lock first: who comes
at the same moment sees what the other has lent.
"""

from typing import Any

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import annotations.models.ids
import annotations.rules.states
import annotations.rules.work
from annotations.rules.work import worth

SAME_PROJECT = [
    # table, columns, the table they point to, its columns, the promise
    ("assignment", "project_id, claim_id", "claim", "project_id, id", "assignment_stays_in_its_project"),
    ("assignment", "project_id, article_id", "article", "project_id, id", "assignment_is_of_an_article_of_its_project"),
    ("skip", "project_id, claim_id", "claim", "project_id, id", "skip_stays_in_its_project"),
    ("golditem", "project_id, claim_id", "claim", "project_id, id", "gold_item_stays_in_its_project"),
    ("golditem", "project_id, rating_id", "rating", "project_id, id", "gold_item_is_rated_on_its_projects_scale"),
]  # fmt: skip

LENDING = """
CREATE FUNCTION claim_is_lent_as_it_needs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    taken integer;
    required integer;
BEGIN
    PERFORM FROM annotations_claim WHERE id = NEW.claim_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM annotations_verdict
         WHERE claim_id = NEW.claim_id AND reviewer_id = NEW.reviewer_id
           AND submitted_at IS NOT NULL
    ) THEN
        PERFORM refuse('claim_is_not_lent_to_who_has_judged_it', 'never the same reviewer twice');
    END IF;
    IF EXISTS (SELECT FROM annotations_golditem WHERE claim_id = NEW.claim_id) THEN
        RETURN NEW;
    END IF;
    SELECT coalesce(claim.verdicts_wanted, project.verdicts_required) INTO required
      FROM annotations_claim claim JOIN annotations_project project ON project.id = claim.project_id
     WHERE claim.id = NEW.claim_id;
    SELECT (SELECT count(*) FROM annotations_assignment
             WHERE claim_id = NEW.claim_id AND ended_at IS NULL AND until > clock_timestamp())
         + (SELECT count(*) FROM annotations_verdict
             WHERE claim_id = NEW.claim_id AND submitted_at IS NOT NULL AND superseded_at IS NULL)
      INTO taken;
    IF taken >= required THEN
        PERFORM refuse('claim_is_lent_to_no_more_than_it_needs',
            format('%s have it or have judged it', taken));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_is_lent_as_it_needs BEFORE INSERT ON annotations_assignment
    FOR EACH ROW WHEN (NEW.claim_id IS NOT NULL AND NEW.ended_at IS NULL)
    EXECUTE FUNCTION claim_is_lent_as_it_needs();

CREATE TRIGGER ended_assignment_is_frozen BEFORE UPDATE ON annotations_assignment
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL)
    EXECUTE FUNCTION refused('lend it anew');
CREATE TRIGGER lapsed_assignment_is_not_prolonged BEFORE UPDATE ON annotations_assignment
    FOR EACH ROW WHEN (OLD.until <= clock_timestamp() AND NEW.until > OLD.until)
    EXECUTE FUNCTION refused('others may have it by now');
CREATE TRIGGER assignment_stays_with_its_reviewer BEFORE UPDATE ON annotations_assignment
    FOR EACH ROW WHEN ((NEW.claim_id, NEW.article_id, NEW.reviewer_id, NEW.project_id)
        IS DISTINCT FROM (OLD.claim_id, OLD.article_id, OLD.reviewer_id, OLD.project_id))
    EXECUTE FUNCTION refused('lend it anew');
"""


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


def weigh(apps: Any, schema_editor: Any) -> None:
    """Say of the claims that are there how much they want checking."""
    claims = apps.get_model("annotations", "Claim").objects
    batch = []
    for claim in claims.only("statement", "kind", "claimant_id").iterator(chunk_size=1000):
        claim.worth = worth(claim.statement, claim.kind, named=claim.claimant_id is not None)
        batch.append(claim)
        if len(batch) == 1000:
            claims.bulk_update(batch, ["worth"])
            batch = []
    claims.bulk_update(batch, ["worth"])


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0013_legal_holds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assignment",
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
                ("lent_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("finished", "Finished"),
                            ("given_back", "Given back"),
                            ("lapsed", "Lapsed"),
                            ("reassigned", "Reassigned"),
                            ("taken_back", "Taken back"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="GoldItem",
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
                ("explanation", models.TextField()),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Skip",
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
                    "reason",
                    models.CharField(
                        choices=[
                            (
                                annotations.rules.work.SkipReason["NOT_MY_FIELD"],
                                "Not my field or language",
                            ),
                            (
                                annotations.rules.work.SkipReason["TOO_CLOSE"],
                                "I am too close to it",
                            ),
                            (
                                annotations.rules.work.SkipReason["UNCLEAR"],
                                "It is unclear what is claimed",
                            ),
                            (
                                annotations.rules.work.SkipReason["NOTHING_TO_FIND"],
                                "I find nothing to judge it by",
                            ),
                            (annotations.rules.work.SkipReason["OTHER"], "Another reason"),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("asks_all", models.BooleanField(default=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="claim",
            name="queued",
            field=models.BooleanField(default=True, editable=False),
        ),
        migrations.AddField(
            model_name="claim",
            name="worth",
            field=models.SmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="project",
            name="gold_every",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="project",
            name="gold_mode",
            field=models.CharField(
                choices=[("training", "Training"), ("measuring", "Measuring")],
                default=annotations.rules.work.GoldMode["TRAINING"],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="lease_minutes",
            field=models.PositiveSmallIntegerField(default=30),
        ),
        migrations.AddField(
            model_name="project",
            name="queue_order",
            field=models.CharField(
                choices=[
                    ("oldest", "Oldest"),
                    ("most_worthy", "Most worthy"),
                    ("random", "Random"),
                ],
                default=annotations.rules.work.QueueOrder["OLDEST"],
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(
                    ("queued", True),
                    (
                        "state__in",
                        [
                            annotations.rules.states.State["IN_REVIEW"],
                            annotations.rules.states.State["MARKED"],
                        ],
                    ),
                ),
                fields=["project", "id"],
                name="queue_by_age",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(
                    ("queued", True),
                    (
                        "state__in",
                        [
                            annotations.rules.states.State["IN_REVIEW"],
                            annotations.rules.states.State["MARKED"],
                        ],
                    ),
                ),
                fields=["project", "-worth", "id"],
                name="queue_by_worth",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                models.F("project"),
                django.db.models.functions.text.Right(
                    django.db.models.functions.comparison.Cast("id", models.TextField()), 12
                ),
                condition=models.Q(
                    ("queued", True),
                    (
                        "state__in",
                        [
                            annotations.rules.states.State["IN_REVIEW"],
                            annotations.rules.states.State["MARKED"],
                        ],
                    ),
                ),
                name="queue_by_lot",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("lease_minutes__gte", 5), ("lease_minutes__lte", 1440)),
                name="project_lends_for_minutes_up_to_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("queue_order__in", ["oldest", "most_worthy", "random"])),
                name="project_has_a_known_queue_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("gold_every__lte", 100), ("gold_mode__in", ["training", "measuring"])
                ),
                name="project_mixes_gold_in_a_known_way",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="article",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="assignments",
                to="annotations.article",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="assigned_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="claim",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="assignments",
                to="annotations.claim",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="project",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.project",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignments",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="golditem",
            name="claim",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="gold",
                to="annotations.claim",
            ),
        ),
        migrations.AddField(
            model_name="golditem",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="golditem",
            name="project",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.project",
            ),
        ),
        migrations.AddField(
            model_name="golditem",
            name="rating",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.rating",
            ),
        ),
        migrations.AddField(
            model_name="skip",
            name="claim",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="skips",
                to="annotations.claim",
            ),
        ),
        migrations.AddField(
            model_name="skip",
            name="project",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.project",
            ),
        ),
        migrations.AddField(
            model_name="skip",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["project", "-id"], name="assignments_of_a_project"),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["reviewer", "-id"], name="assignments_of_a_reviewer"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("claim__isnull", False), ("ended_at__isnull", True)),
                fields=("claim", "reviewer"),
                name="claim_is_lent_once_to_a_reviewer",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("article__isnull", False), ("ended_at__isnull", True)),
                fields=("article", "reviewer"),
                name="article_is_lent_once_to_a_reviewer",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("article__isnull", True), ("claim__isnull", False)),
                    models.Q(("article__isnull", False), ("claim__isnull", True)),
                    _connector="OR",
                ),
                name="assignment_lends_a_claim_or_an_article",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("lent_at"))),
                name="assignment_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("how", "")),
                    models.Q(
                        ("ended_at__isnull", False),
                        (
                            "how__in",
                            ["finished", "given_back", "lapsed", "reassigned", "taken_back"],
                        ),
                    ),
                    _connector="OR",
                ),
                name="ended_assignment_says_how",
            ),
        ),
        migrations.AddIndex(
            model_name="golditem",
            index=models.Index(fields=["project", "-id"], name="gold_of_a_project"),
        ),
        migrations.AddConstraint(
            model_name="golditem",
            constraint=models.UniqueConstraint(fields=("claim",), name="claim_is_a_gold_item_once"),
        ),
        migrations.AddConstraint(
            model_name="golditem",
            constraint=models.CheckConstraint(
                condition=models.Q(("explanation", ""), _negated=True),
                name="gold_item_has_an_explanation",
            ),
        ),
        migrations.AddIndex(
            model_name="skip",
            index=models.Index(
                condition=models.Q(("asks_all", True)),
                fields=["project", "-id"],
                name="skips_asked_for_all",
            ),
        ),
        migrations.AddConstraint(
            model_name="skip",
            constraint=models.UniqueConstraint(
                fields=("claim", "reviewer"), name="claim_is_skipped_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="skip",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "reason__in",
                        ["not_my_field", "too_close", "unclear", "nothing_to_find", "other"],
                    )
                ),
                name="skip_gives_a_known_reason",
            ),
        ),
        *keys(),
        migrations.RunSQL(LENDING, "DROP FUNCTION claim_is_lent_as_it_needs CASCADE"),
        migrations.RunPython(weigh, migrations.RunPython.noop),
    ]
