"""The log becomes a chain a project, and what it tells of people is sealed apart.

Events that are there already are sealed and linked in their order.
"""

import uuid
from typing import Any

import django.contrib.postgres.functions
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import annotations.models.events
from annotations.models.sealed import sealed
from annotations.rules.sealing import new_key

AT_ONCE = 1000
NOBODY = uuid.UUID(int=0)

MAY_WRITE = "ALTER TABLE annotations_event DISABLE TRIGGER log_is_append_only"
MAY_NOT = (
    "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE annotations_event ENABLE TRIGGER log_is_append_only"
)

LINKING = """
CREATE FUNCTION short_digest(part text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT left(encode(sha256(convert_to(part, 'UTF8')), 'hex'), 8)
$$;

CREATE FUNCTION link_events(since bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
-- Links the events from this one on that have no link yet. As every event that was committed has
-- one, these are of this very transaction. All chains are locked before the first is touched, in
-- their order, so that no two transactions ever wait for each other in a circle; the locks are the
-- last ones that a transaction takes, and go as it ends. What is hashed is the canonical JSON
-- (RFC 8785) of the event in its place: `payload` in annotations/rules/chain.py is the same.
DECLARE
    one record;
    current_chain uuid;
    number bigint;
    last text;
    told text[];
BEGIN
    FOR one IN
        SELECT DISTINCT coalesce(e.project_id, '00000000-0000-0000-0000-000000000000') AS chain
          FROM annotations_event e
         WHERE e.id >= since
           AND NOT EXISTS (SELECT FROM annotations_link l WHERE l.event_id = e.id)
         ORDER BY 1
    LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('annotations_link ' || one.chain, 0));
    END LOOP;
    FOR one IN
        SELECT e.*, coalesce(e.project_id, '00000000-0000-0000-0000-000000000000') AS chain
          FROM annotations_event e
         WHERE e.id >= since
           AND NOT EXISTS (SELECT FROM annotations_link l WHERE l.event_id = e.id)
         ORDER BY chain, e.id
    LOOP
        IF current_chain IS DISTINCT FROM one.chain THEN
            current_chain := one.chain;
            SELECT l.sequence, l.hash INTO number, last
              FROM annotations_link l WHERE l.chain = one.chain
             ORDER BY l.sequence DESC LIMIT 1;
            IF NOT FOUND THEN
                number := 0;
                last := repeat('0', 64);
            END IF;
        END IF;
        number := number + 1;
        told := ARRAY[
            '"' || one.verb || '"',
            coalesce('"' || one.actor_id || '"', 'null'),
            coalesce(one.after, 'null'),
            '"' || to_char(one.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"',
            coalesce(one.before, 'null'),
            '"' || one.chain || '"',
            coalesce('"' || one.claim_id || '"', 'null'),
            '{"id":"' || one.object_id || '","kind":"' || one.object_kind || '"}',
            coalesce('"' || encode(sha256(convert_to(one.private, 'UTF8')), 'hex') || '"', 'null')
        ];
        INSERT INTO annotations_link (event_id, chain, sequence, previous, hash, parts)
        SELECT one.id, one.chain, number, last,
               encode(sha256(convert_to(
                   '{"action":' || told[1] || ',"actor":' || told[2] || ',"after":' || told[3]
                   || ',"at":' || told[4] || ',"before":' || told[5] || ',"chain":' || told[6]
                   || ',"claim":' || told[7] || ',"object":' || told[8]
                   || ',"previous":"' || last || '","private":' || told[9]
                   || ',"sequence":' || number || '}', 'UTF8')), 'hex'),
               (SELECT string_agg(short_digest(part), '' ORDER BY n)
                  FROM unnest(told) WITH ORDINALITY AS parts (part, n))
            ON CONFLICT (chain, sequence) DO NOTHING
        RETURNING hash INTO last;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'serialization_failure',
                MESSAGE = 'another transaction has linked its events first';
        END IF;
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION link_events(bigint) FROM PUBLIC;
SELECT link_events(0);

CREATE FUNCTION event_is_linked() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM annotations_link WHERE event_id = NEW.id) THEN
        PERFORM link_events(NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER event_is_linked AFTER INSERT ON annotations_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION event_is_linked();

CREATE TRIGGER log_is_append_only BEFORE UPDATE OR DELETE ON annotations_link
    FOR EACH ROW EXECUTE FUNCTION refused('what happened is not rewritten');
CREATE TRIGGER log_is_append_only BEFORE UPDATE OR DELETE ON annotations_publishedhead
    FOR EACH ROW EXECUTE FUNCTION refused('what happened is not rewritten');
CREATE TRIGGER record_is_not_emptied BEFORE TRUNCATE ON annotations_link
    FOR EACH STATEMENT EXECUTE FUNCTION refused('what is in the record stays there');
CREATE TRIGGER record_is_not_emptied BEFORE TRUNCATE ON annotations_publishedhead
    FOR EACH STATEMENT EXECUTE FUNCTION refused('what is in the record stays there');
"""

