"""Bulk writes of more values than one statement takes: a text can have thousands of marks."""

from annotations.models import Project, Source, User

MANY = 4_700  # with the 14 columns of a source more than 65,535


def test_many_rows_are_written_changed_and_deleted_at_once(project: Project, finch: User) -> None:
    made = [
        Source(project=project, address=f"https://example.org/{n}", added_by=finch)
        for n in range(MANY)
    ]
    Source.objects.bulk_create(made)
    changed = made[:3_200]  # whose 10 columns go with as many keys
    for n, one in enumerate(changed):
        one.title, one.publisher, one.author = f"Title {n}", "P", "A"
        one.type, one.reliability_note = "", ""
    named = ["title", "publisher", "author", "type", "reliability_note", "date", "added_by",
             "date_is_inferred", "reliability", "reliability_at"]  # fmt: skip
    assert Source.objects.bulk_update(changed, named) == 3_200
    assert Source.objects.filter(title="Title 3199", reliability="").count() == 1
    assert set(Source.objects.in_bulk([one.pk for one in made])) == {one.pk for one in made}
    assert Source.objects.filter(project=project).delete()[0] == MANY
