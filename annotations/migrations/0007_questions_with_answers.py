"""Evidence may be a question with its answer, which then needs no source; a ruling still does."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

RESTS_ON_A_SOURCE = """
CREATE OR REPLACE FUNCTION ruling_rests_on_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    pieces integer;
    sources integer;
BEGIN
    IF NEW.kind = 'withdrawal' THEN RETURN NULL; END IF;
    SELECT count(*), count(e.source_id) INTO pieces, sources
      FROM annotations_rulingevidence g JOIN annotations_evidence e ON e.id = g.evidence_id
     WHERE g.ruling_id = NEW.id;
    IF pieces = 0 THEN
        PERFORM refuse('ruling_rests_on_evidence', 'it has none');
    END IF;
    IF sources = 0 THEN
        PERFORM refuse('ruling_rests_on_a_source', 'it has questions alone');
    END IF;
    RETURN NULL;
END $$;
"""

AS_BEFORE = """
CREATE OR REPLACE FUNCTION ruling_rests_on_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> 'withdrawal' AND NOT EXISTS (
        SELECT FROM annotations_rulingevidence WHERE ruling_id = NEW.id
    ) THEN
        PERFORM refuse('ruling_rests_on_evidence', 'it has none');
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0006_frozen_in_one_way")]

    operations = [
        migrations.AddField("evidence", "question", models.TextField(blank=True)),
        migrations.AddField("evidence", "answer", models.TextField(blank=True)),
        migrations.AlterField(
            "evidence",
            "source",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="annotations.source",
            ),
        ),
        migrations.AddConstraint(
            "evidence",
            models.CheckConstraint(
                condition=Q(source__isnull=False) | ~Q(question=""),
                name="evidence_has_a_source_or_a_question",
            ),
        ),
        migrations.AddConstraint(
            "evidence",
            models.CheckConstraint(
                condition=Q(question="", answer="") | ~(Q(question="") | Q(answer="")),
                name="question_comes_with_its_answer",
            ),
        ),
        migrations.RunSQL(RESTS_ON_A_SOURCE, AS_BEFORE),
    ]
