"""What must never be false, held by the database itself whatever code path a write takes.

Foreign keys over `(project, id)` keep every object inside its project. Triggers freeze what is
frozen, keep quotes equal to the text they cover, and let a claim move only along the table in
`annotations.rules.states`.
"""

from django.db import migrations

SAME_PROJECT = [
    # table, columns, the table they point to, its columns, the promise
    ("rating", "project_id, scale_id", "ratingscale", "project_id, id", "rating_stays_in_its_project"),
    ("revision", "project_id, article_id", "article", "project_id, id", "revision_stays_in_its_project"),
    ("claim", "project_id, claimant_id", "claimant", "project_id, id", "claimant_is_of_the_claims_project"),
    ("appearance", "project_id, claim_id", "claim", "project_id, id", "appearance_stays_in_its_project"),
    ("appearance", "project_id, article_id", "article", "project_id, id", "appearance_is_in_an_article_of_its_project"),
    ("appearance", "article_id, revision_id", "revision", "article_id, id", "appearance_is_in_a_revision_of_its_article"),
    ("verdict", "project_id, claim_id", "claim", "project_id, id", "verdict_stays_in_its_project"),
    ("verdict", "project_id, rating_id", "rating", "project_id, id", "verdict_rates_on_its_projects_scale"),
    ("evidence", "project_id, verdict_id", "verdict", "project_id, id", "evidence_stays_in_its_project"),
    ("evidence", "project_id, source_id", "source", "project_id, id", "evidence_uses_a_source_of_its_project"),
    ("ruling", "project_id, claim_id", "claim", "project_id, id", "ruling_stays_in_its_project"),
    ("ruling", "project_id, rating_id", "rating", "project_id, id", "ruling_rates_on_its_projects_scale"),
    ("rulingevidence", "project_id, ruling_id", "ruling", "project_id, id", "rests_on_stays_in_its_project"),
    ("rulingevidence", "project_id, evidence_id", "evidence", "project_id, id", "ruling_rests_on_evidence_of_its_project"),
]  # fmt: skip

SAYING_NO = """
CREATE FUNCTION refuse(promise text, sentence text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = promise,
        MESSAGE = promise || ': ' || sentence;
END $$;
"""

REVISIONS = """
CREATE FUNCTION revision_is_sound() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    block jsonb;
    at integer := 0;
    length_of_text integer := char_length(NEW.text);
BEGIN
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        PERFORM refuse('revision_is_named_by_its_text', 'sha256 is not the digest of the text');
    END IF;
    IF position(E'\\r' IN NEW.text) > 0 THEN
        PERFORM refuse('revision_text_is_canonical', 'line ends are LF');
    END IF;
    IF jsonb_typeof(NEW.blocks) <> 'array' THEN
        PERFORM refuse('blocks_stand_in_order', 'blocks is a list of [kind, start, end]');
    END IF;
    FOR block IN SELECT jsonb_array_elements(NEW.blocks) LOOP
        IF jsonb_typeof(block) <> 'array' OR coalesce(jsonb_typeof(block->1), '') <> 'number'
           OR coalesce(jsonb_typeof(block->2), '') <> 'number' OR block->3 IS NOT NULL THEN
            PERFORM refuse('blocks_stand_in_order', 'a block is [kind, start, end]');
        END IF;
        IF coalesce(block->>0, '') NOT IN
           ('headline', 'heading', 'paragraph', 'quote', 'list_item', 'furniture') THEN
            PERFORM refuse('block_kind_is_known', coalesce(block->>0, 'null'));
        END IF;
        IF (block->>1)::integer < at OR (block->>2)::integer <= (block->>1)::integer
           OR (block->>2)::integer > length_of_text THEN
            PERFORM refuse('blocks_stand_in_order', 'a block overlaps another or leaves the text');
        END IF;
        at := (block->>2)::integer;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER revision_is_sound BEFORE INSERT ON annotations_revision
    FOR EACH ROW EXECUTE FUNCTION revision_is_sound();

CREATE FUNCTION revision_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse('revision_is_frozen', 'a new text is a new revision');
    RETURN NULL;
END $$;
CREATE TRIGGER revision_is_frozen BEFORE UPDATE OR DELETE ON annotations_revision
    FOR EACH ROW EXECUTE FUNCTION revision_is_frozen();
"""

QUOTES = """
CREATE FUNCTION quote_is_the_text_it_covers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    covered text;
    before text;
    after text;
BEGIN
    SELECT substr(text, NEW.start + 1, NEW."end" - NEW.start),
           substr(text, greatest(NEW.start - 32, 0) + 1, least(NEW.start, 32)),
           substr(text, NEW."end" + 1, 32)
      INTO covered, before, after
      FROM annotations_revision WHERE id = NEW.revision_id;
    IF covered IS DISTINCT FROM NEW.quote OR char_length(covered) <> NEW."end" - NEW.start THEN
        PERFORM refuse('quote_is_the_text_it_covers',
            format('the text from %s to %s is something else', NEW.start, NEW."end"));
    END IF;
    IF before IS DISTINCT FROM NEW.prefix OR after IS DISTINCT FROM NEW.suffix THEN
        PERFORM refuse('context_is_the_text_around_the_quote', 'prefix or suffix is something else');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quote_is_the_text_it_covers BEFORE INSERT OR UPDATE ON annotations_appearance
    FOR EACH ROW EXECUTE FUNCTION quote_is_the_text_it_covers();
"""

