"""Comments, questions to reviewers, a further verdict asked for; states that follow at commit.

One function says which state follows from a claim's current verdicts (`state_by_verdicts`, as in
`annotations.rules.states`). It is asked when a claim moves, and again at commit for every claim
whose verdicts were written: nobody submits a verdict without moving the claim.
"""

from typing import Any

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import annotations.models.ids

SAME_PROJECT = [
    # table, columns, the table they point to, its columns, the promise
    ("comment", "project_id, claim_id", "claim", "project_id, id", "comment_stays_in_its_project"),
    ("comment", "claim_id, parent_id", "comment", "claim_id, id", "answer_is_on_the_claim_of_its_comment"),
    ("addressee", "project_id, comment_id", "comment", "project_id, id", "addressee_stays_in_the_project"),
]  # fmt: skip

STATES = """
CREATE FUNCTION state_by_verdicts(claim uuid, project uuid, wanted smallint) RETURNS text
LANGUAGE sql STABLE AS $$
    -- `wanted` is the claim's own number of verdicts; null stands for its project's.
    SELECT CASE WHEN count(*) = 0 THEN 'marked'
                WHEN count(*) < coalesce(wanted, (
                    SELECT verdicts_required FROM annotations_project WHERE id = project
                )) THEN 'in_review'
                WHEN count(DISTINCT rating_id) = 1 THEN 'agreed'
                ELSE 'disputed' END
      FROM annotations_verdict
     WHERE claim_id = claim AND submitted_at IS NOT NULL AND superseded_at IS NULL
$$;

CREATE OR REPLACE FUNCTION claim_moves_along_the_table() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    follows text;
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
        follows := state_by_verdicts(NEW.id, NEW.project_id, NEW.verdicts_wanted);
        IF NEW.state <> follows THEN
            PERFORM refuse('claim_state_follows_its_verdicts',
                format('its verdicts make it %s and not %s', follows, NEW.state));
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

CREATE FUNCTION claim_follows_its_verdicts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    claim annotations_claim;
    follows text;
BEGIN
    -- The lock lets two who write verdicts on one claim end one after the other.
    IF TG_TABLE_NAME = 'annotations_claim' THEN
        SELECT * INTO claim FROM annotations_claim WHERE id = NEW.id FOR NO KEY UPDATE;
    ELSE
        SELECT * INTO claim FROM annotations_claim WHERE id = NEW.claim_id FOR NO KEY UPDATE;
    END IF;
    IF claim.state NOT IN ('marked', 'in_review', 'agreed', 'disputed') THEN RETURN NULL; END IF;
    follows := state_by_verdicts(claim.id, claim.project_id, claim.verdicts_wanted);
    IF claim.state <> follows THEN
        PERFORM refuse('claim_state_follows_its_verdicts',
            format('its verdicts make it %s and not %s', follows, claim.state));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER claim_follows_new_verdicts AFTER INSERT ON annotations_verdict
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.submitted_at IS NOT NULL)
    EXECUTE FUNCTION claim_follows_its_verdicts();
CREATE CONSTRAINT TRIGGER claim_follows_submitted_verdicts AFTER UPDATE ON annotations_verdict
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.submitted_at IS NULL) <> (NEW.submitted_at IS NULL)
          OR (OLD.superseded_at IS NULL) <> (NEW.superseded_at IS NULL))
    EXECUTE FUNCTION claim_follows_its_verdicts();
CREATE CONSTRAINT TRIGGER claim_follows_the_number_wanted AFTER UPDATE ON annotations_claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.verdicts_wanted IS DISTINCT FROM NEW.verdicts_wanted)
    EXECUTE FUNCTION claim_follows_its_verdicts();

CREATE FUNCTION verdict_is_superseded_by_a_successor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM annotations_verdict
         WHERE claim_id = NEW.claim_id AND reviewer_id = NEW.reviewer_id
           AND version > NEW.version AND submitted_at IS NOT NULL
    ) THEN
        PERFORM refuse('verdict_is_superseded_by_a_successor', 'there is no newer version');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER verdict_is_superseded_by_a_successor
    AFTER INSERT OR UPDATE ON annotations_verdict
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.superseded_at IS NOT NULL)
    EXECUTE FUNCTION verdict_is_superseded_by_a_successor();
"""

