"""What the web's role may do with each table. All that is not named here is the owner's alone.

The owner grants it after each migration. Nobody is granted TRUNCATE, TRIGGER or REFERENCES, so
that the triggers and keys which hold the promises are out of the web's reach.
"""

from django.apps import apps

WRITE = ("SELECT", "INSERT", "UPDATE", "DELETE")
APPEND = ("SELECT", "INSERT")
READ = ("SELECT",)

LESS = {
    "annotations_event": APPEND,
    "annotations_link": READ,  # written by a trigger that acts as the owner
    "annotations_publishedhead": APPEND,
    "annotations_annotationname": APPEND,  # a name that was given stays given
    "django_migrations": READ,
}


def rights() -> dict[str, tuple[str, ...]]:
    """The rights of the web's role by table."""
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    return dict.fromkeys(tables, WRITE) | LESS