UNLINKING = """
DROP TRIGGER event_is_linked ON annotations_event;
DROP FUNCTION event_is_linked, link_events, short_digest;
"""


def seal_what_is_there(apps: Any, schema_editor: Any) -> None:
    """Each event in canonical JSON, people by their subjects, reasons and pseudonyms sealed."""
    events = apps.get_model("annotations", "Event").objects
    keys = apps.get_model("annotations", "SubjectKey").objects
    accounts = apps.get_model("annotations", "User").objects.values_list("pk", "subject")
    wrapped: dict[uuid.UUID, bytes] = {}

    def key_of(subject: uuid.UUID) -> bytes:
        if subject not in wrapped:
            wrapped[subject] = new_key(settings.LOG_KEY, subject)
            keys.create(subject=subject, wrapped=wrapped[subject])
        return wrapped[subject]

    subjects = dict(accounts)
    for first in range(1, (events.aggregate(models.Max("pk"))["pk__max"] or 0) + 1, AT_ONCE):
        some = list(events.filter(pk__range=(first, first + AT_ONCE - 1)))
        for event in some:
            private = parted(event, subjects)
            event.private = sealed(private, {one: key_of(one) for one in private})
        events.bulk_update(some, ["object_id", "before", "after", "private"])


def parted(event: Any, subjects: dict[int, uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """What is to be sealed of an event, taken out of it; people are named by their subjects."""
    private: dict[uuid.UUID, dict[str, Any]] = {}
    if event.reason:
        private[event.actor_id or NOBODY] = {"reason": event.reason}
    if event.object_kind == "user":
        event.object_id = subjects.get(event.object_id.int, NOBODY)
    for side in ("before", "after"):
        told = getattr(event, side) or {}
        if isinstance(told.get("user"), int):
            told["user"] = str(subjects.get(told["user"], NOBODY))
        if event.object_kind == "user" and "pseudonym" in told:
            about = private.setdefault(event.object_id, {})
            about[side] = {"pseudonym": told.pop("pseudonym")}
    return private


class Migration(migrations.Migration):
    dependencies = [("annotations", "0010_comments_and_asking")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="subject",
            field=models.UUIDField(
                db_default=django.contrib.postgres.functions.RandomUUID(),
                default=uuid.uuid4,
                editable=False,
                unique=True,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="erased_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at", None),
                    models.Q(
                        ("email", ""),
                        ("is_active", False),
                        ("is_staff", False),
                        ("is_superuser", False),
                    ),
                    _connector="OR",
                ),
                name="erased_account_is_closed_and_empty",
            ),
        ),
        migrations.CreateModel(
            name="SubjectKey",
            fields=[
                ("subject", models.UUIDField(primary_key=True, serialize=False)),
                ("wrapped", models.BinaryField()),
            ],
        ),
        migrations.RunSQL(MAY_WRITE, MAY_NOT),
        migrations.AddField(
            model_name="event",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                to_field="subject",
            ),
        ),
        migrations.RunSQL(
            "UPDATE annotations_event e SET by_id = u.subject FROM annotations_user u "
            "WHERE u.id = e.actor_id; SET CONSTRAINTS ALL IMMEDIATE",
            "UPDATE annotations_event e SET actor_id = u.id FROM annotations_user u "
            "WHERE u.subject = e.by_id; SET CONSTRAINTS ALL IMMEDIATE",
        ),
        migrations.RemoveField(model_name="event", name="actor"),
        migrations.RenameField(model_name="event", old_name="by", new_name="actor"),
        migrations.AlterField(
            model_name="event",
            name="before",
            field=annotations.models.events.CanonicalJSON(null=True),
        ),
        migrations.AlterField(
            model_name="event",
            name="after",
            field=annotations.models.events.CanonicalJSON(null=True),
        ),
        migrations.AddField(
            model_name="event",
            name="private",
            field=models.TextField(editable=False, null=True),
        ),
        migrations.RunPython(seal_what_is_there, migrations.RunPython.noop),
        migrations.RunSQL(MAY_NOT, MAY_WRITE),
        migrations.RemoveField(model_name="event", name="reason"),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("object_kind__regex", "^[a-z_]+$"), ("verb__regex", "^[a-z_]+$")
                ),
                name="event_is_named_in_plain_words",
            ),
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="link",
                        serialize=False,
                        to="annotations.event",
                    ),
                ),
                ("chain", models.UUIDField()),
                ("sequence", models.BigIntegerField()),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("parts", models.CharField(max_length=72)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("chain", "sequence"), name="links_of_a_chain_are_numbered"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PublishedHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chain", models.UUIDField()),
                ("sequence", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["chain", "-sequence"], name="published_heads_of_a_chain")
                ],
            },
        ),
        migrations.RunSQL(LINKING, UNLINKING),
    ]