VERDICTS = """
CREATE FUNCTION submitted_verdict_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept annotations_verdict;
BEGIN
    IF OLD.submitted_at IS NULL THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF (NEW.claim_id, NEW.reviewer_id, NEW.project_id)
           IS DISTINCT FROM (OLD.claim_id, OLD.reviewer_id, OLD.project_id) THEN
            PERFORM refuse('draft_stays_with_its_claim_and_reviewer', 'make a new one');
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        PERFORM refuse('submitted_verdict_is_frozen', 'it stays in the record');
    END IF;
    kept := NEW;
    kept.superseded_at := OLD.superseded_at;
    IF kept IS DISTINCT FROM OLD
       OR (OLD.superseded_at IS NOT NULL AND NEW.superseded_at IS DISTINCT FROM OLD.superseded_at)
    THEN
        PERFORM refuse('submitted_verdict_is_frozen', 'a change is a new version');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER submitted_verdict_is_frozen BEFORE UPDATE OR DELETE ON annotations_verdict
    FOR EACH ROW EXECUTE FUNCTION submitted_verdict_is_frozen();

CREATE FUNCTION evidence_is_frozen_with_its_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    verdict uuid := CASE WHEN TG_OP = 'INSERT' THEN NEW.verdict_id ELSE OLD.verdict_id END;
BEGIN
    -- The lock holds a submission that comes at this moment until this transaction has ended.
    PERFORM FROM annotations_verdict WHERE id = verdict FOR SHARE;
    IF EXISTS (SELECT FROM annotations_verdict
               WHERE id = verdict AND submitted_at IS NOT NULL) THEN
        PERFORM refuse('evidence_is_frozen_with_its_verdict', 'revise the verdict instead');
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF TG_OP = 'UPDATE' AND NEW.verdict_id <> OLD.verdict_id THEN
        PERFORM refuse('evidence_stays_with_its_verdict', 'add it to the other one');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_is_frozen_with_its_verdict
    BEFORE INSERT OR UPDATE OR DELETE ON annotations_evidence
    FOR EACH ROW EXECUTE FUNCTION evidence_is_frozen_with_its_verdict();
"""

RULINGS = """
CREATE FUNCTION ruling_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept annotations_ruling;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM refuse('ruling_is_frozen', 'it stays in the record');
    END IF;
    kept := NEW;
    kept.superseded_at := OLD.superseded_at;
    IF kept IS DISTINCT FROM OLD
       OR (OLD.superseded_at IS NOT NULL AND NEW.superseded_at IS DISTINCT FROM OLD.superseded_at)
    THEN
        PERFORM refuse('ruling_is_frozen', 'a correction is a new ruling');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ruling_is_frozen BEFORE UPDATE OR DELETE ON annotations_ruling
    FOR EACH ROW EXECUTE FUNCTION ruling_is_frozen();

CREATE FUNCTION ruling_follows_the_verdicts() RETURNS trigger LANGUAGE plpgsql AS $$
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
           AND superseded_at IS NULL AND reviewer_id <> NEW.made_by_id
    ) THEN
        PERFORM refuse('ruling_needs_a_second_person', 'its maker is the only reviewer');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ruling_follows_the_verdicts BEFORE INSERT ON annotations_ruling
    FOR EACH ROW EXECUTE FUNCTION ruling_follows_the_verdicts();

CREATE FUNCTION ruling_rests_on_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> 'withdrawal' AND NOT EXISTS (
        SELECT FROM annotations_rulingevidence WHERE ruling_id = NEW.id
    ) THEN
        PERFORM refuse('ruling_rests_on_evidence', 'it has none');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ruling_rests_on_evidence AFTER INSERT ON annotations_ruling
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ruling_rests_on_evidence();

CREATE FUNCTION is_of_this_transaction(row_xmin xid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    now_at bigint := pg_current_xact_id()::text::bigint;
    made_at bigint := (now_at >> 32 << 32) | row_xmin::text::bigint;
BEGIN
    -- A row that is seen while its transaction is still running is one's own. The row names only
    -- the lower half of its transaction's number; one that seems to come is of the epoch before.
    -- A savepoint's number lies a little above its transaction's.
    IF made_at > now_at + 1000000 THEN
        made_at := made_at - (1::bigint << 32);
    END IF;
    RETURN made_at >= now_at AND pg_xact_status(made_at::text::xid8) = 'in progress';
END $$;
CREATE FUNCTION ruling_rests_on_evidence_of_its_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM refuse('what_a_ruling_rests_on_is_frozen', 'a correction is a new ruling');
    END IF;
    IF EXISTS (
        SELECT FROM annotations_ruling r
         WHERE r.id = NEW.ruling_id AND NOT is_of_this_transaction(r.xmin)
    ) THEN
        PERFORM refuse('what_a_ruling_rests_on_is_frozen', 'a correction is a new ruling');
    END IF;
    IF NOT EXISTS (
        SELECT FROM annotations_ruling r
          JOIN annotations_verdict v ON v.claim_id = r.claim_id AND v.submitted_at IS NOT NULL
          JOIN annotations_evidence e ON e.verdict_id = v.id
         WHERE r.id = NEW.ruling_id AND e.id = NEW.evidence_id
    ) THEN
        PERFORM refuse('ruling_rests_on_evidence_of_its_claim',
            'the evidence is not of a submitted verdict on the claim');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ruling_rests_on_evidence_of_its_claim
    BEFORE INSERT OR UPDATE OR DELETE ON annotations_rulingevidence
    FOR EACH ROW EXECUTE FUNCTION ruling_rests_on_evidence_of_its_claim();
"""

