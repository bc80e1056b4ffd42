"""A ruling keeps its rating as it was published, is made by a moderator, and changes what it says.

The rating's name, definition and look are copied onto each ruling: what the rating is called later
changes no ruling.
"""

from django.db import migrations, models
from django.db.models import Q

KEPT = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE annotations_ruling DISABLE TRIGGER ruling_is_frozen;
UPDATE annotations_ruling ruling
   SET rating_name = rating.name, rating_definition = rating.definition, rating_look = rating.look
  FROM annotations_rating rating WHERE rating.id = ruling.rating_id;
ALTER TABLE annotations_ruling ENABLE TRIGGER ruling_is_frozen;
"""

SAYS = """
CREATE FUNCTION ruling_says_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
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
        SELECT rating_id INTO before FROM annotations_ruling
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
CREATE TRIGGER ruling_says_what_it_is BEFORE INSERT ON annotations_ruling
    FOR EACH ROW EXECUTE FUNCTION ruling_says_what_it_is();
"""

BACK = "DROP FUNCTION ruling_says_what_it_is CASCADE"


def column(name: str, longest: int) -> migrations.AddField:
    return migrations.AddField(
        "ruling", name, models.CharField(max_length=longest, blank=True, default="", editable=False),
        preserve_default=False,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("annotations", "0008_revisions")]

    operations = [
        column("rating_name", 60),
        column("rating_definition", 300),
        column("rating_look", 20),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "ruling",
            models.CheckConstraint(
                condition=Q(rating__isnull=True, rating_name="")
                | Q(rating__isnull=False) & ~Q(rating_name=""),
                name="ruling_names_its_rating",
            ),
        ),
        migrations.RunSQL(SAYS, BACK),
        migrations.AddIndex(
            "ruling",
            models.Index(
                condition=~Q(kind="publication"), fields=["-id"], name="changes_to_rulings"
            ),
        ),
    ]
