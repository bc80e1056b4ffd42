"""An article gets new texts: places are carried over, wait for a moderator, or are let go.

A place is made in the newest text only, and never carried by itself onto other words. What the
text is at a place is looked up once a statement instead of once a row: a text of a million
characters with five thousand places would be read five thousand times.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import annotations.models.ids

SAME_PROJECT = [
    # table, columns, the table they point to, its columns, the promise
    ("appearance", "claim_id, carried_from_id", "appearance", "claim_id, id", "place_is_carried_from_one_of_its_claim"),
    ("reattachment", "project_id, claim_id", "claim", "project_id, id", "reattachment_stays_in_its_project"),
    ("reattachment", "project_id, article_id", "article", "project_id, id", "reattachment_is_in_an_article_of_its_project"),
    ("reattachment", "article_id, revision_id", "revision", "article_id, id", "reattachment_is_in_a_text_of_its_article"),
    ("reattachment", "claim_id, appearance_id", "appearance", "claim_id, id", "reattachment_is_of_its_claims_place"),
]  # fmt: skip

PLACES = """
DROP TRIGGER quote_is_the_text_it_covers ON annotations_appearance;
DROP FUNCTION quote_is_the_text_it_covers;

CREATE FUNCTION pieces_of_text(revision uuid, size integer) RETURNS TABLE (n integer, piece text)
LANGUAGE sql STABLE AS $$
    -- The text in pieces of `size` characters, a power of two up to 16384. Finding the n-th
    -- character means walking there, so the text is halved and quartered first.
    WITH whole AS MATERIALIZED (
        SELECT text || '' AS t FROM annotations_revision WHERE id = revision
    ), large AS MATERIALIZED (
        SELECT k, substr(t, k * 262144 + 1, 262144) AS t
          FROM whole, generate_series(0, (char_length(t) - 1) / 262144) k
    ), middle AS MATERIALIZED (
        SELECT large.k * 16 + j AS k, substr(t, j * 16384 + 1, 16384) AS t
          FROM large, generate_series(0, 15) j
    )
    SELECT middle.k * (16384 / size) + j, substr(t, j * size + 1, size)
      FROM middle, generate_series(0, 16384 / size - 1) j
$$;

CREATE FUNCTION places_are_true() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one record;
    off record;
BEGIN
    -- A new text that comes at this moment waits until this transaction has ended, or this
    -- statement waits for it and then sees it.
    PERFORM FROM annotations_article WHERE id IN (SELECT article_id FROM fresh) FOR KEY SHARE;
    IF EXISTS (
        SELECT FROM fresh f
          JOIN annotations_revision mine ON mine.id = f.revision_id
          JOIN annotations_revision newer
            ON newer.article_id = mine.article_id AND newer.number > mine.number
    ) THEN
        PERFORM refuse('place_is_in_the_newest_text', 'older texts keep their marks as they are');
    END IF;
    FOR one IN SELECT revision_id AS revision, count(*) AS many FROM fresh GROUP BY 1 LOOP
        IF one.many < 20 THEN
            SELECT f.* INTO off
              FROM fresh f
              LEFT JOIN LATERAL (
                  SELECT substr(r.text, greatest(f.start - 32, 0) + 1,
                                least(f.start, 32) + f."end" - f.start + 32) AS around
                    FROM annotations_revision r WHERE r.id = f.revision_id
              ) t ON true
             WHERE f.revision_id = one.revision AND NOT stands_in(t.around, f.start, f."end",
                   f.prefix, f.quote, f.suffix)
             LIMIT 1;
        ELSE
            WITH pieces AS MATERIALIZED (
                SELECT * FROM pieces_of_text(one.revision, 512)
            ), around AS (
                SELECT f.id, string_agg(piece, '' ORDER BY n) AS t
                  FROM fresh f,
                       generate_series(greatest(f.start - 32, 0) / 512, (f."end" + 31) / 512) n
                  JOIN pieces USING (n)
                 WHERE f.revision_id = one.revision
                 GROUP BY f.id
            )
            SELECT f.* INTO off
              FROM fresh f LEFT JOIN around a USING (id)
             WHERE f.revision_id = one.revision AND NOT stands_in(
                   substr(a.t, greatest(f.start - 32, 0) % 512 + 1,
                          least(f.start, 32) + f."end" - f.start + 32),
                   f.start, f."end", f.prefix, f.quote, f.suffix)
             LIMIT 1;
        END IF;
        CONTINUE WHEN off.id IS NULL;
        IF substr((SELECT text FROM annotations_revision WHERE id = one.revision),
                  off.start + 1, off."end" - off.start) IS DISTINCT FROM off.quote
           OR char_length(off.quote) <> off."end" - off.start THEN
            PERFORM refuse('quote_is_the_text_it_covers',
                format('the text from %s to %s is something else', off.start, off."end"));
        END IF;
        PERFORM refuse('context_is_the_text_around_the_quote', 'prefix or suffix is something else');
    END LOOP;
    IF EXISTS (
        SELECT FROM fresh f JOIN annotations_appearance was ON was.id = f.carried_from_id
         WHERE f.carried IN ('exact', 'moved') AND f.quote <> was.quote
    ) THEN
        PERFORM refuse('a_place_is_carried_onto_its_own_words', 'a person has to settle it');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION stands_in(around text, start integer, stop integer,
                          prefix text, quote text, suffix text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    -- Whether the text from 32 characters before the place to 32 after it is what was said of it.
    SELECT coalesce(
        around = prefix || quote || suffix AND char_length(prefix) = least(start, 32)
        AND char_length(quote) = stop - start, false)
$$;

CREATE TRIGGER new_places_are_true AFTER INSERT ON annotations_appearance
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION places_are_true();
CREATE TRIGGER changed_places_are_true AFTER UPDATE ON annotations_appearance
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION places_are_true();
"""

TEXTS = """
CREATE FUNCTION revision_is_a_new_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM annotations_revision before
         WHERE before.article_id = NEW.article_id AND before.number = NEW.number - 1
           AND before.sha256 = NEW.sha256
    ) THEN
        PERFORM refuse('revision_is_a_new_text', 'it is the text before it');
    END IF;
    IF NEW.number > 1 AND NOT EXISTS (
        SELECT FROM annotations_revision before
         WHERE before.article_id = NEW.article_id AND before.number = NEW.number - 1
    ) THEN
        PERFORM refuse('revisions_have_no_gaps', format('there is no revision %s', NEW.number - 1));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER revision_is_a_new_text BEFORE INSERT ON annotations_revision
    FOR EACH ROW EXECUTE FUNCTION revision_is_a_new_text();

