"""Webhooks: what readers see is told to those whom a project names, and nothing gets lost."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import annotations.models.ids

# A row for each webhook that wants to know, in the transaction of the event: it is due if the event
# is there. The condition is looked at before the function is called, so that marks and verdicts, of
# which nothing is told, cost nothing. A share of each row's key keeps a webhook that is being removed
# from failing what it is told of. The identifier is a UUID of version 7, made of one of version 4.
OUTBOX = """
CREATE FUNCTION event_is_told_to_webhooks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told text := CASE NEW.verb
        WHEN 'publish' THEN 'ruling.published'
        WHEN 'correct' THEN 'ruling.corrected'
        WHEN 'withdraw' THEN 'ruling.withdrawn'
        WHEN 'place_hold' THEN 'hold.placed'
        WHEN 'lift_hold' THEN 'hold.lifted'
        WHEN 'ask_publisher' THEN 'publisher.asked'
        WHEN 'edit_publisher_correction' THEN 'publisher.changed'
        WHEN 'revise_article' THEN 'article.revised'
    END;
BEGIN
    WITH wants AS (
        SELECT id, off_at
          FROM annotations_webhook
         WHERE project_id = NEW.project_id AND told = ANY (kinds)
           FOR KEY SHARE
    )
    INSERT INTO annotations_delivery (id, webhook_id, kind, event_id, at, state, due_at, tried)
    SELECT encode(set_bit(set_bit(overlay(
               uuid_send(gen_random_uuid())
               PLACING substring(
                   int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
               FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid,
           id, told, NEW.id, NEW.at,
           CASE WHEN off_at IS NULL THEN 'waiting' ELSE 'missed' END,
           CASE WHEN off_at IS NULL THEN NEW.at END, 0
      FROM wants;
    IF FOUND THEN
        INSERT INTO procrastinate_jobs (queue_name, task_name)
        VALUES ('default', 'deliver_webhooks');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER event_is_told_to_webhooks AFTER INSERT ON annotations_event
    FOR EACH ROW WHEN (NEW.verb IN (
        'publish', 'correct', 'withdraw', 'place_hold', 'lift_hold', 'ask_publisher',
        'edit_publisher_correction', 'revise_article'
    ))
    EXECUTE FUNCTION event_is_told_to_webhooks();
"""

BACK = "DROP FUNCTION event_is_told_to_webhooks CASCADE"


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0017_signing_out_everywhere"),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
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
                ("address", models.CharField(max_length=2000)),
                ("description", models.CharField(blank=True, max_length=200)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
                ("secret", models.BinaryField()),
                ("old_secret", models.BinaryField(null=True)),
                ("old_until", models.DateTimeField(editable=False, null=True)),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("off_at", models.DateTimeField(editable=False, null=True)),
                (
                    "off_because",
                    models.CharField(
                        blank=True,
                        choices=[("owner", "Owner"), ("gone", "Gone"), ("failing", "Failing")],
                        max_length=10,
                    ),
                ),
                ("failing_since", models.DateTimeField(editable=False, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhooks",
                        to="annotations.project",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
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
                ("kind", models.CharField(max_length=40)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("delivered", "Delivered"),
                            ("failed", "Failed"),
                            ("missed", "Missed"),
                            ("withheld", "Withheld"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField(editable=False, null=True)),
                ("tried", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.event",
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="annotations.webhook",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
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
                ("at", models.DateTimeField()),
                ("took_ms", models.PositiveIntegerField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("answer", models.TextField(blank=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="annotations.delivery",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__isnull", False),
                            models.Q(("error", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="attempt_has_an_answer_or_an_error",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kinds__contained_by",
                        [
                            "ruling.published",
                            "ruling.corrected",
                            "ruling.withdrawn",
                            "hold.placed",
                            "hold.lifted",
                            "publisher.asked",
                            "publisher.changed",
                            "article.revised",
                        ],
                    ),
                    models.Q(("kinds", []), _negated=True),
                ),
                name="webhook_is_told_of_known_kinds",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(("address__regex", "^https?://")),
                name="webhook_has_a_web_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("off_at__isnull", True), ("off_because", "")),
                    models.Q(
                        ("off_at__isnull", False), ("off_because__in", ["owner", "gone", "failing"])
                    ),
                    _connector="OR",
                ),
                name="webhook_that_is_off_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("old_secret__isnull", True), ("old_until__isnull", True)),
                    models.Q(("old_secret__isnull", False), ("old_until__isnull", False)),
                    _connector="OR",
                ),
                name="old_secret_signs_until_a_moment",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["webhook", "-id"], name="deliveries_of_a_webhook"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["due_at"],
                name="deliveries_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("event", "webhook"), name="event_is_told_to_a_webhook_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("event__isnull", False),
                        (
                            "kind__in",
                            [
                                "ruling.published",
                                "ruling.corrected",
                                "ruling.withdrawn",
                                "hold.placed",
                                "hold.lifted",
                                "publisher.asked",
                                "publisher.changed",
                                "article.revised",
                            ],
                        ),
                    ),
                    models.Q(("event__isnull", True), ("kind", "test")),
                    _connector="OR",
                ),
                name="delivery_tells_of_an_event_or_is_a_test",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_at__isnull", False), ("state", "waiting")),
                    models.Q(
                        ("due_at__isnull", True),
                        (
                            "state__in",
                            [
                                "delivered",
                                "failed",
                                "missed",
                                "withheld",
                            ],
                        ),
                    ),
                    _connector="OR",
                ),
                name="delivery_is_due_while_it_waits",
            ),
        ),
        migrations.RunSQL(OUTBOX, BACK),
    ]
