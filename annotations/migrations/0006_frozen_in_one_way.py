"""What is frozen is frozen by one function, and no table that holds the record can be emptied.

The name of each trigger is the promise it keeps, its argument the sentence that goes with it.
"""

from django.db import migrations

FROZEN = """
DROP FUNCTION submitted_verdict_is_frozen, ruling_is_frozen, revision_is_frozen, log_is_append_only
    CASCADE;

CREATE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse(TG_NAME, TG_ARGV[0]);
    RETURN NULL;
END $$;
CREATE TRIGGER revision_is_frozen BEFORE UPDATE OR DELETE ON annotations_revision
    FOR EACH ROW EXECUTE FUNCTION refused('a new text is a new revision');
CREATE TRIGGER log_is_append_only BEFORE UPDATE OR DELETE ON annotations_event
    FOR EACH ROW EXECUTE FUNCTION refused('what happened is not rewritten');
CREATE TRIGGER draft_stays_with_its_claim_and_reviewer BEFORE UPDATE ON annotations_verdict
    FOR EACH ROW WHEN (OLD.submitted_at IS NULL
        AND (NEW.claim_id, NEW.reviewer_id, NEW.project_id)
            IS DISTINCT FROM (OLD.claim_id, OLD.reviewer_id, OLD.project_id))
    EXECUTE FUNCTION refused('make a new one');

CREATE FUNCTION only_superseded_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM refuse(TG_NAME, 'it stays in the record');
    END IF;
    kept := NEW;
    kept.superseded_at := OLD.superseded_at;
    IF kept IS DISTINCT FROM OLD
       OR (OLD.superseded_at IS NOT NULL AND NEW.superseded_at IS DISTINCT FROM OLD.superseded_at)
    THEN
        PERFORM refuse(TG_NAME, TG_ARGV[0]);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER submitted_verdict_is_frozen BEFORE UPDATE OR DELETE ON annotations_verdict
    FOR EACH ROW WHEN (OLD.submitted_at IS NOT NULL)
    EXECUTE FUNCTION only_superseded_once('a change is a new version');
CREATE TRIGGER ruling_is_frozen BEFORE UPDATE OR DELETE ON annotations_ruling
    FOR EACH ROW EXECUTE FUNCTION only_superseded_once('a correction is a new ruling');
"""

# A claim or an article cannot be emptied without these, which refer to it.
RECORD = ("revision", "verdict", "evidence", "ruling", "rulingevidence", "event")
NOT_EMPTIED = """
CREATE TRIGGER record_is_not_emptied BEFORE TRUNCATE ON annotations_{}
    FOR EACH STATEMENT EXECUTE FUNCTION refused('what is in the record stays there');
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0005_what_a_source_is")]

    operations = [
        migrations.RunSQL(FROZEN + "".join(NOT_EMPTIED.format(table) for table in RECORD)),
    ]