COMMENTS = """
CREATE FUNCTION comment_answers_no_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM annotations_comment WHERE id = NEW.parent_id AND parent_id IS NOT NULL
    ) THEN
        PERFORM refuse('comment_answers_no_answer', 'a thread has one level');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER comment_answers_no_answer BEFORE INSERT ON annotations_comment
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION comment_answers_no_answer();
CREATE TRIGGER comment_stays_where_it_is BEFORE UPDATE ON annotations_comment
    FOR EACH ROW WHEN (
        (NEW.project_id, NEW.claim_id, NEW.author_id, NEW.parent_id, NEW.kind, NEW.at)
        IS DISTINCT FROM
        (OLD.project_id, OLD.claim_id, OLD.author_id, OLD.parent_id, OLD.kind, OLD.at)
        OR OLD.removed_at IS NOT NULL)
    EXECUTE FUNCTION refused('only its words change, until it is removed');
CREATE TRIGGER comment_keeps_its_place BEFORE DELETE ON annotations_comment
    FOR EACH ROW EXECUTE FUNCTION refused('removed, it keeps its place and says nothing');
CREATE TRIGGER record_is_not_emptied BEFORE TRUNCATE ON annotations_comment
    FOR EACH STATEMENT EXECUTE FUNCTION refused('what is in the record stays there');

CREATE FUNCTION only_a_question_asks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM annotations_comment WHERE id = NEW.comment_id AND kind = 'question'
    ) THEN
        PERFORM refuse('only_a_question_asks', 'it is a remark');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_a_question_asks BEFORE INSERT ON annotations_addressee
    FOR EACH ROW EXECUTE FUNCTION only_a_question_asks();
CREATE TRIGGER who_was_asked_stays BEFORE UPDATE OR DELETE ON annotations_addressee
    FOR EACH ROW EXECUTE FUNCTION refused('it was asked');
"""


def keys() -> list[migrations.RunSQL]:
    """One foreign key over two columns for each row of the list above."""
    return [
        migrations.RunSQL(
            f"ALTER TABLE annotations_{table} ADD CONSTRAINT {promise} FOREIGN KEY ({columns}) "
            f"REFERENCES annotations_{other} ({others}) DEFERRABLE INITIALLY DEFERRED",
        )
        for table, columns, other, others, promise in SAME_PROJECT
    ]


def to(
    table: str, name: str = "+", *, held: bool = True, optional: bool = False
) -> models.ForeignKey[Any, Any]:
    """A key that keeps what it points to; `held` by a key of one column."""
    return models.ForeignKey(
        table,
        models.PROTECT,
        related_name=name,
        db_constraint=held,
        null=optional,
        blank=optional,
    )


class Migration(migrations.Migration):
    dependencies = [("annotations", "0009_rulings_as_published")]

    operations = [
        migrations.AddField(
            "claim", "verdicts_wanted", models.PositiveSmallIntegerField(blank=True, null=True)
        ),
        migrations.AddConstraint(
            "claim",
            models.CheckConstraint(
                condition=Q(verdicts_wanted__isnull=True)
                | Q(verdicts_wanted__gte=1, verdicts_wanted__lte=9),
                name="claim_waits_for_one_to_nine_verdicts",
            ),
        ),
        migrations.CreateModel(
            "Comment",
            [
                (
                    "id",
                    models.UUIDField(
                        default=annotations.models.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("project", to("annotations.project", held=False)),
                ("claim", to("annotations.claim", "comments", held=False)),
                ("author", to(settings.AUTH_USER_MODEL)),
                (
                    "parent",
                    to("annotations.comment", "answers", held=False, optional=True),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("remark", "Remark"), ("question", "Question")],
                        default="remark",
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("edited_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("removed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("removed_by", to(settings.AUTH_USER_MODEL, optional=True)),
                ("removed_because", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["claim", "id"], name="comments_on_a_claim"),
                    models.Index(fields=["project", "-id"], name="comments_of_a_project"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["project", "id"], name="comment_is_of_one_project"
                    ),
                    models.UniqueConstraint(fields=["claim", "id"], name="comment_is_on_one_claim"),
                    models.CheckConstraint(
                        condition=Q(kind__in=["remark", "question"]), name="comment_kind_is_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(kind="remark") | Q(parent__isnull=True),
                        name="answer_is_a_remark",
                    ),
                    models.CheckConstraint(
                        condition=(
                            ~Q(text="")
                            & Q(
                                removed_at__isnull=True,
                                removed_by__isnull=True,
                                removed_because="",
                            )
                        )
                        | Q(text="", removed_at__isnull=False, removed_by__isnull=False),
                        name="comment_says_something_until_it_is_removed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "Addressee",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("project", to("annotations.project", held=False)),
                ("comment", to("annotations.comment", "addressees", held=False)),
                ("person", to(settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["comment", "person"], name="question_asks_a_reviewer_once"
                    ),
                ],
            },
        ),
        *keys(),
        migrations.RunSQL(STATES + COMMENTS),
    ]