CREATE FUNCTION settled_place_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse('settled_place_is_frozen', 'it was decided');
    RETURN NULL;
END $$;
CREATE TRIGGER settled_place_is_frozen BEFORE UPDATE ON annotations_reattachment
    FOR EACH ROW WHEN (OLD.settled_at IS NOT NULL) EXECUTE FUNCTION settled_place_is_frozen();
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
    dependencies = [
        ("annotations", "0007_questions_with_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reattachment",
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
                    "why",
                    models.CharField(
                        choices=[
                            ("review", "Review"),
                            ("ambiguous", "Ambiguous"),
                            ("orphan", "Orphan"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("places", models.JSONField(default=list)),
                (
                    "found_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reattached", "Reattached"),
                            ("let_go", "Let go"),
                            ("carried", "Carried"),
                        ],
                        max_length=10,
                    ),
                ),
                ("asks_again", models.BooleanField(default=False)),
                ("settled_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="revision",
            name="revision_is_a_text_of_its_own",
        ),
        migrations.AddField(
            model_name="appearance",
            name="carried",
            field=models.CharField(
                blank=True,
                choices=[("exact", "Exact"), ("moved", "Moved"), ("settled", "Settled")],
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="appearance",
            name="carried_from",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="carried_to",
                to="annotations.appearance",
            ),
        ),
        migrations.AddConstraint(
            model_name="appearance",
            constraint=models.UniqueConstraint(
                fields=("claim", "id"), name="appearance_is_of_one_claim"
            ),
        ),
        migrations.AddConstraint(
            model_name="appearance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("carried", ""), ("carried_from__isnull", True)),
                    models.Q(
                        ("carried__in", ["exact", "moved", "settled"]),
                        ("carried_from__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="what_was_carried_says_how_and_whence",
            ),
        ),
        migrations.AddField(
            model_name="reattachment",
            name="appearance",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reattachments",
                to="annotations.appearance",
            ),
        ),
        migrations.AddField(
            model_name="reattachment",
            name="article",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reattachments",
                to="annotations.article",
            ),
        ),
        migrations.AddField(
            model_name="reattachment",
            name="claim",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reattachments",
                to="annotations.claim",
            ),
        ),
        migrations.AddField(
            model_name="reattachment",
            name="project",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="annotations.project",
            ),
        ),
        migrations.AddField(
            model_name="reattachment",
            name="revision",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reattachments",
                to="annotations.revision",
            ),
        ),
        migrations.AddField(
            model_name="reattachment",
            name="settled_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="reattachment",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)),
                fields=["article", "id"],
                name="places_that_wait",
            ),
        ),
        migrations.AddIndex(
            model_name="reattachment",
            index=models.Index(fields=["claim", "-found_at"], name="reattachments_of_a_claim"),
        ),
        migrations.AddIndex(
            model_name="reattachment",
            index=models.Index(fields=["project", "-id"], name="reattachments_of_a_project"),
        ),
        migrations.AddConstraint(
            model_name="reattachment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_at__isnull", True)),
                fields=("appearance",),
                name="a_place_waits_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="reattachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("outcome", ""), ("settled_at__isnull", True), ("settled_by__isnull", True)
                    ),
                    models.Q(
                        ("outcome__in", ["reattached", "let_go", "carried"]),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="what_is_settled_says_how_when_and_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="reattachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("asks_again", False), ("outcome", "reattached"), _connector="OR"
                ),
                name="only_a_new_place_is_asked_about_again",
            ),
        ),
        migrations.AddConstraint(
            model_name="reattachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("why__in", ["review", "ambiguous", "orphan"])),
                name="reattachment_waits_for_a_known_reason",
            ),
        ),
        *keys(),
        migrations.RunSQL(PLACES + TEXTS),
    ]
