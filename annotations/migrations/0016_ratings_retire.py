"""A scale in use gains ratings, and loses one only for another that stands in its place.

What carries a retired rating counts as its replacement: in the state that follows from verdicts,
and in what a correction may call itself.
"""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q

SINCE = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE annotations_rating rating SET added_at = project.created_at
  FROM annotations_project project WHERE project.id = rating.project_id
"""

COUNTS_AS = """
CREATE OR REPLACE FUNCTION state_by_verdicts(claim uuid, project uuid, wanted smallint) RETURNS text
LANGUAGE sql STABLE AS $$
    -- `wanted` is the claim's own number of verdicts; null stands for its project's.
    SELECT CASE WHEN count(*) = 0 THEN 'marked'
                WHEN count(*) < coalesce(wanted, (
                    SELECT verdicts_required FROM annotations_project WHERE id = project
                )) THEN 'in_review'
                WHEN count(DISTINCT coalesce(rating.replaced_by_id, rating.id)) = 1 THEN 'agreed'
                ELSE 'disputed' END
      FROM annotations_verdict verdict JOIN annotations_rating rating ON rating.id = verdict.rating_id
     WHERE claim_id = claim AND submitted_at IS NOT NULL AND superseded_at IS NULL
$$;

CREATE OR REPLACE FUNCTION ruling_says_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before uuid;
BEGIN
    IF NOT EXISTS (
        SELECT FROM annotations_membership
         WHERE project_id = NEW.project_id AND user_id = NEW.made_by_id
           AND role IN ('moderator', 'owner')
    ) THEN
        PERFORM refuse('ruling_is_made_by_a_moderator', 'its maker is none of its project');
    END IF;
    IF NEW.rating_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM annotations_rating
         WHERE id = NEW.rating_id AND (name, definition, look)
               = (NEW.rating_name, NEW.rating_definition, NEW.rating_look)
    ) THEN
        PERFORM refuse('ruling_keeps_its_rating_as_published', 'the rating is called otherwise');
    END IF;
    IF NEW.kind = 'correction' THEN
        SELECT coalesce(rating.replaced_by_id, rating.id) INTO before
          FROM annotations_ruling ruling
          LEFT JOIN annotations_rating rating ON rating.id = ruling.rating_id
         WHERE claim_id = NEW.claim_id AND number < NEW.number ORDER BY number DESC LIMIT 1;
        IF NEW.correction = 'typo' AND before <> NEW.rating_id THEN
            PERFORM refuse('typo_leaves_the_rating', 'say that the rating changed');
        END IF;
        IF NEW.correction = 'rating_changed' AND before = NEW.rating_id THEN
            PERFORM refuse('changed_rating_is_another', 'it is the rating of the ruling before');
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""

RETIRED = """
CREATE FUNCTION chosen_rating_is_in_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM annotations_rating WHERE id = NEW.rating_id AND retired_at IS NOT NULL
    ) THEN
        PERFORM refuse('chosen_rating_is_in_use', 'it was retired from the scale');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER chosen_rating_is_in_use BEFORE INSERT ON annotations_verdict
    FOR EACH ROW EXECUTE FUNCTION chosen_rating_is_in_use();
CREATE TRIGGER drafts_rating_is_in_use BEFORE UPDATE ON annotations_verdict
    FOR EACH ROW WHEN (OLD.submitted_at IS NULL) EXECUTE FUNCTION chosen_rating_is_in_use();
CREATE TRIGGER chosen_rating_is_in_use BEFORE INSERT ON annotations_ruling
    FOR EACH ROW EXECUTE FUNCTION chosen_rating_is_in_use();
CREATE TRIGGER chosen_rating_is_in_use BEFORE INSERT OR UPDATE ON annotations_golditem
    FOR EACH ROW EXECUTE FUNCTION chosen_rating_is_in_use();

CREATE FUNCTION retired_rating_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept annotations_rating;
BEGIN
    kept := NEW;
    kept.position := OLD.position;
    kept.replaced_by_id := OLD.replaced_by_id;
    IF kept IS DISTINCT FROM OLD THEN
        PERFORM refuse('retired_rating_is_frozen', 'what carries it was given under its name');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER retired_rating_is_frozen BEFORE UPDATE ON annotations_rating
    FOR EACH ROW WHEN (OLD.retired_at IS NOT NULL) EXECUTE FUNCTION retired_rating_is_frozen();

CREATE FUNCTION retired_rating_gives_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM annotations_rating retired
          JOIN annotations_rating other ON other.id = retired.replaced_by_id
           AND other.scale_id = retired.scale_id AND other.retired_at IS NULL
         WHERE retired.id = NEW.id
    ) OR EXISTS (SELECT FROM annotations_rating WHERE replaced_by_id = NEW.id) THEN
        PERFORM refuse('retired_rating_gives_way_to_one_in_use', 'name one of its scale');
    END IF;
    IF EXISTS (
        SELECT FROM annotations_verdict WHERE rating_id = NEW.id AND submitted_at IS NULL
    ) OR EXISTS (SELECT FROM annotations_golditem WHERE rating_id = NEW.id) THEN
        PERFORM refuse('what_is_not_frozen_moves_with_the_scale', 'a draft or gold item carries it');
    END IF;
    IF EXISTS (
        SELECT FROM annotations_claim claim
         WHERE state IN ('marked', 'in_review', 'agreed', 'disputed')
           AND id IN (SELECT claim_id FROM annotations_verdict WHERE rating_id = NEW.id)
           AND state <> state_by_verdicts(id, project_id, verdicts_wanted)
    ) THEN
        PERFORM refuse('claim_state_follows_its_verdicts', 'a rating on it counts as another now');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER retired_rating_gives_way AFTER INSERT OR UPDATE ON annotations_rating
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.retired_at IS NOT NULL)
    EXECUTE FUNCTION retired_rating_gives_way();
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0015_publishers_asked")]

    operations = [
        migrations.AddField(
            "rating",
            "added_at",
            models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.RunSQL(SINCE),
        migrations.AddField(
            "rating", "retired_at", models.DateTimeField(blank=True, editable=False, null=True)
        ),
        migrations.AddField(
            "rating",
            "replaced_by",
            models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaces",
                to="annotations.rating",
            ),
        ),
        migrations.RemoveConstraint("rating", "rating_has_its_own_place"),
        migrations.AddConstraint(
            "rating",
            models.UniqueConstraint(
                deferrable=models.Deferrable.IMMEDIATE,
                fields=["scale", "position"],
                name="rating_has_its_own_place",
            ),
        ),
        migrations.AddConstraint(
            "rating",
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, replaced_by__isnull=True)
                | Q(retired_at__isnull=False, replaced_by__isnull=False),
                name="retired_rating_names_what_replaces_it",
            ),
        ),
        migrations.RunSQL(COUNTS_AS + RETIRED),
    ]
