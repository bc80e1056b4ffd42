"""A stance is chosen by the reviewer: a draft may lack one, a submitted verdict may not."""

from django.db import migrations, models
from django.db.models import Q

STANCES = ["supports", "refutes", "context"]

PROMISE = """
CREATE FUNCTION submitted_evidence_has_a_stance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM annotations_evidence WHERE verdict_id = NEW.id AND stance = '') THEN
        PERFORM refuse('submitted_evidence_has_a_stance', 'a piece has none');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER submitted_evidence_has_a_stance BEFORE UPDATE OF submitted_at ON annotations_verdict
    FOR EACH ROW WHEN (OLD.submitted_at IS NULL AND NEW.submitted_at IS NOT NULL)
    EXECUTE FUNCTION submitted_evidence_has_a_stance();
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0003_sources_tell_no_time")]

    operations = [
        migrations.AlterField(
            "evidence",
            "stance",
            models.CharField(
                max_length=10, blank=True, choices=[(one, one.capitalize()) for one in STANCES]
            ),
        ),
        migrations.RemoveConstraint("evidence", "evidence_stance_is_known"),
        migrations.AddConstraint(
            "evidence",
            models.CheckConstraint(
                condition=Q(stance="") | Q(stance__in=STANCES), name="evidence_stance_is_known"
            ),
        ),
        migrations.RunSQL(PROMISE, "DROP FUNCTION submitted_evidence_has_a_stance CASCADE"),
    ]
