"""The words of what was there before it could be searched: a batch after the other, under no lock.

While it runs the site is at work and finds what is done; a run that was cut short goes on.
"""

from uuid import UUID

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

BATCH = 2_000
FIRST = "00000000-0000-0000-0000-000000000000"
NEXT = """
WITH batch AS MATERIALIZED (
    SELECT * FROM annotations_{0} WHERE id > %s ORDER BY id LIMIT %s
), done AS (
    INSERT INTO annotations_{0}words ({0}_id, words)
    SELECT batch.id, words_of_{0}(one)
      FROM batch JOIN annotations_{0} one USING (id)
        ON CONFLICT DO NOTHING
)
SELECT id FROM batch ORDER BY id DESC LIMIT 1
"""


def fill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for thing in ("claim", "article"):
        last: tuple[str | UUID, ...] | None = (FIRST,)
        with editor.connection.cursor() as cursor:
            while last:
                cursor.execute(NEXT.format(thing), [last[0], BATCH])
                last = cursor.fetchone()


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("annotations", "0023_words"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
