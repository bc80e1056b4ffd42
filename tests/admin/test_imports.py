"""Imports in the admin: what came of each file, to read; they are stopped and taken up again."""

import pytest
from django.urls import reverse

from annotations.actions.imports import cancel_import, run_import, start_import
from annotations.models import Import, Project, User
from tests.admin.conftest import Enter

pytestmark = pytest.mark.django_db

CONTENT = b"statement,rating\nPrices doubled.,true\nRents fell.,true,x,y,<b>z</b>\n"


@pytest.fixture
def job(project: Project, robin: User) -> Import:
    return start_import(project.pk, actor=robin, format="csv", name="prices.csv", content=[CONTENT])


def at(job: Import, page: str = "change") -> str:
    return reverse(f"admin:annotations_import_{page}", args=[job.pk])


def test_the_list_and_the_page_tell_what_came_of_a_file(
    enter: Enter, robin: User, job: Import
) -> None:
    run_import(job.pk)
    shown = enter(robin).get(reverse("admin:annotations_import_changelist")).content.decode()
    assert "prices.csv" in shown
    assert "1 articles, 1 claims, 1 verdicts" in shown
    page = enter(robin).get(at(job)).content.decode()
    assert f"{reverse('api:import-refusals', args=[job.pk])}?format=csv" in page
    assert "<b>z</b>" not in page
    assert job.refusals.get().sentence.split()[0] in page
    assert "Cancel the import" not in page
    assert "Take up again" not in page


def test_an_import_is_stopped_and_taken_up_again(enter: Enter, robin: User, job: Import) -> None:
    client = enter(robin)
    assert "Cancel the import" in client.get(at(job)).content.decode()
    assert client.post(at(job, "cancel"), follow=True).status_code == 200
    job.refresh_from_db()
    assert job.progress == "cancelled"
    refused = client.post(at(job, "cancel"))
    assert (refused.status_code, b"ended already" in refused.content) == (409, True)
    answer = client.post(at(job, "resume"), follow=True)
    assert "goes on where it stopped" in answer.content.decode()
    job.refresh_from_db()
    assert job.progress == "waiting"


def test_another_projects_imports_are_not_there(
    enter: Enter, stranger: User, robin: User, job: Import, other_project: Project
) -> None:
    cancel_import(job.pk, actor=robin)
    User.objects.filter(pk=stranger.pk).update(is_staff=True)
    client = enter(stranger)
    for answer in (client.get(at(job)), client.post(at(job, "resume"))):
        assert answer.status_code == 404
    assert "prices.csv" not in client.get("/admin/annotations/import/").content.decode()
    job.refresh_from_db()
    assert job.progress == "cancelled"


def test_a_project_is_handed_out_and_leads_to_its_imports(
    enter: Enter, robin: User, project: Project
) -> None:
    page = enter(robin).get(reverse("admin:annotations_project_change", args=[project.pk]))
    shown = page.content.decode()
    assert f'action="{reverse("api:export", args=[project.slug])}"' in shown
    assert '<option value="web-annotation">' in shown
    assert f"?project={project.slug}" in shown
