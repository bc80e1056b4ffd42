"""Corrections asked of publishers: by a moderator, about a ruling in force, and kept."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import annotations.models.ids

REQUESTS = """
ALTER TABLE annotations_publishercorrection
    ADD CONSTRAINT publisher_is_asked_in_its_project FOREIGN KEY (project_id, claim_id)
        REFERENCES annotations_claim (project_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT publisher_is_asked_about_its_projects_article
        FOREIGN KEY (project_id, article_id)
        REFERENCES annotations_article (project_id, id) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION publisher_is_asked_about_a_ruling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM annotations_claim
         WHERE id = NEW.claim_id AND state IN ('published', 'corrected')
    ) THEN
        PERFORM refuse('publisher_is_asked_about_a_ruling', 'the claim has none in force');
    END IF;
    IF NOT EXISTS (
        SELECT FROM annotations_appearance
         WHERE claim_id = NEW.claim_id AND article_id = NEW.article_id
    ) THEN
        PERFORM refuse('publisher_is_asked_where_the_claim_stands', 'it is not in the article');
    END IF;
    IF NOT EXISTS (
        SELECT FROM annotations_membership
         WHERE project_id = NEW.project_id AND user_id = NEW.asked_by_id
           AND role IN ('moderator', 'owner')
    ) THEN
        PERFORM refuse('publisher_is_asked_by_a_moderator', 'whoever noted it is none');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publisher_is_asked_about_a_ruling BEFORE INSERT
    ON annotations_publishercorrection
    FOR EACH ROW EXECUTE FUNCTION publisher_is_asked_about_a_ruling();
CREATE TRIGGER request_stays_with_its_claim BEFORE UPDATE ON annotations_publishercorrection
    FOR EACH ROW WHEN (
        (NEW.id, NEW.project_id, NEW.claim_id, NEW.article_id, NEW.asked_by_id, NEW.made_at)
        IS DISTINCT FROM
        (OLD.id, OLD.project_id, OLD.claim_id, OLD.article_id, OLD.asked_by_id, OLD.made_at)
    )
    EXECUTE FUNCTION refused('note another');
CREATE TRIGGER request_stays_in_the_record BEFORE DELETE ON annotations_publishercorrection
    FOR EACH ROW EXECUTE FUNCTION refused('say what came of it instead');
CREATE TRIGGER record_is_not_emptied BEFORE TRUNCATE ON annotations_publishercorrection
    FOR EACH STATEMENT EXECUTE FUNCTION refused('what is in the record stays there');
"""

BACK = "DROP FUNCTION publisher_is_asked_about_a_ruling CASCADE"


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0014_work_that_is_lent"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublisherCorrection",
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
                ("publisher", models.CharField(max_length=200)),
                (
                    "reached",
                    models.CharField(
                        choices=[
                            ("corrections_form", "Its form for corrections"),
                            ("editors", "Its editors"),
                            ("author", "The article’s author"),
                            ("press_council", "A press council"),
                            ("other", "Another way"),
                        ],
                        max_length=20,
                    ),
                ),
                ("asked_on", models.DateField()),
                ("asked", models.TextField()),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("none_yet", "No answer yet"),
                            ("corrected", "Corrected"),
                            ("refused", "Refused"),
                            ("removed", "Removed"),
                            ("no_answer", "No answer"),
                        ],
                        default="none_yet",
                        max_length=10,
                    ),
                ),
                ("outcome_on", models.DateField(blank=True, null=True)),
                ("outcome_address", models.CharField(blank=True, max_length=2000)),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.article",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publisher_corrections",
                        to="annotations.claim",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.project",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["project", "-id"], name="asked_of_publishers")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("publisher", ""), _negated=True),
                            models.Q(("asked", ""), _negated=True),
                        ),
                        name="publisher_is_asked_for_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reached__in",
                                ["author", "corrections_form", "editors", "other", "press_council"],
                            )
                        ),
                        name="publisher_is_reached_in_a_known_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("outcome", "none_yet"),
                                ("outcome_address", ""),
                                ("outcome_on__isnull", True),
                            ),
                            models.Q(
                                ("outcome__in", ["corrected", "no_answer", "refused", "removed"]),
                                ("outcome_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="publishers_outcome_is_known_and_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome_on__isnull", True),
                            ("outcome_on__gte", models.F("asked_on")),
                            _connector="OR",
                        ),
                        name="publishers_outcome_follows_the_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome_address", ""),
                            ("outcome_address__regex", "^https?://"),
                            _connector="OR",
                        ),
                        name="publishers_outcome_has_a_web_address",
                    ),
                ],
            },
        ),
        migrations.RunSQL(REQUESTS, BACK),
    ]