STATES = """
CREATE FUNCTION claim_moves_along_the_table() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given integer;
    kinds integer;
    required integer;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'marked' THEN
            PERFORM refuse('claim_begins_as_marked', NEW.state);
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (
        ('marked', 'in_review'), ('marked', 'agreed'), ('marked', 'disputed'),
        ('marked', 'set_aside'),
        ('in_review', 'agreed'), ('in_review', 'disputed'), ('in_review', 'set_aside'),
        ('agreed', 'in_review'), ('agreed', 'disputed'), ('agreed', 'published'),
        ('agreed', 'set_aside'),
        ('disputed', 'in_review'), ('disputed', 'agreed'), ('disputed', 'published'),
        ('disputed', 'set_aside'),
        ('published', 'corrected'), ('published', 'withdrawn'),
        ('corrected', 'withdrawn'),
        ('set_aside', 'marked'), ('set_aside', 'in_review'), ('set_aside', 'agreed'),
        ('set_aside', 'disputed')
    ) THEN
        PERFORM refuse('claim_moves_along_the_table', OLD.state || ' to ' || NEW.state);
    END IF;
    IF NEW.state IN ('marked', 'in_review', 'agreed', 'disputed') THEN
        SELECT count(*), count(DISTINCT rating_id) INTO given, kinds
          FROM annotations_verdict
         WHERE claim_id = NEW.id AND submitted_at IS NOT NULL AND superseded_at IS NULL;
        SELECT verdicts_required INTO required FROM annotations_project WHERE id = NEW.project_id;
        IF NEW.state <> (CASE WHEN given = 0 THEN 'marked' WHEN given < required THEN 'in_review'
                              WHEN kinds = 1 THEN 'agreed' ELSE 'disputed' END) THEN
            PERFORM refuse('claim_state_follows_its_verdicts',
                format('%s of %s verdicts do not make it %s', given, required, NEW.state));
        END IF;
    END IF;
    IF NEW.state IN ('published', 'corrected', 'withdrawn') AND NOT EXISTS (
        SELECT FROM annotations_ruling
         WHERE claim_id = NEW.id AND superseded_at IS NULL
           AND kind = (CASE NEW.state WHEN 'published' THEN 'publication'
                                      WHEN 'corrected' THEN 'correction' ELSE 'withdrawal' END)
    ) THEN
        PERFORM refuse('claim_is_published_by_a_ruling', 'there is no such ruling');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_begins_as_marked BEFORE INSERT ON annotations_claim
    FOR EACH ROW EXECUTE FUNCTION claim_moves_along_the_table();
CREATE TRIGGER claim_moves_along_the_table BEFORE UPDATE OF state ON annotations_claim
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION claim_moves_along_the_table();
"""

LOG = """
CREATE FUNCTION log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse('log_is_append_only', 'what happened is not rewritten');
    RETURN NULL;
END $$;
CREATE TRIGGER log_is_append_only BEFORE UPDATE OR DELETE ON annotations_event
    FOR EACH ROW EXECUTE FUNCTION log_is_append_only();
"""

BACK = """
DROP FUNCTION IF EXISTS revision_is_sound, revision_is_frozen, quote_is_the_text_it_covers,
    submitted_verdict_is_frozen, evidence_is_frozen_with_its_verdict, ruling_is_frozen,
    ruling_follows_the_verdicts, ruling_rests_on_evidence, ruling_rests_on_evidence_of_its_claim,
    is_of_this_transaction, claim_moves_along_the_table, log_is_append_only CASCADE;
DROP FUNCTION IF EXISTS refuse;
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


class Migration(migrations.Migration):
    dependencies = [("annotations", "0001_foundation")]

    operations = [
        *keys(),
        migrations.RunSQL(SAYING_NO + REVISIONS + QUOTES + VERDICTS + RULINGS + STATES + LOG, BACK),
    ]
