"""Legal holds: placed and lifted by an owner, and otherwise as they were placed."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import annotations.models.ids

HOLDS = """
ALTER TABLE annotations_legalhold
    ADD CONSTRAINT hold_stays_in_its_project FOREIGN KEY (project_id, claim_id)
        REFERENCES annotations_claim (project_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT hold_is_on_an_article_of_its_project FOREIGN KEY (project_id, article_id)
        REFERENCES annotations_article (project_id, id) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION hold_is_an_owners() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept annotations_legalhold;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        kept := NEW;
        kept.lifted_at := OLD.lifted_at;
        kept.lifted_by_id := OLD.lifted_by_id;
        kept.lifted_because := OLD.lifted_because;
        IF kept IS DISTINCT FROM OLD OR OLD.lifted_at IS NOT NULL THEN
            PERFORM refuse('hold_is_only_lifted', 'lift it, and place another');
        END IF;
    END IF;
    IF NOT EXISTS (
        SELECT FROM annotations_membership
         WHERE project_id = NEW.project_id AND role = 'owner'
           AND user_id = CASE WHEN TG_OP = 'INSERT' THEN NEW.placed_by_id ELSE NEW.lifted_by_id END
    ) THEN
        PERFORM refuse('hold_is_an_owners', 'whoever did this does not own the project');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hold_is_an_owners BEFORE INSERT OR UPDATE ON annotations_legalhold
    FOR EACH ROW EXECUTE FUNCTION hold_is_an_owners();
CREATE TRIGGER hold_stays_in_the_record BEFORE DELETE ON annotations_legalhold
    FOR EACH ROW EXECUTE FUNCTION refused('lift it instead');
CREATE TRIGGER record_is_not_emptied BEFORE TRUNCATE ON annotations_legalhold
    FOR EACH STATEMENT EXECUTE FUNCTION refused('what is in the record stays there');
"""

BACK = "DROP FUNCTION hold_is_an_owners CASCADE"


class Migration(migrations.Migration):
    dependencies = [("annotations", "0012_answers_given_again")]

    operations = [
        migrations.CreateModel(
            name="LegalHold",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("restrict", "Restrict"),
                            ("withhold", "Withhold"),
                            ("withdraw", "Withdraw"),
                        ],
                        max_length=10,
                    ),
                ),
                ("authority", models.CharField(max_length=200)),
                ("ground", models.CharField(max_length=300)),
                ("ordered_on", models.DateField()),
                ("notice", models.TextField(blank=True)),
                (
                    "placed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("lifted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("lifted_because", models.TextField(blank=True)),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="annotations.article",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="annotations.claim",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "indexes": [models.Index(fields=["project", "-id"], name="holds_of_a_project")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("claim__isnull", True), ("article__isnull", True), _connector="XOR"
                        ),
                        name="hold_is_on_a_claim_or_an_article",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["restrict", "withhold", "withdraw"])),
                        name="hold_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("authority", ""), _negated=True),
                            models.Q(("ground", ""), _negated=True),
                        ),
                        name="hold_names_its_authority_and_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("lifted_at__isnull", True),
                                ("lifted_because", ""),
                                ("lifted_by__isnull", True),
                            ),
                            models.Q(
                                ("lifted_at__isnull", False),
                                ("lifted_by__isnull", False),
                                models.Q(("lifted_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="lifted_hold_says_when_by_whom_and_why",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("claim",),
                        name="claim_has_one_standing_hold",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("article",),
                        name="article_has_one_standing_hold",
                    ),
                ],
            },
        ),
        migrations.RunSQL(HOLDS, BACK),
    ]
